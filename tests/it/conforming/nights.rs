//! Nights against them.

use crate::conforming::archive::Archive;
use crate::conforming::business::Business;
use crate::conforming::encodings::Encodings;
use crate::conforming::envelope::Envelope;
use crate::conforming::eventual::Eventual;
use crate::conforming::hidden::Hidden;
use crate::conforming::lenient::Lenient;
use crate::conforming::library::Library;
use crate::conforming::locking::Locking;
use crate::conforming::once::Once;
use crate::conforming::reuse::Reuse;
use crate::conforming::service::{Call, Habit, Head, KEY, PARTNER, Reply, Service};
use crate::conforming::slashes::Slashes;
use crate::conforming::soft_delete::SoftDelete;
use crate::conforming::tenants::Tenants;
use crate::conforming::throttling::Throttling;
use serde_json::Value;
use specwarden::config::{File, KeyRole, KeySetting, Settings, Surroundings, resolve};
use specwarden::plan::{Safety, Seed, Selector};
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
    settings.test.patience = std::time::Duration::ZERO;
    settings.snapshots.folder = root.join("snapshots");
    settings
}

/// One night against a server of this habit.
pub(crate) async fn night(habit: impl Habit, seed: u64, workers: usize, safety: Safety) -> Night {
    let folder = tempfile::tempdir().expect("a folder");
    let knows_a_peer = habit.knows_a_peer();
    let service = Service::start(habit).await;
    let mut settings = settings(&service.url(), folder.path(), seed, workers);
    settings.test.safety = safety;
    if knows_a_peer {
        settings.keys.others = vec![KeySetting {
            name: "partner".to_owned(),
            secret: Secret::new(PARTNER.to_owned()),
            role: KeyRole::Peer,
            // Pages belong to nobody.
            allowed: vec![Selector::parse("* /languages/**").expect("a pattern")],
            denied: Vec::new(),
        }];
    }
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
    numbers_as_texts_and_unknown_parameters_are_taken_as_documented: Lenient;
    what_is_deleted_softly_may_still_be_read: SoftDelete;
    what_belongs_to_others_is_refused_and_not_denied: Hidden;
    what_was_created_may_take_a_while_to_show: Eventual;
    an_id_may_be_given_out_again_and_a_put_may_create: Reuse;
    a_slash_at_the_end_may_redirect_and_a_location_may_be_absolute: Slashes;
    answers_may_be_packed_cut_up_and_left_out: Encodings;
    changes_may_ask_for_a_condition_and_lists_need_no_order: Locking;
    a_server_may_tidy_what_it_is_given_and_filter_its_own_way: Library;
    a_server_may_ask_to_slow_down: Throttling;
    a_refusal_may_travel_as_200: Envelope;
    a_key_may_make_one_request_of_two: Once;
    customers_may_be_told_403_or_404_and_share_what_is_public: Tenants;
    rules_of_the_business_may_refuse_what_the_document_allows: Business;
    feeds_secrets_envelopes_and_moments_may_be_kept_in_their_own_ways: Archive;
}

/// Its silence says something: each rule about several calls looked, and where one could not, the report says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tidy_server_was_looked_at_from_every_side() {
    let night = night(Library::default(), 1, 4, Safety::OwnResources).await;
    let count = |rule: &str, operation: &str| {
        let report = night.operations.iter().find(|o| o.operation.as_str() == operation).expect("reported");
        report.checks[rule].clone()
    };
    let mut idle = Vec::new();
    for (rule, operation) in [
        ("patch-changes-unsent", "PATCH /books/{id}"),
        ("patch-changes-unsent", "PATCH /rooms/{id}"),
        ("update-lost", "PATCH /books/{id}"),
        ("put-keeps-omitted", "PUT /books/{id}"),
        ("refused-write-has-effect", "PUT /books/{id}"),
        ("refused-write-has-effect", "PATCH /books/{id}"),
        ("refused-creation-kept", "POST /books"),
        ("deleted-resource-listed", "DELETE /books/{id}"),
        ("page-limit-exceeded", "GET /books"),
        ("pagination-repeats-item", "GET /books"),
        ("pagination-skips-item", "GET /books"),
        ("not-modified-wrongly", "GET /books/{id}"),
        ("not-modified-wrongly", "GET /rooms/{id}"),
        ("stale-write-accepted", "PATCH /rooms/{id}"),
    ] {
        let count = count(rule, operation);
        if count.exercised == 0 {
            idle.push(format!("{rule} {operation}: {:?}", count.why_not));
        }
    }
    assert_eq!(idle, Vec::<String>::new());
    let why = |rule, operation| count(rule, operation).why_not.unwrap_or_default();
    assert_eq!(why("stale-write-accepted", "POST /books"), "nothing it could have judged");
    assert_eq!(why("deleted-resource-listed", "DELETE /rooms/{id}"), "the deletion is promised for later");
}

/// The same for the server that looks faulty from afar, with one answer bent so that it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_odd_server_is_found_out_when_its_feed_leads_back() {
    let bend = |reply: &mut Reply| {
        if let Ok(mut page) = serde_json::from_slice::<Value>(&reply.body)
            && page.get("next").is_some()
        {
            page["next"] = Value::from("seen-2");
            reply.body = page.to_string().into_bytes();
        }
    };
    let habit = Bent { habit: Archive::default(), path: "/events", bend };
    let night = night(habit, 1, 4, Safety::OwnResources).await;
    let rules: Vec<&str> = night.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["pagination-loops"]);
    let exercised = |rule: &str, operation: &str| {
        let report = night.operations.iter().find(|o| o.operation.as_str() == operation).expect("reported");
        assert!(report.checks[rule].exercised > 0, "{rule} {operation}: {:?}", report.checks[rule].why_not);
    };
    exercised("filter-ignored", "GET /events");
    exercised("patch-changes-unsent", "PATCH /profiles/{id}");
    exercised("refused-write-has-effect", "DELETE /events/{id}");
    exercised("refused-write-has-effect", "DELETE /profiles/{id}");
    exercised("not-modified-wrongly", "GET /profiles/{id}");
}

/// The same, but nothing says which condition holds.
#[derive(Default)]
struct Locked(Locking);

impl Habit for Locked {
    fn document(&self) -> Value {
        let text =
            self.0.document().to_string().replace("\"example\":\"*\",", "").replace(",\"example\":\"*\"", "");
        serde_json::from_str(&text).expect("a document")
    }

    fn answer(&mut self, call: &Call) -> Reply {
        self.0.answer(call)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_condition_that_never_holds_is_nobodys_fault() {
    assert!(!Locked::default().document().to_string().contains("example"));
    for seed in 1..=3 {
        let night = night(Locked::default(), seed, 4, Safety::Full).await;
        let rules: Vec<&str> = night.findings.iter().map(|f| f.rule.as_str()).collect();
        assert_eq!(rules, Vec::<&str>::new());
    }
}

/// A habit with one answer bent.
struct Bent<H> {
    habit: H,
    path: &'static str,
    bend: fn(&mut Reply),
}

impl<H: Habit> Habit for Bent<H> {
    fn document(&self) -> Value {
        self.habit.document()
    }

    fn gate(&mut self, head: &Head) -> Option<Reply> {
        self.habit.gate(head)
    }

    fn answer(&mut self, call: &Call) -> Reply {
        self.habit.answer(call)
    }

    fn dress(&mut self, head: &Head, reply: &mut Reply) {
        self.habit.dress(head, reply);
        if head.path.starts_with(self.path) && reply.status < 300 {
            (self.bend)(reply);
        }
    }
}

/// Silence says something only where there would be a word: each server with one answer bent is found out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_server_is_found_out_when_it_no_longer_keeps_to_its_document() {
    async fn bent<H: Habit + Default>(path: &'static str) -> Vec<String> {
        let bend = |reply: &mut Reply| {
            reply.status = if reply.status == 299 { 200 } else { 299 };
        };
        let habit = Bent { habit: H::default(), path, bend };
        let night = night(habit, 1, 4, Safety::OwnResources).await;
        night.findings.into_iter().map(|finding| finding.rule).collect()
    }
    let found = [
        bent::<Lenient>("/gauges").await,
        bent::<SoftDelete>("/papers").await,
        bent::<Hidden>("/accounts").await,
        bent::<Eventual>("/tasks").await,
        bent::<Reuse>("/labels").await,
        bent::<Slashes>("/boards").await,
        bent::<Encodings>("/summary").await,
        bent::<Locking>("/shuffled").await,
        bent::<Tenants>("/notes").await,
        bent::<Throttling>("/weights").await,
        bent::<Business>("/vouchers").await,
        bent::<Once>("/payments").await,
        bent::<Envelope>("/rooms").await,
        bent::<Archive>("/events").await,
    ];
    for (number, rules) in found.iter().enumerate() {
        assert!(rules.iter().any(|rule| rule == "undocumented-status"), "{number}: {rules:?}");
    }
}
