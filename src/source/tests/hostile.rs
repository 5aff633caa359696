//! Documents made to break their reader: each ends as an issue or an error, in time and memory that the text's size
//! bounds. The giants of this kind live in `tests/real/corpus.py`.

use crate::source::{Loaded, SourceError, read_text};
use crate::spec::IssueKind;
use serde_json::{Value, json};
use std::fmt::Write;

#[track_caller]
fn load(text: &str) -> Loaded {
    read_text("hostile", text).expect("it is told, not refused")
}

#[track_caller]
fn check_refused(text: &str, reason: &str) {
    let error = read_text("hostile.yaml", text).expect_err("it is refused");
    let told = format!("{error} {error:?}");
    assert!(told.contains(reason), "{told}");
    assert!(told.len() < 2_000, "the message quotes the document");
}

fn document(paths: Value, components: Value) -> String {
    json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, "components": components})
        .to_string()
}

/// A document whose one operation answers with this schema, beside others named `S0`, `S1`, ….
fn of_schemas(count: usize, schema: impl Fn(usize) -> Value) -> String {
    let schemas: serde_json::Map<_, _> = (0..count).map(|n| (format!("S{n}"), schema(n))).collect();
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}});
    let paths = json!({"/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}});
    document(paths, json!({"schemas": schemas}))
}

fn next(number: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/S{}", number + 1)})
}

#[test]
fn ten_thousand_levels_are_refused() {
    let check = |text: &str| {
        let error = read_text("deep.yaml", text).expect_err("it is refused").to_string();
        assert!(error.contains("nested too deeply") || error.contains("recursion limit"), "{error}");
    };
    check(&format!("{{\"openapi\": {}", "[".repeat(10_000)));
    check(&format!("openapi: {}", "{a: ".repeat(10_000)));
    check(&"- ".repeat(10_000));
    let mut stairs = String::new();
    for level in 0..1_000 {
        _ = writeln!(stairs, "{}a:", " ".repeat(level));
    }
    check(&stairs);
    let error = read_text("deep.json", &"{\"a\":".repeat(10_000)).expect_err("too deep");
    assert!(matches!(error, SourceError::Syntax { .. }), "{error:?}");
}

#[test]
fn endless_and_overlong_chains_of_references_are_told() {
    let loaded = load(&of_schemas(5_000, next));
    assert_eq!(loaded.api.operations.len(), 1);
    assert!(
        loaded.issues.iter().any(|issue| issue.message.contains("endless chain")),
        "{:?}",
        loaded.issues.first()
    );
    // `allOf` is no chain of references; each link is a schema of its own.
    assert_eq!(load(&of_schemas(5_000, |n| json!({"allOf": [next(n % 4_999)]}))).issues, []);
}

#[test]
fn fan_out_by_references_costs_nothing() {
    let level = |n: usize| {
        let properties: serde_json::Map<_, _> =
            ('a'..'i').map(|name| (name.to_string(), next(n % 99))).collect();
        json!({"type": "object", "properties": properties})
    };
    assert_eq!(load(&of_schemas(100, level)).issues, []);
}

#[test]
fn circles_through_everything_end() {
    let to = |what: &str| json!({"$ref": format!("#/components/{what}")});
    let operation = json!({
        "parameters": [to("parameters/P"), {"name": "q", "in": "query", "schema": to("schemas/S"), "examples": {"x": to("examples/E")}}],
        "requestBody": to("requestBodies/B"), "security": [{"K": []}],
        "responses": {"200": to("responses/R"), "404": {"description": "", "headers": {"H": to("headers/H")}}}});
    let loaded = load(&document(
        json!({"/self": {"$ref": "#/paths/~1self"}, "/there": {"$ref": "#/paths/~1back"}, "/back": {"$ref": "#/paths/~1there"},
            "/a": {"post": operation}, "/b": {"get": {"$ref": "#/paths/~1b/get"}}}),
        json!({"parameters": {"P": to("parameters/P")}, "requestBodies": {"B": to("requestBodies/B")},
            "responses": {"R": to("responses/R")}, "headers": {"H": to("headers/H")}, "examples": {"E": to("examples/E")},
            "securitySchemes": {"K": to("securitySchemes/K")}, "schemas": {"S": {"allOf": [to("schemas/S")]}}}),
    ));
    let keys: Vec<&str> = loaded.api.operations.iter().map(|operation| operation.key.as_str()).collect();
    assert_eq!(keys, ["POST /a"]);
    let skipped = loaded.issues.iter().filter(|issue| issue.kind == IssueKind::OperationSkipped).count();
    assert!(skipped >= 4, "{:?}", loaded.issues);
    assert!(loaded.issues.iter().all(|issue| issue.line.is_some()));
}

#[test]
fn alias_bombs_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        _ = writeln!(laughs, "a{n}: &a{n} [{}]", vec![format!("*a{}", n - 1); 9].join(", "));
    }
    check_refused(&laughs, "too many nodes");
    // Each level of anchors keeps everything below it once more.
    let inner = "[x, x, x, x, x, x, x, x], ".repeat(5_000);
    let mut nested = String::new();
    for n in 0..100 {
        _ = write!(nested, "&n{n} [");
    }
    check_refused(&format!("a: {nested}{inner}{}", "]".repeat(100)), "too many nodes");
    // One long text, many times.
    let long = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), "*a, ".repeat(10_000));
    check_refused(&long, "too many nodes");
}

#[test]
fn thousands_of_repeated_keys_are_counted() {
    let members = vec!["\"/a\": {}"; 5_000].join(", ");
    let text = format!(
        "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"\", \"version\": \"\"}}, \"paths\": {{{members}}}}}"
    );
    for location in ["a.json", "a.yaml"] {
        let loaded = read_text(location, &text).expect("it loads");
        assert_eq!(loaded.issues.len(), 1_000);
        let last = &loaded.issues[999];
        assert!(
            last.message.ends_with("so it is with 3999 more keys, which are not told one by one"),
            "{}",
            last.message
        );
    }
    let yaml: String = format!("openapi: 3.0.3\npaths:\n{}", "  /a: {}\n".repeat(5_000));
    assert_eq!(load(&yaml).issues.len(), 1_000);
}

#[test]
fn a_flood_of_issues_is_counted() {
    let item =
        |n: usize| json!({"get": {"responses": {"999": {}, "200": {"$ref": format!("#/nowhere/{n}")}}}});
    let paths: serde_json::Map<_, _> = (0..5_000).map(|n| (format!("/a{n}"), item(n))).collect();
    let loaded = load(&document(Value::Object(paths), json!({})));
    assert_eq!(loaded.api.operations.len(), 5_000);
    let told = |needle: &str| loaded.issues.iter().filter(|issue| issue.message.contains(needle)).count();
    assert_eq!(told("is not a status code") + told("points to nothing"), 2_000);
    assert_eq!(told("there are 8000 more parts that are set aside"), 1);
    assert!(loaded.issues.len() < 6_010, "{}", loaded.issues.len());
}

#[test]
fn keys_and_values_of_megabytes_do_not_multiply() {
    let long = "k".repeat(1 << 20);
    let parameters: Vec<Value> =
        (0..900).map(|n| json!({"name": format!("p{n}"), "in": "nowhere"})).collect();
    let operation = json!({"parameters": parameters, "responses": {"200": {"description": ""}}});
    let loaded =
        load(&document(json!({format!("/{long}"): {"get": operation}, "/a": {"get": operation}}), json!({})));
    assert_eq!(loaded.api.operations.len(), 1);
    let told: usize =
        loaded.issues.iter().map(|issue| issue.pointer.as_str().len() + issue.message.len()).sum();
    assert!(told < 4 << 20, "{told} bytes");
    assert!(loaded.issues.iter().all(|issue| issue.message.len() < 600));
}

#[test]
fn shared_examples_do_not_multiply_without_end() {
    let example: Vec<u32> = (0..50_000).collect();
    let response = json!({"description": "", "content": {"application/json": {"example": example}}});
    let operation = json!({"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}});
    let paths: serde_json::Map<_, _> = (0..500).map(|n| (format!("/a{n}"), operation.clone())).collect();
    let loaded = load(&document(Value::Object(paths), json!({"responses": {"R": response}})));
    let answers = loaded.api.operations.iter().flat_map(|o| &o.responses).flat_map(|r| &r.contents);
    let kept = answers.filter(|content| !content.examples.is_empty()).count();
    assert!((15..25).contains(&kept), "{kept}");
}

#[test]
fn too_many_parameters_of_one_operation_are_told() {
    let parameters: Vec<Value> =
        (0..20_000).map(|n| json!({"name": format!("p{n}"), "in": "query", "schema": {}})).collect();
    let operation = json!({"parameters": parameters, "responses": {"200": {"description": ""}}});
    let loaded = load(&document(json!({"/a": {"get": operation}}), json!({})));
    assert_eq!(loaded.api.operations[0].parameters.len(), 1_000);
    assert_eq!(loaded.issues[0].message, "20000 parameters; the first 1000 are read");
}

#[test]
fn odd_bytes_and_numbers_end_well() {
    check_refused("openapi: 3.0.3\u{0}\npaths: {\u{0}: 1", "");
    check_refused("{\"openapi\": 1e999}", "");
    let numbers =
        format!("{{\"openapi\": \"3.0.3\", \"paths\": {{}}, \"x\": [{}, 1e-999, -0]}}", "9".repeat(10_000));
    // A number beyond a double is no JSON to us; as YAML it is a text.
    _ = read_text("numbers.json", &numbers);
    assert_eq!(read_text("numbers.yaml", &numbers).expect("it loads").api.operations.len(), 0);
}

#[test]
fn a_minified_document_with_many_issues_is_walked_once() {
    // One line of megabytes: a column that is counted anew for each issue would take minutes.
    let item = |n: usize| json!({"get": {"description": "d".repeat(2_000), "responses": {"999": {"n": n}}}});
    let paths: serde_json::Map<_, _> = (0..1_500).map(|n| (format!("/a{n}"), item(n))).collect();
    let loaded = load(&document(Value::Object(paths), json!({})));
    assert!(loaded.issues.len() >= 3_000, "{}", loaded.issues.len());
    assert!(loaded.issues.windows(2).all(|pair| pair[0].column <= pair[1].column));
}
