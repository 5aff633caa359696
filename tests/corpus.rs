//! Replays the corpus of the fuzz targets (docs/fuzzing.md) on every toolchain: what once broke something, and what
//! leads into every corner of the reader.
#![expect(clippy::disallowed_methods, reason = "this test reads the committed corpus and how long to go on")]

#[path = "../fuzz/exercise.rs"]
mod exercise;

use std::env;
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

/// Inputs that nobody wrote: a fixed sequence, the same on every machine. `SPECWARDEN_MUTANTS` makes it longer.
struct Mutants(u64);

impl Mutants {
    fn draw(&mut self, below: usize) -> usize {
        // xorshift64 (Marsaglia 2003).
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % below.max(1)
    }

    /// One input with a piece of another put, moved, cut or written over.
    fn of(&mut self, inputs: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = inputs[self.draw(inputs.len())].1.clone();
        for _ in 0..=self.draw(4) {
            let other = &inputs[self.draw(inputs.len())].1;
            let from = self.draw(other.len());
            let piece = &other[from..(from + self.draw(40)).min(other.len())];
            let at = self.draw(bytes.len() + 1);
            let end = (at + self.draw(20)).min(bytes.len());
            match self.draw(4) {
                0 => _ = bytes.splice(at..at, piece.iter().copied()),
                1 => _ = bytes.splice(at..end, piece.iter().copied()),
                2 => _ = bytes.drain(at..end),
                _ => {
                    let byte = u8::try_from(self.draw(128)).unwrap_or_default();
                    bytes[at..end].iter_mut().take(1).for_each(|old| *old = byte);
                }
            }
        }
        bytes
    }
}

fn rounds(usual: usize) -> usize {
    env::var("SPECWARDEN_MUTANTS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn mutants_of_the_corpus_break_nothing() {
    for (target, exercise) in [("parse", exercise::parse as fn(&[u8])), ("references", exercise::references)]
    {
        let inputs = inputs(target);
        let mut mutants = Mutants(0x9E37_79B9_7F4A_7C15);
        for round in 0..rounds(150) {
            let input = mutants.of(&inputs);
            let outcome = std::panic::catch_unwind(|| exercise(&input));
            assert!(outcome.is_ok(), "`{target}`, round {round}: {:?}", String::from_utf8_lossy(&input));
        }
    }
}
