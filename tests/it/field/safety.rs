//! What is somebody else's stays as it is, whatever ids a body could carry and whatever a route does with a method.

use super::traps::{Asked, Kept, Loose, refused, unknown_caller};
use crate::conforming::{Reply, night, object, openapi, operation, with};
use serde_json::{Value, json};
use specwarden::event::IncidentKind;
use specwarden::plan::Safety;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Names that were there before the run.
const LABELS: &[&str] = &["red", "blue", "a", "sample", "string", "x"];
/// How many things there were before the run.
const STRANGERS: i64 = 40;

/// What happened to things that were there before the run.
type Hurt = Arc<Mutex<BTreeSet<String>>>;

/// `POST` with the name of something that exists changes it; `PUT` believes the body more than the path.
fn upserts(required: bool, hurt: &Hurt) -> impl FnMut(&Asked) -> Reply + Send + 'static {
    let mut things = Kept::default();
    for number in 1..=STRANGERS {
        things.add(json!({"name": format!("thing {number}")}));
    }
    let mut labels: BTreeMap<String, Value> =
        LABELS.iter().map(|name| ((*name).to_owned(), json!({"name": name, "color": "red"}))).collect();
    let hurt = Arc::clone(hurt);
    move |asked: &Asked| {
        if !asked.known {
            return unknown_caller();
        }
        let is_json = asked.head.headers.get("content-type").is_some_and(|sent| sent.contains("json"));
        let writes = matches!(asked.head.method.as_str(), "POST" | "PUT" | "PATCH");
        let body = asked.json().filter(Value::is_object);
        if writes && (!is_json || body.is_none()) {
            return refused(if is_json { 400 } else { 415 });
        }
        let body = body.unwrap_or_default();
        let hit = |what: String| {
            hurt.lock().expect("no panic").insert(format!("{} {what}", asked.head.method));
        };
        let touch = |id: i64| {
            if id <= STRANGERS {
                hit(format!("thing {id}"));
            }
        };
        let mark = |name: &str| {
            if LABELS.contains(&name) {
                hit(format!("label {name}"));
            }
        };
        match (asked.head.method.as_str(), asked.route().1.as_slice()) {
            ("GET", ["things"]) => Reply::json(200, &things.all()),
            ("GET", ["labels"]) => Reply::json(200, &labels.values().cloned().collect()),
            ("POST", ["things"]) => {
                if !body["name"].is_string() || body.get("id").is_some_and(|id| !id.is_i64()) {
                    return refused(400);
                }
                match body["id"].as_i64() {
                    None if required => refused(400),
                    None => Reply::json(201, &things.add(json!({"name": body["name"]}))),
                    Some(id) => {
                        touch(id);
                        let thing = json!({"id": id, "name": body["name"]});
                        things.things.insert(id, thing.clone());
                        Reply::json(201, &thing)
                    }
                }
            }
            (method, ["things", id]) => {
                let Some(found) = things.get(id).cloned() else { return refused(404) };
                let path = found["id"].as_i64().expect("a number");
                match method {
                    "GET" => Reply::json(200, &found),
                    "DELETE" => {
                        touch(path);
                        things.things.remove(&path);
                        Reply::empty(204)
                    }
                    _ => {
                        if !body["name"].is_string() || body.get("id").is_some_and(|id| !id.is_i64()) {
                            return refused(400);
                        }
                        let meant = body["id"].as_i64().unwrap_or(path);
                        touch(path);
                        touch(meant);
                        let thing = json!({"id": meant, "name": body["name"]});
                        things.things.insert(meant, thing.clone());
                        Reply::json(200, &thing)
                    }
                }
            }
            ("POST", ["labels"]) => match (body["name"].as_str(), body["color"].as_str()) {
                (Some(name), Some(_)) if !name.is_empty() && name.len() <= 40 && !name.contains('/') => {
                    mark(name);
                    let label = json!({"name": name, "color": body["color"]});
                    labels.insert(name.to_owned(), label.clone());
                    Reply::json(201, &label)
                }
                _ => refused(400),
            },
            (method, ["labels", name]) => match labels.get(*name).cloned() {
                None => refused(404),
                Some(label) if method == "GET" => Reply::json(200, &label),
                Some(_) if method == "DELETE" => {
                    mark(name);
                    labels.remove(*name);
                    Reply::empty(204)
                }
                Some(_) if body["color"].is_string() && body["name"].is_string() => {
                    mark(name);
                    mark(body["name"].as_str().unwrap_or_default());
                    let label = json!({"name": body["name"], "color": body["color"]});
                    labels.insert(body["name"].as_str().unwrap_or_default().to_owned(), label.clone());
                    Reply::json(200, &label)
                }
                Some(_) => refused(400),
            },
            _ => refused(405).header("allow", "GET"),
        }
    }
}

fn upserting(required: bool) -> Value {
    let whole = json!({"type": "integer", "format": "int64", "minimum": 1, "example": 10});
    let name = json!({"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[^/]+$"});
    let thing = if required {
        object(2, json!({"id": whole, "name": {"type": "string"}}))
    } else {
        object(1, json!({"name": {"type": "string"}, "id": whole}))
    };
    let label = object(2, json!({"name": name, "color": {"type": "string"}}));
    let parameter = |name: &str, schema: &Value| json!([{"name": name, "in": "path", "required": true, "schema": schema}]);
    let item = |name: &str, schema: &Value, kind: &str| {
        json!({
            "parameters": parameter(name, schema),
            "get": operation("", &[("200", kind)]),
            "put": operation(kind, &[("200", kind)]),
            "delete": operation("", &[("204", "")]),
        })
    };
    let collection = |kind: &str, list: &str| {
        let mut post = operation(kind, &[("201", kind)]);
        if kind == "Thing" {
            post["requestBody"]["content"]["application/json"]["example"] =
                json!({"id": 10, "name": "doggie"});
        }
        json!({"get": operation("", &[("200", list)]), "post": post})
    };
    openapi(
        "Upserts",
        json!({
            "/things": collection("Thing", "[Thing]"),
            "/things/{id}": item("id", &json!({"type": "integer", "minimum": 1}), "Thing"),
            "/labels": collection("Label", "[Label]"),
            "/labels/{name}": item("name", &name, "Label"),
        }),
        json!({"Thing": thing, "Label": label}),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_in_a_body_is_never_somebody_elses() {
    for (seed, required) in [(1, false), (2, true), (3, false)] {
        let hurt = Hurt::default();
        let habit = Loose { document: upserting(required), answer: upserts(required, &hurt) };
        let night = night(habit, seed, 4, Safety::OwnResources).await;
        assert_eq!(*hurt.lock().expect("no panic"), BTreeSet::new(), "seed {seed}");
        let counts = night.outcome.expect("it ended").counts;
        assert_eq!(counts.reached, counts.operations, "{:#?}", night.operations);
        let left = night.incidents.iter().filter(|i| i.kind == IncidentKind::Leftover).count();
        assert_eq!(left, 0, "{:#?}", night.incidents);
    }
}

/// Reads every id in whatever a body is: a server that takes what it can find.
fn ids_in(text: &str) -> Vec<i64> {
    let text = &text.to_ascii_lowercase();
    let mut ids = Vec::new();
    for (at, _) in text.match_indices("id") {
        let rest = &text[at + 2..];
        let value = rest.trim_start_matches(|c: char| "s\"'=:>[] \r\n".contains(c));
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        ids.extend(digits.parse::<i64>().ok().filter(|_| value.len() < rest.len()));
    }
    ids
}

/// Things that are made of wrapped values, forms, parts and XML, whose ids are believed; and an order that merges them.
fn believing(hurt: &Hurt) -> impl FnMut(&Asked) -> Reply + Send + 'static {
    let mut kinds: BTreeMap<String, Kept> = BTreeMap::new();
    for kind in ["boxes", "forms", "papers", "parcels"] {
        let kept = kinds.entry(kind.to_owned()).or_default();
        for _ in 0..STRANGERS {
            kept.add(json!({"name": "a"}));
        }
    }
    let hurt = Arc::clone(hurt);
    move |asked: &Asked| {
        if !asked.known {
            return unknown_caller();
        }
        let (method, path) = asked.route();
        let text = String::from_utf8_lossy(&asked.bytes).into_owned();
        let ids = ids_in(&text);
        if matches!(method, "POST" | "PUT") {
            for id in ids.iter().filter(|id| **id <= STRANGERS) {
                hurt.lock().expect("no panic").insert(format!("{method} {path:?} {text}"));
                assert!(*id >= 0);
            }
        }
        match (method, path.as_slice()) {
            ("POST", ["merge"]) => Reply::empty(if ids.len() < 2 { 400 } else { 204 }),
            ("GET", [kind]) => {
                kinds.get(*kind).map_or_else(|| refused(404), |kept| Reply::json(200, &kept.all()))
            }
            ("POST", [kind]) if text.contains("name") => {
                let Some(kept) = kinds.get_mut(*kind) else { return refused(404) };
                let made = kept.add(json!({"name": "a"}));
                Reply::json(201, &made)
            }
            ("POST", _) => refused(400),
            (method, [kind, id]) => {
                let Some(kept) = kinds.get_mut(*kind) else { return refused(404) };
                let Some(found) = kept.get(id).cloned() else { return refused(404) };
                if matches!(method, "GET" | "HEAD") {
                    return Reply::json(200, &found);
                }
                let id = found["id"].as_i64().expect("a number");
                if id <= STRANGERS {
                    hurt.lock().expect("no panic").insert(format!("{method} {path:?}"));
                }
                kept.things.remove(&id);
                Reply::empty(204)
            }
            _ => refused(405).header("allow", "GET"),
        }
    }
}

fn believing_document() -> Value {
    let whole = json!({"type": "integer", "format": "int64", "minimum": 1, "example": 10});
    let thing = object(1, json!({"name": {"type": "string", "minLength": 1}, "id": whole}));
    let parcel =
        object(1, json!({"data": object(1, json!({"parcel": {"$ref": "#/components/schemas/Thing"}}))}));
    let merge = object(
        2,
        json!({"source_id": whole, "targets": object(1, json!({"boxIds": {
        "type": "array", "minItems": 1, "items": whole}}))}),
    );
    let mut paths = json!({"/merge": {"post": operation("Merge", &[("204", "")])}});
    let id =
        json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}}]);
    for (kind, body, media_type) in [
        ("boxes", "Thing", "application/json"),
        ("forms", "Thing", "application/x-www-form-urlencoded"),
        ("papers", "Thing", "application/xml"),
        ("parcels", "Parcel", "application/json"),
    ] {
        let mut post = operation(body, &[("201", "Thing")]);
        let content = post["requestBody"]["content"]["application/json"].take();
        post["requestBody"]["content"] = json!({media_type: content});
        paths[format!("/{kind}")] = json!({"get": operation("", &[("200", "[Thing]")]), "post": post});
        paths[format!("/{kind}/{{id}}")] = json!({
            "parameters": id,
            "get": operation("", &[("200", "Thing")]),
            "delete": operation("", &[("204", "")]),
        });
    }
    openapi("Believing", paths, json!({"Thing": thing, "Parcel": parcel, "Merge": merge}))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_a_body_is_written_its_ids_are_never_somebody_elses() {
    for seed in [1, 2] {
        let hurt = Hurt::default();
        let habit = Loose { document: believing_document(), answer: believing(&hurt) };
        let night = night(habit, seed, 4, Safety::OwnResources).await;
        assert_eq!(*hurt.lock().expect("no panic"), BTreeSet::new(), "seed {seed}");
        let counts = night.outcome.expect("it ended").counts;
        assert_eq!(counts.reached, counts.operations, "{:#?}", night.operations);
    }
}

/// A route that does not look at the method: a `GET` of it does what the `POST` does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_undocumented_get_creates_is_removed() {
    let id =
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}});
    let paths = json!({
        "/jobs": {"post": operation("", &[("201", "Job")])},
        "/jobs/{id}": {
            "parameters": [id],
            "get": operation("", &[("200", "Job")]),
            "delete": operation("", &[("204", "")]),
        },
        "/fine": {"get": with(operation("", &[("200", "Job")]), json!([]))},
    });
    let document = openapi("Careless", paths, json!({"Job": object(1, json!({"id": {"type": "integer"}}))}));
    let jobs = Arc::new(Mutex::new(Kept::default()));
    let kept = Arc::clone(&jobs);
    let answer = move |asked: &Asked| {
        let mut kept = kept.lock().expect("no panic");
        match (asked.known, asked.head.method.as_str(), asked.route().1.as_slice()) {
            (false, ..) => unknown_caller(),
            (_, "GET" | "HEAD", ["fine"]) => Reply::json(200, &json!({"id": 0})),
            (_, _, ["jobs"]) => Reply::json(201, &kept.add(json!({}))),
            (_, "GET" | "HEAD" | "DELETE", ["jobs", id]) => {
                let Some(found) = kept.get(id).cloned() else { return refused(404) };
                if asked.head.method != "DELETE" {
                    return Reply::json(200, &found);
                }
                kept.things.remove(&found["id"].as_i64().expect("a number"));
                Reply::empty(204)
            }
            _ => refused(405).header("allow", "GET"),
        }
    };
    let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
    let rules: Vec<&str> = night.findings.iter().map(|f| f.rule.as_str()).collect();
    assert!(rules.contains(&"undocumented-method"), "{:#?}", super::told(&night));
    assert_eq!(jobs.lock().expect("no panic").all(), json!([]), "{:#?}", night.incidents);
}
