//! Findings of several calls: told by the calls that matter, with bodies that hold what matters.

use crate::client::{Outcome, Scripted};
use crate::engine::tests::scene::{Scene, Told, bare, document};
use crate::exchange::Request;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Things with a note and a size, which may be replaced. What is wrong with them is up to `lives`, which says whether
/// a thing survives its deletion: it is given what the thing was made with, and whether it was replaced since.
async fn walk(lives: fn(&Value, bool) -> bool) -> Told {
    let mut document = document();
    let input = json!({
        "type": "object", "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 9},
            "note": {"type": "string", "maxLength": 9},
            "size": {"type": "integer", "minimum": 0, "maximum": 9},
        },
    });
    let body = json!({"required": true, "content": {"application/json": {"schema": input}}});
    document["paths"]["/things"]["post"]["requestBody"] = body.clone();
    let answers = document["paths"]["/things/{id}"]["get"]["responses"].clone();
    document["paths"]["/things/{id}"]["put"] = json!({"requestBody": body, "responses": answers});
    // By number: how it is, how it was made, whether it was replaced, whether it is to be gone.
    let mut things: BTreeMap<i64, (Value, Value, bool)> = BTreeMap::new();
    let mut next = 0;
    let mut scene = Scene::default();
    scene.options.shrink_requests = 24;
    let answer = move |request: &Request, _| -> Outcome {
        let url = url::Url::parse(&request.url).expect("a URL");
        let id = url.path().strip_prefix("/things/").map(|id| id.parse::<i64>().unwrap_or(0));
        let sent = request.body.as_ref().and_then(|body| serde_json::from_slice::<Value>(body.bytes()).ok());
        let limit = url.query_pairs().find(|(name, _)| name == "limit").map(|(_, value)| value.into_owned());
        let is_json = request.headers.iter().any(|(n, v)| n == "content-type" && v == "application/json");
        let valid = |body: &Value| {
            let short = |name: &str| body[name].as_str().is_some_and(|text| text.chars().count() <= 9);
            short("name")
                && (body.get("note").is_none() || short("note"))
                && (body.get("size").is_none() || body["size"].as_i64().is_some_and(|n| (0..=9).contains(&n)))
        };
        match (request.method.as_str(), id) {
            ("POST" | "PUT", _) if !is_json => bare(415),
            ("POST" | "PUT", _) if !sent.as_ref().is_some_and(valid) => Scripted::json(400, &json!({})),
            ("POST", _) => {
                next += 1;
                let mut thing = sent.expect("it is valid");
                let made = thing.clone();
                thing["id"] = next.into();
                things.insert(next, (thing.clone(), made, false));
                Scripted::json(201, &thing)
            }
            ("GET", None) if url.path() == "/things" => {
                Scripted::json(200, &things.values().map(|(thing, ..)| thing.clone()).collect())
            }
            ("GET", None) => match limit.map(|limit| limit.parse::<i64>()) {
                None | Some(Ok(1..=50)) => Scripted::json(200, &json!({})),
                Some(_) => Scripted::json(400, &json!({})),
            },
            (method, Some(id)) => match things.get_mut(&id) {
                None => Scripted::json(404, &json!({})),
                Some((thing, ..)) if method == "GET" => Scripted::json(200, thing),
                Some((_, made, replaced)) if method == "DELETE" => {
                    if !lives(made, *replaced) {
                        things.remove(&id);
                    }
                    bare(204)
                }
                Some(_) if method != "PUT" => bare(501),
                Some((thing, _, replaced)) => {
                    *replaced = true;
                    *thing = sent.expect("it is valid");
                    thing["id"] = id.into();
                    Scripted::json(200, thing)
                }
            },
            _ => bare(501),
        }
    };
    scene.walk(document, answer).await
}

/// Methods of the calls and the bodies that were sent.
#[track_caller]
fn check(told: &Told, expected: &[(&str, Value)]) {
    let findings = told.findings();
    let finding = findings.iter().find(|f| f.rule == "deleted-resource-available").expect("it is found");
    let calls: Vec<(&str, Value)> = finding
        .evidence
        .iter()
        .map(|exchange| {
            let body = exchange.request.body.as_ref();
            let sent = body.and_then(|body| serde_json::from_slice(body.bytes()).ok()).unwrap_or_default();
            (exchange.request.method.as_str(), sent)
        })
        .collect();
    assert_eq!(calls, expected, "{}", finding.detail);
    let lines: Vec<&str> = finding.detail.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{}", finding.detail);
    assert_eq!(finding.reproduce.matches("curl").count(), expected.len(), "{}", finding.reproduce);
}

#[tokio::test]
async fn a_story_has_the_calls_that_matter_and_no_more() {
    let told = walk(|_, _| true).await;
    check(&told, &[("POST", json!({"name": ""})), ("DELETE", Value::Null), ("GET", Value::Null)]);
}

#[tokio::test]
async fn a_call_that_matters_stays_though_the_rule_does_not_tell_it() {
    let told = walk(|_, replaced| replaced).await;
    let expected = [
        ("POST", json!({"name": ""})),
        ("PUT", json!({"name": ""})),
        ("DELETE", Value::Null),
        ("GET", Value::Null),
    ];
    check(&told, &expected);
}

#[tokio::test]
async fn a_property_that_matters_stays() {
    let told = walk(|made, _| made.get("note").is_some()).await;
    check(&told, &[("POST", json!({"name": "", "note": ""})), ("DELETE", Value::Null), ("GET", Value::Null)]);
}

#[tokio::test]
async fn nothing_of_a_story_is_left_behind_unsaid() {
    let told = walk(|_, _| false).await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
    assert_eq!(told.outcome.counts.created, told.outcome.counts.removed);
    let told = walk(|made, _| made.get("note").is_some()).await;
    let counts = &told.outcome.counts;
    assert!(counts.removed == counts.created, "what says it is gone counts as gone: {counts:?}");
}
