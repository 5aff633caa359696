//! Makes a failing case smaller while it stays in its class.
//!
//! Pure: it proposes, the engine sends and answers. It must never send anything itself.
