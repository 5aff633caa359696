//! What surrounds a configuration: variables, files, the rules that exist, a fresh seed.

use crate::config::values::word;
use crate::config::{ConfigError, File};
use crate::plan::Seed;
use std::io;
use std::path::Path;
use std::str::FromStr;

/// The world as configuration sees it, passed in so that this room stays a function of its input.
#[derive(Clone, Copy)]
pub struct Surroundings<'s> {
    /// The value of an environment variable.
    pub variable: &'s dyn Fn(&str) -> Option<String>,
    /// The text of a file.
    pub read: &'s dyn Fn(&Path) -> io::Result<String>,
    /// Ids of the rules that exist.
    pub rules: &'s [&'s str],
    /// The seed for those who ask for a random one.
    pub fresh_seed: Seed,
}

/// The layer that the environment makes: `SPECWARDEN_BASE_URL` and its like. Empty variables count as absent.
pub fn layer_of_environment(surroundings: &Surroundings<'_>) -> Result<File, ConfigError> {
    let text = |name: &str| (surroundings.variable)(name).filter(|value| !value.trim().is_empty());
    let mut file = File {
        spec: text("SPECWARDEN_SPEC"),
        base_url: text("SPECWARDEN_BASE_URL"),
        against: text("SPECWARDEN_AGAINST"),
        ..File::default()
    };
    file.remote_refs = read("SPECWARDEN_REMOTE_REFS", text, word)?;
    file.test.seed = read("SPECWARDEN_SEED", text, str::parse)?;
    file.test.safety = read("SPECWARDEN_SAFETY", text, word)?;
    file.test.max_requests = read("SPECWARDEN_MAX_REQUESTS", text, number)?;
    file.test.max_time_s = read("SPECWARDEN_MAX_TIME_S", text, number)?;
    file.test.max_operation_time_s = read("SPECWARDEN_MAX_OPERATION_TIME_S", text, number)?;
    file.test.patience_s = read("SPECWARDEN_PATIENCE_S", text, number)?;
    file.test.settle_ms = read("SPECWARDEN_SETTLE_MS", text, number)?;
    file.http.workers = read("SPECWARDEN_WORKERS", text, number)?;
    file.http.rate = read("SPECWARDEN_RATE", text, number)?;
    file.http.timeout_ms = read("SPECWARDEN_TIMEOUT_MS", text, number)?;
    file.gate.strict = read("SPECWARDEN_STRICT", text, switch)?;
    Ok(file)
}

fn read<T>(
    name: &str,
    text: impl Fn(&str) -> Option<String>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, ConfigError> {
    text(name).map(|value| parse(value.trim())).transpose().map_err(|message| ConfigError::Invalid {
        key: name.to_owned(),
        message,
        hint: None,
    })
}

fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is not a number that fits here"))
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(format!("`{text}` is neither `true` nor `false`")),
    }
}
