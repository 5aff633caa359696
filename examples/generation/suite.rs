//! The JSON Schema test suite, each schema wrapped in an OpenAPI document and judged by a validator of its own.

use crate::measure::{Subject, measure as measure_schema};
use crate::tally::{Tally, note};
use jsonschema::{Draft, PatternOptions};
use serde_json::{Value, json};
use specwarden::generate::{GenerateOptions, Generator};
use specwarden::schema::{Pointer, Validators};
use specwarden::spec::parse;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the schema stands in its document.
const AT: &str = "/components/schemas/It";

/// Every schema of both drafts that OpenAPI uses.
pub(super) fn measure(folder: &Path) -> Vec<Tally> {
    [("draft4", "3.0.3", Draft::Draft4), ("draft2020-12", "3.1.0", Draft::Draft202012)]
        .into_iter()
        .map(|(name, version, draft)| {
            let mut tally = Tally::new(&format!("suite {name}"));
            let mut files = Vec::new();
            collect(&folder.join(name), &mut files);
            files.sort();
            for file in files {
                file_of(&file, version, draft, &mut tally);
            }
            tally
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}

fn file_of(path: &Path, version: &str, draft: Draft, tally: &mut Tally) {
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let Ok(Value::Array(groups)) = serde_json::from_str(&text) else { return };
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for group in groups {
        tally.documents += 1;
        let label = format!("{name}: {}", group["description"].as_str().unwrap_or_default());
        let mut schema = group["schema"].clone();
        if let Value::Object(map) = &mut schema {
            map.shift_remove("$schema");
        }
        if foreign(&schema) {
            note(&mut tally.skipped, label);
            continue;
        }
        let options = jsonschema::options().with_draft(draft).should_validate_formats(true).offline();
        let Ok(judge) = options.with_pattern_options(PatternOptions::fancy_regex()).build(&schema) else {
            note(&mut tally.skipped, label);
            continue;
        };
        let tests = group["tests"].as_array().map(Vec::as_slice).unwrap_or_default();
        // Formats are asserted here, which the suite's own tests do not all expect.
        let satisfiable = tests.iter().any(|test| judge.is_valid(&test["data"]));
        let mut moved = schema.clone();
        transfer(&mut moved);
        let document = json!({"openapi": version, "info": {"title": "suite", "version": "1"},
            "paths": {}, "components": {"schemas": {"It": moved}}});
        let Ok((api, _)) = parse(document) else {
            note(&mut tally.skipped, label);
            continue;
        };
        let validators = Arc::new(Validators::new(&api.document));
        let options = GenerateOptions { max_boundary: 400, max_negative: 400, ..GenerateOptions::default() };
        let generator = Generator::with_options(&api, Arc::clone(&validators), options);
        let subject = Subject {
            label,
            document: &api.document,
            pointer: Pointer::parse(AT).unwrap_or_default(),
            generator: &generator,
            validators: &validators,
            oracle: &|value| judge.is_valid(value),
            satisfiable,
            body: true,
        };
        measure_schema(&subject, tally);
    }
}

/// Whether the schema names schemas in ways that pointers into an OpenAPI document cannot.
fn foreign(schema: &Value) -> bool {
    match schema {
        Value::Array(items) => items.iter().any(foreign),
        Value::Object(map) => map.iter().any(|(key, value)| match (key.as_str(), value) {
            ("$id" | "id" | "$anchor" | "$dynamicRef" | "$dynamicAnchor" | "$schema", Value::String(_)) => {
                true
            }
            ("$ref", Value::String(to)) => to != "#" && !to.starts_with("#/"),
            ("enum" | "const", _) => false,
            (_, value) => foreign(value),
        }),
        _ => false,
    }
}

/// Makes references relative to the schema absolute in the document around it.
fn transfer(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(transfer),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    ("$ref", Value::String(to)) => {
                        let rest = to.trim_start_matches('#').to_owned();
                        *to = format!("#{AT}{rest}");
                    }
                    ("enum" | "const", _) => {}
                    (_, value) => transfer(value),
                }
            }
        }
        _ => {}
    }
}
