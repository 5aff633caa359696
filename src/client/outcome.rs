//! What the HTTP library's errors mean.

use crate::exchange::{TransportError, TransportErrorKind};
use std::error::Error;
use std::io;

/// Names the kind of failure. The URL is left out of the words: a key may stand in it.
pub(super) fn failure(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let words = words(&error);
    TransportError { kind: kind(&error, &words), message: words }
}

fn kind(error: &reqwest::Error, words: &str) -> TransportErrorKind {
    if error.is_builder() {
        return TransportErrorKind::Unsendable;
    }
    if error.is_connect() {
        return TransportErrorKind::Connect;
    }
    if error.is_timeout() {
        return TransportErrorKind::Timeout;
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(io) = current.downcast_ref::<io::Error>() {
            match io.kind() {
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::NotConnected
                | io::ErrorKind::UnexpectedEof => return TransportErrorKind::Closed,
                io::ErrorKind::TimedOut => return TransportErrorKind::Timeout,
                _ => {}
            }
        }
        cause = current.source();
    }
    // hyper keeps its kinds to itself; the tests of this room pin its words.
    const CLOSED: &[&str] = &[
        "connection closed before message completed",
        "end of file before message length reached",
        "unexpected EOF",
        "channel closed",
        "operation was canceled",
        "connection was not ready",
        "stream error received",
        "stream no longer needed",
    ];
    if CLOSED.iter().any(|text| words.contains(text)) {
        TransportErrorKind::Closed
    } else {
        TransportErrorKind::Protocol
    }
}

/// The whole chain, each cause once.
fn words(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let next = current.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = current.source();
    }
    text
}
