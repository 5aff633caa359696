//! Documents over HTTP, and the files that they refer to.

use crate::source::guard::{Guard, Reach, Refused, Witness};
use crate::source::location::shown_url;
use crate::source::{ReadOptions, SourceError};
use reqwest::header::{ACCEPT, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, ClientBuilder, Response};
use std::error::Error;
use std::sync::{Arc, OnceLock};
use url::{Host, Url};

/// How many redirects in a row are followed.
const MOST_REDIRECTS: usize = 5;
const WANTED: &str = "application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5";

/// A document that was fetched.
pub(super) struct Fetched {
    pub(super) bytes: Vec<u8>,
    /// The URL that finally gave it.
    pub(super) url: Url,
    /// How near its server is.
    pub(super) reach: Reach,
}

/// The document behind a URL.
pub(super) async fn fetch(url: &Url, options: &ReadOptions) -> Result<Fetched, SourceError> {
    let location = shown_url(url);
    let witness = Witness::of(url);
    let client = built(builder(url, options).dns_resolver(Arc::new(witness.clone())), &location)?;
    // A key must not travel to another origin, and neither should trust.
    let route =
        Route { client: &client, options, with_headers: &|_| true, may_go: &|from, to| same(from, to) };
    let (bytes, url) = route.follow(url).await?;
    Ok(Fetched { bytes, url, reach: witness.reach() })
}

/// Fetches what a document refers to.
#[derive(Clone)]
pub(super) struct Follower<'o> {
    options: &'o ReadOptions,
    /// The document's URL, if it was fetched.
    home: Option<Url>,
    from: Reach,
    may_leave: bool,
    /// For the document's own origin, and for all others; made when they are needed.
    clients: Arc<[OnceLock<Client>; 2]>,
}

impl<'o> Follower<'o> {
    /// For the references of a document; `may_leave` says whether redirects may lead to other origins.
    pub(super) fn new(fetched: Option<&Fetched>, may_leave: bool, options: &'o ReadOptions) -> Self {
        let from = fetched.map_or(Reach::Public, |fetched| fetched.reach);
        let home = fetched.map(|fetched| fetched.url.clone());
        Self { options, home, from, may_leave, clients: Arc::default() }
    }

    /// The bytes behind a URL. Headers go to the document's own origin alone.
    pub(super) async fn fetch(&self, url: &Url) -> Result<Vec<u8>, SourceError> {
        let location = shown_url(url);
        let at_home = |url: &Url| self.home.as_ref().is_some_and(|home| same(home, url));
        self.check_address(url, url)?;
        let client = self.client(url, at_home(url), &location)?;
        let may_go = |from: &Url, to: &Url| {
            let downgraded = from.scheme() == "https" && to.scheme() == "http";
            // The client was made for one side of the border.
            same(from, to) || (self.may_leave && !downgraded && !at_home(from) && !at_home(to))
        };
        let route = Route { client: &client, options: self.options, with_headers: &at_home, may_go: &may_go };
        let mut at = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            match route.step(&at).await? {
                Step::Answer(bytes) => return Ok(bytes),
                Step::Redirect(next) => {
                    self.check_address(url, &next)?;
                    at = next;
                }
            }
        }
        Err(too_many(location))
    }

    fn client(&self, url: &Url, at_home: bool, location: &str) -> Result<Client, SourceError> {
        let cell = &self.clients[usize::from(at_home)];
        if let Some(client) = cell.get() {
            return Ok(client.clone());
        }
        let builder = builder(url, self.options);
        let builder = if at_home {
            // As the document was fetched, through its proxy if there is one.
            builder.dns_resolver(Arc::new(Guard { from: self.from, host: url.host_str().map(str::to_owned) }))
        } else {
            // A proxy would look the name up itself, out of our sight.
            builder.no_proxy().dns_resolver(Arc::new(Guard { from: self.from, host: None }))
        };
        let client = built(builder, location)?;
        Ok(cell.get_or_init(|| client).clone())
    }

    /// An address in place of a name never meets the resolver.
    fn check_address(&self, url: &Url, at: &Url) -> Result<(), SourceError> {
        match Reach::of_literal(at) {
            Some(reach) if !self.from.may_lead_to(reach) => Err(SourceError::Private {
                location: shown_url(url),
                address: at.host_str().unwrap_or_default().to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// How one URL is asked for.
struct Route<'r> {
    client: &'r Client,
    options: &'r ReadOptions,
    with_headers: &'r (dyn Fn(&Url) -> bool + Sync),
    may_go: &'r (dyn Fn(&Url, &Url) -> bool + Sync),
}

enum Step {
    Answer(Vec<u8>),
    Redirect(Url),
}

impl Route<'_> {
    async fn follow(&self, url: &Url) -> Result<(Vec<u8>, Url), SourceError> {
        let mut at = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            match self.step(&at).await? {
                Step::Answer(bytes) => return Ok((bytes, at)),
                Step::Redirect(next) => at = next,
            }
        }
        Err(too_many(shown_url(url)))
    }

    async fn step(&self, at: &Url) -> Result<Step, SourceError> {
        let location = shown_url(at);
        let mut request = self.client.get(at.clone()).header(ACCEPT, WANTED);
        if (self.with_headers)(at) {
            for (name, value) in &self.options.headers {
                let failed = || SourceError::Header { location: location.clone(), name: name.clone() };
                let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| failed())?;
                let mut value = HeaderValue::from_str(value.expose()).map_err(|_| failed())?;
                value.set_sensitive(true);
                request = request.header(key, value);
            }
        }
        let response = request.send().await.map_err(|error| unreachable(error, &location))?;
        let status = response.status();
        if status.is_redirection()
            && let Some(next) = next(&response, at)
        {
            if !(self.may_go)(at, &next) {
                return Err(SourceError::Redirect { location, target: shown_url(&next) });
            }
            return Ok(Step::Redirect(next));
        }
        if !status.is_success() {
            return Err(SourceError::Status { location, status: status.as_u16() });
        }
        Ok(Step::Answer(body(response, self.options, &location).await?))
    }
}

fn same(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

fn too_many(location: String) -> SourceError {
    SourceError::Unreachable { location, reason: format!("more than {MOST_REDIRECTS} redirects") }
}

fn builder(url: &Url, options: &ReadOptions) -> ClientBuilder {
    // An error means that a provider is installed already.
    _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .timeout(options.timeout)
        .user_agent(concat!("specwarden/", env!("CARGO_PKG_VERSION")));
    if is_loopback(url) { builder.no_proxy() } else { builder }
}

fn built(builder: ClientBuilder, location: &str) -> Result<Client, SourceError> {
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
    if same(&next, at) && next.username().is_empty() {
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
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            let address = refused.address.to_string();
            return SourceError::Private { location: location.to_owned(), address };
        }
        let text = inner.to_string();
        if !reason.contains(&text) {
            reason = format!("{reason}: {text}");
        }
        cause = inner.source();
    }
    SourceError::Unreachable { location: location.to_owned(), reason }
}
