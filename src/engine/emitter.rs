//! Numbers events and hands them to observers.

use crate::event::{Event, EventKind, Observer};
use std::time::{Duration, Instant};

/// The one place where events get their number and time.
pub struct Emitter<'o> {
    observers: Vec<&'o mut dyn Observer>,
    next: u64,
    clock: Box<dyn Fn() -> Duration + 'o>,
}

#[expect(clippy::disallowed_methods, reason = "`engine` keeps the run's clock")]
impl<'o> Emitter<'o> {
    /// Starts the run's clock.
    pub fn new(observers: Vec<&'o mut dyn Observer>) -> Self {
        let began = Instant::now();
        Self::with_clock(observers, move || began.elapsed())
    }

    /// The same by another clock, which says how long the run has gone on.
    pub fn with_clock(observers: Vec<&'o mut dyn Observer>, clock: impl Fn() -> Duration + 'o) -> Self {
        Self { observers, next: 0, clock: Box::new(clock) }
    }

    /// Tells every observer, in order.
    pub fn emit(&mut self, kind: EventKind) {
        let event = Event { seq: self.next, at_ms: self.elapsed_ms(), kind };
        self.next += 1;
        for observer in &mut self.observers {
            observer.observe(&event);
        }
    }

    /// Milliseconds since the run began.
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from((self.clock)().as_millis()).unwrap_or(u64::MAX)
    }
}
