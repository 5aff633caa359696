//! What every reader of a node shares: the raw root, the version, the issues found so far.

use crate::schema::{Dialect, Identifiers, OWN, Pointer, find};
use crate::spec::{Content, HeaderSpec, Issue, IssueKind, Parameter, SpecVersion};
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many references may be followed in a row.
const LONGEST_CHAIN: usize = 64;
/// How many issues of a kind are told one by one; a document with more is wrong as a whole.
const MOST_ISSUES: usize = 2_000;
/// How many bytes of pointers and messages are kept: a hostile document has keys of megabytes.
const MOST_TOLD: usize = 8 << 20;
/// The longest message, in bytes.
const LONGEST_MESSAGE: usize = 500;
/// How many parameters, bodies, responses and the like all operations together may have. References multiply:
/// a hundred thousand path items may share one with a thousand parameters.
const MOST_PARTS: usize = 2_000_000;
/// How many nodes (or times 64 bytes of text) the examples of all operations together may have, for the same reason.
const MOST_EXAMPLES: usize = 1_000_000;

/// What is said of a reference into a file whose absence is told by whoever looked for it.
pub(crate) const LEADS_NOWHERE: &str = "leads into a file that cannot be had";

/// The walk through one document.
pub(super) struct Walk<'d> {
    /// The raw document.
    pub(super) root: &'d Value,
    /// Its format.
    pub(super) version: SpecVersion,
    /// Parameters that were read, by where they stand.
    pub(super) parameters: HashMap<Pointer, Result<Parameter, String>>,
    /// Bodies and headers of shared responses that were read, by where they stand (OpenAPI 3.x).
    pub(super) responses: HashMap<Pointer, (Vec<Content>, Vec<HeaderSpec>)>,
    identifiers: Identifiers,
    issues: Vec<Issue>,
    /// How many issues of each kind there are, and how many of them are not told one by one.
    counts: BTreeMap<IssueKind, usize>,
    untold: BTreeMap<IssueKind, usize>,
    /// How many bytes the issues that are told one by one have.
    told: usize,
    /// How many parts the operations read so far have.
    parts: usize,
    /// How large the examples kept so far are.
    examples: Cell<usize>,
    /// Hashes of what was said already: shared parts are met once per operation.
    said: HashSet<u64>,
    forms: Vec<Value>,
    needs_text: bool,
}

/// A reference that leads nowhere.
pub(super) struct Unresolved {
    /// The reference as written.
    pub(super) reference: String,
    /// Why it leads nowhere.
    pub(super) reason: &'static str,
    /// How to fix it.
    pub(super) hint: &'static str,
    /// Whether the cause was told by whoever made one document of several files.
    pub(super) is_told: bool,
}

impl<'d> Walk<'d> {
    pub(super) fn new(root: &'d Value, version: SpecVersion) -> Self {
        Self {
            root,
            version,
            identifiers: Identifiers::new(dialect(root, version)),
            parameters: HashMap::new(),
            responses: HashMap::new(),
            issues: Vec::new(),
            counts: BTreeMap::new(),
            untold: BTreeMap::new(),
            told: 0,
            parts: 0,
            examples: Cell::new(0),
            said: HashSet::new(),
            forms: Vec::new(),
            needs_text: false,
        }
    }

    /// Whether the document is Swagger 2.0.
    pub(super) fn is_swagger(&self) -> bool {
        self.version == SpecVersion::Swagger2
    }

    /// Notes a bad corner, once. Every `rule` has a page in the catalogue of the lint room.
    pub(super) fn issue(
        &mut self,
        rule: &'static str,
        kind: IssueKind,
        at: &Pointer,
        message: impl Into<String>,
        hint: &str,
    ) {
        let message = shorten(message.into());
        let mut hasher = DefaultHasher::new();
        (at, &message).hash(&mut hasher);
        if !self.said.insert(hasher.finish()) {
            return;
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count > MOST_ISSUES || self.told > MOST_TOLD {
            *self.untold.entry(kind).or_default() += 1;
            return;
        }
        self.told += at.as_str().len() + message.len();
        self.issues.push(Issue {
            rule: rule.to_owned(),
            kind,
            pointer: at.clone(),
            message,
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
            file: None,
            file_pointer: None,
            line: None,
            column: None,
        });
    }

    /// Whether the operations read so far have more parts than can be kept.
    pub(super) fn is_full(&self) -> bool {
        self.parts > MOST_PARTS
    }

    /// Counts the parts of an operation.
    pub(super) fn count(&mut self, parts: usize) {
        self.parts += parts;
    }

    /// Whether there is room for one more copy of this example.
    pub(super) fn has_room_for(&self, example: &Value) -> bool {
        let left = MOST_EXAMPLES.saturating_sub(self.examples.get());
        let size = size(example, left);
        self.examples.set(self.examples.get() + size);
        size <= left
    }

    /// Follows `$ref`s from the node at `at` until a node that is not a reference.
    pub(super) fn resolve(&self, at: &Pointer) -> Result<(Pointer, &'d Value), Unresolved> {
        let mut at = at.clone();
        let mut reference = String::new();
        for _ in 0..LONGEST_CHAIN {
            let Some(node) = find(self.root, at.as_str()) else {
                return Err(dangling(reference, &at));
            };
            match node.get("$ref").and_then(Value::as_str) {
                None => return Ok((at, node)),
                Some(next) => {
                    next.clone_into(&mut reference);
                    at = self.target(&at, next)?;
                }
            }
        }
        Err(Unresolved {
            reference,
            reason: "leads into an endless chain of references",
            hint: "let one of them hold the definition itself",
            is_told: false,
        })
    }

    /// Where a reference written at `at` leads inside this document.
    pub(super) fn target(&self, at: &Pointer, reference: &str) -> Result<Pointer, Unresolved> {
        self.identifiers.target(self.root, at, reference).ok_or_else(|| {
            let (reason, hint) = if reference.starts_with('#') {
                ("names nothing in this document", "write it as `#/components/schemas/Name`")
            } else {
                ("leaves the document", "bundle the documents into one, for instance with `redocly bundle`")
            };
            Unresolved { reference: reference.to_owned(), reason, hint, is_told: false }
        })
    }

    /// Whether a reference leads to the same node wherever it is written.
    pub(super) fn has_plain_references(&self) -> bool {
        self.identifiers.are_the_same_everywhere(self.root)
    }

    /// As [`Self::resolve`], with an issue of `kind` where it fails.
    pub(super) fn resolve_or(&mut self, at: &Pointer, kind: IssueKind) -> Option<(Pointer, &'d Value)> {
        match self.resolve(at) {
            Ok(found) => Some(found),
            Err(unresolved) => {
                let message = format!("reference `{}` {}", unresolved.reference, unresolved.reason);
                self.issue("unresolvable-reference", kind, at, message, unresolved.hint);
                None
            }
        }
    }

    /// Adds a schema of our own to the document and says where it will stand.
    pub(super) fn add_form(&mut self, schema: Value) -> Pointer {
        let at = Pointer::root().push(OWN).push("forms").push(self.forms.len());
        self.forms.push(schema);
        at
    }

    /// Where the schema "a text of at least one character" will stand.
    pub(super) fn text_schema(&mut self) -> Pointer {
        self.needs_text = true;
        Pointer::root().push(OWN).push("schemas").push("text")
    }

    /// The issues, and what to add to the member [`OWN`] of the document, if anything.
    pub(super) fn finish(self) -> (Vec<Issue>, Map<String, Value>) {
        let mut own = Map::new();
        if !self.forms.is_empty() {
            own.insert("forms".into(), Value::Array(self.forms));
        }
        if self.needs_text {
            own.insert("schemas".into(), json!({"text": {"type": "string", "minLength": 1}}));
        }
        let mut issues = self.issues;
        issues.extend(self.untold.into_iter().map(untold));
        (issues, own)
    }
}

/// How many nodes a value has, or times 64 bytes of text; counting ends above `limit`.
fn size(value: &Value, limit: usize) -> usize {
    let mut size = 1;
    match value {
        Value::String(text) => size += text.len() / 64,
        Value::Array(items) => {
            for item in items {
                if size > limit {
                    break;
                }
                size += self::size(item, limit - size);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                if size > limit {
                    break;
                }
                size += name.len() / 64 + self::size(value, limit - size);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    size
}

/// Cuts a message that quotes too much.
fn shorten(mut message: String) -> String {
    if message.len() > LONGEST_MESSAGE {
        let end = (0..=LONGEST_MESSAGE).rev().find(|at| message.is_char_boundary(*at)).unwrap_or_default();
        message.truncate(end);
        message.push('…');
    }
    message
}

/// Stands for the issues of a kind that are not told one by one.
fn untold((kind, count): (IssueKind, usize)) -> Issue {
    let what = match kind {
        IssueKind::OperationSkipped => "operations that are set aside",
        IssueKind::PartSkipped => "parts that are set aside",
        IssueKind::Doubtful => "doubtful corners",
        IssueKind::Noted => "remarks",
    };
    Issue {
        rule: "too-many-issues".to_owned(),
        kind,
        pointer: Pointer::root(),
        message: format!("there are {count} more {what}, which are not told one by one"),
        hint: Some("correct those that are told, then look again".into()),
        file: None,
        file_pointer: None,
        line: None,
        column: None,
    }
}

/// The dialect of the schemas of a document that say nothing themselves.
pub(super) fn dialect(root: &Value, version: SpecVersion) -> Dialect {
    match version {
        SpecVersion::Swagger2 | SpecVersion::OpenApi30 => Dialect::Draft4,
        SpecVersion::OpenApi31 | SpecVersion::OpenApi32 => {
            let named = root.get("jsonSchemaDialect").and_then(Value::as_str);
            named.and_then(Dialect::from_uri).unwrap_or(Dialect::Draft202012)
        }
    }
}

/// A reference to `at`, where nothing stands.
fn dangling(reference: String, at: &Pointer) -> Unresolved {
    // Between files the reference was rewritten; people know it by the file's name.
    let reference =
        if at.tokens().first().is_some_and(|first| first == OWN) { at.shown() } else { reference };
    if at.is_unread() {
        let hint = "see the issue about the file";
        return Unresolved { reference, reason: LEADS_NOWHERE, hint, is_told: true };
    }
    let hint = "define the target or correct the reference";
    Unresolved { reference, reason: "points to nothing", hint, is_told: false }
}
