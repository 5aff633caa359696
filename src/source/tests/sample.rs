//! Each sample in `specs/samples/` and what it is there for.

use crate::schema::{Direction, Pointer, Validators};
use crate::source::{Loaded, read_text};
use crate::spec::{Location, Operation, SecurityScheme, SpecVersion, StatusPattern, Style};
use serde_json::json;

/// Every sample with its name.
pub(super) const ALL: &[(&str, &str)] = &[
    ("swagger2.yaml", include_str!("../../../specs/samples/swagger2.yaml")),
    ("form-upload.yaml", include_str!("../../../specs/samples/form-upload.yaml")),
    ("pets.json", include_str!("../../../specs/samples/pets.json")),
    ("type-arrays.yaml", include_str!("../../../specs/samples/type-arrays.yaml")),
    ("query-method.yaml", include_str!("../../../specs/samples/query-method.yaml")),
    ("refs-into-paths.yaml", include_str!("../../../specs/samples/refs-into-paths.yaml")),
    ("recursive.yaml", include_str!("../../../specs/samples/recursive.yaml")),
    ("nullable.yaml", include_str!("../../../specs/samples/nullable.yaml")),
    ("styles.yaml", include_str!("../../../specs/samples/styles.yaml")),
    ("cookies.yaml", include_str!("../../../specs/samples/cookies.yaml")),
    ("aliases.yaml", include_str!("../../../specs/samples/aliases.yaml")),
    ("openapi31.yaml", include_str!("../../../specs/samples/openapi31.yaml")),
    ("openapi32.yaml", include_str!("../../../specs/samples/openapi32.yaml")),
    ("azure.yaml", include_str!("../../../specs/samples/azure.yaml")),
    ("links-and-callbacks.yaml", include_str!("../../../specs/samples/links-and-callbacks.yaml")),
    ("answers-by-example.yaml", include_str!("../../../specs/samples/answers-by-example.yaml")),
    ("scopes.yaml", include_str!("../../../specs/samples/scopes.yaml")),
    ("webhooks.yaml", include_str!("../../../specs/samples/webhooks.yaml")),
    ("broken.yaml", include_str!("../../../specs/samples/broken.yaml")),
];

#[track_caller]
pub(super) fn load(name: &str) -> Loaded {
    let (_, text) = ALL.iter().find(|(known, _)| *known == name).expect("a sample");
    read_text(name, text).expect("loads")
}

#[track_caller]
pub(super) fn operation<'l>(loaded: &'l Loaded, key: &str) -> &'l Operation {
    loaded.api.operations.iter().find(|operation| operation.key.as_str() == key).expect("an operation")
}

/// One line per parameter: what a renderer needs to know.
pub(super) fn parameters(operation: &Operation) -> Vec<String> {
    let line = |p: &crate::spec::Parameter| {
        let spread = if p.explode { " explode" } else { "" };
        let required = if p.required { " required" } else { "" };
        format!("{} {} {:?}{spread}{required}", p.location, p.name, p.style)
    };
    operation.parameters.iter().map(line).collect()
}

pub(super) fn keys(loaded: &Loaded) -> Vec<&str> {
    loaded.api.operations.iter().map(|operation| operation.key.as_str()).collect()
}

#[test]
fn all_but_the_broken_one_are_flawless() {
    for (name, text) in ALL.iter().filter(|(name, _)| !["broken.yaml", "webhooks.yaml"].contains(name)) {
        let loaded = read_text(name, text).expect("loads");
        assert_eq!(loaded.issues, [], "{name}");
    }
}

#[test]
fn every_schema_of_every_sample_can_judge() {
    for (name, text) in ALL.iter().filter(|(name, _)| *name != "broken.yaml") {
        let api = read_text(name, text).expect("loads").api;
        let validators = Validators::new(&api.document);
        for operation in &api.operations {
            let contents = operation.body.iter().flat_map(|body| &body.contents);
            let contents = contents.chain(operation.responses.iter().flat_map(|response| &response.contents));
            let schemas = contents.filter_map(|content| content.schema.as_ref());
            for schema in schemas.chain(operation.parameters.iter().filter_map(|p| p.schema.as_ref())) {
                assert!(api.document.get(schema).is_some(), "{name} {schema}");
                for direction in [Direction::Request, Direction::Response] {
                    validators.is_valid(schema, direction, &json!(1)).expect("compiles");
                }
            }
        }
    }
}

#[test]
fn swagger2_parameters_take_their_style_from_collection_format() {
    let loaded = load("swagger2.yaml");
    assert_eq!(
        parameters(operation(&loaded, "GET /projects/{project_id}/assets")),
        [
            "path project_id Simple required",
            "query ids Form",
            "query tags Form explode",
            "query names PipeDelimited",
            "query groups TabDelimited",
            "query limit Form",
            "header X-Trace Simple",
        ]
    );
    let list = operation(&loaded, "GET /projects/{project_id}/assets");
    let project = list.parameter(Location::Path, "project_id").expect("declared");
    assert_eq!(project.schema, Pointer::parse("/parameters/project"));
    assert_eq!(project.examples, [json!(7)]);
    assert_eq!(list.parameter(Location::Query, "limit").expect("declared").examples, [json!(20)]);
    assert_eq!(list.summary.as_deref(), Some("Lists the assets of a project."));
}

#[test]
fn swagger2_bodies_and_answers_follow_consumes_and_produces() {
    let loaded = load("swagger2.yaml");
    let post = operation(&loaded, "POST /projects/{project_id}/assets");
    let body = post.body.as_ref().expect("a body");
    let media: Vec<_> = body.contents.iter().map(|content| content.media_type.as_str()).collect();
    assert_eq!((body.required, media), (true, vec!["application/json", "application/xml"]));
    assert_eq!(body.contents[0].examples, [json!({"asset_name": "db"})]);
    assert_eq!(post.response(201).expect("documented").contents.len(), 2);
    assert_eq!(post.response(500).expect("documented").status, StatusPattern::Default);
    let health = operation(&loaded, "GET /health");
    assert!(health.deprecated);
    let up = &health.response(200).expect("documented").contents;
    assert_eq!((up[0].media_type.as_str(), up[0].schema.as_ref()), ("text/csv", None));
    assert!(health.response(204).expect("documented").contents.is_empty());
    let list = operation(&loaded, "GET /projects/{project_id}/assets").response(200).expect("documented");
    assert_eq!(list.contents[0].examples, [json!([{"asset_id": 1, "asset_name": "web"}])]);
    let delimiters: Vec<_> =
        list.headers.iter().map(|h| (h.name.as_str(), h.delimiter, h.required)).collect();
    assert_eq!(delimiters, [("X-Total", ',', false), ("X-Pages", ' ', false)]);
}

#[test]
fn swagger2_servers_and_security() {
    let loaded = load("swagger2.yaml");
    let servers: Vec<String> = loaded.api.servers.iter().map(crate::spec::Server::url).collect();
    assert_eq!(
        servers,
        ["https://staging.example.com/nucleus/api", "http://staging.example.com/nucleus/api"]
    );
    assert_eq!(loaded.api.spec_version, SpecVersion::Swagger2);
    let key = SecurityScheme::ApiKey { location: Location::Header, name: "x-apikey".into() };
    let schemes: Vec<_> = loaded.api.security_schemes.values().cloned().collect();
    assert_eq!(schemes, [key, SecurityScheme::Basic, SecurityScheme::Bearer]);
    assert_eq!(operation(&loaded, "GET /health").security, []);
    let post = &operation(&loaded, "POST /projects/{project_id}/assets").security;
    let named: Vec<Vec<&str>> =
        post.iter().map(|r| r.schemes.iter().map(|(name, _)| name.as_str()).collect()).collect();
    assert_eq!(named, [vec!["key", "basic"], vec!["oauth"]]);
    assert_eq!(operation(&loaded, "GET /projects/{project_id}/assets").security[0].schemes[0].0, "key");
}

#[test]
fn form_fields_become_one_object_that_can_judge() {
    let loaded = load("form-upload.yaml");
    let body = operation(&loaded, "POST /scans").body.as_ref().expect("a body");
    let content = &body.contents[0];
    assert_eq!((body.required, content.media_type.as_str()), (true, "multipart/form-data"));
    assert_eq!(content.encoding["tags"].explode, Some(true));
    assert_eq!(content.encoding["tags"].style, Some(Style::Form));
    let validators = Validators::new(&loaded.api.document);
    let check = |value, expected: &[&str]| {
        let schema = content.schema.as_ref().expect("a schema");
        let errors = validators.validate(schema, Direction::Request, &value).expect("compiles");
        assert_eq!(errors.iter().map(|e| e.keyword.as_str()).collect::<Vec<_>>(), expected);
    };
    check(json!({"file": "bytes", "source": "agent", "tags": ["a"]}), &[]);
    check(json!({"file": "bytes", "source": "nobody"}), &["enum"]);
    check(json!({"source": "agent", "tags": [1]}), &["required", "type"]);
    let login = operation(&loaded, "POST /login").body.as_ref().expect("a body");
    assert_eq!(login.contents[0].media_type, "application/x-www-form-urlencoded");
    assert!(!login.required);
    assert_eq!(loaded.api.servers[0].url, "http://localhost:8080");
}

#[test]
fn openapi30_bodies_answers_and_servers() {
    let loaded = load("pets.json");
    assert_eq!(loaded.api.servers[0].url(), "https://eu.example.com/v1");
    assert_eq!(keys(&loaded), ["GET /pets", "POST /pets", "GET /pets/{petId}", "DELETE /pets/{petId}"]);
    let list = operation(&loaded, "GET /pets");
    assert_eq!(list.parameters[0].examples, [json!("new")]);
    let filter = &list.parameters[1];
    assert_eq!(filter.content_type.as_deref(), Some("application/json"));
    assert_eq!(filter.examples, [json!({"a": 1})]);
    let answer = list.response(200).expect("documented");
    let headers: Vec<_> = answer.headers.iter().map(|h| (h.name.as_str(), h.required)).collect();
    assert_eq!(headers, [("X-Next", true)]);
    assert_eq!(list.response(404).expect("documented").status, StatusPattern::Range(4));
    let add = operation(&loaded, "POST /pets");
    assert!(add.security[1].is_anonymous() && !add.security[0].is_anonymous());
    let body = add.body.as_ref().expect("a body");
    assert_eq!(
        body.contents[0].examples,
        [json!({"name": "Tom"}), json!({"name": "Ada"}), json!({"name": "Rex"})]
    );
    let photo = &body.contents[1].encoding["photo"];
    assert_eq!((photo.content_type.as_deref(), photo.headers.len()), (Some("image/png"), 1));
    let delete = operation(&loaded, "DELETE /pets/{petId}");
    assert_eq!(delete.parameters.len(), 1);
    let schema = delete.parameters[0].schema.as_ref().expect("a schema");
    assert_eq!(loaded.api.document.get(schema), Some(&json!({"type": "string"})));
    assert_eq!(delete.servers[0].url, "/admin");
    assert_eq!(loaded.api.security_schemes["tls"], SecurityScheme::Other { name: "mutualTLS".into() });
}

#[test]
fn openapi31_examples_of_the_schema_count() {
    let loaded = load("type-arrays.yaml");
    assert_eq!(loaded.api.spec_version, SpecVersion::OpenApi31);
    let after = &operation(&loaded, "GET /things").parameters[0];
    assert_eq!(after.examples, [json!("a"), json!("b"), json!("c")]);
}

#[test]
fn openapi32_methods_are_called_whatever_their_name() {
    let loaded = load("query-method.yaml");
    assert_eq!(keys(&loaded), ["QUERY /search", "COPY /search"]);
    let safe: Vec<bool> = loaded.api.operations.iter().map(|o| o.method.is_safe()).collect();
    assert_eq!(safe, [true, false]);
}

#[test]
fn references_may_lead_into_paths() {
    let loaded = load("refs-into-paths.yaml");
    assert_eq!(keys(&loaded), ["GET /a/{id}", "GET /b/{id}", "GET /c/{id}"]);
    let b = operation(&loaded, "GET /b/{id}");
    assert_eq!(
        b.parameters[0].pointer,
        Pointer::parse("/paths/~1a~1{id}/get/parameters/0").expect("a pointer")
    );
    assert_eq!(b.responses[0].headers[0].name, "X-Rate");
    assert_eq!(operation(&loaded, "GET /c/{id}").parameters, b.parameters);
}

#[test]
fn every_style_is_kept() {
    let loaded = load("styles.yaml");
    assert_eq!(
        parameters(&loaded.api.operations[0]),
        [
            "path simple Simple required",
            "path label Label explode required",
            "path matrix Matrix required",
            "query form Form explode",
            "query flat Form",
            "query space SpaceDelimited",
            "query pipe PipeDelimited",
            "query deep DeepObject explode",
            "query free Form explode",
            "header X-List Simple",
        ]
    );
    let free = loaded.api.operations[0].parameter(Location::Query, "free").expect("declared");
    assert!(free.allow_reserved && free.allow_empty);
    assert_eq!(
        parameters(&load("cookies.yaml").api.operations[0]),
        ["cookie theme Form explode", "cookie sid Form explode required"]
    );
}

#[test]
fn aliases_stand_where_they_are_used() {
    let loaded = load("aliases.yaml");
    let b = operation(&loaded, "GET /b");
    assert_eq!(b.responses.len(), 2);
    let inside = Pointer::parse("/paths/~1a/get/responses/404/description").expect("a pointer");
    assert_eq!(loaded.locate(&inside), Some((10, 7)));
}

#[test]
fn broken_corners_cost_only_themselves() {
    let loaded = load("broken.yaml");
    insta::assert_snapshot!("broken_corners", issues(&loaded));
    assert_eq!(
        keys(&loaded),
        [
            "GET /undeclared/{id}",
            "GET /declared",
            "GET /twin/{a}",
            "GET /twin/{b}",
            "GET /query?action=list",
            "GET /query?action=show",
            "GET /nothing",
            "GET /unnamed/{x}",
            "POST /body",
            "GET /bare",
        ]
    );
    assert_eq!(
        parameters(operation(&loaded, "GET /declared")),
        [
            "query bare Form explode",
            "query twice Form explode",
            "header styled Simple",
            "query old Form explode"
        ]
    );
    assert_eq!(parameters(operation(&loaded, "GET /undeclared/{id}")), ["path id Simple required"]);
    let id = &operation(&loaded, "GET /undeclared/{id}").parameters[0];
    let validators = Validators::new(&loaded.api.document);
    let valid = |value| {
        let schema = id.schema.as_ref().expect("a schema");
        validators.is_valid(schema, Direction::Request, &value).expect("compiles")
    };
    assert!(valid(json!("x")) && !valid(json!("")) && !valid(json!(1)));
}

fn issues(loaded: &Loaded) -> String {
    let line = |issue: &crate::spec::Issue| {
        let kind = serde_json::to_value(issue.kind).expect("a name");
        format!(
            "{}:{} {} {}\n    {}\n    hint: {}\n",
            issue.line.unwrap_or(0),
            issue.column.unwrap_or(0),
            kind.as_str().unwrap_or_default(),
            issue.pointer,
            issue.message,
            issue.hint.as_deref().unwrap_or("-")
        )
    };
    loaded.issues.iter().map(line).collect()
}
