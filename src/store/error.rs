//! What the disk can refuse.

use std::io;
use std::path::{Path, PathBuf};

/// Why something could not be read, written or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The operating system refused.
    #[error("{action} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `write`, `create`.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// Its words.
        #[source]
        source: io::Error,
    },
    /// No run goes by this name.
    #[error("find run `{wanted}`")]
    UnknownRun {
        /// What was asked for.
        wanted: String,
        /// The run most like it, or the newest one.
        suggestion: Option<String>,
    },
    /// Several runs begin with this text.
    #[error("choose a run: `{wanted}` is the beginning of {count} ids")]
    AmbiguousRun {
        /// What was asked for.
        wanted: String,
        /// How many ids begin so.
        count: usize,
    },
    /// A run of this id is there already.
    #[error("create run `{id}`: it exists already")]
    RunExists {
        /// The id.
        id: String,
    },
    /// A name that would lead out of its folder, or that no file system likes.
    #[error("use `{name}` as a file name")]
    BadName {
        /// The name.
        name: String,
    },
    /// A stored file was written by a newer version.
    #[error("read `{}`: its format is version {found}, this program reads up to {supported}", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version that can be read.
        supported: u32,
    },
    /// A line of a stored file is damaged.
    #[error("read `{}`, line {line}", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A stored document is not JSON.
    #[error("read `{}` as JSON", path.display())]
    BadDocument {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A value has no JSON form.
    #[error("write `{}` as JSON", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// Nothing is pending under this name.
    #[error("find a pending snapshot `{name}`")]
    UnknownSnapshot {
        /// What was asked for.
        name: String,
        /// The pending one most like it.
        suggestion: Option<String>,
    },
}

impl StoreError {
    /// How to fix it, a lower-case fragment.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull => Some("free some space and run again".to_owned()),
                io::ErrorKind::PermissionDenied => Some("check the owner and mode of the path".to_owned()),
                io::ErrorKind::IsADirectory => Some("name a file, not a folder".to_owned()),
                io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Some(
                    "a file stands where a folder is wanted; move it away or name another path".to_owned(),
                ),
                _ => None,
            },
            Self::UnknownRun { suggestion: Some(id), .. } => Some(format!("did you mean `{id}`?")),
            Self::UnknownRun { suggestion: None, .. } => {
                Some("there is no stored run here yet; `specwarden run` makes one".to_owned())
            }
            Self::AmbiguousRun { .. } => Some("give more of the id".to_owned()),
            Self::RunExists { .. } => Some("wait a second, or give another seed".to_owned()),
            Self::BadName { .. } => Some("use letters, digits, `-`, `_`, `.` and `~` only".to_owned()),
            Self::NewerFormat { .. } => {
                Some("use the version of specwarden that wrote it, or a newer one".to_owned())
            }
            Self::BadLine { .. } => {
                Some("the file was damaged after it was written; restore it or remove the line".to_owned())
            }
            Self::BadDocument { .. } => {
                Some("restore the file from version control, or remove it and accept anew".to_owned())
            }
            Self::Unwritable { .. } => None,
            Self::UnknownSnapshot { suggestion: Some(name), .. } => Some(format!("did you mean `{name}`?")),
            Self::UnknownSnapshot { suggestion: None, .. } => {
                Some("nothing like it is pending; `specwarden snapshot list` shows what is".to_owned())
            }
        }
    }

    /// Wraps an operating system's refusal.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

/// The name most like `wanted`, if any is like it at all.
pub(crate) fn most_like<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    const LIKE: f64 = 0.6;
    let scored = names.into_iter().map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), name));
    let best = scored.filter(|(score, _)| *score >= LIKE).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(best.1.to_owned())
}

/// Refuses names that would lead out of their folder, hide, or trouble some file system.
pub(crate) fn plain_name(name: &str) -> Result<&str, StoreError> {
    let is_plain = !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    if is_plain { Ok(name) } else { Err(StoreError::BadName { name: name.to_owned() }) }
}
