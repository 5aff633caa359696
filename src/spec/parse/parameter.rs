//! Parameters of OpenAPI 3.x, and of Swagger 2.0 brought into their shape.

use crate::exchange::MediaType;
use crate::schema::{Pointer, find};
use crate::spec::parse::example::Examples;
use crate::spec::parse::walk::Walk;
use crate::spec::parse::{skeleton, swagger};
use crate::spec::{IssueKind, Location, Parameter, Style};
use openapiv3::{CookieStyle, HeaderStyle, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle};
use serde_json::{Map, Value, json};

/// Members of a parameter that say how it travels.
const KEYS: &[&str] = &["name", "in", "required", "style", "explode", "allowReserved", "allowEmptyValue"];

/// Those of them that are booleans.
const FLAGS: &[&str] = &["required", "explode", "allowReserved", "allowEmptyValue"];
/// Keywords of a schema that tell when they stand beside the parameter, where Swagger 2.0 has them.
const SCHEMA: &[&str] = &["type", "enum", "items", "format"];

/// As [`parameter()`], but a shared one is read once however many operations use it.
pub(super) fn shared(walk: &mut Walk, node: &Map<String, Value>, at: &Pointer) -> Result<Parameter, String> {
    if let Some(known) = walk.parameters.get(at) {
        let has_room =
            |parameter: &Parameter| parameter.examples.iter().all(|value| walk.has_room_for(value));
        return match known {
            Ok(parameter) if !has_room(parameter) => Ok(bare(parameter)),
            known => known.clone(),
        };
    }
    let read = parameter(walk, node, at);
    walk.parameters.insert(at.clone(), read.clone());
    read
}

/// The parameter without its examples.
fn bare(parameter: &Parameter) -> Parameter {
    Parameter {
        name: parameter.name.clone(),
        schema: parameter.schema.clone(),
        content_type: parameter.content_type.clone(),
        examples: Vec::new(),
        pointer: parameter.pointer.clone(),
        ..*parameter
    }
}

/// Reads the parameter node at `at` (already resolved). The error says why it cannot be used.
pub(super) fn parameter(
    walk: &mut Walk,
    node: &Map<String, Value>,
    at: &Pointer,
) -> Result<Parameter, String> {
    let (mut skeleton, place) = if walk.is_swagger() {
        swagger::parameter(node, at)
    } else {
        let mut skeleton = skeleton::cut(node, KEYS);
        // A `collectionFormat` in an OpenAPI 3 document still says what it said in 2.0.
        if node.contains_key("collectionFormat") && !node.contains_key("style") {
            let message = "`collectionFormat` belongs to Swagger 2.0; it is read all the same";
            walk.issue(
                "part-of-another-version",
                IssueKind::Doubtful,
                at,
                message,
                "write `style` and `explode`",
            );
            let (style, explode) = swagger::collection(node);
            if is_in(&skeleton, "query") {
                skeleton.insert("style".into(), json!(style));
            }
            skeleton.entry("explode").or_insert(json!(explode));
        }
        let place = place(walk, node, at);
        let (key, value) = place.skeleton();
        skeleton.insert(key.into(), value);
        (skeleton, place)
    };
    skeleton::mend_flags(walk, &mut skeleton, at, FLAGS);
    mend_location(walk, &mut skeleton, at);
    // A path parameter is required by nature; what the document says cannot change it.
    if skeleton.get("in").and_then(Value::as_str) == Some("path")
        && skeleton.insert("required".into(), json!(true)) != Some(json!(true))
    {
        let message = "path parameter is not marked `required: true`";
        walk.issue("optional-path-parameter", IssueKind::Doubtful, at, message, "add `required: true`");
    }
    // What OpenAPI 3.2 adds, the typed model does not know: both are read as their nearest kin of 3.0.
    let is =
        |skeleton: &Map<String, Value>, key, value| skeleton.get(key).and_then(Value::as_str) == Some(value);
    let plain_cookie = is(&skeleton, "in", "cookie") && is(&skeleton, "style", "cookie");
    if plain_cookie {
        skeleton.shift_remove("style");
    }
    let whole_query = is(&skeleton, "in", "querystring");
    if whole_query {
        if place.content.is_none() {
            return Err("a `querystring` parameter has no `content`".to_owned());
        }
        skeleton.insert("in".into(), json!("query"));
        for key in ["style", "explode", "allowReserved"] {
            skeleton.shift_remove(key);
        }
    }
    let reserved = skeleton.get("allowReserved") == Some(&Value::Bool(true));
    let typed = match skeleton::read::<openapiv3::Parameter>(skeleton.clone()) {
        Ok(typed) => typed,
        Err(reason) => {
            let style = skeleton.shift_remove("style").ok_or_else(|| reason.clone())?;
            let typed = skeleton::read(skeleton).map_err(|_| reason)?;
            let message = format!("style {style} does not exist here; the default is used");
            walk.issue(
                "invalid-style",
                IssueKind::Doubtful,
                at,
                message,
                "use a style that the parameter's location allows",
            );
            typed
        }
    };
    let mut parameter = finish(walk, typed, node, at, place, reserved);
    if plain_cookie {
        parameter.style = Style::Cookie;
    }
    if whole_query {
        parameter.location = Location::Querystring;
    }
    Ok(parameter)
}

fn is_in(skeleton: &Map<String, Value>, location: &str) -> bool {
    let written = skeleton.get("in").and_then(Value::as_str);
    written.is_some_and(|written| written.trim().eq_ignore_ascii_case(location))
}

/// Where the value's schema stands.
pub(super) struct Place {
    /// The schema, if any.
    pub(super) schema: Option<Pointer>,
    /// The media type of a `content` parameter, with the pointer of its Media Type Object.
    pub(super) content: Option<(String, Pointer)>,
    /// Swagger 2.0's `collectionFormat` where the typed model cannot say it: `tsv`, and others outside a query.
    pub(super) delimited: Option<Style>,
}

impl Place {
    /// The place of a plain schema.
    pub(super) fn of_schema(schema: Option<Pointer>) -> Self {
        Self { schema, content: None, delimited: None }
    }

    fn skeleton(&self) -> (&'static str, Value) {
        let schema = self.schema.as_ref().map_or_else(|| json!({}), skeleton::stand_in);
        match &self.content {
            Some((media, _)) => ("content", json!({ media: {"schema": schema} })),
            None => ("schema", schema),
        }
    }
}

/// Finds the schema of a 3.x parameter or header; the corners that occur in real documents are noted.
pub(super) fn place(walk: &mut Walk, node: &Map<String, Value>, at: &Pointer) -> Place {
    if let Some(schema) = schema_of(walk, node, at) {
        return Place::of_schema(Some(schema));
    }
    if let Some(Value::Object(content)) = node.get("content")
        && let Some((media, inner)) = content.iter().next()
    {
        let here = at.push("content").push(media);
        if MediaType::parse(media).is_none() {
            let message = format!("`{media}` is not a media type");
            walk.issue(
                "invalid-media-type",
                IssueKind::Doubtful,
                &here,
                message,
                "write it as `application/json`",
            );
        }
        let schema = inner.as_object().and_then(|inner| schema_of(walk, inner, &here));
        return Place { schema, content: Some((media.clone(), here)), delimited: None };
    }
    if node.get("schema").is_some_and(|schema| !schema.is_null()) {
        return Place::of_schema(None);
    }
    if SCHEMA.iter().any(|key| node.contains_key(*key)) {
        let message = "keywords of the schema stand beside the parameter, as in Swagger 2.0";
        walk.issue(
            "parameter-keywords-outside-schema",
            IssueKind::Doubtful,
            at,
            message,
            "move them into `schema`",
        );
        return Place::of_schema(Some(at.clone()));
    }
    let message = "neither `schema` nor `content`; any text is taken to be valid";
    walk.issue("parameter-without-schema", IssueKind::Doubtful, at, message, "add `schema`");
    Place::of_schema(None)
}

/// The `schema` of a parameter, header or media type; none, with an issue, if it is no schema.
pub(super) fn schema_of(walk: &mut Walk, node: &Map<String, Value>, at: &Pointer) -> Option<Pointer> {
    let at = at.push("schema");
    match node.get("schema")? {
        Value::Object(_) => Some(at),
        // Boolean schemas came with OpenAPI 3.1; before, people mean the same by them.
        Value::Bool(_) => Some(at),
        Value::Null => None,
        Value::String(_) | Value::Number(_) | Value::Array(_) => {
            let message = "`schema` is not an object; any value is taken to be valid";
            walk.issue(
                "schema-not-an-object",
                IssueKind::Doubtful,
                &at,
                message,
                "write a schema, or a `$ref` to one",
            );
            None
        }
    }
}

/// Locations are written in lower case; what differs in that alone is meant.
fn mend_location(walk: &mut Walk, skeleton: &mut Map<String, Value>, at: &Pointer) {
    let Some(written) = skeleton.get("in").and_then(Value::as_str) else { return };
    let meant = written.trim().to_ascii_lowercase();
    if meant != written {
        let message = format!("location `{written}` is read as `{meant}`");
        walk.issue(
            "malformed-parameter",
            IssueKind::Doubtful,
            &at.push("in"),
            message,
            "write it in lower case",
        );
        skeleton.insert("in".into(), json!(meant));
    }
}

fn finish(
    walk: &Walk,
    typed: openapiv3::Parameter,
    node: &Map<String, Value>,
    at: &Pointer,
    place: Place,
    allow_reserved: bool,
) -> Parameter {
    let mut empty = false;
    let (location, mut style, data) = match typed {
        openapiv3::Parameter::Path { parameter_data, style } => {
            let style = match style {
                PathStyle::Simple => Style::Simple,
                PathStyle::Label => Style::Label,
                PathStyle::Matrix => Style::Matrix,
            };
            (Location::Path, style, parameter_data)
        }
        openapiv3::Parameter::Query { parameter_data, style, allow_empty_value, .. } => {
            empty = allow_empty_value.unwrap_or_default();
            (Location::Query, query_style(style), parameter_data)
        }
        openapiv3::Parameter::Header { parameter_data, style: HeaderStyle::Simple } => {
            (Location::Header, Style::Simple, parameter_data)
        }
        openapiv3::Parameter::Cookie { parameter_data, style: CookieStyle::Form } => {
            (Location::Cookie, Style::Form, parameter_data)
        }
    };
    if let Some(delimited) = place.delimited {
        style = delimited;
    }
    let ParameterData { name, required, explode, format, .. } = data;
    let content_type = match format {
        ParameterSchemaOrContent::Schema(_) => None,
        ParameterSchemaOrContent::Content(content) => content.into_iter().next().map(|(media, _)| media),
    };
    let mut examples = Examples::default().of_node(walk, node, at);
    if let Some((_, inner)) = &place.content
        && let Some(Value::Object(media)) = find(walk.root, inner.as_str())
    {
        examples = examples.of_node(walk, media, inner);
    }
    Parameter {
        name,
        location,
        required,
        style,
        explode: explode.unwrap_or(matches!(style, Style::Form | Style::DeepObject)),
        allow_reserved,
        allow_empty: empty,
        examples: examples.of_schema(walk, place.schema.as_ref()).into_list(),
        schema: place.schema,
        content_type,
        pointer: at.clone(),
    }
}

/// Query styles, which form bodies share.
pub(super) fn query_style(style: QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}
