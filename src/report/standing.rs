//! A night held against the baseline: which findings are known, and what became of the entries that found nothing.
//!
//! It must never call something fixed that tonight could not have shown.

use crate::case::Phase;
use crate::compat::RULES as BREAKING;
use crate::event::{IncidentKind, OperationReport};
use crate::finding::{Baseline, Entry, Known, Pattern};
use crate::report::Night;
use crate::snapshot::RULES as SNAPSHOT;
use serde::{Deserialize, Serialize};

/// One entry of the baseline, as tonight shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its number in the file, from 1.
    pub number: usize,
    /// The parts of it that choose findings.
    pub name: String,
    /// The fingerprint that it names.
    pub fingerprint: Option<String>,
    /// The rules that it names.
    pub rule: Option<String>,
    /// The operations that it names.
    pub operation: Option<String>,
    /// The places in the document that it names.
    pub pointer: Option<String>,
    /// What it says.
    pub known: Known,
    /// How many of tonight's findings it covers.
    pub found: usize,
    /// What that means.
    pub state: EntryState,
    /// Why, a lower-case fragment; empty if it covers something.
    pub why: String,
}

/// What tonight says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// It covers at least one of tonight's findings.
    Observed,
    /// Everything it speaks of was exercised, and nothing was found.
    Fixed,
    /// It covers nothing, and that says nothing.
    NotExercised,
}

impl EntryState {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Fixed => "fixed",
            Self::NotExercised => "not exercised",
        }
    }

    /// The same for machines.
    pub fn id(self) -> &'static str {
        match self {
            Self::NotExercised => "not-exercised",
            Self::Observed | Self::Fixed => self.word(),
        }
    }
}

impl Night {
    /// Holds the night against the baseline: findings that it covers become known, entries get their standing.
    ///
    /// To be called when all events are in; calling it again replaces what was said before.
    pub fn know(&mut self, baseline: &Baseline) {
        for finding in &mut self.findings {
            finding.known = baseline.knows(finding);
        }
        let standings = (1..).zip(&baseline.entries).map(|(number, entry)| {
            let found = self.findings.iter().filter(|finding| entry.covers(finding)).count();
            let (state, why) = match (found, self.why_unknown(entry)) {
                (1.., _) => (EntryState::Observed, String::new()),
                (0, None) => (EntryState::Fixed, "it was exercised, and nothing was found".to_owned()),
                (0, Some(why)) => (EntryState::NotExercised, why),
            };
            Standing {
                number,
                name: entry.name(),
                fingerprint: entry.fingerprint.clone(),
                rule: entry.rule.as_ref().map(|pattern| pattern.as_str().to_owned()),
                operation: entry.operation.as_ref().map(|pattern| pattern.as_str().to_owned()),
                pointer: entry.pointer.as_ref().map(|pattern| pattern.as_str().to_owned()),
                known: entry.says(baseline.today),
                found,
                state,
                why,
            }
        });
        // Whoever compares two documents does not ask what became of last night's crashes.
        let told = |standing: &Standing| self.run.is_some() || standing.state != EntryState::NotExercised;
        self.baseline = Some(standings.filter(told).collect());
    }

    /// Entries of the baseline that covered nothing.
    pub fn unobserved(&self) -> impl Iterator<Item = &Standing> {
        self.baseline.iter().flatten().filter(|standing| standing.state != EntryState::Observed)
    }

    /// Why it means nothing that `entry` covers nothing; `None` if all that it speaks of was exercised.
    fn why_unknown(&self, entry: &Entry) -> Option<String> {
        if self.run.is_some() && self.outcome.as_ref().is_none_or(|outcome| outcome.interrupted) {
            return Some("the run did not come to its end".to_owned());
        }
        let Some(rule) = &entry.rule else {
            return Some("it names no rule, so nobody can tell whether it was exercised".to_owned());
        };
        let concerned: Vec<&OperationReport> = self
            .operations
            .iter()
            .filter(|o| entry.operation.as_ref().is_none_or(|p| p.takes(o.operation.as_str())))
            .collect();
        let breaking = BREAKING.iter().any(|one| rule.takes(one.id));
        let snapshot = SNAPSHOT.iter().any(|one| rule.takes(one.id));
        if breaking && !self.stages.contains("diff") {
            return Some("no two documents were compared".to_owned());
        }
        if concerned.is_empty() && !breaking {
            return Some(match &entry.operation {
                Some(operation) => format!("the document has no operation `{}`", operation.as_str()),
                None => "no operation was looked at".to_owned(),
            });
        }
        if snapshot
            && let Some(account) =
                concerned.iter().find(|o| self.snapshots.iter().all(|s| s.operation != o.operation))
        {
            return Some(format!("{}: no answer was compared", account.operation));
        }
        let mut pairs = 0_usize;
        let mut silent: Vec<String> = Vec::new();
        for account in &concerned {
            for (_, count) in account.checks.iter().filter(|(id, _)| rule.takes(id)) {
                pairs += 1;
                let why = match count.exercised {
                    0 => count.why_not.as_deref().or(account.not_exercised.as_deref()),
                    // A replay looks at the other operations too, but only for what exists.
                    _ if !has_suite(account) => Some("its tests did not run"),
                    _ => continue,
                };
                let why = why.unwrap_or("nothing it could have judged");
                silent.push(format!("{}: {why}", account.operation));
            }
        }
        match silent.as_slice() {
            [] if pairs == 0 && !breaking && !snapshot => Some("no check of that name ran".to_owned()),
            [] => self.cut_short(&concerned).or_else(|| self.doubted(rule, &concerned)),
            [only] => Some(only.clone()),
            [first, ..] => Some(format!("{} of {pairs} were not, such as {first}", silent.len())),
        }
    }

    /// What a budget left out of these operations.
    fn cut_short(&self, concerned: &[&OperationReport]) -> Option<String> {
        let about = |key| concerned.iter().any(|account| Some(&account.operation) == key);
        self.incidents_of(IncidentKind::Budget)
            .find(|incident| incident.operation.is_none() || about(incident.operation.as_ref()))
            .map(|incident| match &incident.operation {
                Some(operation) => format!("{operation}: {}", incident.message),
                None => incident.message.clone(),
            })
    }

    /// What was seen of this rule and did not show again: gone is another thing.
    fn doubted(&self, rule: &Pattern, concerned: &[&OperationReport]) -> Option<String> {
        let about = |key| concerned.iter().any(|account| Some(&account.operation) == key);
        self.incidents_of(IncidentKind::NotConfirmed)
            .filter(|incident| about(incident.operation.as_ref()))
            .find(|incident| incident.message.split_once(": ").is_some_and(|(id, _)| rule.takes(id)))
            .map(|incident| format!("something was seen that did not show again: {}", incident.message))
    }
}

/// Whether an operation was tested, not only reached.
fn has_suite(account: &OperationReport) -> bool {
    let suite = [Phase::Examples, Phase::Boundary, Phase::Negative, Phase::Random];
    suite.iter().any(|phase| account.cases.get(phase).is_some_and(|n| *n > 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Gate, Verdict, samples};
    use jiff::civil::{Date, date};

    const TODAY: Date = date(2026, 11, 23);

    fn entry(rule: &str, operation: &str) -> Entry {
        let pattern = |text: &str| (!text.is_empty()).then(|| Pattern::parse(text).expect("a pattern"));
        Entry {
            rule: pattern(rule),
            operation: pattern(operation),
            reason: "r".to_owned(),
            ..Entry::default()
        }
    }

    fn held(entries: Vec<Entry>) -> Night {
        let mut night = Night::of_events(&samples::full());
        night.know(&Baseline { entries, today: TODAY });
        night
    }

    #[track_caller]
    fn check(rule: &str, operation: &str, state: EntryState, why: &str) {
        let night = held(vec![entry(rule, operation)]);
        let standing = &night.baseline.as_ref().expect("a baseline")[0];
        assert_eq!((standing.state, standing.why.as_str()), (state, why), "{rule} {operation}");
    }

    #[test]
    fn what_is_gone_is_fixed_only_where_it_was_looked_for() {
        use EntryState::{Fixed, NotExercised, Observed};
        let list = "GET /projects/{project_id}/assets";
        let create = "POST /projects/{project_id}/assets";
        check("server-error", list, Observed, "");
        check("pagination-repeats-item", list, NotExercised, &format!("{list}: no operation is paged"));
        check("server-error", "GET /teams", NotExercised, "GET /teams: excluded by configuration");
        check("server-error", "GET /nowhere", NotExercised, "the document has no operation `GET /nowhere`");
        check("auth-ignored", list, NotExercised, "no check of that name ran");
        check("operation-added", list, NotExercised, "no check of that name ran");
        check("operation-removed", "GET /teams", NotExercised, "no two documents were compared");
        check("snapshot-changed", "GET /teams", NotExercised, "2,000 requests are spent");
        check("location-broken", create, NotExercised, "2,000 requests are spent");
        let mut night = Night::of_events(&samples::full());
        night.incidents.retain(|incident| incident.kind != IncidentKind::Budget);
        let fixed = |night: &mut Night, rule, operation| {
            night.know(&Baseline { entries: vec![entry(rule, operation)], today: TODAY });
            night.baseline.as_ref().expect("a baseline")[0].state
        };
        assert_eq!(fixed(&mut night, "location-broken", create), Fixed);
        assert_eq!(fixed(&mut night, "snapshot-changed", "GET /teams"), Fixed);
        assert_eq!(fixed(&mut night, "location-broken", "**"), Fixed);
        assert_eq!(fixed(&mut night, "location-broken", ""), Fixed);
        night.stages.insert("diff".to_owned());
        assert_eq!(fixed(&mut night, "operation-removed", "GET /gone"), Fixed);
        let mut cut = night.clone();
        cut.outcome.as_mut().expect("an outcome").interrupted = true;
        assert_eq!(fixed(&mut cut, "location-broken", create), NotExercised);
        let message = "location-broken: leads nowhere (in 0 of 2 repeats)".to_owned();
        let operation =
            night.operations.iter().find(|o| o.operation.as_str() == create).map(|o| o.operation.clone());
        let kind = IncidentKind::NotConfirmed;
        night.incidents.push(crate::event::Incident { kind, operation, message });
        assert_eq!(fixed(&mut night, "location-broken", create), NotExercised);
    }

    #[test]
    fn comparing_documents_says_nothing_of_what_was_not_sent() {
        let entries = vec![entry("server-error", "GET /teams"), entry("operation-removed", "GET /teams")];
        let baseline = Baseline { entries, today: TODAY };
        let states = |mut night: Night| {
            night.know(&baseline);
            night.baseline.expect("a baseline").iter().map(|s| (s.number, s.state)).collect::<Vec<_>>()
        };
        assert_eq!(states(Night::of_changes([])), [(2, EntryState::Fixed)]);
        assert_eq!(states(Night::of_findings([])), []);
    }

    #[test]
    fn a_bare_fingerprint_cannot_be_called_fixed() {
        let night = held(vec![Entry { fingerprint: Some("000000000000".to_owned()), ..entry("", "") }]);
        let standing = night.unobserved().next().expect("it covers nothing");
        assert_eq!(standing.state, EntryState::NotExercised);
        assert!(standing.why.starts_with("it names no rule"), "{}", standing.why);
    }

    #[test]
    fn known_findings_fail_nothing_until_their_entry_expires() {
        let gate = Gate::default();
        let all = |expires| {
            let mut entry = entry("**", "");
            entry.expires = expires;
            held(vec![entry])
        };
        assert_eq!(all(None).verdict(&gate), Verdict::Passed);
        assert_eq!(all(Some(TODAY)).verdict(&gate), Verdict::Passed);
        let late = all(Some(date(2026, 11, 22)));
        assert_eq!((late.verdict(&gate), late.known().count()), (Verdict::Failed, 0));
        assert_eq!(all(None).unknown().count(), 0);
    }
}
