//! Documents in several files, on a disk for the time of a test.

#![expect(clippy::disallowed_methods, reason = "the documents to read lie on a disk")]

use crate::source::{Loaded, ReadOptions, read};
use tempfile::TempDir;

/// A folder with files.
pub(super) struct Tree(TempDir);

impl Tree {
    /// Writes files, by path and text.
    pub(super) fn new<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Self {
        let tree = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            tree.write(name.as_ref(), text.as_ref());
        }
        tree
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    /// Reads one of them as a document.
    pub(super) async fn read(&self, name: &str, options: &ReadOptions) -> Loaded {
        read(&self.path(name), options).await.expect("loads")
    }

    /// Each issue as `file:line:column pointer message`, the folder left out.
    pub(super) fn issues(&self, loaded: &Loaded) -> Vec<String> {
        let folder = self.path("");
        let line = |issue: &crate::spec::Issue| {
            let file = issue.file.as_deref().unwrap_or_default();
            let (line, column) = (issue.line.unwrap_or(0), issue.column.unwrap_or(0));
            format!("{file}:{line}:{column} #{} {}", issue.place().as_str(), issue.message)
                .replace(&folder, "")
        };
        loaded.issues.iter().map(line).collect()
    }
}
