//! Every exit code there is.

use crate::report::Verdict;
use std::process::ExitCode;

/// How the program ends. No code is decided anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing that fails the gate was found.
    Clean,
    /// Findings: the contract, a breaking change, a regression.
    Findings,
    /// Usage, configuration or document: nothing was sent.
    Usage,
    /// The target is unreachable, refused the key, or a report cannot be written.
    Target,
    /// Nothing failed, but something that matters was not decided or not exercised.
    Undecided,
    /// Stopped by the user; what was learned is reported and kept.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Target => 3,
            Self::Undecided => 4,
            // 128 + SIGINT, as shells count.
            Self::Interrupted => 130,
        }
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Clean,
            Verdict::Failed => Self::Findings,
            Verdict::Undecided => Self::Undecided,
            Verdict::Interrupted => Self::Interrupted,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
