//! Finding and reading the file.

use crate::config::error::nearest;
use crate::config::position::position;
use crate::config::{BaselineChoice, ConfigError, File, Surroundings};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The name of the configuration file.
pub const FILE_NAME: &str = "specwarden.toml";

/// A configuration file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// What it says, its relative paths resolved against its folder.
    pub file: File,
}

impl Found {
    /// The folder in which it lies.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }
}

/// The configuration file of `folder`: its own, or the nearest one above it. Not finding one is no error.
pub fn find(folder: &Path, surroundings: &Surroundings<'_>) -> Result<Option<Found>, ConfigError> {
    for above in folder.ancestors() {
        let path = above.join(FILE_NAME);
        match (surroundings.read)(&path) {
            Ok(text) => return parse(&path, &text).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        }
    }
    Ok(None)
}

/// The configuration file at `path`.
pub fn read(path: &Path, surroundings: &Surroundings<'_>) -> Result<Found, ConfigError> {
    match (surroundings.read)(path) {
        Ok(text) => parse(path, &text),
        Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    }
}

/// Reads the text of a configuration file that lies at `path`.
pub fn parse(path: &Path, text: &str) -> Result<Found, ConfigError> {
    let mut file: File = toml::from_str(text).map_err(|error| malformed(path, text, &error))?;
    file.parameters.values_mut().chain(file.values.values_mut().flatten()).for_each(plain_dates);
    for own in file.operations.values_mut() {
        let listed = own.values.values_mut().flatten();
        own.parameters.values_mut().chain(listed).chain(&mut own.body).for_each(plain_dates);
    }
    rebase(&mut file, path.parent().unwrap_or_else(|| Path::new("")));
    Ok(Found { path: path.to_owned(), file })
}

pub(super) fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    let message = error.message().trim().replace('\n', "; ");
    // serde says: unknown field `x`, expected one of `a`, `b`. The names are ours to compare.
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let unknown = ["unknown field", "unknown variant"].iter().any(|start| message.starts_with(start));
    let (message, hint) = match names.as_slice() {
        [name, known @ ..] if unknown => {
            let kind = if message.starts_with("unknown field") { "key" } else { "value" };
            let hint = match nearest(name, known.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            (format!("unknown {kind} `{name}`"), Some(hint))
        }
        _ => (message, None),
    };
    ConfigError::Malformed { path: path.to_owned(), line, column, message, hint }
}

/// Relative paths in a file are meant from its folder, wherever the program was started.
fn rebase(file: &mut File, folder: &Path) {
    let moved = |path: &Path| if path.is_absolute() { path.to_owned() } else { folder.join(path) };
    for location in [&mut file.spec, &mut file.against].into_iter().flatten() {
        if location != "-" && !location.contains("://") {
            *location = moved(Path::new(&*location)).to_string_lossy().into_owned();
        }
    }
    let keys = file.keys.iter_mut().map(|key| &mut key.file);
    let bodies = file.operations.values_mut().map(|own| &mut own.body_file);
    for path in keys.chain(bodies).chain([&mut file.auth.key_file, &mut file.snapshots.folder]).flatten() {
        *path = moved(path);
    }
    if let Some(BaselineChoice::At(path)) = &mut file.baseline {
        *path = moved(path);
    }
    for report in file.reports.iter_mut().flatten() {
        report.path = moved(&report.path);
    }
}

/// TOML's dates reach serde as objects with one private key; a parameter means their text.
fn plain_dates(value: &mut Value) {
    match value {
        Value::Object(entries) => match entries.get("$__toml_private_datetime").cloned() {
            Some(text) => *value = text,
            None => entries.values_mut().for_each(plain_dates),
        },
        Value::Array(items) => items.iter_mut().for_each(plain_dates),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
