//! What every reader of a node shares: the raw root, the version, the issues found so far.

use crate::schema::{Dialect, Identifiers, OWN, Pointer};
use crate::spec::{Issue, IssueKind, SpecVersion};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// How many references may be followed in a row.
const LONGEST_CHAIN: usize = 64;

/// What is said of a reference into a file whose absence is told by whoever looked for it.
pub(crate) const LEADS_NOWHERE: &str = "leads into a file that cannot be had";

/// The walk through one document.
pub(super) struct Walk<'d> {
    /// The raw document.
    pub(super) root: &'d Value,
    /// Its format.
    pub(super) version: SpecVersion,
    identifiers: Identifiers,
    issues: Vec<Issue>,
    /// What was said already: shared parameters are read once per operation.
    said: HashSet<(Pointer, String)>,
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
            issues: Vec::new(),
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
        let message = message.into();
        if !self.said.insert((at.clone(), message.clone())) {
            return;
        }
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

    /// Follows `$ref`s from the node at `at` until a node that is not a reference.
    pub(super) fn resolve(&self, at: &Pointer) -> Result<(Pointer, &'d Value), Unresolved> {
        let mut at = at.clone();
        let mut reference = String::new();
        for _ in 0..LONGEST_CHAIN {
            let Some(node) = self.root.pointer(at.as_str()) else {
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
        (self.issues, own)
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
