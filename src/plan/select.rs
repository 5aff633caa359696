//! Choosing operations by pattern.

use crate::spec::Operation;
use globset::{GlobBuilder, GlobMatcher};
use std::fmt;

/// A pattern over operations: `GET /projects/**`, `* /assets/{id}`, an `operationId`, or `tag:NAME`.
///
/// In a path pattern `*` stays inside a segment and `**` crosses segments.
#[derive(Debug, Clone)]
pub struct Selector {
    text: String,
    method: Option<String>,
    path: Option<GlobMatcher>,
}

impl Selector {
    /// Reads a pattern. The error is a lower-case fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (method, path) = match text.split_once(char::is_whitespace) {
            Some((method, path)) => (Some(method.to_ascii_uppercase()), Some(path.trim())),
            None if text.starts_with('/') || text == "**" => (None, Some(text)),
            None => (None, None),
        };
        let path = path.map(glob).transpose()?;
        Ok(Self { text: text.to_owned(), method: method.filter(|m| m != "*"), path })
    }

    /// Whether the pattern takes this operation, by its template, id or tag.
    pub fn takes(&self, operation: &Operation) -> bool {
        match &self.path {
            Some(_) => self.takes_path(operation.method.as_str(), &operation.path.to_string()),
            None => match self.text.strip_prefix("tag:") {
                Some(tag) => operation.tags.iter().any(|t| t == tag),
                None => operation.id.as_deref() == Some(self.text.as_str()),
            },
        }
    }

    /// Whether the pattern takes this method on this concrete path or template.
    pub fn takes_path(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|m| m == method)
            && self.path.as_ref().is_some_and(|p| p.is_match(path))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    // Templates hold braces; to a glob they would be alternatives.
    let escaped = pattern.replace('{', "[{]").replace('}', "[}]");
    let glob = GlobBuilder::new(&escaped).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher())
        .map_err(|error| format!("read the pattern `{pattern}`: {}", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_methods_paths_and_templates() {
        let takes = |pattern: &str, method: &str, path: &str| {
            Selector::parse(pattern).expect("a pattern").takes_path(method, path)
        };
        assert!(takes("GET /projects/2/**", "GET", "/projects/2/assets/5"));
        assert!(takes("/projects/{project_id}", "GET", "/projects/{project_id}"));
        assert!(takes("POST **", "POST", "/a/b"));
        assert!(takes("* /a/*", "PUT", "/a/b"));
        assert!(!takes("* /a/*", "PUT", "/a/b/c"));
        assert!(!takes("GET /projects/2/**", "GET", "/projects/1/assets"));
    }
}
