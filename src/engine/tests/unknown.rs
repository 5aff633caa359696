//! Requests for what does not exist: a crash is told, a refusal is not, and nothing of anybody's is touched.

use crate::client::{Outcome, Scripted};
use crate::engine::tests::scene::{Scene, Told, bare};
use crate::exchange::Request;
use crate::plan::Seed;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NO_TEXT: &str = "no-such-thing";
const NO_UUID: &str = "00000000-0000-4000-8000-000000000000";
const NO_NUMBER: &str = "2147483640";

/// Shelves with books in them, all four methods on a book; names of this schema.
fn document(name: &Value) -> Value {
    let thing = json!({"type": "object", "required": ["id"], "properties": {"id": name, "title": {"type": "string"}}});
    let input = json!({"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "maxLength": 9}}});
    let answers = |status: &str, schema: Option<&Value>| {
        let mut said =
            json!({status: {"description": ""}, "4XX": {"description": ""}, "500": {"description": ""}});
        if let Some(schema) = schema {
            said[status]["content"] = json!({"application/json": {"schema": schema}});
        }
        said
    };
    let body = json!({"required": true, "content": {"application/json": {"schema": input}}});
    let parameter = |called: &str| json!({"name": called, "in": "path", "required": true, "schema": name});
    let create = json!({"requestBody": body, "responses": answers("201", Some(&thing))});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Shelves", "version": "1"},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
        "security": [{"key": []}],
        "paths": {
            "/shelves": {"post": create},
            "/shelves/{shelf}": {
                "parameters": [parameter("shelf")],
                "delete": {"responses": answers("204", None)},
            },
            "/shelves/{shelf}/books": {"parameters": [parameter("shelf")], "post": create},
            "/shelves/{shelf}/books/{book}": {
                "parameters": [parameter("shelf"), parameter("book")],
                "get": {"responses": answers("200", Some(&thing))},
                "put": {"requestBody": body, "responses": answers("200", Some(&thing))},
                "patch": {"requestBody": body, "responses": answers("200", Some(&thing))},
                "delete": {"responses": answers("204", None)},
            },
        },
    })
}

/// How a server behaves.
#[derive(Clone, Copy)]
struct Habit {
    /// What the n-th thing is called.
    name: fn(i64) -> Value,
    /// Whether a book can be created.
    makes_books: bool,
    /// What a request for a book that is not there is answered.
    unknown: fn(&str) -> u16,
}

/// A server that keeps to [`document`], but for what its habit says.
fn server(habit: Habit) -> impl FnMut(&Request, u64) -> Outcome + Send + 'static {
    let mut made = 0;
    let mut kept: BTreeMap<String, Value> = BTreeMap::new();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut create = move |kept: &mut BTreeMap<String, Value>, above: &str, title: &str| {
        made += 1;
        let id = (habit.name)(made);
        kept.insert(format!("{above}/{}", text(&id)), json!({"id": id, "title": title}));
        Scripted::json(201, &json!({"id": id, "title": title}))
    };
    move |request, _| {
        let url = url::Url::parse(&request.url).expect("a URL");
        let path = url.path().trim_start_matches('/').to_owned();
        let is_json = request.headers.contains(&("content-type".to_owned(), "application/json".to_owned()));
        let body = request.body.as_ref().and_then(|body| serde_json::from_slice::<Value>(body.bytes()).ok());
        let title = body.filter(|_| is_json).and_then(|body| Some(body.get("title")?.as_str()?.to_owned()));
        let title = title.filter(|title| title.chars().count() <= 9);
        let writes = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
        let parts: Vec<&str> = path.split('/').collect();
        let shelf = parts.get(..2).map(|parts| parts.join("/"));
        match (request.method.as_str(), parts.as_slice()) {
            _ if shelf.is_some_and(|shelf| !kept.contains_key(&shelf)) => bare(404),
            ("POST", ["shelves", _, "books"]) if !habit.makes_books => bare(409),
            (method, ["shelves", _, "books", book]) if !kept.contains_key(&path) => {
                bare((habit.unknown)(&format!("{method} {book}")))
            }
            _ if writes && title.is_none() => bare(400),
            ("POST", _) => create(&mut kept, &path, &title.unwrap_or_default()),
            ("DELETE", _) => {
                kept.retain(|known, _| *known != path && !known.starts_with(&format!("{path}/")));
                bare(204)
            }
            ("PUT" | "PATCH", _) => {
                let Some(book) = kept.get_mut(&path) else { return bare(404) };
                book["title"] = json!(title);
                Scripted::json(200, book)
            }
            _ => kept.get(&path).map_or_else(|| bare(404), |thing| Scripted::json(200, thing)),
        }
    }
}

fn word(number: i64) -> Value {
    // No two of them are alike in more than their form.
    json!(format!("w{}q", number * 7919))
}

fn number(number: i64) -> Value {
    json!(number + 40)
}

fn uuid(number: i64) -> Value {
    json!(format!("7c9e6679-7425-40de-944b-{number:012x}"))
}

/// The type of these names.
fn schema(name: fn(i64) -> Value) -> Value {
    if name(1).is_number() { json!({"type": "integer", "minimum": 1}) } else { json!({"type": "string"}) }
}

async fn walk(scene: &Scene, habit: Habit) -> Told {
    scene.walk(document(&schema(habit.name)), server(habit)).await
}

/// Methods of the requests for a book of this name, each once.
fn asked(told: &Told, name: &str) -> Vec<String> {
    let lines = told.sent.iter().filter(|line| line.ends_with(&format!("/books/{name}")));
    let mut methods: Vec<String> =
        lines.filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect();
    methods.sort();
    methods.dedup();
    methods
}

/// 500 to whoever asks with this method for one of the names that nothing has.
fn crash(line: &str, method: &str) -> u16 {
    let unknown = [NO_TEXT, NO_UUID, NO_NUMBER].iter().any(|name| line == format!("{method} {name}"));
    if unknown { 500 } else { 404 }
}

const BOOK: &str = "/shelves/{shelf}/books/{book}";

#[tokio::test]
async fn a_crash_at_what_does_not_exist_is_told_of_each_method_that_may_ask() {
    for (name, unknown) in [(word as fn(i64) -> Value, NO_TEXT), (uuid, NO_UUID)] {
        let calm = Habit { name, makes_books: true, unknown: |_| 404 };
        assert_eq!(asked(&walk(&Scene::default(), calm).await, unknown), ["DELETE", "GET", "PATCH"]);
        let get = Habit { unknown: |line| crash(line, "GET"), ..calm };
        let patch = Habit { unknown: |line| crash(line, "PATCH"), ..calm };
        let delete = Habit { unknown: |line| crash(line, "DELETE"), ..calm };
        for (method, habit) in [("GET", get), ("PATCH", patch), ("DELETE", delete)] {
            for seed in [7, 8] {
                let scene = Scene { seed: Seed(seed), ..Scene::default() };
                let verdicts = walk(&scene, habit).await.verdicts();
                assert_eq!(verdicts, [format!("server-error {method} {BOOK}: persistent")], "seed {seed}");
            }
        }
    }
}

#[tokio::test]
async fn whatever_is_refused_is_refused_well() {
    for unknown in [(|_| 404) as fn(&str) -> u16, |_| 410, |_| 403, |_| 400] {
        let told = walk(&Scene::default(), Habit { name: word, makes_books: true, unknown }).await;
        assert_eq!(told.verdicts(), Vec::<String>::new(), "{}", unknown(""));
    }
    // Nothing is to be done to nothing: some servers are content with that.
    let content = Habit {
        name: word,
        makes_books: true,
        unknown: |line| if line == format!("DELETE {NO_TEXT}") { 204 } else { 404 },
    };
    let told = walk(&Scene::default(), content).await;
    assert_eq!(told.verdicts(), Vec::<String>::new());
}

#[tokio::test]
async fn a_number_may_be_anybodys_and_is_only_asked_for() {
    let habit = Habit { name: number, makes_books: true, unknown: |line| crash(line, "GET") };
    let told = walk(&Scene::default(), habit).await;
    assert_eq!(asked(&told, NO_NUMBER), ["GET"]);
    assert_eq!(told.verdicts(), [format!("server-error GET {BOOK}: persistent")]);
}

#[tokio::test]
async fn where_nothing_can_be_created_nothing_is_asked_for_but_in_a_place_of_the_runs_own() {
    let habit = Habit { name: word, makes_books: false, unknown: |line| crash(line, "DELETE") };
    let told = walk(&Scene::default(), habit).await;
    let verdict = format!("server-error DELETE {BOOK}: persistent");
    assert!(told.verdicts().contains(&verdict), "{:#?}", told.verdicts());
    let methods = asked(&told, NO_TEXT);
    assert!(methods.contains(&"DELETE".to_owned()) && methods.contains(&"PATCH".to_owned()), "{methods:?}");
    // A PUT may create what it names.
    assert!(!methods.contains(&"PUT".to_owned()), "{methods:?}");

    let numbered = Habit { name: number, unknown: |_| 404, ..habit };
    let told = walk(&Scene::default(), numbered).await;
    let changes = |line: &&String| {
        line.contains("/books/") && ["PUT", "PATCH", "DELETE"].iter().any(|method| line.starts_with(method))
    };
    assert_eq!(told.sent.iter().filter(changes).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn what_does_not_exist_is_asked_for_alike_at_any_number_of_workers_and_not_without_a_budget() {
    let habit = Habit { name: word, makes_books: true, unknown: |_| 404 };
    let mut known: Option<Vec<String>> = None;
    for workers in [1, 4, 16] {
        let mut scene = Scene::default();
        scene.options.workers = workers;
        let mut sent = walk(&scene, habit).await.sent;
        sent.sort();
        assert_eq!(*known.get_or_insert_with(|| sent.clone()), sent, "{workers} workers");
    }
    let mut scene = Scene::default();
    scene.options.max_requests = 15;
    let told = walk(&scene, habit).await;
    assert_eq!(asked(&told, NO_TEXT), Vec::<String>::new());
    assert_eq!(told.outcome.counts.created, told.outcome.counts.removed);
}
