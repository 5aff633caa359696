//! How to read a document.

use crate::secret::Secret;
use std::time::Duration;

/// How [`read`](crate::source::read()) gets a document.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The largest document that is read, in bytes.
    pub max_bytes: u64,
    /// How long fetching a URL may take altogether, redirects and body included.
    pub timeout: Duration,
    /// Headers sent when fetching a URL, for instance a key for a protected document.
    pub headers: Vec<(String, Secret<String>)>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { max_bytes: 128 * 1024 * 1024, timeout: Duration::from_secs(30), headers: Vec::new() }
    }
}
