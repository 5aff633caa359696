//! Tests of the room through its front door: samples, mutated samples, files, the web, several files as one.

mod digits;
mod file;
mod flow;
mod hostile;
mod mutation;
mod parts;
mod reference;
mod remote;
mod sample;
mod split;
mod text;
mod tree;
mod versions;
mod web;
