//! Numbers events and hands them to observers.

use crate::event::{Event, EventKind, Observer};
use std::time::Instant;

/// The one place where events get their number and time.
pub struct Emitter<'o> {
    observers: Vec<&'o mut dyn Observer>,
    next: u64,
    began: Instant,
}

#[expect(clippy::disallowed_methods, reason = "`engine` keeps the run's clock")]
impl<'o> Emitter<'o> {
    /// Starts the run's clock.
    pub fn new(observers: Vec<&'o mut dyn Observer>) -> Self {
        Self { observers, next: 0, began: Instant::now() }
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
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
