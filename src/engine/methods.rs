//! Documented paths asked with other methods: HEAD beside each GET, TRACE, and GET where the document has none.
//!
//! Only safe methods (RFC 9110 §9.2.1), and only on paths on which all that is documented may be sent: a server that
//! does not look at the method would do what was not to be done.

use crate::case::{Case, Credential, Phase};
use crate::check::{Judgement, is_documented_at, judge_head, judge_method, made_up};
use crate::client::Transport;
use crate::engine::sending::left;
use crate::engine::state::Proof;
use crate::engine::walk::Walk;
use crate::event::{EventKind, IncidentKind};
use crate::exchange::{Exchange, Method, Request};
use crate::spec::Operation;
use std::collections::BTreeMap;

/// One question about methods, so that it can be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether HEAD says what this GET says.
    Head,
    /// Whether the path serves this method, which the document does not mention.
    Undocumented(Method),
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Asks every question about methods once.
    pub(super) async fn methods(&mut self) {
        let heads = !self.wanted(&["head-mismatch"]).is_empty();
        let others = !self.wanted(&["undocumented-method", "allow-missing"]).is_empty();
        let mut questions = Vec::new();
        for (index, operation) in self.night.api.operations.iter().enumerate() {
            let reached = self.state.tallies.get(&index).is_some_and(|tally| tally.control.is_some());
            if heads && reached && operation.method == Method::Get && self.may_be_asked(index) {
                questions.push((index, Question::Head));
            }
        }
        for index in self.first_of_each_path() {
            for method in [Method::Trace, Method::Get] {
                if others {
                    questions.push((index, Question::Undocumented(method)));
                }
            }
        }
        self.stage("methods", questions.len());
        for (index, question) in questions {
            if self.over() {
                return;
            }
            let judgement = self.ask_method(index, question).await;
            self.state.tally(index).exercise(&judgement.exercised);
            for finding in judgement.findings {
                self.state.suspect(index, finding, Proof::Methods(question));
            }
        }
    }

    /// One question, asked now. What cannot be asked or answered judges nothing.
    pub(super) async fn ask_method(&mut self, index: usize, question: Question) -> Judgement {
        match question {
            Question::Head => self.ask_head(index).await,
            Question::Undocumented(method) => self.ask_undocumented(index, method).await,
        }
        .unwrap_or_default()
    }

    async fn ask_head(&mut self, index: usize) -> Option<Judgement> {
        let operation = &self.night.api.operations[index];
        let (case, get) = self.state.tally(index).control.clone()?;
        let request = case.render(operation, &self.night.options.base_url).ok()?;
        let asking = |method| Request { method, ..request.clone() };
        let head = self.put(index, &case, &asking(Method::Head)).await;
        let judgement = judge_head(&self.context(index), &get, &head, None);
        if judgement.findings.is_empty() {
            return Some(judgement);
        }
        // The GET is from a while ago: only one before and one after prove a difference.
        let before = self.put(index, &case, &asking(Method::Get)).await;
        let head = self.put(index, &case, &asking(Method::Head)).await;
        let after = self.put(index, &case, &asking(Method::Get)).await;
        Some(judge_head(&self.context(index), &before, &head, Some(&after)))
    }

    /// `index` is the first operation of its path; the request is made of one there that was served.
    async fn ask_undocumented(&mut self, index: usize, method: Method) -> Option<Judgement> {
        let night = self.night;
        let first = &night.api.operations[index];
        let mut same_path = (0..night.api.operations.len())
            .filter(|other| night.api.operations[*other].path.shape() == first.path.shape());
        let (case, _) = same_path.find_map(|other| self.state.tally(other).control.clone())?;
        let operation = night.api.operations.iter().find(|operation| operation.key == case.operation)?;
        let rendered = case.render(operation, &night.options.base_url).ok()?;
        let base = night.options.base_url.trim_end_matches('/');
        let path = rendered.url.strip_prefix(base)?.split(['?', '#']).next()?.to_owned();
        if is_documented_at(night.api, method, &path) {
            return None;
        }
        // A client must not send TRACE with anything that is secret (RFC 9110 §9.3.8).
        let credential =
            if method == Method::Trace { Credential::Anonymous } else { case.credential.clone() };
        let case = Case { credential, body: None, ..case };
        let about_content = |name: &str| name.to_ascii_lowercase().starts_with("content-");
        let headers: Vec<_> = rendered.headers.into_iter().filter(|(name, _)| !about_content(name)).collect();
        let asking = |path: &str| Request {
            method,
            url: format!("{base}{path}"),
            headers: headers.clone(),
            body: None,
        };
        let exchange = self.put(index, &case, &asking(&path)).await;
        self.note_unasked_creation(first, &case, &exchange);
        let mut elsewhere = None;
        if exchange.response().is_some_and(crate::exchange::Response::is_success) {
            let nowhere = made_up(first, &path)?;
            let exchange = self.put(index, &case, &asking(&nowhere)).await;
            self.note_unasked_creation(first, &case, &exchange);
            elsewhere = Some(exchange);
        }
        Some(judge_method(&self.context(index), &exchange, elsewhere.as_ref()))
    }

    /// A route that does not look at the method may do what its `POST` does: what a question created is removed like
    /// all else, or told.
    fn note_unasked_creation(&mut self, first: &Operation, case: &Case, exchange: &Exchange) {
        let night = self.night;
        let Some(response) = exchange.response().filter(|response| response.is_success()) else { return };
        let created = response.status == 201;
        if !created && response.header("location").is_none() {
            return;
        }
        let creator = night.plan.jobs.iter().find(|job| {
            let operation = &night.api.operations[job.operation];
            job.creates && operation.path.shape() == first.path.shape()
        });
        // A `Location` without a 201 may lead to anything: it is not the run's own to remove.
        let made = match creator.filter(|_| created) {
            Some(job) => self.note_creation(job.operation, case, exchange),
            None => Vec::new(),
        };
        if made.is_empty() {
            let (method, path) = (exchange.request.method, &first.path);
            let message = format!("{method} `{path}`, which is not documented, may have created something");
            if self.state.said.insert(message.clone()) {
                self.incident(IncidentKind::Leftover, Some(&first.key), message);
            }
        }
    }

    /// Sends a request that no case renders to, and tells it under the case that it was made of.
    async fn put(&mut self, index: usize, case: &Case, request: &Request) -> Exchange {
        let night = self.night;
        let operation = &night.api.operations[index];
        let exchange = night.transport.send(request, &case.credential, Some(operation)).await;
        if left(&exchange) {
            self.state.requests += u64::from(exchange.attempts.max(1));
            self.state.cases += 1;
            *self.state.tally(index).cases.entry(Phase::Sequence).or_default() += 1;
            self.emitter.emit(EventKind::CaseFinished {
                case: Case { phase: Phase::Sequence, ..case.clone() },
                exchange: exchange.clone(),
                candidates: Vec::new(),
            });
        }
        exchange
    }

    /// The first operation of each path, where all operations of the path may be sent.
    fn first_of_each_path(&self) -> Vec<usize> {
        let mut paths: BTreeMap<String, (usize, bool)> = BTreeMap::new();
        for (index, operation) in self.night.api.operations.iter().enumerate() {
            let entry = paths.entry(operation.path.shape()).or_insert((index, true));
            entry.1 &= self.may_be_asked(index);
        }
        let mut first: Vec<usize> = paths.into_values().filter(|(_, may)| *may).map(|(i, _)| i).collect();
        first.sort_unstable();
        first
    }

    fn may_be_asked(&self, index: usize) -> bool {
        let key = &self.night.api.operations[index].key;
        self.night.options.focuses(key)
            && self.night.plan.jobs.iter().any(|job| job.operation == index && job.is_allowed())
    }
}
