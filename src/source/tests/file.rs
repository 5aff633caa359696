//! Files.

#![expect(clippy::disallowed_methods, reason = "the documents to read lie on a disk")]

use crate::source::{ReadOptions, SourceError, read};
use std::path::Path;

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: {title: Ä}\npaths: {}\n";

#[track_caller]
fn hint(error: &SourceError) -> String {
    error.hint().expect("a hint")
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[tokio::test]
async fn files_and_file_urls_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("openapi.yaml");
    std::fs::write(&path, DOCUMENT).expect("written");
    let loaded = read(&text(&path), &ReadOptions::default()).await.expect("loads");
    assert_eq!((loaded.api.title.as_str(), loaded.location), ("Ä", text(&path)));
    let url = format!("file://{}", text(&path));
    assert_eq!(read(&url, &ReadOptions::default()).await.expect("loads").api.title, "Ä");
}

#[tokio::test]
async fn a_slip_of_the_finger_is_answered_with_the_right_name() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).expect("written");
    std::fs::write(folder.path().join("readme.md"), "x").expect("written");
    let options = ReadOptions::default();
    for slip in ["openapi.yml", "opnapi.yaml", "openapi.json"] {
        let error = read(&text(&folder.path().join(slip)), &options).await.expect_err("an error");
        assert!(hint(&error).ends_with("openapi.yaml`?"), "{}", hint(&error));
    }
    let error = read(&text(&folder.path().join("zzz")), &options).await.expect_err("an error");
    assert!(matches!(error, SourceError::NotFound { near: None, .. }), "{error:?}");
    let error = read(&text(folder.path()), &options).await.expect_err("an error");
    assert!(
        matches!(error, SourceError::Directory { .. }) && hint(&error).ends_with("openapi.yaml`?"),
        "{error:?}"
    );
}

#[tokio::test]
async fn too_large_and_not_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.yaml");
    std::fs::write(&path, DOCUMENT).expect("written");
    let size = DOCUMENT.len() as u64;
    let options = |max_bytes| ReadOptions { max_bytes, ..ReadOptions::default() };
    assert!(read(&text(&path), &options(size)).await.is_ok());
    let error = read(&text(&path), &options(size - 1)).await.expect_err("an error");
    assert!(matches!(error, SourceError::TooLarge { limit, .. } if limit == size - 1), "{error:?}");
    std::fs::write(&path, b"openapi: \xff").expect("written");
    let error = read(&text(&path), &options(size)).await.expect_err("an error");
    assert!(matches!(error, SourceError::NotText { offset: 9, .. }), "{error:?}");
}
