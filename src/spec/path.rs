//! Path templates: `/pets/{petId}/photos`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A path template, split where its parameters stand.
///
/// ```
/// use specwarden::spec::PathTemplate;
/// let path = PathTemplate::parse("/a/{id}.{format}");
/// assert_eq!(path.names().collect::<Vec<_>>(), ["id", "format"]);
/// assert_eq!(path.to_string(), "/a/{id}.{format}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PathTemplate {
    segments: Vec<PathSegment>,
}

/// A piece of a path template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathSegment {
    /// Text that stands in the path as it is.
    Text(String),
    /// A parameter, without its braces.
    Parameter(String),
}

impl PathTemplate {
    /// Splits a template. Unbalanced braces are text.
    pub fn parse(text: &str) -> Self {
        let mut segments = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
            if open > 0 {
                segments.push(PathSegment::Text(rest[..open].to_owned()));
            }
            segments.push(PathSegment::Parameter(rest[open + 1..close].to_owned()));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            segments.push(PathSegment::Text(rest.to_owned()));
        }
        Self { segments }
    }

    /// The pieces in order.
    pub fn segments(&self) -> &[PathSegment] {
        &self.segments
    }

    /// The parameter names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            PathSegment::Parameter(name) => Some(name.as_str()),
            PathSegment::Text(_) => None,
        })
    }

    /// Whether the path ends in a parameter, as the path of one item does.
    pub fn ends_in_parameter(&self) -> bool {
        matches!(self.segments.last(), Some(PathSegment::Parameter(_)))
    }

    /// The template with parameter names erased: `/pets/{}`. Two templates equal in this are the same path.
    pub fn shape(&self) -> String {
        self.segments
            .iter()
            .map(|segment| match segment {
                PathSegment::Text(text) => text.as_str(),
                PathSegment::Parameter(_) => "{}",
            })
            .collect()
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                PathSegment::Text(text) => f.write_str(text)?,
                PathSegment::Parameter(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}
