//! The `specwarden` program. Everything is in the library; see `specwarden::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    specwarden::cli::main()
}
