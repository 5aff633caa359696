//! A key of `paths` as an address: the path template, and the query that some documents write behind it.
//!
//! `/pets?kind=cat` is no path, yet people (and `x-ms-paths`) write it to tell operations apart. Its pairs become
//! query parameters: what is spelled out is always sent as it stands, `{name}` is a parameter like any other.

use crate::schema::Pointer;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, PathTemplate};
use percent_encoding::percent_decode_str;

/// Where an operation is found.
pub(super) struct Address {
    /// The path alone.
    pub(super) template: PathTemplate,
    /// The path as the operation's key shows it, the query included.
    pub(super) shown: String,
    /// The pairs of the query, in order.
    pub(super) query: Vec<Pair>,
    /// The key of `paths`.
    pub(super) at: Pointer,
}

/// One pair of a query in a path.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: PairValue,
}

/// What stands behind the name.
pub(super) enum PairValue {
    /// This very text, decoded.
    Fixed(String),
    /// The parameter of this name.
    Parameter(String),
}

impl Address {
    /// The address with parameter names erased: two addresses equal in this are the same.
    pub(super) fn shape(&self) -> String {
        let mut shape = self.template.shape();
        for pair in &self.query {
            let value = match &pair.value {
                PairValue::Fixed(text) => text.as_str(),
                PairValue::Parameter(_) => "{}",
            };
            shape.push_str(&format!("?{}={value}", pair.name));
        }
        shape
    }
}

/// Reads a key of `paths`; what cannot be part of one is noted.
pub(super) fn address(walk: &mut Walk, written: &str, at: &Pointer) -> Address {
    let trimmed = written.trim();
    let (rest, fragment) = match trimmed.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (trimmed, None),
    };
    if let Some(fragment) = fragment {
        let message = format!("fragment `#{fragment}` in a path; it is never sent");
        walk.issue(
            "query-in-path",
            IssueKind::Doubtful,
            at,
            message,
            "leave it out, or give the operation a path of its own",
        );
    }
    let (mut path, query) = match rest.split_once('?') {
        Some((path, query)) => (path.to_owned(), query),
        None => (rest.to_owned(), ""),
    };
    if !path.starts_with('/') {
        walk.issue(
            "path-without-slash",
            IssueKind::Doubtful,
            at,
            "path does not begin with `/`; one is put before it",
            "begin the path with `/`",
        );
        path.insert(0, '/');
    }
    let query = pairs(query);
    // Azure's extension for just such paths; there it is no mistake.
    let allowed = at.parent().and_then(|above| above.last()).as_deref() == Some("x-ms-paths");
    if !query.is_empty() && !allowed {
        let message = "query string in a path; it is sent as query parameters";
        walk.issue(
            "query-in-path",
            IssueKind::Doubtful,
            at,
            message,
            "describe query parameters in `parameters`",
        );
    }
    let template = PathTemplate::parse(&path);
    let mut shown = template.to_string();
    for (index, pair) in query.iter().enumerate() {
        let before = if index == 0 { '?' } else { '&' };
        shown.push_str(&match &pair.value {
            PairValue::Fixed(text) if text.is_empty() => format!("{before}{}", pair.name),
            PairValue::Fixed(text) => format!("{before}{}={text}", pair.name),
            PairValue::Parameter(name) => format!("{before}{}={{{name}}}", pair.name),
        });
    }
    // Two paths that differ in their fragment alone are two operations to the document's author.
    if let Some(fragment) = fragment {
        shown.push_str(&format!("#{fragment}"));
    }
    Address { template, shown, query, at: at.clone() }
}

fn pairs(query: &str) -> Vec<Pair> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let written = query.split(['&', '?']).filter(|pair| !pair.is_empty());
    written
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // `{?limit,offset}` is a URI template (RFC 6570); its names are declared as parameters anyway.
            if name.contains(['{', '}']) {
                return None;
            }
            let inner = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
            let value = match inner {
                Some(inner) => PairValue::Parameter(inner.to_owned()),
                None => PairValue::Fixed(decode(value)),
            };
            Some(Pair { name: decode(name), value })
        })
        .collect()
}
