//! The same requests as somebody else: nobody, a key nobody issued, a revoked key, a limited role.

use crate::case::{Case, Credential, Phase};
use crate::check::{Judgement, Probe, judge_auth, judge_revoked, judge_scope};
use crate::client::{FAKE_KEY, Transport, fake_pair};
use crate::engine::sending::{left, shoot};
use crate::engine::state::Proof;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::event::{EventKind, IncidentKind};
use crate::exchange::{Exchange, Method, Request, Response};
use crate::finding::Family;
use crate::plan::{Job, Permission};

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// For each operation that needs a key and answered 2xx to the main one: who else gets in?
    pub(super) async fn access(&mut self) {
        let night = self.night;
        let wanted = self.wanted(&["auth-ignored", "revoked-key-accepted", "key-scope"]);
        if wanted.is_empty() || !night.options.has_main_key {
            return;
        }
        let jobs: Vec<&Job> = night.plan.jobs.iter().filter(|job| job.is_allowed()).collect();
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
            // Where anybody gets in, a revoked or limited key does too: one hole is one finding.
            if wanted.contains("auth-ignored")
                && self.ask_as(job, &control, vec![Credential::Anonymous, Credential::Malformed]).await
            {
                continue;
            }
            if wanted.contains("revoked-key-accepted") {
                for key in night.options.keys.iter().filter(|key| key.revoked) {
                    self.ask_as(job, &control, vec![Credential::Named(key.name.clone())]).await;
                }
            }
            if wanted.contains("key-scope") {
                self.ask_beyond_scope(job, &control).await;
            }
        }
    }

    /// The control's request as others, judged. Whether one of them got in who ought not to.
    async fn ask_as(&mut self, job: &Job, control: &Case, credentials: Vec<Credential>) -> bool {
        let Some(judgement) = self.ask(job, control, &credentials).await else {
            return self.state.tally(job.operation).ambient;
        };
        self.state.tally(job.operation).exercise(&judgement.exercised);
        // A refusal in the wrong words is a refusal.
        let open = judgement.findings.iter().any(|finding| finding.family == Family::Access);
        for finding in judgement.findings {
            let proof = Proof::Others { case: control.clone(), credentials: credentials.clone() };
            self.state.suspect(job.operation, finding, proof);
        }
        open
    }

    /// Sends a case as each of the others and judges them beside the main key's answer.
    ///
    /// If one of them was served, the main key asks once more right after, so that the control still holds.
    /// `None` if nothing can be said.
    pub(super) async fn ask(
        &mut self,
        job: &Job,
        case: &Case,
        credentials: &[Credential],
    ) -> Option<Judgement> {
        let night = self.night;
        let operation = &night.api.operations[job.operation];
        let mut case = Case { phase: Phase::Access, ..case.clone() };
        match (operation.method, &job.permission) {
            // A deletion consumes what it is sent to.
            (Method::Delete, Permission::OwnOnly { item, .. }) => {
                case = placed(case, operation, &self.provide(item).await?);
            }
            (Method::Delete, _) => return None,
            _ => {}
        }
        let mut answers = Vec::new();
        for credential in credentials {
            let stranger = Case { credential: credential.clone(), ..case.clone() };
            let exchange = shoot(night, operation, &stranger).await;
            self.tell(job.operation, &stranger, &exchange);
            answers.push((stranger, exchange));
        }
        let served =
            answers.iter().any(|(_, exchange)| exchange.response().is_some_and(Response::is_success));
        let mut control = self.state.tally(job.operation).control.clone().map(|(_, exchange)| exchange)?;
        if served && operation.method != Method::Delete {
            control = shoot(night, operation, &case).await;
            self.tell(job.operation, &case, &control);
        }
        let others = answers.iter().find_map(|(case, exchange)| {
            let got_in = exchange.response().is_some_and(Response::is_success);
            stowaway(&exchange.request, &case.credential).filter(|_| got_in)
        });
        if let Some(name) = others {
            // Whoever that is may well be let in: it was no request without a key.
            self.state.tally(job.operation).ambient = true;
            let message = format!(
                "whether a key is needed cannot be told: `{name}` goes out with every request and may be one too"
            );
            if self.state.said.insert(message.clone()) {
                self.incident(IncidentKind::NotExercised, None, message);
            }
            return None;
        }
        let context = self.context(job.operation);
        let mut judgement = Judgement::default();
        // A request that differs from the main key's in nothing proves nothing: no key was on either.
        let probes: Vec<Probe> = answers
            .iter()
            .filter(|(_, exchange)| exchange.request != control.request)
            .map(|(case, exchange)| Probe { credential: case.credential.clone(), exchange })
            .collect();
        if credentials.contains(&Credential::Anonymous) {
            judgement = judge_auth(&context, &control, &probes);
        }
        for (stranger, other) in &answers {
            let Credential::Named(name) = &stranger.credential else { continue };
            if other.request == control.request {
                continue;
            }
            let revoked = night.options.keys.iter().any(|key| key.name == *name && key.revoked);
            let one = if revoked {
                judge_revoked(&context, &control, &probes, other, name)
            } else {
                judge_scope(&context, &control, &probes, other, name)
            };
            judgement.findings.extend(one.findings);
            judgement.exercised.extend(one.exercised);
        }
        for finding in &mut judgement.findings {
            let shown = finding.evidence.last();
            let stranger = answers.iter().find(|(_, exchange)| Some(exchange) == shown).or(answers.first());
            finding.case = stranger.map(|(case, _)| case.clone());
        }
        Some(judgement)
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
                let base = &night.options.base_url;
                let Ok(request) = case.render(operation, base) else { return false };
                let path = request.url.strip_prefix(base.as_str()).unwrap_or(&request.url);
                let path = path.split('?').next().unwrap_or_default();
                key.denied.iter().any(|selector| selector.takes_path(operation.method.as_str(), path))
            });
            if let Some(case) = forbidden.cloned() {
                self.ask_as(job, &case, vec![Credential::Named(key.name.clone())]).await;
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
        let candidates = self.suspect_anywhere(index, case, exchange);
        let tally = self.state.tally(index);
        *tally.cases.entry(case.phase).or_default() += 1;
        let event = EventKind::CaseFinished { case: case.clone(), exchange: exchange.clone(), candidates };
        self.emitter.emit(event);
    }
}

/// Names, without what separates their words, under which credentials travel.
const CARRIERS: &[&str] = &[
    "accesstoken",
    "apikey",
    "auth",
    "authorization",
    "authtoken",
    "jwt",
    "key",
    "session",
    "sessionid",
    "sessiontoken",
    "sid",
    "sig",
    "signature",
    "token",
    "xaccesstoken",
    "xapikey",
    "xapitoken",
    "xauth",
    "xauthkey",
    "xauthtoken",
    "xsessionid",
    "xsessiontoken",
    "xtoken",
];

/// The name of a header, cookie or query parameter that carries a credential which is not the caller's own.
fn stowaway(request: &Request, credential: &Credential) -> Option<String> {
    let strange = |value: &str| match credential {
        Credential::Anonymous => true,
        Credential::Malformed => !value.contains(FAKE_KEY) && !value.contains(&fake_pair()),
        // Whether these open the door by themselves was seen when nobody asked.
        Credential::Main | Credential::Named(_) => false,
    };
    let carries = |name: &str, value: &str| {
        let plain: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        CARRIERS.contains(&plain.as_str()) && strange(value)
    };
    let pairs = |text: &str, separator: char| -> Vec<(String, String)> {
        let pairs = text.split(separator).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.map(|(name, value)| (name.trim().to_owned(), value.to_owned())).collect()
    };
    let query = request.url.split_once('?').map(|(_, query)| pairs(query, '&')).unwrap_or_default();
    let headers = request.headers.iter().flat_map(|(name, value)| match name.as_str() {
        "cookie" => pairs(value, ';'),
        _ => vec![(name.clone(), value.clone())],
    });
    headers.chain(query).find(|(name, value)| carries(name, value)).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, headers: &[(&str, &str)], credential: &Credential, expected: Option<&str>) {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let request = Request { method: Method::Get, url: url.to_owned(), headers, body: None };
        assert_eq!(stowaway(&request, credential).as_deref(), expected);
    }

    #[test]
    fn a_key_of_somebody_else_is_seen_wherever_it_stands() {
        let nobody = &Credential::Anonymous;
        check("/a", &[("authorization", "Bearer [secret]")], nobody, Some("authorization"));
        check("/a", &[("x-auth-token", "[secret]")], nobody, Some("x-auth-token"));
        check("/a", &[("cookie", "theme=dark; session_id=1")], nobody, Some("session_id"));
        check("/a?limit=1&api_key=x", &[], nobody, Some("api_key"));
        check("/a", &[("x-api-key", FAKE_KEY)], &Credential::Malformed, None);
        let both = [("x-api-key", FAKE_KEY), ("authorization", "Basic [secret]")];
        check("/a", &both, &Credential::Malformed, Some("authorization"));
    }

    #[test]
    fn what_carries_no_key_is_none() {
        let plain =
            [("accept", "*/*"), ("x-tenant", "t1"), ("cookie", "theme=dark"), ("idempotency-key", "1")];
        check("/a?page_token=f3&sort=key&q=token", &plain, &Credential::Anonymous, None);
        check("/a", &[("authorization", "Bearer x")], &Credential::Named("viewer".to_owned()), None);
    }
}
