//! The same resource asked with another method than the documented one: HEAD beside GET, and methods that the document
//! does not mention. Only calls rules.

use crate::check::rules::{allow_missing, head_mismatch, undocumented_method};
use crate::check::{Context, Judgement};
use crate::exchange::Exchange;

/// Whether HEAD says what GET says.
///
/// `again` is one more GET after the HEAD: what changes from one GET to the next proves nothing.
pub fn judge_head(context: &Context, get: &Exchange, head: &Exchange, again: Option<&Exchange>) -> Judgement {
    let mut judgement =
        Judgement::of(context, &head_mismatch::RULE, || head_mismatch::check(context, get, head, again));
    judge_refusal(context, head, &mut judgement);
    judgement
}

/// Whether a method that the document does not mention is served, and refused as HTTP asks.
///
/// `made_up` is the same method at a path that does not exist: whoever serves that serves everything.
pub fn judge_method(context: &Context, exchange: &Exchange, made_up: Option<&Exchange>) -> Judgement {
    let mut judgement = Judgement::default();
    if context.options.runs(&undocumented_method::RULE) {
        let verdict = undocumented_method::check(context, exchange, made_up);
        judgement.add(undocumented_method::RULE.id, verdict);
    }
    judge_refusal(context, exchange, &mut judgement);
    judgement
}

/// Whether a method is refused as HTTP asks.
fn judge_refusal(context: &Context, exchange: &Exchange, judgement: &mut Judgement) {
    if context.options.runs(&allow_missing::RULE) {
        let mut verdict = allow_missing::judge(context, exchange);
        for finding in verdict.iter_mut().flatten() {
            finding.evidence = vec![exchange.clone()];
        }
        judgement.add(allow_missing::RULE.id, verdict);
    }
}
