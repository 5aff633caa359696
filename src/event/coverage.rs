//! What a document promises of one operation, and what of it a run has seen.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a document promises of one operation, each promise with what a run saw of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    /// Documented statuses (`200`, `4XX`, `default`): how many answers had one.
    pub statuses: BTreeMap<String, u64>,
    /// Documented media types (`200 application/json` of answers, `request application/json` of requests): how many
    /// answers or requests had one.
    pub media_types: BTreeMap<String, u64>,
    /// Constraints on requests by the pointer of their keyword: how they were tested.
    pub constraints: BTreeMap<String, Sides>,
}

/// Which sides of a constraint were tested.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sides {
    /// A request that obeys it was answered.
    pub obeyed: bool,
    /// A request that breaks it was answered.
    pub broken: bool,
}

impl Sides {
    /// Whether both sides were tested.
    pub fn both(self) -> bool {
        self.obeyed && self.broken
    }
}

impl Coverage {
    /// Whether nothing is promised, or nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty() && self.media_types.is_empty() && self.constraints.is_empty()
    }

    /// Adds what another run, or another shard of the same run, saw of the same operation.
    pub fn add(&mut self, other: &Self) {
        for (ours, theirs) in
            [(&mut self.statuses, &other.statuses), (&mut self.media_types, &other.media_types)]
        {
            for (name, seen) in theirs {
                *ours.entry(name.clone()).or_default() += seen;
            }
        }
        for (at, sides) in &other.constraints {
            let ours = self.constraints.entry(at.clone()).or_default();
            ours.obeyed |= sides.obeyed;
            ours.broken |= sides.broken;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventKind, OperationReport};

    fn coverage(seen: u64, obeyed: bool, broken: bool) -> Coverage {
        Coverage {
            statuses: [("200".to_owned(), seen)].into(),
            media_types: [("200 application/json".to_owned(), seen)].into(),
            constraints: [("/a/minimum".to_owned(), Sides { obeyed, broken })].into(),
        }
    }

    #[test]
    fn two_shards_see_what_either_saw() {
        let mut sum = coverage(2, true, false);
        sum.add(&coverage(3, false, true));
        assert_eq!(sum, coverage(5, true, true));
        sum.add(&Coverage::default());
        assert!(sum.constraints["/a/minimum"].both());
    }

    #[test]
    fn it_is_stored_and_runs_without_it_are_still_read() {
        let account = r#"{"type":"operation-finished","report":{"operation":"GET /a","cases":{"reach":1},
            "statuses":{"200":1},"checks":{},"not_exercised":null}}"#;
        let old: EventKind = serde_json::from_str(account).expect("an old account");
        let EventKind::OperationFinished { report } = old else { panic!("an account") };
        assert!(report.coverage.is_empty());
        assert!(!serde_json::to_string(&report).expect("JSON").contains("coverage"));
        let report = OperationReport { coverage: coverage(1, true, false), ..report };
        let kind = EventKind::OperationFinished { report };
        let text = serde_json::to_string(&kind).expect("JSON");
        assert_eq!(serde_json::from_str::<EventKind>(&text).expect("read again"), kind);
    }
}
