//! Follows the links of answers to operations that only ask.

use crate::case::{BodyValue, Case, ParameterValue, Payload, Phase};
use crate::check::{Followed, Judgement, judge_link};
use crate::client::Transport;
use crate::engine::pause::{LONGEST_PAUSE, PAUSE};
use crate::engine::sending::{is_served, left, path_of, shoot};
use crate::engine::state::Proof;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::{Known, Passed, follow};
use crate::spec::{Link, OperationKey};

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Follows each link once.
    pub(super) async fn links(&mut self) {
        let night = self.night;
        let links = &night.api.links;
        if links.is_empty() || self.wanted(&["link-broken"]).is_empty() {
            return;
        }
        self.stage("links", links.len());
        for (number, link) in links.iter().enumerate() {
            if self.over() {
                return;
            }
            let focused = night.options.focuses(&link.from) || night.options.focuses(&link.to);
            let Some(from) = self.index_of(&link.from).filter(|_| focused) else { continue };
            let Some(judgement) = self.follow_link(link).await else { continue };
            self.state.tally(from).exercise(&judgement.exercised);
            for finding in judgement.findings {
                self.state.suspect(from, finding, Proof::Link { number });
            }
        }
    }

    fn index_of(&self, key: &OperationKey) -> Option<usize> {
        self.night.api.operations.iter().position(|operation| operation.key == *key)
    }

    /// Asks for the answer that holds the link, then where it leads to. `None` if that cannot be done.
    pub(super) async fn follow_link(&mut self, link: &Link) -> Option<Judgement> {
        let night = self.night;
        let (from, to) = (self.index_of(&link.from)?, self.index_of(&link.to)?);
        let (source, target) = (&night.api.operations[from], &night.api.operations[to]);
        let job = |index: usize| night.plan.jobs.iter().find(move |job| job.operation == index);
        let repeatable = source.method.is_safe() || job(from).is_some_and(|job| job.creates);
        if !repeatable || !target.method.is_safe() || !job(to)?.is_allowed() {
            return None;
        }
        let (control, answered) = self.state.tally(from).control.clone()?;
        if !link.status.covers(answered.status()?) {
            return None;
        }
        let case = self.fresh(from, Case { phase: Phase::Sequence, ..control });
        let exchange = shoot(night, source, &case).await;
        self.tell(from, &case, &exchange);
        let response = exchange.response().filter(|response| is_served(response))?;
        let passed = follow(link, Some(&exchange.request), &path_of(&case), response);
        let judged = |target: Option<&Exchange>| {
            let followed = Followed { link, case: &case, source: &exchange, passed: &passed, target };
            judge_link(night.api, &night.options.checks, &followed)
        };
        let nothing = judged(None);
        let Some(next) = self.led_to(to, &passed).filter(|_| nothing.findings.is_empty()) else {
            return Some(nothing);
        };
        let mut pause = PAUSE;
        loop {
            let answer = shoot(night, target, &next).await;
            self.tell(to, &next, &answer);
            if !left(&answer) {
                return None;
            }
            let judgement = judged(Some(&answer));
            if judgement.findings.is_empty() || pause > self.longest_pause(LONGEST_PAUSE) || self.over() {
                return Some(judgement);
            }
            self.wait(pause).await;
            pause *= 2;
        }
    }

    /// The request that a link leads to; `None` if it leaves out where to.
    fn led_to(&self, to: usize, passed: &Passed) -> Option<Case> {
        let night = self.night;
        let operation = &night.api.operations[to];
        let known = Known { path: passed.path(operation)?, ..Known::default() };
        let mut case = night.generator.reach(operation, &known).ok()?;
        case.phase = Phase::Sequence;
        for (location, name, value) in &passed.parameters {
            let payload = Payload::Json(value.clone());
            match case.parameters.iter_mut().find(|p| p.location == *location && p.name == *name) {
                Some(parameter) => parameter.payload = payload,
                None => {
                    case.parameters.push(ParameterValue { name: name.clone(), location: *location, payload });
                }
            }
        }
        if let (Some(body), Some(value)) = (&case.body, &passed.body) {
            let payload = Payload::Json(value.clone());
            case.body = Some(BodyValue { media_type: body.media_type.clone(), payload });
        }
        Some(case)
    }
}
