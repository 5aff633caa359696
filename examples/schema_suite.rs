//! JSON-Schema-Test-Suite through Specwarden: each schema in an OpenAPI document, each value judged.
//!
//! ```sh
//! tests/real/schema_suite.sh        # fetches the suite into target/, then runs this
//! ```
//!
//! Draft 4 stands in a Swagger 2.0 and in an OpenAPI 3.0 document, 2020-12 in an OpenAPI 3.1 one; the drafts between
//! stand in an OpenAPI 3.1 document that names them in `jsonSchemaDialect`. Every answer that is not the suite's must
//! be listed, with its reason, in the file of expected differences; and everything listed there must differ.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a report reads the suite and prints")]

use serde_json::{Map, Value};
use specwarden::schema::{Direction, Pointer, Validators};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The folder of the suite, the document that its schemas go into, and where they stand in it.
const RUNS: &[(&str, &str, &str)] = &[
    ("draft4", r#"{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}}"#, "/definitions"),
    (
        "draft4",
        r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}"#,
        "/components/schemas",
    ),
    (
        "draft6",
        r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "jsonSchemaDialect": "http://json-schema.org/draft-06/schema#"}"#,
        "/components/schemas",
    ),
    (
        "draft7",
        r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "jsonSchemaDialect": "http://json-schema.org/draft-07/schema#"}"#,
        "/components/schemas",
    ),
    (
        "draft2019-09",
        r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "jsonSchemaDialect": "https://json-schema.org/draft/2019-09/schema"}"#,
        "/components/schemas",
    ),
    (
        "draft2020-12",
        r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}"#,
        "/components/schemas",
    ),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(expected)) = (arguments.next(), arguments.next()) else {
        println!("usage: schema_suite FOLDER-WITH-draft4 EXPECTED");
        return ExitCode::from(2);
    };
    let expected = read_expected(Path::new(&expected));
    let folder = Path::new(&folder);
    let mut met = BTreeSet::new();
    let mut unexpected = 0;
    for (draft, document, place) in RUNS {
        let mut tally = [0_usize; 3];
        let remotes = remotes(folder, draft);
        for file in files(&folder.join("tests").join(draft)) {
            let name = file.strip_prefix(folder.join("tests")).unwrap_or(&file).with_extension("");
            let name = name.display().to_string().replace('\\', "/");
            let text = std::fs::read_to_string(&file).expect("a readable file of the suite");
            let groups: Vec<Value> = serde_json::from_str(&text).expect("a list of groups");
            for group in &groups {
                let title = format!("{name}: {}", text_of(group, "description"));
                for (test, answer) in judge(document, place, &remotes, group) {
                    let right = test["valid"].as_bool();
                    let key = format!("{title}: {}", text_of(&test, "description"));
                    let listed = [&key, &title, &name].into_iter().find(|key| expected.contains_key(*key));
                    tally[0] += 1;
                    if answer == Ok(right.unwrap_or_default()) {
                        continue;
                    }
                    tally[1] += 1;
                    if let Some(listed) = listed {
                        met.insert(listed.clone());
                    } else {
                        tally[2] += 1;
                        let version = document.get(2..9).unwrap_or_default();
                        println!(
                            "UNEXPECTED ({version}) {key}\n    the suite says {right:?}, we say {answer:?}"
                        );
                    }
                }
            }
        }
        let version: Value = serde_json::from_str(document).expect("a document");
        let version = version.get("openapi").or(version.get("swagger")).and_then(Value::as_str);
        println!(
            "{draft:<13} in {:<6} {:>6} judged, {:>4} differ, {:>3} unexpectedly",
            version.unwrap_or_default(),
            tally[0],
            tally[1],
            tally[2]
        );
        unexpected += tally[2];
    }
    let stale: Vec<&String> = expected.keys().filter(|key| !met.contains(*key)).collect();
    for key in &stale {
        println!("STALE {key}: listed as different, but it is not");
    }
    if unexpected == 0 && stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every test of a group with our answer.
fn judge(
    document: &str,
    place: &str,
    remotes: &Map<String, Value>,
    group: &Value,
) -> Vec<(Value, Result<bool, String>)> {
    let tests = group["tests"].as_array().cloned().unwrap_or_default();
    let mut root: Value = serde_json::from_str(document).expect("a document");
    let pointer = Pointer::parse(place).expect("a pointer").push("It");
    // The schema of a group is the root of its own document: references to `#` and `#/…` mean itself.
    let mut schema = group["schema"].clone();
    if let Value::Object(map) = &mut schema
        && !map.contains_key("$id")
        && !map.contains_key("id")
    {
        rebase(map, &pointer.to_fragment());
    }
    let mut node = &mut root;
    for token in pointer.tokens() {
        let map = node.as_object_mut().expect("an object on the way");
        node = map.entry(token).or_insert_with(|| Value::Object(Map::new()));
    }
    *node = schema;
    if !remotes.is_empty() {
        root["components"]["schemas"].as_object_mut().expect("schemas").extend(remotes.clone());
    }
    let text = root.to_string();
    let loaded = match specwarden::source::read_text("suite.json", &text) {
        Ok(loaded) => loaded,
        Err(error) => return tests.into_iter().map(|test| (test, Err(error.to_string()))).collect(),
    };
    let validators = Validators::new(&loaded.api.document);
    let answer = |test: Value| {
        let answer = validators.is_valid(&pointer, Direction::Response, &test["data"]);
        (test, answer.map_err(|problem| problem.to_string()))
    };
    tests.into_iter().map(answer).collect()
}

/// What the suite expects to be found by URI, as embedded resources (drafts 4 and 6 have no standard for it).
fn remotes(folder: &Path, draft: &str) -> Map<String, Value> {
    let mut found = Map::new();
    if draft == "draft4" {
        return found;
    }
    let base = folder.join("remotes");
    for file in files(&base) {
        let name = file.strip_prefix(&base).unwrap_or(&file).display().to_string().replace('\\', "/");
        let other = name.split_once('/').is_some_and(|(top, _)| top.starts_with("draft") && top != draft);
        let text = std::fs::read_to_string(&file).expect("a readable file of the suite");
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
fn rebase(map: &mut Map<String, Value>, base: &str) {
    for (key, value) in map.iter_mut() {
        match value {
            Value::String(reference)
                if matches!(key.as_str(), "$ref" | "$dynamicRef" | "$recursiveRef")
                    && (reference == "#" || reference.starts_with("#/")) =>
            {
                *reference = format!("{base}{}", &reference[1..]);
            }
            Value::Object(inner)
                if !matches!(key.as_str(), "const" | "default") && !inner.contains_key("$id") =>
            {
                rebase(inner, base);
            }
            Value::Array(items) if key != "enum" => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(|inner| rebase(inner, base));
            }
            _ => {}
        }
    }
}

/// Lines of `what: reason`, where `what` names a file, a group of it, or one test of the group; `#` begins a comment.
fn read_expected(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).expect("the file of expected differences");
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let entries = lines.map(|line| line.split_once(" => ").expect("`what => reason`"));
    entries.map(|(what, reason)| (what.trim().to_owned(), reason.to_owned())).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).expect("a folder of the suite");
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
