//! Flags, subcommands, exit codes; how errors look to a person.
//!
//! It must never hold logic that another front end would need.
