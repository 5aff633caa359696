//! Behaviour of the embedded instance, seen from outside over HTTP.

mod access;
mod conformance;
mod faults;
mod malformed;
mod objects;
mod pages;
mod probe;
mod scenarios;
