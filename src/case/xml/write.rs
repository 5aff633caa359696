//! The writer: a value as the annotations want it, or why XML cannot say it.

use crate::case::scalar_text;
use crate::case::xml::view::{Kind, NodeType, View, component};
use crate::schema::{Document, Pointer};
use crate::spec::Content;
use serde_json::{Map, Value};

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The document for `value`, or why XML cannot say it.
pub(in crate::case) fn write(value: &Value, content: Option<&Content>) -> Result<Vec<u8>, String> {
    let document = content.and_then(|content| content.annotated.as_ref()).map(|annotated| &annotated.0);
    let schema = content.and_then(|content| content.schema.as_ref());
    let writer = Writer { document, by_component: document.is_some_and(names_components) };
    let view = writer.view(schema);
    let named = view.name.clone().or_else(|| view.component.clone()).or_else(|| schema.and_then(component));
    let name = named.filter(|name| is_name(name)).unwrap_or_else(|| "root".to_owned());
    let mut root = Element::default();
    match value {
        Value::Array(items) => {
            let inner = match &view.kind {
                Kind::List(items) => items.as_ref(),
                Kind::Scalar(_) | Kind::Object | Kind::Open => None,
            };
            let item = writer.view(inner);
            let inferred = item.component.filter(|name| is_name(name));
            let inferred = inferred.or_else(|| view.name.clone()).unwrap_or_else(|| "item".to_owned());
            for one in items {
                writer.place(&mut root, one, inner, &inferred)?;
            }
        }
        Value::Object(members) => writer.members(&mut root, members, &view)?,
        leaf => root.text(&scalar_text(leaf))?,
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    root.write(&view.called(&name)?, &mut out);
    Ok(out.into_bytes())
}

/// OpenAPI 3.2 names the element of a referenced schema after its component; before, after the property.
fn names_components(document: &Document) -> bool {
    let version = document.root().get("openapi").and_then(Value::as_str).unwrap_or_default();
    version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok()).is_some_and(|minor| minor >= 2)
}

struct Writer<'d> {
    document: Option<&'d Document>,
    by_component: bool,
}

impl Writer<'_> {
    fn view(&self, at: Option<&Pointer>) -> View {
        match (self.document, at) {
            (Some(document), Some(at)) => View::of(document, at),
            _ => View::default(),
        }
    }

    fn members(
        &self,
        element: &mut Element,
        members: &Map<String, Value>,
        view: &View,
    ) -> Result<(), String> {
        let known = self.document.map(|document| view.members(document, true)).unwrap_or_default();
        for (name, member) in members {
            let at = known.iter().find(|(known, _)| known == name).map(|(_, at)| at);
            self.place(element, member, at, name)?;
        }
        Ok(())
    }

    /// Puts `value` into `parent`, called `inferred` unless its schema says otherwise.
    fn place(
        &self,
        parent: &mut Element,
        value: &Value,
        at: Option<&Pointer>,
        inferred: &str,
    ) -> Result<(), String> {
        let mut view = self.view(at);
        if value.is_array() && view.at.is_none() {
            view.node = NodeType::None;
        }
        let component = view.component.clone().filter(|_| self.by_component && view.node != NodeType::None);
        let name = view.name.clone().or(component).unwrap_or_else(|| inferred.to_owned());
        match (value, view.node) {
            (Value::Array(items), NodeType::Element | NodeType::None) => {
                let inner = match &view.kind {
                    Kind::List(items) => items.as_ref(),
                    Kind::Scalar(_) | Kind::Object | Kind::Open => None,
                };
                let wrapped = view.node == NodeType::Element;
                let mut wrapper = Element::default();
                for item in items {
                    if item.is_array() && self.view(inner).node != NodeType::Element {
                        return Err("a list inside a list has no element of its own".to_owned());
                    }
                    // Unwrapped, the name of the list itself has no effect (OpenAPI 3.1.1 §4.8.26.2).
                    let (into, called) =
                        if wrapped { (&mut wrapper, &*name) } else { (&mut *parent, inferred) };
                    self.place(into, item, inner, called)?;
                }
                if wrapped {
                    parent.child(&view.called(&name)?, &wrapper);
                }
                Ok(())
            }
            (Value::Object(members), NodeType::Element) => {
                let mut child = Element::default();
                self.members(&mut child, members, &view)?;
                parent.child(&view.called(&name)?, &child);
                Ok(())
            }
            (Value::Object(members), NodeType::None) => self.members(parent, members, &view),
            (Value::Array(_) | Value::Object(_), _) => {
                Err(format!("`{name}` is no plain value, as an attribute or a text must be"))
            }
            (Value::Null, NodeType::Element) => {
                let mut child = Element::default();
                child.attribute("xmlns:xsi", INSTANCE)?;
                child.attribute("xsi:nil", "true")?;
                parent.child(&view.called(&name)?, &child);
                Ok(())
            }
            // An attribute or a text that is null is not there (OpenAPI 3.2 §4.27.3).
            (Value::Null, _) => Ok(()),
            (leaf, NodeType::Element) => {
                let mut child = Element::default();
                child.text(&scalar_text(leaf))?;
                parent.child(&view.called(&name)?, &child);
                Ok(())
            }
            (leaf, NodeType::Attribute) => {
                let called = view.called(&name)?;
                if let (Some(prefix), Some(namespace)) = (&called.prefix, &called.namespace) {
                    parent.declare(&format!("xmlns:{prefix}"), namespace)?;
                }
                parent.attribute(&called.text(), &scalar_text(leaf))
            }
            (leaf, NodeType::Text) => parent.text(&scalar_text(leaf)),
            (leaf, NodeType::Cdata) => parent.cdata(&scalar_text(leaf)),
            (_, NodeType::None) => Err(format!("`{name}` has no place of its own")),
        }
    }
}

/// A name with its namespace.
struct Called {
    name: String,
    prefix: Option<String>,
    namespace: Option<String>,
}

impl Called {
    fn text(&self) -> String {
        // A prefix that nothing declares would make the document unreadable.
        match (&self.prefix, &self.namespace) {
            (Some(prefix), Some(_)) => format!("{prefix}:{}", self.name),
            _ => self.name.clone(),
        }
    }
}

impl View {
    fn called(&self, name: &str) -> Result<Called, String> {
        let prefix = self.prefix.clone();
        if let Some(bad) = [Some(name), prefix.as_deref()].into_iter().flatten().find(|name| !is_name(name)) {
            return Err(format!("`{bad}` is not an element name"));
        }
        Ok(Called { name: name.to_owned(), prefix, namespace: self.namespace.clone() })
    }
}

/// An element in the making.
#[derive(Default)]
struct Element {
    attributes: Vec<(String, String)>,
    content: String,
}

impl Element {
    fn attribute(&mut self, name: &str, value: &str) -> Result<(), String> {
        if self.attributes.iter().any(|(known, _)| known == name) {
            return Err(format!("the attribute `{name}` would stand twice"));
        }
        let value = escaped(value)?.replace('\n', "&#10;").replace('\t', "&#9;");
        self.attributes.push((name.to_owned(), value));
        Ok(())
    }

    /// A namespace that several attributes may share.
    fn declare(&mut self, name: &str, namespace: &str) -> Result<(), String> {
        let there = escaped(namespace)?;
        if self.attributes.iter().any(|(known, value)| known == name && *value == there) {
            return Ok(());
        }
        self.attribute(name, namespace)
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        self.content.push_str(&escaped(text)?);
        Ok(())
    }

    fn cdata(&mut self, text: &str) -> Result<(), String> {
        if text.contains('\r') || !text.chars().all(is_character) {
            return Err("a CDATA section cannot hold this character".to_owned());
        }
        let inner = text.replace("]]>", "]]]]><![CDATA[>");
        self.content.push_str(&format!("<![CDATA[{inner}]]>"));
        Ok(())
    }

    fn child(&mut self, called: &Called, child: &Self) {
        child.write(called, &mut self.content);
    }

    fn write(&self, called: &Called, out: &mut String) {
        let name = called.text();
        out.push('<');
        out.push_str(&name);
        if let Some(namespace) = &called.namespace {
            let declaration =
                called.prefix.as_ref().map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
            if !self.attributes.iter().any(|(known, _)| *known == declaration) {
                let namespace = quick_xml::escape::escape(namespace.as_str());
                out.push_str(&format!(" {declaration}=\"{namespace}\""));
            }
        }
        for (name, value) in &self.attributes {
            out.push_str(&format!(" {name}=\"{value}\""));
        }
        out.push_str(&format!(">{}</{name}>", self.content));
    }
}

fn escaped(text: &str) -> Result<String, String> {
    if !text.chars().all(is_character) {
        return Err("XML 1.0 has no control characters".to_owned());
    }
    // A bare carriage return is read as a line feed (XML 1.0 §2.11), so it travels as a reference.
    Ok(quick_xml::escape::escape(text).replace('\r', "&#13;"))
}

/// Char of XML 1.0 §2.2.
fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A Name without colon, ASCII and letters only: the part of XML 1.0 §2.3 that every parser agrees on.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
