//! Tests of the room through its front door: samples, mutated samples, files, the web.

mod file;
mod hostile;
mod mutation;
mod sample;
mod text;
mod web;
