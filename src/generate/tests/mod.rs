//! Tests of the whole room, over a table of schemas and over small hand-made operations.

mod anything;
mod cases;
mod census;
mod keywords;
mod meant;
mod model;
mod positives;
mod table;
mod values;
mod wire;
