//! Lets time pass, for servers that need some. Nothing else in the engine sleeps; nothing here may send.

use crate::client::Transport;
use crate::engine::walk::Walk;
use std::time::Duration;

/// Lets this much time pass, whatever the clock says: for pauses that are short or that the caller has cut.
#[expect(
    clippy::disallowed_methods,
    reason = "a target that is busy, restarted or follows behind needs time, and a night ends in time"
)]
pub(super) async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

impl<T: Transport> Walk<'_, '_, '_, T> {
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
