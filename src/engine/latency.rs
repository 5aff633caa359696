//! A short closed-loop measurement of each safe operation.

use crate::bench::LatencyRecorder;
use crate::client::Transport;
use crate::engine::sending::shoot;
use crate::engine::walk::Walk;
use crate::event::EventKind;
use crate::exchange::Response;
use crate::plan::Permission;
use std::time::Instant;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Measures every safe operation that reached a 2xx, one request at a time.
    ///
    /// Closed loop, one connection: the figures are service times at no load, fit for comparison over nights,
    /// not for statements about capacity.
    #[expect(clippy::disallowed_methods, reason = "a stage ends when its time is over")]
    pub(super) async fn measure(&mut self) {
        let night = self.night;
        if !night.options.stages.bench {
            return;
        }
        let jobs: Vec<usize> = night
            .plan
            .jobs
            .iter()
            .filter(|job| {
                job.permission == Permission::Free && night.api.operations[job.operation].method.is_safe()
            })
            .map(|job| job.operation)
            .collect();
        self.stage("bench", jobs.len());
        for index in jobs {
            if self.over() {
                return;
            }
            let Some((case, _)) = self.state.tally(index).control.clone() else { continue };
            let operation = &night.api.operations[index];
            let mut recorder = LatencyRecorder::new();
            let began = Instant::now();
            for number in 0..night.options.bench_warm_up + night.options.bench_requests {
                if night.cancel.is_cancelled() || began.elapsed() > night.options.bench_time {
                    break;
                }
                let exchange = shoot(night, operation, &case).await;
                self.state.requests += u64::from(exchange.attempts.max(1));
                if number < night.options.bench_warm_up {
                    continue;
                }
                if exchange.response().is_some_and(Response::is_success) {
                    recorder.record(exchange.timing.total_us);
                } else {
                    recorder.record_error();
                }
            }
            if let Some(latency) = recorder.summary() {
                let accepted = night.accepted_latency.get(&operation.key).copied();
                self.emitter.emit(EventKind::LatencyMeasured {
                    operation: operation.key.clone(),
                    latency,
                    accepted,
                });
            }
        }
    }
}
