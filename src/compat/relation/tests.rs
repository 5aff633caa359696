//! The relation, aspect by aspect.
