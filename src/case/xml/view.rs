//! What a schema says of the look of its values.

use crate::schema::{Document, Pointer};
use serde_json::{Map, Value};

/// How many references are followed in a row.
const LONGEST_CHAIN: usize = 32;
/// How deep `allOf` and its kin are searched.
const DEEPEST: u32 = 8;

/// Keywords by which a value may take one of several looks.
const CHOICES: &[&str] = &["oneOf", "anyOf", "if", "$dynamicRef", "$recursiveRef", "patternProperties"];

/// What becomes of a value (OpenAPI 3.2 `nodeType`; earlier versions say it by `attribute` and `wrapped`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum NodeType {
    /// An element; around a list, the wrapper.
    #[default]
    Element,
    /// An attribute of the element above.
    Attribute,
    /// Text in the element above.
    Text,
    /// The same as a CDATA section.
    Cdata,
    /// Nothing of its own: its parts stand in the element above.
    None,
}

/// What a value is, as far as the schema tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// A plain value of one of these types.
    Scalar(Vec<String>),
    /// A list, with the schema of its items.
    List(Option<Pointer>),
    /// An object.
    Object,
    /// Not told, or one of several.
    #[default]
    Open,
}

/// A schema seen from XML.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// `xml.name`.
    pub(super) name: Option<String>,
    /// `xml.prefix`.
    pub(super) prefix: Option<String>,
    /// `xml.namespace`.
    pub(super) namespace: Option<String>,
    pub(super) node: NodeType,
    pub(super) kind: Kind,
    /// The name of the component that the schema is.
    pub(super) component: Option<String>,
    /// Where it stands, references followed.
    pub(super) at: Option<Pointer>,
}

impl View {
    /// The schema at `at`. What stands beside a reference counts before what it leads to, where the dialect lets it.
    pub(super) fn of(document: &Document, at: &Pointer) -> Self {
        let mut here = at.clone();
        let mut xml: Option<&Map<String, Value>> = None;
        for _ in 0..LONGEST_CHAIN {
            let Some(Value::Object(node)) = document.get(&here) else { return Self::default() };
            let reference = node.get("$ref").and_then(Value::as_str);
            let hidden = reference.is_some() && document.dialect_at(&here).reference_hides_siblings();
            if xml.is_none() && !hidden {
                xml = node.get("xml").and_then(Value::as_object);
            }
            match reference {
                None => return Self::resolved(document, here, node, xml),
                Some(reference) => match document.target(&here, reference) {
                    Some(target) => here = target,
                    None => return Self::default(),
                },
            }
        }
        Self::default()
    }

    fn resolved(
        document: &Document,
        at: Pointer,
        node: &Map<String, Value>,
        xml: Option<&Map<String, Value>>,
    ) -> Self {
        let kind = kind(document, &at, node);
        let said = |key: &str| xml.and_then(|xml| xml.get(key));
        let text =
            |key: &str| said(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let flag = |key: &str| said(key) == Some(&Value::Bool(true));
        let list = matches!(kind, Kind::List(_));
        let node = match said("nodeType").and_then(Value::as_str) {
            Some("element") => NodeType::Element,
            Some("attribute") => NodeType::Attribute,
            Some("text") => NodeType::Text,
            Some("cdata") => NodeType::Cdata,
            Some("none") => NodeType::None,
            _ if flag("attribute") => NodeType::Attribute,
            _ if list && !flag("wrapped") => NodeType::None,
            _ => NodeType::Element,
        };
        Self {
            name: text("name"),
            prefix: text("prefix"),
            namespace: text("namespace"),
            node,
            kind,
            component: component(&at),
            at: Some(at),
        }
    }

    /// The schemas of the properties, those of `allOf` included; with `choices`, those of alternatives too.
    pub(super) fn members(&self, document: &Document, choices: bool) -> Vec<(String, Pointer)> {
        let mut found = Vec::new();
        if let Some(at) = &self.at {
            gather(document, at, choices, DEEPEST, &mut found);
        }
        found
    }

    /// Whether the schema, or a part that it is made of, offers alternatives.
    pub(super) fn has_choices(&self, document: &Document) -> bool {
        self.at.as_ref().is_none_or(|at| offers(document, at, DEEPEST))
    }
}

fn parts(node: &Map<String, Value>, at: &Pointer, key: &str) -> Vec<Pointer> {
    let count = node.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).map(|index| at.push(key).push(index)).collect()
}

fn gather(document: &Document, at: &Pointer, choices: bool, depth: u32, found: &mut Vec<(String, Pointer)>) {
    let Some((at, Value::Object(node))) = document.resolve(at).filter(|_| depth > 0) else { return };
    if let Some(Value::Object(properties)) = node.get("properties") {
        for name in properties.keys() {
            if !found.iter().any(|(known, _)| known == name) {
                found.push((name.clone(), at.push("properties").push(name)));
            }
        }
    }
    let mut keys = vec!["allOf"];
    if choices {
        keys.extend(["oneOf", "anyOf"]);
    }
    for part in keys.into_iter().flat_map(|key| parts(node, &at, key)) {
        gather(document, &part, choices, depth - 1, found);
    }
}

fn offers(document: &Document, at: &Pointer, depth: u32) -> bool {
    let Some((at, Value::Object(node))) = document.resolve(at).filter(|_| depth > 0) else { return true };
    CHOICES.iter().any(|key| node.contains_key(*key))
        || parts(node, &at, "allOf").iter().any(|part| offers(document, part, depth - 1))
}

fn kind(document: &Document, at: &Pointer, node: &Map<String, Value>) -> Kind {
    let types: Vec<String> = match node.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| *name != "null")
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let items = || node.get("items").filter(|items| items.is_object()).map(|_| at.push("items"));
    let is = |name: &str| types.iter().any(|kind| kind == name);
    let structured = is("array") || is("object");
    if structured && types.len() > 1 {
        return Kind::Open;
    }
    if is("array") || types.is_empty() && node.contains_key("items") {
        return Kind::List(items());
    }
    if is("object")
        || types.is_empty() && (node.contains_key("properties") || node.contains_key("additionalProperties"))
    {
        return Kind::Object;
    }
    if !types.is_empty() {
        return Kind::Scalar(types);
    }
    let listed = node.get("enum").and_then(Value::as_array);
    if listed.is_some_and(|values| values.iter().all(Value::is_string)) {
        return Kind::Scalar(vec!["string".to_owned()]);
    }
    let below = parts(node, at, "allOf").into_iter().map(|part| View::of(document, &part).kind);
    below.into_iter().find(|kind| *kind != Kind::Open).unwrap_or_default()
}

/// `/components/schemas/Pet` and `/definitions/Pet` are `Pet`.
pub(super) fn component(at: &Pointer) -> Option<String> {
    let parent = at.parent()?;
    matches!(parent.as_str(), "/components/schemas" | "/definitions").then(|| at.last()).flatten()
}
