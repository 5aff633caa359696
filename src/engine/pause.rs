//! Lets time pass, for servers that need some. Nothing else in the engine sleeps; nothing here may send.

use crate::client::Transport;
use crate::engine::walk::Walk;
use std::time::Duration;

/// How long after a doubtful reading it is read again; twice as long each further time.
pub(super) const PAUSE: Duration = Duration::from_millis(5);
/// The longest of these pauses for one resource where no window is set: 0.3 s in all.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_millis(160);

/// Lets this much time pass, whatever the clock says: for pauses that are short or that the caller has cut.
#[expect(
    clippy::disallowed_methods,
    reason = "a target that is busy, restarted or follows behind needs time, and a night ends in time"
)]
pub(super) async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The last of the doubling pauses that together take as long as a write may take to show.
    pub(super) fn longest_pause(&self, usual: Duration) -> Duration {
        self.night.options.settle.map_or(usual, |settle| settle / 2)
    }

    /// Waits, but no longer than the user or the clock allow.
    pub(super) async fn wait(&self, pause: Duration) {
        let pause = self.time_left().map_or(pause, |left| pause.min(left));
        if pause.is_zero() {
            return;
        }
        tokio::select! {
            () = self.night.cancel.cancelled() => {}
            () = rest(pause) => {}
        }
    }
}
