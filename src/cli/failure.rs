//! Why a verb could not do what was asked, and with which code the program then ends.

use crate::cli::Exit;
use crate::config::ConfigError;
use crate::source::SourceError;
use crate::store::StoreError;
use std::error::Error;
use std::io;

/// An error on its way to a person.
#[derive(Debug)]
pub(super) struct Failure {
    /// How the program ends.
    pub(super) exit: Exit,
    /// What went wrong, with its causes.
    pub(super) error: Box<dyn Error>,
    /// How to fix it.
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, error: impl Into<Box<dyn Error>>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = error.hint();
        Self { exit: Exit::Usage, error: error.into(), hint }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let hint = error.hint();
        Self { exit: Exit::Usage, error: error.into(), hint }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = error.hint();
        Self { exit: Exit::Usage, error: error.into(), hint }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(Exit::Target, error)
    }
}
