//! The last look: does anything that was stored hold a secret?

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::secret::Masker;
use crate::store::StoreError;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Every file below `folder` that holds a known secret in any of its forms, sorted. Links are not followed.
pub fn scan_for_secrets(folder: &Path, masker: &Masker) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(StoreError::io("read", &folder))? {
            let entry = entry.map_err(StoreError::io("read", &folder))?;
            let (path, kind) = (entry.path(), entry.file_type());
            let kind = kind.map_err(StoreError::io("read", &path))?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && holds_secret(&path, masker)? {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn holds_secret(path: &Path, masker: &Masker) -> Result<bool, StoreError> {
    let file = File::open(path).map_err(StoreError::io("read", path))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    // Line by line: logs are large, and no form of a secret holds a line end.
    while reader.read_until(b'\n', &mut line).map_err(StoreError::io("read", path))? > 0 {
        if masker.finds(&String::from_utf8_lossy(&line)) {
            return Ok(true);
        }
        line.clear();
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn secrets_are_found_in_any_file_and_form() {
        let mut masker = Masker::default();
        masker.learn(&Secret::new("night-key/42".to_owned()));
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("runs/one");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("clean.txt"), "nothing\nhere [secret]").unwrap();
        assert!(scan_for_secrets(folder.path(), &masker).unwrap().is_empty());
        fs::write(deep.join("url.txt"), "fine\n?key=night%2Dkey%2F42").unwrap();
        fs::write(deep.join("bytes.bin"), b"\xff\xfenight-key/42\x00").unwrap();
        let found = scan_for_secrets(folder.path(), &masker).unwrap();
        assert_eq!(found, [deep.join("bytes.bin"), deep.join("url.txt")]);
        assert!(scan_for_secrets(&folder.path().join("missing"), &masker).is_err());
    }
}
