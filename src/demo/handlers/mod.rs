//! What each operation does to the state, faults unknown. Handlers get valid calls from callers who may make them.
//!
//! They must not validate, authorise or look at HTTP.

mod access;
mod assets;
mod catalogues;
mod crud;
mod findings;
mod groups;
mod projects;
mod scans;
mod table;
mod views;

pub(crate) use table::handler;
