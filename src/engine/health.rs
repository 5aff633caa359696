//! Whether the target is still the one that the night began with.
//!
//! The canary is a harmless request that the main key was served once. It is sent between stages, and whenever many
//! answers in a row speak of failing surroundings. If it fails, the night waits; if it keeps failing, the night stops
//! and says so. What showed itself meanwhile is the surroundings' doing and must never be told as a defect.

use crate::case::Case;
use crate::client::Transport;
use crate::engine::lanes::Width;
use crate::engine::sending::shoot;
use crate::engine::walk::Walk;
use crate::event::{IncidentKind, Stop};
use crate::exchange::{Exchange, Method};
use crate::finding::Finding;
use std::ops::Range;

/// Troubled answers in a row that raise the first doubt; each unfounded doubt doubles it.
const TROUBLE: u32 = 6;
/// How often a canary that failed is sent again before the night stops. The pauses double.
const TRIES: u32 = 5;

/// What is known of the target's health.
#[derive(Debug)]
pub(super) struct Health {
    /// A harmless request that was served.
    pub(super) canary: Option<(usize, Case)>,
    /// Troubled answers in a row, and the number of the first of them.
    streak: u32,
    began: u64,
    /// How many in a row raise doubt.
    doubt: u32,
    /// Numbers of the answers that came while the surroundings failed.
    bad: Vec<Range<u64>>,
}

impl Default for Health {
    fn default() -> Self {
        Self { canary: None, streak: 0, began: 0, doubt: TROUBLE, bad: Vec::new() }
    }
}

/// How the canary fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Canary {
    /// Served, or answered in a way that speaks of no trouble.
    Well,
    /// 5xx, or no answer.
    Down,
    /// 401 to the key that was served.
    Refused,
}

impl Health {
    /// Takes in one answer; `number` is its place in the order of cases.
    pub(super) fn note(&mut self, exchange: &Exchange, number: u64) {
        if !is_troubled(exchange) && exchange.status() != Some(401) {
            self.streak = 0;
            return;
        }
        if self.streak == 0 {
            self.began = number;
        }
        self.streak += 1;
    }

    /// Whether so many answers in a row were troubled that the canary should be asked.
    pub(super) fn is_doubtful(&self) -> bool {
        self.streak >= self.doubt
    }

    /// Whether the answer with this number came while the surroundings failed.
    pub(super) fn was_bad(&self, number: u64) -> bool {
        self.bad.iter().any(|span| span.contains(&number))
    }

    fn unfounded(&mut self) {
        if self.is_doubtful() {
            self.doubt = self.doubt.saturating_mul(2);
        }
        self.streak = 0;
    }

    /// The numbers of the answers since the trouble began. What was under way together with the first of them, and what
    /// ran ahead of the last, may have met the trouble out of order.
    fn close(&mut self, end: u64, from: u64, width: Width) {
        let begin = if self.streak > 0 { self.began } else { from };
        let (lanes, ahead) = (width.lanes as u64, width.ahead() as u64);
        self.bad.push(begin.saturating_sub(lanes)..end.saturating_add(ahead));
        self.streak = 0;
    }
}

/// Whether an answer speaks of failing surroundings: a 5xx, or none.
pub(super) fn is_troubled(exchange: &Exchange) -> bool {
    exchange.status().is_none_or(|status| status >= 500)
}

/// Whether a finding could be the fallout of surroundings that fail, or of a key that stopped working.
pub(super) fn is_fallout(finding: &Finding) -> bool {
    let told = finding.evidence.last();
    told.is_some_and(|exchange| is_troubled(exchange) || matches!(exchange.status(), Some(401 | 403)))
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Sends the canary. Waits if it fails; stops the night if it keeps failing.
    pub(super) async fn check_health(&mut self) {
        if self.night.cancel.is_cancelled() || self.state.stop.is_some() {
            return;
        }
        let Some((index, case)) = self.canary() else { return };
        let mut fares = self.ask_canary(index, &case).await;
        if fares == Canary::Well {
            self.state.health.unfounded();
            return;
        }
        let mut pause = self.night.options.patience / (2_u32.pow(TRIES) - 1);
        for _ in 0..TRIES {
            self.wait(pause).await;
            pause *= 2;
            if self.night.cancel.is_cancelled() {
                return;
            }
            fares = self.ask_canary(index, &case).await;
            if fares == Canary::Well {
                break;
            }
        }
        let key = self.night.api.operations[index].key.clone();
        let message = match fares {
            Canary::Well => {
                let now = self.state.cases + 1;
                self.state.health.close(now, now, Width::of(self.night.options));
                let message = format!(
                    "the target was down for a while: `{key}` answered 5xx or nothing, and is served again; what was \
                     answered meanwhile does not count"
                );
                self.incident(IncidentKind::Environment, None, message);
                return;
            }
            Canary::Down => format!(
                "the environment failed: `{key}` answers 502, 503 or 504, another 5xx, or nothing to a request that \
                 was served before"
            ),
            Canary::Refused => format!(
                "the main key stopped working during the run: `{key}` answers 401 to a request that it served before"
            ),
        };
        let sound = self.state.cases + 1;
        self.state.health.close(u64::MAX, sound, Width::of(self.night.options));
        self.incident(IncidentKind::Environment, None, message);
        let (stop, why) = match fares {
            Canary::Refused => (Stop::Key, "the key was no longer taken"),
            Canary::Down | Canary::Well => (Stop::Environment, "the environment failed"),
        };
        self.halt(stop, why.to_owned());
    }

    /// The harmless request that was served: the key proof's, else the simplest question that was answered.
    fn canary(&mut self) -> Option<(usize, Case)> {
        if self.state.health.canary.is_none() {
            let night = self.night;
            let served = self.state.tallies.iter().filter_map(|(index, tally)| {
                let operation = &night.api.operations[*index];
                let (case, exchange) = tally.control.as_ref()?;
                let harmless = operation.method == Method::Get && exchange.response()?.is_success();
                let rank = (!operation.needs_credentials(), operation.path.names().count());
                harmless.then(|| (rank, *index, case.clone()))
            });
            self.state.health.canary =
                served.min_by_key(|(rank, index, _)| (*rank, *index)).map(|(_, index, case)| (index, case));
        }
        self.state.health.canary.clone()
    }

    /// Whether the canary is served right now; without one nobody knows.
    pub(super) async fn is_well(&mut self) -> bool {
        let Some((index, case)) = self.canary() else { return false };
        self.ask_canary(index, &case).await == Canary::Well
    }

    async fn ask_canary(&mut self, index: usize, case: &Case) -> Canary {
        let exchange = shoot(self.night, &self.night.api.operations[index], case).await;
        self.state.requests += u64::from(exchange.attempts.max(1));
        match exchange.status() {
            Some(401) if self.night.options.has_main_key => Canary::Refused,
            _ if is_troubled(&exchange) => Canary::Down,
            _ => Canary::Well,
        }
    }
}
