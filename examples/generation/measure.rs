//! One schema measured: its values, its limits, its breaks, and how long they take.

use crate::constraints::{limits, touched};
use crate::tally::{Tally, note};
use indexmap::IndexMap;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use specwarden::case::{Case, Payload};
use specwarden::exchange::Method;
use specwarden::generate::Generator;
use specwarden::plan::{Known, Seed};
use specwarden::schema::{Direction, Document, Pointer, Validators};
use specwarden::shrink::Shrinker;
use specwarden::spec::{Content, Operation, OperationKey, PathTemplate, RequestBody};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// Values per seed, and how many seeds.
const VALUES: usize = 20;
const SEEDS: u64 = 2;

/// Cases of each kind that are shrunk, and proposals for each.
const SHRUNK: usize = 2;
const BUDGET: u32 = 40;

/// Judges values besides our own validator.
pub(super) type Oracle<'o> = &'o dyn Fn(&Value) -> bool;

/// A schema with what it is measured by.
pub(super) struct Subject<'s> {
    pub(super) label: String,
    pub(super) document: &'s Document,
    pub(super) pointer: Pointer,
    pub(super) generator: &'s Generator,
    /// With the options that a run has.
    pub(super) usual: &'s Generator,
    pub(super) validators: &'s Validators,
    pub(super) oracle: Oracle<'s>,
    /// Whether some value is known to exist.
    pub(super) satisfiable: bool,
    pub(super) body: bool,
}

pub(super) fn measure(subject: &Subject<'_>, tally: &mut Tally) {
    tally.schemas += 1;
    let valid = |value: &Value| {
        let ours = subject.validators.is_valid(&subject.pointer, Direction::Request, value).unwrap_or(true);
        ours && (subject.oracle)(value)
    };
    let strategy = subject.generator.strategy(&subject.pointer);
    let mut served = false;
    for seed in 0..SEEDS {
        let config = Config { failure_persistence: None, ..Config::default() };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(seed).bytes());
        let mut runner = TestRunner::new_with_rng(config, rng);
        for number in 0..VALUES {
            let first = seed == 0 && number == 0;
            let before = if first { resident("VmRSS:") } else { 0 };
            let started = Stopwatch::start();
            let made = strategy.new_tree(&mut runner).map(|tree| tree.current());
            let took = started.elapsed();
            if first {
                let growth = resident("VmHWM:").saturating_sub(before);
                tally.first_took(took, growth, &subject.label);
            } else {
                tally.took(took, subject.body, &subject.label);
            }
            let Ok(value) = made else { break };
            served = true;
            tally.values += 1;
            if !valid(&value) {
                note(&mut tally.invalid, format!("{}: {value}", subject.label));
            }
        }
    }
    if served {
        tally.served += 1;
        sides(subject, &valid, tally);
    } else if subject.satisfiable {
        note(&mut tally.unserved, subject.label.clone());
    } else {
        note(&mut tally.empty, subject.label.clone());
    }
}

/// Time by the clock, but for what a crowded machine takes away: never more than the process ran, plus one tick.
struct Stopwatch {
    clock: Instant,
    ran: Option<u64>,
}

/// How stale the kernel's count of running time may be, in nanoseconds.
const TICK: u64 = 4_000_000;

impl Stopwatch {
    fn start() -> Self {
        let ran = ran();
        Self { clock: Instant::now(), ran }
    }

    /// Nanoseconds.
    fn elapsed(&self) -> u64 {
        let clock = u64::try_from(self.clock.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if clock < TICK {
            return clock;
        }
        let ran = ran().zip(self.ran).map(|(now, then)| now.saturating_sub(then) + TICK);
        ran.map_or(clock, |ran| ran.min(clock))
    }
}

/// How long the process has run, in nanoseconds, where the system tells.
fn ran() -> Option<u64> {
    std::fs::read_to_string("/proc/self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

/// The memory of the process in KiB, now (`VmRSS:`) or at most since it was last asked for now; zero where unknown.
fn resident(what: &str) -> u64 {
    if what == "VmRSS:" {
        _ = std::fs::write("/proc/self/clear_refs", "5");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    line.split_whitespace().next().and_then(|size| size.parse().ok()).unwrap_or(0)
}

/// The limits that boundary and negative cases reach.
fn sides(subject: &Subject<'_>, valid: &dyn Fn(&Value) -> bool, tally: &mut Tally) {
    let operation = operation(&subject.pointer);
    let known = Known::default();
    let boundary = subject.generator.boundary(&operation, &known);
    let negative = subject.generator.negative(&operation, &known);
    let started = Stopwatch::start();
    _ = subject.usual.boundary(&operation, &known);
    _ = subject.usual.negative(&operation, &known);
    tally.sets.push(started.elapsed());
    let (mut inside, mut outside) = (HashSet::new(), HashSet::new());
    for case in &boundary {
        let Some(value) = value(case) else { continue };
        tally.boundaries += 1;
        touched(subject.document, &subject.pointer, value, &mut inside);
        if !valid(value) {
            note(&mut tally.invalid, format!("{}: {value} ({})", subject.label, case.reason.how));
        }
    }
    for case in &negative {
        let Some(value) = value(case).filter(|_| case.reason.part.starts_with("body")) else { continue };
        tally.negatives += 1;
        if valid(value) {
            note(&mut tally.accepted, format!("{}: {value} ({})", subject.label, case.reason.how));
            continue;
        }
        let errors = subject.validators.validate(&subject.pointer, Direction::Request, value);
        let errors = errors.unwrap_or_default();
        outside.extend(errors.iter().map(|error| error.schema.clone()));
        let told = errors
            .iter()
            .any(|error| error.keyword == case.reason.keyword || error.schema == case.reason.pointer);
        if !told {
            let reason = &case.reason;
            note(
                &mut tally.untold,
                format!("{}: {value} ({} {})", subject.label, reason.keyword, reason.how),
            );
        }
    }
    let firsts = boundary.iter().take(SHRUNK).chain(negative.iter().take(SHRUNK));
    firsts.for_each(|case| shrunk(subject, &operation, case, tally));
    let limits = limits(subject.document, &subject.pointer);
    tally.excluded += limits.excluded.len();
    for (wanted, reached, counted, side) in [
        (&limits.inside, &inside, &mut tally.inside, "inside"),
        (&limits.outside, &outside, &mut tally.outside, "outside"),
    ] {
        counted.1 += wanted.len();
        for limit in wanted {
            if reached.contains(limit) {
                counted.0 += 1;
            } else {
                note(&mut tally.missed, format!("{}: {limit} {side}", subject.label));
            }
        }
    }
}

/// Shrinks a case on every second proposal, and looks whether each one stays in its class.
fn shrunk(subject: &Subject<'_>, operation: &Operation, case: &Case, tally: &mut Tally) {
    let faults = |case: &Case| -> Option<Vec<(Pointer, String)>> {
        let errors = subject.validators.validate(&subject.pointer, Direction::Request, value(case)?);
        let faults: BTreeSet<_> =
            errors.ok()?.into_iter().map(|error| (error.schema, error.keyword)).collect();
        Some(faults.into_iter().collect())
    };
    let Some(wrong) = faults(case) else { return };
    let mut shrinker = Shrinker::new(case.clone(), operation, subject.validators, BUDGET);
    let mut sent = 0;
    while let Some(smaller) = shrinker.next() {
        sent += 1;
        if faults(&smaller).is_some_and(|faults| faults != wrong) || sent > BUDGET {
            note(&mut tally.strayed, format!("{}: {:?}", subject.label, smaller.body));
        }
        shrinker.answer(sent % 2 == 0);
    }
    tally.proposals += sent as usize;
}

fn value(case: &Case) -> Option<&Value> {
    match &case.body.as_ref()?.payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}

/// An operation that takes the schema as its JSON body.
fn operation(schema: &Pointer) -> Operation {
    let content = Content {
        media_type: "application/json".into(),
        schema: Some(schema.clone()),
        examples: Vec::new(),
        encoding: IndexMap::new(),
        pointer: schema.clone(),
        sequence: None,
        annotated: None,
    };
    Operation {
        key: OperationKey::new(Method::Post, "/measured"),
        id: None,
        method: Method::Post,
        path: PathTemplate::parse("/measured"),
        summary: None,
        tags: Vec::new(),
        deprecated: false,
        parameters: Vec::new(),
        body: Some(RequestBody { required: true, contents: vec![content], pointer: schema.clone() }),
        responses: Vec::new(),
        security: Vec::new(),
        servers: Vec::new(),
        doubles: Arc::default(),
        pointer: schema.clone(),
    }
}
