//! Nights against them.

use crate::conforming::service::{Habit, KEY, Service};
use specwarden::config::{File, Settings, Surroundings, resolve};
use specwarden::plan::{Safety, Seed};
use specwarden::report::Night;
use specwarden::secret::Secret;
use specwarden::session::{Stages, run};
use std::path::Path;
use tokio_util::sync::CancellationToken;

const TEST: Stages = Stages { test: true, snapshot: false, bench: false, diff: false };

/// Settings for a night against what is served at `url`.
pub(crate) fn settings(url: &str, root: &Path, seed: u64, workers: usize) -> Settings {
    let surroundings = Surroundings {
        variable: &|_| None,
        read: &|path| Err(std::io::Error::new(std::io::ErrorKind::NotFound, path.display().to_string())),
        rules: &[],
        fresh_seed: Seed(0),
    };
    let mut settings = resolve(File::default(), root, &surroundings).expect("defaults resolve");
    settings.target.spec = Some(format!("{url}/openapi.json"));
    settings.target.base_url = Some(url.to_owned());
    settings.keys.main = Some(Secret::new(KEY.to_owned()));
    settings.test.seed = Seed(seed);
    settings.http.workers = workers;
    settings.snapshots.folder = root.join("snapshots");
    settings
}

/// One night against a server of this habit.
pub(crate) async fn night(habit: impl Habit, seed: u64, workers: usize, safety: Safety) -> Night {
    let folder = tempfile::tempdir().expect("a folder");
    let service = Service::start(habit).await;
    let mut settings = settings(&service.url(), folder.path(), seed, workers);
    settings.test.safety = safety;
    let mut fold = Night::default();
    let finished = run(&settings, TEST, &[], &CancellationToken::new(), vec![&mut fold]).await;
    let finished = finished.expect("the night is walked");
    assert_eq!(finished.leaks, Vec::<std::path::PathBuf>::new(), "a secret leaked");
    fold
}

/// Five seeds with 1, 4 and 16 workers: nothing is reported, and at least four operations of five reached a 2xx.
async fn check<H: Habit + Default>() {
    let mut faults = Vec::new();
    for (seed, workers) in (1..).zip([1, 4, 16, 4, 16]) {
        let safety = if seed % 2 == 0 { Safety::Full } else { Safety::OwnResources };
        let night = night(H::default(), seed, workers, safety).await;
        let counts = night.outcome.as_ref().expect("the night ended").counts.clone();
        let run = format!("seed {seed}, {workers} workers, {safety}, {} requests", counts.requests);
        for finding in &night.findings {
            let operation = finding.operation.as_ref().map(ToString::to_string).unwrap_or_default();
            let told = format!("{} {operation}: {}\n{}", finding.rule, finding.title, finding.detail);
            faults.push(format!("{run}: {told}\n{}", finding.reproduce));
        }
        if counts.reached * 5 < counts.operations * 4 {
            let unreached = night.operations.iter().filter(|o| o.not_exercised.is_some());
            let unreached: Vec<String> = unreached
                .map(|o| format!("{} {:?} {:?}", o.operation, o.not_exercised, o.statuses))
                .collect();
            faults
                .push(format!("{run}: reached {} of {}: {unreached:#?}", counts.reached, counts.operations));
        }
        faults.extend(night.issues.iter().map(|issue| format!("{run}: {issue:?}")));
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

macro_rules! conforming {
    ($($name:ident: $habit:ty;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            check::<$habit>().await;
        }
    )*};
}

conforming! {
    numbers_as_texts_and_unknown_parameters_are_taken_as_documented: crate::conforming::lenient::Lenient;
    what_is_deleted_softly_may_still_be_read: crate::conforming::soft_delete::SoftDelete;
    what_belongs_to_others_is_refused_and_not_denied: crate::conforming::hidden::Hidden;
    what_was_created_may_take_a_while_to_show: crate::conforming::eventual::Eventual;
    an_id_may_be_given_out_again_and_a_put_may_create: crate::conforming::reuse::Reuse;
    a_slash_at_the_end_may_redirect_and_a_location_may_be_absolute: crate::conforming::slashes::Slashes;
    answers_may_be_packed_cut_up_and_left_out: crate::conforming::encodings::Encodings;
    changes_may_ask_for_a_condition_and_lists_need_no_order: crate::conforming::locking::Locking;
    a_server_may_ask_to_slow_down: crate::conforming::throttling::Throttling;
    rules_of_the_business_may_refuse_what_the_document_allows: crate::conforming::business::Business;
}
