//! HTTP out: the one place where requests leave and where keys are put on them.
//!
//! One of the three gates to the world. It must never judge an answer, and never record a key.
