//! The issues of a document in order and in numbers: gravest first, by rule, counted.

use crate::cli::Exit;
use crate::finding::Severity;
use crate::lint::severity;
use crate::spec::{Issue, IssueKind};
use serde_json::{Value, json};

/// Issues of one severity and rule, in the order of the text.
pub(super) struct Group<'i> {
    /// How grave.
    pub(super) severity: Severity,
    /// The rule's id.
    pub(super) rule: &'i str,
    /// At least one.
    pub(super) issues: Vec<&'i Issue>,
}

/// The gravest first; within a severity, the rule that is broken first in the text comes first.
pub(super) fn groups(issues: &[Issue]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for issue in issues {
        let severity = severity(issue.kind);
        let known = groups.iter_mut().find(|group| group.severity == severity && group.rule == issue.rule);
        match known {
            Some(group) => group.issues.push(issue),
            None => groups.push(Group { severity, rule: &issue.rule, issues: vec![issue] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

/// How many issues there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Operations that were set aside.
    skipped: usize,
    /// Whether something was too large to be judged.
    undecided: bool,
}

impl Tally {
    pub(super) fn of(issues: &[Issue]) -> Self {
        let mut tally = Self::default();
        for issue in issues {
            match severity(issue.kind) {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Note => tally.notes += 1,
            }
            tally.skipped += usize::from(issue.kind == IssueKind::OperationSkipped);
            tally.undecided |= issue.rule == "lint-incomplete";
        }
        tally
    }

    /// How `inspect --strict` ends: never 0 for "could not decide".
    pub(super) fn exit(self) -> Exit {
        match self {
            Self { errors: 0, warnings: 0, undecided: false, .. } => Exit::Clean,
            Self { errors: 0, warnings: 0, undecided: true, .. } => Exit::Undecided,
            _ => Exit::Findings,
        }
    }

    /// The last line.
    pub(super) fn told(self, operations: usize) -> String {
        let mut text = count(operations, "operation", "operations") + " understood";
        if self.skipped > 0 {
            text.push_str(&format!(", {} set aside", self.skipped));
        }
        let parts: Vec<String> = [
            (self.errors, "error", "errors"),
            (self.warnings, "warning", "warnings"),
            (self.notes, "note", "notes"),
        ]
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(number, one, many))
        .collect();
        let issues = if parts.is_empty() { "no issues".to_owned() } else { parts.join(", ") };
        format!("{text}; {issues}")
    }

    /// The same for machines.
    pub(super) fn value(self, operations: usize) -> Value {
        json!({
            "operations": operations,
            "set_aside": self.skipped,
            "errors": self.errors,
            "warnings": self.warnings,
            "notes": self.notes,
        })
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Pointer;

    fn issue(kind: IssueKind, rule: &str) -> Issue {
        let message = String::new();
        let rule = rule.to_owned();
        Issue {
            rule,
            kind,
            pointer: Pointer::root(),
            message,
            hint: None,
            file: None,
            file_pointer: None,
            line: None,
            column: None,
        }
    }

    #[test]
    fn the_gravest_come_first_and_rules_stay_together() {
        let issues = [
            issue(IssueKind::Noted, "n"),
            issue(IssueKind::Doubtful, "b"),
            issue(IssueKind::Doubtful, "a"),
            issue(IssueKind::Doubtful, "b"),
            issue(IssueKind::PartSkipped, "b"),
        ];
        let told: Vec<_> = groups(&issues).iter().map(|group| (group.rule, group.issues.len())).collect();
        assert_eq!(told, [("b", 1), ("b", 2), ("a", 1), ("n", 1)]);
        assert_eq!(Tally::of(&issues).told(1), "1 operation understood; 1 error, 3 warnings, 1 note");
    }

    #[test]
    fn strict_never_takes_undecided_for_clean() {
        let exit = |issues: &[Issue]| Tally::of(issues).exit();
        assert_eq!(exit(&[]), Exit::Clean);
        assert_eq!(exit(&[issue(IssueKind::Noted, "x")]), Exit::Clean);
        assert_eq!(exit(&[issue(IssueKind::Noted, "lint-incomplete")]), Exit::Undecided);
        let both = [issue(IssueKind::Noted, "lint-incomplete"), issue(IssueKind::Doubtful, "x")];
        assert_eq!(exit(&both), Exit::Findings);
    }
}
