//! An answer takes longer than allowed.
//!
//! ## What it does
//! Compares the time from sending to the answer's last byte with the limit that you set. Off unless a limit is set. It
//! looks at one answer at a time; trends and percentiles are the benchmark's.
//!
//! ## Why it matters
//! Clients give up after a while. An answer after that is no answer.
//!
//! ## Example
//! The limit is 500 ms. `GET /projects/1/riskscore` takes 812 ms.
//!
//! ## How to fix
//! Make the operation faster, or raise the limit.

use crate::case::Case;
use crate::check::Context;
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use std::time::Duration;

pub(crate) const RULE: Rule = Rule {
    id: "slow-response",
    title: "An answer takes longer than allowed",
    severity: Severity::Error,
    family: Family::Latency,
    since: "0.1.0",
    reference: "",
    fault_code: None,
    default_on: false,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let limit = context.options.max_response?;
    exchange.response()?;
    let taken = Duration::from_micros(exchange.timing.total_us);
    if taken <= limit {
        return Some(Vec::new());
    }
    let operation = context.operation;
    let title = format!("answers later than after {} ms", limit.as_millis());
    let place = Place {
        document: Some(operation.pointer.clone()),
        instance: None,
        label: "time to the last byte".to_owned(),
    };
    let finding = Finding::new(&RULE, Some(&operation.key), &Site::new(&[]), title)
        .detail(format!("took {} ms", taken.as_millis()))
        .place(place);
    Some(vec![finding])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, no_answer, positive};
    use crate::exchange::TransportErrorKind;

    #[test]
    fn fires_over_the_limit_alone() {
        let mut world = World::get();
        world.options = world.options.clone().with_max_response(Duration::from_millis(1));
        let check = |total_us| {
            let mut exchange = answer(200, "", "");
            exchange.timing.total_us = total_us;
            check(&world.context(), &positive(), &exchange).expect("can judge").len()
        };
        assert_eq!(check(1_000), 0);
        assert_eq!(check(1_001), 1);
    }

    #[test]
    fn cannot_judge_without_a_limit_or_an_answer() {
        let world = World::get();
        assert_eq!(check(&world.context(), &positive(), &answer(200, "", "")), None);
        let mut world = World::get();
        world.options = world.options.clone().with_max_response(Duration::from_millis(1));
        let late = no_answer(TransportErrorKind::Timeout);
        assert_eq!(check(&world.context(), &positive(), &late), None);
    }
}
