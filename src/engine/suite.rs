//! The contract tests: every case of every operation, sent as one long stream.

use crate::case::{Case, Mode, ParameterValue, Payload};
use crate::check::judge_acceptance;
use crate::client::Transport;
use crate::engine::budget::counted;
use crate::engine::state::Proof;
use crate::engine::unknown::is_unknown;
use crate::engine::walk::Walk;
use crate::event::IncidentKind;
use crate::exchange::Method;
use crate::generate::TextFamily;
use crate::plan::{Binding, Job, Known, Permission, fold, identity_names};
use crate::spec::{Location, Operation};
use std::collections::{BTreeMap, BTreeSet};

/// How many valid requests a `DELETE` gets: each one costs a resource.
const DELETIONS: usize = 4;

/// The share of the budgets that is kept for what removes things.
const REMOVALS: f64 = 0.08;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Sends the examples, the boundary, negative and random cases of every operation.
    pub(super) async fn test(&mut self) {
        let night = self.night;
        Box::pin(self.learn_names()).await;
        // What removes things comes last: the others may need them.
        let (mut cases, mut removals) = (Vec::new(), Vec::new());
        for job in &night.plan.jobs {
            let operation = &night.api.operations[job.operation];
            if !job.is_allowed() || !night.options.focuses(&operation.key) {
                continue;
            }
            if self.over() {
                let why = self.why_over().unwrap_or_else(|| "interrupted".to_owned());
                self.state.deprived |= !night.cancel.is_cancelled();
                self.state.tally(job.operation).not_exercised.get_or_insert(format!("not tested: {why}"));
                continue;
            }
            let made = self.suite_of(job).await;
            let made = if made.is_empty() { self.unknown_alone(job).into_iter().collect() } else { made };
            let removes = operation.method == Method::Delete;
            let group = if removes { &mut removals } else { &mut cases };
            group.extend(made.into_iter().map(|case| (job.operation, case)));
        }
        self.stage("test", cases.len() + removals.len());
        let share = self.state.share;
        for (group, share) in [(cases, share - REMOVALS), (removals, share)] {
            self.until(share);
            self.send_group(group).await;
        }
        self.test_taught().await;
        self.test_late().await;
        self.judge_refusals();
    }

    /// What is sent to one operation: to one that removes, as many deletions as there is something to remove.
    pub(super) async fn suite_of(&mut self, job: &Job) -> Vec<Case> {
        if self.night.api.operations[job.operation].method == Method::Delete {
            return self.deletions(job).await;
        }
        self.known(job).map(|known| self.cases(job, &known)).unwrap_or_default()
    }

    /// Sends cases of many operations, each in its turn; learns from what is refused, and tells what had no turn.
    pub(super) async fn send_group(&mut self, group: Vec<(usize, Case)>) {
        let planned = counted(&group);
        let group = self.fairly(group);
        let mut sent = BTreeMap::new();
        for (index, case, exchange) in self.send_all(group).await {
            *sent.entry(index).or_default() += 1;
            self.study(index, &case, &exchange);
        }
        self.tell_unsent(&planned, &sent);
    }

    /// The whole suite of one operation, as far as its budget goes.
    pub(super) fn cases(&mut self, job: &Job, known: &Known) -> Vec<Case> {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        for doubt in night.generator.doubts(operation, known) {
            let message = format!("{doubt}; a refusal of it proves nothing");
            self.incident(IncidentKind::Generation, Some(&operation.key), message);
        }
        let mut cases = night.generator.examples(operation, known);
        cases.extend(night.generator.boundary(operation, known));
        cases.extend(night.generator.negative(operation, known));
        cases.extend(self.unknown_item(operation, known));
        for index in 0..job.budget.random {
            match night.generator.random(operation, known, job.seed, index) {
                Ok(case) => cases.push(case),
                Err(error) => {
                    self.incident(IncidentKind::Generation, Some(&operation.key), error.to_string());
                    break;
                }
            }
        }
        cases.extend(night.generator.robustness(operation, known));
        if matches!(job.permission, Permission::OwnOnly { .. }) {
            cases.retain(|case| !might_address_another(case));
        }
        if self.claimed(job.operation).is_some() {
            cases.retain(|case| is_there(case, known));
        }
        cases.retain(|case| self.names_nobody_else(job.operation, case));
        cases.retain(|case| !self.names_oddly(job.operation, case));
        let most = job.budget.cases as usize;
        if cases.len() > most {
            let dropped = cases.len() - most;
            cases.truncate(most);
            let message = format!("{dropped} cases left out: over the budget of {most} for one operation");
            self.incident(IncidentKind::Budget, Some(&operation.key), message);
        }
        cases
    }

    /// Whether an odd text would name what a case makes or changes: it might never be found again, nor removed.
    fn names_oddly(&self, index: usize, case: &Case) -> bool {
        let operation = &self.night.api.operations[index];
        let is_text = TextFamily::ALL.iter().any(|family| family.name() == case.reason.keyword);
        if operation.method.is_safe() || !is_text {
            return false;
        }
        let last = case.reason.part.rsplit(['/', ' ']).next().map(fold).unwrap_or_default();
        let mut resources = self.night.plan.resources.iter();
        resources.any(|resource| {
            let is_about = resource.create == Some(index) || resource.item == operation.path.shape();
            is_about && identity_names(resource, true).contains(&last)
        })
    }

    /// Cases of a `DELETE`: each valid one gets something of its own to remove.
    pub(super) async fn deletions(&mut self, job: &Job) -> Vec<Case> {
        let own = match &job.permission {
            Permission::OwnOnly { item, .. } if self.can_provide(item) => Some(item),
            Permission::OwnOnly { .. } | Permission::Free | Permission::Never { .. } => None,
        };
        let Some(item) = own else {
            // In mode `full` without a creator there is only what exists; remove at most one thing.
            let Some(known) = self.known(job) else { return Vec::new() };
            let cases = self.cases(job, &known);
            let (invalid, others): (Vec<Case>, Vec<Case>) =
                cases.into_iter().partition(|case| case.mode == Mode::Negative);
            return invalid.into_iter().chain(others.into_iter().take(1)).collect();
        };
        let Some(known) = self.known(job) else { return Vec::new() };
        let suite = self.cases(job, &known);
        let mut cases = Vec::new();
        let mut valid = 0;
        for case in suite {
            let counted = usize::from(case.mode == Mode::Positive);
            if case.mode == Mode::Negative || is_unknown(&case) {
                cases.push(case);
            } else if valid + counted <= DELETIONS {
                valid += counted;
                if let Some(binding) = self.provide(item).await {
                    cases.push(placed(case, &self.night.api.operations[job.operation], &binding));
                }
            }
        }
        cases
    }

    /// Whether the creator of this kind of resource was ever reached.
    fn can_provide(&mut self, item: &str) -> bool {
        let resource = self.night.plan.resources.iter().find(|resource| resource.item == item);
        let own = self.state.pool.bindings(item).iter().any(|binding| binding.own);
        own && resource.and_then(|r| r.create).is_some_and(|index| self.state.tally(index).control.is_some())
    }

    /// Creates one more resource under an item path and gives what names it. It goes into the ledger.
    pub(super) async fn provide(&mut self, item: &str) -> Option<Binding> {
        self.provide_in(item, None).await
    }

    /// Looks at all valid requests of an operation together: was something refused that the document allows?
    fn judge_refusals(&mut self) {
        let night = self.night;
        if !night.options.checks.enabled.contains("positive-data-rejected") {
            return;
        }
        for index in 0..night.api.operations.len() {
            let acceptance = std::mem::take(&mut self.state.tally(index).acceptance);
            let judgement = judge_acceptance(&self.context(index), &acceptance);
            self.state.tally(index).acceptance = acceptance;
            self.state.tally(index).exercise(&judgement.exercised);
            for mut finding in judgement.findings {
                if finding.case.as_ref().is_some_and(|case| self.contradicts(index, case)) {
                    continue;
                }
                self.tell_lessons(index, &mut finding);
                let proof = finding.case.clone().map_or(Proof::Settled, Proof::Refusal);
                self.state.suspect(index, finding, proof);
            }
        }
    }

    /// The rules that ask for several calls and are wanted.
    pub(super) fn wanted(&self, rules: &[&'static str]) -> BTreeSet<&'static str> {
        rules.iter().copied().filter(|rule| self.night.options.checks.enabled.contains(*rule)).collect()
    }
}

/// The case of `operation` with its path pointing at `binding`.
pub(super) fn placed(mut case: Case, operation: &Operation, binding: &Binding) -> Case {
    for (name, value) in binding.named(&operation.path) {
        let payload = Payload::Json(value);
        match case.parameters.iter_mut().find(|p| p.location == Location::Path && p.name == name) {
            Some(parameter) => parameter.payload = payload,
            None => {
                case.parameters.push(ParameterValue { name, location: Location::Path, payload });
            }
        }
    }
    case
}

/// Whether a case is sent to the very path that is known. A `PUT` at another one may create something, or replace what is
/// somebody else's.
pub(super) fn is_there(case: &Case, known: &Known) -> bool {
    let mut path = case.parameters.iter().filter(|p| p.location == Location::Path);
    path.all(|p| match &p.payload {
        Payload::Json(value) => known.path.get(&p.name) == Some(value),
        Payload::Raw(_) => false,
    })
}

/// Whether a broken path value could be read leniently as the number of something that is not the run's own.
pub(super) fn might_address_another(case: &Case) -> bool {
    let path = case.parameters.iter().filter(|p| p.location == Location::Path);
    case.mode == Mode::Negative
        && case.reason.part.starts_with("path parameter")
        && path.filter(|p| case.reason.part.ends_with(&format!(" {}", p.name))).any(|p| match &p.payload {
            Payload::Json(value) => {
                !value.is_string() || value.to_string().bytes().any(|b| b.is_ascii_digit())
            }
            Payload::Raw(_) => true,
        })
}
