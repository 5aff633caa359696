//! A transport that answers from a script: the engine's tests run without a network.

use crate::case::Credential;
use crate::client::Transport;
use crate::exchange::{Body, Exchange, Request, Response, Timing, TransportError, TransportErrorKind};
use crate::spec::Operation;
use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// What a script answers.
pub type Outcome = Result<Response, TransportError>;

type Script = Box<dyn FnMut(&Request, &Credential) -> Outcome + Send>;

/// Answers from a closure or a queue, and remembers what was asked. Keys play no part in it.
///
/// ```
/// use specwarden::case::Credential;
/// use specwarden::client::{Scripted, Transport};
/// use specwarden::exchange::{Method, Request};
/// let transport = Scripted::queue([Scripted::json(200, &serde_json::json!({"id": 1}))]);
/// let request = Request { method: Method::Get, url: "http://127.0.0.1/".into(), headers: vec![], body: None };
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let exchange = transport.send(&request, &Credential::Main, None).await;
/// assert_eq!(exchange.status(), Some(200));
/// # });
/// assert_eq!(transport.sent().len(), 1);
/// ```
pub struct Scripted {
    script: Mutex<Script>,
    sent: Mutex<Vec<(Request, Credential)>>,
}

impl Scripted {
    /// Answers by asking `script`.
    pub fn new(script: impl FnMut(&Request, &Credential) -> Outcome + Send + 'static) -> Self {
        Self { script: Mutex::new(Box::new(script)), sent: Mutex::default() }
    }

    /// Answers with these outcomes in turn; after the last one no connection can be made.
    pub fn queue(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut outcomes: VecDeque<Outcome> = outcomes.into_iter().collect();
        Self::new(move |_, _| {
            outcomes.pop_front().unwrap_or_else(|| {
                let message = "the script is at its end".to_owned();
                Err(TransportError { kind: TransportErrorKind::Connect, message })
            })
        })
    }

    /// An answer with a JSON body.
    pub fn json(status: u16, body: &Value) -> Outcome {
        Ok(Response {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Body(body.to_string().into_bytes()),
            truncated: false,
            packed: None,
        })
    }

    /// Everything that was sent, in order.
    pub fn sent(&self) -> Vec<(Request, Credential)> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Scripted {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        credential: &'a Credential,
        _: Option<&'a Operation>,
    ) -> BoxFuture<'a, Exchange> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push((request.clone(), credential.clone()));
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = script(request, credential);
        let exchange = Exchange { request: request.clone(), outcome, timing: Timing::default(), attempts: 1 };
        ready(exchange).boxed()
    }
}
