//! The network side: listens on 127.0.0.1, turns HTTP into plain parts and back. It judges nothing.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use bytes::BytesMut;
use futures_util::StreamExt;
use serde_json::Value;
use swagger_ui_dist::ApiDefinition;
use swagger_ui_dist::OpenApiSource;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::demo::check::Cargo;
use crate::demo::check::media_type;
use crate::demo::conditions::Conditions;
use crate::demo::contract::BASE_PATH;
use crate::demo::contract::Contract;
use crate::demo::contract::SWAGGER;
use crate::demo::dispatch::Incoming;
use crate::demo::dispatch::Instance;
use crate::demo::error::DemoError;
use crate::demo::fault::FaultSet;
use crate::demo::form::read_form;
use crate::demo::keys::DemoKeys;
use crate::demo::pages;
use crate::demo::reply::Payload;
use crate::demo::reply::Reply;
use crate::demo::seed::seed;

/// The largest body, in bytes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// How long open connections may take to end after a stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to start an instance.
#[derive(Debug, Clone, Default)]
pub struct DemoOptions {
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The faults to plant.
    pub faults: FaultSet,
}

/// A running instance. It stops when it is dropped.
#[derive(Debug)]
pub struct Demo {
    origin: String,
    base_url: String,
    keys: DemoKeys,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl Demo {
    /// Starts an instance with its seed data.
    pub async fn start(options: DemoOptions) -> Result<Demo, DemoError> {
        let keys = DemoKeys::default();
        let contract = Contract::load(&options.faults)?;
        let document = serde_json::from_str(SWAGGER).map_err(|source| DemoError::Document { source })?;
        let bind = |source| DemoError::Bind { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(bind)?;
        let port = listener.local_addr().map_err(bind)?.port();
        let instance = Instance { contract, faults: options.faults, state: Mutex::new(seed(&keys)) };
        let app = router(Arc::new(App { instance, document, port, keys: keys.clone() }));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let asked = async {
                // A dropped sender means stop as well.
                let _ = stopped.await;
            };
            // The accept loop retries by itself and has no error to report.
            let _ = axum::serve(listener, app).with_graceful_shutdown(asked).await;
        });
        let origin = format!("http://127.0.0.1:{port}");
        Ok(Demo { base_url: format!("{origin}{BASE_PATH}"), origin, keys, stop: Some(stop), server })
    }

    /// Where the API begins, such as `http://127.0.0.1:41234/nucleus/api`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the Swagger document is.
    pub fn spec_url(&self) -> String {
        format!("{}/swagger.json", self.base_url)
    }

    /// Where the page is on which a person can try calls.
    pub fn docs_url(&self) -> String {
        format!("{}/docs/", self.origin)
    }

    /// The keys that matter at the start.
    pub fn keys(&self) -> &DemoKeys {
        &self.keys
    }

    /// Stops the instance; answers that are under way are finished first.
    pub async fn stop(mut self) {
        self.stop.take();
        if tokio::time::timeout(PATIENCE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }

    /// Waits until the instance ends, which it does not do by itself.
    pub async fn wait(mut self) {
        // A server that was aborted has ended too.
        let _ = (&mut self.server).await;
    }
}

struct App {
    instance: Instance,
    document: Value,
    port: u16,
    keys: DemoKeys,
}

fn router(app: Arc<App>) -> Router {
    let files = swagger_ui_dist::generate_routes(ApiDefinition {
        uri_prefix: pages::DOCS_FILES.to_owned(),
        api_definition: OpenApiSource::Uri(format!("{BASE_PATH}/swagger.json")),
        title: Some("API Docs".to_owned()),
    });
    Router::new()
        .route("/", get(|app: Shared<Arc<App>>| async move { Html(pages::landing(&app.keys)) }))
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(|| async { Html(pages::docs()) }))
        .route(&format!("{BASE_PATH}/swagger.json"), get(serve_document))
        .fallback(serve_call)
        .with_state(app)
        .merge(files)
}

/// Serves the document with the host it was asked under, so that *Try it out* stays on the same origin.
async fn serve_document(Shared(app): Shared<Arc<App>>, headers: HeaderMap) -> Response {
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let localhost = format!("localhost:{}", app.port);
    let host = if asked == localhost { localhost } else { format!("127.0.0.1:{}", app.port) };
    let mut document = app.document.clone();
    document["host"] = Value::from(host);
    document["basePath"] = Value::from(BASE_PATH);
    document["schemes"] = Value::from(vec!["http"]);
    into_response(Reply::json(200, document))
}

#[expect(clippy::disallowed_methods, reason = "a planted fault answers late")]
async fn serve_call(Shared(app): Shared<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = receive(body).await;
    let content_type = match parts.headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) {
        Some(Ok(text)) => Some(text),
        Some(Err(_)) => Some("unreadable"),
        None => None,
    };
    let form = match (&body, content_type) {
        (Some(bytes), Some(given)) if media_type(given) == "multipart/form-data" => {
            read_form(given, bytes.clone()).await.ok()
        }
        _ => None,
    };
    let keys = parts.headers.get_all("x-apikey").iter().map(|key| key.to_str().unwrap_or_default()).collect();
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let reply = match parts.uri.path().strip_prefix(BASE_PATH) {
        Some(path) => app.instance.answer(&Incoming {
            method: parts.method.as_str(),
            path,
            keys,
            conditions: Conditions {
                matching: text("if-match"),
                none_matching: text("if-none-match"),
                modified_since: text("if-modified-since"),
                unmodified_since: text("if-unmodified-since"),
            },
            cargo: Cargo {
                query: parts.uri.query(),
                content_type,
                body: body.as_deref(),
                form: form.as_deref(),
            },
        }),
        None => Reply::not_found("path"),
    };
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    into_response(reply)
}

/// Reads the whole body, but keeps none that is too large: the answer is only heard by a client that could finish.
async fn receive(body: Body) -> Option<Bytes> {
    let mut stream = body.into_data_stream();
    let mut kept = BytesMut::new();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else { break };
        length += chunk.len();
        if length <= BODY_LIMIT {
            kept.extend_from_slice(&chunk);
        } else {
            kept.clear();
        }
    }
    (length <= BODY_LIMIT).then(|| kept.freeze())
}

fn into_response(reply: Reply) -> Response {
    let bytes = match reply.payload {
        Payload::Empty => None,
        Payload::Json(body) => Some(body.to_string().into_bytes()),
        Payload::Text(text) => Some(text.into_bytes()),
        Payload::Bytes(bytes) => Some(bytes),
    };
    let mut response = Response::builder().status(reply.status);
    if bytes.is_some() {
        response = response.header(header::CONTENT_TYPE, reply.content_type);
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = bytes.map_or_else(Body::empty, Body::from);
    response.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
