//! Hand-made operations for tests.

use crate::exchange::Method;
use crate::generate::Generator;
use crate::schema::{Dialect, Document, Pointer, Validators};
use crate::spec::{
    Api, Content, Location, Operation, OperationKey, Parameter, PathTemplate, RequestBody, SpecVersion, Style,
};
use indexmap::IndexMap;
use serde_json::{Value, json};
use std::sync::Arc;

/// An API of these operations.
pub(super) fn api(document: Document, operations: Vec<Operation>) -> Api {
    Api {
        title: "test".to_owned(),
        version: "1".to_owned(),
        spec_version: SpecVersion::OpenApi31,
        servers: Vec::new(),
        operations,
        links: Vec::new(),
        security_schemes: IndexMap::new(),
        document,
    }
}

/// An operation under construction, with the document that its schemas stand in.
pub(super) struct Model {
    method: Method,
    path: String,
    parameters: Vec<Parameter>,
    body: Option<RequestBody>,
    root: Value,
    dialect: Dialect,
}

impl Model {
    pub(super) fn new(method: Method, path: &str) -> Self {
        let root = json!({"definitions": {}, "parts": {}});
        Self {
            method,
            path: path.into(),
            parameters: Vec::new(),
            body: None,
            root,
            dialect: Dialect::Draft202012,
        }
    }

    pub(super) fn definition(mut self, name: &str, schema: Value) -> Self {
        self.root["definitions"][name] = schema;
        self
    }

    pub(super) fn parameter(self, location: Location, name: &str, required: bool, schema: Value) -> Self {
        self.parameter_with(location, name, required, schema, Vec::new())
    }

    pub(super) fn parameter_with(
        mut self,
        location: Location,
        name: &str,
        required: bool,
        schema: Value,
        examples: Vec<Value>,
    ) -> Self {
        let key = format!("{location}-{name}");
        self.root["parts"][&key] = json!({"schema": schema});
        let pointer = Pointer::root().push("parts").push(&key);
        let query = matches!(location, Location::Query | Location::Cookie);
        self.parameters.push(Parameter {
            name: name.into(),
            location,
            required,
            style: if query { Style::Form } else { Style::Simple },
            explode: query,
            allow_reserved: false,
            allow_empty: false,
            schema: Some(pointer.push("schema")),
            content_type: None,
            examples,
            pointer,
        });
        self
    }

    pub(super) fn body(mut self, required: bool, contents: &[(&str, Value)]) -> Self {
        let at = Pointer::root().push("parts").push("body");
        self.root["parts"]["body"] = json!({});
        let contents = contents.iter().map(|(media_type, schema)| {
            self.root["parts"]["body"][media_type] = json!({"schema": schema});
            let pointer = at.push(media_type);
            Content {
                media_type: (*media_type).into(),
                schema: Some(pointer.push("schema")),
                sequence: None,
                annotated: None,
                examples: Vec::new(),
                encoding: IndexMap::new(),
                pointer,
            }
        });
        let contents = contents.collect();
        self.body = Some(RequestBody { required, contents, pointer: at });
        self
    }

    pub(super) fn build(self) -> (Api, Arc<Validators>, Generator) {
        let operation = Operation {
            key: OperationKey::new(self.method, &self.path),
            id: None,
            method: self.method,
            path: PathTemplate::parse(&self.path),
            summary: None,
            tags: Vec::new(),
            deprecated: false,
            parameters: self.parameters,
            body: self.body,
            responses: Vec::new(),
            security: Vec::new(),
            servers: Vec::new(),
            doubles: Arc::default(),
            pointer: Pointer::root().push("paths").push(&self.path),
        };
        let api = api(Document::new(self.root, self.dialect), vec![operation]);
        let validators = Arc::new(Validators::new(&api.document));
        let generator = Generator::new(&api, Arc::clone(&validators));
        (api, validators, generator)
    }
}
