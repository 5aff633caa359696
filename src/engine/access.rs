//! The same requests as somebody else: nobody, a key nobody issued, a revoked key, a limited role.

use crate::case::{Case, Credential, Phase};
use crate::check::{judge_auth, judge_revoked, judge_scope};
use crate::client::Transport;
use crate::engine::sending::{left, shoot};
use crate::engine::state::Proof;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::event::EventKind;
use crate::exchange::{Exchange, Method};
use crate::finding::Finding;
use crate::plan::{Job, Permission};

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// For each operation that needs a key and answered 2xx to the main one: who else gets in?
    pub(super) async fn access(&mut self) {
        let night = self.night;
        let wanted = self.wanted(&["auth-ignored", "revoked-key-accepted", "key-scope"]);
        if wanted.is_empty() || !night.options.has_main_key {
            return;
        }
        let jobs: Vec<&Job> =
            night.plan.jobs.iter().filter(|job| !matches!(job.permission, Permission::Never { .. })).collect();
        self.stage("access", jobs.len());
        for job in jobs {
            if self.over() {
                return;
            }
            let operation = &night.api.operations[job.operation];
            let Some((control, _)) = self.state.tally(job.operation).control.clone() else { continue };
            if !operation.needs_credentials() || !night.options.focuses(&operation.key) {
                continue;
            }
            let mut strangers = Vec::new();
            if wanted.contains("auth-ignored") {
                strangers.extend([Credential::Anonymous, Credential::Malformed]);
            }
            if wanted.contains("revoked-key-accepted") {
                let revoked = night.options.keys.iter().filter(|key| key.revoked);
                strangers.extend(revoked.map(|key| Credential::Named(key.name.clone())));
            }
            for credential in strangers {
                self.ask_as(job, &control, credential).await;
            }
            if wanted.contains("key-scope") {
                self.ask_beyond_scope(job, &control).await;
            }
        }
    }

    /// The control's request as somebody else; the control itself is repeated right after, so that it still holds.
    async fn ask_as(&mut self, job: &Job, control: &Case, credential: Credential) {
        if let Some((finding, rule)) = self.ask_pair(job, control, &credential).await {
            self.state.tally(job.operation).exercise(&[rule]);
            if let Some(finding) = finding {
                let proof = Proof::Pair { case: control.clone(), credential };
                self.state.suspect(job.operation, finding, proof);
            }
        }
    }

    /// Sends a case as a stranger, then with the main key, and judges the two.
    ///
    /// `None` if the control did not hold, so that nothing can be said.
    pub(super) async fn ask_pair(
        &mut self,
        job: &Job,
        case: &Case,
        credential: &Credential,
    ) -> Option<(Option<Finding>, &'static str)> {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let mut case = case.clone();
        // A deletion consumes what it is sent to.
        if let (Method::Delete, Permission::OwnOnly { item }) = (operation.method, &job.permission) {
            case = placed(case, &self.provide(item).await?);
        } else if operation.method == Method::Delete {
            return None;
        }
        case.phase = Phase::Access;
        let stranger = Case { credential: credential.clone(), ..case.clone() };
        let other = shoot(night, operation, &stranger).await;
        self.tell(job.operation, &stranger, &other);
        let refused = other.status().is_some_and(|status| !(200..300).contains(&status));
        // A refusal needs no control: whatever the main key would get, the stranger got nothing.
        let control = if refused { other.clone() } else { shoot(night, operation, &case).await };
        if !refused {
            self.tell(job.operation, &case, &control);
            let gone = operation.method == Method::Delete && control.status().is_some_and(|s| matches!(s, 404 | 410));
            if !gone && !control.response().is_some_and(crate::exchange::Response::is_success) {
                return None;
            }
        }
        let (finding, rule) = match credential {
            Credential::Main => return None,
            Credential::Anonymous | Credential::Malformed => {
                (judge_auth(operation, &control, &other, credential), "auth-ignored")
            }
            Credential::Named(name) => {
                if night.options.keys.iter().any(|key| key.name == *name && key.revoked) {
                    (judge_revoked(operation, &control, &other, name), "revoked-key-accepted")
                } else {
                    (judge_scope(operation, &control, &other, name), "key-scope")
                }
            }
        };
        let finding = finding.map(|mut finding| {
            finding.case = Some(stranger);
            finding.evidence = vec![control, other];
            finding
        });
        Some((finding, rule))
    }

    /// Requests that a limited key must not make, on each place that is known.
    async fn ask_beyond_scope(&mut self, job: &Job, control: &Case) {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let mut cases = vec![control.clone()];
        if operation.method.is_safe() {
            for known in self.alternatives(job) {
                cases.extend(night.generator.reach(operation, &known).ok());
            }
        }
        for key in night.options.keys.iter().filter(|key| !key.revoked) {
            let forbidden = cases.iter().find(|case| {
                let path = case.render(operation, "").map(|request| request.url).unwrap_or_default();
                let path = path.split('?').next().unwrap_or_default();
                key.denied.iter().any(|selector| selector.takes_path(operation.method.as_str(), path))
            });
            if let Some(case) = forbidden.cloned() {
                self.ask_as(job, &case, Credential::Named(key.name.clone())).await;
            }
        }
    }

    /// Counts and tells an exchange that a pair rule judges.
    pub(super) fn tell(&mut self, index: usize, case: &Case, exchange: &Exchange) {
        if !left(exchange) {
            return;
        }
        self.state.requests += u64::from(exchange.attempts.max(1));
        self.state.cases += 1;
        self.note_creation(index, case, exchange);
        let tally = self.state.tally(index);
        *tally.cases.entry(case.phase).or_default() += 1;
        let event = EventKind::CaseFinished { case: case.clone(), exchange: exchange.clone(), candidates: Vec::new() };
        self.emitter.emit(event);
    }
}
