//! What the fuzz targets and the replay of their corpus do with an input: read it and touch everything that reading
//! gives. Deterministic; an input that breaks a promise makes it panic. It must never touch disk or network.

use serde_json::{Map, Value, json};
use specwarden::generate::Generator;
use specwarden::plan::Known;
use specwarden::schema::{Direction, Validators};
use specwarden::source::{Loaded, read_text};
use specwarden::spec::Api;
use std::sync::Arc;

/// How many operations and schemas of a document are exercised beyond reading.
const SOME: usize = 4;
/// More issues than this are never told one by one.
const MOST_ISSUES: usize = 10_000;

/// Reads the bytes as a document, as JSON first and as YAML first.
pub(crate) fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for location in ["fuzz.json", "fuzz.yaml"] {
        match read_text(location, text) {
            Ok(loaded) => touch(&loaded),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Reads a document that the bytes describe: few names, many references between them.
pub(crate) fn references(bytes: &[u8]) {
    let document = Grammar { bytes, at: 0 }.document();
    let text = document.to_string();
    if let Ok(loaded) = read_text("fuzz.json", &text) {
        touch(&loaded);
    }
}

fn touch(loaded: &Loaded) {
    assert!(loaded.issues.len() < MOST_ISSUES, "{} issues", loaded.issues.len());
    for issue in &loaded.issues {
        assert!(issue.line.is_some_and(|line| line >= 1), "an issue without a line: {issue:?}");
    }
    let api = &loaded.api;
    for operation in &api.operations {
        assert!(operation.path.to_string().starts_with('/'), "{}", operation.key);
        assert!(api.document.get(&operation.pointer).is_some(), "{}", operation.pointer);
        let bodies = operation.body.iter().flat_map(|body| &body.contents);
        let answers = operation.responses.iter().flat_map(|response| &response.contents);
        let schemas = bodies.chain(answers).filter_map(|content| content.schema.as_ref());
        for schema in schemas.chain(operation.parameters.iter().filter_map(|p| p.schema.as_ref())) {
            assert!(api.document.get(schema).is_some(), "nothing at {schema}");
        }
    }
    judge(api);
}

/// Compiles some schemas, validates some values, makes some cases.
fn judge(api: &Api) {
    let validators = Arc::new(Validators::new(&api.document));
    let generator = Generator::new(api, Arc::clone(&validators));
    let known = Known::default();
    for operation in api.operations.iter().take(SOME) {
        let bodies = operation.body.iter().flat_map(|body| &body.contents);
        let answers = operation.responses.iter().flat_map(|response| &response.contents);
        for schema in bodies.chain(answers).filter_map(|content| content.schema.as_ref()).take(SOME) {
            for value in [json!(null), json!({"a": [1, "x"]})] {
                // A schema that cannot be compiled is an answer too.
                _ = validators.validate(schema, Direction::Response, &value);
            }
        }
        if let Ok(case) = generator.reach(operation, &known) {
            _ = case.render(operation, "http://127.0.0.1");
        }
        for case in generator.examples(operation, &known).iter().take(SOME) {
            _ = case.render(operation, "http://127.0.0.1");
        }
    }
}

/// Documents from bytes: each byte is a choice, and the end of the bytes chooses what is smallest.
struct Grammar<'b> {
    bytes: &'b [u8],
    at: usize,
}

const NAMES: [&str; 4] = ["a", "b", "a/b", "a~ %"];
const KEYWORDS: [&str; 8] =
    ["allOf", "anyOf", "oneOf", "not", "items", "additionalProperties", "properties", "prefixItems"];
/// Shared parts by the member of `components` that holds them.
const SHARED: [&str; 8] = [
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "headers",
    "examples",
    "securitySchemes",
    "pathItems",
];

impl Grammar<'_> {
    fn choose(&mut self, choices: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(byte) % choices
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.choose(NAMES.len())]
    }

    /// A reference to something that may be there.
    fn reference(&mut self, kind: &str) -> Value {
        let escaped = self.name().replace('~', "~0").replace('/', "~1");
        let target = match self.choose(8) {
            0..4 => format!("#/components/{kind}/{escaped}"),
            4 => format!("#/components/{}/{escaped}", SHARED[self.choose(SHARED.len())]),
            5 => format!("#/paths/~1{escaped}/get"),
            6 => "#".to_owned(),
            _ => format!("#/components/schemas/{escaped}/properties/{escaped}"),
        };
        json!({"$ref": target})
    }

    fn schema(&mut self, depth: usize) -> Value {
        if depth == 0 {
            return json!({"type": "integer", "minimum": 1});
        }
        let mut schema = Map::new();
        for _ in 0..self.choose(4) {
            if self.choose(3) == 0 {
                return self.reference("schemas");
            }
            let keyword = KEYWORDS[self.choose(KEYWORDS.len())];
            let value = match keyword {
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    json!([self.schema(depth - 1), self.reference("schemas")])
                }
                "properties" => {
                    let mut properties = Map::new();
                    for _ in 0..self.choose(3) {
                        properties.insert(self.name().into(), self.schema(depth - 1));
                    }
                    Value::Object(properties)
                }
                _ => self.schema(depth - 1),
            };
            schema.insert(keyword.into(), value);
        }
        if self.choose(3) == 0 {
            schema.insert("required".into(), json!([self.name()]));
        }
        Value::Object(schema)
    }

    /// A part of a kind: a reference, or the thing itself.
    fn part(&mut self, kind: &str) -> Value {
        if self.choose(2) == 0 {
            return self.reference(kind);
        }
        let content = json!({"application/json": {"schema": self.schema(3), "examples": {"x": self.reference("examples")}}});
        match kind {
            "schemas" => self.schema(4),
            "parameters" => {
                let place = ["path", "query", "header", "cookie"][self.choose(4)];
                json!({"name": self.name(), "in": place, "schema": self.schema(2)})
            }
            "requestBodies" => json!({"content": content, "required": self.choose(2) == 0}),
            "responses" => {
                json!({"description": "", "content": content, "headers": {self.name(): self.reference("headers")}})
            }
            "headers" => json!({"schema": self.schema(2)}),
            "examples" => json!({"value": self.name()}),
            "securitySchemes" => json!({"type": "apiKey", "in": "header", "name": self.name()}),
            _ => self.item(),
        }
    }

    fn item(&mut self) -> Value {
        let mut item = Map::new();
        for method in ["get", "post"].into_iter().take(1 + self.choose(2)) {
            let security = json!([{self.name(): []}]);
            item.insert(
                method.into(),
                json!({"parameters": [self.part("parameters"), self.part("parameters")], "security": security,
                    "requestBody": self.part("requestBodies"), "responses": {"200": self.part("responses")}}),
            );
        }
        Value::Object(item)
    }

    fn document(&mut self) -> Value {
        let mut paths = Map::new();
        for _ in 0..=self.choose(3) {
            let path = format!("/{}{}", self.name(), ["", "/{a}"][self.choose(2)]);
            let item = self.part("pathItems");
            paths.insert(path, item);
        }
        let mut components = Map::new();
        for kind in SHARED {
            let mut named = Map::new();
            for _ in 0..self.choose(3) {
                let part = self.part(kind);
                named.insert(self.name().into(), part);
            }
            components.insert(kind.into(), Value::Object(named));
        }
        let version = ["3.0.3", "3.1.0"][self.choose(2)];
        json!({"openapi": version, "info": {"title": "", "version": ""}, "paths": paths, "components": components})
    }
}
