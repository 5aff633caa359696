//! Answers: what is right in spite of its looks.

use super::{Loose, refused, stays_silent, unknown_caller};
use crate::conforming::{Reply, night, object, openapi, operation};
use serde_json::json;
use specwarden::plan::Safety;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_not_judged() {
    let mut paths = json!({});
    let kinds = [
        ("cbor", "application/cbor"),
        ("table", "text/csv"),
        ("proto", "application/x-protobuf"),
        ("image", "image/png"),
        ("page", "text/html"),
        ("yaml", "application/yaml"),
    ];
    for (name, media_type) in kinds {
        let mut get = operation("", &[("200", "Thing")]);
        let content = get["responses"]["200"]["content"]["application/json"].clone();
        get["responses"]["200"]["content"] = json!({media_type: content});
        paths[format!("/{name}")]["get"] = get;
    }
    let document = openapi("Kinds", paths, json!({"Thing": object(1, json!({"a": {"type": "integer"}}))}));
    let answer = move |asked: &super::Asked| {
        let kind = asked.path.first().and_then(|name| kinds.iter().find(|(known, _)| known == name));
        match kind.filter(|_| asked.head.method == "GET") {
            _ if !asked.known => unknown_caller(),
            Some((_, media_type)) => Reply { body: b"\x89PNG;1,2\n".to_vec(), ..Reply::empty(200) }
                .header("content-type", *media_type),
            None => refused(405).header("allow", "GET"),
        }
    };
    let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
    stays_silent(&night);
}

/// Swagger 2.0 has four ways to write a list into a header, and a header has no types of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_is_read_as_its_schema_and_collection_format_say() {
    let list =
        |format: &str| json!({"type": "array", "items": {"type": "integer"}, "collectionFormat": format});
    let document = json!({
        "swagger": "2.0",
        "info": {"title": "Headers", "version": "1"},
        "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
        "security": [{"key": []}],
        "produces": ["application/json"],
        "paths": {"/things": {"get": {"responses": {
            "200": {
                "description": "",
                "schema": {"type": "array", "items": {"type": "integer"}},
                "headers": {
                    "X-Csv": list("csv"), "X-Ssv": list("ssv"), "X-Tsv": list("tsv"), "X-Pipes": list("pipes"),
                    "X-Count": {"type": "integer"}, "X-Ratio": {"type": "number"}, "X-Last": {"type": "boolean"},
                    "X-Text": {"type": "string"}, "ETag": {"type": "string"},
                },
            },
            "401": {"description": ""},
        }}}},
    });
    let answer = |asked: &super::Asked| match asked.known {
        false => Reply::empty(401).header("www-authenticate", "ApiKey"),
        true if asked.head.method != "GET" => refused(405).header("allow", "GET"),
        true => Reply::json(200, &json!([1.0, 2, 3e2]))
            .header("x-csv", "1, 2,3")
            .header("x-ssv", "1 2 3")
            .header("x-tsv", "1\t2\t3")
            .header("x-pipes", "1|2|3")
            .header("x-count", "007")
            .header("x-ratio", "1")
            .header("x-last", "True")
            .header("x-text", "5")
            .header("etag", "\"1\""),
    };
    let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
    stays_silent(&night);
}

/// Proxies answer TRACE by themselves, or drop the connection; HEAD may be refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn methods_that_the_document_does_not_mention_may_be_refused_in_any_way() {
    for way in 0..5 {
        let paths = json!({"/search": {"post": operation("Query", &[("200", "Found")])}, "/fine": {"get": operation("", &[("200", "Found")])}});
        let schemas = json!({
            "Query": object(0, json!({"text": {"type": "string"}})),
            "Found": object(1, json!({"found": {"type": "integer"}})),
        });
        let document = openapi("Methods", paths, schemas);
        let answer = move |asked: &super::Asked| {
            let (method, path) = asked.route();
            let is_json = asked.head.headers.get("content-type").is_some_and(|sent| sent.contains("json"));
            match (method, path.as_slice()) {
                ("GET", ["fine"]) | ("POST", ["search"]) if !asked.known => unknown_caller(),
                ("GET", ["fine"]) => Reply::json(200, &json!({"found": 1})),
                ("POST", ["search"]) if !is_json => refused(415),
                ("POST", ["search"]) => match asked.json() {
                    Some(body)
                        if body.is_object()
                            && body["text"].as_str().is_some() == body.get("text").is_some() =>
                    {
                        Reply::json(200, &json!({"found": 1}))
                    }
                    _ => refused(400),
                },
                // It belongs to browsers: never sent.
                ("OPTIONS", _) => refused(500),
                _ => match way {
                    0 => Reply::empty(501),
                    1 => refused(404),
                    2 => refused(403),
                    3 => Reply::empty(301).header("location", "/login"),
                    // The task that serves this connection ends here, and the connection with it.
                    _ => std::panic::resume_unwind(Box::new("closed")),
                },
            }
        };
        let night = night(Loose { document, answer }, 1, 4, Safety::OwnResources).await;
        stays_silent(&night);
    }
}
