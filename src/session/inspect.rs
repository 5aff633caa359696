//! Documents alone: what one says, what changed between two.

use crate::compat::{CompatOptions, compare};
use crate::config::Settings;
use crate::finding::Finding;
use crate::lint::lint;
use crate::session::SessionError;
use crate::session::prepare::{document, read_options};
use crate::source::{Loaded, read};

/// Reads the document and gives what was understood, issues of reading and of meaning included.
pub async fn inspect(settings: &Settings) -> Result<Loaded, SessionError> {
    let mut loaded = document(settings).await?;
    let doubts = lint(&loaded.api);
    loaded.add_issues(doubts);
    Ok(loaded)
}

/// Compares two documents; breaking changes, gravest first.
pub async fn diff(old: &str, new: &str, settings: &Settings) -> Result<Vec<Finding>, SessionError> {
    let options = read_options(settings);
    let old = read(old, &options).await?;
    let new = read(new, &options).await?;
    Ok(compare(&old.api, &new.api, &CompatOptions::default()))
}
