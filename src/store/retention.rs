//! What is to be known of a stored run before it may go, and how it goes.
//!
//! Which runs go is not decided here. It must never remove anything but a run's own folder, and follows no link.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::store::{RunFolder, StoreError};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::time::Duration;

/// After so much silence a log without an end is that of a run that died.
const SILENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// How much of a log's end is looked at for its last event, bytes.
const END: u64 = 1 << 16;

impl RunFolder {
    /// Whether this is a folder that bears the name of a run, as [`run_id`](crate::store::run_id) makes them. What
    /// somebody has renamed or linked is theirs.
    pub fn is_plain(&self) -> bool {
        let parts: Vec<&str> = self.id().split('-').collect();
        let fits = |part: &str, length: usize, fits: fn(&u8) -> bool| {
            part.len() == length && part.as_bytes().iter().all(fits)
        };
        let named = matches!(parts.as_slice(), [day, time, rest]
            if fits(day, 8, u8::is_ascii_digit)
                && fits(time, 6, u8::is_ascii_digit)
                && fits(rest, 4, u8::is_ascii_hexdigit));
        named && fs::symlink_metadata(self.path()).is_ok_and(|found| found.is_dir())
    }

    /// Whether the run seems to be under way still: its log has no end yet, and was written to within a day.
    pub fn is_under_way(&self) -> Result<bool, StoreError> {
        let path = self.events_path();
        let mut file = File::open(&path).map_err(StoreError::io("read", &path))?;
        let about = file.metadata().map_err(StoreError::io("read", &path))?;
        let mut end = Vec::new();
        file.seek(SeekFrom::Start(about.len().saturating_sub(END)))
            .and_then(|_| file.read_to_end(&mut end))
            .map_err(StoreError::io("read", &path))?;
        if String::from_utf8_lossy(&end).contains("\"run-finished\"") {
            return Ok(false);
        }
        // A clock that was set back since says that it is.
        let silence = about.modified().ok().and_then(|then| then.elapsed().ok()).unwrap_or_default();
        Ok(silence < SILENCE)
    }

    /// Which of these fingerprints are those of findings that the run reports.
    pub fn reported(&self, fingerprints: &BTreeSet<String>) -> Result<BTreeSet<String>, StoreError> {
        let mut found = BTreeSet::new();
        if fingerprints.is_empty() {
            return Ok(found);
        }
        let path = self.events_path();
        let mut log = BufReader::new(File::open(&path).map_err(StoreError::io("read", &path))?);
        let mut line = Vec::new();
        while log.read_until(b'\n', &mut line).map_err(StoreError::io("read", &path))? > 0 {
            let text = String::from_utf8_lossy(&line);
            if text.contains("\"finding-reported\"") {
                found.extend(fingerprints.iter().filter(|one| text.contains(&format!("\"{one}\""))).cloned());
            }
            line.clear();
        }
        Ok(found)
    }

    /// How much room the run takes, bytes.
    pub fn bytes(&self) -> Result<u64, StoreError> {
        let mut sum = 0;
        for entry in fs::read_dir(self.path()).map_err(StoreError::io("read", self.path()))? {
            let about = entry.and_then(|entry| entry.metadata());
            sum += about.map_err(StoreError::io("read", self.path()))?.len();
        }
        Ok(sum)
    }

    /// Removes the run with all that is in its folder. Whoever was faster is fine.
    pub fn remove(&self) -> Result<(), StoreError> {
        match fs::remove_dir_all(self.path()) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(StoreError::io("remove", self.path())(error))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Workspace;

    const ID: &str = "20261123-080102-00ff";

    fn run(log: &str) -> (tempfile::TempDir, RunFolder) {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(root.path()).unwrap();
        let run = workspace.create_run(ID).unwrap();
        fs::write(run.events_path(), log).unwrap();
        (root, run)
    }

    #[test]
    fn a_run_under_way_is_known_by_its_log() {
        let (_root, run) = run("{\"type\":\"run-started\"}\n");
        assert!(run.is_under_way().unwrap());
        let log = File::options().append(true).open(run.events_path()).unwrap();
        let long_ago = std::time::SystemTime::now() - SILENCE * 2;
        log.set_modified(long_ago).unwrap();
        assert!(!run.is_under_way().unwrap(), "it died two days ago");
        let whole = "x".repeat(END as usize) + "\n{\"kind\":{\"type\":\"run-finished\"}}\n";
        fs::write(run.events_path(), whole).unwrap();
        assert!(!run.is_under_way().unwrap());
    }

    #[test]
    fn only_findings_count_as_reported() {
        let log = "{\"type\":\"case-finished\",\"said\":\"aaaaaaaaaaaa\"}\n\
            {\"type\":\"finding-reported\",\"fingerprint\":\"bbbbbbbbbbbb\"}\n";
        let (_root, run) = run(log);
        let wanted = ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"].map(str::to_owned).into();
        assert_eq!(run.reported(&wanted).unwrap(), BTreeSet::from(["bbbbbbbbbbbb".to_owned()]));
    }

    #[test]
    fn a_run_goes_with_its_folder_and_once() {
        let (_root, run) = run("one\n");
        run.write("note.txt", b"three").unwrap();
        assert_eq!(run.bytes().unwrap(), 9);
        assert!(run.is_plain());
        run.remove().unwrap();
        assert!(!run.path().exists() && run.path().parent().unwrap().exists());
        run.remove().unwrap();
    }

    #[test]
    fn what_somebody_renamed_is_theirs() {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(root.path()).unwrap();
        for id in ["before-the-move", "20261123-080102-00ff-kept", "20261123-080102-zzzz"] {
            let run = workspace.create_run(id).unwrap();
            assert!(!run.is_plain(), "{id}");
        }
    }
}
