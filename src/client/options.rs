//! What a client is made of.

use crate::client::Keyring;
use crate::spec::SecurityScheme;
use indexmap::IndexMap;
use std::time::Duration;

/// Everything a [`Client`](crate::client::Client) is made of. [`ClientOptions::new`] gives the defaults.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// The absolute base URL. Only its origin is ever contacted.
    pub base_url: String,
    /// The keys of the run.
    pub keys: Keyring,
    /// The security schemes of the document.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// The name of the scheme to use where an operation leaves a choice, or names another one.
    pub scheme: Option<String>,
    /// The header in which the key travels whatever the document says, e.g. `x-apikey`. Operations that a
    /// document with schemes declares public still go without.
    pub auth_header: Option<String>,
    /// Headers for every request that does not set them itself.
    pub extra_headers: Vec<(String, String)>,
    /// Those of them that hold secrets, as they are recorded: with `${NAME}` where the secret stands.
    pub written_headers: Vec<(String, String)>,
    /// What `user-agent` says.
    pub user_agent: String,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest silence while an answer is read.
    pub read_timeout: Duration,
    /// The longest time for one try, from sending to the last byte.
    pub total_timeout: Duration,
    /// The most bytes of a body that are kept; a longer one is cut.
    pub max_body: usize,
    /// The most requests per second; `None` sets no limit until the server asks for one.
    pub rate: Option<f64>,
    /// How often a failed connection is tried again.
    pub connect_retries: u32,
    /// The pause before a failed connection is tried again.
    pub connect_pause: Duration,
    /// How often an answer with `Retry-After` is waited for.
    pub throttle_retries: u32,
    /// The longest `Retry-After` that is waited for; a longer one is returned as it is.
    pub max_retry_after: Duration,
    /// Through which proxy.
    pub proxy: Proxy,
    /// Root certificates besides the system's, PEM.
    pub root_certificates: Vec<Vec<u8>>,
}

/// Through which proxy requests go. A loopback base URL is always contacted directly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Proxy {
    /// None, whatever the environment says.
    #[default]
    Direct,
    /// The system's or the environment's.
    System,
    /// This one.
    Url(String),
}

impl ClientOptions {
    /// The defaults for a base URL: no key, no limit.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            keys: Keyring::default(),
            security_schemes: IndexMap::new(),
            scheme: None,
            auth_header: None,
            extra_headers: Vec::new(),
            written_headers: Vec::new(),
            user_agent: format!("specwarden/{}", env!("CARGO_PKG_VERSION")),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(30),
            max_body: 8 * 1024 * 1024,
            rate: None,
            connect_retries: 2,
            connect_pause: Duration::from_millis(100),
            throttle_retries: 2,
            max_retry_after: Duration::from_secs(5),
            proxy: Proxy::Direct,
            root_certificates: Vec::new(),
        }
    }
}
