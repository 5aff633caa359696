//! File, environment and flags become typed options, one struct per room.
//!
//! It must never act on an option, and never keep a secret but as `Secret`.
