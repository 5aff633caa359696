//! Tests of sending: hostile servers on raw sockets, and where keys go.

mod hostile;
mod http2;
mod keys;
mod packed;
mod server;
