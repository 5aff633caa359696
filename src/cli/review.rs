//! Answers that wait for a decision: listed, shown with their difference, decided.

use crate::cli::Exit;
use crate::cli::arguments::{SnapshotAction, SnapshotNames};
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::store::{Pending, SnapshotFolder};
use similar::TextDiff;
use std::io::BufRead;

/// Does what was asked for with the answers in `folder`; a review reads its decisions from `input`.
pub(super) fn decide(
    action: &SnapshotAction,
    folder: &SnapshotFolder,
    input: &mut dyn BufRead,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    match action {
        SnapshotAction::List(_) => list(folder, output),
        SnapshotAction::Review(_) => review(folder, input, output),
        SnapshotAction::Accept(SnapshotNames { names, all, .. }) => {
            let accepted = if *all { folder.accept_all()? } else { folder.accept(names).map(|()| names.clone())? };
            told("accepted", &accepted, output)
        }
        SnapshotAction::Reject(SnapshotNames { names, all, .. }) => {
            let rejected = if *all { folder.reject_all()? } else { folder.reject(names).map(|()| names.clone())? };
            told("rejected", &rejected, output)
        }
    }
}

fn list(folder: &SnapshotFolder, output: &mut Output<'_>) -> Result<Exit, Failure> {
    for pending in folder.pending()? {
        output.data(&format!("{}  {}\n", state(&pending), pending.name))?;
    }
    Ok(Exit::Clean)
}

fn review(folder: &SnapshotFolder, input: &mut dyn BufRead, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let all = folder.pending()?;
    for (at, pending) in all.iter().enumerate() {
        output.data(&format!("{} of {}  {}  {}\n\n", at + 1, all.len(), state(pending), pending.name))?;
        output.data(&difference(pending, output.colour))?;
        loop {
            output.talk("accept, reject, skip or quit? [a/r/s/q]");
            let mut answer = String::new();
            if input.read_line(&mut answer)? == 0 {
                return Ok(Exit::Clean);
            }
            let name = std::slice::from_ref(&pending.name);
            match answer.trim() {
                "a" | "accept" => folder.accept(name)?,
                "r" | "reject" => folder.reject(name)?,
                "s" | "skip" => {}
                "q" | "quit" => return Ok(Exit::Clean),
                _ => continue,
            }
            break;
        }
    }
    if all.is_empty() {
        output.talk("nothing waits for a decision");
    }
    Ok(Exit::Clean)
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
