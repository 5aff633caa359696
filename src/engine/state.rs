//! What a walk knows so far.

use crate::case::{Case, Credential, Phase};
use crate::check::{Acceptance, Step};
use crate::engine::coverage::Seen;
use crate::engine::crowd::Crowd;
use crate::engine::health::Health;
use crate::engine::methods::Question;
use crate::engine::ownership::Doubt;
use crate::engine::sequence::Plot;
use crate::event::{CheckCount, Coverage, OperationReport, Stop};
use crate::exchange::Exchange;
use crate::finding::{Finding, Fingerprint};
use crate::plan::{Binding, Lessons, Pool};
use crate::spec::OperationKey;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a walk learns. Changed by the walk alone, in the order of cases, not of answers.
#[derive(Default)]
pub(super) struct State {
    /// Values that exist.
    pub(super) pool: Pool,
    /// What this run created and has to remove, oldest first.
    pub(super) ledger: Vec<Owned>,
    /// What was removed already.
    pub(super) removed: u64,
    /// How many resources were created.
    pub(super) created: u64,
    /// What refusals taught of each operation, by index.
    pub(super) lessons: BTreeMap<usize, Lessons>,
    /// The account of each operation, by index.
    pub(super) tallies: BTreeMap<usize, Tally>,
    /// Candidates by fingerprint, in the order of first sight.
    pub(super) candidates: IndexMap<Fingerprint, Candidate>,
    /// The calls by which a finding of several calls was last shown again.
    pub(super) story: Vec<Step>,
    /// Findings about changed snapshots, held back until the tests have said what they know.
    pub(super) changed: Vec<Finding>,
    /// Fingerprints already reported or dropped.
    pub(super) settled: BTreeSet<Fingerprint>,
    /// What was said of the whole run, so that it is said once.
    pub(super) said: BTreeSet<String>,
    /// Whether names made of the seed are taken, by what an earlier night left for instance: then the clock makes them.
    pub(super) is_seed_taken: bool,
    /// How many keys that are good for one request were made up.
    pub(super) fresh: u64,
    /// The property by which an operation, by index, wants a thing of an item path called; without an operation: what
    /// most want.
    pub(super) called: BTreeMap<(Option<usize>, String), String>,
    /// Properties that each creation wants another value of, by the creator's index; none if it was tried in vain.
    pub(super) unique: BTreeMap<usize, Vec<String>>,
    /// The number of the last such value.
    pub(super) names: u64,
    /// Item paths of which the first thing of the run's own was made after the tests had begun.
    pub(super) late: BTreeSet<String>,
    /// Paths at which nothing was before the run put something there: item path and values.
    pub(super) claims: BTreeSet<(String, String)>,
    /// How often each operation, by index, made something that no answer names.
    pub(super) unnamed: BTreeMap<usize, u64>,
    /// When the first of the keys was made up, in seconds since 1970.
    pub(super) began: Option<u32>,
    /// Requests sent in all.
    pub(super) requests: u64,
    /// Cases sent.
    pub(super) cases: u64,
    /// Why nothing more may be sent.
    pub(super) exhausted: Option<String>,
    /// The same as a kind.
    pub(super) stop: Option<Stop>,
    /// Whether an operation was left without its turn.
    pub(super) deprived: bool,
    /// The stage under way.
    pub(super) stage: String,
    /// The part of the budgets that is spent when this stage must be done.
    pub(super) share: f64,
    /// Whether this stage came to its share.
    pub(super) share_spent: bool,
    /// The target's health.
    pub(super) health: Health,
    /// How many requests go at once.
    pub(super) crowd: Option<Arc<Crowd>>,
}

/// Something that this run created.
#[derive(Debug, Clone)]
pub(super) struct Owned {
    /// Its item path.
    pub(super) item: String,
    /// What names it.
    pub(super) binding: Binding,
    /// As whom: others may not be let near it.
    pub(super) credential: Credential,
}

/// The account of one operation.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) cases: BTreeMap<Phase, u64>,
    pub(super) statuses: BTreeMap<u16, u64>,
    pub(super) exercised: BTreeMap<&'static str, u64>,
    pub(super) not_exercised: Option<String>,
    /// Why a rule could not judge it, where that is known.
    pub(super) excuses: BTreeMap<&'static str, String>,
    /// What answers proved of the document.
    pub(super) seen: Seen,
    /// The first case that the main key brought to a 2xx, with its answer.
    pub(super) control: Option<(Case, Exchange)>,
    /// Whether somebody without a key was let in by something else that went out with the request.
    pub(super) ambient: bool,
    /// Every positive case of the test stage with its answer.
    pub(super) acceptance: Vec<Acceptance>,
}

/// A finding that is not settled yet.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) operation: usize,
    pub(super) finding: Finding,
    pub(super) proof: Proof,
    /// How often it was seen.
    pub(super) seen: u32,
    /// After how many cases it was seen first.
    pub(super) first: u64,
}

/// How a candidate is shown again.
#[derive(Clone)]
pub(super) enum Proof {
    /// By sending the case again.
    Case(Case),
    /// By sending the case as others.
    Others {
        /// The case that the main key brought to a 2xx.
        case: Case,
        /// As whom.
        credentials: Vec<Credential>,
    },
    /// By looking into it again.
    Doubt(Doubt),
    /// By asking the same path with the same method again.
    Methods(Question),
    /// By making the same calls again, on something new.
    Sequence(Plot),
    /// By following a link again.
    Link {
        /// Its place among the API's links.
        number: usize,
    },
    /// By sending the refused case again: it must be refused again.
    Refusal(Case),
    /// It stands as it is.
    Settled,
}

impl State {
    pub(super) fn tally(&mut self, operation: usize) -> &mut Tally {
        self.tallies.entry(operation).or_default()
    }

    /// How many requests go at once: at first as many as there are workers.
    pub(super) fn crowd(&mut self, workers: usize) -> Arc<Crowd> {
        Arc::clone(self.crowd.get_or_insert_with(|| Arc::new(Crowd::new(workers))))
    }

    /// Remembers a candidate; the first sight is kept.
    pub(super) fn suspect(&mut self, operation: usize, finding: Finding, proof: Proof) {
        if self.settled.contains(&finding.fingerprint) {
            return;
        }
        let key = finding.fingerprint.clone();
        let first = self.cases;
        self.candidates.entry(key).and_modify(|candidate| candidate.seen += 1).or_insert(Candidate {
            operation,
            finding,
            proof,
            seen: 1,
            first,
        });
    }

    /// Notes that the run created something. What somebody else had made before, which a creator may answer with, is
    /// theirs all the same. Gives whether it is ours.
    pub(super) fn own(&mut self, item: &str, binding: &Binding, credential: &Credential) -> bool {
        let known =
            self.ledger.iter().any(|owned| owned.item == item && owned.binding.values == binding.values);
        let theirs = self.pool.bindings(item).iter().any(|one| !one.own && one.values == binding.values);
        if !known && !theirs {
            self.created += 1;
            let (item, binding) = (item.to_owned(), binding.clone());
            self.ledger.push(Owned { item, binding, credential: credential.clone() });
        }
        known || !theirs
    }

    /// Notes that something is gone.
    pub(super) fn disown(&mut self, item: &str, values: &[Value]) {
        let before = self.ledger.len();
        let pool = &self.pool;
        self.ledger.retain(|owned| owned.item != item || !pool.is_same(item, &owned.binding.values, values));
        self.removed += (before - self.ledger.len()) as u64;
        self.pool.unbind(item, values);
    }
}

impl Tally {
    pub(super) fn count(&mut self, phase: Phase, exchange: &Exchange) {
        *self.cases.entry(phase).or_default() += 1;
        *self.statuses.entry(exchange.status().unwrap_or(0)).or_default() += 1;
    }

    pub(super) fn exercise(&mut self, rules: &[&'static str]) {
        for rule in rules {
            *self.exercised.entry(rule).or_default() += 1;
        }
    }

    pub(super) fn reached(&self) -> bool {
        self.statuses.keys().any(|status| (200..300).contains(status))
    }

    /// The account as an event tells it.
    pub(super) fn report(
        &self,
        operation: &OperationKey,
        rules: &[(&'static str, Option<String>)],
        coverage: Coverage,
        findings: &BTreeMap<(OperationKey, String), u64>,
    ) -> OperationReport {
        let checks = rules
            .iter()
            .map(|(rule, why_not)| {
                let exercised = self.exercised.get(rule).copied().unwrap_or(0);
                let count = findings.get(&(operation.clone(), (*rule).to_owned())).copied().unwrap_or(0);
                let why_not = (exercised == 0).then(|| self.why_not(rule, why_not.as_deref()));
                ((*rule).to_owned(), CheckCount { exercised, findings: count, why_not })
            })
            .collect();
        let unreached = (!self.reached()).then(|| "no answer was a 2xx".to_owned());
        OperationReport {
            operation: operation.clone(),
            cases: self.cases.clone(),
            statuses: self.statuses.clone(),
            checks,
            coverage,
            not_exercised: self.not_exercised.clone().or(unreached),
        }
    }

    fn why_not(&self, rule: &str, known: Option<&str>) -> String {
        if let Some(why) = known.map(str::to_owned).or_else(|| self.not_exercised.clone()) {
            return why;
        }
        if let Some(why) = self.excuses.get(rule) {
            return why.clone();
        }
        if self.reached() {
            "nothing it could have judged".to_owned()
        } else {
            "no answer was a 2xx".to_owned()
        }
    }
}
