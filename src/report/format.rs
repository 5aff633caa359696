//! The formats, and the one door through which every report leaves.

use crate::report::{Gate, Night, json, junit, markdown, terminal};
use crate::secret::Masker;
use std::fmt;
use std::io;
use std::str::FromStr;

/// How a night is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people, as text.
    Terminal,
    /// For machines: everything, by a published schema.
    Json,
    /// For CI: one suite per operation, one case per check.
    Junit,
    /// For a CI job's summary page.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Json, Self::Junit, Self::Markdown];

    /// Its name in flags and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No format has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no report format is called `{name}` (there are: terminal, json, junit, markdown)")]
pub struct UnknownFormat {
    /// The name.
    pub name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        // What the terminal shows is text; nobody guesses the longer word.
        let name = if name == "text" { "terminal" } else { name };
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// How to lay a report out.
#[derive(Clone)]
pub struct Options {
    /// Columns that a terminal report may take; at least 40 are used.
    pub width: usize,
    /// Whether a terminal report is coloured.
    pub colour: bool,
    /// Which findings fail a run.
    pub gate: Gate,
    /// The run's secrets.
    pub masker: Masker,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 100, colour: false, gate: Gate::default(), masker: Masker::default() }
    }
}

/// Tells `night` in `format`.
///
/// ```
/// use specwarden::report::{self, Format, Night, Options};
/// let mut out = Vec::new();
/// report::write(Format::Terminal, &Night::default(), &mut out, &Options::default())?;
/// assert!(String::from_utf8_lossy(&out).starts_with("PASSED"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(format: Format, night: &Night, out: &mut dyn io::Write, options: &Options) -> io::Result<()> {
    let night = night.masked(&options.masker);
    let text = match format {
        Format::Terminal => terminal::night(&night, options),
        Format::Json => json::render(&night, options)?,
        Format::Junit => junit::render(&night, options)?,
        Format::Markdown => markdown::render(&night, options),
    };
    out.write_all(options.masker.mask(&text).as_bytes())
}
