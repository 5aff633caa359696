//! Where a reference leads: from the file that it stands in to another one.
//!
//! Nothing is read here but whether a folder is a symbolic link, without which `..` has no meaning.

#![expect(clippy::disallowed_methods, reason = "`source` is the gate by which documents come in")]

use crate::source::location::{Place, shown_url};
use crate::source::{ReadOptions, RemoteRefs};
use std::path::{Path, PathBuf};
use url::Url;

/// Where a file of a document is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Address {
    /// A path relative to the folder of the root document, with `/` between its parts.
    File(String),
    /// A web address without fragment.
    Web(Url),
}

/// Why a reference is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: String,
    pub(super) hint: String,
}

/// The root document's own place, by which all others are judged.
#[derive(Debug, Clone)]
pub(super) struct Home {
    folder: PathBuf,
    pub(super) address: Address,
    remote: RemoteRefs,
}

impl Home {
    pub(super) fn new(place: &Place, options: &ReadOptions) -> Self {
        let (folder, address) = match place {
            Place::File(path) => {
                let path = Path::new(path);
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                let folder = path.parent().map(Path::to_owned).unwrap_or_default();
                (folder, Address::File(name.unwrap_or_default()))
            }
            Place::Stdin => (PathBuf::new(), Address::File(String::new())),
            Place::Web(url) => {
                let mut url = url.clone();
                url.set_fragment(None);
                (PathBuf::new(), Address::Web(url))
            }
        };
        let usual = match address {
            Address::File(_) => RemoteRefs::Off,
            Address::Web(_) => RemoteRefs::SameOrigin,
        };
        Self { folder, address, remote: options.remote_refs.unwrap_or(usual) }
    }

    /// Whether a reference may be fetched from the web.
    pub(super) fn may_fetch(&self) -> bool {
        self.remote != RemoteRefs::Off
    }

    /// Whether redirects may leave the origin.
    pub(super) fn may_leave(&self) -> bool {
        self.remote == RemoteRefs::Any
    }

    /// The path of a file as it is opened and shown.
    pub(super) fn path(&self, relative: &str) -> String {
        if self.folder.as_os_str().is_empty() {
            return relative.to_owned();
        }
        self.folder.join(relative).to_string_lossy().into_owned()
    }

    /// The name of a file in the document that is made of all.
    pub(super) fn name(address: &Address) -> String {
        match address {
            Address::File(relative) => relative.clone(),
            Address::Web(url) => shown_url(url),
        }
    }

    /// The location of a file as people know it.
    pub(super) fn location(&self, address: &Address) -> String {
        match address {
            Address::File(relative) => self.path(relative),
            Address::Web(url) => shown_url(url),
        }
    }

    /// Where `path` (a reference without its fragment) leads from the file at `from`.
    pub(super) fn resolve(&self, from: &Address, path: &str) -> Result<Address, Refusal> {
        match (from, scheme(path)) {
            (_, Some("http" | "https")) => {
                let url = Url::parse(path).map_err(not_a_url)?;
                self.fetchable(url)
            }
            (_, Some(other)) => Err(Refusal {
                reason: format!("`{other}:` references are not followed"),
                hint: "refer to files by a relative path, and to the web by http(s)".into(),
            }),
            (Address::Web(base), None) => {
                let url = base.join(path).map_err(not_a_url)?;
                self.fetchable(url)
            }
            (Address::File(base), None) => self.beside(base, path).map(Address::File),
        }
    }

    fn fetchable(&self, mut url: Url) -> Result<Address, Refusal> {
        url.set_fragment(None);
        let own = match &self.address {
            Address::Web(own) if own.origin() == url.origin() => Some(own),
            _ => None,
        };
        if let Some(own) = own
            && url.username().is_empty()
            && url.password().is_none()
        {
            // User and password belong to the origin, as a browser keeps them.
            _ = url.set_username(own.username());
            _ = url.set_password(own.password());
        }
        let allowed = match self.remote {
            RemoteRefs::Off => false,
            RemoteRefs::SameOrigin => own.is_some(),
            RemoteRefs::Any => true,
        };
        if allowed {
            return Ok(Address::Web(url));
        }
        let host = url.origin().ascii_serialization();
        Err(if own.is_some() {
            Refusal {
                reason: "references are not fetched".into(),
                hint: "allow them with `--remote-refs same-origin`".into(),
            }
        } else {
            Refusal {
                reason: format!("references to `{host}` are not fetched"),
                hint: "save the file beside the document, or allow such references with `--remote-refs any`"
                    .into(),
            }
        })
    }

    /// A path relative to the file `base`, freed from `.` and, where no symbolic link stands before it, `..`.
    fn beside(&self, base: &str, path: &str) -> Result<String, Refusal> {
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        if path.starts_with('/') || Path::new(path.as_ref()).is_absolute() || path.contains('\0') {
            return Err(Refusal {
                reason: "absolute paths are not followed".into(),
                hint: "write the path relative to the file that the reference stands in".into(),
            });
        }
        let mut parts: Vec<&str> = base.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") && !self.is_link(&parts.join("/")) => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }

    fn is_link(&self, relative: &str) -> bool {
        self.folder.join(relative).is_symlink()
    }
}

fn not_a_url(error: url::ParseError) -> Refusal {
    Refusal { reason: format!("it is not a URL: {error}"), hint: "write it as `https://host/path`".into() }
}

/// The scheme of a reference. A single letter is a drive.
fn scheme(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let known = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    known.then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(location: &str, remote: Option<RemoteRefs>) -> Home {
        let place = crate::source::location::place(location).expect("a place");
        Home::new(&place, &ReadOptions { remote_refs: remote, ..ReadOptions::default() })
    }

    #[track_caller]
    fn check(home: &Home, from: &str, reference: &str, expected: Result<&str, &str>) {
        let from = Url::parse(from).map_or_else(|_| Address::File(from.to_owned()), Address::Web);
        match (home.resolve(&from, reference), expected) {
            (Ok(address), Ok(expected)) => assert_eq!(Home::name(&address), expected, "{reference}"),
            (Err(refusal), Err(words)) => assert!(refusal.reason.contains(words), "{refusal:?}"),
            (found, expected) => panic!("{reference}: {found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn files_are_found_from_the_file_that_refers_to_them() {
        let home = home("specs/api/openapi.yaml", None);
        assert_eq!(home.address, Address::File("openapi.yaml".into()));
        check(&home, "openapi.yaml", "./schemas/pet.yaml", Ok("schemas/pet.yaml"));
        check(&home, "schemas/pet.yaml", "../openapi.yaml", Ok("openapi.yaml"));
        check(&home, "schemas/pet.yaml", "a%20b%23.yaml", Ok("schemas/a b#.yaml"));
        check(&home, "openapi.yaml", "../../shared/x.yaml", Ok("../../shared/x.yaml"));
        check(&home, "../../shared/x.yaml", "../y.yaml", Ok("../../y.yaml"));
        check(&home, "openapi.yaml", "/etc/passwd", Err("absolute"));
        check(&home, "openapi.yaml", "file:///etc/passwd", Err("`file:`"));
        check(&home, "openapi.yaml", "urn:x:y", Err("`urn:`"));
        check(&home, "openapi.yaml", "https://host/x.yaml", Err("`https://host` are not fetched"));
        assert_eq!(home.path("schemas/pet.yaml"), "specs/api/schemas/pet.yaml");
    }

    #[test]
    fn the_web_is_entered_as_far_as_it_is_allowed() {
        let own = home("https://me:pw@host/v1/api.json", None);
        check(&own, "https://host/v1/api.json", "x.json", Ok("https://host/v1/x.json"));
        check(&own, "https://host/v1/api.json", "/x.json?token=t", Ok("https://host/x.json?token=…"));
        check(&own, "https://host/v1/api.json", "//other/x.json", Err("`https://other`"));
        check(&own, "https://host/v1/api.json", "http://host/x.json", Err("`http://host`"));
        check(&own, "https://host/v1/api.json", "file:///etc/passwd", Err("`file:`"));
        let from = Address::Web(Url::parse("https://host/a").expect("a URL"));
        let Ok(Address::Web(url)) = own.resolve(&from, "https://host/b") else { panic!("refused") };
        assert_eq!((url.username(), url.password()), ("me", Some("pw")));
        let none = home("https://host/v1/api.json", Some(RemoteRefs::Off));
        check(&none, "https://host/v1/api.json", "x.json", Err("not fetched"));
        let any = home("api.json", Some(RemoteRefs::Any));
        check(&any, "api.json", "https://host/x.json", Ok("https://host/x.json"));
        check(&any, "https://host/x.json", "y.json", Ok("https://host/y.json"));
        check(&home("-", None), "", "a/b.yaml", Ok("a/b.yaml"));
    }

    #[cfg(unix)]
    #[test]
    fn a_parent_of_a_link_is_the_parent_of_its_target() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("far/deep")).expect("a folder");
        std::os::unix::fs::symlink("far/deep", folder.path().join("link")).expect("a link");
        let home = home(&folder.path().join("api.yaml").to_string_lossy(), None);
        check(&home, "api.yaml", "link/../x.yaml", Ok("link/../x.yaml"));
        check(&home, "api.yaml", "far/../x.yaml", Ok("x.yaml"));
    }
}
