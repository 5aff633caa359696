//! What a whole night costs: cases per CPU second and peak memory on the client's side.
//!
//! Server and client run in processes of their own (this program starts itself again), so that what the server
//! burns is not counted. CPU time and peak memory are read from `/proc`; elsewhere than on Linux they are `0`.
//! Under `cargo bench` nights are long enough to measure; without `--bench` one short night per target proves
//! that the bench still works.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and the process's figures")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::print_stderr, reason = "what a bench did not expect is told beside the figures")]

mod instant;
mod target;
mod walker;

use crate::target::Target;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["--serve", target] => target::serve(Target::parse(target)),
        ["--walk", target, address, random, runtime] => {
            walker::walk(Target::parse(target), address, random.parse().expect("a number"), runtime);
        }
        _ => measure(words.contains(&"--bench")),
    }
}

/// One row per target, length of the night and runtime.
fn measure(whole: bool) {
    println!("{}", walker::HEADER);
    let lengths: &[u32] = if whole { &[20, 400] } else { &[1] };
    for target in Target::ALL {
        for random in lengths {
            for runtime in ["threads", "single"] {
                let mut server = again(&["--serve", target.name()]);
                let address = first_line(&mut server);
                let mut client = again(&["--walk", target.name(), &address, &random.to_string(), runtime]);
                println!("{}", first_line(&mut client));
                let told = client.wait().expect("the client ends");
                server.kill().expect("the server is stopped");
                server.wait().expect("the server ends");
                assert!(told.success(), "the night against `{}` failed", target.name());
            }
        }
    }
}

/// This program once more, its output to be read.
fn again(arguments: &[&str]) -> Child {
    let own = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(own);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    command.spawn().expect("this program starts again")
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let out = child.stdout.as_mut().expect("its output is piped");
    BufReader::new(out).read_line(&mut line).expect("its output is text");
    line.trim_end().to_owned()
}
