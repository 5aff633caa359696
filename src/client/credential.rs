//! Where keys go on a request: by the operation's security, the options, or nowhere.

use crate::case::Credential;
use crate::client::ClientOptions;
use crate::client::keyring::{FAKE_KEY, Filling, fake_pair};
use crate::exchange::Request;
use crate::spec::{Location, Operation, Requirement, SecurityScheme};
use data_encoding::BASE64;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Where a key stands on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// In this header, as it is.
    Header(String),
    /// In this query parameter.
    Query(String),
    /// In this cookie.
    Cookie(String),
    /// `authorization: Basic …`
    Basic,
    /// `authorization: Bearer …`
    Bearer,
}

impl Placement {
    /// Where a scheme wants its key; `None` for schemes that a key cannot satisfy.
    pub fn of(scheme: &SecurityScheme) -> Option<Self> {
        match scheme {
            SecurityScheme::ApiKey { location: Location::Header, name } => Some(Self::Header(name.clone())),
            SecurityScheme::ApiKey { location: Location::Query, name } => Some(Self::Query(name.clone())),
            SecurityScheme::ApiKey { location: Location::Cookie, name } => Some(Self::Cookie(name.clone())),
            SecurityScheme::ApiKey { location: Location::Path | Location::Querystring, .. }
            | SecurityScheme::Other { .. } => None,
            SecurityScheme::Basic => Some(Self::Basic),
            SecurityScheme::Bearer => Some(Self::Bearer),
        }
    }

    /// The header in which it stands, if it stands in one of its own.
    fn header(&self) -> Option<&str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Basic | Self::Bearer => Some("authorization"),
            Self::Query(_) | Self::Cookie(_) => None,
        }
    }
}

/// A placement with the name of the scheme that asks for it.
type Place = (Placement, Option<String>);

/// Where the key goes for `operation`. The first alternative that can be satisfied decides; an alternative that
/// asks for nothing counts only if no other can be.
pub(super) fn places(options: &ClientOptions, operation: Option<&Operation>) -> Vec<Place> {
    let usable = |name: &str| options.security_schemes.get(name).and_then(Placement::of);
    let public = operation.is_some_and(|operation| operation.security.iter().all(Requirement::is_anonymous));
    if let Some(header) = &options.auth_header {
        let silent = options.security_schemes.is_empty();
        return if silent || !public { vec![(Placement::Header(header.clone()), None)] } else { Vec::new() };
    }
    if public {
        return Vec::new();
    }
    let of = |name: &str| usable(name).map(|placement| (placement, Some(name.to_owned())));
    let together = |requirement: &Requirement| -> Option<Vec<Place>> {
        requirement.schemes.iter().map(|(name, _)| of(name)).collect()
    };
    let asked = operation.map(|operation| operation.security.as_slice()).unwrap_or_default();
    if let Some(chosen) = &options.scheme {
        let mut naming = asked.iter().filter(|r| r.schemes.iter().any(|(name, _)| name == chosen));
        return naming.find_map(together).unwrap_or_else(|| of(chosen).into_iter().collect());
    }
    if operation.is_none() {
        let first = options.security_schemes.keys().find_map(|name| of(name));
        return first.into_iter().collect();
    }
    asked.iter().filter(|r| !r.is_anonymous()).find_map(together).unwrap_or_default()
}

/// The request as it is sent and the request as it is recorded: alike but for the key.
pub(super) fn put_on(
    request: &Request,
    credential: &Credential,
    operation: Option<&Operation>,
    options: &ClientOptions,
) -> Result<(Request, Request), String> {
    let (mut sent, mut shown) = (request.clone(), request.clone());
    for (placement, scheme) in places(options, operation) {
        let filling = options.keys.fill(credential, scheme.as_deref())?;
        // Somebody else's header of that name, made up from a parameter, must not speak for the caller. Without a
        // key for the main credential it may be all that the caller has.
        let strip = filling.is_some() || *credential == Credential::Anonymous;
        if strip {
            take_off(&mut sent, &placement);
            take_off(&mut shown, &placement);
        }
        if let Some(Filling { value, shown: placeholder }) = filling {
            put(&mut sent, &placement, value.expose(), Form::Wire);
            put(&mut shown, &placement, &placeholder, Form::Record);
        }
    }
    Ok((sent, shown))
}

/// Removes what stands in a key's place.
fn take_off(request: &mut Request, placement: &Placement) {
    match placement {
        Placement::Header(_) | Placement::Basic | Placement::Bearer => {
            let name = placement.header().unwrap_or_default();
            request.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        }
        Placement::Query(name) => {
            let Some((path, query)) = request.url.split_once('?') else { return };
            let is_it = |pair: &&str| {
                let found = pair.split('=').next().unwrap_or_default().replace('+', " ");
                percent_decode_str(&found).decode_utf8_lossy() == name.as_str()
            };
            let kept: Vec<&str> = query.split('&').filter(|pair| !is_it(pair)).collect();
            if kept.len() < query.split('&').count() {
                let separator = if kept.is_empty() { "" } else { "?" };
                request.url = format!("{path}{separator}{}", kept.join("&"));
            }
        }
        Placement::Cookie(name) => {
            for (_, cookies) in request.headers.iter_mut().filter(|(n, _)| n.eq_ignore_ascii_case("cookie")) {
                let is_it = |pair: &&str| pair.split('=').next().unwrap_or_default().trim() == name;
                let kept: Vec<&str> = cookies.split(';').filter(|pair| !is_it(pair)).map(str::trim).collect();
                *cookies = kept.join("; ");
            }
            request.headers.retain(|(n, value)| !n.eq_ignore_ascii_case("cookie") || !value.is_empty());
        }
    }
}

/// Whether a key is written as the wire needs it, or as a placeholder that a person can read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Wire,
    Record,
}

fn put(request: &mut Request, placement: &Placement, key: &str, form: Form) {
    let encoded = |key: &str| match form {
        Form::Wire => utf8_percent_encode(key, NON_ALPHANUMERIC).to_string(),
        Form::Record => key.to_owned(),
    };
    match placement {
        Placement::Header(name) => request.headers.push((name.to_ascii_lowercase(), key.to_owned())),
        Placement::Bearer => request.headers.push(("authorization".to_owned(), format!("Bearer {key}"))),
        Placement::Basic => {
            // A key that is no pair is a user name with an empty password, as many APIs take it.
            let text = match form {
                // Nobody's key is no secret: shown as sent, so that the command that is printed sends it, too.
                _ if key == FAKE_KEY => fake_pair(),
                Form::Wire if key.contains(':') => BASE64.encode(key.as_bytes()),
                Form::Wire => BASE64.encode(format!("{key}:").as_bytes()),
                Form::Record => key.to_owned(),
            };
            request.headers.push(("authorization".to_owned(), format!("Basic {text}")));
        }
        Placement::Query(name) => {
            let name = utf8_percent_encode(name, NON_ALPHANUMERIC)
                .to_string()
                .replace("%5F", "_")
                .replace("%2D", "-");
            let separator = if request.url.contains('?') { '&' } else { '?' };
            request.url.push_str(&format!("{separator}{name}={}", encoded(key)));
        }
        Placement::Cookie(name) => {
            let pair = format!("{name}={key}");
            match request.headers.iter_mut().find(|(n, _)| n == "cookie") {
                Some((_, cookies)) => *cookies = format!("{cookies}; {pair}"),
                None => request.headers.push(("cookie".to_owned(), pair)),
            }
        }
    }
}
