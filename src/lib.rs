//! Specwarden.
