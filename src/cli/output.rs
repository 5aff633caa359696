//! Stdout and stderr: widths, colours, and pipes that close early.

use crate::cli::choices::ColourChoice;
use crate::report::{Gate, Options};
use crate::secret::Masker;
use std::io::{self, IsTerminal, Write};

/// The two streams, and what is known of them.
pub(super) struct Output<'o> {
    /// Data.
    pub(super) data: &'o mut dyn Write,
    /// Talk.
    pub(super) talk: &'o mut dyn Write,
    /// Columns of the data stream.
    pub(super) width: usize,
    /// Whether data is coloured.
    pub(super) colour: bool,
    /// Whether talk is coloured.
    pub(super) talk_colour: bool,
    /// Whether talk is left out.
    pub(super) quiet: bool,
}

impl Output<'_> {
    /// Writes data. A reader that has read enough, as `head` does, is no error.
    pub(super) fn data(&mut self, text: &str) -> io::Result<()> {
        forgive(self.data.write_all(text.as_bytes()).and_then(|()| self.data.flush()))
    }

    /// Writes a line of talk; a closed stderr is nobody's loss.
    pub(super) fn talk(&mut self, text: &str) {
        if !self.quiet {
            let _ = writeln!(self.talk, "{text}");
        }
    }

    /// How reports are laid out here.
    pub(super) fn layout(&self, gate: &Gate, masker: Masker) -> Options {
        Options { width: self.width, colour: self.colour, gate: gate.clone(), masker }
    }
}

/// Treats a broken pipe as success.
pub(super) fn forgive(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Whether a stream is coloured: `NO_COLOR` (no-color.org) and a dumb terminal say no, `--color` outranks both.
#[expect(clippy::disallowed_methods, reason = "`cli` knows the terminal by its environment")]
pub(super) fn colours(choice: ColourChoice, stream: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        ColourChoice::Always => true,
        ColourChoice::Never => false,
        ColourChoice::Auto => {
            stream.is_terminal()
                && !set("NO_COLOR")
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// Columns of stdout: `COLUMNS` where the shell exports it, 100 elsewhere.
#[expect(clippy::disallowed_methods, reason = "`cli` knows the terminal by its environment")]
pub(super) fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    told.map_or(100, |columns| columns.clamp(60, 160))
}
