//! Walks against scripted targets: no network, no clock but the script's.

mod budgets;
mod called;
mod confirmation;
mod health;
mod late;
mod reaching;
mod scene;
mod stories;
mod unknown;
