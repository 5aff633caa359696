//! XML as a tree, within bounds whatever is sent.
//!
//! Document type declarations are not read, so no entity is ever expanded.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// How deep elements may nest.
const DEEPEST: usize = 100;
/// How many elements are read.
const MOST: usize = 200_000;

/// Why XML could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlUnread {
    /// It is not well-formed, whoever reads it.
    #[error("{0}")]
    Broken(String),
    /// It may be well-formed, but is not for us: another encoding, a document type, too deep, too large.
    #[error("{0}")]
    Foreign(String),
}

/// An element; names without their prefixes.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// Namespace declarations left out.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
    /// Whether it says of itself that it is null.
    pub(super) nil: bool,
}

/// The root element.
pub(super) fn tree(bytes: &[u8]) -> Result<Element, XmlUnread> {
    let text = std::str::from_utf8(bytes).map_err(|_| XmlUnread::Foreign("it is not UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let broken = |message: &dyn ToString| XmlUnread::Broken(message.to_string());
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut count = 0;
    loop {
        let event = reader.read_event().map_err(|error| broken(&error))?;
        let opens = matches!(event, Event::Start(_) | Event::Empty(_));
        if opens && open.is_empty() && root.is_some() {
            return Err(broken(&"a second root element"));
        }
        count += usize::from(opens);
        if count > MOST || open.len() > DEEPEST {
            return Err(XmlUnread::Foreign("it has too many elements, or too deep ones".to_owned()));
        }
        match event {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => close(element(&start)?, &mut open, &mut root),
            Event::End(_) => {
                let done = open.pop().ok_or_else(|| broken(&"an end without a start"))?;
                close(done, &mut open, &mut root);
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                match open.last_mut() {
                    Some(element) => element.text.push_str(&text),
                    None if text.trim().is_empty() => {}
                    None => return Err(broken(&"text outside the root element")),
                }
            }
            Event::CData(text) => match open.last_mut() {
                Some(element) => element.text.push_str(&text.xml10_content()),
                None => return Err(broken(&"text outside the root element")),
            },
            Event::GeneralRef(reference) => {
                let resolved = reference.resolve_char_ref().map_err(|error| broken(&error))?;
                let resolved = resolved.map(String::from).or_else(|| {
                    let known = quick_xml::escape::resolve_predefined_entity(&reference.xml10_content());
                    known.map(str::to_owned)
                });
                match (resolved, open.last_mut()) {
                    (Some(text), Some(element)) => element.text.push_str(&text),
                    (_, None) => return Err(broken(&"text outside the root element")),
                    (None, _) => return Err(broken(&"an entity that nothing declares")),
                }
            }
            Event::DocType(_) => {
                return Err(XmlUnread::Foreign("it has a document type declaration".to_owned()));
            }
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(Result::ok);
                if encoding.is_some_and(|name| {
                    !name.eq_ignore_ascii_case("utf-8") && !name.eq_ignore_ascii_case("us-ascii")
                }) && !text.is_ascii()
                {
                    return Err(XmlUnread::Foreign("it names another encoding than UTF-8".to_owned()));
                }
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if let Some(element) = open.last() {
        return Err(XmlUnread::Broken(format!("`<{}>` is never closed", element.name)));
    }
    root.ok_or_else(|| XmlUnread::Broken("there is no element".to_owned()))
}

fn close(done: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(done),
        None => *root = Some(done),
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, XmlUnread> {
    let broken = |message: &dyn ToString| XmlUnread::Broken(message.to_string());
    let mut element = Element { name: start.local_name().as_ref().to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| broken(&error))?;
        let (local, prefix) = attribute.key.decompose();
        let name = local.as_ref().to_owned();
        let prefix = prefix.map(|prefix| prefix.into_inner().to_owned());
        if attribute.key.as_namespace_binding().is_some() || matches!(prefix.as_deref(), Some("xml")) {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| broken(&error))?;
        if prefix.as_deref() == Some("xsi") {
            element.nil |= name == "nil" && matches!(value.trim(), "true" | "1");
            continue;
        }
        element.attributes.push((name, value.into_owned()));
    }
    Ok(element)
}
