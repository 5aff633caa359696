//! Writing so that a reader finds the old text or the new one, never half of either.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::store::StoreError;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Puts `bytes` in place of the file at `path`: written beside it, then renamed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    // A link stays a link; what it leads to is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = beside(&target);
    let written = write_and_sync(&beside, bytes)
        .map_err(StoreError::io("write", &beside))
        .and_then(|()| fs::rename(&beside, &target).map_err(StoreError::io("replace", &target)));
    if written.is_err() {
        // Best effort: the first error is the one that counts.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Makes sure that a report can be written to `path` later, so that a night's work does not end in an error.
///
/// Creates missing folders; leaves no new file behind and does not touch one that exists.
pub fn ensure_writable(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        File::options().append(true).open(path).map_err(StoreError::io("write", path))?;
        return if is_special(path) { Ok(()) } else { probe(path) };
    }
    create_parent(path)?;
    probe(path)
}

/// Writes a report: a file is replaced as a whole, a pipe or terminal is written to. Creates missing folders.
pub fn write_report(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if is_special(path) {
        let written = File::options().write(true).open(path).and_then(|mut file| file.write_all(bytes));
        return written.map_err(StoreError::io("write", path));
    }
    create_parent(path)?;
    replace(path, bytes)
}

/// Creates the folder in which `path` lies.
pub(crate) fn create_parent(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            fs::create_dir_all(parent).map_err(StoreError::io("create", parent))
        }
        _ => Ok(()),
    }
}

fn probe(path: &Path) -> Result<(), StoreError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = beside(&target);
    File::create(&beside).map_err(StoreError::io("write", path))?;
    fs::remove_file(&beside).map_err(StoreError::io("write", path))
}

/// A pipe, a terminal, `/dev/null`: exists, and is neither file nor folder.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn write_and_sync(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_report_is_replaced_as_a_whole_and_folders_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/report.html");
        write_report(&path, b"a long first text").unwrap();
        write_report(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names(path.parent().unwrap()), ["report.html"]);
    }

    #[test]
    fn trying_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/report.xml");
        ensure_writable(&path).unwrap();
        assert!(names(path.parent().unwrap()).is_empty());
        fs::write(&path, "kept").unwrap();
        ensure_writable(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
        assert_eq!(names(path.parent().unwrap()), ["report.xml"]);
    }

    #[test]
    fn unwritable_targets_are_told_early() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |path: &Path| match ensure_writable(path) {
            Err(StoreError::Io { source, .. }) => Some(source.kind()),
            _ => None,
        };
        assert_eq!(kind(folder.path()), Some(ErrorKind::IsADirectory));
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = ensure_writable(&file.join("below/report.xml")).unwrap_err();
        assert!(error.to_string().starts_with("create `"), "{error}");
        assert!(error.hint().is_some());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_are_written_to_and_a_full_one_is_told() {
        write_report(Path::new("/dev/null"), b"gone").unwrap();
        ensure_writable(Path::new("/dev/null")).unwrap();
        let error = write_report(Path::new("/dev/full"), b"text").unwrap_err();
        assert_eq!(error.to_string(), "write `/dev/full`");
        assert_eq!(error.hint().as_deref(), Some("free some space and run again"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_report(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    }
}
