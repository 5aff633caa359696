//! Keys and hidden header values, from where they are kept into `Secret` at once.

use crate::config::{
    AuthFile, ConfigError, HeaderValue, KeyFile, KeyRole, KeySetting, KeySettings, MissingKey, Surroundings,
};
use crate::plan::Selector;
use crate::secret::Secret;
use std::path::Path;

/// The variable that holds the main key, unless told otherwise.
const DEFAULT_VARIABLE: &str = "SPECWARDEN_API_KEY";

/// Reads the keys. A key in `auth` outranks one of role `main` among `keys`.
pub(super) fn keys(
    auth: AuthFile,
    files: Vec<KeyFile>,
    surroundings: &Surroundings<'_>,
) -> Result<KeySettings, ConfigError> {
    let asked = auth.key_env.is_some() || auth.key_file.is_some();
    let named = files.iter().find(|key| key.role == KeyRole::Main).filter(|_| !asked);
    let (variable, file) = match named {
        Some(key) => (key.env.clone(), key.file.clone()),
        None => (auth.key_env.clone(), auth.key_file.clone()),
    };
    let main_variable = variable.clone().unwrap_or_else(|| DEFAULT_VARIABLE.to_owned());
    let mut out =
        KeySettings { scheme: auth.scheme, header: auth.header, main_variable, ..KeySettings::default() };
    out.main = match &file {
        Some(path) => from_file(path, surroundings)?,
        None => from_variable(&out.main_variable, surroundings),
    };
    if out.main.is_none() && (asked || named.is_some()) {
        out.missing.push(MissingKey {
            name: "main".to_owned(),
            why: absent(Some(&out.main_variable), file.as_deref()),
        });
    }
    for key in files.into_iter().filter(|key| key.role != KeyRole::Main) {
        let secret = match (&key.env, &key.file) {
            (Some(variable), None) => from_variable(variable, surroundings),
            (None, Some(path)) => from_file(path, surroundings)?,
            (Some(_), Some(_)) | (None, None) => {
                return Err(ConfigError::Invalid {
                    key: format!("keys.{}", key.name),
                    message: "a key has either `env` or `file`".to_owned(),
                    hint: Some("the key itself must never stand in this file".to_owned()),
                });
            }
        };
        let Some(secret) = secret else {
            let why = absent(key.env.as_deref(), key.file.as_deref());
            out.missing.push(MissingKey { name: key.name, why });
            continue;
        };
        let denied = selectors(&format!("keys.{}.denied", key.name), &key.denied)?;
        let allowed = selectors(&format!("keys.{}.allowed", key.name), &key.allowed)?;
        out.others.push(KeySetting { name: key.name, secret, role: key.role, denied, allowed });
    }
    Ok(out)
}

/// A header's value with `${NAME}` replaced.
pub(super) fn header(
    name: &str,
    value: &str,
    surroundings: &Surroundings<'_>,
) -> Result<HeaderValue, ConfigError> {
    let mut parts = Vec::new();
    let out = filled(&format!("http.headers.{name}"), value, surroundings, &mut parts)?;
    Ok(match parts.as_slice() {
        [] => HeaderValue::Plain(out),
        _ => HeaderValue::Hidden { value: Secret::new(out), written: value.to_owned(), parts },
    })
}

/// The `${NAME}`s in a text.
pub(super) fn variables(value: &str) -> impl Iterator<Item = &str> {
    let starts = value.match_indices("${").map(|(start, _)| &value[start..]);
    starts.filter_map(|rest| Some(&rest[..=rest.find('}')?]))
}

/// A text with `${NAME}` replaced; what came from the environment goes into `parts`.
pub(super) fn filled(
    key: &str,
    value: &str,
    surroundings: &Surroundings<'_>,
    parts: &mut Vec<Secret<String>>,
) -> Result<String, ConfigError> {
    let mut out = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let variable = &rest[start + 2..start + length];
        let value =
            (surroundings.variable)(variable).filter(|value| !value.trim().is_empty()).ok_or_else(|| {
                ConfigError::MissingVariable { key: key.to_owned(), variable: variable.to_owned() }
            })?;
        out.push_str(&rest[..start]);
        out.push_str(value.trim());
        rest = &rest[start + length + 1..];
        parts.push(Secret::new(value.trim().to_owned()));
    }
    out.push_str(rest);
    Ok(out)
}

/// Patterns over operations.
pub(super) fn selectors(key: &str, patterns: &[String]) -> Result<Vec<Selector>, ConfigError> {
    let hint = "a pattern is `METHOD /path` with `*` and `**`, an `operationId`, or `tag:NAME`";
    patterns
        .iter()
        .map(|pattern| {
            Selector::parse(pattern).map_err(|message| ConfigError::Invalid {
                key: key.to_owned(),
                message,
                hint: Some(hint.to_owned()),
            })
        })
        .collect()
}

fn from_variable(name: &str, surroundings: &Surroundings<'_>) -> Option<Secret<String>> {
    (surroundings.variable)(name).and_then(tidy)
}

fn from_file(path: &Path, surroundings: &Surroundings<'_>) -> Result<Option<Secret<String>>, ConfigError> {
    match (surroundings.read)(path) {
        Ok(text) => Ok(tidy(text)),
        Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    }
}

/// White space around a key is never part of it; an empty key is none.
fn tidy(text: String) -> Option<Secret<String>> {
    let text = text.trim();
    (!text.is_empty()).then(|| Secret::new(text.to_owned()))
}

fn absent(variable: Option<&str>, file: Option<&Path>) -> String {
    match (file, variable) {
        (Some(path), _) => format!("the file `{}` is empty", path.display()),
        (None, Some(variable)) => format!("the environment variable `{variable}` is not set"),
        (None, None) => "no place is given for it".to_owned(),
    }
}
