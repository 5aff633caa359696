//! What happened, in order: owned, serialisable, versioned.
//!
//! Every report is a fold over events, live or replayed from a run's `events.jsonl`.
//! An event must never hold a live object, a colour, a width or a secret.

mod coverage;
mod kind;
mod observer;

pub use crate::bench::Summary as LatencySummary;
pub use coverage::{Coverage, Sides};
pub use kind::{
    CheckCount, Counts, Event, EventKind, Incident, IncidentKind, OperationReport, RunInfo, RunOutcome,
    SnapshotState, Stop, VERSION,
};
pub use observer::Observer;
