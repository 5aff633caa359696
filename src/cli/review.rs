//! Answers that wait for a decision: listed, shown with their difference, decided.

use crate::cli::Exit;
use crate::cli::arguments::SnapshotAction;
use crate::cli::failure::Failure;
use crate::cli::layer::snapshots_in;
use crate::cli::output::Output;
use crate::config::{File, Settings};
use crate::session::{Decision, pending, settle};
use crate::store::{Pending, SnapshotFolder};
use similar::TextDiff;
use std::io::BufRead;

/// The flags of a decision as a layer of configuration.
pub(super) fn layer(action: &SnapshotAction) -> File {
    let place = match action {
        SnapshotAction::List(place) | SnapshotAction::Review(place) => place,
        SnapshotAction::Accept(names) | SnapshotAction::Reject(names) => &names.place,
    };
    snapshots_in(place.snapshots.as_ref())
}

/// Does what was asked for; a review reads its decisions from `input`.
pub(super) fn decide(
    action: &SnapshotAction,
    settings: &Settings,
    input: &mut dyn BufRead,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    match action {
        SnapshotAction::List(_) => {
            let folders = pending(settings)?;
            for (folder, waiting) in &folders {
                for one in waiting {
                    output.data(&format!("{}  {}  {}\n", state(one), one.name, folder.path().display()))?;
                }
            }
            if folders.is_empty() {
                output.talk("nothing waits for a decision");
            }
            Ok(Exit::Clean)
        }
        SnapshotAction::Review(_) => review(settings, input, output),
        // No name stands for all of them, which the flags let through only with `--all`.
        SnapshotAction::Accept(flags) => {
            told("accepted", &settle(settings, Decision::Accept, &flags.names)?, output)
        }
        SnapshotAction::Reject(flags) => {
            told("rejected", &settle(settings, Decision::Reject, &flags.names)?, output)
        }
    }
}

fn review(settings: &Settings, input: &mut dyn BufRead, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let folders = pending(settings)?;
    let all: Vec<(&SnapshotFolder, &Pending)> =
        folders.iter().flat_map(|(folder, waiting)| waiting.iter().map(move |one| (folder, one))).collect();
    for (at, (folder, one)) in all.iter().enumerate() {
        output.data(&format!("{} of {}  {}  {}\n\n", at + 1, all.len(), state(one), one.name))?;
        output.data(&difference(one, output.colour))?;
        let name = std::slice::from_ref(&one.name);
        match ask(input, output)? {
            Answer::Accept => folder.accept(name)?,
            Answer::Reject => folder.reject(name)?,
            Answer::Skip => {}
            Answer::Quit => return Ok(Exit::Clean),
        }
    }
    if all.is_empty() {
        output.talk("nothing waits for a decision");
    }
    Ok(Exit::Clean)
}

enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

/// Asks until the answer can be understood. The end of input is a quit: nothing is decided by silence.
fn ask(input: &mut dyn BufRead, output: &mut Output<'_>) -> Result<Answer, Failure> {
    loop {
        output.talk("accept, reject, skip or quit? [a/r/s/q]");
        let mut answer = String::new();
        if input.read_line(&mut answer)? == 0 {
            return Ok(Answer::Quit);
        }
        match answer.trim() {
            "a" | "accept" => return Ok(Answer::Accept),
            "r" | "reject" => return Ok(Answer::Reject),
            "s" | "skip" => return Ok(Answer::Skip),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

fn told(what: &str, names: &[String], output: &mut Output<'_>) -> Result<Exit, Failure> {
    for name in names {
        output.data(&format!("{what}  {name}\n"))?;
    }
    if names.is_empty() {
        output.talk("nothing waits for a decision");
    }
    Ok(Exit::Clean)
}

fn state(pending: &Pending) -> &'static str {
    if pending.accepted.is_some() { "changed" } else { "new    " }
}

/// The change as a unified diff, free of control characters: a snapshot holds what a target answered.
fn difference(pending: &Pending, colour: bool) -> String {
    let old = pending.accepted.as_deref().unwrap_or_default();
    let diff = TextDiff::from_lines(old, pending.proposed.as_str());
    let unified = diff.unified_diff().context_radius(3).to_string();
    let mut out = String::new();
    for line in unified.lines() {
        let line: String = line.chars().map(|c| if c.is_control() && c != '\t' { '�' } else { c }).collect();
        let code = match line.chars().next() {
            Some('+') => "32",
            Some('-') => "31",
            _ => "",
        };
        if colour && !code.is_empty() {
            out.push_str(&format!("\u{1b}[{code}m{line}\u{1b}[0m\n"));
        } else {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::SnapshotPlace;
    use crate::config::{Surroundings, resolve};
    use crate::plan::Seed;
    use std::path::Path;

    fn settings(folder: &Path) -> Settings {
        let surroundings = Surroundings {
            variable: &|_| None,
            read: &|_| Err(std::io::ErrorKind::NotFound.into()),
            rules: &[],
            fresh_seed: Seed(0),
        };
        resolve(snapshots_in(Some(&folder.to_owned())), folder, &surroundings).expect("defaults are sound")
    }

    #[track_caller]
    fn decided(action: &SnapshotAction, input: &str, settings: &Settings) -> String {
        let (mut data, mut talk) = (Vec::new(), Vec::new());
        let mut output = Output {
            data: &mut data,
            talk: &mut talk,
            width: 100,
            colour: false,
            talk_colour: false,
            quiet: false,
        };
        decide(action, settings, &mut input.as_bytes(), &mut output).expect("the folder is writable");
        String::from_utf8(data).expect("text")
    }

    #[test]
    fn a_review_accepts_rejects_skips_and_decides_nothing_by_silence() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = SnapshotFolder::open(&root.path().join("api")).expect("a folder");
        for name in ["a", "b", "c", "d"] {
            folder.write_pending(name, &format!("HTTP 200\u{1b}[2J {name}\n")).expect("writable");
        }
        let settings = settings(root.path());
        let place = || SnapshotPlace { snapshots: None };
        let told = decided(&SnapshotAction::Review(place()), "a\nwhat\nr\ns\n", &settings);
        assert!(told.contains("+HTTP 200�[2J a"), "{told:?}");
        assert_eq!(folder.accepted_names().expect("readable"), ["a"]);
        let left = decided(&SnapshotAction::List(place()), "", &settings);
        let names: Vec<&str> = left.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
        assert_eq!(names, ["c", "d"]);
    }
}
