//! The truth table: each planted fault on gives exactly its findings; none on gives none.

use crate::night::{night, pairs};
use futures_util::stream::{self, StreamExt};
use specwarden::demo::FAULTS;
use specwarden::finding::Family;
use specwarden::session::Stages;

/// Without latency and snapshots: those have their own rows below.
const TEST: Stages = Stages { test: true, snapshot: false, bench: false, diff: false };

/// The seeds that each fault is tried with, and how many requests fly at once; `SPECWARDEN_TRUTH=seeds` asks for ten
/// seeds with one, four and sixteen in turn (`just truth`), `full` for each of the ten with each of the three.
fn nights() -> Vec<(u64, usize)> {
    match std::env::var("SPECWARDEN_TRUTH") {
        Ok(size) if size == "full" => {
            (1..=10).flat_map(|seed| [1, 4, 16].map(|workers| (seed, workers))).collect()
        }
        Ok(size) if size == "seeds" => (1..=10).map(|seed| (seed, [1, 4, 16][seed as usize % 3])).collect(),
        _ => vec![(1, 4)],
    }
}

/// What one fault must lead to: rule and operation.
fn expected(fault: &specwarden::demo::Fault) -> Vec<(String, String)> {
    match fault.rule {
        // Nothing to report, or only to be seen against accepted answers.
        "" | "snapshot-changed" => Vec::new(),
        rule => vec![(rule.to_owned(), fault.operation.to_owned())],
    }
}

async fn check(
    faults: &str,
    seed: u64,
    workers: usize,
    mut expected: Vec<(String, String)>,
) -> Result<(), String> {
    let night = night(faults, seed, workers, TEST).await;
    let found = pairs(&night.findings);
    expected.sort();
    let outcome = night.outcome.as_ref().expect("the night ended");
    if outcome.counts.reached + 1 < outcome.counts.operations && faults == "none" {
        return Err(format!(
            "{faults}: only {} of {} reached",
            outcome.counts.reached, outcome.counts.operations
        ));
    }
    if found == expected {
        return Ok(());
    }
    let missed: Vec<_> = expected.iter().filter(|pair| !found.contains(pair)).collect();
    let extra: Vec<_> = night
        .findings
        .iter()
        .filter(|f| {
            !expected.contains(&(
                f.rule.clone(),
                f.operation.as_ref().map(ToString::to_string).unwrap_or_default(),
            ))
        })
        .map(|f| format!("{} {:?}: {}\n{}", f.rule, f.operation, f.title, f.detail))
        .collect();
    Err(format!("{faults} (seed {seed}, {workers} workers): missed {missed:?}, extra {extra:#?}"))
}

/// Each of these faults alone, two nights at a time: most of a night with a fault is waiting.
async fn each(faults: impl Iterator<Item = &'static specwarden::demo::Fault>) -> Vec<Result<(), String>> {
    let nights: Vec<_> = faults
        .flat_map(|fault| nights().into_iter().map(move |(seed, workers)| (fault, seed, workers)))
        .collect();
    stream::iter(nights)
        .map(|(fault, seed, workers)| check(fault.name, seed, workers, expected(fault)))
        .buffered(2)
        .collect()
        .await
}

#[track_caller]
fn hold(results: Vec<Result<(), String>>) {
    let faults: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_gives_exactly_its_findings() {
    hold(each(FAULTS.iter().filter(|fault| !is_of_behaviour(fault))).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_of_several_calls_gives_exactly_its_findings() {
    hold(each(FAULTS.iter().filter(|fault| is_of_behaviour(fault))).await);
}

fn is_of_behaviour(fault: &specwarden::demo::Fault) -> bool {
    specwarden::check::rule(fault.rule).is_some_and(|rule| rule.family == Family::Behaviour)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_gives_no_finding_with_any_seed_and_any_number_of_workers() {
    let mut results = Vec::new();
    for seed in 1..=10 {
        let workers = [1, 4, 16][seed as usize % 3];
        results.push(check("none", seed, workers, Vec::new()).await);
    }
    hold(results);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_faults_at_once_give_the_same_verdicts_with_any_seed() {
    let all: Vec<(String, String)> = FAULTS.iter().flat_map(expected).collect();
    let mut results = Vec::new();
    for seed in 1..=3 {
        let workers = [1, 4, 16][seed as usize % 3];
        results.push(check("all", seed, workers, all.clone()).await);
    }
    hold(results);
}
