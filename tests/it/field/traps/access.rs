//! Strangers: the many ways to say no to them, and operations that say yes by rights.

use super::{Loose, stays_silent};
use crate::conforming::{KEY, Reply, night, object, openapi, operation};
use serde_json::json;
use specwarden::plan::Safety;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_may_be_turned_away_in_any_way() {
    let ways: [fn() -> Reply; 7] = [
        || Reply::problem(403, "no"),
        || Reply::problem(404, "no such thing"),
        || Reply::problem(429, "slow down").header("retry-after", "0"),
        || Reply::empty(302).header("location", "/login"),
        || Reply { body: b"<form>".to_vec(), ..Reply::empty(200) }.header("content-type", "text/html"),
        || Reply::json(200, &json!({"ok": false, "error": "not_authed"})),
        || Reply::problem(400, "the key is missing"),
    ];
    for way in ways {
        let paths = json!({
            "/things": {
                "get": operation("", &[("200", "[Thing]")]),
                "post": operation("Thing", &[("201", "Thing")]),
            },
        });
        let thing = object(1, json!({"name": {"type": "string", "minLength": 1, "maxLength": 9}}));
        let mut document = openapi("Strangers", paths, json!({"Thing": thing}));
        // A refusal that travels as 200 is an answer of its own, and documented.
        let no = object(1, json!({"ok": {"const": false}, "error": {"type": "string"}}));
        let list =
            &mut document["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"];
        list["schema"] = json!({"oneOf": [list["schema"], no]});
        let refusal = json!({"description": "no", "content": {"application/json": {"schema": no}}});
        document["paths"]["/things"]["post"]["responses"]["200"] = refusal;
        let mut made = Vec::new();
        let answer = move |asked: &super::Asked| {
            if !asked.known {
                return way();
            }
            let is_json = asked.head.headers.get("content-type").is_some_and(|sent| sent.contains("json"));
            match asked.head.method.as_str() {
                "GET" | "HEAD" => Reply::json(200, &made.clone().into()),
                "POST" if !is_json => Reply::problem(415, "JSON"),
                "POST" => match asked.json() {
                    Some(body)
                        if body["name"].as_str().is_some_and(|n| (1..=9).contains(&n.chars().count())) =>
                    {
                        made.push(json!({"name": body["name"]}));
                        Reply::json(201, &json!({"name": body["name"]}))
                    }
                    _ => Reply::problem(400, "no"),
                },
                _ => Reply::problem(405, "no").header("allow", "GET, POST"),
            }
        };
        let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
        stays_silent(&night);
    }
}

/// `security: [{}, {key: []}]`: a key is welcome and not needed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_not_needed_may_be_left_out_or_be_wrong() {
    let paths = json!({"/things": {"get": operation("", &[("200", "Thing")])}, "/mine": {"get": operation("", &[("200", "Thing")])}});
    let mut document =
        openapi("Optional", paths, json!({"Thing": object(1, json!({"a": {"type": "integer"}}))}));
    document["paths"]["/things"]["get"]["security"] = json!([{}, {"key": []}]);
    let answer = |asked: &super::Asked| {
        let shown = asked.head.headers.get("x-api-key");
        match asked.route() {
            ("GET" | "HEAD", path) if path == ["things"] || shown.is_some_and(|key| key == KEY) => {
                Reply::json(200, &json!({"a": 1}))
            }
            ("GET" | "HEAD", _) => super::unknown_caller(),
            _ => Reply::problem(405, "no").header("allow", "GET"),
        }
    };
    let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
    stays_silent(&night);
}
