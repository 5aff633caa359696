//! Snapshots in `insta`'s file format (1.49): YAML front matter between `---` lines, then the text.
//!
//! Written by `insta`'s own serialiser. Read by a small reader of our own, since `insta` reads only from a path:
//! it takes what `insta` and `cargo insta accept` write and leaves unknown keys aside.

use insta::_macro_support::{SerializationFormat, serialize_value};
use insta::Settings;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

const FENCE: &str = "---";

/// One snapshot: what is kept of an answer, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Its name, without folder and ending; not stored in the file.
    pub name: String,
    /// Where it comes from.
    pub metadata: Metadata,
    /// The normalised answer, without line end at the end.
    pub contents: String,
}

/// Where a snapshot comes from. Comparison leaves it aside.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Metadata {
    /// The document, as given by the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// For people: `GET /pets → 200`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The operation's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Plain facts: status, media type.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub info: BTreeMap<String, Value>,
}

/// Why a text is not a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The first line is not `---`.
    #[error("read snapshot `{name}`: it does not begin with a line `---`")]
    NoFrontMatter {
        /// The snapshot.
        name: String,
    },
    /// No second line `---`.
    #[error("read snapshot `{name}`: its front matter has no end, a second line `---`")]
    Unclosed {
        /// The snapshot.
        name: String,
    },
    /// It stands for a file of bytes beside it.
    #[error("read snapshot `{name}`: binary snapshots are not supported")]
    Binary {
        /// The snapshot.
        name: String,
    },
}

impl Snapshot {
    /// A snapshot of already normalised contents.
    ///
    /// Metadata is brought to what the format can carry: line ends and other control characters become spaces.
    pub fn new(name: impl Into<String>, metadata: Metadata, contents: impl Into<String>) -> Self {
        let mut contents = contents.into();
        contents.truncate(contents.trim_end().len());
        Self { name: name.into(), metadata: metadata.on_one_line(), contents }
    }

    /// The file's text, byte for byte as `insta` would write it.
    pub fn to_text(&self) -> String {
        let metadata = self.metadata.clone().on_one_line();
        let front = Settings::new().bind(|| serialize_value(&metadata, SerializationFormat::Yaml));
        let contents = self.contents.trim_end().replace("\r\n", "\n");
        format!("{FENCE}\n{}\n{FENCE}\n{contents}\n", front.trim_end())
    }

    /// Reads a file's text.
    pub fn parse(name: &str, text: &str) -> Result<Self, SnapshotError> {
        let mut lines = text.split_inclusive('\n');
        if lines.next().is_none_or(|line| line.trim_end() != FENCE) {
            return Err(SnapshotError::NoFrontMatter { name: name.to_owned() });
        }
        let mut front = Vec::new();
        loop {
            match lines.next() {
                None => return Err(SnapshotError::Unclosed { name: name.to_owned() }),
                Some(line) if line.trim_end() == FENCE => break,
                Some(line) => front.push(line.trim_end()),
            }
        }
        let metadata = parse_front_matter(&front).ok_or(SnapshotError::Binary { name: name.to_owned() })?;
        let contents: String = lines.collect();
        Ok(Self::new(name, metadata, contents.replace("\r\n", "\n")))
    }
}

impl Metadata {
    /// `insta` writes some control characters bare, which no YAML reader takes.
    fn on_one_line(self) -> Self {
        let value = |value| match value {
            Value::String(text) => Value::String(one_line(&text)),
            other => other,
        };
        Self {
            source: self.source.as_deref().map(one_line),
            description: self.description.as_deref().map(one_line),
            expression: self.expression.as_deref().map(one_line),
            info: self.info.into_iter().map(|(key, fact)| (one_line(&key), value(fact))).collect(),
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ").trim().to_owned()
}

/// `None` for a binary snapshot.
fn parse_front_matter(lines: &[&str]) -> Option<Metadata> {
    let mut metadata = Metadata::default();
    let mut section = "";
    for line in lines {
        let Some((key, value)) = split_entry(line.trim_start()) else { continue };
        if line.starts_with(' ') {
            if section == "info" {
                metadata.info.insert(unquoted(key), scalar(value));
            }
            continue;
        }
        section = key;
        let text = || Some(unquoted(value));
        match key {
            "source" => metadata.source = text(),
            "description" => metadata.description = text(),
            "expression" => metadata.expression = text(),
            "snapshot_kind" if value == "binary" => return None,
            // A hand-written or older file may have it on one line, as JSON.
            "info" => {
                if let Ok(Value::Object(map)) = serde_json::from_str(value) {
                    metadata.info = map.into_iter().collect();
                }
            }
            _ => {}
        }
    }
    Some(metadata)
}

/// `key: value`, the key possibly quoted.
fn split_entry(line: &str) -> Option<(&str, &str)> {
    let from = match line.strip_prefix('"') {
        Some(rest) => closing_quote(rest)? + 2,
        None => 0,
    };
    let at = from + line[from..].find(':')?;
    Some((line[..at].trim(), line[at + 1..].trim()))
}

/// Where the quote stands that no backslash escapes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

fn unquoted(text: &str) -> String {
    if text.starts_with('"')
        && let Ok(plain) = serde_json::from_str(text)
    {
        return plain;
    }
    match text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "~" | "" => Value::Null,
        _ if text.starts_with(['"', '\'']) => unquoted(text).into(),
        _ => match serde_json::from_str::<Value>(text) {
            Ok(value) if !value.is_object() && !value.is_array() => value,
            _ => text.into(),
        },
    }
}
