//! HTTP methods and what they promise (RFC 9110 §9.2).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The longest name of a method outside the standard set; none in use comes near it.
const LONGEST: usize = 24;

/// An HTTP method that an OpenAPI path item can hold.
///
/// Since OpenAPI 3.2 that is any method at all, so one of another name is [`Method::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Method {
    Get,
    Head,
    Options,
    Trace,
    Query,
    Post,
    Put,
    Patch,
    Delete,
    /// A method outside RFC 9110, such as `LINK` or `PURGE`. Nothing is known of its safety.
    Other(MethodName),
}

/// The name of a method outside the standard set, in the letter case that travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodName {
    bytes: [u8; LONGEST],
    length: u8,
}

impl MethodName {
    fn new(name: &str) -> Option<Self> {
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_".contains(b);
        if name.is_empty() || name.len() > LONGEST || !name.as_bytes().iter().all(plain) {
            return None;
        }
        let mut bytes = [0; LONGEST];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Some(Self { bytes, length: u8::try_from(name.len()).ok()? })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Method {
    /// Every method of the standard set, safe ones first.
    pub const ALL: [Self; 9] = [
        Self::Get,
        Self::Head,
        Self::Options,
        Self::Trace,
        Self::Query,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
    ];

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Other(name) => name.as_str(),
        }
    }

    /// The method with exactly this name, of the standard set or not; `None` if it cannot be a method's name
    /// (RFC 9110 §9.1), is too long for any, or is `CONNECT`, which asks a proxy for a tunnel and no resource.
    ///
    /// ```
    /// use specwarden::exchange::Method;
    /// assert_eq!(Method::named("GET"), Some(Method::Get));
    /// assert_eq!(Method::named("Purge").unwrap().as_str(), "Purge");
    /// assert!(!Method::named("PURGE").unwrap().is_safe());
    /// assert_eq!(Method::named("CONNECT"), None);
    /// assert_eq!(Method::named("NO SPACE"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        let standard = Self::ALL.into_iter().find(|method| method.as_str() == name);
        let other =
            || MethodName::new(name).filter(|_| !name.eq_ignore_ascii_case("connect")).map(Self::Other);
        standard.or_else(other)
    }

    /// The method of the standard set with this name, in any letter case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(name))
    }

    /// Whether the client asks for no change of state (RFC 9110 §9.2.1). One that nobody knows is not safe.
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace | Self::Query)
    }

    /// Whether a body belongs to the method, so that its absence is said with `content-length: 0`: some servers
    /// answer 411 otherwise (RFC 9110 §8.6).
    pub fn expects_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch | Self::Query)
    }

    /// Whether repeating the request means the same as sending it once (RFC 9110 §9.2.2).
    pub fn is_idempotent(self) -> bool {
        self.is_safe() || matches!(self, Self::Put | Self::Delete)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("`{name}` is not a method that can be sent")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_stored_under_its_own_name() {
        let purge = Method::named("Purge").expect("a token");
        for (method, text) in
            [(Method::Query, "\"QUERY\""), (Method::Delete, "\"DELETE\""), (purge, "\"Purge\"")]
        {
            assert_eq!(serde_json::to_string(&method).expect("serialises"), text);
            assert_eq!(serde_json::from_str::<Method>(text).expect("reads"), method);
        }
        for bad in ["\"\"", "\"a b\"", "\"connect\"", "\"A-METHOD-OF-A-NAME-BEYOND-ALL-USE\"", "7"] {
            assert!(serde_json::from_str::<Method>(bad).is_err(), "{bad}");
        }
        assert!(!purge.is_safe() && !purge.is_idempotent() && !purge.expects_body());
    }
}
