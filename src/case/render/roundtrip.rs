//! Every style × explode × type: what we write is read back by a reader that knows only the specification.
//!
//! [`loss`] names exactly what cannot be carried; everything else must arrive.

use super::independent::{Kind, read};
use super::tests::{check, parameter};
use crate::case::{Shape, parameter_text, readings, reread_parameter, undefined_serialisation};
use crate::spec::{Location, Parameter, Style};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every cell of the tables, with those of Swagger 2.0 (`ssv`, `tsv` and `pipes` in paths and headers) and 3.2.
const CELLS: &[(Location, Style, &[bool])] = &[
    (Location::Path, Style::Simple, &[false, true]),
    (Location::Path, Style::Label, &[false, true]),
    (Location::Path, Style::Matrix, &[false, true]),
    (Location::Path, Style::SpaceDelimited, &[false]),
    (Location::Path, Style::PipeDelimited, &[false]),
    (Location::Path, Style::TabDelimited, &[false]),
    (Location::Query, Style::Form, &[false, true]),
    (Location::Query, Style::SpaceDelimited, &[false, true]),
    (Location::Query, Style::PipeDelimited, &[false, true]),
    (Location::Query, Style::TabDelimited, &[false, true]),
    (Location::Query, Style::DeepObject, &[false, true]),
    (Location::Header, Style::Simple, &[false, true]),
    (Location::Header, Style::SpaceDelimited, &[false]),
    (Location::Header, Style::PipeDelimited, &[false]),
    (Location::Header, Style::TabDelimited, &[false]),
    (Location::Cookie, Style::Form, &[false, true]),
    (Location::Cookie, Style::Cookie, &[false, true]),
];

/// Why this cell cannot carry the value, in the words of the specifications. What is named here the renderer must
/// refuse, and nothing else.
fn loss(parameter: &Parameter, value: &Value) -> Option<&'static str> {
    let texts: Vec<String> = match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| [name.clone(), text(value)]).collect()
        }
        leaf => vec![text(leaf)],
    };
    let structured = value.is_array() || value.is_object();
    let any = |bad: &dyn Fn(&str) -> bool| texts.iter().any(|text| bad(text));
    if structured && texts.is_empty() {
        return Some("RFC 6570 §2.3: an empty list or object is undefined and leaves nothing behind");
    }
    let delimiter = match parameter.style {
        Style::SpaceDelimited => Some(' '),
        Style::PipeDelimited => Some('|'),
        Style::TabDelimited => Some('\t'),
        _ => None,
    };
    let (header, cookie) = (parameter.location == Location::Header, parameter.style == Style::Cookie);
    if structured && !parameter.explode && delimiter.is_some_and(|d| any(&|text| text.contains(d))) {
        return Some("the delimiter cannot be escaped in a delimited style");
    }
    let comma = structured && (header && delimiter.is_none() || cookie && !parameter.explode);
    if comma && any(&|text| text.contains(',')) {
        return Some("a comma cannot be escaped in a header, nor in a plain cookie");
    }
    if header && structured && any(&|text| text.is_empty() || text.trim() != text) {
        return Some("RFC 9110 §5.6.1: empty items of a list and blanks around items are lost");
    }
    if header && value.is_object() && parameter.explode && any(&|text| text.contains('=')) {
        return Some("an equals sign cannot be escaped in a header");
    }
    let octet = |text: &str| text.chars().all(|c| c.is_ascii_graphic() && !"\",;\\".contains(c));
    if cookie && any(&|text| !octet(text)) {
        return Some("RFC 6265 §4.1.1: not a cookie-octet, and style `cookie` escapes nothing");
    }
    if let (Location::Cookie, Value::Object(members), true) = (parameter.location, value, parameter.explode) {
        let token = |name: &str| {
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(c))
        };
        let bad = |name: &String| if cookie { !token(name) } else { name.is_empty() };
        if members.keys().any(bad) {
            return Some("RFC 6265 §4.1.1: the name of a cookie is a token");
        }
    }
    if cookie && value.as_object().is_some_and(|members| members.keys().any(|name| name.contains('='))) {
        return Some("an equals sign in a name cannot be escaped in a plain cookie");
    }
    if parameter.style == Style::DeepObject
        && value.as_object().is_some_and(|members| members.keys().any(|name| name.contains(['[', ']'])))
    {
        return Some("a bracket in a name reads as another level");
    }
    None
}

/// What a leaf is once it is text: the wire knows no types, and null is nothing.
fn text(leaf: &Value) -> String {
    match leaf {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => format!("{}", number.as_f64().unwrap_or_default()),
        other => other.to_string(),
    }
}

/// Whether `text` means the value `leaf`.
fn means(leaf: &Value, text: &Value) -> bool {
    let Value::String(text) = text else { return false };
    match leaf {
        Value::Null => text.is_empty(),
        Value::Bool(flag) => *text == flag.to_string(),
        Value::String(own) => own == text,
        Value::Number(number) if number.is_f64() => text.parse::<f64>().ok() == number.as_f64(),
        Value::Number(number) => *text == number.to_string(),
        Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether `read`, whose leaves are text, is `value`.
fn same(value: &Value, read: &Value) -> bool {
    match (value, read) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| means(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has =
                |(name, value): (&String, &Value)| other.get(name).is_some_and(|read| means(value, read));
            one.len() == other.len() && one.iter().all(has)
        }
        (leaf, read) => means(leaf, read),
    }
}

/// Whether our own reading of the wire holds the value among its readings.
fn reread(value: &Value, read: &Value) -> bool {
    let leaf = |value: &Value, read: &Value| {
        let Value::String(text) = read else { return false };
        let number = |one: &Value, other: &Value| one.is_number() && one.as_f64() == other.as_f64();
        readings(text).iter().any(|reading| reading == value || number(value, reading))
    };
    match (value, read) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| leaf(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|read| leaf(value, read)))
        }
        (value, read) => leaf(value, read),
    }
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no infinity", |f| f.is_finite()).prop_map(Value::from),
        "[a-z]{1,6}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,6}".prop_map(Value::from),
        "[a,;=&|%+/?#.\\[\\] \t-]{0,4}".prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,3}", "[a-z,;=&|%+.\\[\\] ]{0,3}", any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_carries_its_values_or_refuses_them(
        at in 0..CELLS.len(),
        at_explode: bool,
        named in prop_oneof![Just("id".to_owned()), "[a-z][a-z.=&;\\[é -]{0,3}"],
        one in leaf(),
        list in vec(leaf(), 0..4),
        map in btree_map(name(), leaf(), 0..4),
    ) {
        let (location, style, explodes) = CELLS[at];
        let explode = explodes.contains(&at_explode) && at_explode;
        let named = if location == Location::Cookie { "id".to_owned() } else { named };
        let parameter = Parameter { name: named, ..parameter(location, style, explode) };
        let map = Value::Object(map.into_iter().collect());
        for (value, kind, shape) in [
            (one, Kind::Leaf, Shape::Primitive),
            (list.into(), Kind::List, Shape::Array),
            (map, Kind::Map, Shape::Object),
        ] {
            // What the specification leaves open is not held against it; another test says which cells those are.
            if style == Style::DeepObject && !value.is_object() {
                continue;
            }
            // An exploded list or map in a delimited style is written as style `form` has it.
            let read_as = if explode && is_delimited(style) { Style::Form } else { style };
            let lossless = Parameter { style: read_as, ..parameter.clone() };
            let told = loss(&lossless, &value);
            match (parameter_text(&parameter, &value), told) {
                (Ok(Some(text)), None) => {
                    let explode = explode || style == Style::DeepObject;
                    let back = read((location, read_as, explode), &parameter.name, &text, kind);
                    prop_assert!(
                        back.as_ref().is_ok_and(|back| same(&value, back)),
                        "{location} {style:?} {explode}: {value} → {text} → {back:?}"
                    );
                    let own = reread_parameter(&parameter, &text, shape);
                    prop_assert!(
                        own.as_ref().is_some_and(|own| reread(&value, own)),
                        "{location} {style:?} {explode}: {value} → {text} → ours {own:?}"
                    );
                }
                (Ok(None) | Err(_), Some(_)) => {}
                (written, told) => {
                    prop_assert!(false, "{location} {style:?} {explode}: {value} → {written:?}, but {told:?}");
                }
            }
        }
    }

    #[test]
    fn every_reading_of_a_leaf_holds_the_leaf(value in leaf()) {
        let text = crate::case::scalar_text(&value);
        prop_assert!(reread(&value, &Value::String(text.clone())), "{value} → {text}");
    }

    #[test]
    fn reserved_characters_arrive_all_the_same(
        at in 0..4_usize,
        explode: bool,
        one in leaf(),
        list in vec(leaf(), 1..4),
    ) {
        let (location, style) = [
            (Location::Path, Style::Simple),
            (Location::Path, Style::Label),
            (Location::Path, Style::Matrix),
            (Location::Query, Style::Form),
        ][at];
        let parameter = Parameter { allow_reserved: true, ..parameter(location, style, explode) };
        for (value, kind) in [(one, Kind::Leaf), (Value::from(list), Kind::List)] {
            let text = parameter_text(&parameter, &value).expect("renders").expect("is there");
            prop_assert!(!text.contains('#') && !text.contains(' '), "{text}");
            let back = read((location, style, explode), "id", &text, kind);
            prop_assert!(back.as_ref().is_ok_and(|back| same(&value, back)), "{value} → {text} → {back:?}");
        }
    }

    #[test]
    fn content_keeps_every_type(at in 0..4_usize, value in prop_oneof![
        leaf(), vec(leaf(), 0..3).prop_map(Value::from),
        btree_map(name(), vec(leaf(), 0..2), 0..3).prop_map(|map| json!(map)),
    ]) {
        let (location, style) = [
            (Location::Path, Style::Simple),
            (Location::Query, Style::Form),
            (Location::Header, Style::Simple),
            (Location::Cookie, Style::Form),
        ][at];
        let content_type = Some("application/json".to_owned());
        let parameter = Parameter { content_type, ..parameter(location, style, false) };
        let text = parameter_text(&parameter, &value).expect("renders").expect("is there");
        let Value::String(json) = read((location, style, false), "id", &text, Kind::Leaf).expect("is read") else {
            panic!("no text");
        };
        prop_assert_eq!(serde_json::from_str::<Value>(&json).ok(), Some(value.clone()), "{}", text);
        prop_assert_eq!(reread_parameter(&parameter, &text, Shape::Primitive), Some(value), "{}", text);
    }
}

fn is_delimited(style: Style) -> bool {
    matches!(style, Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited)
}

#[test]
fn the_cells_without_a_serialisation_are_known() {
    let values = [json!("a"), json!(["a"]), json!({"a": 1})];
    let mut open = Vec::new();
    for (location, style, explodes) in CELLS {
        for explode in *explodes {
            let parameter = parameter(*location, *style, *explode);
            for (value, kind) in values.iter().zip(["leaf", "list", "map"]) {
                if undefined_serialisation(&parameter, value).is_some() {
                    open.push(format!("{location} {style:?} {explode} {kind}"));
                }
            }
        }
    }
    // OpenAPI 3.1.1 §4.8.12.4: the cells with *n/a*. (In a path or header, the delimited styles are Swagger 2.0's.)
    let mut expected = Vec::new();
    for (location, styles) in [
        ("path", &["SpaceDelimited", "PipeDelimited", "TabDelimited"][..]),
        ("query", &["SpaceDelimited", "PipeDelimited", "TabDelimited"]),
        ("header", &["SpaceDelimited", "PipeDelimited", "TabDelimited"]),
    ] {
        for style in styles {
            expected.push(format!("{location} {style} false leaf"));
            if location == "query" {
                expected.extend(["leaf", "list", "map"].map(|kind| format!("query {style} true {kind}")));
            }
        }
    }
    for explode in [false, true] {
        expected.extend(["leaf", "list"].map(|kind| format!("query DeepObject {explode} {kind}")));
    }
    expected.extend(["list", "map"].map(|kind| format!("cookie Form true {kind}")));
    open.sort();
    expected.sort();
    assert_eq!(open, expected);
    let form = parameter(Location::Query, Style::Form, true);
    for nested in [json!(null), json!([[1]]), json!([null]), json!({"a": {}}), json!({"a": [1]})] {
        assert!(undefined_serialisation(&form, &nested).is_some(), "{nested}");
    }
    let content = Parameter { content_type: Some("application/json".to_owned()), ..form };
    assert_eq!(undefined_serialisation(&content, &json!([[1]])), None);
}

#[test]
fn styles_match_the_examples_of_the_specification() {
    use Location::{Cookie, Header, Path, Query};
    let list = || json!(["blue", "black", "brown"]);
    let map = || json!({"R": 100, "G": 200, "B": 150});
    // OpenAPI 3.1.1 §4.8.12.4, row by row: the empty string, a string, an array, an object.
    for (style, explode, empty, list_text, map_text) in [
        (Style::Matrix, false, ";color", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
        (Style::Matrix, true, ";color", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
        (Style::Label, false, ".", ".blue,black,brown", ".R,100,G,200,B,150"),
        (Style::Label, true, ".", ".blue.black.brown", ".R=100.G=200.B=150"),
        (Style::Simple, false, "", "blue,black,brown", "R,100,G,200,B,150"),
        (Style::Simple, true, "", "blue,black,brown", "R=100,G=200,B=150"),
    ] {
        named_check(Path, style, explode, json!(""), empty);
        named_check(Path, style, explode, list(), list_text);
        named_check(Path, style, explode, map(), map_text);
    }
    for (style, text) in [(Style::Matrix, ";color=blue"), (Style::Label, ".blue"), (Style::Simple, "blue")] {
        named_check(Path, style, false, json!("blue"), text);
        named_check(Path, style, true, json!("blue"), text);
    }
    named_check(Header, Style::Simple, false, list(), "blue,black,brown");
    named_check(Header, Style::Simple, false, map(), "R,100,G,200,B,150");
    named_check(Header, Style::Simple, true, list(), "blue,black,brown");
    named_check(Header, Style::Simple, true, map(), "R=100,G=200,B=150");
    for (style, explode, list_text, map_text) in [
        (Style::Form, false, "color=blue,black,brown", "color=R,100,G,200,B,150"),
        (Style::Form, true, "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
        (Style::SpaceDelimited, false, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
        (Style::PipeDelimited, false, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ] {
        named_check(Query, style, explode, list(), list_text);
        named_check(Query, style, explode, map(), map_text);
    }
    named_check(Query, Style::Form, false, json!(""), "color=");
    named_check(Query, Style::Form, true, json!("blue"), "color=blue");
    named_check(Query, Style::DeepObject, true, map(), "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150");
    // OpenAPI 3.2 §4.12.9, and the percent-encoded form style in a cookie.
    named_check(Cookie, Style::Cookie, true, list(), "color=blue; color=black; color=brown");
    named_check(Cookie, Style::Cookie, true, map(), "R=100; G=200; B=150");
    named_check(Cookie, Style::Cookie, false, json!("blue"), "color=blue");
    named_check(Cookie, Style::Form, false, json!("a b;c"), "color=a%20b%3Bc");
    // RFC 6570 §3.2.5 and §3.2.7: an exploded empty value keeps its name alone after a semicolon.
    check(Path, Style::Matrix, true, json!(["", "b"]), ";id;id=b");
    check(Path, Style::Matrix, true, json!({"a": "", "b": 1}), ";a;b=1");
    check(Path, Style::Label, true, json!({"a": "", "b": 1}), ".a=.b=1");
    check(Query, Style::Form, true, json!({"a": "", "b": 1}), "a=&b=1");
    // Swagger 2.0, `collectionFormat` outside a query.
    check(Path, Style::PipeDelimited, false, json!(["a", "b"]), "a%7Cb");
    check(Path, Style::TabDelimited, false, json!(["a", "b"]), "a%09b");
    check(Header, Style::SpaceDelimited, false, json!(["a", "b"]), "a b");
    check(Header, Style::PipeDelimited, false, json!(["a,b", "c"]), "a,b|c");
}

#[track_caller]
fn named_check(location: Location, style: Style, explode: bool, value: Value, expected: &str) {
    let parameter = Parameter { name: "color".to_owned(), ..parameter(location, style, explode) };
    let text = parameter_text(&parameter, &value).expect("renders");
    assert_eq!(text.as_deref(), Some(expected), "{location} {style:?} {explode} {value}");
}
