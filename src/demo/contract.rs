//! The instance's own document, read into what the server needs to hold requests against it.
//!
//! The document is the only place where constraints are written; no handler may repeat one.

use jsonschema::Draft;
use jsonschema::Validator;
use serde_json::Map;
use serde_json::Value;

use crate::demo::bend::bend;
use crate::demo::error::DemoError;
use crate::demo::fault::FaultSet;

/// The Swagger 2.0 document of the embedded instance.
pub const SWAGGER: &str = include_str!("../../specs/demo/swagger.json");

/// Where the API begins.
pub(crate) const BASE_PATH: &str = "/nucleus/api";

/// Every operation of the document.
pub(crate) struct Contract {
    operations: Vec<Operation>,
}

/// One operation, references resolved and validators built.
pub(crate) struct Operation {
    /// Method and path, such as `GET /projects/{project_id}`.
    pub(crate) key: String,
    /// Method in upper case.
    pub(crate) method: String,
    /// Path template, without the base path.
    pub(crate) template: String,
    /// The role it needs: `any`, `viewer`, `editor` or `admin`.
    pub(crate) role: String,
    /// Path, query and form parameters.
    pub(crate) parameters: Vec<Parameter>,
    /// The JSON body, if it takes one.
    pub(crate) body: Option<Validator>,
    /// Whether it takes a multipart form.
    pub(crate) takes_form: bool,
}

/// One parameter outside the body.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: String,
    /// `path`, `query` or `formData`.
    pub(crate) location: String,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Its whole object in the document.
    pub(crate) definition: Value,
    /// Its schema, compiled.
    pub(crate) validator: Validator,
}

/// What a method and a path lead to.
pub(crate) enum Destination<'a> {
    /// No path template fits.
    Nowhere,
    /// The path of this template is known, the method is not; these are.
    OtherMethods(&'a str, Vec<&'a str>),
    /// An operation, with the raw text of its path parameters.
    Operation(&'a Operation, Vec<(&'a str, String)>),
}

impl Contract {
    /// Reads the document, bent by the faults that ignore or sharpen a constraint.
    pub(crate) fn load(faults: &FaultSet) -> Result<Contract, DemoError> {
        let document: Value =
            serde_json::from_str(SWAGGER).map_err(|source| DemoError::Document { source })?;
        let mut operations = Vec::new();
        for (template, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, definition) in
                item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters")
            {
                operations.push(operation(
                    &document,
                    template,
                    method,
                    &item["parameters"],
                    definition,
                    faults,
                )?);
            }
        }
        Ok(Contract { operations })
    }

    /// Every operation, in the order of the document.
    #[cfg(test)]
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Finds the operation for a method and a path below the base path. Literal segments win over parameters.
    pub(crate) fn find(&self, method: &str, path: &str) -> Destination<'_> {
        let fitting =
            self.operations.iter().filter_map(|operation| Some((operation, fit(&operation.template, path)?)));
        let Some((best, _)) = fitting.clone().max_by_key(|(operation, _)| literals(&operation.template))
        else {
            return Destination::Nowhere;
        };
        let mut methods = Vec::new();
        for (operation, parameters) in fitting.filter(|(operation, _)| operation.template == best.template) {
            if operation.method == method {
                return Destination::Operation(operation, parameters);
            }
            methods.push(operation.method.as_str());
        }
        Destination::OtherMethods(&best.template, methods)
    }
}

fn operation(
    document: &Value,
    template: &str,
    method: &str,
    shared: &Value,
    definition: &Value,
    faults: &FaultSet,
) -> Result<Operation, DemoError> {
    let method = method.to_uppercase();
    let key = format!("{method} {template}");
    let declared = shared.as_array().into_iter().chain(definition["parameters"].as_array()).flatten();
    let mut resolved: Vec<Value> = declared.map(|parameter| resolve(document, parameter)).collect();
    bend(&key, &mut resolved, faults);
    let mut parameters = Vec::new();
    let mut body = None;
    for definition in resolved {
        let name = definition["name"].as_str().unwrap_or_default().to_owned();
        let location = definition["in"].as_str().unwrap_or_default().to_owned();
        let place = format!("{key} {name}");
        if location == "body" {
            body = Some(compile(&definition["schema"], place)?);
            continue;
        }
        let validator = compile(&parameter_schema(&definition), place)?;
        let required = definition["required"].as_bool().unwrap_or(false);
        parameters.push(Parameter { name, location, required, definition, validator });
    }
    let takes_form = parameters.iter().any(|parameter| parameter.location == "formData");
    let role = definition["x-required-role"].as_str().unwrap_or("admin").to_owned();
    Ok(Operation { key, method, template: template.to_owned(), role, parameters, body, takes_form })
}

/// Copies a node with every local reference replaced by what it points to. The document has no cycles.
pub(crate) fn resolve(document: &Value, node: &Value) -> Value {
    match node {
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                let pointer = target.trim_start_matches('#');
                return document.pointer(pointer).map_or(Value::Null, |found| resolve(document, found));
            }
            Value::Object(
                members.iter().map(|(name, value)| (name.clone(), resolve(document, value))).collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| resolve(document, item)).collect()),
        other => other.clone(),
    }
}

/// Compiles a Swagger schema without references: draft 4 plus `x-nullable`, formats asserted.
pub(crate) fn compile(schema: &Value, place: String) -> Result<Validator, DemoError> {
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format("int32", |_: &str| true)
        .with_format("date", |text: &str| is_date(text))
        .build(&nullable(schema))
        .map_err(|source| DemoError::Schema { place, source: Box::new(source.to_owned()) })
}

/// RFC 3339 `full-date`: four, two and two digits that name a day.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.parse::<jiff::civil::Date>().is_ok()
}

fn nullable(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mut copy: Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), nullable(value))).collect();
            if members.get("x-nullable") == Some(&Value::Bool(true)) {
                if let Some(kind) = members.get("type") {
                    copy.insert("type".to_owned(), Value::from(vec![kind.clone(), Value::from("null")]));
                }
                if let Some(Value::Array(values)) = copy.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            Value::Object(copy)
        }
        Value::Array(items) => Value::Array(items.iter().map(nullable).collect()),
        other => other.clone(),
    }
}

/// The members of a parameter object that are a schema. `required` is a boolean there, so it has to go.
fn parameter_schema(definition: &Value) -> Value {
    let mut schema = definition.clone();
    if let Some(members) = schema.as_object_mut() {
        for name in ["name", "in", "required", "description", "default", "x-example"] {
            members.remove(name);
        }
        if members.get("type").is_some_and(|kind| kind == "file") {
            members.insert("type".to_owned(), Value::from("string"));
        }
    }
    schema
}

fn fit<'a>(template: &'a str, path: &str) -> Option<Vec<(&'a str, String)>> {
    if template.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut parameters = Vec::new();
    for (expected, given) in template.split('/').zip(path.split('/')) {
        match expected.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if !given.is_empty() => parameters.push((name, given.to_owned())),
            None if expected == given => {}
            _ => return None,
        }
    }
    Some(parameters)
}

fn literals(template: &str) -> Vec<bool> {
    template.split('/').map(|segment| !segment.starts_with('{')).collect()
}
