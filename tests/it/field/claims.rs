//! Things that the client names: a `PUT` at a path where nothing is makes one, and never touches what is there.

use super::traps::{Asked, Loose, blames_nobody, refused, stays_silent, unknown_caller};
use crate::conforming::{Reply, night, object, openapi, operation, query, with};
use serde_json::{Value, json};
use specwarden::event::IncidentKind;
use specwarden::plan::Safety;
use specwarden::report::Night;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Boxes that were there before the run.
const STRANGERS: &[&str] = &["a", "b", "sample", "string", "x", "0", "specwarden", "default"];

/// What a server makes of a `PUT`.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// What is new is made, and named by the path whatever the body says.
    Makes,
    /// What was made is not there: a defect.
    Loses,
    /// Only what is there is replaced.
    Replaces,
    /// There is a box of every name, empty until it is written.
    Always,
}

/// Boxes, the things in them, and who touched what of strangers.
#[derive(Default)]
struct Store {
    boxes: BTreeMap<String, Value>,
    things: BTreeMap<(String, String), Value>,
    stamps: BTreeSet<(String, String)>,
    /// How many stamps there ever were.
    stamped: u32,
    hurt: BTreeSet<String>,
    /// How often each method was sent to each path.
    asked: BTreeMap<String, u64>,
}

fn document() -> Value {
    let named = |names: &[&str]| -> Value {
        let schema = json!({"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[a-zA-Z0-9-]+$"});
        let one = |name: &&str| json!({"name": name, "in": "path", "required": true, "schema": schema});
        names.iter().map(one).collect()
    };
    let item = |names: &[&str], kind: &str| {
        json!({
            "parameters": named(names),
            "get": operation("", &[("200", kind)]),
            "put": operation(kind, &[("200", kind), ("201", kind)]),
            "delete": operation("", &[("204", "")]),
        })
    };
    // A box that is asked for as what it is not is refused, though the document knows both kinds.
    let kinds = json!({"type": "string", "enum": ["flat", "tall"]});
    let mut one = item(&["name"], "Box");
    one["get"] = with(one["get"].clone(), json!([query("kind", kinds.clone())]));
    // What `Location` names need not be readable.
    let stamps = json!({"parameters": named(&["name"]), "post": operation("", &[("201", "Stamp")])});
    let stamp = json!({"parameters": named(&["name", "stamp"]), "delete": operation("", &[("204", "")])});
    let mut kind = kinds;
    kind["readOnly"] = true.into();
    let text = |most: u32| json!({"type": "string", "maxLength": most});
    openapi(
        "Boxes",
        json!({
            "/boxes": {"get": operation("", &[("200", "[Box]")])},
            "/boxes/{name}": one,
            "/boxes/{name}/stamps": stamps,
            "/boxes/{name}/stamps/{stamp}": stamp,
            "/boxes/{name}/things/{thing}": item(&["name", "thing"], "Thing"),
        }),
        json!({
            "Box": object(1, json!({"colour": text(9), "label": text(40), "kind": kind})),
            "Stamp": object(1, json!({"stamp": text(40)})),
            "Thing": object(1, json!({"size": {"type": "integer", "minimum": 0, "maximum": 99}})),
        }),
    )
}

fn server(way: Way, store: &Arc<Mutex<Store>>) -> impl FnMut(&Asked) -> Reply + Send + 'static {
    let store = Arc::clone(store);
    for name in STRANGERS {
        let stranger = json!({"colour": "red", "label": name, "kind": "flat"});
        store.lock().expect("no panic").boxes.insert((*name).to_owned(), stranger);
    }
    move |asked: &Asked| {
        if !asked.known {
            return unknown_caller();
        }
        let mut store = store.lock().expect("no panic");
        // Which stamp has which number is up to who was first.
        if !asked.head.path.contains("/stamps/") {
            *store.asked.entry(format!("{} {}", asked.head.method, asked.head.path)).or_default() += 1;
        }
        let is_json = asked.head.headers.get("content-type").is_some_and(|sent| sent.contains("json"));
        let fits = |name: &str| {
            (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let body = || asked.json().filter(Value::is_object);
        match asked.route() {
            ("GET", path) if path == ["boxes"] => Reply::json(200, &store.boxes.values().cloned().collect()),
            (_, path) if !path.iter().skip(1).all(|name| fits(name)) => refused(400),
            ("PUT", _) if !is_json => refused(415),
            (method, path) => match *path.as_slice() {
                ["boxes", name] => {
                    let there = store.boxes.contains_key(name) || way == Way::Always;
                    if matches!(method, "PUT" | "POST" | "PATCH" | "DELETE") && STRANGERS.contains(&name) {
                        store.hurt.insert(format!("{method} {name}"));
                    }
                    let short = |body: &Value, part: &str, most: usize| {
                        body.get(part)
                            .is_none_or(|text| text.as_str().is_some_and(|text| text.chars().count() <= most))
                    };
                    match (method, body()) {
                        ("GET", _) if there => {
                            if asked.first("kind").is_some_and(|kind| kind != "flat") {
                                return refused(400);
                            }
                            let empty = json!({"colour": "none", "kind": "flat"});
                            Reply::json(200, store.boxes.get(name).unwrap_or(&empty))
                        }
                        ("DELETE", _) if there => {
                            store.boxes.remove(name);
                            store.things.retain(|(outer, _), _| outer != name);
                            store.stamps.retain(|(outer, _)| outer != name);
                            Reply::empty(204)
                        }
                        ("PUT", _) if !there && way == Way::Replaces => refused(404),
                        ("PUT", Some(mut body))
                            if body["colour"].is_string()
                                && short(&body, "colour", 9)
                                && short(&body, "label", 40) =>
                        {
                            body["kind"] = "flat".into();
                            // The path names it.
                            if body.get("label").is_some() {
                                body["label"] = name.into();
                            }
                            if way != Way::Loses {
                                store.boxes.insert(name.to_owned(), body.clone());
                            }
                            Reply::json(if there { 200 } else { 201 }, &body)
                        }
                        ("PUT", _) => refused(400),
                        ("GET" | "DELETE", _) => refused(404),
                        _ => refused(405).header("allow", "GET, PUT, DELETE"),
                    }
                }
                ["boxes", name, "stamps"] if method == "POST" && store.boxes.contains_key(name) => {
                    store.stamped += 1;
                    let stamp = format!("s{}", store.stamped);
                    store.stamps.insert((name.to_owned(), stamp.clone()));
                    let place = format!("/boxes/{name}/stamps/{stamp}");
                    Reply::json(201, &json!({"stamp": stamp})).header("location", &place)
                }
                ["boxes", name, "stamps", stamp] if method == "DELETE" => {
                    let gone = store.stamps.remove(&(name.to_owned(), stamp.to_owned()));
                    if gone { Reply::empty(204) } else { refused(404) }
                }
                ["boxes", _, "stamps", ..] if !matches!(method, "POST" | "DELETE") => {
                    let allowed = if path.len() > 3 { "DELETE" } else { "POST" };
                    refused(405).header("allow", allowed)
                }
                ["boxes", name, "things", thing] if store.boxes.contains_key(name) => {
                    if matches!(method, "PUT" | "POST" | "PATCH" | "DELETE") && STRANGERS.contains(&name) {
                        store.hurt.insert(format!("{method} {name}/{thing}"));
                    }
                    let key = (name.to_owned(), thing.to_owned());
                    match (method, body()) {
                        ("GET", _) => {
                            store.things.get(&key).map_or_else(|| refused(404), |t| Reply::json(200, t))
                        }
                        ("DELETE", _) => match store.things.remove(&key) {
                            Some(_) => Reply::empty(204),
                            None => refused(404),
                        },
                        ("PUT", Some(body))
                            if body["size"]
                                .as_f64()
                                .is_some_and(|s| s.fract() == 0.0 && (0.0..=99.0).contains(&s)) =>
                        {
                            let old = store.things.insert(key, body.clone());
                            Reply::json(if old.is_some() { 200 } else { 201 }, &body)
                        }
                        ("PUT", _) => refused(400),
                        _ => refused(405).header("allow", "GET, PUT, DELETE"),
                    }
                }
                ["boxes", _, "stamps"] => refused(404),
                _ if matches!(method, "GET" | "PUT" | "DELETE") => refused(404),
                _ => refused(405).header("allow", "GET"),
            },
        }
    }
}

/// A night against it, and what is there afterwards beside what strangers had.
async fn boxes(way: Way, seed: u64) -> (Night, Vec<String>) {
    let store = Arc::new(Mutex::new(Store::default()));
    let night =
        night(Loose { document: document(), answer: server(way, &store) }, seed, 4, Safety::OwnResources)
            .await;
    let store = store.lock().expect("no panic");
    assert_eq!(store.hurt, BTreeSet::new(), "seed {seed}");
    let left = store.boxes.keys().filter(|name| !STRANGERS.contains(&name.as_str())).cloned();
    let inner = store.things.keys().chain(&store.stamps);
    let left = left.chain(inner.map(|(outer, thing)| format!("{outer}/{thing}"))).collect();
    (night, left)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_put_goes_to_a_path_of_its_own_and_never_to_somebody_elses() {
    for seed in 1..=3 {
        let (night, left) = boxes(Way::Makes, seed).await;
        stays_silent(&night);
        blames_nobody(&night);
        assert_eq!(left, Vec::<String>::new());
        let leftovers = night.incidents.iter().filter(|i| i.kind == IncidentKind::Leftover).count();
        assert_eq!(leftovers, 0, "{:#?}", night.incidents);
        // Its life was really led.
        let put = night.operations.iter().find(|o| o.operation.as_str() == "PUT /boxes/{name}");
        let checks = &put.expect("it was asked").checks;
        for rule in ["created-resource-missing", "update-lost", "put-not-idempotent"] {
            assert!(checks[rule].exercised > 0, "{rule}: {:#?}", checks[rule]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_seeds_put_the_same_with_any_number_of_workers() {
    let mut asked = Vec::new();
    for workers in [1, 8] {
        let store = Arc::new(Mutex::new(Store::default()));
        let habit = Loose { document: document(), answer: server(Way::Makes, &store) };
        night(habit, 5, workers, Safety::OwnResources).await;
        asked.push(store.lock().expect("no panic").asked.clone());
    }
    assert!(asked[0].keys().any(|line| line.starts_with("PUT /boxes/sw")), "{:#?}", asked[0]);
    assert_eq!(asked[0], asked[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_put_made_and_is_not_there_is_told() {
    let (night, _) = boxes(Way::Loses, 1).await;
    let said: Vec<String> = night
        .findings
        .iter()
        .map(|f| format!("{} {}", f.rule, f.operation.as_ref().map(ToString::to_string).unwrap_or_default()))
        .collect();
    assert_eq!(said, ["created-resource-missing PUT /boxes/{name}"], "{:#?}", super::told(&night));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_put_where_something_may_be_and_a_put_need_not_create() {
    for way in [Way::Replaces, Way::Always] {
        let (night, left) = boxes(way, 1).await;
        super::is_silent(&night);
        assert_eq!(left, Vec::<String>::new());
        let served = |o: &specwarden::event::OperationReport| {
            o.operation.as_str().starts_with("PUT") && o.statuses.keys().any(|status| *status < 300)
        };
        assert!(!night.operations.iter().any(served), "{:#?}", night.operations);
    }
}
