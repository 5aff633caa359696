//! What answers prove of a document's promises.
//!
//! Only an answer that judged the request counts: a gateway, a limit or a refused key has not looked at it.

use crate::case::{Case, Credential, Mode, Phase};
use crate::event::{Coverage, Sides};
use crate::exchange::{Exchange, MediaType};
use crate::generate::{Generator, constraint};
use crate::spec::Operation;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen of one operation so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Media types of answers, by status as it was answered.
    answered: BTreeMap<(u16, String), u64>,
    /// Media types of requests.
    sent: BTreeMap<String, u64>,
    obeyed: BTreeSet<String>,
    broken: BTreeSet<String>,
}

impl Seen {
    /// Takes in one answer.
    pub(super) fn note(
        &mut self,
        generator: &Generator,
        operation: &Operation,
        case: &Case,
        exchange: &Exchange,
    ) {
        let Some(response) = exchange.response() else { return };
        if let Some(media_type) = response.media_type() {
            *self.answered.entry((response.status, media_type.essence())).or_default() += 1;
        }
        let unjudged = matches!(response.status, 401 | 403 | 429 | 502..=504);
        if unjudged || case.credential != Credential::Main {
            return;
        }
        if let Some(body) = case.body.as_ref().filter(|_| case.mode == Mode::Positive) {
            let name = MediaType::parse(&body.media_type).map_or(body.media_type.clone(), |m| m.essence());
            *self.sent.entry(name).or_default() += 1;
        }
        match (case.mode, case.phase) {
            // Whether a constraint is kept, cases of limits tell; what is strange besides proves nothing.
            (_, Phase::Access | Phase::Sequence) | (Mode::Robustness, _) => {}
            (Mode::Positive, _) => self.obeyed.extend(generator.obeyed(operation, case)),
            (Mode::Negative, _) => self.broken.extend(constraint(&case.reason)),
        }
    }

    /// The promises of `operation`, each with what was seen of it. What an operation refuses that never once answered
    /// 2xx it refuses for other reasons: of its constraints nothing is known.
    pub(super) fn coverage(
        &self,
        generator: &Generator,
        operation: &Operation,
        statuses: &BTreeMap<u16, u64>,
        reached: bool,
    ) -> Coverage {
        let mut coverage = Coverage::default();
        for response in &operation.responses {
            let own = |status: u16| operation.response(status).is_some_and(|r| r.status == response.status);
            let seen =
                statuses.iter().filter(|(status, _)| **status != 0 && own(**status)).map(|(_, n)| n).sum();
            coverage.statuses.insert(response.status.to_string(), seen);
            for content in &response.contents {
                let covers = covers(&content.media_type);
                let seen = self.answered.iter().filter(|((status, name), _)| own(*status) && covers(name));
                let name = format!("{} {}", response.status, content.media_type);
                coverage.media_types.insert(name, seen.map(|(_, n)| n).sum());
            }
        }
        for content in operation.body.iter().flat_map(|body| &body.contents) {
            let covers = covers(&content.media_type);
            let seen = self.sent.iter().filter(|(name, _)| covers(name)).map(|(_, n)| n).sum();
            coverage.media_types.insert(format!("request {}", content.media_type), seen);
        }
        let sides = |at: &String| Sides {
            obeyed: reached && self.obeyed.contains(at),
            broken: reached && self.broken.contains(at),
        };
        let constraints = generator.constraints(operation).into_iter();
        coverage.constraints = constraints.map(|at| (at.clone(), sides(&at))).collect();
        coverage
    }
}

/// Whether a documented type or range covers a media type.
fn covers(documented: &str) -> impl Fn(&str) -> bool {
    let range = MediaType::parse(documented);
    move |name| match (&range, MediaType::parse(name)) {
        (Some(range), Some(one)) => range.covers(&one),
        (_, _) => false,
    }
}
