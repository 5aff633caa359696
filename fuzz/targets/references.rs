//! Documents full of references, drawn from bytes.
#![no_main]

#[path = "../exercise.rs"]
mod exercise;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The other entry point has a target of its own.
    let _ = exercise::parse;
    exercise::references(bytes);
});
