//! The event log of a run when it is read again.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::event::{Event, VERSION};
use crate::store::StoreError;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Reads the events of a stored run, one at a time.
///
/// A run may have died in the middle of a line: a last line without an end that is not an event is left out
/// (see [`Events::was_cut`]). A damaged line elsewhere is an error, after which reading can go on; a log of a newer
/// format is an error after which nothing more comes.
pub fn read_events(path: &Path) -> Result<Events, StoreError> {
    let file = File::open(path).map_err(StoreError::io("read", path))?;
    Ok(Events { reader: BufReader::new(file), path: path.to_owned(), line: 0, ended: false, cut: false })
}

/// The events of a stored run; see [`read_events`].
#[derive(Debug)]
pub struct Events {
    reader: BufReader<File>,
    path: PathBuf,
    line: u64,
    ended: bool,
    cut: bool,
}

impl Events {
    /// Whether the log ended in the middle of a line. Known once the last event was read.
    pub fn was_cut(&self) -> bool {
        self.cut
    }

    fn event(&mut self, line: &[u8]) -> Result<Event, StoreError> {
        let damaged = |source| StoreError::BadLine { path: self.path.clone(), line: self.line, source };
        // The version stands in the first event; a newer one may not be readable as an event at all.
        if self.line == 1 {
            let raw: Value = serde_json::from_slice(line).map_err(damaged)?;
            let found = raw.pointer("/kind/run/version").and_then(Value::as_u64);
            if let Some(found) = found.filter(|found| *found > u64::from(VERSION)) {
                self.ended = true;
                return Err(StoreError::NewerFormat { path: self.path.clone(), found, supported: VERSION });
            }
        }
        serde_json::from_slice(line).map_err(damaged)
    }
}

impl Iterator for Events {
    type Item = Result<Event, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let mut line = Vec::new();
            match self.reader.read_until(b'\n', &mut line) {
                Err(error) => {
                    self.ended = true;
                    return Some(Err(StoreError::io("read", &self.path)(error)));
                }
                Ok(0) => break,
                Ok(_) => self.line += 1,
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            if line.ends_with(b"\n") {
                return Some(self.event(&line));
            }
            self.ended = true;
            match self.event(&line) {
                Err(StoreError::BadLine { .. }) => self.cut = true,
                read => return Some(read),
            }
        }
        self.ended = true;
        None
    }
}
