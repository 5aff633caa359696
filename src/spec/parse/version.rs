//! Which format a document is written in.

use crate::spec::{SpecError, SpecVersion};
use serde_json::Value;

const CONVERT_OLD: &str =
    "convert it to OpenAPI 3 first, for instance with swagger-converter or api-spec-converter";
const KNOWN: &str = "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are supported";

/// Reads `swagger` or `openapi`, which real documents also write as numbers.
pub(super) fn detect(root: &Value) -> Result<SpecVersion, SpecError> {
    if !root.is_object() {
        return Err(SpecError::NotAnObject { found: kind(root) });
    }
    if let Some(version) = root.get("openapi") {
        let text = text(version);
        return match release(&text) {
            Some((3, 0)) => Ok(SpecVersion::OpenApi30),
            Some((3, 1)) => Ok(SpecVersion::OpenApi31),
            Some((3, 2)) => Ok(SpecVersion::OpenApi32),
            Some((2, _)) => Err(SpecError::UnsupportedVersion {
                version: format!("`openapi: {text}`"),
                hint: "Swagger 2.0 documents say `swagger: \"2.0\"`",
            }),
            _ => Err(SpecError::UnsupportedVersion { version: format!("`openapi: {text}`"), hint: KNOWN }),
        };
    }
    if let Some(version) = root.get("swagger").or_else(|| root.get("swaggerVersion")) {
        let text = text(version);
        return match release(&text) {
            Some((2, 0)) => Ok(SpecVersion::Swagger2),
            Some((1, _)) => {
                Err(SpecError::UnsupportedVersion { version: format!("Swagger {text}"), hint: CONVERT_OLD })
            }
            Some((3, _)) => Err(SpecError::UnsupportedVersion {
                version: format!("`swagger: {text}`"),
                hint: "OpenAPI 3 documents say `openapi: 3.x.y`",
            }),
            _ => Err(SpecError::UnsupportedVersion { version: format!("`swagger: {text}`"), hint: KNOWN }),
        };
    }
    Err(stranger(root))
}

/// Names the other kinds of documents that people hand in by mistake.
fn stranger(root: &Value) -> SpecError {
    let info = |key: &str| root.get("info").and_then(|info| info.get(key)).is_some();
    let (found, hint) = if root.get("asyncapi").is_some() {
        ("it is an AsyncAPI document", "only HTTP APIs described by Swagger or OpenAPI are tested")
    } else if info("_postman_id") || (root.get("item").is_some() && info("schema")) {
        ("it is a Postman collection", "export the API as OpenAPI instead")
    } else if root.get("arazzo").is_some() || root.get("overlay").is_some() {
        ("it is an OpenAPI companion, not the API itself", "give the OpenAPI document it refers to")
    } else if root.get("$schema").is_some() {
        ("it is a JSON Schema", "give the API document that uses it")
    } else if root.get("paths").is_some() {
        (
            "it has `paths`, but neither `swagger` nor `openapi` names a version",
            "add `openapi: 3.0.3` or `swagger: \"2.0\"` at the top",
        )
    } else {
        (
            "neither `swagger` nor `openapi` names a version",
            "give a Swagger 2.0 or OpenAPI 3.x document; a running service often serves it at /v2/api-docs, /v3/api-docs, /swagger.json or /openapi.json",
        )
    };
    SpecError::NotAnApi { found: found.to_owned(), hint }
}

/// `3.1.0`, `3.1`, `3` → major and minor.
fn release(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split(['.', '-']);
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next().map_or(Some(0), |minor| minor.parse().ok())?;
    Some((major, minor))
}

fn text(version: &Value) -> String {
    match version {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a JSON value is, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(root: Value, expected: Result<SpecVersion, &str>) {
        match (detect(&root), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(expected)) => {
                assert!(error.to_string().contains(expected), "{error}");
                assert!(!error.hint().is_empty());
            }
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn recognises_versions() {
        check(json!({"swagger": "2.0"}), Ok(SpecVersion::Swagger2));
        check(json!({"swagger": 2.0}), Ok(SpecVersion::Swagger2));
        check(json!({"swagger": 2}), Ok(SpecVersion::Swagger2));
        check(json!({"openapi": "3.0.3"}), Ok(SpecVersion::OpenApi30));
        check(json!({"openapi": 3.0}), Ok(SpecVersion::OpenApi30));
        check(json!({"openapi": "3.1.0-rc1"}), Ok(SpecVersion::OpenApi31));
        check(json!({"openapi": "3.2.0"}), Ok(SpecVersion::OpenApi32));
    }

    #[test]
    fn refuses_the_rest_and_says_why() {
        check(json!([]), Err("a list, not an object"));
        check(json!({"swaggerVersion": "1.2"}), Err("Swagger 1.2"));
        check(json!({"openapi": "4.0.0"}), Err("`openapi: 4.0.0` is not supported"));
        check(json!({"openapi": "2.0"}), Err("`openapi: 2.0`"));
        check(json!({"openapi": true}), Err("`openapi: true`"));
        check(json!({"asyncapi": "2.0.0"}), Err("AsyncAPI"));
        check(json!({"info": {"_postman_id": "1"}, "item": []}), Err("Postman"));
        check(json!({"paths": {}}), Err("has `paths`"));
        check(json!({"name": "left-pad"}), Err("neither"));
    }
}
