//! What can be tested only once one of many requests has created something to test it on.

use crate::client::{Outcome, Scripted};
use crate::engine::tests::scene::{Scene, Told, bare};
use crate::event::IncidentKind;
use crate::exchange::Request;
use crate::plan::Seed;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The only size of a room that is taken: the greatest that the document allows, which no simplest request has.
const SIZE: i64 = 900;
/// Rooms that were there before, by number from 1.
const STRANGERS: i64 = 3;

/// Rooms that are created, changed and removed. With a key or without.
fn document(has_key: bool) -> Value {
    let size = json!({"type": "integer", "minimum": 1, "maximum": SIZE});
    let room = json!({"type": "object", "required": ["id", "size"], "properties": {"id": {"type": "integer"}, "size": size}});
    let answers = |status: &str, schema: &Value| {
        let content = json!({"application/json": {"schema": schema}});
        json!({status: {"description": "", "content": content}, "4XX": {"description": ""}, "500": {"description": ""}})
    };
    let input = |required: Value| {
        let schema = json!({"type": "object", "required": required, "properties": {"size": size}});
        json!({"required": true, "content": {"application/json": {"schema": schema}}})
    };
    let id =
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}});
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Rooms", "version": "1"},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
        "paths": {
            "/rooms": {
                "get": {"responses": answers("200", &json!({"type": "array", "items": room}))},
                "post": {"requestBody": input(json!(["size"])), "responses": answers("201", &room)},
            },
            "/rooms/{id}": {
                "parameters": [id],
                "get": {"responses": answers("200", &room)},
                "patch": {"requestBody": input(json!([])), "responses": answers("200", &room)},
                "delete": {"responses": {"204": {"description": ""}, "4XX": {"description": ""}}},
            },
        },
    });
    if has_key {
        document["security"] = json!([{"key": []}]);
    }
    document
}

/// Whether a room of this size is taken, being the n-th that was asked for.
type Wants = fn(i64, u64) -> bool;

/// What a server of rooms saw: each request with its body, and what happened to rooms that were there before.
#[derive(Default)]
struct Seen {
    requests: Vec<String>,
    hurt: Vec<String>,
}

/// Takes the n-th room that it is asked for if `wants` lets its size through; crashes where a room is changed to the size 1.
fn server(wants: Wants, seen: &Arc<Mutex<Seen>>) -> impl FnMut(&Request, u64) -> Outcome + Send + 'static {
    let seen = Arc::clone(seen);
    let mut asked = 0;
    let mut rooms: BTreeMap<i64, i64> = (1..=STRANGERS).map(|id| (id, 10)).collect();
    move |request, _| {
        let url = url::Url::parse(&request.url).expect("a URL");
        let method = request.method.as_str();
        let text = request.body.as_ref().and_then(|body| body.text()).unwrap_or_default();
        seen.lock().expect("nobody panicked").requests.push(format!("{method} {} {text}", url.path()));
        let is_json = request.headers.contains(&("content-type".to_owned(), "application/json".to_owned()));
        let body = serde_json::from_str::<Value>(text).ok().filter(|body| is_json && body.is_object());
        let size = body.as_ref().and_then(|body| body.get("size"));
        let size = size.map(|size| size.as_i64().filter(|size| (1..=SIZE).contains(size)));
        let shown = |id: i64, size: i64| json!({"id": id, "size": size});
        let id = url.path().strip_prefix("/rooms/").map(|id| id.parse::<i64>().unwrap_or(0));
        if let Some(id) = id.filter(|id| (1..=STRANGERS).contains(id) && !request.method.is_safe()) {
            seen.lock().expect("nobody panicked").hurt.push(format!("{method} {id}"));
        }
        asked += u64::from(method == "POST");
        match (method, id) {
            ("GET", None) => Scripted::json(
                200,
                &rooms.iter().map(|(id, size)| shown(*id, *size)).collect::<Vec<_>>().into(),
            ),
            ("POST", None) => match size.flatten() {
                Some(size) if wants(size, asked) => {
                    let id = 1000 + i64::try_from(asked).expect("few");
                    rooms.insert(id, size);
                    Scripted::json(201, &shown(id, size))
                }
                _ => bare(400),
            },
            (_, Some(id)) if !rooms.contains_key(&id) => bare(404),
            ("GET" | "HEAD", Some(id)) => Scripted::json(200, &shown(id, rooms[&id])),
            ("PATCH", Some(id)) => match (body, size) {
                (None, _) | (_, Some(None)) => bare(400),
                (_, Some(Some(1))) => bare(500),
                (_, size) => {
                    let size = size.flatten().unwrap_or(rooms[&id]);
                    rooms.insert(id, size);
                    Scripted::json(200, &shown(id, size))
                }
            },
            ("DELETE", Some(id)) => {
                rooms.remove(&id);
                bare(204)
            }
            _ => bare(405),
        }
    }
}

/// A night among rooms, of which new ones must be such that `wants` lets them through.
async fn night(scene: &Scene, wants: Wants) -> (Told, Seen) {
    let seen = Arc::default();
    let told = scene.walk(document(scene.options.has_main_key), server(wants, &seen)).await;
    let mut seen = seen.lock().expect("nobody panicked");
    assert_eq!(seen.hurt, Vec::<String>::new(), "what the run did not create stays as it is");
    (told, std::mem::take(&mut seen))
}

fn the_greatest(size: i64, _: u64) -> bool {
    size == SIZE
}

/// More than what is sent before the tests.
fn after_a_while(_: i64, asked: u64) -> bool {
    asked > 12
}

const CRASH: &str = "server-error PATCH /rooms/{id}: persistent";

#[tokio::test]
async fn what_was_created_by_one_of_many_requests_is_tested_after_all() {
    for (seed, wants) in
        [(7, the_greatest as Wants), (7, after_a_while), (8, after_a_while), (9, after_a_while)]
    {
        let scene = Scene { seed: Seed(seed), ..Scene::default() };
        let (told, _) = night(&scene, wants).await;
        let tested: Vec<String> = told.cases_of("late").into_keys().collect();
        // What creates has had its turn, and what exists could be read before.
        assert_eq!(tested, ["DELETE /rooms/{id}", "PATCH /rooms/{id}"], "seed {seed}: {:?}", told.stages());
        assert!(told.verdicts().contains(&CRASH.to_owned()), "seed {seed}: {:#?}", told.verdicts());
        assert!(
            told.accounts().iter().all(|account| account.not_exercised.is_none()),
            "{:#?}",
            told.accounts()
        );
        let counts = &told.outcome.counts;
        assert_eq!(counts.created, counts.removed, "seed {seed}");
    }
}

#[tokio::test]
async fn equal_seeds_send_equal_requests_at_any_number_of_workers() {
    let mut known: Option<(Vec<String>, Vec<String>)> = None;
    for workers in [1, 4, 16] {
        let mut scene = Scene::default();
        scene.options.workers = workers;
        let (told, mut seen) = night(&scene, the_greatest).await;
        assert!(told.stages().contains(&"late"), "{:?}", told.stages());
        seen.requests.sort();
        let found = (seen.requests, told.verdicts());
        let expected = known.get_or_insert_with(|| found.clone());
        assert_eq!(*expected, found, "{workers} workers");
    }
}

#[tokio::test]
async fn nothing_is_late_where_the_simplest_request_creates_or_none_does() {
    let (told, _) = night(&Scene::default(), |_, _| true).await;
    assert!(!told.stages().contains(&"late"), "{:?}", told.stages());
    assert!(told.verdicts().contains(&CRASH.to_owned()), "{:#?}", told.verdicts());

    let (told, seen) = night(&Scene::default(), |_, _| false).await;
    assert!(!told.stages().contains(&"late"), "{:?}", told.stages());
    let sent =
        seen.requests.iter().filter(|line| line.starts_with("PATCH") || line.starts_with("DELETE")).count();
    assert_eq!((sent, told.outcome.counts.created), (0, 0));
    let silent = told.accounts().into_iter().filter(|account| account.not_exercised.is_some());
    let silent: Vec<&str> = silent.map(|account| account.operation.as_str()).collect();
    assert_eq!(silent, ["POST /rooms", "PATCH /rooms/{id}", "DELETE /rooms/{id}"]);
}

#[tokio::test]
async fn whatever_the_budget_is_what_was_not_tested_is_said_and_what_was_created_is_gone() {
    let mut begun = Vec::new();
    for most in (40..180).step_by(10) {
        let mut scene = Scene::default();
        scene.options.max_requests = most;
        let (told, seen) = night(&scene, after_a_while).await;
        assert_eq!(told.outcome.counts.created, told.outcome.counts.removed, "{most}");
        assert!(!told.incidents(IncidentKind::Budget).is_empty(), "{most}");
        for method in ["PATCH", "DELETE"] {
            let account = told.accounts().into_iter().find(|a| a.operation.as_str().starts_with(method));
            let account = account.expect("an account");
            let said = account.not_exercised.is_some();
            assert!(said || !account.cases.is_empty(), "{method} of {most}: {account:#?}");
            if !told.stages().contains(&"late") {
                assert!(said, "{method} of {most}: {account:#?}");
                assert!(!seen.requests.iter().any(|line| line.starts_with("PATCH")), "{:#?}", seen.requests);
            }
        }
        begun.push(told.stages().contains(&"late"));
    }
    assert!(begun.contains(&true) && begun.contains(&false), "{begun:?}");
}

#[tokio::test]
async fn no_key_is_needed_where_none_is_asked_for() {
    let mut scene = Scene::default();
    scene.options.has_main_key = false;
    let (told, _) = night(&scene, the_greatest).await;
    assert!(told.stages().contains(&"late"), "{:?}", told.stages());
    assert!(told.verdicts().contains(&CRASH.to_owned()), "{:#?}", told.verdicts());
}
