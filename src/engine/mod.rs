//! Walks a plan: asks for cases, sends them, has them judged, confirms, shrinks, emits events.
//!
//! The only loops that wait live here. It must never print or write; it tells observers.
