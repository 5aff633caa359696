//! The client proper: one shared connection pool, one origin, no surprises.

#![expect(clippy::disallowed_methods, reason = "`client` times answers, and waits between requests")]

use crate::case::Credential;
use crate::client::credential::put_on;
use crate::client::decode::{Unpacked, codings, unpack};
use crate::client::limiter::Limiter;
use crate::client::outcome::failure;
use crate::client::redirect::same_but_for_the_slash;
use crate::client::retry_after::retry_after;
use crate::client::setup::{Reuse, base, build, check};
use crate::client::{ClientError, ClientOptions, Transport};
use crate::exchange::{
    ACCEPTED_CODINGS, Body, Exchange, Packed, Request, Response, Timing, TransportError, TransportErrorKind,
};
use crate::secret::Masker;
use crate::spec::Operation;
use futures_util::future::{BoxFuture, FutureExt};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue, RANGE};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// How much more than the cap is read, so that a key that straddles the cap is seen whole and masked.
const BEYOND_CAP: usize = 4096;

/// Sends requests below one base URL.
pub struct Client {
    http: reqwest::Client,
    /// Opens a connection for each request.
    alone: reqwest::Client,
    /// What found its connection closed, and is sent over one of its own from then on.
    closed_on: Mutex<BTreeSet<String>>,
    options: ClientOptions,
    base: Url,
    masker: Masker,
    limiter: Limiter,
    sent: AtomicU64,
    reconnected: AtomicU64,
    throttled: AtomicU64,
    answered: AtomicU64,
}

/// An answer as it came over the wire.
struct Received {
    status: u16,
    headers: Vec<(String, String)>,
    bytes: Vec<u8>,
    /// Whether there was more.
    cut: bool,
}

/// What sending took, over the client's life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SendStats {
    /// Tries, repeated ones included.
    pub sent: u64,
    /// Tries after a failed or closed connection.
    pub reconnected: u64,
    /// Answers that said that it was too much: 429, or 503 with `Retry-After`.
    pub throttled: u64,
}

impl Client {
    /// A client for `options.base_url`. Nothing is sent yet.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        // A second installation is refused, and means that the first one holds.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = base(&options.base_url)?;
        check(&options)?;
        Ok(Self {
            http: build(&options, &base, Reuse::Pooled)?,
            alone: build(&options, &base, Reuse::Never)?,
            closed_on: Mutex::default(),
            base,
            masker: options.keys.masker(),
            limiter: Limiter::new(options.rate),
            options,
            sent: AtomicU64::new(0),
            reconnected: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        })
    }

    /// Sends `request` as `credential` and reads the answer. See [`Transport::send`].
    pub async fn send(
        &self,
        request: &Request,
        credential: &Credential,
        operation: Option<&Operation>,
    ) -> Exchange {
        let refused = |request: &Request, message: String| Exchange {
            request: self.masked(request.clone()),
            outcome: Err(TransportError { kind: TransportErrorKind::Unsendable, message }),
            timing: Timing::default(),
            attempts: 0,
        };
        let mut request = request.clone();
        for (name, value) in &self.options.extra_headers {
            if !request.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name)) {
                request.headers.push((name.to_ascii_lowercase(), value.clone()));
            }
        }
        let (sent, mut shown) = match put_on(&request, credential, operation, &self.options) {
            Ok(both) => both,
            Err(message) => return refused(&request, message),
        };
        self.write_as_given(&mut shown);
        let ready = match self.prepare(&sent) {
            Ok(ready) => ready,
            Err(message) => return refused(&shown, self.masker.mask(&message).into_owned()),
        };
        let about = operation.map_or_else(|| named(&sent), |operation| operation.key.to_string());
        let (mut outcome, mut timing, mut attempts) = self.try_until_answered(&ready, &request, &about).await;
        let followed = |url: &str| same_but_for_the_slash(url, request.method, outcome.as_ref().ok()?);
        if let (Some(url), Some(shown_url)) = (followed(&sent.url), followed(&shown.url))
            && let Ok(ready) = self.prepare(&Request { url, ..sent })
        {
            shown.url = shown_url;
            let more;
            (outcome, timing, more) = self.try_until_answered(&ready, &request, &about).await;
            attempts += more;
        }
        let outcome = outcome.map_err(|error| TransportError {
            message: self.masker.mask(&error.message).into_owned(),
            ..error
        });
        Exchange { request: self.masked(shown), outcome, timing, attempts }
    }

    /// Puts what the user wrote, `${NAME}`s and all, where the value of an extra header stands: a printed command that
    /// only says that there is a secret does not work.
    pub(super) fn write_as_given(&self, shown: &mut Request) {
        for (name, written) in &self.options.written_headers {
            let of = |n: &str| n.eq_ignore_ascii_case(name);
            let sent = self.options.extra_headers.iter().find(|(n, _)| of(n));
            let Some((_, sent)) = sent else { continue };
            for (_, value) in shown.headers.iter_mut().filter(|(n, value)| of(n) && value == sent) {
                value.clone_from(written);
            }
        }
    }

    /// What sending took so far.
    pub fn stats(&self) -> SendStats {
        SendStats {
            sent: self.sent.load(Ordering::Relaxed),
            reconnected: self.reconnected.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
        }
    }

    /// The options it was made of.
    pub fn options(&self) -> &ClientOptions {
        &self.options
    }

    async fn try_until_answered(
        &self,
        ready: &reqwest::Request,
        asked: &Request,
        about: &str,
    ) -> (Result<Response, TransportError>, Timing, u32) {
        let (mut attempts, mut connects, mut throttles) = (0, 0, 0);
        let mut alone = self.closed_on().contains(about);
        loop {
            let wait = self.limiter.reserve(Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            // A connection can only be a reused one if somebody used one before.
            let maybe_reused = !alone && self.answered.load(Ordering::Relaxed) > 0;
            attempts += 1;
            self.sent.fetch_add(1, Ordering::Relaxed);
            let left_at = Instant::now();
            let http = if alone { &self.alone } else { &self.http };
            let (outcome, timing) = self.try_once(http, ready).await;
            match &outcome {
                Err(error)
                    if error.kind == TransportErrorKind::Connect
                        && connects < self.options.connect_retries =>
                {
                    connects += 1;
                    self.reconnected.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(self.options.connect_pause * connects).await;
                }
                // An idle connection may be closed by the server in the very moment in which it is used again. What
                // may have had an effect is not sent twice; if its caller sends it again, no old connection is to blame.
                Err(error)
                    if error.kind == TransportErrorKind::Closed && timing.head_us == 0 && maybe_reused =>
                {
                    alone = true;
                    if !asked.method.is_safe() {
                        self.closed_on().insert(about.to_owned());
                        return (outcome, timing, attempts);
                    }
                    self.reconnected.fetch_add(1, Ordering::Relaxed);
                }
                Err(_) => return (outcome, timing, attempts),
                Ok(response) => {
                    self.answered.fetch_add(1, Ordering::Relaxed);
                    let Some(pause) = self.throttle(response, left_at) else {
                        return (outcome, timing, attempts);
                    };
                    if throttles >= self.options.throttle_retries || pause > self.options.max_retry_after {
                        return (outcome, timing, attempts);
                    }
                    throttles += 1;
                }
            }
        }
    }

    /// Tells whether the answer asks to come back, and after how long; slows everybody down if it complains.
    fn throttle(&self, response: &Response, left_at: Instant) -> Option<Duration> {
        let pause = retry_after(response, jiff::Timestamp::now());
        let complains = response.status == 429 || (response.status == 503 && pause.is_some());
        if !complains {
            self.limiter.relax();
            return None;
        }
        self.throttled.fetch_add(1, Ordering::Relaxed);
        let bounded = pause.unwrap_or_default().min(self.options.max_retry_after);
        self.limiter.slow_down(Instant::now(), left_at, bounded);
        pause
    }

    fn closed_on(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.closed_on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn try_once(
        &self,
        http: &reqwest::Client,
        ready: &reqwest::Request,
    ) -> (Result<Response, TransportError>, Timing) {
        let Some(request) = ready.try_clone() else {
            let message = "the body cannot be sent twice".to_owned();
            return (
                Err(TransportError { kind: TransportErrorKind::Unsendable, message }),
                Timing::default(),
            );
        };
        let mut timing = Timing::default();
        let start = Instant::now();
        let read = self.read(http, request, start, &mut timing);
        let timed = tokio::time::timeout(self.options.total_timeout, read).await;
        let outcome = timed.unwrap_or_else(|_| {
            let message = format!("no complete answer within {:?}", self.options.total_timeout);
            Err(TransportError { kind: TransportErrorKind::Timeout, message })
        });
        timing.total_us = micros(start);
        (outcome.map(|answer| self.understood(answer)), timing)
    }

    async fn read(
        &self,
        http: &reqwest::Client,
        request: reqwest::Request,
        start: Instant,
        timing: &mut Timing,
    ) -> Result<Received, TransportError> {
        let mut answer = http.execute(request).await.map_err(failure)?;
        timing.head_us = micros(start).max(1);
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                let text = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), self.masker.mask(&text).into_owned())
            })
            .collect();
        let mut bytes = Vec::new();
        let mut cut = false;
        while let Some(chunk) = answer.chunk().await.map_err(failure)? {
            bytes.extend_from_slice(&chunk);
            cut = bytes.len() > self.options.max_body + BEYOND_CAP;
            if cut {
                break;
            }
        }
        Ok(Received { status, headers, bytes, cut })
    }

    /// The answer as it was meant: unpacked, without keys, no longer than the cap. It costs no time of the target's.
    fn understood(&self, received: Received) -> Response {
        let Received { status, headers, bytes, cut } = received;
        let cap = self.options.max_body;
        let codings = codings(&headers);
        let (bytes, cut, packed) = if codings.is_empty() {
            (bytes, cut, None)
        } else {
            let wire_bytes = bytes.len() as u64;
            let Unpacked { bytes, cut, fault } = unpack(&codings, bytes, cut, cap + BEYOND_CAP);
            (bytes, cut, Some(Packed { wire_bytes, fault }))
        };
        let truncated = cut || bytes.len() > cap;
        let mut bytes = self.masked_body(bytes);
        bytes.truncate(cap);
        Response { status, headers, body: Body(bytes), truncated, packed }
    }

    fn masked_body(&self, bytes: Vec<u8>) -> Vec<u8> {
        // Bytes that are no text stay as they are, unless a key shows between them.
        let text = String::from_utf8_lossy(&bytes);
        if self.masker.finds(&text) { self.masker.mask(&text).into_owned().into_bytes() } else { bytes }
    }

    /// Whatever a case may have learned from an answer, no key is recorded.
    fn masked(&self, mut request: Request) -> Request {
        request.url = self.masker.mask(&request.url).into_owned();
        for (_, value) in &mut request.headers {
            *value = self.masker.mask(value).into_owned();
        }
        request.body = request.body.map(|body| Body(self.masked_body(body.0)));
        request
    }

    fn prepare(&self, request: &Request) -> Result<reqwest::Request, String> {
        let url = Url::parse(&request.url).map_err(|error| format!("not a URL: {error}"))?;
        if url.origin() != self.base.origin() {
            return Err("outside the base URL's origin".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the URL holds a user name or password".to_owned());
        }
        let asked = asked_path(&request.url);
        if url.path() != asked && !(asked.is_empty() && url.path() == "/") {
            return Err(format!("the path `{asked}` would be sent as `{}`", url.path()));
        }
        if url.fragment().is_some() {
            return Err("a fragment is not sent".to_owned());
        }
        let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes())
            .map_err(|_| "not a method".to_owned())?;
        let mut ready = reqwest::Request::new(method, url);
        for (name, value) in &request.headers {
            let key = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("not a header name: `{name}`"))?;
            // The value is left out of the words: it may be a key.
            let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
                format!("the value of header `{name}` has characters that HTTP does not allow")
            })?;
            value.set_sensitive(true);
            ready.headers_mut().append(key, value);
        }
        // A part of a packed body could not be unpacked.
        if !ready.headers().contains_key(ACCEPT_ENCODING) && !ready.headers().contains_key(RANGE) {
            ready.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED_CODINGS));
        }
        let is_empty = request.body.as_ref().is_none_or(Body::is_empty);
        if is_empty && request.method.expects_body() {
            ready.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        *ready.body_mut() = request.body.as_ref().map(|body| body.bytes().to_vec().into());
        Ok(ready)
    }
}

impl Transport for Client {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        credential: &'a Credential,
        operation: Option<&'a Operation>,
    ) -> BoxFuture<'a, Exchange> {
        Client::send(self, request, credential, operation).boxed()
    }
}

/// What a request without an operation is told by.
fn named(request: &Request) -> String {
    format!("{} {}", request.method, asked_path(&request.url))
}

/// The path of a URL text, before any library touches it.
fn asked_path(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = after_scheme.find(['?', '#']).unwrap_or(after_scheme.len());
    let authority_and_path = &after_scheme[..end];
    authority_and_path.find('/').map_or("", |at| &authority_and_path[at..])
}

fn micros(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
}
