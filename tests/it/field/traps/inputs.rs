//! Requests: what servers may read leniently, ignore, or refuse for reasons that no schema says.

use super::{Kept, Loose, blames_nobody, refused, stays_silent, unknown_caller};
use crate::conforming::{Reply, night, object, openapi, operation, query, with};
use serde_json::{Value, json};
use specwarden::plan::Safety;

/// A number as `parseInt`, `Integer.valueOf` and their kin have it between them.
fn number(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('+');
    text.parse().ok().or_else(|| {
        let real: f64 = text.parse().ok()?;
        (real.fract() == 0.0 && real.abs() < 1e15).then_some(real as i64)
    })
}

fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Some(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Some(false),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_may_be_read_leniently() {
    let parameters = json!([
        query("limit", json!({"type": "integer", "minimum": 1, "maximum": 50})),
        query("deep", json!({"type": "boolean"})),
        query("ratio", json!({"type": "number"})),
        query("kind", json!({"enum": ["red", "blue"]})),
        query("size", json!({"type": "array", "items": {"type": "integer"}})),
    ]);
    let paths = json!({"/things": {"get": with(operation("", &[("200", "Things")]), parameters)}});
    let document = openapi("Lenient", paths, json!({"Things": object(1, json!({"all": {"type": "array"}}))}));
    for seed in 1..=2 {
        let answer = |asked: &super::Asked| {
            if !asked.known {
                return unknown_caller();
            }
            let documented = ["limit", "deep", "ratio", "kind", "size"];
            if asked.query.iter().any(|(name, _)| !documented.contains(&name.as_str())) {
                return refused(500);
            }
            let fits = asked.first("limit").is_none_or(|t| number(t).is_some_and(|n| (1..=50).contains(&n)))
                && asked.first("deep").is_none_or(|t| flag(t).is_some())
                && asked.first("ratio").is_none_or(|t| t.trim().parse::<f64>().is_ok())
                && asked.first("kind").is_none_or(|t| ["red", "blue"].contains(&t.to_lowercase().as_str()))
                && asked
                    .query
                    .iter()
                    .filter(|(name, _)| name == "size")
                    .all(|(_, t)| t.is_empty() || t.split(',').all(|t| number(t).is_some()));
            if fits { Reply::json(200, &json!({"all": []})) } else { refused(400) }
        };
        let night = night(Loose { document: document.clone(), answer }, seed, 4, Safety::OwnResources).await;
        blames_nobody(&night);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_has_no_types_of_its_own() {
    for media_type in ["application/x-www-form-urlencoded", "multipart/form-data"] {
        let schema = object(
            1,
            json!({
                "name": {"type": "string"}, "age": {"type": "integer"}, "member": {"type": "boolean"},
            }),
        );
        let mut post = operation("", &[("201", "")]);
        post["requestBody"] = json!({"required": true, "content": {media_type: {"schema": schema}}});
        let document = openapi("Forms", json!({"/people": {"post": post}}), json!({}));
        let answer = |asked: &super::Asked| {
            let text = String::from_utf8_lossy(&asked.bytes).into_owned();
            let field = |name: &str| -> Option<String> {
                let plain = url::form_urlencoded::parse(&asked.bytes).find(|(known, _)| known == name);
                let part = text.split(&format!("name=\"{name}\"")).nth(1).map(|rest| {
                    let rest = rest.split("\r\n\r\n").nth(1).unwrap_or_default();
                    rest.split("\r\n--").next().unwrap_or_default().to_owned()
                });
                part.or(plain.map(|(_, value)| value.into_owned()))
            };
            match (asked.known, asked.head.headers.get("content-type")) {
                (false, _) => unknown_caller(),
                (_, Some(sent)) if sent.contains("form") => {
                    let fits = field("name").is_some()
                        && field("age").is_none_or(|t| t.is_empty() || number(&t).is_some())
                        && field("member").is_none_or(|t| t.is_empty() || flag(&t).is_some());
                    if fits { Reply::empty(201) } else { refused(400) }
                }
                _ => refused(415),
            }
        };
        let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
        stays_silent(&night);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_and_bytes_have_no_schema_on_the_wire() {
    for media_type in ["text/plain", "application/octet-stream", "text/csv", "application/cbor"] {
        let mut post = operation("", &[("200", "")]);
        let schema = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
        let schema =
            if media_type == "application/cbor" { schema } else { json!({"type": "string", "minLength": 1}) };
        post["requestBody"] = json!({"required": true, "content": {media_type: {"schema": schema}}});
        let document = openapi("Texts", json!({"/upload": {"post": post}}), json!({}));
        let answer = |asked: &super::Asked| match asked.known {
            false => unknown_caller(),
            true if asked.bytes.is_empty() => refused(400),
            true => Reply::empty(200),
        };
        let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
        super::super::is_silent(&night);
    }
}

/// OpenAPI 3.0.3 §4.7.24: what is `readOnly` should not be sent; whoever sends it is ignored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_the_servers_to_set_may_be_ignored_in_a_request() {
    let thing = json!({
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "integer", "readOnly": true, "minimum": 1},
            "name": {"type": "string", "minLength": 1, "maxLength": 20},
            "created": {"type": "string", "format": "date-time", "readOnly": true},
            "state": {"enum": ["new", "old"], "readOnly": true},
        },
    });
    for version in ["3.0.3", "3.1.0"] {
        let paths = json!({"/things": {
            "get": operation("", &[("200", "[Thing]")]),
            "post": operation("Thing", &[("201", "Thing")]),
        }});
        let mut document = openapi("Read-only", paths, json!({"Thing": thing}));
        document["openapi"] = json!(version);
        let mut kept = Kept::default();
        let answer = move |asked: &super::Asked| match (asked.known, asked.route()) {
            (false, _) => unknown_caller(),
            (_, ("GET", _)) => Reply::json(200, &kept.all()),
            (_, ("POST", _)) => {
                if asked.head.headers.get("content-type").is_none_or(|sent| !sent.contains("json")) {
                    return refused(415);
                }
                let body = asked.json().unwrap_or_default();
                match body["name"].as_str() {
                    Some(name) if (1..=20).contains(&name.chars().count()) => {
                        let made = json!({"name": name, "created": "2026-01-01T00:00:00Z", "state": "new"});
                        Reply::json(201, &kept.add(made))
                    }
                    _ => refused(400),
                }
            }
            _ => refused(405).header("allow", "GET, POST"),
        };
        let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
        stays_silent(&night);
    }
}

/// RFC 9110 §12.5, §13.1.3, §14.2, RFC 7240 §2, W3C Trace Context: what makes no sense there is ignored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_http_lets_a_server_ignore_may_be_ignored() {
    let header = |name: &str, schema: Value| json!({"name": name, "in": "header", "schema": schema});
    let parameters = json!([
        header("Accept-Language", json!({"enum": ["de", "en"]})),
        header("Prefer", json!({"type": "string", "enum": ["return=minimal", "return=representation"]})),
        header("Range", json!({"type": "string", "pattern": "^items=[0-9]+-[0-9]+$"})),
        header("If-Modified-Since", json!({"type": "string", "minLength": 29, "maxLength": 29})),
        header("traceparent", json!({"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"})),
        header("User-Agent", json!({"type": "string", "maxLength": 20})),
        header("X-Request-Id", json!({"type": "string", "format": "uuid"})),
    ]);
    let paths = json!({"/things": {"get": with(operation("", &[("200", "Thing")]), parameters)}});
    let mut document =
        openapi("Headers", paths, json!({"Thing": object(0, json!({"a": {"type": "string"}}))}));
    document["openapi"] = json!("3.0.3");
    let answer = |asked: &super::Asked| {
        if asked.known { Reply::json(200, &json!({"a": "b"})) } else { unknown_caller() }
    };
    let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
    stays_silent(&night);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patch_may_take_less_than_its_schema_requires_and_a_limit_may_be_cut_down() {
    let input = object(
        2,
        json!({
            "name": {"type": "string", "minLength": 1, "maxLength": 20}, "size": {"type": "integer", "minimum": 0},
        }),
    );
    let id =
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}});
    let limit = query("limit", json!({"type": "integer", "minimum": 1, "maximum": 50}));
    let paths = json!({
        "/things": {
            "get": with(operation("", &[("200", "[Thing]")]), json!([limit])),
            "post": operation("Input", &[("201", "Thing")]),
        },
        "/things/{id}": {
            "parameters": [id],
            "get": operation("", &[("200", "Thing")]),
            "patch": operation("Input", &[("200", "Thing")]),
        },
    });
    let thing = object(
        3,
        json!({
            "id": {"type": "integer"}, "name": {"type": "string"}, "size": {"type": "integer"},
        }),
    );
    let document = openapi("Patches", paths, json!({"Input": input, "Thing": thing}));
    let mut kept = Kept::default();
    let answer = move |asked: &super::Asked| {
        let body = asked.json().filter(Value::is_object);
        let is_json = asked.head.headers.get("content-type").is_some_and(|sent| sent.contains("json"));
        let fits = |name: &str, value: &Value| match name {
            "name" => value.as_str().is_some_and(|name| (1..=20).contains(&name.chars().count())),
            "size" => value.as_f64().is_some_and(|size| size >= 0.0 && size.fract() == 0.0),
            _ => true,
        };
        match (asked.known, asked.route()) {
            (false, _) => unknown_caller(),
            (_, ("GET", path)) if path == ["things"] => match asked.first("limit").map(number) {
                // Google's AIP-158 says: coerce down.
                None | Some(Some(1..)) => Reply::json(200, &kept.all()),
                Some(_) => refused(400),
            },
            (_, ("GET", path)) => {
                path.get(1).and_then(|id| kept.get(id)).map_or(refused(404), |thing| Reply::json(200, thing))
            }
            _ if !is_json => refused(415),
            (_, (method, path)) => {
                let Some(body) = body else { return refused(400) };
                let members = body.as_object().expect("an object");
                let whole = ["name", "size"].iter().all(|name| members.contains_key(*name));
                if !members.iter().all(|(name, value)| fits(name, value)) || method == "POST" && !whole {
                    return refused(400);
                }
                if method == "POST" {
                    return Reply::json(201, &kept.add(json!({"name": body["name"], "size": body["size"]})));
                }
                let Some(mut thing) = path.get(1).and_then(|id| kept.get(id)).cloned() else {
                    return refused(404);
                };
                for name in ["name", "size"].iter().filter(|name| members.contains_key(**name)) {
                    thing[*name] = members[*name].clone();
                }
                kept.things.insert(thing["id"].as_i64().expect("a number"), thing.clone());
                Reply::json(200, &thing)
            }
        }
    };
    let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
    blames_nobody(&night);
}

/// Uniqueness is no schema's to say; the refusal of a second one may come as 400, 409 or 422.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_there_already_may_be_refused_under_any_status() {
    for status in [400, 409, 422] {
        let input = object(
            2,
            json!({
                "code": {"type": "string", "minLength": 1, "maxLength": 12},
                "size": {"enum": ["s", "m", "l"]},
                "count": {"type": "integer", "minimum": 1, "maximum": 9},
            }),
        );
        let thing = object(
            3,
            json!({
                "id": {"type": "integer"}, "code": {"type": "string"}, "size": {"type": "string"}, "count": {"type": ["integer", "null"]},
            }),
        );
        let paths = json!({"/things": {
            "get": operation("", &[("200", "[Thing]")]),
            "post": operation("Input", &[("201", "Thing"), (if status == 400 { "409" } else { "422" }, "Problem"), ("409", "Problem")]),
        }});
        let document = openapi("Unique", paths, json!({"Input": input, "Thing": thing}));
        let mut kept = Kept::default();
        let answer = move |call: &crate::conforming::Call| {
            match call.operation.as_str() {
            "GET /things" => Reply::json(200, &kept.all()),
            _ if kept.things.values().any(|known| known["code"] == call.body["code"]) => refused(status),
            _ => Reply::json(201, &kept.add(json!({"code": call.body["code"], "size": call.body["size"], "count": call.body["count"]}))),
        }
        };
        let night = night(super::super::Made { document, answer }, 3, 4, Safety::OwnResources).await;
        stays_silent(&night);
    }
}
