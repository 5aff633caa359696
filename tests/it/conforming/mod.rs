//! Servers of different habits, each of which keeps exactly to its document: none of them may be blamed for anything.

mod archive;
mod business;
mod document;
mod encodings;
mod envelope;
mod eventual;
mod hidden;
mod http2;
mod lenient;
mod library;
mod locking;
mod nights;
mod once;
mod reuse;
mod service;
mod shelf;
mod slashes;
mod soft_delete;
mod tenants;
mod throttling;

pub(crate) use document::{object, openapi, operation, query, with};
pub(crate) use nights::{night, settings};
pub(crate) use service::{Call, Habit, Head, KEY, Reply, Service};
