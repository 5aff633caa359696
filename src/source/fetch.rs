//! Documents over HTTP.

use crate::source::location::shown_url;
use crate::source::{ReadOptions, SourceError};
use reqwest::header::{ACCEPT, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Response};
use std::error::Error;
use url::{Host, Url};

/// How many redirects in a row are followed.
const MOST_REDIRECTS: usize = 5;
const WANTED: &str = "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5";

/// The bytes behind a URL, and the URL that finally gave them.
pub(super) async fn fetch(url: &Url, options: &ReadOptions) -> Result<(Vec<u8>, Url), SourceError> {
    let location = shown_url(url);
    let client = client(url, options, &location)?;
    let mut at = url.clone();
    for _ in 0..=MOST_REDIRECTS {
        let mut request = client.get(at.clone()).header(ACCEPT, WANTED);
        for (name, value) in &options.headers {
            let failed = || SourceError::Header { location: location.clone(), name: name.clone() };
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| failed())?;
            let mut value = HeaderValue::from_str(value.expose()).map_err(|_| failed())?;
            value.set_sensitive(true);
            request = request.header(key, value);
        }
        let response = request.send().await.map_err(|error| unreachable(error, &location))?;
        let status = response.status();
        if status.is_redirection()
            && let Some(next) = next(&response, &at)
        {
            // A key must not travel to another origin, and neither should trust.
            if next.origin() != at.origin() {
                return Err(SourceError::Redirect { location, target: shown_url(&next) });
            }
            at = next;
            continue;
        }
        if !status.is_success() {
            return Err(SourceError::Status { location, status: status.as_u16() });
        }
        return Ok((body(response, options, &location).await?, at));
    }
    Err(SourceError::Unreachable { location, reason: format!("more than {MOST_REDIRECTS} redirects") })
}

fn client(url: &Url, options: &ReadOptions, location: &str) -> Result<Client, SourceError> {
    // An error means that a provider is installed already.
    _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .timeout(options.timeout)
        .user_agent(concat!("specwarden/", env!("CARGO_PKG_VERSION")));
    if is_loopback(url) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| unreachable(error, location))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn next(response: &Response, at: &Url) -> Option<Url> {
    let target = response.headers().get(LOCATION)?.to_str().ok()?;
    let mut next = at.join(target).ok()?;
    if next.origin() == at.origin() && next.username().is_empty() {
        // User and password stay with their origin, as a browser keeps them.
        _ = next.set_username(at.username());
        _ = next.set_password(at.password());
    }
    Some(next)
}

async fn body(mut response: Response, options: &ReadOptions, location: &str) -> Result<Vec<u8>, SourceError> {
    let too_large = || SourceError::TooLarge { location: location.to_owned(), limit: options.max_bytes };
    if response.content_length().is_some_and(|length| length > options.max_bytes) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(error, location))? {
        if (bytes.len() + chunk.len()) as u64 > options.max_bytes {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The error with its causes, without the URL, which may hold a secret.
fn unreachable(error: reqwest::Error, location: &str) -> SourceError {
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !reason.contains(&text) {
            reason = format!("{reason}: {text}");
        }
        cause = inner.source();
    }
    SourceError::Unreachable { location: location.to_owned(), reason }
}
