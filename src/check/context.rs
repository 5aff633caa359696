//! What a rule may look at, and what it answers.
//!
//! Nothing here may be changed by a rule: a context is shared between workers.

use crate::check::CheckOptions;
use crate::finding::{Finding, Rule};
use crate::schema::Validators;
use crate::spec::{Api, Operation, OperationKey};

/// What a rule may look at beside the exchange.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The whole API: other operations of the same path, and the raw document.
    pub api: &'a Api,
    /// The operation that was called.
    pub operation: &'a Operation,
    /// Validators of the API's document.
    pub validators: &'a Validators,
    /// What the user chose.
    pub options: &'a CheckOptions,
}

/// What rules say of one operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgement {
    /// What is wrong, unconfirmed. Findings about a single exchange carry no case and no evidence: the caller
    /// holds both. Findings about several carry the exchanges that show them.
    pub findings: Vec<Finding>,
    /// Ids of the rules that could have fired, once for each time.
    pub exercised: Vec<&'static str>,
}

impl Judgement {
    /// What one rule alone says, if it is to run.
    pub(crate) fn of(
        context: &Context,
        rule: &'static Rule,
        check: impl FnOnce() -> Option<Vec<Finding>>,
    ) -> Judgement {
        let mut judgement = Judgement::default();
        if context.options.runs(rule) {
            judgement.add(rule.id, check());
        }
        judgement
    }

    /// Adds what one rule says: `None` if it could not have fired.
    pub(crate) fn add(&mut self, id: &'static str, verdict: Option<Vec<Finding>>) {
        if let Some(findings) = verdict {
            self.exercised.push(id);
            self.findings.extend(findings);
        }
    }
}

/// What rules say of calls that belong together, perhaps of several operations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SequenceJudgement {
    /// What is wrong, unconfirmed, with the exchanges that show it.
    pub findings: Vec<Finding>,
    /// Rules that could have fired, with the operation that they judge.
    pub exercised: Vec<(OperationKey, &'static str)>,
}
