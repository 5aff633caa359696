//! Measures generation against schemas of strangers: is every value valid, every break a break, every schema served?
//!
//! Run by `tests/real/generation.sh`; the arguments are the folder of the JSON Schema test suite, a list of documents
//! (one path per line), and where the figures go as JSON.
#![expect(clippy::disallowed_methods, reason = "a measurement reads files and a clock")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement prints its figures")]

mod constraints;
mod corpus;
mod measure;
mod suite;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;
use tally::Tally;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
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
    if let Err(error) = std::fs::write(out, format!("{json:#}\n")) {
        eprintln!("write `{}`: {error}", out.display());
        return ExitCode::from(3);
    }
    if tallies.iter().all(Tally::passes) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
