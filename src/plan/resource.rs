//! Which operations belong to one kind of resource: list, create, read, replace, change, delete.

use crate::exchange::Method;
use crate::plan::danger::{Danger, danger};
use crate::plan::words::{fold, singular};
use crate::spec::{
    Api, Expression, Link, LinkValue, Location, Operation, PathSegment, PathTemplate, StatusPattern,
};
use std::collections::BTreeMap;

/// One kind of resource: the items under a path such as `/projects/{project_id}/assets/{asset_id}`.
///
/// Fields are indices into [`Api::operations`].
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The shape of the item's path, parameter names erased: `/projects/{}/assets/{}`. Equal shapes are one resource,
    /// whatever each operation calls the parameters.
    pub item: String,
    /// The item's path template as it first appears, for people.
    pub template: String,
    /// The names of the parameter that names one item, in the order of first appearance.
    pub parameters: Vec<String>,
    /// How many parameters name one item: more than one where they stand side by side (`/mirrors/{host}/{port}`) and no
    /// path ends between them.
    pub names: usize,
    /// The static segment before it: `assets`.
    pub collection: String,
    /// `GET` on the collection.
    pub list: Option<usize>,
    /// `POST` on the collection, or on the nearest path above it; else one whose answers link to the item, or one on a
    /// path that names the collection in the plural (`/silences` for `/silence/{id}`); else the `PUT` on the item, where
    /// the client may name it.
    pub create: Option<usize>,
    /// `GET` on the item.
    pub read: Option<usize>,
    /// `PUT` on the item.
    pub replace: Option<usize>,
    /// `PATCH` on the item.
    pub change: Option<usize>,
    /// `DELETE` on the item.
    pub delete: Option<usize>,
    /// The shape of the path that names the collection in the plural, if it shows items.
    pub plural: Option<String>,
    /// Links from answers to what reads an item.
    pub links: Vec<Link>,
    /// Whether the document lists every value that may name an item.
    pub is_enumerated: bool,
    /// Whether the client names the items: nothing but the `PUT` at a path where nothing is may create one.
    pub is_claimed: bool,
}

impl Resource {
    /// The shape of the collection's path.
    pub fn above(&self) -> &str {
        self.item.strip_suffix(&"/{}".repeat(self.names)).unwrap_or_default()
    }
}

/// Every resource of the API, in the order of first appearance of its item path.
///
/// An item path is any prefix of a path that ends in a parameter. Its collection is what stands before,
/// without the slash; a `POST` further up serves if nothing but fixed text lies between
/// (`POST /findings` creates what `/findings/details/{number}` shows).
pub fn resources(api: &Api) -> Vec<Resource> {
    let mut found: BTreeMap<String, Resource> = BTreeMap::new();
    let mut order = Vec::new();
    for operation in &api.operations {
        for template in templates(&operation.path) {
            let item = PathTemplate::parse(&template).shape();
            let parameter = template.rsplit('/').next().unwrap_or_default().trim_matches(['{', '}']);
            let resource = found.entry(item.clone()).or_insert_with(|| {
                order.push(item.clone());
                describe(api, &item, &template)
            });
            if !resource.parameters.iter().any(|name| name == parameter) {
                resource.parameters.push(parameter.to_owned());
            }
        }
    }
    order.into_iter().filter_map(|item| found.remove(&item)).collect()
}

/// The shapes of the prefixes of a path that end in a parameter: `/a/{x}/b/{y}/c` → `/a/{}`, `/a/{}/b/{}`.
///
/// A parameter that shares its segment with text (`{id}.json`) names no item.
pub fn item_prefixes(path: &PathTemplate) -> Vec<String> {
    templates(path).iter().map(|template| PathTemplate::parse(template).shape()).collect()
}

fn templates(path: &PathTemplate) -> Vec<String> {
    let segments = path.segments();
    let mut text = String::new();
    let mut prefixes = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        match segment {
            PathSegment::Text(fixed) => text.push_str(fixed),
            PathSegment::Parameter(name) => {
                let alone = text.ends_with('/')
                    && segments
                        .get(at + 1)
                        .is_none_or(|next| matches!(next, PathSegment::Text(t) if t.starts_with('/')));
                text.push_str(&format!("{{{name}}}"));
                if alone {
                    prefixes.push(text.clone());
                }
            }
        }
    }
    prefixes
}

fn describe(api: &Api, shape: &str, template: &str) -> Resource {
    let names = side_by_side(api, shape);
    let above = shape.strip_suffix(&"/{}".repeat(names)).unwrap_or_default();
    let find = |method: Method, shape: &str| {
        api.operations
            .iter()
            .position(|o: &Operation| o.method == method && o.path.shape().trim_end_matches('/') == shape)
    };
    // Fixed text alone may lie between the creator and the item.
    let mut creator_path = above;
    let mut create = find(Method::Post, creator_path);
    while create.is_none() {
        match creator_path.rsplit_once('/') {
            Some((up, last)) if !last.contains('{') && !up.is_empty() && !up.ends_with('}') => {
                creator_path = up;
                create = find(Method::Post, creator_path);
            }
            _ => break,
        }
    }
    let links: Vec<Link> = api.links.iter().filter(|link| leads_to(api, link, shape)).cloned().collect();
    if create.is_none() {
        let from =
            |link: &Link| api.operations.iter().position(|o| o.key == link.from && o.method == Method::Post);
        create = links.iter().find_map(from);
    }
    let mut list = find(Method::Get, above);
    // What needs one more name to be named is made under its whole name alone.
    if is_half(api, shape) {
        (create, list) = (None, None);
    }
    let mut plural = None;
    if create.is_none() && list.is_none() {
        plural = in_plural(api, above);
        create = plural.as_deref().and_then(|path| find(Method::Post, path));
        list = plural.as_deref().and_then(|path| find(Method::Get, path));
    }
    if list.is_none() && creator_path != above {
        list = find(Method::Get, creator_path);
    }
    let is_enumerated = is_enumerated(api, shape);
    if is_enumerated {
        create = None;
    }
    let (read, replace) = (find(Method::Get, shape), find(Method::Put, shape));
    let delete = find(Method::Delete, shape);
    // Whether it is there must be seen before, and what was made must be removed after.
    let claim = replace.filter(|put| {
        let nameable = names == 1 && !is_enumerated && !is_half(api, shape);
        create.is_none() && nameable && read.is_some() && delete.is_some() && is_named_freely(api, *put)
    });
    Resource {
        item: shape.to_owned(),
        template: template.to_owned(),
        parameters: Vec::new(),
        names,
        collection: above.rsplit('/').find(|s| !s.contains('{')).unwrap_or_default().to_owned(),
        list,
        create: create.or(claim),
        read,
        replace,
        change: find(Method::Patch, shape),
        delete,
        plural,
        links,
        is_enumerated,
        is_claimed: claim.is_some(),
    }
}

/// Whether the document itself lists every value that the last parameter of these paths may have: nothing is created
/// there, and `POST /events/count-by/{kind}` is no change of a thing.
fn is_enumerated(api: &Api, shape: &str) -> bool {
    let below =
        |path: &str| path.strip_prefix(shape).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut uses = api.operations.iter().filter(|operation| below(&operation.path.shape())).peekable();
    let at = shape.matches("{}").count().saturating_sub(1);
    uses.peek().is_some()
        && uses
            .all(|operation| operation.path.names().nth(at).is_some_and(|name| lists(api, operation, name)))
}

/// Whether the last parameter of a `PUT` may be any text. Ids of a form of their own are the server's to give, unless the
/// document says that this very `PUT` creates.
fn is_named_freely(api: &Api, put: usize) -> bool {
    let operation = &api.operations[put];
    let parameter = operation.path.names().last().and_then(|name| operation.parameter(Location::Path, name));
    let schema = parameter.and_then(|parameter| parameter.schema.as_ref());
    let schema = schema.and_then(|schema| api.document.resolve(schema)).map(|(_, schema)| schema);
    let says = |key: &str| schema.and_then(|schema| schema.get(key)?.as_str());
    let creates = operation.responses.iter().any(|response| response.status == StatusPattern::Code(201));
    let free = match (says("type"), says("format")) {
        (Some("string"), None) => true,
        (Some("string"), Some("uuid")) => creates,
        _ => false,
    };
    free && matches!(danger(operation), Danger::None | Danger::Credentials)
}

/// Whether an operation's path parameter is one of a documented list.
fn lists(api: &Api, operation: &Operation, name: &str) -> bool {
    let schema = operation.parameter(Location::Path, name).and_then(|parameter| parameter.schema.as_ref());
    let schema = schema.and_then(|schema| api.document.resolve(schema)).map(|(_, schema)| schema);
    schema.is_some_and(|schema| schema.get("enum").is_some() || schema.get("const").is_some())
}

/// How many parameters at the end of an item's path name it together: `/mirrors/{}/{}` has two if no path ends between.
fn side_by_side(api: &Api, shape: &str) -> usize {
    let mut names = 1;
    let mut before = shape.strip_suffix("/{}").unwrap_or_default();
    while before.ends_with("/{}") && is_half(api, before) {
        names += 1;
        before = before.strip_suffix("/{}").unwrap_or_default();
    }
    names
}

/// Whether paths go on from this one by another parameter alone, so that it names nothing by itself.
fn is_half(api: &Api, shape: &str) -> bool {
    let mut below = api
        .operations
        .iter()
        .filter_map(|operation| operation.path.shape().strip_prefix(shape).map(str::to_owned))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .peekable();
    below.peek().is_some() && below.all(|rest| rest.starts_with("/{}"))
}

/// Whether a link leads to what reads items of this shape, with a value out of the answer.
fn leads_to(api: &Api, link: &Link, shape: &str) -> bool {
    let Some(to) = api.operation(&link.to).filter(|to| to.method == Method::Get && to.path.shape() == shape)
    else {
        return false;
    };
    let last = to.path.names().last();
    link.parameters.iter().any(|p| {
        p.location == Location::Path
            && Some(p.name.as_str()) == last
            && matches!(p.value, LinkValue::Expression(Expression::Response(_)))
    })
}

/// The path beside `above` whose last segment is its plural.
fn in_plural(api: &Api, above: &str) -> Option<String> {
    let (before, last) =
        above.rsplit_once('/').filter(|(_, last)| !last.contains('{') && !last.is_empty())?;
    let paths = api.operations.iter().map(|operation| operation.path.shape());
    let mut twins = paths.filter(|path| {
        let beside = path.trim_end_matches('/').rsplit_once('/').filter(|(up, _)| *up == before);
        beside.is_some_and(|(_, name)| name != last && singular(&fold(name)) == fold(last))
    });
    twins.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[(&str, &str)]) -> (Api, Vec<Resource>) {
        let mut document =
            serde_json::json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}});
        for (method, path) in paths {
            let id = serde_json::json!([
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}
            ]);
            let parameters = if path.contains('{') { id } else { serde_json::json!([]) };
            document["paths"][*path][*method] =
                serde_json::json!({"parameters": parameters, "responses": {"200": {"description": ""}}});
        }
        let (api, _) = crate::spec::parse(document).expect("an API");
        let found = resources(&api);
        (api, found)
    }

    #[test]
    fn a_collection_may_be_named_in_the_plural() {
        let (api, silences) =
            found(&[("get", "/silences"), ("post", "/silences"), ("delete", "/silence/{id}")]);
        assert_eq!((silences[0].create, silences[0].list, silences[0].delete), (Some(1), Some(0), Some(2)));
        assert_eq!(silences[0].plural.as_deref(), Some("/silences"));
        assert!(crate::plan::safety::creates(&api.operations[1], &silences));
        // What is near is nearer, and another word is another thing.
        let (_, near) = found(&[("post", "/pet"), ("get", "/pet/{id}"), ("get", "/pets")]);
        assert_eq!((near[0].create, near[0].plural.as_deref()), (Some(0), None));
        let (_, other) = found(&[("post", "/alerts"), ("get", "/silence/{id}"), ("post", "/v2/silences")]);
        assert_eq!((other[0].create, other[0].plural.as_deref()), (None, None));
    }

    #[test]
    fn nothing_is_created_where_the_document_lists_every_value() {
        let document = |schema: serde_json::Value| {
            let operation = serde_json::json!({
                "parameters": [{"name": "kind", "in": "path", "required": true, "schema": schema}],
                "responses": {"200": {"description": ""}},
            });
            let post = serde_json::json!({"responses": {"200": {"description": ""}}});
            serde_json::json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
                "components": {"schemas": {"Kind": {"type": "string", "enum": ["day", "event"]}}},
                "paths": {"/events": {"post": post}, "/events/count-by/{kind}": {"post": operation}}})
        };
        let check = |schema: serde_json::Value, create: Option<usize>, allowed: bool| {
            let (api, _) = crate::spec::parse(document(schema)).expect("an API");
            let found = resources(&api);
            assert_eq!(found[0].create, create);
            let permission =
                crate::plan::permission(&api.operations[1], &found, crate::plan::Safety::OwnResources, false);
            assert_eq!(permission == crate::plan::Permission::Free, allowed, "{permission:?}");
        };
        check(serde_json::json!({"$ref": "#/components/schemas/Kind"}), None, true);
        check(serde_json::json!({"type": "string"}), Some(0), false);
    }

    #[test]
    fn a_put_creates_only_what_the_client_may_name() {
        let claimed = |paths: &[(&str, &str)]| found(paths).1.iter().any(|resource| resource.is_claimed);
        let item = [("get", "/things/{id}"), ("put", "/things/{id}"), ("delete", "/things/{id}")];
        assert!(claimed(&item));
        assert_eq!(found(&item).1[0].create, Some(1));
        assert!(!claimed(&item[..2]), "what is made must be removed");
        assert!(!claimed(&[item[1], item[2]]), "whether something is there must be seen");
        assert!(!claimed(&[item[0], item[1], item[2], ("post", "/things")]), "the collection makes it");
        let windows = item.map(|(method, _)| (method, "/maintenance/{id}"));
        assert!(!claimed(&windows), "it may switch the service");
        let typed = |schema: serde_json::Value, status: &str| {
            let operation = serde_json::json!({
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": schema}],
                "responses": {status: {"description": ""}},
            });
            let document = serde_json::json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
                "paths": {"/things/{id}": {"get": operation, "put": operation, "delete": operation}}});
            resources(&crate::spec::parse(document).expect("an API").0)[0].is_claimed
        };
        assert!(typed(serde_json::json!({"type": "string"}), "200"));
        assert!(typed(serde_json::json!({"type": "string", "format": "uuid"}), "201"));
        for (schema, status) in [
            (serde_json::json!({"type": "string", "format": "uuid"}), "200"),
            (serde_json::json!({"type": "string", "enum": ["a"]}), "201"),
            (serde_json::json!({"type": "string", "format": "date"}), "201"),
            (serde_json::json!({"type": "integer"}), "201"),
        ] {
            assert!(!typed(schema, status));
        }
    }

    #[test]
    fn prefixes_end_in_a_parameter_of_its_own() {
        let prefixes = |path: &str| item_prefixes(&PathTemplate::parse(path));
        assert_eq!(prefixes("/a/{x}/b/{y}/c"), ["/a/{}", "/a/{}/b/{}"]);
        assert_eq!(prefixes("/a/{x}.json"), Vec::<String>::new());
        assert_eq!(prefixes("/a"), Vec::<String>::new());
    }
}
