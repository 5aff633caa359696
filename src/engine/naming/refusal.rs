//! What refusals teach of names: which creators want names of their own, and that the seed's are taken.
//!
//! What a refusal (409, or words that say the same) proves is that something in the body is taken. Whether it is the
//! name is tried, never guessed: only if a creation with another one is served, later cases get one each.

use crate::case::{Case, Phase};
use crate::client::Transport;
use crate::engine::naming::Naming;
use crate::engine::sending::{is_served, shoot};
use crate::engine::walk::Walk;
use crate::exchange::Exchange;

/// How far to go on where a name is taken, by an earlier night for instance.
const FURTHER: u64 = 977;
/// How often another name is tried.
const TRIES: u32 = 3;
/// What a refusal says of something that is there already.
const TAKEN: &[&str] = &[
    "already exist",
    "already in use",
    "already taken",
    "already been taken",
    "must be unique",
    "duplicate",
    "not unique",
];

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Makes one more of what `control` made; where that is taken, under another name.
    pub(in crate::engine) async fn create(&mut self, index: usize, control: Case) -> (Case, Exchange) {
        let (case, exchange) = self.create_once(index, &control).await;
        if !is_taken(&exchange) {
            return (case, exchange);
        }
        let known = self.state.unique.get(&index).cloned();
        let attempts = known.map_or_else(|| self.attempts(index, &control), |known| vec![known]);
        for names in attempts.into_iter().filter(|names| !names.is_empty()) {
            self.state.unique.insert(index, names);
            for _ in 0..TRIES {
                self.state.names += FURTHER;
                let (case, exchange) = self.create_once(index, &control).await;
                if exchange.response().is_some_and(is_served) {
                    return (case, exchange);
                }
                if !is_taken(&exchange) {
                    break;
                }
            }
        }
        // Something else is taken: nothing is to be gained by other names.
        self.state.unique.insert(index, Vec::new());
        (case, exchange)
    }

    async fn create_once(&mut self, index: usize, control: &Case) -> (Case, Exchange) {
        let case = self.fresh(index, control.clone());
        let exchange = shoot(self.night, &self.night.api.operations[index], &case).await;
        self.state.requests += u64::from(exchange.attempts.max(1));
        // Who falls over a name that is taken shows it here, where it is sent a second time.
        self.suspect_anywhere(index, &case, &exchange);
        (case, exchange)
    }

    /// Finds out which creators want names of their own, before many cases depend on it.
    pub(in crate::engine) async fn learn_names(&mut self) {
        let night = self.night;
        for resource in &night.plan.resources {
            let Some(index) = resource.create else { continue };
            let allowed = night.plan.jobs.iter().any(|job| {
                job.operation == index
                    && job.is_allowed()
                    && night.options.focuses(&night.api.operations[index].key)
            });
            if !allowed || self.state.unique.contains_key(&index) || self.over() {
                continue;
            }
            let Some((control, _)) = self.state.tally(index).control.clone() else { continue };
            if self.attempts(index, &control).is_empty() {
                continue;
            }
            let (case, exchange) = self.create(index, Case { phase: Phase::Sequence, ..control }).await;
            self.note_creation(index, &case, &exchange);
            self.state.unique.entry(index).or_default();
        }
    }

    /// Takes the clock for names if the seed's are taken: a creation that nothing was made by yet was refused for its name.
    pub(in crate::engine) fn doubt_names(&mut self, index: usize, case: &Case, exchange: &Exchange) {
        let creates = self.night.plan.resources.iter().any(|resource| resource.create == Some(index));
        if creates
            && is_taken(exchange)
            && !self.state.tally(index).reached()
            && !matches!(self.naming(index, case, 0, 0), Naming::Harmless)
        {
            self.state.is_seed_taken = true;
        }
    }
}

/// Whether an answer says that there is such a thing already.
fn is_taken(exchange: &Exchange) -> bool {
    let Some(response) = exchange.response() else { return false };
    match response.status {
        409 => true,
        400 | 422 => {
            let said = response.body.text().unwrap_or_default().to_ascii_lowercase();
            TAKEN.iter().any(|words| said.contains(words))
        }
        _ => false,
    }
}
