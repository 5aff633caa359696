//! How to read a document.

use crate::secret::Secret;
use crate::source::yaml;
use std::time::Duration;

/// How [`read`](crate::source::read()) gets a document.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The largest document that is read, in bytes; also the limit for all files that it refers to together.
    pub max_bytes: u64,
    /// How long fetching a URL may take altogether, redirects and body included.
    pub timeout: Duration,
    /// Headers sent when fetching a URL, for instance a key for a protected document. They go to the document's
    /// own origin alone.
    pub headers: Vec<(String, Secret<String>)>,
    /// Which references into the web are followed. `None`: those to the origin of a document that was fetched
    /// itself, and none of a local one.
    pub remote_refs: Option<RemoteRefs>,
    /// The most files that a document may refer to, directly or not.
    pub max_files: usize,
    /// The most nodes that YAML aliases may add to a document, and the most that it may take over from other files
    /// in places where no reference may stand.
    pub max_copied: usize,
}

/// Which references into the web are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemoteRefs {
    /// None.
    Off,
    /// Those to the origin that the document itself was fetched from.
    SameOrigin,
    /// All, but never from a public document into a private network.
    Any,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            max_bytes: 128 * 1024 * 1024,
            timeout: Duration::from_secs(30),
            headers: Vec::new(),
            remote_refs: None,
            max_files: 10_000,
            max_copied: yaml::MOST_COPIED,
        }
    }
}
