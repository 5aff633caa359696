//! What the tests share: a running instance with a client, and the document's word on an answer.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::demo::Demo;
use crate::demo::DemoOptions;
use crate::demo::FaultSet;
use crate::demo::contract::SWAGGER;
use crate::demo::contract::compile;
use crate::demo::contract::resolve;

/// A running instance and a client with the administrator's key.
pub(crate) struct Probe {
    /// The instance.
    pub(crate) demo: Demo,
    client: reqwest::Client,
    document: Value,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON; null if it is empty.
    pub(crate) fn json(&self) -> Value {
        if self.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&self.body).expect("JSON body")
        }
    }

    /// A header as text; empty if absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Probe {
    /// Starts an instance with these faults.
    pub(crate) async fn start(faults: &str) -> Probe {
        let options = DemoOptions { port: 0, faults: FaultSet::parse(faults).unwrap() };
        let demo = Demo::start(options).await.unwrap();
        let tls =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        Probe { demo, client, document: serde_json::from_str(SWAGGER).unwrap() }
    }

    /// A request with any key, or none.
    pub(crate) fn request(&self, key: Option<&str>, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.demo.base_url()));
        match key {
            Some(key) => request.header("x-apikey", key),
            None => request,
        }
    }

    /// Sends a prepared request.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.unwrap() }
    }

    /// Calls with a key and, if it is not null, a JSON body.
    pub(crate) async fn call_with(&self, key: &str, method: &str, path: &str, body: Value) -> Answer {
        let mut request = self.request(Some(key), method, path);
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        self.send(request).await
    }

    /// Calls with the administrator's key.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        self.call_with(&self.demo.keys().user, method, path, body).await
    }

    /// Reads with the administrator's key.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Value::Null).await
    }

    /// Says how an answer departs from the document; empty if it conforms.
    pub(crate) fn departures(&self, method: &str, template: &str, answer: &Answer) -> Vec<String> {
        let operation = &self.document["paths"][template][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {template} is not in the document");
        let documented = resolve(&self.document, &operation["responses"][answer.status.to_string()]);
        if documented.is_null() {
            return vec![format!("status {} is not documented", answer.status)];
        }
        let mut departures = Vec::new();
        for (name, definition) in documented["headers"].as_object().into_iter().flatten() {
            let text = answer.header(name);
            let value = match definition["type"].as_str() {
                Some("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
                _ => json!(text),
            };
            let valid = compile(definition, name.clone()).unwrap().is_valid(&value);
            if !valid || text.is_empty() {
                departures.push(format!("header {name} is `{text}`"));
            }
        }
        if documented["schema"].is_null() {
            if !answer.body.is_empty() {
                departures.push("a body where none is documented".to_owned());
            }
            return departures;
        }
        if answer.header("content-type") != "application/json" {
            departures.push(format!("content type is `{}`", answer.header("content-type")));
        }
        match serde_json::from_slice::<Value>(&answer.body) {
            Ok(body) => {
                let validator = compile(&documented["schema"], template.to_owned()).unwrap();
                departures.extend(validator.iter_errors(&body).map(|error| format!("schema: {error}")));
            }
            Err(error) => departures.push(format!("body is not JSON: {error}")),
        }
        departures
    }

    /// Calls an operation by its template and insists that the answer conforms to the document.
    #[track_caller]
    pub(crate) fn conforms(&self, method: &str, template: &str, answer: &Answer) {
        let departures = self.departures(method, template, answer);
        assert!(departures.is_empty(), "{method} {template}: {departures:?}\n{answer:?}");
    }
}
