//! Across the whole room.
