//! Everything valid that one operation was sent, judged together.
//!
//! A single refusal of a valid request proves little: business rules are not in the document. Only together do answers
//! contradict each other. This must never look at invalid cases.

use crate::case::Case;
use crate::check::rules::positive_data_rejected;
use crate::check::{Context, Judgement};
use crate::exchange::Exchange;

/// One case with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// What was sent.
    pub case: Case,
    /// What came back.
    pub exchange: Exchange,
}

/// What the answers to all valid cases of one operation say together.
///
/// Cases that are not positive are left out of account. Each finding carries the case and the exchange that show it.
pub fn judge_acceptance(context: &Context, observations: &[Acceptance]) -> Judgement {
    let mut judgement = Judgement::default();
    if context.options.runs(&positive_data_rejected::RULE) {
        let (findings, exercised) = positive_data_rejected::check(context, observations);
        judgement.findings = findings;
        judgement.exercised = vec![positive_data_rejected::RULE.id; exercised];
    }
    judgement
}
