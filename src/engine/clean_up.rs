//! Removes what the run created, and says what it could not.

use crate::case::{Case, Credential, Mode, Phase, Reason};
use crate::client::Transport;
use crate::engine::sending::shoot;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::event::IncidentKind;
use crate::plan::Known;
use crate::schema::Pointer;
use crate::spec::OperationKey;
use futures_util::{StreamExt, stream};
use std::collections::BTreeMap;
use std::time::Duration;

/// Rounds of deletion: what lies inside something else may have to go first.
const ROUNDS: usize = 2;
/// The time for all of it, whatever became of the night's own: a target that hangs must not hold a night for ever.
const RESERVE: Duration = Duration::from_secs(120);

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Deletes everything in the ledger, youngest first. Works after an interruption too.
    pub(super) async fn clean_up(&mut self) {
        let night = self.night;
        self.stage("clean-up", self.state.ledger.len());
        let began = self.emitter.elapsed_ms();
        let left = |now: u64| RESERVE.saturating_sub(Duration::from_millis(now.saturating_sub(began)));
        let mut in_time = true;
        for _ in 0..ROUNDS {
            let mut deletions = Vec::new();
            for owned in self.state.ledger.iter().rev() {
                let resource = night.plan.resources.iter().find(|resource| resource.item == owned.item);
                let Some(index) = resource.and_then(|resource| resource.delete) else { continue };
                let allowed = night.plan.jobs.iter().any(|job| job.operation == index && job.is_allowed());
                if !allowed {
                    continue;
                }
                let operation = &night.api.operations[index];
                let known = Known { path: owned.binding.named(&operation.path), ..Known::default() };
                let case = night.generator.reach(operation, &known).unwrap_or_else(|_| bare(&operation.key));
                let mut case = placed(case, operation, &owned.binding);
                case.credential = owned.credential.clone();
                let owned = owned.clone();
                deletions.push(async move { (owned, shoot(night, operation, &case).await) });
            }
            if deletions.is_empty() || !in_time {
                break;
            }
            let mut answers = Box::pin(stream::iter(deletions).buffered(night.options.workers.max(1)));
            loop {
                let left = left(self.emitter.elapsed_ms());
                let answer = tokio::time::timeout(left, answers.next()).await;
                in_time = answer.is_ok() && !left.is_zero();
                if !in_time {
                    break;
                }
                let Ok(Some((owned, exchange))) = answer else { break };
                self.state.requests += u64::from(exchange.attempts);
                if exchange
                    .status()
                    .is_some_and(|status| (200..300).contains(&status) || matches!(status, 404 | 410))
                {
                    self.state.disown(&owned.item, &owned.binding.values);
                }
            }
        }
        let mut left: BTreeMap<String, u64> = BTreeMap::new();
        for owned in &self.state.ledger {
            *left.entry(owned.item.clone()).or_default() += 1;
        }
        for (item, count) in left {
            let resource = night.plan.resources.iter().find(|resource| resource.item == item);
            let deletable = resource.is_some_and(|resource| resource.delete.is_some());
            let item = night.plan.template(&item);
            let why = if deletable && !in_time {
                "the time for it was up"
            } else if deletable {
                "the target did not remove them"
            } else {
                "the document has no `DELETE` for them"
            };
            self.incident(
                IncidentKind::Leftover,
                None,
                format!("{count} × `{item}` created by this run are left: {why}"),
            );
        }
    }
}

fn bare(operation: &OperationKey) -> Case {
    Case {
        operation: operation.clone(),
        mode: Mode::Positive,
        phase: Phase::Sequence,
        index: 0,
        reason: Reason {
            pointer: Pointer::root(),
            keyword: String::new(),
            how: "clean-up".to_owned(),
            part: String::new(),
        },
        parameters: Vec::new(),
        body: None,
        credential: Credential::Main,
    }
}
