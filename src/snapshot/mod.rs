//! Representative answers, normalised, in `insta`'s file format.
//!
//! Pure: it turns exchanges into text and compares texts; it must never touch the disk.
