//! Removes what the run created, and says what it could not.

use crate::case::{Case, Credential, Mode, Phase, Reason};
use crate::client::Transport;
use crate::engine::pause::rest;
use crate::engine::sending::shoot;
use crate::engine::state::Owned;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::event::{IncidentKind, Stop};
use crate::plan::Known;
use crate::schema::Pointer;
use crate::spec::OperationKey;
use futures_util::{StreamExt, stream};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Rounds of deletion: what lies inside something else may have to go first. All but the first go one by one, for a
/// target that stumbles over many at once.
const ROUNDS: u32 = 3;
/// Rounds where the target was too busy to answer.
const BUSY_ROUNDS: u32 = 8;
/// The pause before the second round, doubled before each further one.
const PAUSE: Duration = Duration::from_millis(100);
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
        let resources = night.plan.resources.iter().filter(|resource| self.is_unproven(resource));
        let unproven: BTreeSet<String> = resources.map(|resource| resource.item.clone()).collect();
        let mut gone: Vec<Owned> = Vec::new();
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        let mut busy = false;
        // Whoever is away for good is not asked for long.
        let rounds = if self.state.stop == Some(Stop::Environment) { ROUNDS } else { BUSY_ROUNDS };
        for round in 0..rounds {
            if round >= ROUNDS && !busy {
                break;
            }
            let mut deletions = Vec::new();
            for owned in self.state.ledger.iter().rev() {
                let resource = night.plan.resources.iter().find(|resource| resource.item == owned.item);
                let Some(index) = resource.and_then(|resource| resource.delete) else { continue };
                let allowed = night.plan.jobs.iter().any(|job| job.operation == index && job.is_allowed());
                if !allowed || unproven.contains(&owned.item) {
                    continue;
                }
                let operation = &night.api.operations[index];
                let known = Known { path: owned.binding.named(&operation.path), ..Known::default() };
                let case = night.generator.reach(operation, &known).unwrap_or_else(|_| bare(&operation.key));
                let mut case = self.as_wanted(index, placed(case, operation, &owned.binding));
                case.credential = owned.credential.clone();
                let owned = owned.clone();
                deletions.push(async move { (owned, shoot(night, operation, &case).await) });
            }
            if deletions.is_empty() || !in_time {
                break;
            }
            let together = if round == 0 { night.options.workers.max(1) } else { 1 };
            if busy {
                let pause = PAUSE * (1 << round.saturating_sub(1));
                rest(pause.min(left(self.emitter.elapsed_ms()))).await;
            }
            busy = false;
            let mut answers = Box::pin(stream::iter(deletions).buffered(together));
            loop {
                let left = left(self.emitter.elapsed_ms());
                let answer = tokio::time::timeout(left, answers.next()).await;
                in_time = answer.is_ok() && !left.is_zero();
                if !in_time {
                    break;
                }
                let Ok(Some((owned, exchange))) = answer else { break };
                self.state.requests += u64::from(exchange.attempts);
                let removed = |status| (200..300).contains(&status) || matches!(status, 404 | 410);
                // What lay in something that is removed went with it; some answer 403 then.
                let with_parent =
                    |status| (400..500).contains(&status) && gone.iter().any(|outer| lies_in(&owned, outer));
                if exchange.status().is_some_and(|status| removed(status) || with_parent(status)) {
                    self.state.disown(&owned.item, &owned.binding.values);
                    gone.push(owned);
                } else {
                    busy |= matches!(exchange.status(), None | Some(429 | 500..));
                    let answer =
                        exchange.status().map_or("no answer".to_owned(), |status| status.to_string());
                    said.insert(owned.item.clone(), answer);
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
            let why = if deletable && !in_time {
                "the time for it was up".to_owned()
            } else if unproven.contains(&item) {
                "what names them was guessed, and nothing could be read by it".to_owned()
            } else if deletable {
                let answer = said.get(&item).map(|answer| format!(" ({answer})")).unwrap_or_default();
                format!("the target did not remove them{answer}")
            } else {
                "the document has no `DELETE` for them".to_owned()
            };
            let item = night.plan.template(&item);
            self.incident(
                IncidentKind::Leftover,
                None,
                format!("{count} × `{item}` created by this run are left: {why}"),
            );
        }
        for (index, count) in std::mem::take(&mut self.state.unnamed) {
            self.incident(
                IncidentKind::Leftover,
                Some(&night.api.operations[index].key),
                format!(
                    "succeeded {count} times, and no answer tells what was made: if anything was, it is left"
                ),
            );
        }
    }
}

/// Whether one thing lies inside another.
fn lies_in(inner: &Owned, outer: &Owned) -> bool {
    inner.item.strip_prefix(&outer.item).is_some_and(|rest| rest.starts_with('/'))
        && inner.binding.values.starts_with(&outer.binding.values)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Binding;
    use serde_json::{Value, json};

    fn owned(item: &str, values: Value) -> Owned {
        let values = values.as_array().cloned().unwrap_or_default();
        Owned { item: item.to_owned(), binding: Binding { values, own: true }, credential: Credential::Main }
    }

    #[test]
    fn what_went_with_its_bucket_is_not_called_left() {
        let bucket = owned("/buckets/{}", json!(["b"]));
        let check = |item, values, expected| assert_eq!(lies_in(&owned(item, values), &bucket), expected);
        check("/buckets/{}/collections/{}", json!(["b", "c"]), true);
        check("/buckets/{}/collections/{}", json!(["other", "c"]), false);
        check("/buckets/{}", json!(["b"]), false);
        check("/buckets/{}s", json!(["b"]), false);
    }
}
