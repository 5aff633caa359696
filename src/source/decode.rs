//! From a text to JSON values, whichever way it is written.

use crate::schema::{Digits, Pointer};
use crate::source::json::{Fault, Json, Repeated};
use crate::source::location::shown;
use crate::source::{Format, SourceError, json, yaml};
use crate::spec::{Issue, IssueKind};
use serde_json::Value;
use std::path::Path;

/// How much of a key is shown, in characters.
const LONGEST_KEY: usize = 200;

/// A text that was understood.
pub(super) struct Decoded {
    pub(super) value: Value,
    pub(super) format: Format,
    /// How many nodes YAML aliases added.
    pub(super) copied: usize,
    /// Numbers that the value does not hold.
    pub(super) digits: Digits,
    repeated: Vec<Repeated>,
    second: Option<(usize, usize)>,
    misindented: Option<(usize, usize)>,
}

impl Decoded {
    /// What is odd about the text; `base` is where its root stands in the whole document.
    pub(super) fn oddities(&mut self, base: &Pointer) -> Vec<Issue> {
        let repeated = std::mem::take(&mut self.repeated);
        let mut issues: Vec<Issue> = repeated.into_iter().map(|key| twice(key, base)).collect();
        issues.extend(self.second.map(|place| second(place, base)));
        issues.extend(self.misindented.map(|place| misindented(place, base)));
        issues
    }
}

/// Reads a text; `location` appears in messages, and its ending helps to tell JSON from YAML. `budget` is how many
/// nodes YAML aliases may add.
pub(super) fn decode(location: &str, text: &str, budget: usize) -> Result<Decoded, SourceError> {
    let body = text.trim_start();
    if body.is_empty() {
        return Err(SourceError::Empty { location: shown(location) });
    }
    if body.starts_with('<') {
        return Err(SourceError::HtmlPage { location: shown(location) });
    }
    tell_apart(text, ends_in_yaml(location), budget).map_err(|(format, fault)| {
        let Fault { line, column, reason } = fault;
        SourceError::Syntax { location: shown(location), line, column, format, reason }
    })
}

/// Bytes as a text without byte order mark.
pub(super) fn text_of(location: &str, bytes: Vec<u8>) -> Result<String, SourceError> {
    let text = String::from_utf8(bytes).map_err(|error| SourceError::NotText {
        location: shown(location),
        offset: error.utf8_error().valid_up_to(),
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Tells JSON from YAML by how the text begins; the name decides only where both would do.
fn tell_apart(text: &str, prefers_yaml: bool, budget: usize) -> Result<Decoded, (Format, Fault)> {
    if text.trim_start().starts_with(['{', '[']) {
        let fault = match json::load(text) {
            Ok(Json { value, repeated, digits }) => {
                return Ok(Decoded {
                    value,
                    format: Format::Json,
                    copied: 0,
                    digits,
                    repeated,
                    second: None,
                    misindented: None,
                });
            }
            Err(fault) => fault,
        };
        // A flow mapping of YAML begins like JSON.
        if !prefers_yaml {
            return Err((Format::Json, fault));
        }
    }
    let yaml = yaml::load(text, budget).map_err(|fault| (Format::Yaml, fault))?;
    let yaml::Yaml { value, repeated, second, copied, digits, misindented } = yaml;
    Ok(Decoded { value, format: Format::Yaml, copied, digits, repeated, second, misindented })
}

fn ends_in_yaml(location: &str) -> bool {
    let is_url = location.contains("://");
    let path = if is_url { location.split(['?', '#']).next().unwrap_or_default() } else { location };
    let path = Path::new(path);
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
}

fn twice(repeated: Repeated, base: &Pointer) -> Issue {
    let pointer = base.join(&Pointer::parse(&repeated.pointer).unwrap_or_default());
    let key: String = pointer.last().unwrap_or_default().chars().take(LONGEST_KEY).collect();
    let more = match repeated.more {
        0 => String::new(),
        more => format!("; so it is with {more} more keys, which are not told one by one"),
    };
    Issue {
        rule: "duplicate-key".into(),
        kind: IssueKind::Doubtful,
        message: format!("key `{key}` stands here twice; the last one counts{more}"),
        pointer,
        hint: Some("keep one of them".into()),
        file: None,
        file_pointer: None,
        line: Some(repeated.line),
        column: Some(repeated.column),
    }
}

fn second((line, column): (usize, usize), base: &Pointer) -> Issue {
    Issue {
        rule: "second-document".into(),
        kind: IssueKind::Doubtful,
        pointer: base.clone(),
        message: "a second YAML document begins here; it is not read".into(),
        hint: Some("keep one document per file".into()),
        file: None,
        file_pointer: None,
        line: Some(line),
        column: Some(column),
    }
}

fn misindented((line, more): (usize, usize), base: &Pointer) -> Issue {
    let more = match more {
        0 => String::new(),
        more => format!("; so are {more} more lines"),
    };
    Issue {
        rule: "misindented-flow-collection".into(),
        kind: IssueKind::Doubtful,
        pointer: base.clone(),
        message: format!("this line between brackets is indented too little for the block around it{more}"),
        hint: Some("indent what stands between brackets, the closing one too".into()),
        file: None,
        file_pointer: None,
        line: Some(line),
        column: Some(1),
    }
}
