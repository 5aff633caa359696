//! The folder of accepted answers, and of those that wait for a decision.
//!
//! `<name>.snap` is accepted, `<name>.snap.new` is pending: `cargo insta review` understands both. The accepted API
//! document lies beside them under the same verbs, as `document.json`.

#![expect(clippy::disallowed_methods, reason = "`store` is the gate to the disk")]

use crate::schema::{Digits, Pointer};
use crate::secret::Masker;
use crate::store::StoreError;
use crate::store::error::{most_like, plain_name};
use crate::store::write::{create_parent, replace};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The name under which the accepted API document goes. No snapshot's name has a dot.
pub const DOCUMENT: &str = "document.json";

/// Snapshots on disk.
#[derive(Clone)]
pub struct SnapshotFolder {
    path: PathBuf,
    masker: Masker,
}

/// One answer that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The snapshot's name, or [`DOCUMENT`].
    pub name: String,
    /// The accepted file's text, if there is one.
    pub accepted: Option<String>,
    /// The pending file's text.
    pub proposed: String,
}

impl SnapshotFolder {
    /// The folder at `path`. It is created when something is first written to it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if path.exists() && !path.is_dir() {
            return Err(StoreError::io("open", path)(ErrorKind::NotADirectory.into()));
        }
        Ok(Self { path: path.to_owned(), masker: Masker::default() })
    }

    /// The same folder; what is written to it passes through `masker`.
    pub fn masking(mut self, masker: Masker) -> Self {
        self.masker = masker;
        self
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder itself and those directly below it, sorted: one for each API. None if it is not there.
    pub fn below(path: &Path) -> Result<Vec<Self>, StoreError> {
        let mut folders = vec![path.to_owned()];
        match fs::read_dir(path) {
            Ok(entries) => {
                folders.extend(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::io("read", path)(error)),
        }
        folders.sort();
        folders.iter().map(|folder| Self::open(folder)).collect()
    }

    /// The accepted file's text, if there is one.
    pub fn accepted(&self, name: &str) -> Result<Option<String>, StoreError> {
        read(&self.accepted_path(name)?)
    }

    /// The names of all accepted snapshots, sorted; the document is not among them.
    pub fn accepted_names(&self) -> Result<Vec<String>, StoreError> {
        let files = self.files()?;
        Ok(files.iter().filter_map(|file| file.strip_suffix(".snap")).map(ToOwned::to_owned).collect())
    }

    /// Writes a pending file, over an older one of the same name.
    pub fn write_pending(&self, name: &str, text: &str) -> Result<PathBuf, StoreError> {
        let path = self.pending_path(name)?;
        create_parent(&path)?;
        replace(&path, self.masker.mask(text).as_bytes())?;
        Ok(path)
    }

    /// Removes a pending file that no longer holds; whether there was one.
    pub fn clear_pending(&self, name: &str) -> Result<bool, StoreError> {
        let path = self.pending_path(name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("remove", &path)(error)),
        }
    }

    /// Everything that waits for a decision, by name.
    pub fn pending(&self) -> Result<Vec<Pending>, StoreError> {
        let mut out = Vec::new();
        for name in self.pending_names()? {
            if let Some(proposed) = read(&self.pending_path(&name)?)? {
                out.push(Pending { accepted: self.accepted(&name)?, proposed, name });
            }
        }
        Ok(out)
    }

    /// Accepts these pending files. If one of them is not there, none is accepted.
    pub fn accept(&self, names: &[String]) -> Result<(), StoreError> {
        self.check_pending(names)?;
        for name in names {
            let pending = self.pending_path(name)?;
            fs::rename(&pending, self.accepted_path(name)?).map_err(StoreError::io("accept", &pending))?;
        }
        Ok(())
    }

    /// Accepts everything that is pending; says what.
    pub fn accept_all(&self) -> Result<Vec<String>, StoreError> {
        let names = self.pending_names()?;
        self.accept(&names)?;
        Ok(names)
    }

    /// Removes these pending files. If one of them is not there, none is removed.
    pub fn reject(&self, names: &[String]) -> Result<(), StoreError> {
        self.check_pending(names)?;
        for name in names {
            self.clear_pending(name)?;
        }
        Ok(())
    }

    /// Removes everything that is pending; says what.
    pub fn reject_all(&self) -> Result<Vec<String>, StoreError> {
        let names = self.pending_names()?;
        self.reject(&names)?;
        Ok(names)
    }

    /// The text of the accepted API document, which is JSON, if there is one.
    pub fn accepted_document(&self) -> Result<Option<String>, StoreError> {
        let path = self.accepted_path(DOCUMENT)?;
        let Some(text) = read(&path)? else { return Ok(None) };
        match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(IgnoredAny) => Ok(Some(text)),
            Err(source) => Err(StoreError::BadDocument { path, source }),
        }
    }

    /// Proposes an API document, in canonical form: pretty, keys sorted, every digit of its numbers
    /// as it was written. An equal one that was accepted before needs no decision. Whether it is pending now.
    pub fn propose_document(&self, document: &Value, digits: &Digits) -> Result<bool, StoreError> {
        let text = canonical(document, digits);
        if self.accepted(DOCUMENT)?.is_some_and(|accepted| accepted == self.masker.mask(&text)) {
            self.clear_pending(DOCUMENT)?;
            return Ok(false);
        }
        self.write_pending(DOCUMENT, &text)?;
        Ok(true)
    }

    fn check_pending(&self, names: &[String]) -> Result<(), StoreError> {
        let pending = self.pending_names()?;
        match names.iter().find(|name| !pending.contains(name)) {
            None => Ok(()),
            Some(name) => {
                let suggestion = most_like(name, pending.iter().map(String::as_str));
                Err(StoreError::UnknownSnapshot { name: name.clone(), suggestion })
            }
        }
    }

    fn pending_names(&self) -> Result<Vec<String>, StoreError> {
        let files = self.files()?;
        let pending = files.iter().filter_map(|file| file.strip_suffix(".new"));
        let names =
            pending.filter_map(|file| if file == DOCUMENT { Some(file) } else { file.strip_suffix(".snap") });
        Ok(names.map(ToOwned::to_owned).collect())
    }

    /// The folder's files that can be ours, sorted.
    fn files(&self) -> Result<Vec<String>, StoreError> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::io("read", &self.path)(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let name = entry.map_err(StoreError::io("read", &self.path))?.file_name();
            files.extend(name.into_string().ok().filter(|name| plain_name(name).is_ok()));
        }
        files.sort();
        Ok(files)
    }

    fn accepted_path(&self, name: &str) -> Result<PathBuf, StoreError> {
        let name = plain_name(name)?;
        Ok(self.path.join(if name == DOCUMENT { name.to_owned() } else { format!("{name}.snap") }))
    }

    fn pending_path(&self, name: &str) -> Result<PathBuf, StoreError> {
        let mut path = self.accepted_path(name)?.into_os_string();
        path.push(".new");
        Ok(path.into())
    }
}

fn read(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

fn canonical(document: &Value, digits: &Digits) -> String {
    digits.json(&sorted(document), &Pointer::root()) + "\n"
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(
                entries.into_iter().map(|(key, child)| (key.clone(), sorted(child))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use crate::snapshot::{Metadata, Snapshot};
    use serde_json::json;

    fn folder() -> (tempfile::TempDir, SnapshotFolder) {
        let root = tempfile::tempdir().unwrap();
        let folder = SnapshotFolder::open(&root.path().join("snapshots")).unwrap();
        (root, folder)
    }

    fn names(folder: &SnapshotFolder) -> Vec<String> {
        folder.pending().unwrap().into_iter().map(|pending| pending.name).collect()
    }

    #[test]
    fn looking_creates_nothing() {
        let (_root, folder) = folder();
        assert_eq!(folder.accepted("get-pets-200").unwrap(), None);
        assert_eq!(folder.pending().unwrap(), []);
        assert!(!folder.clear_pending("get-pets-200").unwrap());
        assert!(!folder.path().exists());
    }

    #[test]
    fn pending_becomes_accepted_or_goes() {
        let (_root, folder) = folder();
        for name in ["get-a-200", "get-b-200", "get-c-200"] {
            folder.write_pending(name, &format!("first {name}")).unwrap();
        }
        assert_eq!(names(&folder), ["get-a-200", "get-b-200", "get-c-200"]);
        folder.accept(&["get-a-200".to_owned()]).unwrap();
        folder.reject(&["get-b-200".to_owned()]).unwrap();
        assert_eq!(names(&folder), ["get-c-200"]);
        assert_eq!(folder.accepted("get-a-200").unwrap().as_deref(), Some("first get-a-200"));
        assert_eq!(folder.accepted("get-b-200").unwrap(), None);

        folder.write_pending("get-a-200", "second").unwrap();
        let pending = folder.pending().unwrap();
        assert_eq!(pending[0].accepted.as_deref(), Some("first get-a-200"));
        assert_eq!(pending[0].proposed, "second");
        assert_eq!(folder.accept_all().unwrap(), ["get-a-200", "get-c-200"]);
        assert_eq!(folder.accepted_names().unwrap(), ["get-a-200", "get-c-200"]);
        assert_eq!(folder.accepted("get-a-200").unwrap().as_deref(), Some("second"));
        assert!(folder.reject_all().unwrap().is_empty());
    }

    #[test]
    fn one_wrong_name_changes_nothing() {
        let (_root, folder) = folder();
        folder.write_pending("get-pets-200", "x").unwrap();
        let error = folder.accept(&["get-pets-200".to_owned(), "get-pet-200".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "find a pending snapshot `get-pet-200`");
        assert_eq!(error.hint().as_deref(), Some("did you mean `get-pets-200`?"));
        assert_eq!(names(&folder), ["get-pets-200"]);
        assert!(matches!(folder.write_pending("../out", "x"), Err(StoreError::BadName { .. })));
    }

    #[test]
    fn the_document_goes_the_same_way() {
        let (_root, folder) = folder();
        let document = json!({"paths": {"/b": {}, "/a": {}}, "info": {"title": "Pets"}});
        let plain = Digits::default();
        assert!(folder.propose_document(&document, &plain).unwrap());
        assert_eq!(names(&folder), [DOCUMENT]);
        assert_eq!(folder.accepted_document().unwrap(), None);
        folder.accept(&[DOCUMENT.to_owned()]).unwrap();
        let text = folder.accepted(DOCUMENT).unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
        assert_eq!(folder.accepted_document().unwrap().as_ref(), Some(&text));
        assert!(text.starts_with("{\n  \"info\": {\n") && text.ends_with("}\n"), "{text}");
        // The same document in another order needs no decision, and takes back an older proposal.
        folder.propose_document(&json!({}), &plain).unwrap();
        let reordered = json!({"info": {"title": "Pets"}, "paths": {"/a": {}, "/b": {}}});
        assert!(!folder.propose_document(&reordered, &plain).unwrap());
        assert!(names(&folder).is_empty());
        assert!(folder.accepted_names().unwrap().is_empty());
        fs::write(folder.path().join(DOCUMENT), "{").unwrap();
        assert!(matches!(folder.accepted_document(), Err(StoreError::BadDocument { .. })));
    }

    #[test]
    fn an_accepted_document_keeps_every_digit() {
        let (_root, folder) = folder();
        let document = json!({"b": 1e20, "a": [f64::MAX, 0.5]});
        let mut digits = Digits::default();
        digits.insert("/b", "100000000000000000001");
        digits.insert("/a/0", "1e400");
        assert!(folder.propose_document(&document, &digits).unwrap());
        folder.accept_all().unwrap();
        let text = folder.accepted_document().unwrap().unwrap();
        assert_eq!(text, "{\n  \"a\": [\n    1e400,\n    0.5\n  ],\n  \"b\": 100000000000000000001\n}\n");
        assert!(!folder.propose_document(&document, &digits).unwrap());
        digits.insert("/b", "100000000000000000002");
        assert!(folder.propose_document(&document, &digits).unwrap());
    }

    #[test]
    fn insta_reads_what_lies_there_and_would_write_the_same() {
        let (root, folder) = folder();
        let metadata = Metadata {
            source: Some("specs/pets: v1.yaml".to_owned()),
            description: Some("GET /pets/{petId} → 200".to_owned()),
            expression: Some("GET /pets/{petId}".to_owned()),
            info: [
                ("status", json!(200)),
                ("odd: key", json!("200")),
                ("share", json!(0.5)),
                ("no", json!(null)),
            ]
            .map(|(key, value)| (key.to_owned(), value))
            .into(),
        };
        let contents = "HTTP 200\n\n{\n  \"é\": \"---\\n---\"\n}\n---\n\nend";
        let snapshot = Snapshot::new("get-pets-_petid~c0ffee12-200", metadata, contents);
        let check = |path: &Path| {
            let read = insta::Snapshot::from_file(path).unwrap();
            assert_eq!(read.as_text().unwrap().to_string(), contents);
            assert_eq!(read.metadata().source(), snapshot.metadata.source.as_deref());
            assert_eq!(read.metadata().description(), snapshot.metadata.description.as_deref());
            assert_eq!(read.metadata().expression(), snapshot.metadata.expression.as_deref());
            let saved = root.path().join("saved.snap");
            read.save(&saved).unwrap();
            assert_eq!(fs::read_to_string(saved).unwrap(), snapshot.to_text());
        };
        check(&folder.write_pending(&snapshot.name, &snapshot.to_text()).unwrap());
        folder.accept_all().unwrap();
        let accepted = folder.path().join(format!("{}.snap", snapshot.name));
        check(&accepted);
        assert_eq!(
            insta::Snapshot::from_file(&accepted).unwrap().snapshot_name(),
            Some(snapshot.name.as_str())
        );
        let text = folder.accepted(&snapshot.name).unwrap().unwrap();
        assert_eq!(Snapshot::parse(&snapshot.name, &text).unwrap(), snapshot);
    }

    #[test]
    fn secrets_do_not_get_in() {
        let (_root, folder) = folder();
        let mut masker = Masker::default();
        masker.learn(&Secret::new("night-key-42".to_owned()));
        let folder = folder.masking(masker);
        folder.write_pending("a", "echo: night-key-42").unwrap();
        assert_eq!(folder.pending().unwrap()[0].proposed, "echo: [secret]");
        let document = json!({"example": "night-key-42"});
        let plain = Digits::default();
        assert!(folder.propose_document(&document, &plain).unwrap());
        folder.accept_all().unwrap();
        assert!(!folder.propose_document(&document, &plain).unwrap());
    }

    #[test]
    fn a_file_in_its_place_is_told() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("snapshots");
        fs::write(&path, "").unwrap();
        let error = SnapshotFolder::open(&path).err().unwrap();
        assert!(error.hint().unwrap().contains("a file stands where a folder is wanted"));
    }
}
