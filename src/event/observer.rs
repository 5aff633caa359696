//! Who listens to a run.

use crate::event::Event;

/// Gets every event of a run, in order, from one thread.
///
/// An observer cannot stop or change the run; what goes wrong in it is its own affair, told by its own methods.
pub trait Observer {
    /// One event happened.
    fn observe(&mut self, event: &Event);
}

impl<F: FnMut(&Event)> Observer for F {
    fn observe(&mut self, event: &Event) {
        self(event);
    }
}
