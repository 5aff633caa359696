//! Walks against scripted targets: no network, no clock but the script's.

mod budgets;
mod confirmation;
mod health;
mod reaching;
mod scene;
mod stories;
