//! Measures generation against schemas of strangers: is every value valid, every break a break, every schema served?
//!
//! Run by `tests/real/generation.sh` and `generation_peer.sh` (`--bodies`); the arguments are the folder of the JSON Schema test suite, a list of documents
//! (one path per line), and where the figures go as JSON.
#![expect(clippy::disallowed_methods, reason = "a measurement reads files and a clock")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement prints its figures")]

mod bodies;
mod constraints;
mod corpus;
mod lengths;
mod measure;
mod suite;
mod tally;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tally::Tally;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if let [mode, list, out, count] = arguments.as_slice()
        && mode.as_os_str() == "--bodies"
    {
        let count = count.to_str().and_then(|count| count.parse().ok()).unwrap_or(20);
        return write(out, &bodies::measure(list, count));
    }
    let [suite, documents, out] = arguments.as_slice() else {
        eprintln!("usage: generation SUITE-FOLDER DOCUMENT-LIST OUT.json");
        return ExitCode::from(2);
    };
    let mut tallies: Vec<Tally> = suite::measure(suite);
    tallies.push(corpus::measure(documents));
    println!("{}", tally::table(&tallies));
    if let Some(documents) = tallies.last_mut() {
        println!("\n{}", documents.extremes());
    }
    let json = serde_json::Value::Array(tallies.iter().map(Tally::json).collect());
    let written = write(out, &json);
    if tallies.iter().all(Tally::passes) { written } else { ExitCode::FAILURE }
}

fn write(out: &Path, json: &serde_json::Value) -> ExitCode {
    match std::fs::write(out, format!("{json:#}\n")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("write `{}`: {error}", out.display());
            ExitCode::from(3)
        }
    }
}
