//! With no fault planted, every operation answers as the document says, for good requests and for bad ones.

use serde_json::Value;
use serde_json::json;

use crate::demo::FaultSet;
use crate::demo::contract::Contract;
use crate::demo::contract::Operation;
use crate::demo::contract::Parameter;
use crate::demo::contract::SWAGGER;
use crate::demo::contract::resolve;
use crate::demo::handlers::handler;
use crate::demo::tests::probe::Answer;
use crate::demo::tests::probe::Probe;

/// A value that fits a path parameter and exists in the seed data.
fn existing(parameter: &Parameter) -> String {
    match &parameter.definition["x-example"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn path_with(operation: &Operation, value: impl Fn(&Parameter) -> String) -> String {
    let mut path = operation.template.clone();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == "path") {
        path = path.replace(&format!("{{{}}}", parameter.name), &value(parameter));
    }
    path
}

fn required_query(operation: &Operation) -> String {
    let parameters =
        operation.parameters.iter().filter(|parameter| parameter.location == "query" && parameter.required);
    let pairs: Vec<String> = parameters
        .map(|parameter| match parameter.definition["x-example"].as_str() {
            Some(example) => format!("{}={example}", parameter.name),
            None => format!("{}=production", parameter.name),
        })
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn body_example(operation: &Operation) -> Value {
    let document: Value = serde_json::from_str(SWAGGER).unwrap();
    let definition = &document["paths"][&operation.template][operation.method.to_lowercase()];
    let parameters = definition["parameters"].as_array().into_iter().flatten();
    let body =
        parameters.map(|parameter| resolve(&document, parameter)).find(|parameter| parameter["in"] == "body");
    body.map_or(Value::Null, |parameter| parameter["schema"]["example"].clone())
}

async fn call(probe: &Probe, operation: &Operation, path: &str, body: Value) -> Answer {
    if !operation.takes_form {
        return probe.call(&operation.method, path, body).await;
    }
    let form = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"scan.xml\"\r\n\r\n<scan/>\r\n--b--\r\n";
    let request = probe.request(Some(&probe.demo.keys().user), &operation.method, path);
    probe.send(request.header("content-type", "multipart/form-data; boundary=b").body(form)).await
}

/// Calls an operation with the document's own examples and the seed data.
pub(crate) async fn perform_example(probe: &Probe, operation: &Operation) -> Answer {
    let path = path_with(operation, existing) + &required_query(operation);
    call(probe, operation, &path, body_example(operation)).await
}

fn contract() -> Contract {
    Contract::load(&FaultSet::none()).unwrap()
}

#[test]
fn every_operation_has_a_handler() {
    let contract = contract();
    assert!(contract.operations().len() >= 34);
    for operation in contract.operations() {
        assert!(handler(&operation.key).is_some(), "{}", operation.key);
    }
}

/// Every example in the document fits the schema it stands in.
#[test]
fn examples_fit_their_schemas() {
    let document: Value = serde_json::from_str(SWAGGER).unwrap();
    for (name, definition) in document["definitions"].as_object().unwrap() {
        let schema = resolve(&document, definition);
        let validator = crate::demo::contract::compile(&schema, name.clone()).unwrap();
        let example = definition.get("example").unwrap_or_else(|| panic!("{name} has no example"));
        let errors: Vec<String> = validator.iter_errors(example).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

/// Only the regenerating calls are done last: they end the keys the others use.
#[tokio::test]
async fn happy_paths_conform() {
    let probe = Probe::start("none").await;
    let contract = contract();
    let (last, rest): (Vec<_>, Vec<_>) = contract.operations().iter().partition(|operation| {
        operation.method == "DELETE" || operation.key.ends_with("/key") || operation.key.ends_with("/apikey")
    });
    let mut last = last;
    // Children before parents, and the administrator's own key at the very end.
    last.sort_by_key(|operation| (operation.key.ends_with("/apikey"), usize::MAX - operation.template.len()));
    for operation in rest.into_iter().chain(last) {
        let path = path_with(operation, existing) + &required_query(operation);
        let answer = call(&probe, operation, &path, body_example(operation)).await;
        assert!((200..300).contains(&answer.status), "{}: {answer:?}", operation.key);
        probe.conforms(&operation.method, &operation.template, &answer);
    }
}

#[tokio::test]
async fn unknown_names_in_paths_are_answered_404() {
    let probe = Probe::start("none").await;
    let absent =
        |parameter: &Parameter| match (parameter.name.as_str(), parameter.definition["type"].as_str()) {
            ("project_id", _) => "1".to_owned(),
            (_, Some("integer")) => "2147483647".to_owned(),
            _ => "F-9".to_owned(),
        };
    for operation in contract().operations() {
        let own = operation.parameters.iter().filter(|parameter| parameter.location == "path");
        if own.clone().count() > 0 {
            let absent: &dyn Fn(&Parameter) -> String =
                if own.count() > 1 || !operation.template.contains("project_id") {
                    &absent
                } else {
                    &|_| "77".to_owned()
                };
            let path = path_with(operation, absent) + &required_query(operation);
            let answer = call(&probe, operation, &path, body_example(operation)).await;
            assert_eq!(answer.status, 404, "{}: {answer:?}", operation.key);
            probe.conforms(&operation.method, &operation.template, &answer);
        }
    }
}

#[tokio::test]
async fn values_outside_the_schema_are_refused() {
    let probe = Probe::start("none").await;
    for operation in contract().operations() {
        let base = path_with(operation, existing);
        for parameter in &operation.parameters {
            let bad: &[&str] = match (parameter.location.as_str(), parameter.definition["type"].as_str()) {
                ("path", Some("integer")) => {
                    &["0", "-1", "abc", "1.0", "2147483648", "99999999999999999999", "%31%20", "%FF"]
                }
                ("path", _) => &["a%2Fb", "-", "%00", "%FF"],
                ("query", Some("integer")) => &["", "abc", "-1", "1.5", "+1", "1e2", "2147483648"],
                ("query", Some("boolean")) => &["", "1", "True", "yes"],
                ("query", Some("array")) => &["", "%FF", "%2C"],
                ("query", _) if parameter.definition["enum"].is_array() => &["", "none", "host"],
                ("query", _) if parameter.definition["format"] == "date" => {
                    &["", "2026-02-30", "2026-1-1", "today", "2026-01-01T00:00:00Z", "20260101"]
                }
                ("query", _) if parameter.definition["format"] == "ipv4" => &["", "10.0.0", "10.0.0.256"],
                ("query", _) => &["", "%FF"],
                _ => &[],
            };
            for value in bad {
                let path = if parameter.location == "path" {
                    let other = |each: &Parameter| {
                        if each.name == parameter.name { (*value).to_owned() } else { existing(each) }
                    };
                    path_with(operation, other) + &required_query(operation)
                } else {
                    let others =
                        required_query(operation).replace(&format!("{}=", parameter.name), "unused=");
                    let joint = if others.is_empty() { '?' } else { '&' };
                    format!("{base}{others}{joint}{}={value}", parameter.name)
                };
                let answer = call(&probe, operation, &path, body_example(operation)).await;
                assert_eq!(answer.status, 422, "{} {path}: {answer:?}", operation.key);
                probe.conforms(&operation.method, &operation.template, &answer);
            }
            if parameter.location == "query" && parameter.definition["type"] != "array" {
                let path = format!("{base}?{0}=1&{0}=1", parameter.name);
                let answer = call(&probe, operation, &path, body_example(operation)).await;
                assert_eq!(answer.status, 422, "{} {path}", operation.key);
            }
        }
    }
}

/// For every body: each property in turn gets a value of the wrong type, each required one is left out.
#[tokio::test]
async fn bodies_outside_the_schema_are_refused() {
    let probe = Probe::start("none").await;
    let mut tried = 0;
    for operation in contract().operations().iter().filter(|operation| operation.body.is_some()) {
        let path = path_with(operation, existing);
        let good = body_example(operation);
        let mut bad = vec![json!([]), json!("text"), json!(1)];
        let mut extra = good.clone();
        extra["surprise"] = json!(true);
        bad.push(extra);
        for name in good.as_object().unwrap().keys() {
            let mut wrong = good.clone();
            wrong[name] = json!({"wrong": ["type"]});
            bad.push(wrong);
            let mut without = good.clone();
            without.as_object_mut().unwrap().remove(name);
            if !operation.body.as_ref().unwrap().is_valid(&without) {
                bad.push(without);
            }
        }
        for body in bad {
            let answer = call(&probe, operation, &path, body.clone()).await;
            assert_eq!(answer.status, 422, "{} {body}: {answer:?}", operation.key);
            probe.conforms(&operation.method, &operation.template, &answer);
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} bodies were tried");
}

/// Equal requests to two fresh instances get equal answers, byte for byte.
#[tokio::test]
async fn answers_are_the_same_at_each_start() {
    let (left, right) = (Probe::start("none").await, Probe::start("none").await);
    for operation in contract().operations().iter().filter(|operation| operation.method != "DELETE") {
        if operation.key.ends_with("/apikey") {
            continue;
        }
        let path = path_with(operation, existing) + &required_query(operation);
        let one = call(&left, operation, &path, body_example(operation)).await;
        let two = call(&right, operation, &path, body_example(operation)).await;
        assert_eq!((one.status, one.body), (two.status, two.body), "{}", operation.key);
    }
}
