//! Things that are shown with an `id` and a `name`, of which each operation wants one of the two.

use crate::client::{Outcome, Scripted};
use crate::engine::tests::scene::{Scene, bare};
use crate::exchange::Request;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Name and id of each topic that is there.
type Topics = Arc<Mutex<Vec<(String, String)>>>;

/// The id of the topic that was there before.
const THEIRS: &str = "6f1c0c1e-53d9-4c5b-9c0e-0a4f3c2d1b00";

fn document() -> Value {
    let topic = json!({"type": "object", "required": ["id", "name"], "properties": {
        "id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}}});
    let answers = |schema: &Value| {
        let content = json!({"application/json": {"schema": schema}});
        json!({"200": {"description": "", "content": content}, "4XX": {"description": ""}})
    };
    let input = json!({"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 40}}});
    let name = json!([{"name": "topic", "in": "path", "required": true, "schema": {"type": "string"}}]);
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Topics", "version": "1"},
        "paths": {
            "/topics": {
                "get": {"responses": answers(&json!({"type": "array", "items": topic}))},
                "post": {
                    "requestBody": {"required": true, "content": {"application/json": {"schema": input}}},
                    "responses": answers(&json!({"type": "object"})),
                },
            },
            "/topics/{topic}": {
                "parameters": name,
                "get": {"responses": answers(&topic)},
                "delete": {"responses": answers(&json!({"type": "object"}))},
            },
            "/topics/{topic}/size": {"parameters": name, "get": {"responses": answers(&json!({"type": "integer"}))}},
        },
    })
}

/// What the server does besides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Nothing.
    None,
    /// What is deleted can still be read.
    Keeps,
    /// A creation is answered with the topic that was there first.
    AnswersWithTheOldest,
}

/// Finds topics by their names, and their sizes by their ids.
fn server(topics: &Topics, habit: Habit) -> impl FnMut(&Request, u64) -> Outcome + Send + 'static {
    let topics = Arc::clone(topics);
    let mut made = 0;
    let mut gone: Vec<(String, String)> = Vec::new();
    move |request, _| {
        let mut topics = topics.lock().expect("one thread");
        let shown = |(name, id): &(String, String)| json!({"id": id, "name": name});
        let url = url::Url::parse(&request.url).expect("a URL");
        let decoded = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
        let path: Vec<&str> = decoded.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), path.as_slice()) {
            ("GET", ["topics"]) => Scripted::json(200, &topics.iter().map(shown).collect()),
            ("POST", ["topics"]) => {
                let json = ("content-type".to_owned(), "application/json".to_owned());
                let sent = request.body.as_ref().filter(|_| request.headers.contains(&json));
                let sent = sent.and_then(|body| serde_json::from_slice::<Value>(body.bytes()).ok());
                let object = sent.as_ref().and_then(Value::as_object).filter(|object| object.len() == 1);
                let name = object.and_then(|object| object.get("name")?.as_str());
                let fits = |name: &&str| (1..=40).contains(&name.chars().count()) && !name.contains('/');
                let Some(name) = name.filter(fits) else { return bare(400) };
                if topics.iter().any(|(known, _)| known == name) {
                    return bare(409);
                }
                made += 1;
                topics.push((name.to_owned(), format!("6f1c0c1e-53d9-4c5b-9c0e-0a4f3c2d{made:04x}")));
                match habit {
                    Habit::AnswersWithTheOldest => Scripted::json(200, &shown(&topics[0])),
                    Habit::None | Habit::Keeps => Scripted::json(200, &json!({})),
                }
            }
            ("GET", ["topics", name]) => {
                let late = gone.iter().filter(|_| habit == Habit::Keeps);
                let found = topics.iter().chain(late).find(|(known, _)| known == name);
                found.map_or_else(|| bare(404), |topic| Scripted::json(200, &shown(topic)))
            }
            ("DELETE", ["topics", name]) => match topics.iter().position(|(known, _)| known == name) {
                Some(at) => {
                    gone.push(topics.remove(at));
                    Scripted::json(200, &json!({}))
                }
                None => bare(404),
            },
            ("GET", ["topics", id, "size"]) if topics.iter().any(|(_, known)| known == id) => {
                Scripted::json(200, &json!(0))
            }
            _ => bare(404),
        }
    }
}

async fn night(habit: Habit) -> (Vec<String>, Vec<String>, Topics) {
    let topics: Topics = Arc::new(Mutex::new(vec![("general".to_owned(), THEIRS.to_owned())]));
    let told = Scene::default().walk(document(), server(&topics, habit)).await;
    (told.verdicts(), told.sent, topics)
}

#[tokio::test]
async fn each_operation_is_reached_by_the_name_that_it_wants() {
    let (verdicts, sent, topics) = night(Habit::None).await;
    assert_eq!(verdicts, Vec::<String>::new());
    let sizes = sent.iter().filter(|line| line.ends_with("/size"));
    assert!(sizes.filter(|line| line.contains("/topics/6f1c0c1e-")).count() > 3, "{sent:#?}");
    assert!(sent.iter().any(|line| line.starts_with("DELETE ") && line.contains("/topics/sw")), "{sent:#?}");
    let left = topics.lock().expect("one thread").clone();
    assert_eq!(left[0], ("general".to_owned(), THEIRS.to_owned()));
    // Cases about the name itself have no name of the run's own: what a 200 made under theirs is told and left.
    assert!(left.iter().all(|(name, _)| !name.to_lowercase().starts_with("sw")), "{left:?}");
    let theirs = |line: &&String| line.ends_with("/topics/general") || line.contains(THEIRS);
    assert!(sent.iter().filter(theirs).all(|line| !line.starts_with("DELETE ")), "{sent:#?}");
}

#[tokio::test]
async fn what_is_found_by_its_name_is_tested_like_all_else() {
    let (verdicts, ..) = night(Habit::Keeps).await;
    assert_eq!(verdicts, ["deleted-resource-available DELETE /topics/{topic}: persistent"]);
}

#[tokio::test]
async fn a_creation_that_answers_with_somebody_elses_thing_does_not_make_it_ours() {
    let (_, sent, topics) = night(Habit::AnswersWithTheOldest).await;
    assert_eq!(topics.lock().expect("one thread")[0], ("general".to_owned(), THEIRS.to_owned()));
    let theirs = |line: &&String| line.ends_with("/topics/general") || line.contains(THEIRS);
    assert!(sent.iter().filter(theirs).all(|line| !line.starts_with("DELETE ")), "{sent:#?}");
}
