//! Closed sets of flag values.

use crate::config::{FamilyChoice, IntermittentChoice, RemoteRefsChoice, SafetyChoice, SeverityChoice};
use crate::report::Format;
use clap::ValueEnum;
use clap::builder::PossibleValue;

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Which embedded instance to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DemoChoice {
    /// With every planted fault.
    Faulty,
    /// Without faults.
    Clean,
}

/// Which cases to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModeChoice {
    /// Valid ones, random.
    Positive,
    /// Each breaks one rule of the document.
    Negative,
    /// Valid ones at the limits.
    Boundary,
    /// Valid ones that are strange: ranges the wrong way round, odd texts (see `--families`).
    Robustness,
    /// All of these.
    All,
}

/// Which CI to write a job for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CiChoice {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl ValueEnum for SafetyChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::ReadOnly => PossibleValue::new("read-only").help("safe methods alone"),
            Self::OwnResources => {
                PossibleValue::new("own-resources").help("create, and change only what this run created")
            }
            Self::Full => PossibleValue::new("full").help("everything but what would end the run itself"),
        })
    }
}

impl ValueEnum for FamilyChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.family().name()))
    }
}

impl ValueEnum for RemoteRefsChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Off => PossibleValue::new("off").help("none"),
            Self::SameOrigin => {
                PossibleValue::new("same-origin").help("those to where the document itself came from")
            }
            Self::Any => PossibleValue::new("any").help("all but those from the open net into a private one"),
        })
    }
}

impl ValueEnum for SeverityChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }))
    }
}

impl ValueEnum for IntermittentChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Report => "report",
            Self::Fail => "fail",
        }))
    }
}
