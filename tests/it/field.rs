//! Ways in which tools like this one went wrong in the field: each must not happen here.

mod claims;
mod printed;
mod safety;
mod traps;

use crate::conforming::{Call, Habit, Head, KEY, Reply, Service, night, settings};
use crate::conforming::{object, openapi, operation, query, with};
use serde_json::{Value, json};
use specwarden::plan::Safety;
use specwarden::report::{Night, causes};
use specwarden::session::{Stages, run};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// A server made of a document and a function.
struct Made<F> {
    document: Value,
    answer: F,
}

impl<F: FnMut(&Call) -> Reply + Send + 'static> Habit for Made<F> {
    fn document(&self) -> Value {
        self.document.clone()
    }

    fn answer(&mut self, call: &Call) -> Reply {
        (self.answer)(call)
    }
}

fn told(night: &Night) -> Vec<String> {
    let one = |f: &specwarden::finding::Finding| {
        let operation = f.operation.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {operation}: {}\n{}\n{}", f.rule, f.title, f.detail, f.reproduce)
    };
    night.findings.iter().map(one).collect()
}

#[track_caller]
fn is_silent(night: &Night) {
    assert_eq!(told(night), Vec::<String>::new());
}

/// Operations that would end a run, under the names that real services give them.
const DANGEROUS: &[(&str, &str)] = &[
    ("post", "/admin/maintenance"),
    ("put", "/system/maintenanceMode"),
    ("post", "/settings/read-only"),
    ("post", "/settings/readOnlyMode"),
    ("post", "/service/shut-down"),
    ("post", "/cluster/Shutdown"),
    ("post", "/factory-reset"),
    ("post", "/reset"),
    ("put", "/system/mode"),
    ("get", "/logout"),
    ("get", "/maintenance/enable"),
    ("post", "/auth/sign-out"),
    ("post", "/apiKeys/rotate"),
    ("post", "/api-key/regenerate"),
    ("delete", "/apikeys/current"),
    ("put", "/me/password"),
    ("delete", "/me"),
    ("delete", "/users/me"),
    ("patch", "/users/me"),
    ("post", "/me/deactivate"),
    ("delete", "/account"),
    ("delete", "/accessTokens/{id}"),
    ("post", "/accessTokens/{id}/revoke"),
    ("delete", "/session"),
];

/// Serves pets until one of the dangerous operations is called; from then on it says 503 to everything.
struct Fragile {
    pets: Vec<Value>,
    called: Arc<Mutex<Vec<String>>>,
}

impl Habit for Fragile {
    fn document(&self) -> Value {
        let mut paths = json!({
            "/pets": {
                "get": operation("", &[("200", "[Pet]")]),
                "post": operation("PetInput", &[("201", "Pet")]),
            },
        });
        for (method, path) in DANGEROUS {
            let mut dangerous = operation("", &[("200", "")]);
            if path.contains("{id}") {
                let schema = json!({"type": "integer", "minimum": 1});
                dangerous = with(
                    dangerous,
                    json!([{"name": "id", "in": "path", "required": true, "schema": schema}]),
                );
            }
            paths[*path][*method] = dangerous;
        }
        let name = json!({"type": "string", "minLength": 1, "maxLength": 20});
        let schemas =
            json!({"PetInput": object(1, json!({"name": name})), "Pet": object(1, json!({"name": name}))});
        openapi("Fragile", paths, schemas)
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        match call.operation.as_str() {
            _ if !called.is_empty() => Reply::problem(503, "maintenance"),
            "GET /pets" => Reply::json(200, &self.pets.clone().into()),
            "POST /pets" => {
                self.pets.push(json!({"name": call.body["name"]}));
                Reply::json(201, &json!({"name": call.body["name"]}))
            }
            dangerous => {
                called.push(dangerous.to_owned());
                Reply::empty(200)
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_does_not_switch_the_service_off_nor_throw_itself_out() {
    for (seed, safety) in [(1, Safety::OwnResources), (2, Safety::Full), (3, Safety::ReadOnly)] {
        let called = Arc::default();
        let night = night(Fragile { pets: Vec::new(), called: Arc::clone(&called) }, seed, 4, safety).await;
        assert_eq!(*called.lock().expect("no panic"), Vec::<String>::new(), "{safety}");
        is_silent(&night);
        let told = night.operations.iter().filter(|o| o.not_exercised.is_some()).count();
        assert!(told >= DANGEROUS.len(), "only {told} of {} are told as not exercised", DANGEROUS.len());
    }
}

/// Goes into maintenance, or forgets the key, after so many requests, whatever they were.
struct Fades {
    left: u32,
    then: fn() -> Reply,
}

impl Habit for Fades {
    fn document(&self) -> Value {
        let item = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}});
        let list = with(
            operation("", &[("200", "[Pet]")]),
            json!([query("limit", json!({"type": "integer", "minimum": 1, "maximum": 50}))]),
        );
        let paths = json!({
            "/pets": {"get": list},
            "/pets/{id}": {"get": with(operation("", &[("200", "Pet")]), json!([item]))},
        });
        openapi("Fades", paths, json!({"Pet": object(1, json!({"id": {"type": "integer"}}))}))
    }

    fn answer(&mut self, call: &Call) -> Reply {
        if self.left == 0 {
            return (self.then)();
        }
        self.left -= 1;
        match call.path.get("id") {
            None => Reply::json(200, &json!([{"id": 1}])),
            Some(id) if *id == 1 => Reply::json(200, &json!({"id": 1})),
            Some(_) => Reply::problem(404, "no such pet"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fallout_of_a_key_that_stops_working_is_told_once_and_as_such() {
    let then = || Reply::problem(401, "who are you?").header("www-authenticate", "ApiKey");
    let night = night(Fades { left: 20, then }, 1, 4, Safety::OwnResources).await;
    is_silent(&night);
    let said: Vec<&str> = night.incidents.iter().map(|i| i.message.as_str()).collect();
    assert_eq!(said.iter().filter(|m| m.contains("the main key")).count(), 1, "{said:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn maintenance_in_the_middle_of_a_night_is_not_the_operations_fault() {
    let then = || Reply::problem(503, "maintenance");
    let night = night(Fades { left: 20, then }, 1, 4, Safety::OwnResources).await;
    is_silent(&night);
    let said = night.incidents.iter().filter(|i| i.message.contains("502, 503 or 504")).count();
    assert_eq!(said, 1, "{:#?}", night.incidents);
}

/// Three places for one key, and a session cookie for whoever showed it once.
struct Sessions {
    document: Value,
}

impl Habit for Sessions {
    fn document(&self) -> Value {
        self.document.clone()
    }

    fn gate(&mut self, head: &Head) -> Option<Reply> {
        if head.path == "/openapi.json" {
            return None;
        }
        let cookies = head.headers.get("cookie").cloned().unwrap_or_default();
        let in_query = head.query.contains(&format!("key={}", KEY.replace('-', "%2D")));
        let known = head.headers.get("x-api-key").is_some_and(|key| key == KEY)
            || in_query
            || cookies.contains(KEY)
            || cookies.contains("session=open");
        let reply = if known {
            Reply::json(200, &json!({"mine": true})).header("set-cookie", "session=open; Path=/")
        } else {
            Reply::problem(401, "who are you?").header("www-authenticate", "ApiKey")
        };
        Some(reply)
    }

    fn answer(&mut self, _: &Call) -> Reply {
        unreachable!("the gate answers")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_cookie_or_a_key_in_another_place_is_not_taken_for_no_key() {
    let schemes = json!({
        "head": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        "query": {"type": "apiKey", "in": "query", "name": "key"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        // A key cannot satisfy this one.
        "mutual": {"type": "mutualTLS"},
    });
    for security in [
        json!([{"head": []}, {"query": []}, {"cookie": []}]),
        json!([{"query": []}]),
        json!([{"cookie": []}, {"head": []}]),
        json!([{"head": [], "query": [], "cookie": []}]),
        json!([{"mutual": []}]),
    ] {
        let wanted = security.clone();
        let get = with(
            operation("", &[("200", "Mine")]),
            json!([
                query("key", json!({"type": "string"})),
                {"name": "sid", "in": "cookie", "schema": {"type": "string"}},
            ]),
        );
        let mut document = openapi(
            "Sessions",
            json!({"/mine": {"get": get}}),
            json!({"Mine": object(1, json!({"mine": {"type": "boolean"}}))}),
        );
        document["security"] = security;
        document["components"]["securitySchemes"] = schemes.clone();
        let folder = tempfile::tempdir().expect("a folder");
        let service = Service::start(Sessions { document }).await;
        let mut settings = settings(&service.url(), folder.path(), 1, 1);
        if wanted == json!([{"mutual": []}]) {
            // The caller brings what the document cannot say; it travels with every request.
            let value = specwarden::config::HeaderValue::Plain(format!("sid={KEY}"));
            settings.http.headers.push(("cookie".to_owned(), value));
        }
        let mut fold = Night::default();
        let stages = Stages { test: true, snapshot: false, bench: false, diff: false };
        run(&settings, stages, &[], &CancellationToken::new(), vec![&mut fold])
            .await
            .expect("the night is walked");
        assert_eq!(told(&fold), Vec::<String>::new(), "{wanted}");
        assert_eq!(fold.outcome.expect("it ended").counts.reached, 1, "{wanted}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sibling_path_does_not_make_a_documented_method_undocumented() {
    let user = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}});
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"enum": ["me", "ann", "bob"]}});
    let paths = json!({
        "/users": {"get": operation("", &[("200", "[User]")]), "post": operation("User", &[("201", "User")])},
        "/users/me": {"get": operation("", &[("200", "User")])},
        "/users/{id}": {
            "parameters": [id],
            "get": operation("", &[("200", "User")]),
            "put": operation("User", &[("200", "User")]),
            "delete": operation("", &[("204", "")]),
        },
    });
    for seed in 1..=3 {
        let document = openapi("Siblings", paths.clone(), json!({"User": user}));
        let answer = |call: &Call| {
            let id = call.path.get("id").cloned().unwrap_or(json!("me"));
            match call.operation.as_str() {
                "GET /users" => Reply::json(200, &json!([{"id": "me"}, {"id": "ann"}])),
                "POST /users" => Reply::json(201, &json!({"id": "me"})),
                "DELETE /users/{id}" => Reply::empty(204),
                _ => Reply::json(200, &json!({"id": id})),
            }
        };
        // The server's router knows `/users/me` first, and there no PUT and no DELETE.
        let night = night(Made { document, answer }, seed, 4, Safety::Full).await;
        // Nothing of it is ever really deleted; that alone may be said.
        let others: Vec<String> =
            told(&night).into_iter().filter(|t| !t.starts_with("deleted-resource-available")).collect();
        assert_eq!(others, Vec::<String>::new());
        assert!(night.outcome.expect("it ended").counts.reached >= 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_content_needs_no_content_type() {
    let paths = json!({
        "/documented": {"get": operation("", &[("204", "Thing")])},
        "/bare": {"get": operation("", &[("204", "")]), "post": operation("Thing", &[("204", "")])},
        "/reset-content": {"get": operation("", &[("205", "Thing")])},
        "/head": {"head": operation("", &[("200", "Thing")])},
    });
    let document = openapi("Empty", paths, json!({"Thing": object(0, json!({"a": {"type": "string"}}))}));
    let answer = |call: &Call| match call.operation.as_str() {
        "GET /reset-content" => Reply::empty(205),
        "HEAD /head" => Reply::empty(200),
        _ => Reply::empty(204),
    };
    let night = night(Made { document, answer }, 1, 4, Safety::OwnResources).await;
    is_silent(&night);
    assert_eq!(night.outcome.expect("it ended").counts.reached, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_unfit_header_in_a_dozen_operations_is_one_issue_and_no_finding() {
    for (name, refuses) in [("If-Match", true), ("X Spaced Name", false), ("X-Né", false)] {
        let header = json!({"name": name, "in": "header", "schema": {"type": "string"}});
        let mut paths = json!({});
        for number in 0..12 {
            let get = with(
                operation("", &[("200", "Thing")]),
                json!([{"$ref": "#/components/parameters/Condition"}]),
            );
            paths[format!("/things{number}")]["get"] = get;
        }
        let mut document =
            openapi("Headers", paths, json!({"Thing": object(1, json!({"a": {"type": "string"}}))}));
        document["components"]["parameters"] = json!({"Condition": header});
        let answer = move |call: &Call| match call.header("if-match") {
            // An empty condition is none of RFC 9110's.
            Some("") if refuses => Reply::problem(400, "an empty condition"),
            _ => Reply::json(200, &json!({"a": "b"})),
        };
        let night = night(Made { document, answer }, 1, 4, Safety::OwnResources).await;
        is_silent(&night);
        let about: Vec<&String> =
            night.incidents.iter().map(|i| &i.message).filter(|m| m.contains("header")).collect();
        let told = about.len() + night.issues.len();
        assert_eq!(told, usize::from(!refuses), "{name}: {about:#?} {:#?}", night.issues);
        assert_eq!(night.outcome.expect("it ended").counts.reached, 12, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_closed_without_an_answer_is_a_finding() {
    let list = with(
        operation("", &[("200", "Thing")]),
        json!([query("limit", json!({"type": "integer", "minimum": 1, "maximum": 50}))]),
    );
    let paths = json!({"/things": {"get": list}, "/fine": {"get": operation("", &[("200", "Thing")])}});
    let document = openapi("Closes", paths, json!({"Thing": object(1, json!({"a": {"type": "string"}}))}));
    let answer = |call: &Call| match call.query.get("limit") {
        // The task that serves this connection ends here, and the connection with it.
        Some(limit) if *limit == 50 => std::panic::resume_unwind(Box::new("closed")),
        _ => Reply::json(200, &json!({"a": "b"})),
    };
    let night = night(Made { document, answer }, 1, 4, Safety::OwnResources).await;
    let rules: Vec<String> = told(&night);
    assert_eq!(rules.len(), 1, "{rules:#?}");
    assert!(rules[0].starts_with("server-error GET /things: closes the connection"), "{rules:#?}");
    assert!(rules[0].contains("limit=50"), "{rules:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_told_in_many_words_is_one_finding() {
    let paths = json!({
        "/things": {"post": operation("Thing", &[("201", "Thing")])},
        "/fine": {"get": operation("", &[("200", "Thing")])},
    });
    let document = openapi(
        "Words",
        paths,
        json!({"Thing": object(1, json!({"a": {"type": "string", "maxLength": 20}}))}),
    );
    let mut turn = 0;
    let answer = move |call: &Call| {
        turn += 1;
        let words = ["Internal error", "Fehler in Zeile 7", "エラー", "erreur n° 12", "request 8f3a failed"];
        match call.operation.as_str() {
            "POST /things" if turn % 2 == 0 => Reply { body: words[turn % 5].into(), ..Reply::empty(500) },
            "POST /things" => Reply::problem(500, words[turn % 5]),
            _ => Reply::json(200, &json!({"a": "b"})),
        }
    };
    let night = night(Made { document, answer }, 1, 4, Safety::OwnResources).await;
    let found: Vec<&str> = causes(&night.findings).iter().map(|cause| cause.lead.rule.as_str()).collect();
    assert_eq!(found, ["server-error"], "{:#?}", told(&night));
}
