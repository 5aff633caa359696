//! The links of answers: `links` of OpenAPI 3.x, and `x-links`, by which documents in Swagger 2.0 say the same.
//!
//! Read when every operation is known. A link that names no operation, or passes on what the operation does not take,
//! is an issue and is set aside, the whole of it or the part.

use crate::schema::Pointer;
use crate::spec::parse::walk::Walk;
use crate::spec::{
    Expression, IssueKind, Link, LinkParameter, LinkValue, Location, Operation, ResponseSpec, Source,
};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// How many links are read: shared answers multiply them.
const MOST_LINKS: usize = 10_000;

/// The links of all answers, in the order of the operations.
pub(super) fn links(walk: &mut Walk, operations: &[Operation]) -> Vec<Link> {
    let by_id: HashMap<&str, &Operation> =
        operations.iter().filter_map(|operation| Some((operation.id.as_deref()?, operation))).collect();
    let mut links = Vec::new();
    for from in operations {
        for response in &from.responses {
            for (name, at) in named(walk, response) {
                if links.len() >= MOST_LINKS {
                    return links;
                }
                let Some((at, node)) = walk.resolve_or(&at, IssueKind::PartSkipped) else { continue };
                let Value::Object(node) = node else {
                    skipped(
                        walk,
                        &at,
                        format!("link `{name}` is not an object"),
                        "compare it with the Link Object",
                    );
                    continue;
                };
                let Some(to) = target(walk, node, &name, &at, operations, &by_id) else { continue };
                let parameters = parameters(walk, &at, from, to);
                let body = node.get("requestBody").and_then(|value| {
                    let at = at.push("requestBody");
                    read(walk, value, &at, from)
                });
                links.push(Link {
                    name,
                    from: from.key.clone(),
                    status: response.status,
                    to: to.key.clone(),
                    parameters,
                    body,
                    pointer: at,
                });
            }
        }
    }
    links
}

/// Names and places of the links of one answer.
fn named(walk: &Walk, response: &ResponseSpec) -> Vec<(String, Pointer)> {
    let Ok((at, Value::Object(node))) = walk.resolve(&response.pointer) else { return Vec::new() };
    let key = if walk.is_swagger() { "x-links" } else { "links" };
    let Some(Value::Object(links)) = node.get(key) else { return Vec::new() };
    let at = at.push(key);
    let names = links.keys().filter(|name| !name.starts_with("x-"));
    names.map(|name| (name.clone(), at.push(name))).collect()
}

fn skipped(walk: &mut Walk, at: &Pointer, message: String, hint: &str) {
    walk.issue("unresolvable-link", IssueKind::PartSkipped, at, message, hint);
}

/// The operation that a link leads to.
fn target<'o>(
    walk: &mut Walk,
    node: &Map<String, Value>,
    name: &str,
    at: &Pointer,
    operations: &'o [Operation],
    by_id: &HashMap<&str, &'o Operation>,
) -> Option<&'o Operation> {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    if let Some(id) = text("operationId") {
        let found = by_id.get(id).copied();
        if found.is_none() {
            let message = format!("link `{name}` leads to operation `{id}`, which does not exist");
            let hint = nearest(id, by_id.keys().copied());
            let hint = hint.map_or_else(|| "name an `operationId` of this document".to_owned(), did_you_mean);
            skipped(walk, &at.push("operationId"), message, &hint);
        }
        return found;
    }
    let Some(reference) = text("operationRef") else {
        let message = format!("link `{name}` names no operation");
        skipped(walk, at, message, "add `operationId`");
        return None;
    };
    // What lies in another document is not ours to call.
    if !reference.starts_with('#') {
        return None;
    }
    let at = at.push("operationRef");
    let place =
        walk.target(&at, reference).ok().map(|place| walk.resolve(&place).map_or(place, |(at, _)| at));
    let found = place.and_then(|place| operations.iter().find(|operation| operation.pointer == place));
    if found.is_none() {
        let message = format!("link `{name}` leads to `{reference}`, where no operation stands");
        skipped(walk, &at, message, "write it as `#/paths/~1path/get`, or name an `operationId`");
    }
    found
}

fn parameters(walk: &mut Walk, at: &Pointer, from: &Operation, to: &Operation) -> Vec<LinkParameter> {
    // A document in several files may keep them elsewhere.
    let at = at.push("parameters");
    let Ok((at, Value::Object(given))) = walk.resolve(&at) else { return Vec::new() };
    let mut parameters = Vec::new();
    for (key, value) in given {
        let at = at.push(key);
        let Some((location, name)) = declared(key, to) else {
            let message = format!("`{}` has no parameter `{key}`", to.key);
            let hint = nearest(key, to.parameters.iter().map(|p| p.name.as_str()));
            let hint = hint.map_or_else(|| "name a parameter of the operation".to_owned(), did_you_mean);
            skipped(walk, &at, message, &hint);
            continue;
        };
        if let Some(value) = read(walk, value, &at, from) {
            parameters.push(LinkParameter { location, name, value });
        }
    }
    parameters
}

/// The parameter of `to` that a key names: `id`, or `path.id`.
fn declared(key: &str, to: &Operation) -> Option<(Location, String)> {
    let found = to.parameters.iter().find(|p| p.name == key).or_else(|| {
        to.parameters.iter().find(|p| key.strip_prefix(&format!("{}.", p.location)) == Some(p.name.as_str()))
    })?;
    Some((found.location, found.name.clone()))
}

/// A value that is passed on, if its expressions can be read and look at what the operation has.
fn read(walk: &mut Walk, value: &Value, at: &Pointer, from: &Operation) -> Option<LinkValue> {
    let value = match LinkValue::parse(value) {
        Ok(value) => value,
        Err(text) => {
            let message = format!("`{text}` is not a runtime expression");
            skipped(walk, at, message, "write `$response.body#/id`, `$request.path.id` or the like");
            return None;
        }
    };
    for expression in value.expressions() {
        let asked = match expression {
            Expression::Request(Source::Path(name)) => Some((Location::Path, name)),
            Expression::Request(Source::Query(name)) => Some((Location::Query, name)),
            _ => None,
        };
        if let Some((location, name)) = asked
            && from.parameter(location, name).is_none()
        {
            let message = format!("`{}` has no {location} parameter `{name}`", from.key);
            let names = from.parameters.iter().filter(|p| p.location == location).map(|p| p.name.as_str());
            let hint = nearest(name, names);
            let hint = hint.map_or_else(|| "name a parameter of the operation".to_owned(), did_you_mean);
            skipped(walk, at, message, &hint);
            return None;
        }
    }
    Some(value)
}

fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.map(|name| (strsim::jaro_winkler(wanted, name), name));
    let near = scored.filter(|(score, _)| *score > 0.7);
    near.max_by(|one, other| one.0.total_cmp(&other.0).then_with(|| other.1.cmp(one.1))).map(|(_, name)| name)
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

#[cfg(test)]
mod tests {
    use crate::spec::{Link, LinkValue, parse};
    use serde_json::{Value, json};

    fn read(link: &Value) -> (Vec<Link>, Vec<(String, Option<String>)>) {
        let id = json!([{"name": "pet_id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
        let answers = json!({"200": {"description": "a pet"}});
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "Pets", "version": "1"},
            "paths": {
                "/pets": {"post": {
                    "operationId": "createPet",
                    "parameters": [{"name": "dry", "in": "query", "schema": {"type": "boolean"}}],
                    "responses": {"201": {"description": "made", "links": {"it": link}}},
                }},
                "/pets/{pet_id}": {"get": {"operationId": "readPet", "parameters": id, "responses": answers}},
            },
            "components": {"links": {"Shared": {"operationId": "readPet", "parameters": {"path.pet_id": 7}}}},
        });
        let (api, issues) = parse(document).expect("an API");
        (api.links, issues.into_iter().map(|issue| (issue.message, issue.hint)).collect())
    }

    #[track_caller]
    fn good(link: &Value) -> Link {
        let (mut links, issues) = read(link);
        assert_eq!(issues, []);
        assert_eq!(links.len(), 1);
        links.remove(0)
    }

    #[track_caller]
    fn bad(link: &Value, message: &str, hint: &str) {
        let (_, issues) = read(link);
        assert_eq!(issues, [(message.to_owned(), Some(hint.to_owned()))]);
    }

    #[test]
    fn links_are_read_by_id_by_reference_and_from_components() {
        let by_id = good(&json!({"operationId": "readPet", "parameters": {"pet_id": "$response.body#/id"}}));
        assert_eq!((by_id.from.as_str(), by_id.to.as_str()), ("POST /pets", "GET /pets/{pet_id}"));
        assert_eq!(by_id.parameters.len(), 1);
        let by_reference = good(&json!({"operationRef": "#/paths/~1pets~1{pet_id}/get"}));
        assert_eq!(by_reference.to, by_id.to);
        let shared = good(&json!({"$ref": "#/components/links/Shared"}));
        assert_eq!(shared.parameters[0].value, LinkValue::Constant(json!(7)));
    }

    #[test]
    fn what_leads_nowhere_is_an_issue_with_the_nearest_name() {
        bad(
            &json!({"operationId": "raedPet"}),
            "link `it` leads to operation `raedPet`, which does not exist",
            "did you mean `readPet`?",
        );
        bad(
            &json!({"operationRef": "#/paths/~1pet/get"}),
            "link `it` leads to `#/paths/~1pet/get`, where no operation stands",
            "write it as `#/paths/~1path/get`, or name an `operationId`",
        );
        bad(
            &json!({"operationId": "readPet", "parameters": {"petid": "$response.body#/id"}}),
            "`GET /pets/{pet_id}` has no parameter `petid`",
            "did you mean `pet_id`?",
        );
        bad(
            &json!({"operationId": "readPet", "parameters": {"pet_id": "$response.path.id"}}),
            "`$response.path.id` is not a runtime expression",
            "write `$response.body#/id`, `$request.path.id` or the like",
        );
        bad(
            &json!({"operationId": "readPet", "parameters": {"pet_id": "$request.query.dri"}}),
            "`POST /pets` has no query parameter `dri`",
            "did you mean `dry`?",
        );
        assert_eq!(
            read(&json!({"operationRef": "https://example.org/api#/paths/~1x/get"})),
            (vec![], vec![])
        );
    }
}
