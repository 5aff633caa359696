//! From the command line to an exit code.

use crate::cli::arguments::{Arguments, Verb};
use crate::cli::dispatch::dispatch;
use crate::cli::failure::Failure;
use crate::cli::output::{Output, colours, columns, forgive};
use crate::cli::{Exit, diagnostic};
use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// The whole program: `main.rs` does nothing but call it.
#[expect(clippy::disallowed_methods, reason = "the one place where arguments come in")]
pub fn main() -> ExitCode {
    run(std::env::args_os()).into()
}

/// The program with these arguments, the first of them its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not errors; clap knows which stream each belongs to.
            let told = forgive(error.print());
            return if error.use_stderr() || told.is_err() { Exit::Usage } else { Exit::Clean };
        }
    };
    let (mut data, mut talk) = (std::io::stdout(), std::io::stderr());
    let mut output = Output {
        width: columns(),
        colour: colours(arguments.global.color, &data),
        talk_colour: colours(arguments.global.color, &talk),
        quiet: arguments.global.quiet,
        data: &mut data,
        talk: &mut talk,
    };
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Usage, error))
        .and_then(|runtime| {
            let result = runtime.block_on(interruptible(arguments, &mut output));
            // What still waits, a blocked read of stdin say, must not keep the program alive.
            runtime.shutdown_background();
            result
        });
    result.unwrap_or_else(|failure| {
        let text = diagnostic::failure(&failure, output.talk_colour);
        let _ = output.talk.write_all(text.as_bytes());
        failure.exit
    })
}

/// The first Ctrl-C asks the run to end well, the second does not ask.
async fn interruptible(arguments: Arguments, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let cancel = CancellationToken::new();
    // A review waits for a person at the keyboard; there Ctrl-C keeps its ordinary meaning.
    if matches!(&arguments.verb, Verb::Snapshot(flags) if flags.action.is_some()) {
        return dispatch(arguments, output, &cancel).await;
    }
    let impatient = async {
        let first = tokio::signal::ctrl_c().await;
        cancel.cancel();
        // Without a signal handler there is nothing to wait for but the work itself.
        if first.is_err() || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = dispatch(arguments, output, &cancel) => result,
        () = impatient => Ok(Exit::Interrupted),
    }
}
