//! Snapshots of the staging instance: the accepted ones in `snapshots/` hold, and a changed answer shows.

use crate::night::{pairs, settings};
use specwarden::demo::{Demo, DemoOptions, FaultSet};
use specwarden::event::SnapshotState;
use specwarden::report::Night;
use specwarden::session::{Stages, run};
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

const STAGES: Stages = Stages { test: true, snapshot: true, bench: false, diff: true };

fn accepted() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

/// A night with the accepted snapshots, in a folder of its own.
async fn night_with_accepted(faults: &str, seed: u64) -> Night {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&accepted(), &folder.path().join("snapshots"));
    let faults = FaultSet::parse(faults).expect("known faults");
    let demo = Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts");
    let mut settings = settings(&demo, folder.path(), seed);
    // What is sent first does not depend on the tests that follow.
    settings.test.random_cases = 0;
    settings.test.max_cases = 1;
    let mut fold = Night::default();
    run(&settings, STAGES, &[], &CancellationToken::new(), vec![&mut fold])
        .await
        .expect("the night is walked");
    demo.stop().await;
    fold
}

#[expect(clippy::disallowed_methods, reason = "a night may change its snapshots, so it gets a copy of them")]
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the accepted snapshots").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().extension().is_none_or(|e| e != "new") {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepted_answers_and_document_of_the_demo_hold_with_any_seed() {
    for seed in [1, 2] {
        let night = night_with_accepted("none", seed).await;
        let moved: Vec<_> =
            night.snapshots.iter().filter(|row| row.state != SnapshotState::Unchanged).collect();
        assert!(moved.is_empty(), "to be accepted again: {moved:?}");
        assert!(night.snapshots.len() > 50, "only {} snapshots", night.snapshots.len());
        assert_eq!(pairs(&night.findings), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_answer_is_a_finding_and_a_restless_field_is_none() {
    let night = night_with_accepted("changed-answer,volatile-field", 1).await;
    let fault =
        specwarden::demo::FAULTS.iter().find(|fault| fault.name == "changed-answer").expect("planted");
    assert_eq!(pairs(&night.findings), [("snapshot-changed".to_owned(), fault.operation.to_owned())]);
    let changed: Vec<_> = night.snapshots.iter().filter(|row| row.state == SnapshotState::Changed).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
}
