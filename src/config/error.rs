//! Why a configuration cannot be used.

use std::io;
use std::path::PathBuf;

/// A configuration that cannot be read or does not make sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("read `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not TOML, or holds a key or value that means nothing.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1, in characters.
        column: usize,
        /// What is wrong.
        message: String,
        /// How to fix it.
        hint: Option<String>,
    },
    /// A value is out of its range or not of its kind.
    #[error("`{key}`: {message}")]
    Invalid {
        /// The key in the file, or the environment variable.
        key: String,
        /// What is wrong with it.
        message: String,
        /// How to fix it.
        hint: Option<String>,
    },
    /// A rule is named that does not exist.
    #[error("`{key}` names the rule `{name}`, which does not exist")]
    UnknownRule {
        /// The key in the file.
        key: String,
        /// The name.
        name: String,
        /// The nearest rule.
        nearest: Option<String>,
    },
    /// A value wants an environment variable that is not set.
    #[error("`{key}` needs the environment variable `{variable}`, which is not set")]
    MissingVariable {
        /// The key in the file.
        key: String,
        /// The variable.
        variable: String,
    },
}

impl ConfigError {
    /// How to fix it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => None,
            Self::Malformed { hint, .. } | Self::Invalid { hint, .. } => hint.clone(),
            Self::UnknownRule { nearest, .. } => Some(match nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "docs/checks.md lists every rule".to_owned(),
            }),
            Self::MissingVariable { variable, .. } => {
                Some(format!("export `{variable}`, or remove the value"))
            }
        }
    }
}

/// The candidate nearest to `name`, if any is near enough to be meant.
pub(super) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate.to_owned())
}
