//! The JSON Schema test suite: each schema in an OpenAPI document of its dialect, judged by a validator of its own.
//!
//! Draft 4 stands in an OpenAPI 3.0 document, 2020-12 in a 3.1 one; the drafts between in a 3.1 document that names
//! them in `jsonSchemaDialect`. What the suite serves under a URI stands in the document as an embedded resource.

use crate::measure::{Subject, measure as measure_schema};
use crate::tally::{Tally, note};
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::{Map, Value, json};
use specwarden::generate::{GenerateOptions, Generator};
use specwarden::schema::{Direction, Pointer, Validators};
use specwarden::source::read_text;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the schema stands in its document.
const AT: &str = "/components/schemas/It";
/// The folder of each dialect, what its documents say of it, and the judge's name for it.
const DRAFTS: &[(&str, &str, &str, Draft)] = &[
    ("draft4", "3.0.3", "", Draft::Draft4),
    ("draft6", "3.1.0", "http://json-schema.org/draft-06/schema#", Draft::Draft6),
    ("draft7", "3.1.0", "http://json-schema.org/draft-07/schema#", Draft::Draft7),
    ("draft2019-09", "3.1.0", "https://json-schema.org/draft/2019-09/schema", Draft::Draft201909),
    ("draft2020-12", "3.1.0", "", Draft::Draft202012),
];

/// One dialect of the suite.
struct Dialect {
    version: &'static str,
    uri: &'static str,
    draft: Draft,
    /// What is found by URI.
    remotes: Map<String, Value>,
}

/// Every schema of every dialect that a document can speak. `folder` holds `tests` and `remotes`.
pub(super) fn measure(folder: &Path) -> Vec<Tally> {
    DRAFTS
        .iter()
        .map(|(name, version, uri, draft)| {
            let mut tally = Tally::new(&format!("suite {name}"));
            let remotes = if *draft == Draft::Draft4 { Map::new() } else { remotes(folder, name) };
            let dialect = Dialect { version, uri, draft: *draft, remotes };
            for file in files(&folder.join("tests").join(name)) {
                file_of(&file, &dialect, &mut tally);
            }
            tally
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn file_of(path: &Path, dialect: &Dialect, tally: &mut Tally) {
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let Ok(Value::Array(groups)) = serde_json::from_str(&text) else { return };
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for group in groups {
        tally.documents += 1;
        let label = format!("{name}: {}", group["description"].as_str().unwrap_or_default());
        let schema = &group["schema"];
        let Ok(loaded) = read_text("suite.json", &document(schema, dialect).to_string()) else {
            note(&mut tally.skipped, label);
            continue;
        };
        let api = loaded.api;
        let validators = Arc::new(Validators::new(&api.document));
        let pointer = Pointer::parse(AT).unwrap_or_default();
        if validators.is_valid(&pointer, Direction::Request, &Value::Null).is_err() {
            note(&mut tally.skipped, label);
            continue;
        }
        // Where the two disagree on the suite's own values, that is for `schema_suite.sh` to tell.
        let tests = group["tests"].as_array().map(Vec::as_slice).unwrap_or_default();
        let judge = judge(schema, dialect).filter(|judge| {
            tests.iter().all(|test| {
                let ours = validators.is_valid(&pointer, Direction::Request, &test["data"]);
                ours.ok() == Some(judge.is_valid(&test["data"]))
            })
        });
        let agreed = |value: &Value| judge.as_ref().is_none_or(|judge| judge.is_valid(value));
        // Formats are asserted here, which the suite's own tests do not all expect.
        let satisfiable = tests.iter().any(|test| {
            let data = &test["data"];
            validators.is_valid(&pointer, Direction::Request, data).unwrap_or(false) && agreed(data)
        });
        let options =
            GenerateOptions { max_boundary: 20_000, max_negative: 20_000, ..GenerateOptions::default() };
        let generator = Generator::with_options(&api, Arc::clone(&validators), options);
        let usual = Generator::new(&api, Arc::clone(&validators));
        let subject = Subject {
            label,
            document: &api.document,
            pointer,
            generator: &generator,
            usual: &usual,
            validators: &validators,
            oracle: &agreed,
            satisfiable,
            body: true,
        };
        measure_schema(&subject, tally);
    }
}

/// The schema in a document.
fn document(schema: &Value, dialect: &Dialect) -> Value {
    let mut schema = schema.clone();
    // Without a name of its own, the schema is the root of its own document: `#` and `#/…` mean itself.
    if let Value::Object(map) = &mut schema
        && !map.contains_key("$id")
        && !map.contains_key("id")
    {
        rebase(map);
    }
    let mut schemas = dialect.remotes.clone();
    schemas.insert("It".to_owned(), schema);
    let mut document = json!({"openapi": dialect.version, "info": {"title": "suite", "version": "1"},
        "paths": {}, "components": {"schemas": schemas}});
    if !dialect.uri.is_empty() {
        document["jsonSchemaDialect"] = dialect.uri.into();
    }
    document
}

/// A validator of the bare schema, where it needs nothing around it.
fn judge(schema: &Value, dialect: &Dialect) -> Option<Validator> {
    let options = jsonschema::options().with_draft(dialect.draft).should_validate_formats(true).offline();
    options.with_pattern_options(PatternOptions::fancy_regex()).build(schema).ok()
}

/// What the suite expects to be found by URI.
fn remotes(folder: &Path, draft: &str) -> Map<String, Value> {
    let mut found = Map::new();
    let base = folder.join("remotes");
    for file in files(&base) {
        let name = file.strip_prefix(&base).unwrap_or(&file).display().to_string();
        let other = name.split_once('/').is_some_and(|(top, _)| top.starts_with("draft") && top != draft);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if let Ok(Value::Object(mut schema)) = serde_json::from_str::<Value>(&text)
            && (!other || schema.contains_key("$schema"))
        {
            schema.entry("$id").or_insert_with(|| Value::String(format!("http://localhost:1234/{name}")));
            found.insert(name.replace('/', "_"), Value::Object(schema));
        }
    }
    found
}

/// Lets references to the root of the schema lead to where it stands now.
fn rebase(map: &mut Map<String, Value>) {
    for (key, value) in map.iter_mut() {
        match value {
            Value::String(to)
                if matches!(key.as_str(), "$ref" | "$dynamicRef" | "$recursiveRef")
                    && (to == "#" || to.starts_with("#/")) =>
            {
                *to = format!("#{AT}{}", &to[1..]);
            }
            Value::Object(inner)
                if !matches!(key.as_str(), "const" | "default") && !inner.contains_key("$id") =>
            {
                rebase(inner);
            }
            Value::Array(items) if key != "enum" => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(rebase);
            }
            _ => {}
        }
    }
}
