//! Whatever can carry a request and bring an answer.

use crate::case::Credential;
use crate::exchange::{Exchange, Request};
use crate::spec::Operation;
use futures_util::future::BoxFuture;

/// Carries requests. [`Client`](crate::client::Client) does it over HTTP, [`Scripted`](crate::client::Scripted)
/// answers from a script.
pub trait Transport: Send + Sync {
    /// Sends `request` as `credential`, whose key goes where `operation` wants it, and waits for what comes of it.
    /// Never fails: what goes wrong is the exchange's outcome.
    fn send<'a>(
        &'a self,
        request: &'a Request,
        credential: &'a Credential,
        operation: Option<&'a Operation>,
    ) -> BoxFuture<'a, Exchange>;
}
