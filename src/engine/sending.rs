//! Sends cases: many at once, answers judged in the order of the cases.

use crate::case::{Case, Credential, Mode, Payload, Phase};
use crate::check::{Acceptance, Context, Judgement, judge, judge_anywhere, refuses_in_body};
use crate::client::Transport;
use crate::engine::Night;
use crate::engine::health::is_troubled;
use crate::engine::lanes::{Lanes, Told, Width};
use crate::engine::pause::rest;
use crate::engine::state::Proof;
use crate::engine::walk::Walk;
use crate::event::{EventKind, IncidentKind, Stop};
use crate::exchange::{Exchange, Method, Request, Response, Timing, TransportError, TransportErrorKind};
use crate::finding::Fingerprint;
use crate::plan::{Binding, Pool, in_order};
use crate::spec::{Location, Operation};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

impl<'n, T> Walk<'n, '_, '_, T> {
    /// What rules may look at for one operation.
    pub(super) fn context(&self, index: usize) -> Context<'n> {
        let night = self.night;
        Context {
            operation: &night.api.operations[index],
            validators: night.validators,
            options: &night.options.checks,
            api: night.api,
        }
    }
}

/// Renders a case and sends it. What cannot be rendered is an exchange without an answer.
pub(super) async fn shoot<T: Transport>(night: Night<'_, T>, operation: &Operation, case: &Case) -> Exchange {
    match case.render(operation, &night.options.base_url) {
        Ok(request) => night.transport.send(&request, &case.credential, Some(operation)).await,
        Err(error) => unsendable(operation, &error.to_string()),
    }
}

/// How long what still runs is waited for when a stage has to end.
const GRACE: Duration = Duration::from_secs(1);

/// One case with its answer.
struct Sent {
    /// Its place in the order of cases.
    number: u64,
    index: usize,
    case: Case,
    exchange: Exchange,
}

/// Returns when `left` has passed; never without a limit.
async fn passes(left: Option<Duration>) {
    match left {
        Some(left) => rest(left.max(Duration::from_millis(1))).await,
        None => std::future::pending().await,
    }
}

fn unsendable(operation: &Operation, why: &str) -> Exchange {
    Exchange {
        request: Request {
            method: operation.method,
            url: operation.path.to_string(),
            headers: Vec::new(),
            body: None,
        },
        outcome: Err(TransportError { kind: TransportErrorKind::Unsendable, message: why.to_owned() }),
        timing: Timing::default(),
        attempts: 0,
    }
}

/// Whether a request really left.
pub(super) fn left(exchange: &Exchange) -> bool {
    !matches!(&exchange.outcome, Err(error) if error.kind == TransportErrorKind::Unsendable)
}

/// Whether an answer says yes, in its status and in its body.
pub(super) fn is_served(response: &Response) -> bool {
    response.is_success() && !refuses_in_body(response)
}

/// The path values of a case.
pub(super) fn path_of(case: &Case) -> BTreeMap<String, Value> {
    let path = case.parameters.iter().filter(|p| p.location == Location::Path);
    path.filter_map(|p| Some((p.name.clone(), case.parameter(Location::Path, &p.name)?.clone()))).collect()
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Sends all cases, at most `workers` at once, and takes in the answers in the order of the cases.
    ///
    /// Stops early when the run is over. What was answered while the surroundings failed is sent once more. Gives each
    /// case that was sent with its answer.
    pub(super) async fn send_all(&mut self, cases: Vec<(usize, Case)>) -> Vec<(usize, Case, Exchange)> {
        let mut all = self.send_each(cases).await;
        let health = &self.state.health;
        let bad = |sent: &Sent| health.was_bad(sent.number) && is_troubled(&sent.exchange);
        let again: Vec<(usize, Case)> =
            all.iter().filter(|sent| bad(sent)).map(|sent| (sent.index, sent.case.clone())).collect();
        if !again.is_empty() && self.state.stop.is_none() {
            all.retain(|sent| !(self.state.health.was_bad(sent.number) && is_troubled(&sent.exchange)));
            all.extend(self.send_each(again).await);
        }
        all.into_iter().map(|sent| (sent.index, sent.case, sent.exchange)).collect()
    }

    async fn send_each(&mut self, cases: Vec<(usize, Case)>) -> Vec<Sent> {
        let night = self.night;
        let mut cases = cases;
        cases.retain(|(index, case)| self.names_nobody_else(*index, case));
        let cases: Vec<(usize, Case)> =
            cases.into_iter().map(|(index, case)| (index, self.fresh(index, case))).collect();
        let spent: Vec<AtomicU64> = night.api.operations.iter().map(|_| AtomicU64::new(0)).collect();
        let spent = &spent;
        let crowd = self.state.crowd(night.options.workers);
        let crowd = &*crowd;
        let limit = night
            .options
            .max_operation_time
            .map_or(u64::MAX, |limit| u64::try_from(limit.as_micros()).unwrap_or(u64::MAX));
        let start = |number: u64, index: usize, case: Case| async move {
            if spent[index].load(Ordering::Relaxed) >= limit {
                let told = Told { took: 0, is_troubled: false };
                return (number, index, (index, case, None), told);
            }
            let exchange = crowd.send(shoot(night, &night.api.operations[index], &case)).await;
            spent[index].fetch_add(exchange.timing.total_us, Ordering::Relaxed);
            let told = Told { took: exchange.timing.total_us, is_troubled: is_troubled(&exchange) };
            (number, index, (index, case, Some(exchange)), told)
        };
        let mut lanes = Lanes::new(Width::of(night.options), cases, start);
        let mut all = Vec::new();
        let mut left_out: BTreeMap<usize, u64> = BTreeMap::new();
        while !self.over() {
            let left = self.share_left();
            let room = night.options.max_requests.saturating_sub(self.state.requests);
            let next = tokio::select! {
                biased;
                () = night.cancel.cancelled() => None,
                next = lanes.next(room) => next,
                () = passes(left) => continue,
            };
            match next {
                None => break,
                Some((index, _, None)) => *left_out.entry(index).or_default() += 1,
                Some((index, case, Some(exchange))) => {
                    self.take_in(index, &case, &exchange);
                    all.push(Sent { number: self.state.cases, index, case, exchange });
                    if self.state.health.is_doubtful() {
                        self.check_health().await;
                    }
                }
            }
        }
        // What was sent may have created something, whether or not anybody waits for it.
        tokio::select! {
            biased;
            () = lanes.finish() => {}
            () = passes(Some(GRACE.min(self.time_left().unwrap_or(GRACE)))) => {}
        }
        for (index, case, exchange) in lanes.rest() {
            let Some(exchange) = exchange else { continue };
            if !matches!(self.state.stop, None | Some(Stop::Budget)) {
                self.note_creation(index, &case, &exchange);
                continue;
            }
            self.take_in(index, &case, &exchange);
            all.push(Sent { number: self.state.cases, index, case, exchange });
        }
        for (index, count) in left_out {
            let message =
                format!("{count} cases left out: its answers took longer than the time for one operation");
            self.incident(IncidentKind::Budget, Some(&night.api.operations[index].key), message);
        }
        all
    }

    /// Sends one case and takes in the answer.
    pub(super) async fn send_one(&mut self, index: usize, case: &Case) -> Exchange {
        let case = self.fresh(index, case.clone());
        let case = self.conditioned(index, case).await;
        let exchange = shoot(self.night, &self.night.api.operations[index], &case).await;
        self.take_in(index, &case, &exchange);
        exchange
    }

    /// Counts, judges and tells one answer; notes what it created.
    pub(super) fn take_in(&mut self, index: usize, case: &Case, exchange: &Exchange) {
        if !left(exchange) {
            self.note_unsendable(exchange);
            return;
        }
        self.state.requests += u64::from(exchange.attempts.max(1));
        self.state.cases += 1;
        self.state.health.note(exchange, self.state.cases);
        self.note_creation(index, case, exchange);
        let judgement = if self.night.options.stages.test {
            self.judge(index, case, exchange)
        } else {
            Judgement::default()
        };
        let night = self.night;
        let tally = self.state.tally(index);
        tally.count(case.phase, exchange);
        tally.seen.note(night.generator, &night.api.operations[index], case, exchange);
        tally.exercise(&judgement.exercised);
        if case.mode == Mode::Positive && case.credential == Credential::Main {
            let success = exchange.response().is_some_and(is_served);
            if success && tally.control.is_none() {
                tally.control = Some((case.clone(), exchange.clone()));
            }
            if !matches!(case.phase, Phase::Access | Phase::Sequence | Phase::Learned) {
                let case = self.named_plainly(index, case.clone());
                self.state.tally(index).acceptance.push(Acceptance { case, exchange: exchange.clone() });
            }
        }
        let candidates = judgement.findings.iter().map(|finding| finding.fingerprint.clone()).collect();
        for mut finding in judgement.findings {
            finding.case = Some(case.clone());
            finding.evidence = vec![exchange.clone()];
            self.state.suspect(index, finding, Proof::Case(case.clone()));
        }
        self.emitter.emit(EventKind::CaseFinished {
            case: case.clone(),
            exchange: exchange.clone(),
            candidates,
        });
    }

    /// What may be said of any answer at all, whatever story it was part of; gives the fingerprints.
    pub(super) fn suspect_anywhere(
        &mut self,
        index: usize,
        case: &Case,
        exchange: &Exchange,
    ) -> Vec<Fingerprint> {
        // What the surroundings answered is sent again elsewhere; here it would be told as the target's.
        if matches!(exchange.status(), None | Some(502..=504)) {
            return Vec::new();
        }
        let judgement = judge_anywhere(&self.context(index), case, exchange);
        self.state.tally(index).exercise(&judgement.exercised);
        let mut said = Vec::new();
        for mut finding in judgement.findings {
            finding.case = Some(case.clone());
            finding.evidence = vec![exchange.clone()];
            said.push(finding.fingerprint.clone());
            self.state.suspect(index, finding, Proof::Case(case.clone()));
        }
        said
    }

    /// A name that HTTP cannot carry is the document's, not a case's: said once, however many operations share it.
    fn note_unsendable(&mut self, exchange: &Exchange) {
        let Err(error) = &exchange.outcome else { return };
        if error.message.contains("not a header name") && self.state.said.insert(error.message.clone()) {
            self.incident(IncidentKind::Generation, None, format!("never sent: {}", error.message));
        }
    }

    /// What the single-answer rules say.
    pub(super) fn judge(&self, index: usize, case: &Case, exchange: &Exchange) -> Judgement {
        judge(&self.context(index), case, exchange)
    }

    /// What a creator made that its answer does not name. A 201 says that it is new; of another answer only a name that
    /// the run made up does.
    pub(super) fn sent_things(
        &self,
        pool: &mut Pool,
        index: usize,
        case: &Case,
        response: &Response,
    ) -> Vec<(String, Binding)> {
        let Some(Payload::Json(sent)) = case.body.as_ref().map(|body| &body.payload) else {
            return Vec::new();
        };
        let night = self.night;
        let called = |item: &str| self.state.called.get(&(None, item.to_owned())).cloned();
        let is_new = |name: &Value| response.status == 201 || self.is_made_up(name);
        let operation = &night.api.operations[index];
        pool.learn_sent(&night.plan.resources, operation, &path_of(case), sent, called, is_new)
    }

    /// Enters what a creator made into the ledger, and takes out what a `DELETE` removed.
    pub(super) fn note_creation(
        &mut self,
        index: usize,
        case: &Case,
        exchange: &Exchange,
    ) -> Vec<(String, Binding)> {
        let operation = &self.night.api.operations[index];
        let Some(response) = exchange.response().filter(|response| is_served(response)) else {
            return Vec::new();
        };
        let path = path_of(case);
        if operation.method == Method::Delete {
            if response.status != 202
                && let Some(values) = in_order(&operation.path, &path)
            {
                self.state.disown(&operation.path.shape(), &values);
            }
            return Vec::new();
        }
        if let Some(resource) = self.claimed(index) {
            let Some(values) = in_order(&operation.path, &path) else { return Vec::new() };
            if !self.is_claim(resource, &values) {
                return Vec::new();
            }
            let binding = Binding { values, own: true };
            self.state.own(&resource.item, &binding, &case.credential);
            return vec![(resource.item.clone(), binding)];
        }
        let creates = self.night.plan.jobs.iter().any(|job| job.operation == index && job.creates);
        if !creates {
            return Vec::new();
        }
        let resources = &self.night.plan.resources;
        let mut learned = Pool::default();
        let mut made = learned.learn_things(resources, operation, &path, response, true);
        if made.is_empty() {
            made = self.sent_things(&mut learned, index, case, response);
        }
        self.state.pool.doubt_as(&learned);
        if made.is_empty() {
            *self.state.unnamed.entry(index).or_default() += 1;
        }
        made.retain(|(item, binding)| self.state.own(item, binding, &case.credential));
        made
    }
}
