//! Files and standard input.

#![expect(clippy::disallowed_methods, reason = "`source` is the gate by which documents come in")]

use crate::source::{ReadOptions, SourceError};
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;
use tokio::io::AsyncReadExt;

/// How similar a sibling's name must be to be worth naming (Jaro-Winkler, 0 to 1).
const SIMILAR: f64 = 0.8;
/// Endings of API documents.
const ENDINGS: &[&str] = &["json", "yaml", "yml"];

/// The bytes of a file.
pub(super) async fn read(path: &str, options: &ReadOptions) -> Result<Vec<u8>, SourceError> {
    let unreadable = |source| SourceError::Unreadable { location: path.to_owned(), source };
    let file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SourceError::NotFound { path: path.to_owned(), near: near(Path::new(path)).await });
        }
        Err(error) => return Err(unreadable(error)),
    };
    if file.metadata().await.map_err(unreadable)?.is_dir() {
        return Err(SourceError::Directory { path: path.to_owned(), near: inside(Path::new(path)).await });
    }
    let mut bytes = Vec::new();
    file.take(options.max_bytes.saturating_add(1)).read_to_end(&mut bytes).await.map_err(unreadable)?;
    within(bytes, path, options)
}

/// The bytes of a file that a document refers to: never of a device or pipe, which could last forever.
pub(super) async fn read_plain(path: &str, options: &ReadOptions) -> Result<Vec<u8>, SourceError> {
    if let Ok(metadata) = tokio::fs::metadata(path).await
        && !metadata.is_file()
        && !metadata.is_dir()
    {
        return Err(SourceError::NotPlain { path: path.to_owned() });
    }
    read(path, options).await
}

/// The bytes of standard input, to its end.
pub(super) async fn read_stdin(options: &ReadOptions) -> Result<Vec<u8>, SourceError> {
    let limit = options.max_bytes.saturating_add(1);
    let read = move || {
        let mut bytes = Vec::new();
        io::stdin().lock().take(limit).read_to_end(&mut bytes).map(|_| bytes)
    };
    let unreadable = |source| SourceError::Unreadable { location: "-".to_owned(), source };
    let bytes =
        tokio::task::spawn_blocking(read).await.map_err(|error| unreadable(io::Error::other(error)))?;
    within(bytes.map_err(unreadable)?, "-", options)
}

fn within(bytes: Vec<u8>, location: &str, options: &ReadOptions) -> Result<Vec<u8>, SourceError> {
    if bytes.len() as u64 > options.max_bytes {
        return Err(SourceError::TooLarge { location: location.to_owned(), limit: options.max_bytes });
    }
    Ok(bytes)
}

/// A sibling with a similar name: a slip of the finger, or the other ending.
async fn near(path: &Path) -> Option<String> {
    // Endings are all alike; they must not make strangers similar.
    let stem = |name: &Path| name.file_stem().map(|stem| stem.to_string_lossy().to_lowercase());
    let wanted = stem(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let names = names(folder.unwrap_or(Path::new("."))).await;
    let score =
        |name: &String| stem(Path::new(name)).map_or(0.0, |stem| strsim::jaro_winkler(&stem, &wanted));
    let best = names.into_iter().max_by(|a, b| score(a).total_cmp(&score(b)).then_with(|| b.cmp(a)))?;
    (score(&best) >= SIMILAR).then(|| join(folder, &best))
}

/// A document inside a directory.
async fn inside(folder: &Path) -> Option<String> {
    let mut names = names(folder).await;
    names.retain(|name| {
        let ending = Path::new(name).extension().and_then(OsStr::to_str);
        ending.is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
    });
    let speaks =
        |name: &&String| ["openapi", "swagger"].iter().any(|word| name.to_lowercase().contains(word));
    names.iter().find(speaks).or(names.first()).map(|name| join(Some(folder), name))
}

/// The names of the files in a directory, sorted; none if it cannot be listed.
async fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(mut entries) = tokio::fs::read_dir(folder).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            if entry.file_type().await.is_ok_and(|kind| !kind.is_dir()) {
                names.extend(entry.file_name().into_string());
            }
        }
    }
    names.sort();
    names
}

fn join(folder: Option<&Path>, name: &str) -> String {
    folder.map_or_else(|| name.to_owned(), |folder| folder.join(name).to_string_lossy().into_owned())
}
