//! What a location means, and how it may be shown.

use crate::source::SourceError;
use crate::spec::{Api, Server};
use std::fmt;
use url::Url;

/// What stands in the place of a removed value.
const GONE: &str = "…";
/// Parts of names of query parameters whose value is a secret.
const SECRET_NAMES: &[&str] = &[
    "key",
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "auth",
    "sig",
    "credential",
    "session",
    "jwt",
    "code",
];

/// Where a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A path on disk.
    File(String),
    /// A web address.
    Web(Url),
    /// Standard input.
    Stdin,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(path),
            Self::Web(url) => f.write_str(url.as_str()),
            Self::Stdin => f.write_str("-"),
        }
    }
}

/// Reads a location as the user gives it.
pub(super) fn place(location: &str) -> Result<Place, SourceError> {
    if location == "-" {
        return Ok(Place::Stdin);
    }
    let Some((scheme, _)) = location.split_once("://") else { return Ok(Place::File(location.to_owned())) };
    let failed = |reason: String| SourceError::Url { location: shown(location), reason };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => Url::parse(location).map(Place::Web).map_err(|error| failed(error.to_string())),
        "file" => {
            let url = Url::parse(location).map_err(|error| failed(error.to_string()))?;
            let path = url.to_file_path().map_err(|()| failed("it names no file here".into()))?;
            Ok(Place::File(path.to_string_lossy().into_owned()))
        }
        _ => Err(failed(format!("`{scheme}://` cannot be fetched"))),
    }
}

/// The location without user, password and secret query values.
pub(super) fn shown(location: &str) -> String {
    if !location.contains("://") {
        return location.to_owned();
    }
    if let Ok(url) = Url::parse(location) {
        return shown_url(&url);
    }
    // Whatever stands before `@` or after `?` might be a secret.
    let (scheme, rest) = location.split_once("://").unwrap_or(("", location));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{rest}")
}

/// As [`shown`], for a URL.
pub(super) fn shown_url(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for URLs that can hold neither, and then there is nothing to remove.
    _ = url.set_username("");
    _ = url.set_password(None);
    url.set_fragment(None);
    let Some(query) = url.query() else { return url.to_string() };
    let pairs = query.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if SECRET_NAMES.iter().any(|secret| lower.contains(secret)) {
            format!("{name}={GONE}")
        } else {
            pair.to_owned()
        }
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    url.set_query(None);
    format!("{url}?{query}")
}

/// Makes relative servers absolute: they are relative to the document (OpenAPI 3.0.3 §4.7.5), and a document
/// without servers describes the server that it comes from.
pub(super) fn absolute_servers(api: &mut Api, document: &Url) {
    if api.servers.is_empty() {
        api.servers.push(Server { name: None, url: "/".into(), variables: indexmap::IndexMap::default() });
    }
    let of_operations = api.operations.iter_mut().flat_map(|operation| &mut operation.servers);
    for server in api.servers.iter_mut().chain(of_operations) {
        if let Some(url) = absolute(&server.url, document) {
            server.url = url;
        }
    }
}

/// Joined by hand: a URL parser would percent-encode the braces of `{variables}`.
fn absolute(server: &str, document: &Url) -> Option<String> {
    if server.contains("://") || server.starts_with('{') {
        return None;
    }
    if let Some(rest) = server.strip_prefix("//") {
        return Some(format!("{}://{rest}", document.scheme()));
    }
    let origin = document.origin().ascii_serialization();
    if server.is_empty() {
        return Some(origin);
    }
    if server.starts_with('/') {
        return Some(format!("{origin}{}", server.trim_end_matches('/')));
    }
    let folder = document.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in server.split('/').filter(|segment| !segment.is_empty()) {
        match segment {
            "." => {}
            ".." => _ = segments.pop(),
            other => segments.push(other),
        }
    }
    Some(segments.iter().fold(origin, |url, segment| format!("{url}/{segment}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_a_location_is_shown() {
        let check = |location: &str, expected: &str| assert_eq!(shown(location), expected);
        check("specs/pets.yaml", "specs/pets.yaml");
        check("https://me:pw@host/a.json?group=x", "https://host/a.json?group=x");
        check("https://host/a.json?api_key=k1&v=2#top", "https://host/a.json?api_key=…&v=2");
        check(
            "https://host/a?X-Amz-Signature=s&Access_TOKEN=t",
            "https://host/a?X-Amz-Signature=…&Access_TOKEN=…",
        );
        check("http://me:pw@[bad/a?key=1", "http://[bad/a");
    }

    #[test]
    fn servers_are_relative_to_the_document() {
        let document = Url::parse("http://host:8080/docs/v1/openapi.json").expect("a URL");
        let check = |server: &str, expected: Option<&str>| {
            assert_eq!(absolute(server, &document).as_deref(), expected, "{server}");
        };
        check("https://other/x", None);
        check("{scheme}://x", None);
        check("/", Some("http://host:8080"));
        check("/api/{v}", Some("http://host:8080/api/{v}"));
        check("//cdn/x", Some("http://cdn/x"));
        check("api", Some("http://host:8080/docs/v1/api"));
        check("../{v}", Some("http://host:8080/docs/{v}"));
        check("../../../..", Some("http://host:8080"));
    }

    #[test]
    fn places_are_told_apart() {
        assert_eq!(place("-").expect("a place"), Place::Stdin);
        assert_eq!(place("a/b.yaml").expect("a place"), Place::File("a/b.yaml".into()));
        assert!(matches!(place("HTTPS://host/x"), Ok(Place::Web(_))));
        assert!(matches!(place("ftp://host/x"), Err(SourceError::Url { .. })));
        assert!(matches!(place("http://"), Err(SourceError::Url { .. })));
    }
}
