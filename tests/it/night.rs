//! A night against a staging instance in this process.

use specwarden::config::{File, KeyRole, KeySetting, Settings, Surroundings, resolve};
use specwarden::demo::{Demo, DemoOptions, EDITOR_DENIED, FaultSet, VIEWER_DENIED};
use specwarden::finding::Finding;
use specwarden::plan::{Safety, Seed, Selector};
use specwarden::report::Night;
use specwarden::secret::Secret;
use specwarden::session::{Stages, run};
use std::path::Path;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Settings for a night against `demo`, as `run --demo` makes them.
pub(crate) fn settings(demo: &Demo, root: &Path, seed: u64) -> Settings {
    let surroundings = Surroundings {
        variable: &|_| None,
        read: &|path| Err(std::io::Error::new(std::io::ErrorKind::NotFound, path.display().to_string())),
        rules: &[],
        fresh_seed: Seed(0),
    };
    let mut settings = resolve(File::default(), root, &surroundings).expect("defaults resolve");
    settings.target.spec = Some(demo.spec_url());
    settings.target.base_url = Some(demo.base_url().to_owned());
    settings.keys.main = Some(Secret::new(demo.keys().user.clone()));
    let key = |name: &str, secret: &str, role, denied: &[&str]| KeySetting {
        name: name.to_owned(),
        secret: Secret::new(secret.to_owned()),
        role,
        allowed: Vec::new(),
        denied: denied.iter().map(|pattern| Selector::parse(pattern).expect("a pattern")).collect(),
    };
    settings.keys.others = vec![
        key("viewer", &demo.keys().viewer, KeyRole::Limited, VIEWER_DENIED),
        key("partner", &demo.keys().partner, KeyRole::Peer, &[]),
        key("editor", &demo.keys().editor, KeyRole::Limited, EDITOR_DENIED),
        key("revoked", &demo.keys().revoked, KeyRole::Revoked, &[]),
    ];
    settings.test.seed = Seed(seed);
    settings.test.safety = Safety::Full;
    settings.test.enable.extend(["existence-revealed", "delete-refused-write-allowed"].map(str::to_owned));
    settings.test.max_response = Some(Duration::from_millis(700));
    settings.test.settle = Some(Duration::from_millis(40));
    settings.snapshots.folder = root.join("snapshots");
    settings.bench.requests = 20;
    settings.bench.warm_up = 2;
    settings
}

/// Runs a whole night with these faults on and gives what it came to.
pub(crate) async fn night(faults: &str, seed: u64, workers: usize, stages: Stages) -> Night {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = FaultSet::parse(faults).expect("known faults");
    let demo = Demo::start(DemoOptions { port: 0, faults }).await.expect("the demo starts");
    let mut settings = settings(&demo, folder.path(), seed);
    settings.http.workers = workers;
    let mut fold = Night::default();
    let finished = run(&settings, stages, &[], &CancellationToken::new(), vec![&mut fold]).await;
    let finished = finished.expect("the night is walked");
    assert_eq!(finished.leaks, Vec::<std::path::PathBuf>::new(), "a secret leaked");
    demo.stop().await;
    fold
}

/// Rule and operation of each finding, sorted, once each.
pub(crate) fn pairs(findings: &[Finding]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = findings
        .iter()
        .map(|f| (f.rule.clone(), f.operation.as_ref().map(ToString::to_string).unwrap_or_default()))
        .collect();
    pairs.sort();
    pairs.dedup();
    pairs
}
