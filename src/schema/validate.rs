//! Validators by pointer: registered once, compiled lazily, kept.

use crate::schema::depth::{DEEPEST, is_too_deep};
use crate::schema::view::view;
use crate::schema::{Dialect, Direction, Document, Pointer, SchemaError, SchemaProblem};
use jsonschema::{Draft, PatternOptions, Registry, Validator};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The base URI under which a document is registered. It never leaves the process.
const BASE: &str = "openapi:///document";
/// A body with more errors than this is wrong enough.
const MOST_ERRORS: usize = 64;

/// Validates values against the schemas of one [`Document`], by pointer and direction.
///
/// Shared by reference between workers; each schema is compiled on first use and kept.
///
/// ```
/// use serde_json::json;
/// use specwarden::schema::{Dialect, Direction, Document, Pointer, Validators};
/// let document = Document::new(json!({"definitions": {"Id": {"type": "integer", "x-nullable": true}}}), Dialect::Draft4);
/// let validators = Validators::new(&document);
/// let id = Pointer::root().push("definitions").push("Id");
/// assert!(validators.is_valid(&id, Direction::Response, &json!(null)).unwrap());
/// assert_eq!(validators.validate(&id, Direction::Response, &json!("7")).unwrap()[0].keyword, "type");
/// ```
pub struct Validators {
    document: Document,
    request: OnceLock<View>,
    response: OnceLock<View>,
}

struct View {
    registry: Result<Registry<'static>, String>,
    compiled: Mutex<HashMap<Pointer, Result<Arc<Validator>, SchemaProblem>>>,
}

impl Validators {
    /// Prepares validation; nothing is compiled yet.
    pub fn new(document: &Document) -> Self {
        Self { document: document.clone(), request: OnceLock::new(), response: OnceLock::new() }
    }

    /// Every way in which `value` breaks the schema at `pointer`; empty if it conforms.
    pub fn validate(
        &self,
        pointer: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> Result<Vec<SchemaError>, SchemaProblem> {
        let validator = self.validator(pointer, direction)?;
        if validator.is_valid(value) {
            return Ok(Vec::new());
        }
        let errors = validator.iter_errors(value).take(MOST_ERRORS);
        Ok(errors
            .map(|error| SchemaError {
                instance: Pointer::parse(error.instance_path().as_str()).unwrap_or_default(),
                schema: Pointer::parse(error.schema_path().as_str()).unwrap_or_default(),
                keyword: error.kind().keyword().to_owned(),
                message: shorten(&error.to_string()),
            })
            .collect())
    }

    /// Whether `value` conforms: faster than asking for the errors.
    pub fn is_valid(
        &self,
        pointer: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> Result<bool, SchemaProblem> {
        Ok(self.validator(pointer, direction)?.is_valid(value))
    }

    fn validator(&self, pointer: &Pointer, direction: Direction) -> Result<Arc<Validator>, SchemaProblem> {
        let cell = match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        };
        let view = cell.get_or_init(|| self.view(direction));
        let mut compiled = view.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(pointer.clone()).or_insert_with(|| self.compile(view, pointer)).clone()
    }

    fn view(&self, direction: Direction) -> View {
        let root = view(self.document.root(), self.document.dialect(), direction);
        let draft = draft(self.document.dialect());
        let registry = Registry::new()
            .draft(draft)
            .add(BASE, draft.create_resource(root))
            .and_then(referencing::RegistryBuilder::prepare)
            .map_err(|error| error.to_string());
        View { registry, compiled: Mutex::default() }
    }

    fn compile(&self, view: &View, pointer: &Pointer) -> Result<Arc<Validator>, SchemaProblem> {
        let problem = |reason: String| SchemaProblem::Uncompilable { pointer: pointer.clone(), reason };
        if is_too_deep(self.document.root(), pointer) {
            return Err(problem(format!("it leads through more than {DEEPEST} schemas in a row")));
        }
        let registry = view.registry.as_ref().map_err(|reason| problem(reason.clone()))?;
        let always = |_: &str| true;
        let mut options = jsonschema::options()
            .with_draft(draft(self.document.dialect()))
            .with_registry(registry)
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::fancy_regex())
            .offline();
        // Draft 4 does not know it, documents do.
        options = options.with_format("uuid", is_uuid);
        // The OpenAPI format registry names these; they restrict numbers elsewhere, or nothing.
        for name in ["int32", "int64", "float", "double", "byte", "binary", "password"] {
            options = options.with_format(name, always);
        }
        let reference = json!({"$ref": format!("{BASE}{}", pointer.to_fragment())});
        options.build(&reference).map(Arc::new).map_err(|error| problem(error.to_string()))
    }
}

fn draft(dialect: Dialect) -> Draft {
    match dialect {
        Dialect::Draft4 => Draft::Draft4,
        Dialect::Draft202012 => Draft::Draft202012,
    }
}

/// RFC 9562 §4: five groups of hex digits.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    groups.len() == 5
        && groups.iter().zip(lengths).all(|(g, n)| g.len() == n && g.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Error texts of the validator quote the whole value; keep them readable.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 240;
    const TAIL: usize = 60;
    let count = text.chars().count();
    if count <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST - TAIL).collect();
    let tail: String = text.chars().skip(count - TAIL).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests;
