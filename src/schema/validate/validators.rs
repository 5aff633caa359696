//! The front of this folder: judge a value by the schema at a pointer.

use crate::schema::pattern::Patterns;
use crate::schema::validate::cache::{Cache, Compiled, Outcome};
use crate::schema::validate::compile::compile;
use crate::schema::validate::guard::{Stack, guarded};
use crate::schema::view::view;
use crate::schema::{Direction, Document, Pointer, SchemaError, SchemaProblem};
use jsonschema::PatternCache;
use serde_json::{Value, json};
use std::sync::Arc;

/// A body with more errors than this is wrong enough.
const MOST_ERRORS: usize = 64;
/// How many schemas and values are kept compiled.
const ROOM: usize = 1_000_000;
/// A judgement that recurses no more deeply within one level of the value runs on the caller's stack.
const SHALLOW: usize = 300;

/// Validates values against the schemas of one [`Document`], by pointer and direction.
///
/// Shared by reference between workers; each schema is compiled on first use and kept while there is room.
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
    /// Whether `format` judges.
    formats: bool,
    patterns: Patterns,
    compiled_patterns: PatternCache,
    cache: Cache,
}

impl Validators {
    /// Prepares validation; nothing is copied or compiled yet.
    pub fn new(document: &Document) -> Self {
        Self::with_room(document, ROOM)
    }

    /// As [`Self::new`], but no `format` judges: for values that were written by hand, such as examples.
    pub fn without_formats(document: &Document) -> Self {
        Self { formats: false, ..Self::new(document) }
    }

    /// As [`Self::new`], keeping compiled schemas of about `room` schemas and values altogether.
    pub fn with_room(document: &Document, room: usize) -> Self {
        Self {
            document: document.clone(),
            formats: true,
            patterns: Patterns::default(),
            compiled_patterns: PatternCache::new(),
            cache: Cache::new(room),
        }
    }

    /// Every way in which `value` breaks the schema at `pointer`; empty if it conforms.
    pub fn validate(
        &self,
        pointer: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> Result<Vec<SchemaError>, SchemaProblem> {
        let compiled = self.compiled(pointer, direction)?;
        let errors = || {
            if compiled.validator.is_valid(value) {
                return Vec::new();
            }
            let errors = compiled.validator.iter_errors(value).take(MOST_ERRORS);
            errors.map(|error| self.error(&compiled, &error)).collect()
        };
        judge(&compiled, pointer, errors)
    }

    /// Whether `value` conforms: faster than asking for the errors.
    pub fn is_valid(
        &self,
        pointer: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> Result<bool, SchemaProblem> {
        let compiled = self.compiled(pointer, direction)?;
        judge(&compiled, pointer, || compiled.validator.is_valid(value))
    }

    /// Whether `value` conforms if more than one alternative of a `oneOf` may hold (JSON Schema 2020-12 §10.2.1.3 allows
    /// one): alternatives that overlap by mistake are common. Nothing is kept compiled.
    pub fn is_valid_loosely(
        &self,
        pointer: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> Result<bool, SchemaProblem> {
        let pointer = &self.document.plain(pointer);
        let compiled = view(&self.document, pointer, direction, &self.patterns).and_then(|mut view| {
            view.resources.iter_mut().for_each(|(_, schema)| loosen(schema));
            let validator = compile(&view, &self.compiled_patterns, self.formats)?;
            Ok(Compiled {
                validator,
                origins: view.origins,
                depth: view.depth,
                nodes: 0,
                one_sided: view.one_sided,
            })
        });
        let compiled =
            compiled.map_err(|reason| SchemaProblem::Uncompilable { pointer: pointer.clone(), reason })?;
        judge(&compiled, pointer, || compiled.validator.is_valid(value))
    }

    fn compiled(&self, pointer: &Pointer, direction: Direction) -> Outcome {
        // Documents name one schema in many places.
        let pointer = &self.document.plain(pointer);
        self.cache.get(pointer, direction, || {
            let view = view(&self.document, pointer, direction, &self.patterns);
            let compiled = view.and_then(|view| {
                let validator = compile(&view, &self.compiled_patterns, self.formats)?;
                let (depth, nodes, one_sided) = (view.depth, view.nodes, view.one_sided);
                Ok(Arc::new(Compiled { validator, origins: view.origins, depth, nodes, one_sided }))
            });
            compiled.map_err(|reason| SchemaProblem::Uncompilable { pointer: pointer.clone(), reason })
        })
    }

    fn error(&self, compiled: &Compiled, error: &jsonschema::ValidationError) -> SchemaError {
        let place = compiled.origins.find(error.schema_path().as_str()).unwrap_or_default();
        SchemaError {
            instance: Pointer::parse(error.instance_path().as_str()).unwrap_or_default(),
            schema: if self.document.get(&place).is_some() { place } else { self.unmended(&place) },
            keyword: error.kind().keyword().to_owned(),
            message: shorten(&error.to_string()),
        }
    }

    /// The place in the document of a keyword that stands elsewhere in the view: under a pattern that was made
    /// readable, or under the alternative "or null".
    fn unmended(&self, place: &Pointer) -> Pointer {
        let tokens = place.tokens();
        let mut at = Pointer::root();
        let mut rest = tokens.iter();
        while let Some(token) = rest.next() {
            let next = at.push(token);
            if self.document.get(&next).is_some() {
                at = next;
                continue;
            }
            let Some(Value::Object(map)) = self.document.get(&at) else { return place.clone() };
            let by_pattern = at.last().as_deref() == Some("patternProperties");
            let same = |key: &&String| self.patterns.readable(key).as_ref() == Some(token);
            if by_pattern && let Some(key) = map.keys().find(same) {
                at = at.push(key);
            } else if token == "anyOf" && map.contains_key("allOf") {
                // The view holds `anyOf/0/allOf`, the document `allOf`.
                at = at.push("allOf");
                _ = rest.next();
                _ = rest.next();
            } else {
                at = next;
            }
        }
        at
    }
}

/// Makes an `anyOf` of every `oneOf`.
fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(loosen);
            if map.get("oneOf").is_some_and(Value::is_array)
                && let Some(alternatives) = map.remove("oneOf")
            {
                let any = json!({"anyOf": alternatives});
                match map.get_mut("allOf").and_then(Value::as_array_mut) {
                    Some(all) => all.push(any),
                    None => _ = map.insert("allOf".to_owned(), json!([any])),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(loosen),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn judge<T: Send>(
    compiled: &Compiled,
    pointer: &Pointer,
    work: impl FnOnce() -> T + Send,
) -> Result<T, SchemaProblem> {
    let stack = if compiled.depth <= SHALLOW { Stack::Same } else { Stack::Large };
    guarded(stack, work).map_err(|reason| SchemaProblem::Undecided { pointer: pointer.clone(), reason })
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
