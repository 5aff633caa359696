//! Known findings: read for a run, written from one, tidied by one.

use crate::check::RULES as CHECKS;
use crate::compat::RULES as BREAKING;
use crate::config::Settings;
use crate::config::baseline::{NewEntry, add, parse_baseline, remove};
use crate::finding::{Baseline, Finding, Rule};
use crate::report::{EntryState, Night, Standing};
use crate::session::{SessionError, load};
use crate::snapshot::RULES as SNAPSHOT;
use crate::store::{read_baseline, write_baseline};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Today, UTC: the same day for everybody who works on one repository.
#[expect(clippy::disallowed_methods, reason = "entries of a baseline expire by the day")]
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The findings that are known on this day; `None` if none are kept, or they are not to count.
pub fn baseline(settings: &Settings, today: Date) -> Result<Option<Baseline>, SessionError> {
    if !settings.baseline.enabled {
        return Ok(None);
    }
    let path = &settings.baseline.path;
    match read_baseline(path)? {
        Some(text) => Ok(Some(parse(settings, &text, today)?)),
        None if settings.baseline.named => Err(SessionError::NoBaseline { path: path.clone() }),
        None => Ok(None),
    }
}

/// What an entry is given besides its finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Why the findings are put up with; `None` says in which run they were found.
    pub reason: Option<String>,
    /// Who looks after them.
    pub owner: Option<String>,
    /// Where they are tracked.
    pub ticket: Option<String>,
    /// The last day on which the entries hold.
    pub expires: Option<Date>,
}

/// What became of the findings that were to be added.
#[derive(Debug, Clone, Default)]
pub struct Added {
    /// Those with a new or renewed entry, in the order of the report.
    pub added: Vec<Finding>,
    /// Those that were known already.
    pub known: Vec<Finding>,
    /// Those about which nothing can be said: the surroundings may have caused them.
    pub undecided: Vec<Finding>,
}

/// Adds what the `targets` name to the file: every finding of a run, or one of the newest run by its fingerprint.
///
/// What an entry that holds covers already is left alone; an expired entry of the same fingerprint is renewed.
pub fn add_known(
    settings: &Settings,
    targets: &[String],
    label: &Label,
    today: Date,
) -> Result<Added, SessionError> {
    let path = &settings.baseline.path;
    let text = read_baseline(path)?.unwrap_or_default();
    let before = parse(settings, &text, today)?;
    if let Some(expires) = label.expires.filter(|last| *last < today) {
        return Err(SessionError::ExpiredAlready { expires });
    }
    let mut told = Added::default();
    let mut entries: Vec<NewEntry> = Vec::new();
    for target in targets {
        let (night, wanted) = match load(settings, target) {
            Ok(events) => (Night::of_events(&events), None),
            // What is no run may be a finding of the newest one; its own error is said if it is not.
            Err(error) => match load(settings, "latest") {
                Ok(events) => (Night::of_events(&events), Some(target.as_str())),
                Err(_) => return Err(error),
            },
        };
        let night = night.masked(&settings.masker());
        let run = night.run.as_ref().map_or("a run", |run| run.id.as_str()).to_owned();
        let chosen: Vec<&Finding> =
            night.findings.iter().filter(|f| wanted.is_none_or(|w| f.fingerprint.as_str() == w)).collect();
        if let (Some(wanted), []) = (wanted, chosen.as_slice()) {
            return Err(SessionError::NoSuchFinding { wanted: wanted.to_owned() });
        }
        let doubtful: BTreeSet<_> = night.undecided().map(|finding| &finding.fingerprint).collect();
        for finding in chosen {
            if entries.iter().any(|entry| entry.fingerprint == finding.fingerprint.as_str()) {
                continue;
            }
            if before.knows(finding).is_some_and(|known| !known.expired) {
                told.known.push(finding.clone());
            } else if wanted.is_none() && doubtful.contains(&finding.fingerprint) {
                told.undecided.push(finding.clone());
            } else {
                let reason = label.reason.clone().unwrap_or_else(|| format!("found by run {run}"));
                entries.push(NewEntry {
                    owner: label.owner.clone(),
                    ticket: label.ticket.clone(),
                    expires: label.expires,
                    ..NewEntry::of(finding, &reason)
                });
                told.added.push(finding.clone());
            }
        }
    }
    if !entries.is_empty() {
        write_baseline(path, &add(&text, &entries))?;
    }
    Ok(told)
}

/// Every entry as the run `run` shows it, or as no run does; the run's id with it.
pub fn standings(
    settings: &Settings,
    run: Option<&str>,
    today: Date,
) -> Result<(Option<String>, Vec<Standing>), SessionError> {
    let text = read_baseline(&settings.baseline.path)?;
    if text.is_none() && settings.baseline.named {
        return Err(SessionError::NoBaseline { path: settings.baseline.path.clone() });
    }
    let baseline = parse(settings, &text.unwrap_or_default(), today)?;
    let mut night = match (run, load(settings, run.unwrap_or("latest"))) {
        (_, Ok(events)) => Some(Night::of_events(&events)),
        (Some(_), Err(error)) => return Err(error),
        (None, Err(_)) => None,
    };
    let id = night.as_ref().and_then(|night| night.run.as_ref()).map(|run| run.id.clone());
    let mut nothing = Night::default();
    let night = night.as_mut().unwrap_or(&mut nothing);
    night.know(&baseline);
    let mut standings = night.baseline.take().unwrap_or_default();
    if id.is_none() {
        for standing in &mut standings {
            standing.state = EntryState::NotExercised;
            standing.why = "there is no stored run".to_owned();
        }
    }
    Ok((id, standings))
}

/// Removes the entries that the run `run` shows to be fixed, and those that have expired; gives what it removed.
/// With `dry` nothing is written.
pub fn prune_known(
    settings: &Settings,
    run: &str,
    dry: DryRun,
    today: Date,
) -> Result<Vec<Standing>, SessionError> {
    let (_, mut standings) = standings(settings, Some(run), today)?;
    standings.retain(|standing| standing.state == EntryState::Fixed || standing.known.expired);
    let numbers: BTreeSet<usize> = standings.iter().map(|standing| standing.number).collect();
    if dry == DryRun::No && !numbers.is_empty() {
        let path = &settings.baseline.path;
        let text = read_baseline(path)?.unwrap_or_default();
        write_baseline(path, &remove(&text, &numbers))?;
    }
    Ok(standings)
}

/// Whether something is only shown, not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryRun {
    /// Only shown.
    Yes,
    /// Done.
    No,
}

/// The file's text and every fingerprint in it, whether they count tonight or not.
pub(super) fn fingerprints(settings: &Settings) -> Result<(String, BTreeSet<String>), SessionError> {
    let text = read_baseline(&settings.baseline.path)?.unwrap_or_default();
    let entries = parse(settings, &text, today())?.entries;
    Ok((text, entries.into_iter().filter_map(|entry| entry.fingerprint).collect()))
}

fn parse(settings: &Settings, text: &str, today: Date) -> Result<Baseline, SessionError> {
    let rules: Vec<&str> = rules().map(|rule| rule.id).collect();
    Ok(parse_baseline(&settings.baseline.path, text, &rules, today)?)
}

/// Every rule that can make a finding.
fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().chain(BREAKING).chain(SNAPSHOT).copied()
}
