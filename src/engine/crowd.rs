//! How many requests are under way at once: half as many when the target is repeatedly too busy to answer, and step by
//! step more again.
//!
//! Only speed depends on it, never what is sent or what is said of an answer.

use crate::exchange::{Exchange, TransportErrorKind};
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Busy answers among which no calm stretch lies, that halve the crowd.
const REPEATED: u32 = 3;
/// Answers in a row that came without complaint, for which one more may go.
const CALM: u32 = 10;

/// Shared by all that send at once.
pub(super) struct Crowd {
    seats: Semaphore,
    width: Mutex<Width>,
}

struct Width {
    now: usize,
    most: usize,
    /// Seats that are given up as soon as they are left.
    owed: usize,
    busy: u32,
    calm: u32,
}

impl Crowd {
    /// At most `most` requests at once, and at least one.
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        let width = Width { now: most, most, owed: 0, busy: 0, calm: 0 };
        Self { seats: Semaphore::new(most), width: Mutex::new(width) }
    }

    /// Waits for a seat, sends, and takes note of the answer.
    pub(super) async fn send(&self, shot: impl Future<Output = Exchange>) -> Exchange {
        let seat = self.seats.acquire().await.ok();
        let exchange = shot.await;
        self.leave(seat, is_busy(&exchange));
        exchange
    }

    /// How many may go at once now.
    #[cfg(test)]
    fn now(&self) -> usize {
        self.width.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    fn leave(&self, seat: Option<SemaphorePermit<'_>>, busy: bool) {
        let mut width = self.width.lock().unwrap_or_else(PoisonError::into_inner);
        if busy {
            (width.busy, width.calm) = (width.busy + 1, 0);
            if width.busy >= REPEATED {
                let less = (width.now / 2).max(1);
                let given_up = width.now - less;
                // Seats that nobody sits on go at once, the others when they are left.
                width.owed += given_up - self.seats.forget_permits(given_up);
                (width.now, width.busy) = (less, 0);
            }
        } else {
            width.calm += 1;
            if width.calm >= CALM {
                (width.busy, width.calm) = (0, 0);
                if width.now < width.most {
                    width.now += 1;
                    if width.owed > 0 {
                        width.owed -= 1;
                    } else {
                        self.seats.add_permits(1);
                    }
                }
            }
        }
        if let Some(seat) = seat
            && width.owed > 0
        {
            width.owed -= 1;
            seat.forget();
        }
    }
}

/// Whether an answer, or the lack of one, speaks of a target that has too much to do.
pub(super) fn is_busy(exchange: &Exchange) -> bool {
    match &exchange.outcome {
        Ok(response) => matches!(response.status, 429 | 503),
        Err(error) => matches!(error.kind, TransportErrorKind::Closed | TransportErrorKind::Connect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Method, Request, Response, Timing};
    use futures_util::{StreamExt, stream};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn answer(status: u16) -> Exchange {
        Exchange {
            request: Request { method: Method::Get, url: String::new(), headers: Vec::new(), body: None },
            outcome: Ok(Response {
                status,
                headers: Vec::new(),
                body: Body::default(),
                truncated: false,
                packed: None,
            }),
            timing: Timing::default(),
            attempts: 1,
        }
    }

    /// Sends these answers and gives the most that were under way at once.
    async fn most(crowd: &Crowd, statuses: &[u16]) -> usize {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (now, peak) = (&now, &most);
        let shots = statuses.iter().map(|status| {
            crowd.send(async move {
                peak.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::Relaxed);
                answer(*status)
            })
        });
        let sent: Vec<Exchange> = stream::iter(shots).buffered(8).collect().await;
        assert_eq!(sent.len(), statuses.len());
        most.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn a_busy_target_meets_half_of_the_crowd_and_again_half() {
        let crowd = Crowd::new(8);
        assert_eq!(most(&crowd, &[200; 20]).await, 8);
        most(&crowd, &[503; 3]).await;
        assert_eq!((crowd.now(), most(&crowd, &[200; 9]).await), (4, 4));
        most(&crowd, &[503, 429, 503, 503, 503, 503, 503, 503, 503]).await;
        assert_eq!((crowd.now(), most(&crowd, &[200; 9]).await), (1, 1));
        most(&crowd, &[200; 10]).await;
        assert_eq!(crowd.now(), 2);
        most(&crowd, &[200; 100]).await;
        assert_eq!((crowd.now(), most(&crowd, &[200; 20]).await), (8, 8));
    }

    #[tokio::test]
    async fn one_that_stumbles_now_and_then_slows_nobody() {
        let crowd = Crowd::new(8);
        for _ in 0..9 {
            most(&crowd, &[503]).await;
            most(&crowd, &[200; 10]).await;
        }
        most(&crowd, &[500; 30]).await;
        assert_eq!(crowd.now(), 8);
    }
}
