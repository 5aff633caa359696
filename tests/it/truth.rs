//! The truth table: each planted fault on gives exactly its findings; none on gives none.

use crate::night::{night, pairs};
use specwarden::session::Stages;

const STAGES: Stages = Stages { test: true, snapshot: false, bench: false, diff: false };

#[tokio::test]
async fn probe() {
    let faults = std::env::var("FAULTS").unwrap_or_else(|_| "none".to_owned());
    let began = std::time::Instant::now();
    let night = night(&faults, 1, 4, STAGES).await;
    for pair in pairs(&night.findings) {
        println!("{} {}", pair.0, pair.1);
    }
    for f in &night.findings {
        println!("--- {} {:?} {}\n{}\n{}\n{}", f.rule, f.operation, f.title, f.detail, f.classification, f.reproduce);
    }
    for incident in &night.incidents {
        println!("incident {incident:?}");
    }
    for operation in &night.operations {
        println!("{} {:?} {:?} {:?}", operation.operation, operation.cases, operation.statuses, operation.not_exercised);
    }
    println!("{:?} {:?}", night.outcome, began.elapsed());
}
