//! The reader: XML as the value that the annotations say it is, with what of it is certain.
//!
//! Producers differ where the annotations are silent: how null and empty look, whether a list has a wrapper, what its
//! items are called. Such parts are read, but marked open: no verdict may rest on them.

use crate::case::spelled_number;
use crate::case::xml::tree::{Element, XmlUnread, tree};
use crate::case::xml::view::{Kind, NodeType, View};
use crate::schema::{Document, Pointer, SchemaError};
use serde_json::{Map, Value};

/// Keywords that look at a value's own type alone.
const OWN: &[&str] = &["type"];
/// Keywords that say which members an object has.
const MEMBERSHIP: &[&str] = &[
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "patternProperties",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
];

/// A value read from XML.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlReading {
    /// The value, as far as it could be read.
    pub value: Value,
    /// Places whose value is one of several readings.
    open: Vec<Pointer>,
    /// Objects with elements that no property claims: which of its properties are missing is open.
    loose: Vec<Pointer>,
}

impl XmlReading {
    /// Whether anything can be said of the value at all.
    pub fn is_judgeable(&self) -> bool {
        !self.open.iter().any(|open| open.as_str().is_empty())
    }

    /// Whether the error holds whichever way the open parts are read.
    pub fn is_certain(&self, error: &SchemaError) -> bool {
        let below = |outer: &Pointer, inner: &Pointer| {
            inner
                .as_str()
                .strip_prefix(outer.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if self.open.iter().any(|open| below(open, &error.instance)) {
            return false;
        }
        if self.loose.contains(&error.instance) && MEMBERSHIP.contains(&error.keyword.as_str()) {
            return false;
        }
        let inside = self.open.iter().chain(&self.loose).any(|open| below(&error.instance, open));
        !inside || OWN.contains(&error.keyword.as_str()) || MEMBERSHIP.contains(&error.keyword.as_str())
    }
}

/// Reads the XML of an answer as the value that the schema at `schema` describes.
///
/// ```
/// use serde_json::json;
/// use specwarden::case::read_xml;
/// use specwarden::schema::{Dialect, Document, Pointer};
///
/// let root = json!({"components": {"schemas": {"Pet": {"type": "object", "properties": {
///     "id": {"type": "integer", "xml": {"attribute": true}},
///     "tags": {"type": "array", "xml": {"wrapped": true}, "items": {"type": "string", "xml": {"name": "tag"}}}}}}}});
/// let document = Document::new(root, Dialect::Draft4);
/// let pet = Pointer::parse("/components/schemas/Pet").unwrap();
/// let reading = read_xml(b"<Pet id=\"7\"><tags><tag>a</tag></tags></Pet>", &document, &pet).unwrap();
/// assert_eq!(reading.value, json!({"id": 7, "tags": ["a"]}));
/// assert!(reading.is_judgeable());
/// ```
pub fn read_xml(bytes: &[u8], document: &Document, schema: &Pointer) -> Result<XmlReading, XmlUnread> {
    let root = tree(bytes)?;
    let mut reader = XmlReader { document, open: Vec::new(), loose: Vec::new() };
    let view = View::of(document, schema);
    let here = Pointer::root();
    let value = match &view.kind {
        // The root is the only element that may stand around a list, wrapped or not.
        Kind::List(items) => reader.list(root.children.iter().collect(), items.as_ref(), &here, None),
        Kind::Scalar(_) | Kind::Object | Kind::Open => reader.element(&root, &view, &here),
    };
    Ok(XmlReading { value, open: reader.open, loose: reader.loose })
}

struct XmlReader<'d> {
    document: &'d Document,
    open: Vec<Pointer>,
    loose: Vec<Pointer>,
}

impl XmlReader<'_> {
    fn open(&mut self, at: &Pointer, value: Value) -> Value {
        self.open.push(at.clone());
        value
    }

    /// An element as the value of one schema.
    fn element(&mut self, element: &Element, view: &View, at: &Pointer) -> Value {
        if element.nil {
            return Value::Null;
        }
        match &view.kind {
            Kind::Open => self.open(at, shapeless(element)),
            _ if view.has_choices(self.document) => self.open(at, shapeless(element)),
            Kind::Scalar(types) if element.children.is_empty() => self.scalar(&element.text, types, at),
            // Markup inside a text, or an object where a number belongs.
            Kind::Scalar(types) if types.iter().any(|kind| kind == "string") => {
                self.open(at, shapeless(element))
            }
            Kind::Scalar(_) => shapeless(element),
            Kind::List(items) => self.list(element.children.iter().collect(), items.as_ref(), at, None),
            Kind::Object => self.object(element, view, at),
        }
    }

    fn scalar(&mut self, text: &str, types: &[String], at: &Pointer) -> Value {
        let plain = text.trim();
        let as_text = Value::String(text.to_owned());
        let numeric = types.iter().all(|kind| matches!(kind.as_str(), "integer" | "number"));
        // Empty may be null or absent; blanks may be those of indentation.
        if plain.is_empty() || (types.len() > 1 && !numeric) {
            return self.open(at, as_text);
        }
        match types[0].as_str() {
            "integer" | "number" => match spelled_number(plain) {
                Some(number) => number,
                None if matches!(plain, "INF" | "-INF" | "+INF" | "NaN") => self.open(at, as_text),
                None => as_text,
            },
            "boolean" => match plain.to_ascii_lowercase().as_str() {
                "true" | "1" => Value::Bool(true),
                "false" | "0" => Value::Bool(false),
                _ => as_text,
            },
            _ if plain.len() != text.len() => self.open(at, as_text),
            _ => as_text,
        }
    }

    /// `named`: what the items must be called to be certain, if anything.
    fn list(
        &mut self,
        elements: Vec<&Element>,
        items: Option<&Pointer>,
        at: &Pointer,
        named: Option<&[String]>,
    ) -> Value {
        let view = items.map(|items| View::of(self.document, items)).unwrap_or_default();
        let foreign = |element: &&Element| named.is_some_and(|names| !names.contains(&element.name));
        let several = elements.windows(2).any(|two| two[0].name != two[1].name);
        if elements.iter().any(foreign) || several || matches!(view.kind, Kind::List(_)) {
            self.open.push(at.clone());
        }
        let read =
            elements.iter().enumerate().map(|(index, element)| self.element(element, &view, &at.push(index)));
        Value::Array(read.collect())
    }

    fn object(&mut self, element: &Element, view: &View, at: &Pointer) -> Value {
        let mut claimed = vec![false; element.children.len()];
        let mut taken = vec![false; element.attributes.len()];
        let mut members = Map::new();
        let properties = view.members(self.document, false);
        for (name, place) in &properties {
            let inner = View::of(self.document, place);
            let names: Vec<String> = match &inner.kind {
                Kind::List(items) if inner.node == NodeType::None => {
                    item_names(self.document, items.as_ref(), name)
                }
                _ => own_names(&inner, name),
            };
            let here = at.push(name);
            let found: Vec<usize> =
                (0..claimed.len()).filter(|index| names.contains(&element.children[*index].name)).collect();
            let value = match (&inner.kind, inner.node) {
                (Kind::Scalar(types), NodeType::Text | NodeType::Cdata) => {
                    (!element.text.is_empty()).then(|| self.scalar(&element.text, types, &here))
                }
                // Its parts stand in this element; which of them are its own nobody can tell here.
                (Kind::Object | Kind::Open, NodeType::None | NodeType::Text | NodeType::Cdata) => {
                    self.loose.push(at.clone());
                    continue;
                }
                (Kind::List(items), NodeType::None) => {
                    let elements: Vec<&Element> =
                        found.iter().map(|index| &element.children[*index]).collect();
                    // One element that holds others, where plain items belong, may be a wrapper all the same; no
                    // element at all may be an empty list.
                    let plain = items
                        .as_ref()
                        .is_some_and(|items| matches!(View::of(self.document, items).kind, Kind::Scalar(_)));
                    let wrapper = elements.len() == 1 && plain && !elements[0].children.is_empty();
                    if elements.is_empty() || wrapper || elements.iter().any(|one| is_bare(one)) {
                        self.open.push(here.clone());
                    }
                    Some(self.list(elements, items.as_ref(), &here, None))
                }
                (Kind::List(items), NodeType::Element) if found.len() == 1 => {
                    let wrapper = &element.children[found[0]];
                    let inner_names = item_names(self.document, items.as_ref(), &wrapper.name);
                    if wrapper.nil {
                        Some(Value::Null)
                    } else {
                        let elements = wrapper.children.iter().collect();
                        Some(self.list(elements, items.as_ref(), &here, Some(&inner_names)))
                    }
                }
                (_, node) => {
                    let attribute = element.attributes.iter().position(|(known, _)| names.contains(known));
                    match (found.as_slice(), attribute) {
                        ([], Some(index)) => {
                            taken[index] = true;
                            let text = element.attributes[index].1.clone();
                            match (&inner.kind, node) {
                                (Kind::Scalar(types), NodeType::Attribute) => {
                                    Some(self.scalar(&text, types, &here))
                                }
                                // An attribute where an element was announced: the value is there, though not in place.
                                _ => Some(self.open(&here, Value::String(text))),
                            }
                        }
                        ([], None) => None,
                        ([one], _) if node != NodeType::Attribute => {
                            Some(self.element(&element.children[*one], &inner, &here))
                        }
                        // Several where one belongs, or an element where an attribute was announced.
                        ([one, ..], _) => Some(self.open(&here, shapeless(&element.children[*one]))),
                    }
                }
            };
            if found.iter().any(|index| claimed[*index]) {
                // Two properties claim the same element.
                self.open.push(here);
            }
            for index in found {
                claimed[index] = true;
            }
            if let Some(value) = value {
                members.insert(name.clone(), value);
            }
        }
        let extra =
            element.children.iter().zip(&claimed).filter(|(_, claimed)| !**claimed).map(|(child, _)| child);
        let mut unknown = false;
        for child in extra {
            unknown = true;
            let value = shapeless(child);
            self.open.push(at.push(&child.name));
            members.entry(child.name.clone()).or_insert(value);
        }
        let texts = properties.iter().any(|(_, place)| {
            matches!(View::of(self.document, place).node, NodeType::Text | NodeType::Cdata)
        });
        if element.children.is_empty() && element.attributes.is_empty() {
            if element.text.trim().is_empty() {
                // `<owner/>` may be an object without members, null, or nothing.
                self.open.push(at.clone());
            } else if !texts {
                return Value::String(element.text.clone());
            }
        }
        if unknown || taken.iter().any(|taken| !*taken) {
            self.loose.push(at.clone());
        }
        Value::Object(members)
    }
}

fn is_bare(element: &Element) -> bool {
    element.children.is_empty() && element.attributes.is_empty() && element.text.trim().is_empty()
}

/// What a property's element may be called: as annotated; or as the property, or as the component that it refers to,
/// on which versions and producers differ.
fn own_names(view: &View, name: &str) -> Vec<String> {
    let mut names: Vec<String> = view.name.iter().cloned().collect();
    names.push(name.to_owned());
    names.extend(view.component.clone());
    names
}

/// What the items of a list called `inferred` may be called.
fn item_names(document: &Document, items: Option<&Pointer>, inferred: &str) -> Vec<String> {
    let view = items.map(|items| View::of(document, items)).unwrap_or_default();
    match view.name {
        Some(name) => vec![name],
        None => [Some(inferred.to_owned()), view.component].into_iter().flatten().collect(),
    }
}

/// An element without a schema: members by name, repeated ones as a list, or its text.
fn shapeless(element: &Element) -> Value {
    if element.children.is_empty() && element.attributes.is_empty() {
        return Value::String(element.text.clone());
    }
    let mut members: Map<String, Value> =
        element.attributes.iter().map(|(name, value)| (name.clone(), Value::from(value.clone()))).collect();
    for child in &element.children {
        let value = shapeless(child);
        match members.get_mut(&child.name) {
            Some(Value::Array(several)) => several.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => _ = members.insert(child.name.clone(), value),
        }
    }
    Value::Object(members)
}
