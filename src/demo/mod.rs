//! The embedded staging instance, with faults to plant.
//!
//! It must never import anything of the tower: it is a target like any other.
