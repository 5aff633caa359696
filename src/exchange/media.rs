//! Media types and ranges (RFC 9110 §8.3.1).

use std::fmt;

/// A parsed media type or range, letter case folded: `application/vnd.api+json; charset=utf-8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    kind: String,
    subtype: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type; `None` if it is not one.
    ///
    /// ```
    /// use specwarden::exchange::MediaType;
    /// let json = MediaType::parse("application/problem+json; charset=\"UTF-8\"").unwrap();
    /// assert!(json.is_json() && json.parameter("charset") == Some("UTF-8"));
    /// assert!(MediaType::parse("application/*").unwrap().covers(&json));
    /// assert!(MediaType::parse("json").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut pieces = text.split(';');
        let (kind, subtype) = pieces.next()?.trim().split_once('/')?;
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let parameters = pieces
            .filter_map(|piece| piece.split_once('='))
            .map(|(name, value)| {
                (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
            })
            .collect();
        Some(Self { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), parameters })
    }

    /// `type/subtype` without parameters.
    pub fn essence(&self) -> String {
        format!("{}/{}", self.kind, self.subtype)
    }

    /// A parameter's value, unquoted.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether this type or range (`*/*`, `image/*`) covers `other`; parameters do not count.
    pub fn covers(&self, other: &Self) -> bool {
        (self.kind == "*" || self.kind == other.kind)
            && (self.subtype == "*" || self.subtype == other.subtype)
    }

    /// Whether it is a range.
    pub fn is_range(&self) -> bool {
        self.kind == "*" || self.subtype == "*"
    }

    /// JSON, in any of its names.
    pub fn is_json(&self) -> bool {
        self.subtype == "json" || self.subtype.ends_with("+json")
    }

    /// XML, in any of its names.
    pub fn is_xml(&self) -> bool {
        self.subtype == "xml" || self.subtype.ends_with("+xml")
    }

    /// `application/x-www-form-urlencoded`.
    pub fn is_form(&self) -> bool {
        self.essence() == "application/x-www-form-urlencoded"
    }

    /// `multipart/…`.
    pub fn is_multipart(&self) -> bool {
        self.kind == "multipart"
    }

    /// `text/…`.
    pub fn is_text(&self) -> bool {
        self.kind == "text"
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.subtype)
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
