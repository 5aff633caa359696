//! Documents in: files, URLs, standard input; JSON and YAML with positions.
//!
//! One of the three gates to the world. It must never follow a redirect to another host or write anything.
