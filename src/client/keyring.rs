//! The run's keys by name.

use crate::case::Credential;
use crate::secret::{Masker, Secret};
use data_encoding::BASE64;

/// A key that nobody issued, shaped like one that somebody could have.
pub const FAKE_KEY: &str = "specwarden-nobody-issued-this-key-00000000";

/// A key, and the placeholder that stands for it in everything that is recorded.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name in the configuration.
    pub name: String,
    /// The key itself; `user:password` for basic authentication.
    pub secret: Secret<String>,
    /// What is recorded in its place, e.g. `$SPECWARDEN_API_KEY`.
    pub placeholder: String,
}

/// The main key and those with names.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    main: Option<Key>,
    named: Vec<Key>,
}

impl Keyring {
    /// A ring of keys.
    pub fn new(main: Option<Key>, named: Vec<Key>) -> Self {
        Self { main, named }
    }

    /// The main key.
    pub fn main(&self) -> Option<&Key> {
        self.main.as_ref()
    }

    /// The key of this name.
    pub fn named(&self, name: &str) -> Option<&Key> {
        self.named.iter().find(|key| key.name == name)
    }

    /// Every key, the main one first.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.main.iter().chain(&self.named)
    }

    /// The placeholders of every key, as [`curl`](crate::exchange::curl) wants them.
    pub fn placeholders(&self) -> Vec<String> {
        self.keys().map(|key| key.placeholder.clone()).collect()
    }

    /// A masker that knows every key in every form in which this room sends it, and the password of a pair.
    pub fn masker(&self) -> Masker {
        let mut masker = Masker::default();
        for key in self.keys() {
            masker.learn(&key.secret);
            match key.secret.expose().split_once(':') {
                Some((_, password)) => masker.learn(&Secret::new(password.to_owned())),
                // As basic authentication encodes it: a user name with an empty password.
                None => masker.learn(&Secret::new(format!("{}:", key.secret.expose()))),
            }
        }
        masker
    }

    /// The key with which `credential` fills a scheme; a named key of the scheme's own name serves the main
    /// credential where several schemes are asked for together. `Ok(None)` puts nothing on the request.
    pub(super) fn fill(
        &self,
        credential: &Credential,
        scheme: Option<&str>,
    ) -> Result<Option<Filling>, String> {
        let real = |key: &Key| Filling { value: key.secret.clone(), shown: key.placeholder.clone() };
        match credential {
            Credential::Anonymous => Ok(None),
            Credential::Main => {
                let own = scheme.and_then(|name| self.named(name));
                Ok(own.or(self.main()).map(real))
            }
            Credential::Named(name) => match self.named(name) {
                Some(key) => Ok(Some(real(key))),
                None => Err(format!("no key named `{name}` is configured")),
            },
            Credential::Malformed => {
                Ok(Some(Filling { value: Secret::new(FAKE_KEY.to_owned()), shown: FAKE_KEY.to_owned() }))
            }
        }
    }
}

/// The key that nobody issued as a pair of name and password, as basic authentication encodes it (RFC 7617 §2).
pub fn fake_pair() -> String {
    BASE64.encode(format!("{FAKE_KEY}:{FAKE_KEY}").as_bytes())
}

/// What goes on the wire for a credential, and what is recorded for it.
#[derive(Clone)]
pub(super) struct Filling {
    pub(super) value: Secret<String>,
    pub(super) shown: String,
}
