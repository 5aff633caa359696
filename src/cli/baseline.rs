//! `baseline`: known findings added, tidied and listed.

use crate::cli::Exit;
use crate::cli::arguments::{BaselineAction, GlobalArguments, LabelArguments};
use crate::cli::failure::Failure;
use crate::cli::layer::{Need, settings};
use crate::cli::output::Output;
use crate::config::{BaselineChoice, File, Settings};
use crate::finding::Finding;
use crate::report::{EntryState, Standing};
use crate::session::{Added, DryRun, Label, add_known, prune_known, standings, today};

/// Does what was asked for.
pub(super) fn keep(
    global: &GlobalArguments,
    action: &BaselineAction,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let place = match action {
        BaselineAction::Add(flags) => &flags.place,
        BaselineAction::Update(flags) => &flags.place,
        BaselineAction::Prune(flags) => &flags.place,
        BaselineAction::List(flags) => &flags.place,
    };
    let layer = File { baseline: place.baseline.clone().map(BaselineChoice::At), ..File::default() };
    let settings = settings(global, layer, Need::Nothing)?;
    let file = settings.baseline.path.display().to_string();
    match action {
        BaselineAction::Add(flags) => {
            let label = Label { reason: Some(flags.reason.clone()), ..Label::from(&flags.label) };
            let told = add_known(&settings, &flags.targets, &label, today())?;
            output.data(&added(&told, &file))?;
        }
        BaselineAction::Update(flags) => {
            let label = Label { reason: flags.reason.clone(), ..Label::from(&flags.label) };
            let told = add_known(&settings, std::slice::from_ref(&flags.run), &label, today())?;
            output.data(&added(&told, &file))?;
        }
        BaselineAction::Prune(flags) => {
            let dry = if flags.dry_run { DryRun::Yes } else { DryRun::No };
            let gone = prune_known(&settings, &flags.run, dry, today())?;
            output.data(&pruned(&gone, dry, &file))?;
        }
        BaselineAction::List(flags) => list(&settings, flags.run.as_deref(), &file, output)?,
    }
    Ok(Exit::Clean)
}

impl From<&LabelArguments> for Label {
    fn from(flags: &LabelArguments) -> Self {
        Self {
            reason: None,
            owner: flags.owner.clone(),
            ticket: flags.ticket.clone(),
            expires: flags.expires,
        }
    }
}

fn added(told: &Added, file: &str) -> String {
    let mut out = String::new();
    let groups = [("added", &told.added), ("known", &told.known), ("not decided", &told.undecided)];
    for (word, findings) in groups {
        for finding in findings {
            out.push_str(&line(word, finding));
        }
    }
    let parts = [(told.known.len(), "known already"), (told.undecided.len(), "not decided, left out")];
    let parts = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}"));
    let gap = if out.is_empty() { "" } else { "\n" };
    let number = entries(told.added.len());
    out.push_str(&format!("{gap}{number} written to {file}{}\n", parts.collect::<String>()));
    harmless(&out)
}

fn line(word: &str, finding: &Finding) -> String {
    let operation = finding.operation.as_ref().map_or("the whole API", |operation| operation.as_str());
    format!(
        "{word:11}  {}  {}  {operation}\n             {}\n",
        finding.fingerprint, finding.rule, finding.title
    )
}

fn pruned(gone: &[Standing], dry: DryRun, file: &str) -> String {
    let mut out = String::new();
    for standing in gone {
        out.push_str(&entry(standing));
    }
    let gap = if out.is_empty() { "" } else { "\n" };
    let what = match dry {
        DryRun::Yes => "would be removed from",
        DryRun::No => "removed from",
    };
    out.push_str(&format!("{gap}{} {what} {file}\n", entries(gone.len())));
    harmless(&out)
}

fn list(settings: &Settings, run: Option<&str>, file: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    let (run, all) = standings(settings, run, today())?;
    if all.is_empty() {
        output.talk(&format!("nothing is known: {file} has no entries"));
        return Ok(());
    }
    let mut out: String = all.iter().map(entry).collect();
    let count = |test: &dyn Fn(&&Standing) -> bool| all.iter().filter(test).count();
    let parts = [
        (count(&|s| s.state == EntryState::Observed), "observed"),
        (count(&|s| s.state == EntryState::Fixed), "fixed"),
        (count(&|s| s.state == EntryState::NotExercised), "not exercised"),
        (count(&|s| s.known.expired), "expired"),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let by = run.map_or_else(String::new, |run| format!(" by run {run}"));
    out.push_str(&format!("\n{}{by}: {}\n", entries(all.len()), parts.join(", ")));
    output.data(&harmless(&out))?;
    Ok(())
}

/// One entry over two or three lines: how it stands, what it says, why.
fn entry(standing: &Standing) -> String {
    let state = if standing.known.expired { "expired" } else { standing.state.word() };
    let mut out = format!("{state:13}  {}\n               {}\n", standing.name, standing.known);
    if standing.state != EntryState::Observed {
        // What has expired stands under another word.
        let word =
            if standing.known.expired { format!("{}: ", standing.state.word()) } else { String::new() };
        out.push_str(&format!("               {word}{}\n", standing.why));
    }
    out
}

fn entries(n: usize) -> String {
    if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") }
}

fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '�' } else { c }).collect()
}
