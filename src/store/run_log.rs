//! The event log of a run while it runs.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::event::{Event, Observer};
use crate::secret::Masker;
use crate::store::StoreError;
use data_encoding::BASE64;
use serde_json::Value;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Values nested deeper are left out of the log: readers of JSON give up at 128 levels, and so would ours.
/// What was really sent stands in the exchange, as text.
const DEEPEST: usize = 100;

/// How much is kept in memory while the disk takes nothing, in bytes.
const LONGEST_BACKLOG: usize = 64 * 1024 * 1024;

/// Appends every event as one line of JSON, secrets masked.
///
/// It never stops a run: what the disk refuses is kept in memory and tried again with the next event.
/// Ask [`error`](Self::error) at the end; the log is whole if there is none.
pub struct RunLog {
    file: File,
    path: PathBuf,
    masker: Masker,
    /// Length of the file up to the end of its last whole line.
    whole: u64,
    /// Lines that the disk has not taken yet.
    backlog: Vec<u8>,
    lost: u64,
    error: Option<StoreError>,
}

impl RunLog {
    /// Begins a log at `path`. A log that holds something already is never added to.
    pub fn create(path: &Path, masker: Masker) -> Result<Self, StoreError> {
        let opened = File::options().append(true).create(true).open(path);
        let file = opened.map_err(StoreError::io("create", path))?;
        if file.metadata().is_ok_and(|found| found.len() > 0) {
            return Err(StoreError::RunExists { id: path.display().to_string() });
        }
        let path = path.to_owned();
        Ok(Self { file, path, masker, whole: 0, backlog: Vec::new(), lost: 0, error: None })
    }

    /// Why the log on disk is not whole, if it is not.
    pub fn error(&self) -> Option<&StoreError> {
        self.error.as_ref()
    }

    /// Events that are gone for good, because neither disk nor memory took them.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Writes what is left and makes it durable. A second call tries again.
    pub fn finish(&mut self) -> Result<(), StoreError> {
        self.flush();
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        match self.file.sync_all() {
            // Pipes and devices cannot be synchronised, and need not be.
            Err(error) if self.file.metadata().is_ok_and(|found| found.is_file()) => {
                Err(StoreError::io("write", &self.path)(error))
            }
            _ => Ok(()),
        }
    }

    fn line(&self, event: &Event) -> Result<String, serde_json::Error> {
        let line = serde_json::to_string(event)?;
        // Bodies that are not text hide what is in them from the masker.
        if !self.masker.finds(&line) && !line.contains("\"base64\":") && depth(&line) <= DEEPEST {
            return Ok(line);
        }
        // String by string: masking the line itself could break a number that looks like a short key.
        let mut tree = serde_json::to_value(event)?;
        mask_tree(&mut tree, &self.masker, DEEPEST);
        serde_json::to_string(&tree)
    }

    fn flush(&mut self) {
        if self.backlog.is_empty() {
            return;
        }
        match self.file.write_all(&self.backlog) {
            Ok(()) => {
                self.whole += self.backlog.len() as u64;
                self.backlog.clear();
                if self.lost == 0 {
                    self.error = None;
                }
            }
            Err(source) => {
                // A half-written line goes, so that the next attempt begins where the last whole line ended.
                let _ = self.file.set_len(self.whole);
                self.error.get_or_insert(StoreError::io("write", &self.path)(source));
            }
        }
    }
}

impl Observer for RunLog {
    fn observe(&mut self, event: &Event) {
        match self.line(event) {
            Ok(line) if self.backlog.len() + line.len() < LONGEST_BACKLOG => {
                self.backlog.extend_from_slice(line.as_bytes());
                self.backlog.push(b'\n');
            }
            Ok(_) => self.lost += 1,
            Err(source) => {
                self.lost += 1;
                self.error.get_or_insert(StoreError::Unwritable { path: self.path.clone(), source });
            }
        }
        self.flush();
    }
}

impl Drop for RunLog {
    fn drop(&mut self) {
        self.flush();
    }
}

/// How deep arrays and objects of a line of JSON are nested.
fn depth(line: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in line.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    deepest
}

/// Masks every string of `value`, and cuts it `levels` further down.
fn mask_tree(value: &mut Value, masker: &Masker, levels: usize) {
    match value {
        Value::Array(_) | Value::Object(_) if levels == 0 => *value = "[nested too deep to be logged]".into(),
        Value::String(text) => {
            if masker.finds(text) {
                *text = masker.mask(text).into_owned();
            }
        }
        Value::Array(items) => {
            for item in items {
                mask_tree(item, masker, levels - 1);
            }
        }
        Value::Object(map) => {
            if map.len() == 1
                && let Some(Value::String(coded)) = map.get("base64")
                && let Ok(bytes) = BASE64.decode(coded.as_bytes())
                && masker.finds(&String::from_utf8_lossy(&bytes))
            {
                map.clear();
                map.insert("text".to_owned(), "[bytes with a secret in them]".into());
                return;
            }
            let old = std::mem::take(map);
            for (key, mut child) in old {
                mask_tree(&mut child, masker, levels - 1);
                map.insert(masker.mask(&key).into_owned(), child);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventKind;

    fn event(seq: u64) -> Event {
        Event { seq, at_ms: 0, kind: EventKind::StageStarted { stage: "test".to_owned(), steps: seq } }
    }

    #[test]
    fn what_the_disk_refused_is_written_once_it_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let mut log = RunLog::create(&path, Masker::default()).unwrap();
        log.observe(&event(0));
        // A handle that cannot write stands for a disk that is full for a while.
        let good = std::mem::replace(&mut log.file, File::open(&path).unwrap());
        log.observe(&event(1));
        log.observe(&event(2));
        assert!(log.error().is_some());
        log.file = good;
        // Half a line got through before the disk was full.
        log.file.write_all(b"{\"seq\":1,\"at").unwrap();
        log.file.set_len(log.whole).unwrap();
        log.observe(&event(3));
        assert!(log.error().is_none());
        log.finish().unwrap();
        let read: Vec<Event> = crate::store::read_events(&path).unwrap().map(Result::unwrap).collect();
        assert_eq!(read, (0..4).map(event).collect::<Vec<_>>());
    }
}
