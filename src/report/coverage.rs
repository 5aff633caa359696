//! How much of a document a night has tested, and whether that is as much as was asked for.
//!
//! What the user took out of the run is not missing from it.

use crate::event::OperationReport;
use crate::plan::is_deselected;
use crate::report::Night;
use crate::report::text::{count, thousands};

/// How much of the document must have been tested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// Operations that must have answered 2xx, % of those not taken out.
    pub operations: Option<u32>,
    /// Documented statuses that must have been seen, %.
    pub statuses: Option<u32>,
    /// Constraints that must have been tested both ways, %.
    pub constraints: Option<u32>,
    /// Checks that must have been exercised on some operation.
    pub checks: Vec<String>,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were seen.
    pub seen: u64,
    /// How many there are.
    pub all: u64,
}

impl Share {
    fn of(items: impl Iterator<Item = bool>) -> Self {
        items.fold(Self::default(), |sum, seen| Self { seen: sum.seen + u64::from(seen), all: sum.all + 1 })
    }

    /// Whether these are at least `percent` of all. Of nothing they are not: what cannot be shown is not met.
    pub fn reaches(self, percent: u32) -> bool {
        self.all > 0 && self.seen * 100 >= self.all * u64::from(percent)
    }

    /// Whole percent, rounded down, so that 100 means all.
    pub fn percent(self) -> u64 {
        (self.seen * 100).checked_div(self.all).unwrap_or(0)
    }
}

/// How much of a document was tested.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DocumentCoverage {
    /// Operations that answered 2xx.
    pub operations: Share,
    /// Documented statuses that were seen.
    pub statuses: Share,
    /// Documented media types that were seen or sent.
    pub media_types: Share,
    /// Constraints that were tested both ways.
    pub constraints: Share,
}

impl Night {
    /// How much of the document was tested; `None` for a night that did not test.
    pub fn coverage(&self) -> Option<DocumentCoverage> {
        if !self.stages.contains("test") {
            return None;
        }
        let asked: Vec<&OperationReport> = self.asked().collect();
        let all = asked.iter().map(|account| &account.coverage);
        Some(DocumentCoverage {
            operations: Share::of(asked.iter().map(|account| crate::report::night::reached(account))),
            statuses: Share::of(all.clone().flat_map(|c| c.statuses.values()).map(|seen| *seen > 0)),
            media_types: Share::of(all.clone().flat_map(|c| c.media_types.values()).map(|seen| *seen > 0)),
            constraints: Share::of(all.flat_map(|c| c.constraints.values()).map(|sides| sides.both())),
        })
    }

    /// What was asked for and not tested, one sentence each. A night that was not to test owes nothing.
    pub fn unmet(&self, demands: &Demands) -> Vec<String> {
        let Some(coverage) = self.coverage() else { return Vec::new() };
        let shares = [
            (coverage.operations, demands.operations, "operations reached a 2xx"),
            (coverage.statuses, demands.statuses, "documented statuses were seen"),
            (coverage.constraints, demands.constraints, "constraints were tested both ways"),
        ];
        let mut unmet: Vec<String> = shares
            .into_iter()
            .filter_map(|(share, percent, what)| Some((share, percent?, what)))
            .filter(|(share, percent, _)| !share.reaches(*percent))
            .map(|(share, percent, what)| {
                let (seen, all) = (thousands(share.seen), thousands(share.all));
                format!("{seen} of {all} {what}: {} %, {percent} % are asked for", share.percent())
            })
            .collect();
        for rule in &demands.checks {
            let counts = || self.asked().filter_map(|account| account.checks.get(rule));
            if !counts().any(|count| count.exercised > 0) {
                let why = counts().find_map(|count| count.why_not.as_deref()).unwrap_or("it did not run");
                unmet.push(format!("the check {rule} was exercised nowhere ({why})"));
            }
        }
        unmet
    }

    /// Accounts of the operations that the user did not take out.
    pub(super) fn asked(&self) -> impl Iterator<Item = &OperationReport> {
        self.operations.iter().filter(|account| !account.not_exercised.as_deref().is_some_and(is_deselected))
    }
}

impl DocumentCoverage {
    /// In words: `tested: 61 of 67 operations, 112 of 240 documented statuses, …`.
    pub fn sentence(&self) -> String {
        let part = |share: Share, one: &str, many: &str| {
            format!("{} of {}", thousands(share.seen), count(share.all, one, many))
        };
        format!(
            "tested: {}, {}, {}, {} both ways",
            part(self.operations, "operation", "operations"),
            part(self.statuses, "documented status", "documented statuses"),
            part(self.media_types, "media type", "media types"),
            part(self.constraints, "constraint", "constraints"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Gate, Verdict, samples};

    fn sample() -> Night {
        Night::of_events(&samples::full())
    }

    #[track_caller]
    fn unmet(demands: Demands, expected: &[&str]) {
        assert_eq!(sample().unmet(&demands), expected);
    }

    #[test]
    fn a_document_is_counted_promise_by_promise() {
        let coverage = sample().coverage().expect("it tested");
        assert_eq!(
            coverage.sentence(),
            "tested: 2 of 3 operations, 3 of 5 documented statuses, 2 of 3 media types, 2 of 3 constraints both ways"
        );
        let mut untested = sample();
        untested.stages.clear();
        assert_eq!(untested.coverage(), None);
        let all = Demands { operations: Some(100), ..Demands::default() };
        assert!(untested.unmet(&all).is_empty() && !sample().unmet(&all).is_empty());
    }

    #[test]
    fn what_the_user_took_out_does_not_count() {
        let mut night = sample();
        night.operations[1].not_exercised = Some("excluded".to_owned());
        assert_eq!(night.operations[1].operation.as_str(), "GET /teams");
        let coverage = night.coverage().expect("it tested");
        assert_eq!(
            (coverage.operations, coverage.statuses),
            (Share { seen: 2, all: 2 }, Share { seen: 3, all: 4 })
        );
    }

    #[test]
    fn demands_are_met_or_told() {
        let none = Demands::default();
        unmet(
            Demands { operations: Some(66), statuses: Some(60), constraints: Some(66), ..none.clone() },
            &[],
        );
        unmet(
            Demands { operations: Some(67), constraints: Some(90), ..none.clone() },
            &[
                "2 of 3 operations reached a 2xx: 66 %, 67 % are asked for",
                "2 of 3 constraints were tested both ways: 66 %, 90 % are asked for",
            ],
        );
        let checks = vec!["location-broken".to_owned(), "pagination-repeats-item".to_owned()];
        unmet(
            Demands { checks, ..none.clone() },
            &["the check pagination-repeats-item was exercised nowhere (no operation is paged)"],
        );
        unmet(
            Demands { checks: vec!["auth-ignored".to_owned()], ..none },
            &["the check auth-ignored was exercised nowhere (it did not run)"],
        );
        assert!(!Share::default().reaches(0), "of nothing, nothing is shown");
    }

    #[test]
    fn too_little_is_undecided_and_a_finding_is_worse() {
        let demands = Demands { statuses: Some(90), ..Demands::default() };
        let gate = Gate { demands, ..Gate::default() };
        assert_eq!(sample().verdict(&gate), Verdict::Failed);
        let mut clean = sample();
        clean.findings.clear();
        assert_eq!(clean.verdict(&gate), Verdict::Undecided);
        assert_eq!(clean.verdict(&Gate::default()), Verdict::Passed);
    }
}
