//! From a schema, the cases that find bugs: positive, boundary, negative, by construction.
//!
//! Pure: it must never send, and never draw from anything but the seed it is given.
