//! Judges exchanges against the document: one rule, one file.
//!
//! Pure: a rule must never send, print, or depend on another rule's result.
