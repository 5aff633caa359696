//! What each version of the format added, read from samples written in it.

use super::sample::{keys, load, operation, parameters};
use crate::schema::{Direction, Pointer, Validators};
use crate::spec::{Content, Location, SecurityScheme, Style};
use serde_json::{Value, json};

/// The content of a request body.
fn body<'l>(loaded: &'l crate::source::Loaded, key: &str) -> &'l Content {
    &operation(loaded, key).body.as_ref().expect("a body").contents[0]
}

#[test]
fn openapi32_operations_and_parameters() {
    let loaded = load("openapi32.yaml");
    assert_eq!(
        keys(&loaded),
        [
            "QUERY /documents/{name}",
            "COPY /documents/{name}",
            "Link /documents/{name}",
            "GET /search",
            "GET /logs",
            "POST /logs",
            "PUT /logs"
        ]
    );
    let query = operation(&loaded, "QUERY /documents/{name}");
    assert!(query.method.is_safe() && query.method.is_idempotent() && query.body.is_some());
    assert!(query.parameters[0].allow_reserved);
    let copy = operation(&loaded, "COPY /documents/{name}");
    assert!(!copy.method.is_safe() && !copy.method.is_idempotent());
    assert_eq!((copy.id.as_deref(), copy.needs_credentials()), (Some("copyDocument"), true));
    let search = operation(&loaded, "GET /search");
    assert_eq!(
        parameters(search),
        ["querystring filter Form explode required", "cookie session Cookie explode"]
    );
    let filter = search.parameter(Location::Querystring, "filter").expect("declared");
    assert_eq!(filter.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(search.parameters[1].style, Style::Cookie);
}

#[test]
fn openapi32_servers_and_security() {
    let api = load("openapi32.yaml").api;
    let servers: Vec<_> = api.servers.iter().map(|s| (s.name.as_deref(), s.url())).collect();
    assert_eq!(
        servers,
        [
            (Some("staging"), "https://staging.example.com".to_owned()),
            (Some("live"), "https://eu.example.com".to_owned())
        ]
    );
    let schemes: Vec<_> = api.security_schemes.iter().map(|(name, scheme)| (name.as_str(), scheme)).collect();
    assert_eq!(
        schemes,
        [
            ("device", &SecurityScheme::Bearer),
            ("#/components/securitySchemes/device", &SecurityScheme::Bearer)
        ]
    );
}

#[test]
fn openapi32_sequences_are_lists_of_their_items() {
    let loaded = load("openapi32.yaml");
    let validators = Validators::new(&loaded.api.document);
    let is_valid = |content: &Content, value: Value| {
        let schema = content.schema.as_ref().expect("a schema");
        validators.is_valid(schema, Direction::Request, &value).expect("compiles")
    };
    let post = body(&loaded, "POST /logs");
    assert_eq!(post.examples, [json!([{"level": 1}]), json!([{"level": 2}, {"level": 3}])]);
    let item = post.sequence.as_ref().and_then(|s| s.item_schema.clone());
    assert_eq!(item, Some(post.pointer.push("itemSchema")));
    assert!(is_valid(post, json!([{"level": 1}, {"level": 2}])) && is_valid(post, json!([])));
    assert!(!is_valid(post, json!([{"level": 1}, {}])) && !is_valid(post, json!({"level": 1})));
    let put = body(&loaded, "PUT /logs");
    let sequence = put.sequence.as_ref().expect("a sequence");
    let types: Vec<_> =
        (0..3).map(|index| sequence.encoding(index).and_then(|e| e.content_type.as_deref())).collect();
    assert_eq!(types, [Some("application/json"), Some("text/csv"), Some("text/csv")]);
    let answers = &operation(&loaded, "GET /logs").response(200).expect("documented").contents;
    let items: Vec<_> = answers
        .iter()
        .map(|content| {
            let item = content.sequence.as_ref().and_then(|sequence| sequence.item_schema.as_ref());
            (content.media_type.as_str(), item.map(Pointer::as_str))
        })
        .collect();
    assert_eq!(
        items,
        [
            ("application/jsonl", Some("/components/mediaTypes/Entries/itemSchema")),
            (
                "text/event-stream",
                Some("/paths/~1logs/get/responses/200/content/text~1event-stream/itemSchema")
            )
        ]
    );
}

#[test]
fn openapi31_path_items_are_shared_and_siblings_of_references_do_no_harm() {
    let loaded = load("openapi31.yaml");
    // Webhooks are requests of the API's own: nothing to call.
    assert_eq!(keys(&loaded), ["DELETE /shared", "GET /shared", "POST /images"]);
    // The nearer one wins.
    assert_eq!(operation(&loaded, "DELETE /shared").id, None);
    assert_eq!(operation(&loaded, "GET /shared").id.as_deref(), Some("readShared"));
    let shared = &operation(&loaded, "GET /shared").response(200).expect("documented").contents[0];
    assert_eq!(shared.examples, [json!({"a": 1}), json!(null)]);
    let post = operation(&loaded, "POST /images");
    assert_eq!(post.parameters[0].examples, [json!(1), json!(5)]);
    assert!(post.response(201).is_some() && post.body.as_ref().is_some_and(|body| body.required));
}

#[test]
fn parts_of_a_form_get_the_media_type_of_their_schema() {
    let loaded = load("openapi31.yaml");
    let types: Vec<_> = body(&loaded, "POST /images")
        .encoding
        .iter()
        .map(|(name, encoding)| (name.as_str(), encoding.content_type.as_deref().expect("a type")))
        .collect();
    assert_eq!(
        types,
        [
            ("sheet", "text/csv"),
            ("meta", "application/json"),
            ("metas", "application/json"),
            ("raw", "application/octet-stream"),
            ("file", "image/png"),
            ("files", "application/octet-stream"),
        ]
    );
    let upload = load("form-upload.yaml");
    for operation in &upload.api.operations {
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            let files = content.encoding.values().filter(|e| {
                e.content_type
                    .as_deref()
                    .is_some_and(|text| text == "application/octet-stream" || text.starts_with("image/"))
            });
            assert!(!content.media_type.starts_with("multipart") || files.count() > 0, "{}", operation.key);
        }
    }
}

#[test]
fn azure_paths_are_told_apart_by_their_query() {
    let loaded = load("azure.yaml");
    assert_eq!(loaded.api.servers[0].url(), "https://staging.example.com/v1");
    assert_eq!(
        keys(&loaded),
        [
            "GET /blobs/{blob}",
            "PUT /blobs/{blob}?comp=lease&acquire",
            "PUT /blobs/{blob}?comp=lease&release",
            "GET /blobs?prefix={prefix}"
        ]
    );
    let acquire = operation(&loaded, "PUT /blobs/{blob}?comp=lease&acquire");
    assert_eq!(
        parameters(acquire),
        [
            "path blob Simple required",
            "query timeout Form",
            "query comp Form required",
            "query acquire Form required"
        ]
    );
    let spelled: Vec<bool> = acquire.parameters.iter().map(crate::spec::Parameter::is_spelled_out).collect();
    assert_eq!(spelled, [false, false, true, true]);
    assert_eq!(acquire.path.to_string(), "/blobs/{blob}");
    assert_eq!(parameters(operation(&loaded, "GET /blobs?prefix={prefix}")), ["query prefix Form required"]);
}

#[test]
fn calls_in_the_other_direction_are_no_operations() {
    let loaded = load("links-and-callbacks.yaml");
    assert_eq!(keys(&loaded), ["GET /users/{username}", "GET /repositories/{username}", "POST /streams"]);
    let loaded = load("webhooks.yaml");
    assert_eq!(keys(&loaded), <[&str; 0]>::default());
    let told: Vec<&str> = loaded.issues.iter().map(|issue| issue.message.as_str()).collect();
    assert_eq!(told, ["no `paths`: webhooks are requests that the API sends, so there is nothing to call"]);
}

#[test]
fn answers_and_forms_are_known_from_examples_and_defaults() {
    let loaded = load("answers-by-example.yaml");
    assert_eq!(loaded.api.servers[0].url(), "https://developer.example.com/ds-api");
    let list = operation(&loaded, "GET /");
    let examples: Vec<_> =
        list.responses.iter().map(|r| (r.status.to_string(), r.contents[0].examples.len())).collect();
    assert_eq!(examples, [("200".to_owned(), 1), ("300".to_owned(), 1)]);
    let search = operation(&loaded, "POST /{dataset}/{version}/records");
    assert_eq!(parameters(search), ["path version Simple required", "path dataset Simple required"]);
    assert_eq!(search.parameters[0].examples, [json!("v1")]);
    assert_eq!(
        body(&loaded, "POST /{dataset}/{version}/records").media_type,
        "application/x-www-form-urlencoded"
    );
}

#[test]
fn scopes_and_alternatives_are_kept_whatever_the_scheme() {
    let loaded = load("scopes.yaml");
    let told = |key: &str| -> Vec<String> {
        let named = |(name, scopes): &(String, Vec<String>)| format!("{name}({})", scopes.join(" "));
        let requirements = &operation(&loaded, key).security;
        requirements.iter().map(|r| r.schemes.iter().map(named).collect::<Vec<_>>().join("+")).collect()
    };
    assert_eq!(told("GET /users"), ["bearerAuth(read:users)", "basic()+key()"]);
    assert_eq!(told("PUT /users"), ["app(board:write)", ""]);
    assert_eq!(told("POST /users"), <[String; 0]>::default());
    assert_eq!(told("DELETE /users"), ["bearerAuth(read:users public)"]);
}
