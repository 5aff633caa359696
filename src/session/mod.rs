//! The front door: one function per verb, wiring rooms together.
//!
//! It must never decide how anything looks, and never call the process's exit.
