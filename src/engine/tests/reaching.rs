//! How far a walk gets with servers that want more than their document says.

use crate::client::Scripted;
use crate::engine::tests::scene::{Scene, bare};
use crate::exchange::Request;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Bookings, created and removed, with ids of this schema.
fn document(id: &Value) -> Value {
    let answers = |status: &str, schema: &Value| {
        let content = json!({"application/json": {"schema": schema}});
        json!({status: {"description": "", "content": content}, "4XX": {"description": ""}, "500": {"description": ""}})
    };
    let booking = json!({"type": "object", "required": ["id"], "properties": {"id": id}});
    let input = json!({"type": "object", "required": ["room", "startsAt", "endsAt"], "properties": {
        "room": {"type": "integer", "minimum": 1, "maximum": 9},
        "startsAt": {"type": "string", "format": "date-time"}, "endsAt": {"type": "string", "format": "date-time"}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Bookings", "version": "1"},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
        "security": [{"key": []}],
        "paths": {
            "/bookings": {"post": {
                "requestBody": {"required": true, "content": {"application/json": {"schema": input}}},
                "responses": answers("201", &booking),
            }},
            "/bookings/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": id}],
                "get": {"responses": answers("200", &booking)},
                "delete": {"responses": answers("200", &json!({}))},
            },
        },
    })
}

/// Keeps to the document and takes no booking that ends before 2030; `id` names the n-th one. Whoever deletes what is
/// not there meets a crash.
fn server(
    id: fn(usize) -> Value,
    lax: bool,
) -> impl FnMut(&Request, u64) -> crate::client::Outcome + Send + 'static {
    let (mut kept, mut made) = (BTreeSet::new(), 0);
    move |request, _| {
        let url = url::Url::parse(&request.url).expect("a URL");
        let name = url.path().strip_prefix("/bookings/").map(str::to_owned);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match (request.method.as_str(), name) {
            ("POST", None) => {
                let json = ("content-type".to_owned(), "application/json".to_owned());
                if !request.headers.contains(&json) {
                    return bare(415);
                }
                let body =
                    request.body.as_ref().and_then(|b| serde_json::from_slice::<Value>(b.bytes()).ok());
                let Some(body) = body else { return bare(400) };
                let moment =
                    |name: &str| body[name].as_str().filter(|t| t.parse::<jiff::Timestamp>().is_ok());
                let (Some(starts), Some(ends)) = (moment("startsAt"), moment("endsAt")) else {
                    return bare(400);
                };
                let room = body["room"].as_i64().is_some_and(|room| (1..=9).contains(&room) || lax);
                if !room || starts >= ends || ends < "2030" {
                    return bare(400);
                }
                made += 1;
                kept.insert(text(&id(made)));
                Scripted::json(201, &json!({"id": id(made)}))
            }
            ("GET", Some(name)) if kept.contains(&name) => {
                let own = (1..=made).map(id).find(|own| text(own) == name);
                Scripted::json(200, &json!({"id": own}))
            }
            ("DELETE", Some(name)) if !name.contains('-') && name.parse::<u32>().is_err() => bare(400),
            ("DELETE", Some(name)) => {
                if kept.remove(&name) {
                    Scripted::json(200, &json!({}))
                } else {
                    bare(500)
                }
            }
            (_, Some(_)) => bare(404),
            (_, None) => bare(404),
        }
    }
}

fn number(made: usize) -> Value {
    made.into()
}

fn uuid(made: usize) -> Value {
    format!("7c9e6679-7425-40de-944b-{made:012x}").into()
}

#[tokio::test]
async fn what_must_lie_in_the_future_is_created_and_then_really_tested() {
    let integer = json!({"type": "integer", "minimum": 1});
    let told = Scene::default().walk(document(&integer), server(number, true)).await;
    let first: Vec<&String> = told.sent.iter().filter(|line| line.starts_with("POST")).take(2).collect();
    assert_eq!(first.len(), 2);
    let account = told.accounts().into_iter().find(|a| a.operation.as_str() == "POST /bookings").cloned();
    let served = account.expect("an account").statuses.get(&201).copied().unwrap_or_default();
    assert!(served > 10, "valid requests get through, not one or two by chance: {served}");
    let expected = "negative-data-accepted POST /bookings: persistent".to_owned();
    assert!(told.verdicts().contains(&expected), "{:#?}", told.verdicts());
}

#[tokio::test]
async fn what_never_existed_is_deleted_where_its_id_cannot_be_anybodys() {
    let text = json!({"type": "string"});
    let told = Scene::default().walk(document(&text), server(uuid, false)).await;
    assert_eq!(told.verdicts(), ["server-error DELETE /bookings/{id}: persistent"]);
    let own = |line: &&String| line.starts_with("DELETE") && !line.contains("/7c9e6679-7425-40de-944b-");
    let strangers: BTreeSet<&String> = told.sent.iter().filter(own).collect();
    assert_eq!(strangers.len(), 1, "{strangers:?}");
}

#[tokio::test]
async fn what_may_be_anybodys_is_never_deleted() {
    let integer = json!({"type": "integer", "minimum": 1});
    let told = Scene::default().walk(document(&integer), server(number, false)).await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
}

/// Fails at every charset but UTF-8, and at whatever else `broken` says.
async fn crashes(broken: fn(&Request) -> bool) -> Vec<String> {
    let mut lawful = server(number, false);
    let integer = json!({"type": "integer", "minimum": 1});
    let told = Scene::default()
        .walk(document(&integer), move |request, number| {
            let odd = |(name, value): &(String, String)| {
                name == "content-type" && value.contains("charset=specwarden")
            };
            if request.headers.iter().any(odd) || broken(request) {
                bare(500)
            } else {
                lawful(request, number)
            }
        })
        .await;
    told.findings().iter().map(|finding| finding.title.clone()).collect()
}

#[tokio::test]
async fn a_crash_at_a_header_is_told_apart_unless_everything_fails() {
    let charset = "answers 500 to an unusual request (a charset that does not exist in header Content-Type)";
    assert_eq!(crashes(|_| false).await, [charset]);
    let sixth =
        |request: &Request| request.body.as_ref().is_some_and(|body| body.bytes().starts_with(b"null"));
    let plain = "answers 500 to an invalid request (null, which is not allowed in body)";
    assert_eq!(crashes(sixth).await, [plain, charset]);
    let all = |request: &Request| request.method.as_str() == "POST";
    assert_eq!(crashes(all).await, ["answers 500 to a valid request"]);
}

/// Labels that a client names itself.
fn labels() -> Value {
    let label = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}});
    let content = json!({"application/json": {"schema": label}});
    let answers =
        |status: &str| json!({status: {"description": "", "content": content}, "4XX": {"description": ""}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Labels", "version": "1"},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
        "security": [{"key": []}],
        "paths": {
            "/labels": {"post": {"requestBody": {"required": true, "content": content}, "responses": answers("201")}},
            "/labels/{name}": {
                "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}],
                "get": {"responses": answers("200")},
                "delete": {"responses": {"204": {"description": ""}, "4XX": {"description": ""}}},
            },
        },
    })
}

/// A night among labels, some of which are there already: every name that it was asked for, and how many it made.
async fn night_among(taken: BTreeSet<String>) -> (BTreeSet<String>, usize) {
    let asked = std::sync::Arc::new(std::sync::Mutex::new((BTreeSet::new(), 0)));
    let (told, mut kept) = (std::sync::Arc::clone(&asked), taken.clone());
    let heard = Scene::default()
        .walk(labels(), move |request, _| {
            let url = url::Url::parse(&request.url).expect("a URL");
            let path = url.path().strip_prefix("/labels/").map(str::to_owned);
            let body = request.body.as_ref().and_then(|b| serde_json::from_slice::<Value>(b.bytes()).ok());
            let name = body.as_ref().and_then(|body| body["name"].as_str()).unwrap_or_default().to_owned();
            let is_json =
                request.headers.contains(&("content-type".to_owned(), "application/json".to_owned()));
            match (request.method.as_str(), path) {
                ("POST", None) if !is_json => bare(415),
                ("POST", None) if name.is_empty() => bare(400),
                ("POST", None) => {
                    let mut asked = told.lock().expect("nobody panicked");
                    asked.0.insert(name.clone());
                    if !kept.insert(name.clone()) {
                        return bare(409);
                    }
                    asked.1 += 1;
                    Scripted::json(201, &json!({"name": name}))
                }
                ("GET" | "HEAD", Some(name)) if kept.contains(&name) => {
                    Scripted::json(200, &json!({"name": name}))
                }
                ("DELETE", Some(name)) if kept.remove(&name) => bare(204),
                _ => bare(404),
            }
        })
        .await;
    assert!(!heard.sent.is_empty());
    let asked = asked.lock().expect("nobody panicked");
    (asked.0.clone(), asked.1)
}

/// Equal seeds give things equal names; where an earlier night left those behind, the next one finds others.
#[tokio::test]
async fn names_are_those_of_the_seed_until_they_are_taken() {
    let (first, made) = night_among(BTreeSet::new()).await;
    assert!(made > 3, "{made}");
    let (again, _) = night_among(BTreeSet::new()).await;
    assert_eq!(first, again);
    let (_, made) = night_among(first).await;
    assert!(made > 3, "{made}");
}
