//! The `specwarden` program. Everything is in the library; see `specwarden::cli`.

use std::process::ExitCode;

/// Documents are trees of small pieces; the system's allocator takes a third longer over a large one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    specwarden::cli::main()
}
