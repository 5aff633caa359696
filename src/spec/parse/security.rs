//! Security schemes and what operations require of them.

use crate::schema::{Pointer, find};
use crate::spec::parse::skeleton;
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, Location, Requirement, SecurityScheme};
use indexmap::IndexMap;
use openapiv3::APIKeyLocation;
use serde_json::{Map, Value, json};

/// The declared schemes by name.
pub(super) fn schemes(walk: &mut Walk) -> IndexMap<String, SecurityScheme> {
    let at = if walk.is_swagger() {
        Pointer::root().push("securityDefinitions")
    } else {
        Pointer::root().push("components").push("securitySchemes")
    };
    let mut schemes = IndexMap::new();
    let Some(Value::Object(declared)) = find(walk.root, at.as_str()) else { return schemes };
    for name in declared.keys().filter(|name| !name.starts_with("x-")) {
        let at = at.push(name);
        let Some((_, node)) = walk.resolve_or(&at, IssueKind::PartSkipped) else { continue };
        match scheme(node) {
            Ok(scheme) => _ = schemes.insert(name.clone(), scheme),
            Err(reason) => {
                let message = format!("security scheme `{name}` cannot be used: {reason}");
                walk.issue(
                    "unusable-security-scheme",
                    IssueKind::PartSkipped,
                    &at,
                    message,
                    "compare it with the Security Scheme Object",
                );
            }
        }
    }
    schemes
}

/// Adds the schemes that requirements name by URI (OpenAPI 3.2 §4.30): `#/components/securitySchemes/key`, or one
/// that stands anywhere else. A declared name always comes first.
pub(super) fn by_uri(walk: &mut Walk, schemes: &mut IndexMap<String, SecurityScheme>) {
    if walk.is_swagger() {
        return;
    }
    for name in required_names(walk) {
        if schemes.contains_key(&name) {
            continue;
        }
        let Ok(at) = walk.target(&Pointer::root(), &name) else { continue };
        if let Ok((_, node)) = walk.resolve(&at)
            && let Ok(scheme) = scheme(node)
        {
            schemes.insert(name, scheme);
        }
    }
}

/// Every name in a `security` list that can only be a URI.
fn required_names(walk: &Walk) -> Vec<String> {
    let mut owners = vec![walk.root];
    for key in ["paths", "x-ms-paths"] {
        for (_, item) in members(walk, &Pointer::root().push(key)) {
            for (name, at) in members(walk, &item) {
                match name.as_str() {
                    "additionalOperations" => {
                        owners.extend(members(walk, &at).iter().filter_map(|(_, at)| node(walk, at)));
                    }
                    _ => owners.extend(node(walk, &at)),
                }
            }
        }
    }
    let lists = owners.into_iter().filter_map(|owner| owner.get("security")?.as_array());
    let names = lists.flatten().filter_map(Value::as_object).flat_map(Map::keys);
    names.filter(|name| name.contains('#')).cloned().collect()
}

/// The members of the object at `at`, wherever it really stands, with their places.
fn members<'d>(walk: &Walk<'d>, at: &Pointer) -> Vec<(&'d String, Pointer)> {
    let mut found = Vec::new();
    if let Ok((at, Value::Object(members))) = walk.resolve(at) {
        found.extend(members.keys().map(|name| (name, at.push(name))));
    }
    found
}

fn node<'d>(walk: &Walk<'d>, at: &Pointer) -> Option<&'d Value> {
    walk.resolve(at).ok().map(|(_, node)| node)
}

fn scheme(node: &Value) -> Result<SecurityScheme, String> {
    let Value::Object(node) = node else { return Err("it is not an object".into()) };
    let mut skeleton = skeleton::cut(node, &["type", "name", "in", "scheme"]);
    match node.get("type").and_then(Value::as_str) {
        // Swagger 2.0.
        Some("basic") => return Ok(SecurityScheme::Basic),
        // Written for `type: http` with `scheme: basic` or `bearer`.
        Some(kind @ ("bearer" | "Basic" | "Bearer")) => {
            return Ok(if kind == "Basic" { SecurityScheme::Basic } else { SecurityScheme::Bearer });
        }
        // OpenAPI 3.1; not in the typed model.
        Some("mutualTLS") => return Ok(SecurityScheme::Other { name: "mutualTLS".into() }),
        // Which flow gives the token does not matter to us, and 2.0 writes it otherwise.
        Some("oauth2") => _ = skeleton.insert("flows".into(), json!({})),
        Some("openIdConnect") => _ = skeleton.insert("openIdConnectUrl".into(), json!("")),
        _ => {}
    }
    Ok(match skeleton::read::<openapiv3::SecurityScheme>(skeleton)? {
        openapiv3::SecurityScheme::APIKey { location, name, .. } => {
            let location = match location {
                APIKeyLocation::Query => Location::Query,
                APIKeyLocation::Header => Location::Header,
                APIKeyLocation::Cookie => Location::Cookie,
            };
            SecurityScheme::ApiKey { location, name }
        }
        openapiv3::SecurityScheme::HTTP { scheme, .. } => match scheme.to_ascii_lowercase().as_str() {
            "basic" => SecurityScheme::Basic,
            "bearer" => SecurityScheme::Bearer,
            _ => SecurityScheme::Other { name: scheme },
        },
        openapiv3::SecurityScheme::OAuth2 { .. } | openapiv3::SecurityScheme::OpenIDConnect { .. } => {
            SecurityScheme::Bearer
        }
    })
}

/// The alternatives of a `security` list; `None` if the owner has none, so that the outer one holds.
pub(super) fn requirements(
    walk: &mut Walk,
    owner: &Map<String, Value>,
    at: &Pointer,
    declared: &IndexMap<String, SecurityScheme>,
) -> Option<Vec<Requirement>> {
    let at = at.push("security");
    let list = match owner.get("security")? {
        Value::Array(list) => list,
        Value::Null => return None,
        _ => {
            walk.issue(
                "malformed-security",
                IssueKind::Doubtful,
                &at,
                "`security` is not a list",
                "write a list of objects",
            );
            return None;
        }
    };
    let mut requirements = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let at = at.push(index);
        let Value::Object(entry) = entry else {
            walk.issue(
                "malformed-security",
                IssueKind::Doubtful,
                &at,
                "a security requirement is not an object",
                "write `- schemeName: []`",
            );
            continue;
        };
        let mut requirement = Requirement::default();
        for (name, scopes) in entry {
            if !declared.contains_key(name) {
                let message = format!("security scheme `{name}` is not declared");
                walk.issue(
                    "undefined-security-scheme",
                    IssueKind::Doubtful,
                    &at,
                    message,
                    "declare it, or name a declared one",
                );
            }
            let scopes = scopes.as_array().into_iter().flatten();
            let scopes = scopes.filter_map(|scope| scope.as_str().map(str::to_owned)).collect();
            requirement.schemes.push((name.clone(), scopes));
        }
        requirements.push(requirement);
    }
    Some(requirements)
}
