//! JSON pointers (RFC 6901) as a type of their own.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::{self, Write};

/// A JSON pointer into the API document, e.g. `/components/schemas/Pet`. The root is the empty string.
///
/// ```
/// use specwarden::schema::Pointer;
/// let p = Pointer::root().push("paths").push("/pets/{id}");
/// assert_eq!(p.as_str(), "/paths/~1pets~1{id}");
/// assert_eq!(p.tokens(), ["paths", "/pets/{id}"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads an already escaped pointer (`""` or `/a/b`). Anything else is an error of the caller.
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// Reads a local reference such as `#/components/schemas/Pet`, percent-decoded (RFC 6901 §6).
    pub fn from_fragment(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
        Self::parse(&decoded)
    }

    /// The pointer to a child: `token` is a plain key or index, escaped here.
    pub fn push(&self, token: impl fmt::Display) -> Self {
        // One text with room for most tokens: large documents push millions of times.
        let mut pointer = String::with_capacity(self.0.len() + 24);
        pointer.push_str(&self.0);
        pointer.push('/');
        // Writing into a text cannot fail.
        _ = write!(Escaped(&mut pointer), "{token}");
        pointer.shrink_to_fit();
        Self(pointer)
    }

    /// `self` followed by `tail`.
    pub fn join(&self, tail: &Pointer) -> Self {
        Self(format!("{}{}", self.0, tail.0))
    }

    /// The pointer without its last token; the root has none.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned()))
    }

    /// The last token, unescaped.
    pub fn last(&self) -> Option<String> {
        self.0.rsplit_once('/').map(|(_, token)| unescape(token))
    }

    /// All tokens, unescaped.
    pub fn tokens(&self) -> Vec<String> {
        self.0.split('/').skip(1).map(unescape).collect()
    }

    /// The escaped text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pointer as a URI fragment, `#/…`, percent-encoded where a fragment needs it.
    pub fn to_fragment(&self) -> String {
        const KEEP: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
            .add(b' ')
            .add(b'"')
            .add(b'<')
            .add(b'>')
            .add(b'`')
            .add(b'%')
            .add(b'{')
            .add(b'}')
            .add(b'|')
            .add(b'\\')
            .add(b'^')
            .add(b'[')
            .add(b']')
            .add(b'#');
        format!("#{}", percent_encoding::utf8_percent_encode(&self.0, KEEP))
    }
}

/// The node at a pointer. As [`Value::pointer`], which makes two texts per token; large documents ask millions of times.
pub(crate) fn find<'d>(root: &'d Value, pointer: &str) -> Option<&'d Value> {
    let Some(tokens) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(root) };
    tokens.split('/').try_fold(root, |node, token| match node {
        Value::Object(members) if token.contains('~') => {
            members.get(&token.replace("~1", "/").replace("~0", "~"))
        }
        Value::Object(members) => members.get(token),
        Value::Array(items) => {
            // RFC 6901 §4: no sign, no leading zero.
            let is_index =
                token == "0" || token.bytes().next().is_some_and(|first| matches!(first, b'1'..=b'9'));
            is_index.then(|| token.parse().ok()).flatten().and_then(|index: usize| items.get(index))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

/// Escapes what is written through it (RFC 6901 §3).
struct Escaped<'p>(&'p mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['~', '/']) {
            self.0.push_str(&rest[..at]);
            self.0.push_str(if rest.as_bytes()[at] == b'~' { "~0" } else { "~1" });
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("/") } else { f.write_str(&self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tokens_survive_escaping(tokens in proptest::collection::vec(".{0,8}", 0..5)) {
            let pointer = tokens.iter().fold(Pointer::root(), |p, t| p.push(t));
            prop_assert_eq!(pointer.tokens(), tokens.clone());
            prop_assert_eq!(Pointer::from_fragment(&pointer.to_fragment()), Some(pointer));
        }
    }

    #[test]
    fn nodes_are_found_as_serde_json_finds_them() {
        let root = serde_json::json!({"a": [1, {"b/~": {"": null}}], "0": 2, "~1": 3});
        for at in [
            "",
            "/",
            "/a",
            "/a/0",
            "/a/1/b~1~0",
            "/a/1/b~1~0/",
            "/a/01",
            "/a/+1",
            "/a/-",
            "/a/9",
            "/a/",
            "/0",
            "/~01",
            "/~1",
            "a",
            "/a/0/0",
        ] {
            assert_eq!(find(&root, at), root.pointer(at), "{at}");
        }
    }

    #[test]
    fn percent_encoded_references_are_decoded() {
        let pointer = Pointer::from_fragment("#/paths/~1a%7Bid%7D/get").expect("a fragment");
        assert_eq!(pointer.tokens(), ["paths", "/a{id}", "get"]);
        assert_eq!(Pointer::from_fragment("other.json#/a"), None);
    }
}
