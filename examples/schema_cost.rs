//! What validation costs on one document: time to the first answer, time for every schema, memory.
//!
//! ```sh
//! cargo run --release --example schema_cost -- target/giants/…/api.github.com.json [first|all|two]
//! ```
//!
//! `first` validates one value against the first response schema; `all` compiles every schema of every operation in
//! both directions; `two` does so on two threads. Memory is the process's peak (Linux).
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads, clocks and prints"
)]

use serde_json::json;
use specwarden::schema::{Direction, Pointer, Validators};
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), mode) = (arguments.next(), arguments.next().unwrap_or_else(|| "all".to_owned())) else {
        println!("usage: schema_cost DOCUMENT [first|all|two]");
        return;
    };
    let text = std::fs::read_to_string(&path).expect("a readable document");
    let begin = Instant::now();
    let loaded = specwarden::source::read_text(&path, &text).expect("a document");
    drop(text);
    println!("load          {:>8.1} ms  peak {:>6.1} MB", milliseconds(begin), peak());
    let mut schemas: Vec<(Pointer, Direction)> = Vec::new();
    for operation in &loaded.api.operations {
        let answers = operation.responses.iter().flat_map(|response| &response.contents);
        schemas
            .extend(answers.filter_map(|content| content.schema.clone()).map(|at| (at, Direction::Response)));
        let bodies = operation.body.iter().flat_map(|body| &body.contents);
        schemas
            .extend(bodies.filter_map(|content| content.schema.clone()).map(|at| (at, Direction::Request)));
        let parameters = operation.parameters.iter();
        schemas.extend(parameters.filter_map(|p| p.schema.clone()).map(|at| (at, Direction::Request)));
    }
    schemas.sort();
    schemas.dedup();
    let validators = Validators::new(&loaded.api.document);
    let begin = Instant::now();
    let first = schemas.iter().find(|(_, direction)| *direction == Direction::Response);
    if let Some((at, direction)) = first {
        let answer = validators.validate(at, *direction, &json!(null));
        println!(
            "first         {:>8.1} ms  peak {:>6.1} MB  {at} ({} errors)",
            milliseconds(begin),
            peak(),
            answer.map_or(0, |errors| errors.len())
        );
    }
    if mode == "first" {
        return;
    }
    let workers = if mode == "two" { 2 } else { 1 };
    let begin = Instant::now();
    let (mut slowest, mut refused) = ((0.0, String::new()), 0);
    std::thread::scope(|scope| {
        let validators = &validators;
        let schemas = &schemas;
        let work = (0..workers).map(|worker| {
            scope.spawn(move || {
                let (mut slowest, mut refused) = ((0.0, String::new()), 0);
                for (at, direction) in schemas.iter().skip(worker).step_by(workers) {
                    let begin = Instant::now();
                    refused += usize::from(validators.is_valid(at, *direction, &json!(null)).is_err());
                    let took = milliseconds(begin);
                    if took > slowest.0 {
                        slowest = (took, at.to_string());
                    }
                }
                (slowest, refused)
            })
        });
        for worker in work.collect::<Vec<_>>() {
            let (slow, count) = worker.join().expect("a worker");
            refused += count;
            if slow.0 > slowest.0 {
                slowest = slow;
            }
        }
    });
    println!("all {:>9} {:>8.1} ms  peak {:>6.1} MB", schemas.len(), milliseconds(begin), peak());
    println!("slowest       {:>8.1} ms  {}", slowest.0, slowest.1);
    println!("refused       {refused:>8}");
}

fn milliseconds(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1000.0
}

/// The peak of resident memory in megabytes; 0 where the system does not tell.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
