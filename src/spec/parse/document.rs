//! The whole document: version, title, servers, security, paths.

use crate::exchange::MediaType;
use crate::schema::{Document, OWN, Pointer};
use crate::spec::parse::type_names::Renamed;
use crate::spec::parse::walk::{Walk, dialect};
use crate::spec::parse::{link, path, references, scan, security, server, type_names, version};
use crate::spec::{Annotated, Api, Issue, IssueKind, Operation, SpecError};
use serde_json::Value;

/// Reads a parsed document into the model, with the corners that could not be taken as they stand.
///
/// ```
/// use serde_json::json;
/// let (api, issues) = specwarden::spec::parse(json!({
///     "openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
///     "paths": {"/pets/{id}": {"get": {
///         "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
///         "responses": {"200": {"description": "a pet"}}}}}
/// })).unwrap();
/// assert!(issues.is_empty());
/// assert_eq!(api.operations[0].key.as_str(), "GET /pets/{id}");
/// assert_eq!(api.operations[0].parameters[0].schema.as_ref().unwrap().as_str(),
///     "/paths/~1pets~1{id}/get/parameters/0/schema");
/// ```
pub fn parse(mut root: Value) -> Result<(Api, Vec<Issue>), SpecError> {
    let version = version::detect(&root)?;
    let own = references::mend(&mut root);
    let renamed = type_names::mend(&mut root);
    let mut walk = Walk::new(&root, version);
    for Renamed { at, written, meant } in renamed {
        let message = format!("`{written}` is not a JSON Schema type; it is read as `{meant}`");
        walk.issue("invalid-type-name", IssueKind::Doubtful, &at, message, "write the type's own name");
    }
    if let Some(bad) = own {
        let at = Pointer::root().push("$self");
        walk.issue("invalid-self", IssueKind::Doubtful, &at, bad, "write a URI without a fragment");
    }
    let title = info(&root, "title");
    let revision = info(&root, "version");
    check_dialect(&mut walk);
    let servers = server::servers(&mut walk);
    let mut security_schemes = security::schemes(&mut walk);
    security::by_uri(&mut walk, &mut security_schemes);
    let mut operations = path::operations(&mut walk, &security_schemes);
    scan::references(&mut walk, &operations);
    let links = link::links(&mut walk, &operations);
    let (issues, own) = walk.finish();
    if !own.is_empty()
        && let Some(members) = root.as_object_mut()
    {
        match members.get_mut(OWN) {
            Some(Value::Object(there)) => there.extend(own),
            _ => _ = members.insert(OWN.to_owned(), Value::Object(own)),
        }
    }
    let dialect = dialect(&root, version);
    let document = Document::new(root, dialect);
    annotate(&mut operations, &document);
    let api = Api {
        title,
        version: revision,
        spec_version: version,
        servers,
        operations,
        links,
        security_schemes,
        document,
    };
    Ok((api, issues))
}

/// Bodies in XML are written as their schemas say, so they carry the way to them.
fn annotate(operations: &mut [Operation], document: &Document) {
    let contents = operations
        .iter_mut()
        .filter_map(|operation| operation.body.as_mut())
        .flat_map(|body| &mut body.contents);
    for content in contents {
        let is_xml = MediaType::parse(&content.media_type).is_some_and(|media_type| media_type.is_xml());
        content.annotated = is_xml.then(|| Annotated(document.clone()));
    }
}

fn info(root: &Value, key: &str) -> String {
    match root.get("info").and_then(|info| info.get(key)) {
        Some(Value::String(text)) => text.clone(),
        // An unquoted `version: 1.0` in YAML is a number.
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// OpenAPI 3.1 lets a document choose another dialect; one that nobody here knows is read as 2020-12.
fn check_dialect(walk: &mut Walk) {
    if let Some(dialect) = walk.root.get("jsonSchemaDialect").and_then(Value::as_str) {
        scan::unknown_dialect(walk, dialect, &Pointer::root().push("jsonSchemaDialect"));
    }
}
