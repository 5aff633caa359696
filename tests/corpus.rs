//! Replays the corpus of the fuzz targets (docs/fuzzing.md) on every toolchain: what once broke something, and what
//! leads into every corner of the reader.
#![expect(clippy::disallowed_methods, reason = "this test reads the committed corpus")]

#[path = "../fuzz/exercise.rs"]
mod exercise;

use std::fs;
use std::path::Path;

/// How many inputs there may be, and how large they may be together (bytes): small enough for every test run.
const MOST: usize = 200;
const LARGEST: usize = 1 << 20;

fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(folder).expect("the corpus is there");
    let mut inputs: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("an entry"))
        // What a fuzzer finds on its own bears a hash as its name and is not committed.
        .filter(|entry| {
            !entry.file_name().to_string_lossy().bytes().take(8).all(|byte| byte.is_ascii_hexdigit())
        })
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("a readable input"))
        })
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "nothing to replay for `{target}`");
    assert!(inputs.len() <= MOST && inputs.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() <= LARGEST);
    inputs
}

#[test]
fn documents_of_the_corpus_break_nothing() {
    for (name, bytes) in inputs("parse") {
        println!("{name}");
        exercise::parse(&bytes);
    }
}

#[test]
fn references_of_the_corpus_break_nothing() {
    for (name, bytes) in inputs("references") {
        println!("{name}");
        exercise::references(&bytes);
    }
}
