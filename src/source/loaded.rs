//! A document that was read: model, issues, texts, positions.

use crate::schema::{Doubles, Pointer};
use crate::source::bundle::{Bundle, Moved, inside, is_within};
use crate::source::decode::{Decoded, decode};
use crate::source::location::{Place, absolute_servers, place, shown};
use crate::source::{SourceError, json, yaml};
use crate::spec::{Api, Issue, LEADS_NOWHERE, parse};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

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
    /// Its bad corners, with line and column, in the order of the texts.
    pub issues: Vec<Issue>,
    /// Where it is, without user, password and secret query values.
    pub location: String,
    /// The text of its root as read, without a byte order mark.
    pub text: Arc<String>,
    /// How its root is written.
    pub format: Format,
    /// The files that it refers to.
    pub files: Vec<SourceFile>,
    /// What was copied from one file into another.
    moved: Vec<Moved>,
}

/// A file that a document refers to.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Where it is, without user, password and secret query values.
    pub location: String,
    /// Where it stands in the whole document.
    pub base: Pointer,
    /// Its text as read, without a byte order mark.
    pub text: Arc<String>,
    /// How it is written.
    pub format: Format,
}

/// Where a node comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin<'l> {
    /// The file that it is written in; `None` for the document's root.
    pub file: Option<&'l str>,
    /// Where it stands there.
    pub pointer: Pointer,
    /// The text that it is written in.
    pub text: &'l str,
    format: Format,
}

impl Loaded {
    /// The file that the node at `pointer` is written in, and where it stands there.
    pub fn origin(&self, pointer: &Pointer) -> Origin<'_> {
        // The innermost copy says most.
        let moved = self.moved.iter().filter(|moved| is_within(pointer, &moved.to));
        if let Some(moved) = moved.max_by_key(|moved| moved.to.as_str().len()) {
            let from = moved.from.join(&inside(pointer, &moved.to));
            return match moved.file.checked_sub(1) {
                None => self.in_root(from),
                Some(index) => self.origin(&self.files[index].base.join(&from)),
            };
        }
        match self.files.iter().find(|file| is_within(pointer, &file.base)) {
            None => self.in_root(pointer.clone()),
            Some(file) => Origin {
                file: Some(&file.location),
                pointer: inside(pointer, &file.base),
                text: &file.text,
                format: file.format,
            },
        }
    }

    fn in_root(&self, pointer: Pointer) -> Origin<'_> {
        Origin { file: None, pointer, text: &self.text, format: self.format }
    }

    /// Line and column, from 1, of the node at `pointer` in the file of its [`Origin`]: of its key in an object,
    /// else of the value itself.
    ///
    /// A node that does not stand in the text (it came by an alias, or was added) is found at its nearest parent.
    pub fn locate(&self, pointer: &Pointer) -> Option<(usize, usize)> {
        let origin = self.origin(pointer);
        let line = ancestors(origin.pointer.as_str());
        let found = origin.positions_of(&line.iter().copied().collect());
        line.iter().find_map(|pointer| found.get(*pointer).copied())
    }

    /// Takes in issues that were found after reading, each at its place in the text.
    pub fn add_issues(&mut self, issues: Vec<Issue>) {
        self.issues.extend(issues);
        self.place_issues();
    }

    /// Fills file, line and column of the issues; one walk over each text, however many they are.
    fn place_issues(&mut self) {
        let mut issues = std::mem::take(&mut self.issues);
        let origins: Vec<Origin<'_>> = issues.iter().map(|issue| self.origin(&issue.pointer)).collect();
        let mut wanted: HashMap<Option<&str>, HashSet<&str>> = HashMap::new();
        for (issue, origin) in issues.iter().zip(&origins) {
            if issue.line.is_none() {
                wanted.entry(origin.file).or_default().extend(ancestors(origin.pointer.as_str()));
            }
        }
        let mut found = HashMap::new();
        for (file, wanted) in &wanted {
            if let Some(origin) = origins.iter().find(|origin| origin.file == *file) {
                found.insert(*file, origin.positions_of(wanted));
            }
        }
        let mut placed = Vec::with_capacity(issues.len());
        for (mut issue, origin) in issues.drain(..).zip(&origins) {
            if issue.line.is_none() {
                let known = found.get(&origin.file);
                let line = ancestors(origin.pointer.as_str());
                let place = line.into_iter().find_map(|pointer| known?.get(pointer));
                issue.line = place.map(|(line, _)| *line);
                issue.column = place.map(|(_, column)| *column);
            }
            if let Some(file) = origin.file {
                issue.file = Some(file.to_owned());
                issue.file_pointer = Some(origin.pointer.clone());
            }
            placed.push(issue);
        }
        placed.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        self.issues = placed;
    }
}

impl Origin<'_> {
    /// Positions of at least the nodes at `wanted`.
    fn positions_of(&self, wanted: &HashSet<&str>) -> HashMap<String, (usize, usize)> {
        match self.format {
            Format::Json => json::locate(self.text, wanted),
            Format::Yaml => yaml::locate(self.text, wanted),
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
/// Nothing else is read: references to other files stay what they are, and are told.
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
    let decoded = decode(location, text, yaml::MOST_COPIED)?;
    load(location, text.to_owned(), decoded, None)
}

/// A document of a decoded text; of the bundle's value, if it is one of several files.
pub(super) fn load(
    location: &str,
    text: String,
    mut decoded: Decoded,
    bundle: Option<Bundle>,
) -> Result<Loaded, SourceError> {
    let mut issues = decoded.oddities(&Pointer::root());
    let format = decoded.format;
    let mut digits = std::mem::take(&mut decoded.digits);
    let (value, files, moved) = match bundle {
        None => (decoded.value, Vec::new(), Vec::new()),
        Some(bundle) => {
            issues.extend(bundle.issues);
            digits.extend(&Pointer::root(), &bundle.digits);
            // What was copied first may be part of what was copied later.
            for part in &bundle.moved {
                let base = part.file.checked_sub(1).map(|index| bundle.files[index].base.clone());
                let from = base.unwrap_or_default().join(&part.from);
                digits.copy(from.as_str(), part.to.as_str());
            }

            (bundle.value, bundle.files, bundle.moved)
        }
    };
    let (mut api, found) =
        parse(value).map_err(|source| SourceError::Spec { location: shown(location), source })?;
    digits.keep_to(api.document.root());
    if !digits.is_empty() {
        let doubles = Arc::new(Doubles::of(&digits));
        for operation in &mut api.operations {
            operation.doubles = Arc::clone(&doubles);
        }
    }
    api.document = api.document.with_digits(digits);
    if let Ok(Place::Web(url)) = place(location) {
        absolute_servers(&mut api, &url);
    }
    let found: Vec<Issue> = found.into_iter().filter(|effect| !joins(&mut issues, effect)).collect();
    issues.extend(found);
    let mut loaded =
        Loaded { api, issues, location: shown(location), text: Arc::new(text), format, files, moved };
    loaded.place_issues();
    Ok(loaded)
}

/// Whether an issue only tells the effect of one at the same place, which then takes the effect over.
fn joins(causes: &mut [Issue], effect: &Issue) -> bool {
    if !effect.message.contains(LEADS_NOWHERE) {
        return false;
    }
    let cause = causes.iter_mut().find(|cause| cause.pointer == effect.pointer);
    cause.map(|cause| cause.kind = cause.kind.min(effect.kind)).is_some()
}
