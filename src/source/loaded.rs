//! A document that was read: model, issues, text, positions.

use crate::schema::Pointer;
use crate::source::json::{Fault, Repeated};
use crate::source::location::{Place, absolute_servers, place, shown};
use crate::source::{SourceError, json, yaml};
use crate::spec::{Api, Issue, IssueKind, parse};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// How much of a key is shown, in characters.
const LONGEST_KEY: usize = 200;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML 1.2.
    Yaml,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        })
    }
}

/// A document that was read and understood.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it describes.
    pub api: Api,
    /// Its bad corners, with line and column, in the order of the text.
    pub issues: Vec<Issue>,
    /// Where it is, without user, password and secret query values.
    pub location: String,
    /// The text as read, without a byte order mark.
    pub text: Arc<str>,
    /// How it is written.
    pub format: Format,
}

impl Loaded {
    /// Line and column, from 1, of the node at `pointer`: of its key in an object, else of the value itself.
    ///
    /// A node that does not stand in the text (it came by an alias, or was added) is found at its nearest parent.
    pub fn locate(&self, pointer: &Pointer) -> Option<(usize, usize)> {
        let line = ancestors(pointer.as_str());
        let found = self.positions_of(&line.iter().copied().collect());
        line.iter().find_map(|pointer| found.get(*pointer).copied())
    }

    /// Positions of at least the nodes at `wanted`; one walk over the text, however many they are.
    fn positions_of(&self, wanted: &HashSet<&str>) -> HashMap<String, (usize, usize)> {
        match self.format {
            Format::Json => json::locate(&self.text, wanted),
            Format::Yaml => yaml::locate(&self.text, wanted),
        }
    }

    /// Fills line and column of the issues.
    fn place_issues(&mut self) {
        let open = |issue: &&Issue| issue.line.is_none();
        if !self.issues.iter().any(|issue| open(&issue)) {
            return;
        }
        let wanted: HashSet<&str> =
            self.issues.iter().filter(open).flat_map(|issue| ancestors(issue.pointer.as_str())).collect();
        let found = self.positions_of(&wanted);
        for issue in self.issues.iter_mut().filter(|issue| issue.line.is_none()) {
            let place = ancestors(issue.pointer.as_str()).into_iter().find_map(|pointer| found.get(pointer));
            issue.line = place.map(|(line, _)| *line);
            issue.column = place.map(|(_, column)| *column);
        }
    }
}

/// A pointer and its parents, nearest first, the root last.
fn ancestors(pointer: &str) -> Vec<&str> {
    let cuts = pointer.bytes().enumerate().filter(|(_, byte)| *byte == b'/').map(|(at, _)| at);
    let mut line: Vec<&str> = cuts.map(|at| &pointer[..at]).chain([pointer]).collect();
    line.reverse();
    line.dedup();
    line
}

/// Reads a document that is already in memory. `location` says where it came from: it appears in messages, its
/// ending helps to tell JSON from YAML, and if it is a URL, relative servers are taken as relative to it.
///
/// ```
/// let text = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths:\n  pets:\n    get:\n      responses: {200: {description: ok}}\n";
/// let loaded = specwarden::source::read_text("pets.yaml", text).unwrap();
/// let issue = &loaded.issues[0];
/// assert_eq!((issue.line, issue.column), (Some(4), Some(3)));
/// assert!(issue.message.contains("does not begin with `/`"));
/// ```
pub fn read_text(location: &str, text: &str) -> Result<Loaded, SourceError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shown = shown(location);
    let body = text.trim_start();
    if body.is_empty() {
        return Err(SourceError::Empty { location: shown });
    }
    if body.starts_with('<') {
        return Err(SourceError::HtmlPage { location: shown });
    }
    let parsed = decode(text, ends_in_yaml(location)).map_err(|(format, fault)| {
        let Fault { line, column, reason } = fault;
        SourceError::Syntax { location: shown.clone(), line, column, format, reason }
    })?;
    let (mut api, found) =
        parse(parsed.value).map_err(|source| SourceError::Spec { location: shown.clone(), source })?;
    if let Ok(Place::Web(url)) = place(location) {
        absolute_servers(&mut api, &url);
    }
    let mut issues: Vec<Issue> = parsed.repeated.into_iter().map(repeated).collect();
    issues.extend(parsed.second.map(second));
    issues.extend(found);
    let mut loaded = Loaded { api, issues, location: shown, text: Arc::from(text), format: parsed.format };
    loaded.place_issues();
    loaded.issues.sort_by_key(|issue| (issue.line, issue.column));
    Ok(loaded)
}

struct Decoded {
    value: Value,
    format: Format,
    repeated: Vec<Repeated>,
    second: Option<(usize, usize)>,
}

/// Tells JSON from YAML by how the text begins; the name decides only where both would do.
fn decode(text: &str, prefers_yaml: bool) -> Result<Decoded, (Format, Fault)> {
    if text.trim_start().starts_with(['{', '[']) {
        let fault = match json::load(text) {
            Ok((value, repeated)) => {
                return Ok(Decoded { value, format: Format::Json, repeated, second: None });
            }
            Err(fault) => fault,
        };
        // A flow mapping of YAML begins like JSON.
        if !prefers_yaml {
            return Err((Format::Json, fault));
        }
    }
    let yaml = yaml::load(text).map_err(|fault| (Format::Yaml, fault))?;
    Ok(Decoded { value: yaml.value, format: Format::Yaml, repeated: yaml.repeated, second: yaml.second })
}

fn ends_in_yaml(location: &str) -> bool {
    let path = Path::new(location.split(['?', '#']).next().unwrap_or_default());
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
}

fn repeated(repeated: Repeated) -> Issue {
    let pointer = Pointer::parse(&repeated.pointer).unwrap_or_default();
    let key: String = pointer.last().unwrap_or_default().chars().take(LONGEST_KEY).collect();
    let more = match repeated.more {
        0 => String::new(),
        more => format!("; so it is with {more} more keys, which are not told one by one"),
    };
    Issue {
        kind: IssueKind::Doubtful,
        message: format!("key `{key}` stands here twice; the last one counts{more}"),
        pointer,
        hint: Some("keep one of them".into()),
        line: Some(repeated.line),
        column: Some(repeated.column),
    }
}

fn second((line, column): (usize, usize)) -> Issue {
    Issue {
        kind: IssueKind::Doubtful,
        pointer: Pointer::root(),
        message: "a second YAML document begins here; it is not read".into(),
        hint: Some("keep one document per file".into()),
        line: Some(line),
        column: Some(column),
    }
}
