//! How fast requests may leave: a rate, and slower after the server complained.
//!
//! GCRA (ITU-T I.371) over one shared clock value; the caller sleeps, this file only counts.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The spacing after a first complaint when no rate was set.
const FIRST: Duration = Duration::from_millis(50);
/// The widest spacing that complaints can lead to.
const WIDEST: Duration = Duration::from_secs(2);
/// How many answers without complaint make it quicker again.
const CALM: u32 = 10;

/// Shared by all workers of a client.
pub(super) struct Limiter {
    /// The spacing that was asked for; zero for none.
    base: Duration,
    state: Mutex<State>,
}

struct State {
    /// When the next request may leave.
    next: Option<Instant>,
    /// The spacing in force.
    spacing: Duration,
    calm: u32,
}

impl Limiter {
    /// At most `rate` requests per second.
    pub(super) fn new(rate: Option<f64>) -> Self {
        let base = rate.map(|rate| Duration::from_secs_f64(1.0 / rate)).unwrap_or_default();
        Self { base, state: Mutex::new(State { next: None, spacing: base, calm: 0 }) }
    }

    /// Takes the next slot and tells how long to wait for it.
    pub(super) fn reserve(&self, now: Instant) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = state.next.map_or(now, |next| next.max(now));
        state.next = Some(slot + state.spacing);
        slot.saturating_duration_since(now)
    }

    /// The server said that it is too much: from now on half as fast, and nothing before `pause` is over.
    pub(super) fn slow_down(&self, now: Instant, pause: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.spacing = (state.spacing * 2).clamp(FIRST, WIDEST.max(self.base));
        state.calm = 0;
        let earliest = now + pause;
        state.next = Some(state.next.map_or(earliest, |next| next.max(earliest)));
    }

    /// An answer without complaint.
    pub(super) fn relax(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.spacing <= self.base {
            return;
        }
        state.calm += 1;
        if state.calm >= CALM {
            state.calm = 0;
            let quicker = state.spacing / 2;
            state.spacing =
                if quicker < Duration::from_millis(5) { self.base } else { quicker.max(self.base) };
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests begin at some instant")]
mod tests {
    use super::*;

    #[test]
    fn spaces_requests_evenly() {
        let limiter = Limiter::new(Some(10.0));
        let now = Instant::now();
        let waits: Vec<u128> = (0..4).map(|_| limiter.reserve(now).as_millis()).collect();
        assert_eq!(waits, [0, 100, 200, 300]);
        assert_eq!(limiter.reserve(now + Duration::from_secs(9)), Duration::ZERO);
    }

    #[test]
    fn slows_down_after_a_complaint_and_recovers() {
        let limiter = Limiter::new(None);
        let now = Instant::now();
        assert_eq!((limiter.reserve(now), limiter.reserve(now)), (Duration::ZERO, Duration::ZERO));
        limiter.slow_down(now, Duration::from_secs(1));
        assert_eq!(limiter.reserve(now), Duration::from_secs(1));
        assert_eq!(limiter.reserve(now), Duration::from_secs(1) + FIRST);
        for _ in 0..CALM * 4 {
            limiter.relax();
        }
        let later = now + Duration::from_secs(60);
        assert_eq!((limiter.reserve(later), limiter.reserve(later)), (Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn never_gets_quicker_than_the_rate() {
        let limiter = Limiter::new(Some(4.0));
        let now = Instant::now();
        limiter.slow_down(now, Duration::ZERO);
        for _ in 0..CALM * 9 {
            limiter.relax();
        }
        limiter.reserve(now);
        assert_eq!(limiter.reserve(now), Duration::from_millis(250));
    }
}
