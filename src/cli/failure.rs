//! Why a verb could not do what was asked, and with which code the program then ends.

use crate::cli::Exit;
use crate::config::ConfigError;
use crate::session::{Blame, SessionError};
use crate::store::StoreError;
use std::error::Error;
use std::io;

/// The rooms' messages say what was tried: `read …`, `reach …`.
const CANNOT: &str = "cannot ";

/// An error on its way to a person.
#[derive(Debug)]
pub(super) struct Failure {
    /// How the program ends.
    pub(super) exit: Exit,
    /// What stands before the message: `cannot `, where that tells what was tried.
    pub(super) lead: &'static str,
    /// What went wrong, with its causes.
    pub(super) error: Box<dyn Error>,
    /// How to fix it.
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, error: impl Into<Box<dyn Error>>) -> Self {
        Self { exit, lead: "", error: error.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(not(feature = "demo"))]
impl Failure {
    pub(super) fn without_demo() -> Self {
        Self::new(Exit::Usage, "this build has no embedded instance").hint("build it with `--features demo`")
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        if let SessionError::Baseline(error) = error {
            return error.into();
        }
        let hint = error.hint();
        let exit = match error.blame() {
            Blame::Usage => Exit::Usage,
            Blame::Target | Blame::Disk => Exit::Target,
        };
        Self { exit, lead: CANNOT, error: error.into(), hint }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = error.hint();
        let lead = match &error {
            ConfigError::Unreadable { .. } => CANNOT,
            ConfigError::Malformed { .. }
            | ConfigError::Invalid { .. }
            | ConfigError::UnknownRule { .. }
            | ConfigError::MissingVariable { .. } => "",
        };
        Self { exit: Exit::Usage, lead, error: error.into(), hint }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = error.hint();
        Self { exit: Exit::Usage, lead: CANNOT, error: error.into(), hint }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(Exit::Target, error)
    }
}
