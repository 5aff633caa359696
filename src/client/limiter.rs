//! How fast requests may leave: a rate, slower after the server complained, and step by step quicker again.
//!
//! GCRA (ITU-T I.371) over one shared clock value, its rate steered by additive increase and multiplicative decrease
//! (Chiu and Jain, 1989): halved by a complaint, raised by a fixed step after a number of answers without one. The
//! caller sleeps, this file only counts.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The rate after a first complaint when none was set, in requests per second.
const FIRST: f64 = 20.0;
/// The lowest rate that complaints can lead to.
const LEAST: f64 = 0.5;
/// What the rate gains.
const STEP: f64 = 4.0;
/// How many answers without complaint it takes to gain it.
const CALM: u32 = 10;
/// The rate above which there is none any more when none was set.
const FREE: f64 = 200.0;

/// Shared by all workers of a client.
pub(super) struct Limiter {
    /// The rate that was asked for, in requests per second; `None` for no limit.
    ceiling: Option<f64>,
    state: Mutex<State>,
}

struct State {
    /// When the next request may leave.
    next: Option<Instant>,
    /// The rate in force.
    rate: Option<f64>,
    calm: u32,
    /// When the rate was last lowered.
    lowered: Option<Instant>,
}

impl Limiter {
    /// At most `rate` requests per second.
    pub(super) fn new(rate: Option<f64>) -> Self {
        let state = State { next: None, rate, calm: 0, lowered: None };
        Self { ceiling: rate, state: Mutex::new(state) }
    }

    /// Takes the next slot and tells how long to wait for it.
    pub(super) fn reserve(&self, now: Instant) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = state.next.map_or(now, |next| next.max(now));
        let spacing = state.rate.map(|rate| Duration::from_secs_f64(1.0 / rate)).unwrap_or_default();
        state.next = Some(slot + spacing);
        slot.saturating_duration_since(now)
    }

    /// The server said of a request that left at `sent` that it is too much: from now on half as fast, and nothing
    /// before `pause` is over. Complaints about what left before the rate was lowered say nothing new.
    pub(super) fn slow_down(&self, now: Instant, sent: Instant, pause: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calm = 0;
        if state.lowered.is_none_or(|lowered| sent >= lowered) {
            let least = self.ceiling.map_or(LEAST, |ceiling| ceiling.min(LEAST));
            state.rate = Some(state.rate.map_or(FIRST, |rate| rate / 2.0).max(least));
            state.lowered = Some(now);
        }
        let earliest = now + pause;
        state.next = Some(state.next.map_or(earliest, |next| next.max(earliest)));
    }

    /// An answer without complaint.
    pub(super) fn relax(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(rate) = state.rate.filter(|rate| self.ceiling.is_none_or(|ceiling| *rate < ceiling)) else {
            return;
        };
        state.calm += 1;
        if state.calm < CALM {
            return;
        }
        state.calm = 0;
        state.rate = match self.ceiling {
            Some(ceiling) => Some((rate + STEP).min(ceiling)),
            None => Some(rate + STEP).filter(|rate| *rate < FREE),
        };
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests begin at some instant")]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The spacing in force, in milliseconds.
    fn spacing(limiter: &Limiter, at: Instant) -> u128 {
        limiter.reserve(at);
        limiter.reserve(at).as_millis()
    }

    fn calm(limiter: &Limiter, steps: u32) {
        (0..CALM * steps).for_each(|_| limiter.relax());
    }

    #[test]
    fn spaces_requests_evenly() {
        let limiter = Limiter::new(Some(10.0));
        let now = Instant::now();
        let waits: Vec<u128> = (0..4).map(|_| limiter.reserve(now).as_millis()).collect();
        assert_eq!(waits, [0, 100, 200, 300]);
        assert_eq!(limiter.reserve(now + Duration::from_secs(9)), Duration::ZERO);
    }

    #[test]
    fn a_complaint_halves_the_rate_and_it_comes_back_in_steps() {
        let limiter = Limiter::new(None);
        let now = Instant::now();
        assert_eq!((limiter.reserve(now), limiter.reserve(now)), (Duration::ZERO, Duration::ZERO));
        limiter.slow_down(now, now, SECOND);
        assert_eq!(limiter.reserve(now), SECOND);
        assert_eq!(limiter.reserve(now), SECOND + Duration::from_millis(50));
        limiter.slow_down(now + SECOND, now + SECOND, Duration::ZERO);
        assert_eq!(spacing(&limiter, now + SECOND * 9), 100);
        calm(&limiter, 5);
        assert_eq!(spacing(&limiter, now + SECOND * 19), 33, "10 and five steps of 4 make 30 in a second");
        calm(&limiter, 42);
        assert_eq!(spacing(&limiter, now + SECOND * 29), 5, "198 in a second");
        calm(&limiter, 1);
        assert_eq!(spacing(&limiter, now + SECOND * 39), 0, "no limit again");
    }

    #[test]
    fn one_burst_of_complaints_counts_once_and_there_is_a_lowest_rate() {
        let limiter = Limiter::new(None);
        let now = Instant::now();
        for answer in 1..9 {
            limiter.slow_down(now + SECOND * answer, now, Duration::ZERO);
        }
        assert_eq!(spacing(&limiter, now + SECOND * 20), 50);
        for later in 30..60 {
            limiter.slow_down(now + SECOND * later, now + SECOND * later, Duration::ZERO);
        }
        assert_eq!(spacing(&limiter, now + SECOND * 100), 2000);
    }

    #[test]
    fn never_gets_quicker_than_the_rate() {
        for rate in [4.0, 0.25] {
            let limiter = Limiter::new(Some(rate));
            let now = Instant::now();
            limiter.slow_down(now, now, Duration::ZERO);
            calm(&limiter, 9);
            limiter.reserve(now);
            assert_eq!(limiter.reserve(now), Duration::from_secs_f64(1.0 / rate));
        }
    }
}
