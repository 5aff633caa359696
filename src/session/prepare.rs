//! From settings to the rooms' own options.

use crate::check::{CheckOptions, RULES};
use crate::client::{Client, ClientOptions, Key, Keyring};
use crate::config::{HeaderValue, KeyRole, Settings};
use crate::engine::{EngineOptions, KeyUse};
use crate::generate::GenerateOptions;
use crate::plan::{Budget, Known, PlanOptions};
use crate::secret::Secret;
use crate::session::SessionError;
use crate::source::{Loaded, ReadOptions, read};
use crate::spec::{Api, Operation};
use std::collections::BTreeSet;
use std::sync::Arc;
use url::{Host, Url};

/// Reads the document that the settings name.
pub(super) async fn document(settings: &Settings) -> Result<Loaded, SessionError> {
    let location = settings.target.spec.as_deref().ok_or(SessionError::NoDocument)?;
    Ok(Box::pin(read(location, &read_options(settings))).await?)
}

/// How documents are read: with the configured headers, so that protected ones can be.
pub(super) fn read_options(settings: &Settings) -> ReadOptions {
    let header = |(name, value): &(String, HeaderValue)| (name.clone(), Secret::new(shown(value)));
    let mut headers: Vec<(String, Secret<String>)> = settings.http.headers.iter().map(header).collect();
    if let (Some(name), Some(key)) = (&settings.keys.header, &settings.keys.main) {
        headers.push((name.clone(), key.clone()));
    }
    ReadOptions {
        headers,
        timeout: settings.http.timeout,
        remote_refs: settings.target.remote_refs,
        ..ReadOptions::default()
    }
}

fn shown(value: &HeaderValue) -> String {
    match value {
        HeaderValue::Plain(text) => text.clone(),
        HeaderValue::Hidden { value, .. } => value.expose().clone(),
    }
}

/// Where requests go: the settings' word, else the document's first server.
pub(super) fn base_url(settings: &Settings, loaded: &Loaded) -> Result<String, SessionError> {
    let missing = |reason: String| SessionError::NoBaseUrl { reason };
    if let Some(base) = &settings.target.base_url {
        let url = Url::parse(base).map_err(|error| missing(format!("`{base}` is not a URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(missing(format!("`{base}` is not an http(s) URL")));
        }
        return Ok(base.trim_end_matches('/').to_owned());
    }
    let origin = Url::parse(&loaded.location).ok().filter(Url::has_host);
    let Some(server) = loaded.api.servers.first() else {
        return match &origin {
            Some(url) => Ok(url.origin().ascii_serialization()),
            None => Err(missing("the document names no server".to_owned())),
        };
    };
    let text = server.url();
    let url = match (Url::parse(&text), &origin) {
        (Ok(url), _) if url.has_host() => url,
        (_, Some(origin)) => {
            origin.join(&text).map_err(|error| missing(format!("server `{text}` is not a URL: {error}")))?
        }
        (_, None) => return Err(missing(format!("the document's server `{text}` is relative"))),
    };
    if url.as_str().contains('{') || url.as_str().contains("%7B") {
        return Err(missing(format!("the document's server `{text}` has variables without a default")));
    }
    // A copy of a document on this machine must not send a night's load to the world it describes.
    if let Some(origin) = &origin
        && is_loopback(origin)
        && !is_loopback(&url)
    {
        return Err(missing(format!(
            "the document was read from {}, but names `{text}`",
            origin.origin().ascii_serialization()
        )));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// The one HTTP client of a run.
pub(super) fn client(settings: &Settings, api: &Api, base_url: &str) -> Result<Client, SessionError> {
    let main = settings.keys.main.as_ref().map(|secret| Key {
        name: "main".to_owned(),
        secret: secret.clone(),
        placeholder: format!("${}", settings.keys.main_variable),
    });
    let others = settings.keys.others.iter().map(|key| Key {
        name: key.name.clone(),
        secret: key.secret.clone(),
        placeholder: placeholder(&key.name),
    });
    let mut options = ClientOptions::new(base_url);
    options.keys = Keyring::new(main, others.collect());
    options.security_schemes = api.security_schemes.clone();
    let asks = |operation: &Operation| operation.security.iter().any(|r| !r.is_anonymous());
    if settings.keys.header.is_some() && settings.keys.scheme.is_none() && !api.operations.iter().any(asks) {
        // Schemes that nothing asks for say nothing about what is public.
        options.security_schemes.clear();
    }
    options.scheme = settings.keys.scheme.clone();
    options.auth_header = settings.keys.header.clone();
    options.extra_headers =
        settings.http.headers.iter().map(|(name, value)| (name.clone(), shown(value))).collect();
    options.written_headers = settings
        .http
        .headers
        .iter()
        .filter_map(|(name, value)| match value {
            HeaderValue::Plain(_) => None,
            HeaderValue::Hidden { written, .. } => Some((name.clone(), written.clone())),
        })
        .collect();
    options.total_timeout = settings.http.timeout;
    options.read_timeout = settings.http.timeout;
    options.connect_timeout = options.connect_timeout.min(settings.http.timeout);
    options.max_body = usize::try_from(settings.http.max_body_bytes).unwrap_or(usize::MAX);
    options.rate = settings.http.rate;
    Ok(Client::new(options)?)
}

/// What stands for a named key in printed commands.
fn placeholder(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("$SPECWARDEN_KEY_{name}")
}

/// Which checks run.
pub(super) fn checks(settings: &Settings) -> Result<CheckOptions, SessionError> {
    let known = |wanted: &String| {
        if RULES.iter().any(|rule| rule.id == *wanted) {
            return Ok(());
        }
        let nearest = RULES.iter().map(|rule| (strsim::jaro_winkler(wanted, rule.id), rule.id));
        let nearest = nearest.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
        Err(SessionError::NoSuchCheck {
            wanted: wanted.clone(),
            suggestion: nearest.map(|(_, id)| id.to_owned()),
        })
    };
    settings.test.enable.iter().chain(&settings.test.disable).try_for_each(known)?;
    let mut options = CheckOptions::default();
    for id in &settings.test.enable {
        options = options.with(id);
    }
    if let Some(limit) = settings.test.max_response {
        options = options.with_max_response(limit);
    }
    for id in &settings.test.disable {
        options = options.without(id);
    }
    Ok(options)
}

/// What shapes the cases.
pub(super) fn generate_options(settings: &Settings) -> GenerateOptions {
    GenerateOptions { families: settings.test.families.clone(), ..GenerateOptions::default() }
}

/// What is known of an operation before anything was sent: what the user gave.
pub(super) fn known(settings: &Settings, operation: &Operation) -> Known {
    let given = settings.values.given.of(operation);
    Known { path: given.fixed.clone(), given: Arc::new(given), ..Known::default() }
}

/// What shapes the plan.
pub(super) fn plan_options(settings: &Settings) -> PlanOptions {
    PlanOptions {
        seed: settings.test.seed,
        safety: settings.test.safety,
        budget: Budget { random: settings.test.random_cases, cases: settings.test.max_cases },
        include: settings.select.include.clone(),
        exclude: settings.select.exclude.clone(),
        declared_safe: settings.select.safe.clone(),
    }
}

/// How far the walk goes.
pub(super) fn engine_options(
    settings: &Settings,
    loaded: &Loaded,
    base_url: &str,
    stages: crate::engine::Stages,
) -> Result<EngineOptions, SessionError> {
    let keys = settings.keys.others.iter().map(|key| KeyUse {
        name: key.name.clone(),
        revoked: key.role == KeyRole::Revoked,
        denied: key.denied.clone(),
        peer: key.role == KeyRole::Peer,
        allowed: key.allowed.clone(),
    });
    Ok(EngineOptions {
        document: loaded.api.title.clone(),
        base_url: base_url.to_owned(),
        workers: settings.http.workers,
        stages,
        focus: None,
        checks: checks(settings)?,
        keys: keys.collect(),
        has_main_key: settings.keys.main.is_some(),
        placeholders: placeholders(settings),
        given: settings.values.given.clone(),
        max_requests: settings.test.max_requests,
        max_time: settings.test.max_time,
        max_operation_time: settings.test.max_operation_time,
        patience: settings.test.patience,
        settle: settings.test.settle,
        shrink_requests: SHRINK_REQUESTS,
        bench_requests: settings.bench.requests,
        bench_warm_up: settings.bench.warm_up,
        bench_time: settings.bench.max_time,
    })
}

/// Requests that shrinking one finding may cost.
const SHRINK_REQUESTS: u32 = 24;

fn placeholders(settings: &Settings) -> Vec<String> {
    let main = format!("${}", settings.keys.main_variable);
    let others = settings.keys.others.iter().map(|key| placeholder(&key.name));
    let in_headers = settings.http.headers.iter().flat_map(|(_, value)| value.variables()).map(str::to_owned);
    std::iter::once(main).chain(others).chain(in_headers).collect()
}

/// The operation that goes by `wanted`: its key, its `operationId`, or a key in other letter case.
pub(super) fn find_operation<'a>(api: &'a Api, wanted: &str) -> Result<&'a Operation, SessionError> {
    let wanted = wanted.trim();
    let exact = api.operations.iter().find(|o| o.key.as_str() == wanted || o.id.as_deref() == Some(wanted));
    let found = exact.or_else(|| api.operations.iter().find(|o| o.key.as_str().eq_ignore_ascii_case(wanted)));
    found.ok_or_else(|| {
        let names: BTreeSet<&str> = api
            .operations
            .iter()
            .flat_map(|o| std::iter::once(o.key.as_str()).chain(o.id.as_deref()))
            .collect();
        let nearest = names.into_iter().map(|name| (strsim::jaro_winkler(wanted, name), name));
        let nearest = nearest.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
        SessionError::NoSuchOperation {
            wanted: wanted.to_owned(),
            suggestion: nearest.map(|(_, name)| name.to_owned()),
        }
    })
}
