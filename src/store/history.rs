//! Latency over the nights: one line of JSON per run, in `latency.jsonl`.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::bench::Summary;
use crate::spec::OperationKey;
use crate::store::write::{create_parent, replace};
use crate::store::{StoreError, Workspace};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

/// The version of a stored line. Raise it with every change that old readers cannot take.
const VERSION: u32 = 1;

const FILE: &str = "latency.jsonl";

/// What one run measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    /// The run's id.
    pub run: String,
    /// When it began, RFC 3339, UTC.
    pub started: String,
    /// Whether later nights are compared with it.
    pub accepted: bool,
    /// The API's title.
    pub title: String,
    /// The base URL that requests went to, secrets removed.
    pub base_url: String,
    /// The figures.
    pub operations: BTreeMap<OperationKey, Summary>,
}

/// A line as it is stored.
#[derive(Serialize, Deserialize)]
struct Line<N> {
    version: u32,
    night: N,
}

/// The nights of a workspace.
#[derive(Debug, Clone)]
pub struct History {
    path: PathBuf,
}

impl History {
    /// The history of `workspace`; nothing is created before the first night.
    pub fn open(workspace: &Workspace) -> Self {
        Self { path: workspace.path().join(FILE) }
    }

    /// Every night, oldest first. A last line that was cut is left out.
    pub fn nights(&self) -> Result<Vec<Night>, StoreError> {
        let text = self.text()?;
        let mut nights = Vec::new();
        for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            match self.night(line, index as u64 + 1) {
                _ if line.trim_ascii().is_empty() => {}
                Err(StoreError::BadLine { .. }) if !line.ends_with(b"\n") => {}
                night => nights.push(night?),
            }
        }
        Ok(nights)
    }

    /// Adds a night.
    pub fn append(&self, night: &Night) -> Result<(), StoreError> {
        let line = self.line(night)?;
        if self.text()?.last().is_some_and(|byte| *byte != b'\n') {
            // The line before was cut: it must not become a damaged line in the middle.
            let mut nights = self.nights()?;
            nights.push(night.clone());
            return self.rewrite(&nights);
        }
        create_parent(&self.path)?;
        let opened = File::options().append(true).create(true).open(&self.path);
        // One write: lines of two runs at a time do not mix.
        opened.and_then(|mut file| file.write_all(&line)).map_err(StoreError::io("write", &self.path))
    }

    /// The newest accepted night of the API called `title` on the host of `base_url`.
    ///
    /// Ports do not count: an instance that is started anew each night gets another one.
    pub fn last_accepted(&self, title: &str, base_url: &str) -> Result<Option<Night>, StoreError> {
        let fits =
            |night: &Night| night.accepted && night.title == title && host(&night.base_url) == host(base_url);
        Ok(self.nights()?.into_iter().rev().find(fits))
    }

    /// The runs of the nights that the next ones are compared with: the newest accepted one of each API on each host.
    pub fn compared(&self) -> Result<Vec<String>, StoreError> {
        let mut newest = BTreeMap::new();
        for night in self.nights()?.into_iter().filter(|night| night.accepted) {
            newest.insert((night.title, host(&night.base_url)), night.run);
        }
        Ok(newest.into_values().collect())
    }

    /// Makes the night of `run` one that later nights are compared with; whether there is such a night.
    pub fn accept(&self, run: &str) -> Result<bool, StoreError> {
        let mut nights = self.nights()?;
        let Some(night) = nights.iter_mut().rev().find(|night| night.run == run) else { return Ok(false) };
        if !night.accepted {
            night.accepted = true;
            self.rewrite(&nights)?;
        }
        Ok(true)
    }

    fn rewrite(&self, nights: &[Night]) -> Result<(), StoreError> {
        let mut text = Vec::new();
        for night in nights {
            text.extend(self.line(night)?);
        }
        replace(&self.path, &text)
    }

    fn line(&self, night: &Night) -> Result<Vec<u8>, StoreError> {
        let line = serde_json::to_vec(&Line { version: VERSION, night });
        let mut line = line.map_err(|source| StoreError::Unwritable { path: self.path.clone(), source })?;
        line.push(b'\n');
        Ok(line)
    }

    fn night(&self, line: &[u8], number: u64) -> Result<Night, StoreError> {
        let damaged = |source| StoreError::BadLine { path: self.path.clone(), line: number, source };
        let raw: Line<Value> = serde_json::from_slice(line).map_err(damaged)?;
        if raw.version > VERSION {
            return Err(StoreError::NewerFormat {
                path: self.path.clone(),
                found: raw.version.into(),
                supported: VERSION,
            });
        }
        serde_json::from_value(raw.night).map_err(damaged)
    }

    fn text(&self) -> Result<Vec<u8>, StoreError> {
        match fs::read(&self.path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(StoreError::io("read", &self.path)(error)),
        }
    }
}

fn host(base_url: &str) -> Option<String> {
    let url = url::Url::parse(base_url).ok()?;
    url.host_str().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Method;

    fn night(run: &str, accepted: bool, base_url: &str, p50_us: u64) -> Night {
        let summary = Summary {
            count: 60,
            errors: 0,
            min_us: 1,
            p50_us,
            p90_us: p50_us * 2,
            p99_us: p50_us * 3,
            max_us: p50_us * 4,
        };
        Night {
            run: run.to_owned(),
            started: "2026-11-23T08:01:02Z".to_owned(),
            accepted,
            title: "Pets".to_owned(),
            base_url: base_url.to_owned(),
            operations: [(OperationKey::new(Method::Get, "/pets"), summary)].into(),
        }
    }

    fn history() -> (tempfile::TempDir, History) {
        let root = tempfile::tempdir().unwrap();
        let history = History::open(&Workspace::at(root.path()));
        (root, history)
    }

    #[test]
    fn the_newest_accepted_night_of_the_same_api_counts() {
        let (_root, history) = history();
        assert_eq!(history.last_accepted("Pets", "http://127.0.0.1:1").unwrap(), None);
        let nights = [
            night("a", true, "http://127.0.0.1:1111/v1", 100),
            night("b", true, "http://127.0.0.1:2222/v1", 200),
            night("c", false, "http://127.0.0.1:3333/v1", 300),
            night("d", true, "https://staging.example/v1", 400),
        ];
        for night in &nights {
            history.append(night).unwrap();
        }
        assert_eq!(history.nights().unwrap(), nights);
        assert_eq!(history.last_accepted("Pets", "http://127.0.0.1:9/v1").unwrap().unwrap().run, "b");
        assert_eq!(history.last_accepted("Cats", "http://127.0.0.1:9/v1").unwrap(), None);
        assert!(history.accept("c").unwrap());
        assert!(!history.accept("z").unwrap());
        assert_eq!(history.last_accepted("Pets", "http://127.0.0.1:9/v1").unwrap().unwrap().run, "c");
        assert_eq!(history.nights().unwrap().len(), 4);
        assert_eq!(history.compared().unwrap(), ["c", "d"]);
    }

    #[test]
    fn a_cut_line_is_left_out_and_does_not_spoil_the_next() {
        let (_root, history) = history();
        history.append(&night("a", true, "http://h/", 100)).unwrap();
        history.append(&night("b", true, "http://h/", 200)).unwrap();
        let text = fs::read(&history.path).unwrap();
        fs::write(&history.path, &text[..text.len() - 40]).unwrap();
        assert_eq!(history.nights().unwrap().len(), 1);
        history.append(&night("c", true, "http://h/", 300)).unwrap();
        let runs: Vec<String> = history.nights().unwrap().into_iter().map(|night| night.run).collect();
        assert_eq!(runs, ["a", "c"]);
        // Whole but for its line end: still a night.
        let text = fs::read(&history.path).unwrap();
        fs::write(&history.path, text.trim_ascii_end()).unwrap();
        history.append(&night("d", true, "http://h/", 300)).unwrap();
        assert_eq!(history.nights().unwrap().len(), 3);
    }

    #[test]
    fn damaged_and_newer_lines_are_told() {
        let (_root, history) = history();
        history.append(&night("a", true, "http://h/", 100)).unwrap();
        let good = fs::read_to_string(&history.path).unwrap();
        fs::write(&history.path, format!("{good}{{broken\n{good}")).unwrap();
        assert!(matches!(history.nights(), Err(StoreError::BadLine { line: 2, .. })));
        fs::write(&history.path, good.replace("\"version\":1", "\"version\":2")).unwrap();
        let error = history.nights().unwrap_err();
        assert!(
            error.to_string().ends_with("its format is version 2, this program reads up to 1"),
            "{error}"
        );
    }

    #[test]
    fn the_first_stored_format_still_reads() {
        let (_root, history) = history();
        let line = include_str!("fixtures/latency-v1.jsonl");
        fs::create_dir_all(history.path.parent().unwrap()).unwrap();
        fs::write(&history.path, line).unwrap();
        assert_eq!(
            history.nights().unwrap(),
            [night("20261123-080102-00ff", true, "http://127.0.0.1:8080/v1", 2000)]
        );
    }
}
