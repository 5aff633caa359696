//! The disk: run folders, event logs, history, snapshot files.
//!
//! One of the three gates to the world. It must never write outside the folders it is given, nor lose what was there.
