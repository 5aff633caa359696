//! Proves that the keys work before anything else is sent.

use crate::case::{Case, Credential};
use crate::check::refuses_in_body;
use crate::client::Transport;
use crate::engine::EngineError;
use crate::engine::sending::shoot;
use crate::engine::walk::Walk;
use crate::event::IncidentKind;
use crate::exchange::{Method, Response, TransportErrorKind};
use crate::plan::{Known, Permission};

/// How many operations are asked before a refusal counts.
const PROBES: usize = 5;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Asks a few harmless operations with each key that ought to work.
    ///
    /// The main key is refused if every probe answers 401, or if every probe refuses it (403, a redirect to a login,
    /// a refusal in the body) exactly as it refuses a key that nobody issued. Any other answer, even 404, shows that
    /// the key is known.
    pub(super) async fn prove_keys(&mut self) -> Result<(), EngineError> {
        let night = self.night;
        let probes = self.probes();
        self.stage("keys", probes.len());
        let needy = night.api.operations.iter().find(|operation| operation.needs_credentials());
        if let Some(operation) = needy.filter(|_| !night.options.has_main_key) {
            let reachable = night
                .plan
                .jobs
                .iter()
                .any(|job| job.is_allowed() && !night.api.operations[job.operation].needs_credentials());
            if !reachable {
                return Err(EngineError::KeyMissing { operation: operation.key.to_string() });
            }
            self.incident(
                IncidentKind::NotExercised,
                None,
                "no key was given: operations that need one will be refused",
            );
        }
        let mut refusals = Vec::new();
        for (index, case) in &probes {
            let operation = &night.api.operations[*index];
            let exchange = shoot(night, operation, case).await;
            self.state.requests += u64::from(exchange.attempts);
            match &exchange.outcome {
                Err(error) if error.kind == TransportErrorKind::Connect => {
                    return Err(EngineError::Unreachable {
                        base_url: night.options.base_url.clone(),
                        reason: error.message.clone(),
                    });
                }
                Ok(response)
                    if says_no(response) && operation.needs_credentials() && night.options.has_main_key =>
                {
                    refusals.push((*index, case, response.status));
                }
                Err(_) => {}
                Ok(response) if operation.needs_credentials() => {
                    if response.is_success() {
                        self.state.health.canary = Some((*index, case.clone()));
                    }
                    refusals.clear();
                    break;
                }
                Ok(_) => {}
            }
        }
        let Some((index, _, status)) = refusals.first().copied() else {
            return self.prove_named(&probes).await;
        };
        // 401 is plain. Anything else may also mean that a good key lacks the right: then it is not answered like a key
        // that nobody issued.
        let refused =
            refusals.iter().all(|(_, _, status)| *status == 401) || self.is_like_none(&refusals).await;
        let operation = night.api.operations[index].key.to_string();
        if refused {
            return Err(EngineError::KeyRefused { key: "main".to_owned(), operation, status });
        }
        let message =
            format!("the main key may do nothing that was asked first: `{operation}` answers {status}");
        self.incident(IncidentKind::NotExercised, None, message);
        self.prove_named(&probes).await
    }

    /// Whether a key that nobody issued is answered the same everywhere.
    async fn is_like_none(&mut self, refusals: &[(usize, &Case, u16)]) -> bool {
        let night = self.night;
        for (index, case, status) in refusals {
            let case = Case { credential: Credential::Malformed, ..(*case).clone() };
            let exchange = shoot(night, &night.api.operations[*index], &case).await;
            self.state.requests += u64::from(exchange.attempts);
            if exchange.status() != Some(*status) {
                return false;
            }
        }
        true
    }

    /// A limited key that every probe refuses with 401 proves nothing in the access stage: say so.
    async fn prove_named(&mut self, probes: &[(usize, Case)]) -> Result<(), EngineError> {
        let night = self.night;
        for key in night.options.keys.iter().filter(|key| !key.revoked) {
            let mut refusal = None;
            for (index, case) in probes {
                let operation = &night.api.operations[*index];
                let case = Case { credential: Credential::Named(key.name.clone()), ..case.clone() };
                let exchange = shoot(night, operation, &case).await;
                self.state.requests += u64::from(exchange.attempts);
                if !operation.needs_credentials() {
                    continue;
                }
                match exchange.status() {
                    Some(401) => refusal = Some((operation.key.to_string(), 401)),
                    Some(_) => {
                        refusal = None;
                        break;
                    }
                    None => {}
                }
            }
            if let Some((operation, status)) = refusal {
                return Err(EngineError::KeyRefused { key: key.name.clone(), operation, status });
            }
        }
        Ok(())
    }

    /// If the main key was ever refused, asks once more what was answered before: a key that stopped working is told
    /// once, instead of a night that looks quiet.
    pub(super) async fn prove_key_again(&mut self) {
        let night = self.night;
        let refused = self.state.tallies.values().any(|tally| tally.statuses.contains_key(&401));
        if !night.options.has_main_key || !refused || self.over() {
            return;
        }
        let asked = (0..night.api.operations.len()).filter(|index| {
            let operation = &night.api.operations[*index];
            operation.method == Method::Get && operation.needs_credentials()
        });
        let asked: Vec<usize> = asked.filter(|index| self.state.tally(*index).control.is_some()).collect();
        let fixed = |index: &&usize| night.api.operations[**index].path.names().next().is_none();
        let Some(index) = asked.iter().find(fixed).or(asked.first()).copied() else { return };
        let Some((case, _)) = self.state.tally(index).control.clone() else { return };
        let operation = &night.api.operations[index];
        let exchange = shoot(night, operation, &case).await;
        self.state.requests += u64::from(exchange.attempts);
        if exchange.status() == Some(401) {
            let message = format!(
                "the main key stopped working during the run: `{}` answers 401 to a request that it served before",
                operation.key
            );
            self.incident(IncidentKind::Environment, None, message);
        }
    }

    /// Harmless operations, those that need a key and no path value first.
    fn probes(&self) -> Vec<(usize, Case)> {
        let night = self.night;
        let mut indices: Vec<usize> = night
            .plan
            .jobs
            .iter()
            .filter(|job| job.permission == Permission::Free)
            .map(|job| job.operation)
            .filter(|index| night.api.operations[*index].method == Method::Get)
            .collect();
        indices.sort_by_key(|index| {
            let operation = &night.api.operations[*index];
            let required = operation.parameters.iter().filter(|p| p.required).count();
            (!operation.needs_credentials(), operation.path.names().count(), required)
        });
        let known = Known { path: night.options.overrides.clone(), ..Known::default() };
        let cases = indices.into_iter().take(PROBES);
        cases
            .filter_map(|i| Some((i, night.generator.reach(&night.api.operations[i], &known).ok()?)))
            .collect()
    }
}

/// Whether an answer refuses whoever asked: by its status, by leading to a login, in its body.
fn says_no(response: &Response) -> bool {
    matches!(response.status, 401 | 403 | 301 | 302 | 303 | 307) || refuses_in_body(response)
}
