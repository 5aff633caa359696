//! The file of known findings: read whole, replaced whole.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::store::StoreError;
use crate::store::write::{create_parent, replace};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The text of the baseline file at `path`; `None` if there is no such file.
pub fn read_baseline(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

/// Puts `text` in place of the baseline file at `path`. Creates missing folders.
pub fn write_baseline(path: &Path, text: &str) -> Result<(), StoreError> {
    create_parent(path)?;
    replace(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_no_error_and_a_folder_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/specwarden-baseline.toml");
        assert_eq!(read_baseline(&path).unwrap(), None);
        write_baseline(&path, "# one\n").unwrap();
        write_baseline(&path, "# two\n").unwrap();
        assert_eq!(read_baseline(&path).unwrap().as_deref(), Some("# two\n"));
        assert!(read_baseline(folder.path()).unwrap_err().to_string().starts_with("read `"));
    }
}
