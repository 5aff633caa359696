//! From options to a connection pool: everything hidden is switched off.

use crate::client::{ClientError, ClientOptions, Placement, Proxy};
use reqwest::header::{HeaderName, HeaderValue};
use url::Url;

/// The parsed base URL.
pub(super) fn base(text: &str) -> Result<Url, ClientError> {
    let fault =
        |url: &str, reason: &str| ClientError::BaseUrl { url: url.to_owned(), reason: reason.to_owned() };
    let url = Url::parse(text).map_err(|error| fault(text, &error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        let mut bare = url.clone();
        // Both succeed for a URL with a host, which one with a user name is.
        let _ = (bare.set_username(""), bare.set_password(None));
        return Err(fault(bare.as_str(), "it holds a user name or password; give it as a key instead"));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(fault(text, "only http and https are spoken"));
    }
    Ok(url)
}

/// Refuses options that could only fail later.
pub(super) fn check(options: &ClientOptions) -> Result<(), ClientError> {
    if let Some(name) = &options.scheme {
        let scheme = options.security_schemes.get(name);
        if scheme.and_then(Placement::of).is_none() {
            let known: Vec<String> =
                options.security_schemes.keys().map(|name| format!("`{name}`")).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(ClientError::UnknownScheme { name: name.clone(), known });
        }
    }
    if options.rate.is_some_and(|rate| !(rate.is_finite() && rate >= 0.001)) {
        return Err(ClientError::Option {
            what: "the rate".to_owned(),
            reason: "it must be above 0.001 requests per second".to_owned(),
        });
    }
    for (name, value) in &options.extra_headers {
        let fits = HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok();
        if !fits {
            return Err(ClientError::Option {
                what: format!("extra header `{name}`"),
                reason: "HTTP cannot carry it".to_owned(),
            });
        }
    }
    Ok(())
}

/// Whether a connection serves more than one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    Pooled,
    Never,
}

/// The connection pool.
pub(super) fn build(
    options: &ClientOptions,
    base: &Url,
    reuse: Reuse,
) -> Result<reqwest::Client, ClientError> {
    let mut builder = reqwest::Client::builder()
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.read_timeout);
    if reuse == Reuse::Never {
        builder = builder.pool_max_idle_per_host(0);
    }
    let loopback = match base.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    builder = match &options.proxy {
        Proxy::System if !loopback => builder,
        Proxy::Url(url) if !loopback => {
            builder.no_proxy().proxy(reqwest::Proxy::all(url).map_err(ClientError::Library)?)
        }
        Proxy::Direct | Proxy::System | Proxy::Url(_) => builder.no_proxy(),
    };
    let mut roots = Vec::new();
    for pem in &options.root_certificates {
        roots.extend(reqwest::Certificate::from_pem_bundle(pem).map_err(ClientError::Library)?);
    }
    builder = if base.scheme() == "http" {
        // Without TLS no roots are needed; a bare container has none.
        builder.tls_certs_only(roots)
    } else {
        builder.tls_certs_merge(roots)
    };
    builder.build().map_err(ClientError::Library)
}
