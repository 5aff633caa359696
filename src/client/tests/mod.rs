//! Tests of sending: hostile servers on raw sockets, and where keys go.

mod hostile;
mod keys;
mod packed;
mod server;
