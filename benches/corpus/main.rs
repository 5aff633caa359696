//! Loads every API document below the given folders and tells what became of them.
//!
//! `cargo bench --bench corpus -- FOLDER… [--out FILE]`, as `tests/real/corpus.sh` does. Each document is read in a
//! process of its own (this program starts itself again), so that peak memory, a panic, a full stack and an endless
//! loop belong to one document. Times are CPU time of the reading thread where the system tells it (Linux), and are
//! given beside a plain `serde_json::from_str` of the same text in the same process. It must never send anything.
#![expect(clippy::disallowed_methods, reason = "a bench reads files, the clock and the process's figures")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::print_stderr, reason = "what a bench did not expect is told beside the figures")]

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod one;
mod table;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A document that takes longer than this (seconds of CPU) is told as slow.
const LIMIT: f64 = 2.0;
/// A process that takes longer than this (seconds of wall time) is ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// Processes at a time.
const WORKERS: usize = 2;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [flag, path] = arguments.as_slice()
        && flag == "--one"
    {
        println!("{}", one::measure(Path::new(path)));
        return;
    }
    let out = arguments.iter().position(|word| word == "--out").map(|at| {
        let value = arguments.get(at + 1).cloned().unwrap_or_default();
        arguments.drain(at..(at + 2).min(arguments.len()));
        value
    });
    if arguments.is_empty() {
        println!("no folder of documents given: run tests/real/corpus.sh");
        return;
    }
    let mut files = Vec::new();
    for folder in &arguments {
        gather(Path::new(folder), &mut files);
    }
    files.sort();
    let rows = measure_all(&files);
    let report = table::report(&rows, LIMIT);
    println!("{}", table::text(&report));
    if let Some(out) = out {
        let text = serde_json::to_string_pretty(&report).expect("figures are JSON");
        std::fs::write(&out, text).expect("the report can be written");
    }
}

/// Every JSON and YAML file below a folder; symbolic links are not followed.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    if folder.is_file() {
        files.push(folder.to_owned());
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            gather(&path, files);
        } else if kind.is_file() {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            if ending.is_some_and(|ending| matches!(ending.as_str(), "json" | "yaml" | "yml")) {
                files.push(path);
            }
        }
    }
}

/// One row per document, in the order of the files.
fn measure_all(files: &[PathBuf]) -> Vec<Value> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut row = in_a_process(file);
                    row["path"] = json!(file.to_string_lossy());
                    if sender.send(row).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut rows: Vec<Value> = receiver.into_iter().filter(|row| row["outcome"] != "other").collect();
        rows.sort_by_cached_key(|row| row["path"].to_string());
        rows
    })
}

/// Reads one document in a process of its own.
fn in_a_process(file: &Path) -> Value {
    let program = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .arg("--one")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let start = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child can be asked") {
            Some(status) => break Some(status),
            None if start.elapsed() > PATIENCE => break None,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    if status.is_none() {
        // It may have ended just now; either way it is gone afterwards.
        _ = child.kill();
    }
    let output = child.wait_with_output().expect("a child's output can be read");
    let said = String::from_utf8_lossy(&output.stderr);
    let crash = |what: &str| {
        let tail = said.lines().rev().take(3).collect::<Vec<_>>().join(" / ");
        eprintln!("{}: {what}: {tail}", file.display());
        json!({"outcome": what, "reason": tail})
    };
    match status {
        None => crash("timeout"),
        Some(status) if status.success() => {
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| crash("unreadable figures"))
        }
        Some(_) => crash("panic"),
    }
}
