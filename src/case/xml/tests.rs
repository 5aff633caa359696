//! The specification's own examples, round trips over made-up schemas, and XML that means harm.

use super::{XmlUnread, read_xml, write};
use crate::schema::{Dialect, Document, Pointer};
use crate::spec::{Annotated, Content};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// The body whose schema is the component `name`.
fn body(version: &str, schemas: Value, name: &str) -> Content {
    let dialect = if version.starts_with("3.0") { Dialect::Draft4 } else { Dialect::Draft202012 };
    let document = Document::new(json!({"openapi": version, "components": {"schemas": schemas}}), dialect);
    Content {
        media_type: "application/xml".to_owned(),
        schema: Some(Pointer::root().push("components").push("schemas").push(name)),
        annotated: Some(Annotated(document)),
        ..Content::default()
    }
}

fn written(content: &Content, value: &Value) -> Result<String, String> {
    let text = write(value, Some(content)).map(|bytes| String::from_utf8(bytes).expect("is UTF-8"))?;
    Ok(text.strip_prefix(HEAD).expect("has a declaration").to_owned())
}

/// Written as `expected`, and read back as `value`.
#[track_caller]
fn check(version: &str, schemas: Value, name: &str, value: Value, expected: &str) {
    let content = body(version, schemas, name);
    assert_eq!(written(&content, &value).as_deref(), Ok(expected));
    let document = &content.annotated.as_ref().expect("is there").0;
    let reading = read_xml(expected.as_bytes(), document, content.schema.as_ref().expect("is there"));
    assert_eq!(reading.map(|reading| reading.value), Ok(value), "{expected}");
}

/// The examples show properties; each is one of an object here.
#[track_caller]
fn property(name: &str, schema: Value, value: Value, expected: &str) {
    let thing = json!({"Thing": {"type": "object", "properties": {name: schema}}});
    check("3.0.3", thing, "Thing", json!({name: value}), &format!("<Thing>{expected}</Thing>"));
}

#[test]
fn the_examples_of_the_specification_are_written_and_read() {
    // OpenAPI 3.0.3 §4.7.26.1 and 3.1.1 §4.8.26.2, in their order.
    let text = || json!({"type": "string"});
    let list = || json!(["value", "value"]);
    property("animals", text(), json!("value"), "<animals>value</animals>");
    property(
        "animals",
        json!({"type": "string", "xml": {"name": "animal"}}),
        json!("value"),
        "<animal>value</animal>",
    );
    property(
        "animals",
        json!({"type": "array", "items": text()}),
        list(),
        "<animals>value</animals><animals>value</animals>",
    );
    let named = || json!({"type": "string", "xml": {"name": "animal"}});
    let items = "<animal>value</animal><animal>value</animal>";
    property("animals", json!({"type": "array", "items": named()}), list(), items);
    property("animals", json!({"type": "array", "items": named(), "xml": {"name": "aliens"}}), list(), items);
    property(
        "animals",
        json!({"type": "array", "items": text(), "xml": {"wrapped": true}}),
        list(),
        "<animals><animals>value</animals><animals>value</animals></animals>",
    );
    property(
        "animals",
        json!({"type": "array", "items": named(), "xml": {"name": "aliens", "wrapped": true}}),
        list(),
        &format!("<aliens>{items}</aliens>"),
    );
    property(
        "animals",
        json!({"type": "array", "items": text(), "xml": {"name": "aliens", "wrapped": true}}),
        list(),
        "<aliens><aliens>value</aliens><aliens>value</aliens></aliens>",
    );
    let person = json!({"Person": {"type": "object", "properties": {
        "id": {"type": "integer", "format": "int32", "xml": {"attribute": true}},
        "name": {"type": "string", "xml": {"namespace": "https://example.com/schema/sample", "prefix": "sample"}}}}});
    check(
        "3.1.1",
        person,
        "Person",
        json!({"id": 123, "name": "example"}),
        "<Person id=\"123\"><sample:name xmlns:sample=\"https://example.com/schema/sample\">example</sample:name></Person>",
    );
}

#[test]
fn node_types_say_what_a_value_becomes() {
    // OpenAPI 3.2 §4.27: text and CDATA of the element that holds attributes, and parts without a node of their own.
    let schemas = json!({
        "Note": {"type": "object", "properties": {
            "lang": {"type": "string", "xml": {"nodeType": "attribute"}},
            "words": {"type": "string", "xml": {"nodeType": "text"}}}},
        "Script": {"type": "object", "xml": {"name": "script"}, "properties": {
            "kind": {"type": "string", "xml": {"nodeType": "attribute", "name": "type"}},
            "source": {"type": "string", "xml": {"nodeType": "cdata"}}}},
        "Book": {"type": "object", "properties": {
            "notes": {"type": "array", "xml": {"nodeType": "element"}, "items": {"$ref": "#/components/schemas/Note"}},
            "pages": {"type": "array", "xml": {"nodeType": "none"}, "items": {"type": "integer", "xml": {"name": "page"}}}}}});
    let note = json!({"lang": "en", "words": "a < b"});
    let check =
        |name: &str, value: Value, expected: &str| check("3.2.0", schemas.clone(), name, value, expected);
    check("Note", note.clone(), "<Note lang=\"en\">a &lt; b</Note>");
    check(
        "Script",
        json!({"kind": "x", "source": "if (a < b && c]]>d)"}),
        "<script type=\"x\"><![CDATA[if (a < b && c]]]]><![CDATA[>d)]]></script>",
    );
    // Since 3.2 the element of a referenced schema is named after its component.
    check(
        "Book",
        json!({"notes": [note], "pages": [1, 2]}),
        "<Book><notes><Note lang=\"en\">a &lt; b</Note></notes><page>1</page><page>2</page></Book>",
    );
    let flat = json!({"Whole": {"type": "object", "properties": {
        "id": {"type": "integer"},
        "part": {"type": "object", "xml": {"nodeType": "none"}, "properties": {"name": {"type": "string"}}}}}});
    let content = body("3.2.0", flat, "Whole");
    let text = written(&content, &json!({"id": 1, "part": {"name": "x"}}));
    assert_eq!(text.as_deref(), Ok("<Whole><id>1</id><name>x</name></Whole>"));
}

#[test]
fn null_says_that_it_is_null_and_roots_are_named() {
    let schemas = json!({
        "Pets": {"type": "array", "xml": {"wrapped": true}, "items": {"$ref": "#/components/schemas/Pet"}},
        "Pet": {"type": "object", "xml": {"name": "pet"}, "properties": {
            "owner": {"type": "string", "nullable": true}, "id": {"type": "integer", "xml": {"attribute": true}}}}});
    let nil = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";
    check(
        "3.0.3",
        schemas.clone(),
        "Pets",
        json!([{"owner": null}, {"id": 7, "owner": "x"}]),
        &format!("<Pets><pet><owner {nil}></owner></pet><pet id=\"7\"><owner>x</owner></pet></Pets>"),
    );
    let pet = body("3.0.3", schemas, "Pet");
    assert_eq!(written(&pet, &json!({"id": null})).as_deref(), Ok("<pet></pet>"));
}

#[test]
fn what_has_no_look_is_refused() {
    let schemas = json!({"Thing": {"type": "object", "properties": {
        "flat": {"type": "object", "xml": {"attribute": true}},
        "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        "bad": {"type": "string", "xml": {"name": "no name"}}}}});
    let content = body("3.0.3", schemas, "Thing");
    for value in [
        json!({"flat": {"a": 1}}),
        json!({"grid": [[1]]}),
        json!({"bad": "x"}),
        json!({"a b": 1}),
        json!({"x": "\u{1}"}),
        json!({"1a": 1}),
    ] {
        assert!(written(&content, &value).is_err(), "{value}");
    }
}

/// A property of a made-up schema, and a value of it.
#[derive(Debug, Clone)]
struct Made {
    schema: Value,
    value: Value,
}

fn text() -> impl Strategy<Value = String> {
    // Blanks around a text and an empty text are open; control characters do not exist.
    "[!-~é漢]([ -~é漢\n\t]{0,6}[!-~é漢])?".prop_map(|text| text)
}

fn scalar() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        text().prop_map(|text| ("string", Value::from(text))),
        any::<i64>().prop_map(|number| ("integer", Value::from(number))),
        any::<bool>().prop_map(|flag| ("boolean", Value::from(flag))),
        (-1_000_000..1_000_000_i64)
            .prop_map(|n| ("number", json!(f64::from(i32::try_from(n).unwrap_or(0)) + 0.5))),
    ]
}

fn member() -> impl Strategy<Value = Made> {
    let plain = (scalar(), 0..4_u8, any::<bool>()).prop_map(|((kind, value), look, renamed)| {
        let mut xml = match look {
            0 => json!({"attribute": true}),
            1 => json!({"nodeType": "attribute"}),
            2 => json!({"prefix": "p", "namespace": "urn:x"}),
            _ => json!({}),
        };
        if renamed {
            xml["name"] = json!("RENAMED");
        }
        Made { schema: json!({"type": kind, "xml": xml}), value }
    });
    let list = (proptest::collection::vec(text(), 1..4), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(texts, wrapped, named, outer)| {
            let items = if named {
                json!({"type": "string", "xml": {"name": "ITEM"}})
            } else {
                json!({"type": "string"})
            };
            let mut xml = json!({"wrapped": wrapped});
            if outer {
                xml["name"] = json!("RENAMED");
            }
            Made { schema: json!({"type": "array", "items": items, "xml": xml}), value: json!(texts) }
        });
    prop_oneof![3 => plain, 2 => list]
}

/// Gives every name in the schema of property `index` a suffix of its own.
fn distinct(schema: &Value, index: usize) -> Value {
    let text = schema.to_string().replace("RENAMED", &format!("Renamed{index}"));
    serde_json::from_str(&text.replace("ITEM", &format!("item{index}"))).expect("is JSON")
}

fn object(members: Vec<Made>) -> Made {
    let (mut properties, mut value) = (Map::new(), Map::new());
    for (index, member) in members.into_iter().enumerate() {
        properties.insert(format!("member{index}"), distinct(&member.schema, index));
        value.insert(format!("member{index}"), member.value);
    }
    Made { schema: json!({"type": "object", "properties": properties}), value: value.into() }
}

fn made() -> impl Strategy<Value = Made> {
    let small = proptest::collection::vec(member(), 1..4).prop_map(object);
    (proptest::collection::vec(member(), 0..4), proptest::collection::vec(small, 1..3)).prop_map(
        |(mut members, objects)| {
            members.extend(objects);
            object(members)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_and_certain(made in made(), whole_of_many: bool) {
        let (schema, value) = if whole_of_many {
            (json!({"type": "array", "items": made.schema}), json!([made.value, made.value]))
        } else {
            (made.schema, made.value)
        };
        let content = body("3.1.0", json!({"Thing": schema}), "Thing");
        let text = written(&content, &value).expect("has a look");
        let document = &content.annotated.as_ref().expect("is there").0;
        let reading = read_xml(text.as_bytes(), document, content.schema.as_ref().expect("is there")).expect("reads");
        prop_assert_eq!(&reading.value, &value, "{}", text);
        prop_assert!(reading.is_judgeable(), "{}", text);
    }

    #[test]
    fn nothing_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..40), text in "[<>/a-c =\"'&;!\\[\\]?-]{0,30}") {
        let content = body("3.1.0", json!({"Thing": {"type": "object", "properties": {"a": {"type": "integer"}}}}), "Thing");
        let document = &content.annotated.as_ref().expect("is there").0;
        for bytes in [&bytes[..], text.as_bytes()] {
            _ = read_xml(bytes, document, content.schema.as_ref().expect("is there"));
        }
    }
}

fn read(text: &str) -> Result<Value, XmlUnread> {
    let content =
        body("3.1.0", json!({"Thing": {"type": "object", "properties": {"a": {"type": "string"}}}}), "Thing");
    let document = &content.annotated.as_ref().expect("is there").0;
    read_xml(text.as_bytes(), document, content.schema.as_ref().expect("is there"))
        .map(|reading| reading.value)
}

#[test]
fn xml_that_means_harm_is_bounded() {
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>";
    assert!(matches!(read(laughs), Err(XmlUnread::Foreign(_))));
    let outside = "<!DOCTYPE l SYSTEM \"file:///etc/passwd\"><l/>";
    assert!(matches!(read(outside), Err(XmlUnread::Foreign(_))));
    let deep = "<a>".repeat(100_000);
    assert!(matches!(read(&deep), Err(XmlUnread::Foreign(_))));
    let many = format!("<a>{}</a>", "<b/>".repeat(300_000));
    assert!(matches!(read(&many), Err(XmlUnread::Foreign(_))));
    let shallow = format!("{}{}", "<a>".repeat(90), "</a>".repeat(90));
    assert!(read(&shallow).is_ok());
    assert_eq!(read("<t><a>&#65;&amp;&lt;<![CDATA[&x;]]></a></t>"), Ok(json!({"a": "A&<&x;"})));
}

#[test]
fn what_is_not_well_formed_is_told_from_what_is_not_for_us() {
    for broken in [
        "",
        "OK",
        "{\"a\": 1}",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a b=1/>",
        "<a b=\"1\" b=\"2\"/>",
        "<a>&undeclared;</a>",
    ] {
        assert!(matches!(read(broken), Err(XmlUnread::Broken(_))), "{broken}: {:?}", read(broken));
    }
    let utf_16 = [0xff, 0xfe, 0x3c, 0x00];
    let document = Document::new(json!({}), Dialect::Draft4);
    assert!(matches!(read_xml(&utf_16, &document, &Pointer::root()), Err(XmlUnread::Foreign(_))));
}
