//! A document that is split over files, wherever it may be, still says the same.

use crate::schema::{Direction, Document, Pointer, Validators};
use crate::source::tests::sample::ALL;
use crate::source::tests::tree::Tree;
use crate::source::{Loaded, ReadOptions, read, read_text};
use crate::spec::{Api, Content};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Keys whose members may be references.
const HOLDERS: &[&str] = &[
    "schemas",
    "definitions",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "securitySchemes",
    "securityDefinitions",
    "properties",
    "allOf",
    "oneOf",
    "anyOf",
    "paths",
];
/// Keys whose value may be a reference.
const PLACES: &[&str] = &["schema", "items", "additionalProperties", "requestBody"];
/// Keys whose value may not be a reference, but people write one.
const SECTIONS: &[&str] = &["schemas", "definitions", "paths", "properties", "parameters"];
const DATA: &[&str] = &["example", "examples", "default", "enum", "const", "x-example", "x-examples"];
const ROOT: &str = "the root.json";

struct Splitter {
    seed: u64,
    /// Of a thousand places, how many become files.
    share: u64,
    files: Vec<(String, String)>,
}

impl Splitter {
    fn draw(&self, at: &Pointer, below: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, at).hash(&mut hasher);
        (hasher.finish() >> 8) % below
    }

    /// The node as it stands in a file of `folder`; parts of it move to files of their own.
    fn node(&mut self, node: &Value, at: &Pointer, folder: &str) -> Value {
        if !may_be_reference(at)
            || !(node.is_object() || node.is_array())
            || self.draw(at, 1000) >= self.share
        {
            return self.inner(node, at, folder);
        }
        let folders = ["", "schemas/", "a b/c#d/", "a b/"];
        let home = folders[self.draw(&at.push("folder"), 4) as usize];
        let content = self.inner(node, at, home);
        let number = self.files.len();
        let (name, content, fragment) = match self.draw(&at.push("form"), 3) {
            0 => (format!("{home}f{number}.json"), content, ""),
            1 => (format!("{home}f{number}.yaml"), content, "#"),
            _ => (
                format!("{home}f{number}.yml"),
                json!({"x": [0, {"a/b~c %": content}]}),
                "#/x/1/a~1b~0c%20%25",
            ),
        };
        self.files.push((name.clone(), content.to_string()));
        json!({"$ref": format!("{}{fragment}", from(folder, &name))})
    }

    fn inner(&mut self, node: &Value, at: &Pointer, folder: &str) -> Value {
        match node {
            Value::Object(members) => {
                let named = at.last().is_some_and(|last| HOLDERS.contains(&last.as_str()));
                let member = |(key, value): (&String, &Value)| {
                    let moved = match value {
                        Value::String(text) if key == "$ref" && !folder.is_empty() => {
                            Value::from(format!("{}{text}", from(folder, ROOT)))
                        }
                        // Of examples, those that are references; what they hold is data.
                        Value::Object(examples) if !named && key == "examples" => {
                            let one = |(name, example): (&String, &Value)| match example.get("$ref") {
                                Some(_) => (name.clone(), self.inner(example, at, folder)),
                                None => (name.clone(), example.clone()),
                            };
                            examples.iter().map(one).collect()
                        }
                        _ if !named && DATA.contains(&key.as_str()) => value.clone(),
                        value => self.node(value, &at.push(key), folder),
                    };
                    (key.clone(), moved)
                };
                Value::Object(members.iter().map(member).collect::<Map<_, _>>())
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.node(item, &at.push(index), folder))
                .collect(),
            leaf => leaf.clone(),
        }
    }
}

fn may_be_reference(at: &Pointer) -> bool {
    let tokens = at.tokens();
    let Some((last, before)) = tokens.split_last() else { return false };
    let parent = before.last().map(String::as_str).unwrap_or_default();
    !last.starts_with("x-")
        && (HOLDERS.contains(&parent) || PLACES.contains(&last.as_str()) || SECTIONS.contains(&last.as_str()))
}

/// How the file `name` is referred to from `folder`.
fn from(folder: &str, name: &str) -> String {
    let up = "../".repeat(folder.matches('/').count());
    up + &name.replace('%', "%25").replace(' ', "%20").replace('#', "%23")
}

/// The document of the files: all references are rewritten, so the root's own folder may be empty.
fn split(document: &Value, seed: u64, share: u64) -> Vec<(String, String)> {
    let mut splitter = Splitter { seed, share, files: Vec::new() };
    let root = splitter.inner(document, &Pointer::root(), "");
    // References of files beside the root are written as those of the root; they need its name.
    let mut files: Vec<_> =
        splitter.files.into_iter().map(|(name, text)| (name.clone(), named(&name, &text))).collect();
    files.push((ROOT.to_owned(), root.to_string()));
    files
}

fn named(name: &str, text: &str) -> String {
    if name.contains('/') {
        text.to_owned()
    } else {
        text.replace("\"$ref\":\"#", "\"$ref\":\"the%20root.json#")
    }
}

/// Everything that the model says, its pointers replaced by what they lead to.
fn said(api: &Api) -> Vec<String> {
    let document = &api.document;
    let validators = Validators::new(document);
    let schema = |at: &Option<Pointer>| match at {
        None => "any".to_owned(),
        Some(at) => format!("{} {}", spelled_out(document, at, 9), verdicts(&validators, at)),
    };
    let content = |content: &Content| {
        format!("{} {:?} {}", content.media_type, content.examples, schema(&content.schema))
    };
    let mut lines = vec![format!("{:?} {:?}", api.servers, api.security_schemes)];
    for operation in &api.operations {
        lines.push(format!(
            "{} {:?} {:?} {:?} {} {:?} {:?}",
            operation.key,
            operation.id,
            operation.summary,
            operation.tags,
            operation.deprecated,
            operation.security,
            operation.servers
        ));
        for p in &operation.parameters {
            lines.push(format!(
                "  {} {} {:?} {} {} {:?} {:?} {}",
                p.location,
                p.name,
                p.style,
                p.explode,
                p.required,
                p.content_type,
                p.examples,
                schema(&p.schema)
            ));
        }
        if let Some(body) = &operation.body {
            lines.extend(body.contents.iter().map(|c| format!("  body {} {}", body.required, content(c))));
        }
        for response in &operation.responses {
            lines.push(format!("  {}", response.status));
            lines.extend(response.contents.iter().map(|c| format!("    {}", content(c))));
            lines.extend(response.headers.iter().map(|h| format!("    {} {}", h.name, schema(&h.schema))));
        }
    }
    lines
}

/// A schema with its references followed, down to some depth of the result.
fn spelled_out(document: &Document, at: &Pointer, depth: usize) -> Value {
    fn spell(document: &Document, node: &Value, depth: usize) -> Value {
        match node {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) => {
                    let at = Pointer::from_fragment(reference).expect("an inner reference");
                    spelled_out(document, &at, depth)
                }
                None if depth == 0 => json!("…"),
                None => members.iter().map(|(k, v)| (k.clone(), spell(document, v, depth - 1))).collect(),
            },
            Value::Array(_) if depth == 0 => json!("…"),
            Value::Array(items) => items.iter().map(|item| spell(document, item, depth - 1)).collect(),
            leaf => leaf.clone(),
        }
    }
    match document.resolve(at) {
        Some((_, node)) => spell(document, node, depth),
        None => json!({"nothing": true}),
    }
}

fn verdicts(validators: &Validators, at: &Pointer) -> String {
    let values = [
        json!(null),
        json!(1),
        json!(""),
        json!("2024-01-01"),
        json!([]),
        json!({}),
        json!({"id": 1, "name": "n"}),
    ];
    let judge = |direction, value| match validators.is_valid(at, direction, value) {
        Ok(true) => '+',
        Ok(false) => '-',
        Err(_) => '?',
    };
    let directions = [Direction::Request, Direction::Response];
    directions.iter().flat_map(|direction| values.iter().map(|value| judge(*direction, value))).collect()
}

fn load(tree: &Tree) -> Loaded {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(read(&tree.path(ROOT), &ReadOptions::default())).expect("loads")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_split_document_says_the_same(sample in 0..ALL.len(), seed in any::<u64>(), share in 0_u64..1000) {
        let (name, text) = ALL[sample];
        let whole = read_text(name, text).expect("loads");
        // What the parser added to the document is no part of it.
        let mut document = whole.api.document.root().as_ref().clone();
        document.as_object_mut().expect("an object").shift_remove("x-specwarden");
        let mut whole = read_text(ROOT, &document.to_string()).expect("loads");
        let tree = Tree::new(&split(&document, seed, share));
        let mut parts = load(&tree);
        if !name.contains("broken") {
            let failed = parts.issues.iter().filter(|issue| issue.message.contains("cannot be followed"));
            prop_assert_eq!(failed.count(), 0, "{:#?}", tree.issues(&parts));
        }
        let (said_by_parts, said_by_whole) = (said(&parts.api), said(&whole.api));
        let lost: Vec<_> = said_by_whole.iter().filter(|line| !said_by_parts.contains(line)).collect();
        let new: Vec<_> = said_by_parts.iter().filter(|line| !said_by_whole.contains(line)).collect();
        prop_assert!(lost.is_empty(), "{lost:#?} {new:#?} {:#?}", tree.issues(&parts));
        for (of_parts, of_whole) in said_by_parts.iter().zip(&said_by_whole) {
            prop_assert_eq!(of_parts, of_whole);
        }
        let words = |issues: &mut Vec<crate::spec::Issue>| {
            let mut words: Vec<String> = issues.drain(..).filter(|issue| !issue.message.contains("reference")).map(|issue| issue.message).collect();
            words.sort();
            words.dedup();
            words
        };
        if !name.contains("broken") {
            prop_assert_eq!(words(&mut parts.issues), words(&mut whole.issues));
        }
    }
}

#[test]
fn the_split_sample_is_flawless() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/samples/split/openapi.yaml");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let loaded = runtime.block_on(read(path, &ReadOptions::default())).expect("loads");
    assert_eq!(loaded.issues, []);
    let keys: Vec<&str> = loaded.api.operations.iter().map(|operation| operation.key.as_str()).collect();
    assert_eq!(keys, ["GET /pets", "POST /pets", "GET /pets/{petId}", "GET /owners"]);
    assert_eq!(loaded.files.len(), 6);
    assert_eq!(loaded.api.security_schemes.len(), 1);
    let at = &loaded.api.operations[2].pointer;
    assert_eq!(at.shown(), "paths/pet by id.yaml#/item/get");
    assert_eq!(loaded.locate(at), Some((8, 3)));
    let origin = loaded.origin(&Pointer::parse("/components/securitySchemes/apiKey/in").expect("a pointer"));
    assert!(origin.file.is_some_and(|file| file.ends_with("split/security.yaml")), "{origin:?}");
    assert_eq!(origin.pointer.as_str(), "/apiKey/in");
}
