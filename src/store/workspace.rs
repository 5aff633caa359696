//! The folder `.specwarden/` and the runs in it.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::plan::Seed;
use crate::secret::Masker;
use crate::store::error::{most_like, plain_name};
use crate::store::write::replace;
use crate::store::{Events, RunLog, StoreError, read_events};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file in a run folder from which every report can be made again.
pub const EVENTS: &str = "events.jsonl";

const FOLDER: &str = ".specwarden";
const RUNS: &str = "runs";

/// The id of a run that started at `started` (RFC 3339 or any text with the digits of date and time in order).
///
/// Ids sort by time: three of the last four digits are the milliseconds, the last one comes from seed and moment.
///
/// ```
/// use specwarden::plan::Seed;
/// let id = specwarden::store::run_id("2026-11-23T08:01:02.345Z", Seed(7));
/// assert!(id.starts_with("20261123-080102-") && id.len() == 20);
/// assert_ne!(id, specwarden::store::run_id("2026-11-23T08:01:02.346Z", Seed(7)));
/// ```
pub fn run_id(started: &str, seed: Seed) -> String {
    let digits: String = started.chars().filter(char::is_ascii_digit).take(14).collect();
    let digits = format!("{digits:0<14}");
    // Milliseconds first, so that ids sort as runs began even within one second.
    let fraction: String = started
        .split_once('.')
        .map_or("", |(_, rest)| rest)
        .chars()
        .filter(char::is_ascii_digit)
        .take(3)
        .collect();
    let millis: u32 = format!("{fraction:0<3}").parse().unwrap_or(0);
    format!("{}-{}-{millis:03x}{:x}", &digits[..8], &digits[8..], seed.derive(started).0 & 0xf)
}

/// The folder `.specwarden/` below a project's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// The workspace below `root`, without touching the disk: for commands that only read.
    pub fn at(root: &Path) -> Self {
        Self { folder: root.join(FOLDER) }
    }

    /// The workspace below `root`, created if it is not there and kept out of version control.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let workspace = Self::at(root);
        let runs = workspace.folder.join(RUNS);
        fs::create_dir_all(&runs).map_err(StoreError::io("create", &runs))?;
        let ignore = workspace.folder.join(".gitignore");
        if !ignore.exists() {
            replace(&ignore, b"*\n")?;
        }
        Ok(workspace)
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Creates the folder of a new run.
    pub fn create_run(&self, id: &str) -> Result<RunFolder, StoreError> {
        let path = self.folder.join(RUNS).join(plain_name(id)?);
        match fs::create_dir(&path) {
            Ok(()) => Ok(RunFolder { id: id.to_owned(), path }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(StoreError::RunExists { id: id.to_owned() })
            }
            Err(error) => Err(StoreError::io("create", &path)(error)),
        }
    }

    /// Every stored run, oldest first. Folders without events (a run that died at once) are left out.
    pub fn list(&self) -> Result<Vec<RunFolder>, StoreError> {
        let folder = self.folder.join(RUNS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::io("read", &folder)(error)),
        };
        let mut runs = Vec::new();
        for entry in entries {
            let path = entry.map_err(StoreError::io("read", &folder))?.path();
            runs.extend(RunFolder::at(&path));
        }
        runs.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(runs)
    }

    /// The newest stored run.
    pub fn latest(&self) -> Result<Option<RunFolder>, StoreError> {
        Ok(self.list()?.pop())
    }

    /// The run that `wanted` names: `latest`, an id, the unique beginning of one, a run's folder or its log.
    pub fn open_run(&self, wanted: &str) -> Result<RunFolder, StoreError> {
        let mut runs = self.list()?;
        if wanted == "latest" {
            return runs.pop().ok_or_else(|| unknown(wanted, &[]));
        }
        let path = Path::new(wanted);
        let folder =
            if path.file_name().is_some_and(|name| name == EVENTS) { path.parent() } else { Some(path) };
        if let Some(run) = folder.and_then(RunFolder::at) {
            return Ok(run);
        }
        if let Some(at) = runs.iter().position(|run| run.id == wanted) {
            return Ok(runs.swap_remove(at));
        }
        let beginning: Vec<&RunFolder> = runs.iter().filter(|run| run.id.starts_with(wanted)).collect();
        match beginning.as_slice() {
            [run] if !wanted.is_empty() => Ok((*run).clone()),
            [_, _, ..] if !wanted.is_empty() => {
                Err(StoreError::AmbiguousRun { wanted: wanted.to_owned(), count: beginning.len() })
            }
            _ => Err(unknown(wanted, &runs)),
        }
    }
}

fn unknown(wanted: &str, runs: &[RunFolder]) -> StoreError {
    let like = most_like(wanted, runs.iter().rev().map(|run| run.id.as_str()));
    let suggestion = like.or_else(|| runs.last().map(|run| run.id.clone()));
    StoreError::UnknownRun { wanted: wanted.to_owned(), suggestion }
}

/// One run's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFolder {
    id: String,
    path: PathBuf,
}

impl RunFolder {
    /// The run in this folder, if a log is there.
    fn at(path: &Path) -> Option<Self> {
        if !path.join(EVENTS).is_file() {
            return None;
        }
        // `.` and `..` have no name of their own.
        let named = path.file_name().map(ToOwned::to_owned);
        let named = named.or_else(|| path.canonicalize().ok()?.file_name().map(ToOwned::to_owned))?;
        Some(Self { id: named.to_string_lossy().into_owned(), path: path.to_owned() })
    }

    /// The run's id: the folder's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The event log.
    pub fn events_path(&self) -> PathBuf {
        self.path.join(EVENTS)
    }

    /// Begins the event log; every line passes through `masker`.
    pub fn log(&self, masker: Masker) -> Result<RunLog, StoreError> {
        RunLog::create(&self.events_path(), masker)
    }

    /// Reads the event log.
    pub fn events(&self) -> Result<Events, StoreError> {
        read_events(&self.events_path())
    }

    /// The path of another file of the run.
    pub fn file(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.path.join(plain_name(name)?))
    }

    /// Writes another file of the run.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.file(name)?;
        replace(&path, bytes)?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(ids: &[&str]) -> (tempfile::TempDir, Workspace) {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(root.path()).unwrap();
        for id in ids {
            let run = workspace.create_run(id).unwrap();
            fs::write(run.events_path(), "").unwrap();
        }
        (root, workspace)
    }

    #[test]
    fn is_kept_out_of_version_control_and_opening_twice_changes_nothing() {
        let (root, workspace) = workspace(&["20261123-080102-00ff"]);
        let ignore = root.path().join(".specwarden/.gitignore");
        assert_eq!(fs::read_to_string(&ignore).unwrap(), "*\n");
        fs::write(&ignore, "*\n!kept\n").unwrap();
        assert_eq!(Workspace::open(root.path()).unwrap(), workspace);
        assert_eq!(fs::read_to_string(&ignore).unwrap(), "*\n!kept\n");
        assert_eq!(workspace.list().unwrap().len(), 1);
    }

    #[test]
    fn looking_creates_nothing() {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(root.path());
        assert_eq!(workspace.list().unwrap(), []);
        let error = workspace.open_run("latest").unwrap_err();
        assert!(error.hint().unwrap().contains("no stored run"));
        assert!(!workspace.path().exists());
    }

    #[test]
    fn runs_are_found_by_all_their_names() {
        let ids = ["20261122-080102-aaaa", "20261123-080102-bbbb", "20261123-090102-cccc"];
        let (_root, workspace) = workspace(&ids);
        // A run that died before its first event is no run.
        workspace.create_run("20261124-000000-dddd").unwrap();
        let path = workspace.path().join("runs").join(ids[0]);
        let log = path.join("events.jsonl");
        for (wanted, expected) in [
            ("latest", ids[2]),
            (ids[1], ids[1]),
            ("20261122", ids[0]),
            (path.to_str().unwrap(), ids[0]),
            (log.to_str().unwrap(), ids[0]),
        ] {
            assert_eq!(workspace.open_run(wanted).unwrap().id(), expected, "{wanted}");
        }
        let listed: Vec<String> = workspace.list().unwrap().iter().map(|run| run.id().to_owned()).collect();
        assert_eq!(listed, ids);
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_one() {
        let (_root, workspace) = workspace(&["20261122-080102-aaaa", "20261123-080102-bbbb"]);
        for (wanted, message, hint) in [
            (
                "20261122-080102-aaab",
                "find run `20261122-080102-aaab`",
                "did you mean `20261122-080102-aaaa`?",
            ),
            ("yesterday", "find run `yesterday`", "did you mean `20261123-080102-bbbb`?"),
            ("202611", "choose a run: `202611` is the beginning of 2 ids", "give more of the id"),
            ("", "find run ``", "did you mean `20261123-080102-bbbb`?"),
        ] {
            let error = workspace.open_run(wanted).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.hint().as_deref()), (message, Some(hint)));
        }
    }

    #[test]
    fn ids_cannot_lead_out_nor_be_taken_twice() {
        let (_root, workspace) = workspace(&["one"]);
        assert!(matches!(workspace.create_run("one"), Err(StoreError::RunExists { .. })));
        for id in ["../out", "a/b", "", ".hidden", "a\\b"] {
            assert!(matches!(workspace.create_run(id), Err(StoreError::BadName { .. })), "{id}");
        }
        let run = workspace.open_run("one").unwrap();
        assert!(run.write("../up.txt", b"").is_err());
        assert_eq!(fs::read(run.write("note.txt", b"x").unwrap()).unwrap(), b"x");
    }

    #[test]
    fn ids_come_from_moment_and_seed() {
        let id = run_id("2026-11-23T08:01:02Z", Seed(1));
        assert_eq!(id, run_id("2026-11-23T08:01:02Z", Seed(1)));
        let later = run_id("2026-11-23T08:01:02.007Z", Seed(1));
        assert!(id < later && later < run_id("2026-11-23T08:01:02.7Z", Seed(1)), "the latest of one second");
        assert!(run_id("2026", Seed(1)).starts_with("20260000-000000-"));
    }
}
