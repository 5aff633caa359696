//! Settles candidates: sends again, classifies, shrinks, reports.

use crate::case::{Case, Mode, Payload};
use crate::check::{Acceptance, judge_acceptance, judge_sequence};
use crate::client::Transport;
use crate::engine::health::is_fallout;
use crate::engine::revive::is_gone;
use crate::engine::sending::{left, shoot};
use crate::engine::state::{Candidate, Proof, Tally};
use crate::engine::suite::placed;
use crate::engine::unknown::is_unknown;
use crate::engine::walk::Walk;
use crate::event::{EventKind, IncidentKind, Stop};
use crate::exchange::{ACCEPTED_CODINGS, Exchange, Method, curl, script};
use crate::finding::{Classification, Family, Finding, Fingerprint};
use crate::plan::{Job, Permission};
use crate::shrink::Shrinker;

/// Times that a candidate is sent again before it counts as persistent.
const SURE: u32 = 2;
/// Times that a candidate is sent again after it once did not show.
const DOUBTFUL: u32 = 8;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Settles every candidate, in the order of first sight. What the budget has no room for waits for the `last` time.
    pub(super) async fn settle(&mut self, last: bool) {
        let mut candidates: Vec<Candidate> =
            std::mem::take(&mut self.state.candidates).into_values().collect();
        // Where time is short, what the target itself said comes before what may have come from its surroundings.
        candidates.sort_by_key(|candidate| candidate.finding.evidence.last().is_some_and(is_swallowed));
        self.stage("confirm", candidates.len());
        let mut fallout = 0;
        for candidate in candidates {
            if self.is_fallout(&candidate) {
                fallout += 1;
                continue;
            }
            if self.fails_anyway(&candidate) {
                continue;
            }
            if !last && self.over() {
                self.state.candidates.insert(candidate.finding.fingerprint.clone(), candidate);
                continue;
            }
            self.state.settled.insert(candidate.finding.fingerprint.clone());
            let finding = self.settle_one(candidate).await;
            if let Some(finding) = finding {
                self.report(finding);
            }
        }
        if fallout > 0 {
            let message = format!(
                "{fallout} suspicions arose while the target was not itself: fallout of the environment, not told as \
                 defects"
            );
            self.incident(IncidentKind::Environment, None, message);
        }
    }

    /// Whether what was seen says nothing of the target itself: it was down then, or is down for good.
    fn is_fallout(&self, candidate: &Candidate) -> bool {
        let status = candidate.finding.evidence.last().and_then(Exchange::status);
        let bad = self.state.health.was_bad(candidate.first) && is_fallout(&candidate.finding);
        let failed = matches!(self.state.stop, Some(Stop::Environment | Stop::Key));
        bad || failed && matches!(status, None | Some(401 | 502..=504))
    }

    /// Whether a crash at an odd request tells nothing of what is odd in it: the operation fails at valid ones, too, and
    /// never once worked.
    fn fails_anyway(&self, candidate: &Candidate) -> bool {
        let tally = self.state.tallies.get(&candidate.operation).filter(|_| is_odd_crash(candidate));
        tally.is_some_and(|tally| {
            let crashed = |a: &Acceptance| a.exchange.status().is_none_or(|status| status >= 500);
            !tally.reached() && tally.acceptance.iter().any(crashed)
        })
    }

    pub(super) fn report(&mut self, mut finding: Finding) {
        if finding.reproduce.is_empty() {
            finding.reproduce = self.commands(&finding);
        }
        if let Some(key) = &finding.operation {
            *self.reported.entry((key.clone(), finding.rule.clone())).or_default() += 1;
            if matches!(finding.family, Family::Response | Family::Behaviour) {
                self.explained.insert(key.clone());
            }
        }
        self.emitter.emit(EventKind::FindingReported { finding });
    }

    /// The shell commands that show a finding again: one line, or each call of a sequence in order.
    fn commands(&self, finding: &Finding) -> String {
        let line = |exchange: &Exchange| {
            let mut request = exchange.request.clone();
            // What was broken in packing shows only to those who ask for it.
            let broken = exchange.response().is_some_and(|response| !response.is_readable());
            let says = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"));
            if broken && !says {
                request.headers.push(("accept-encoding".to_owned(), ACCEPTED_CODINGS.to_owned()));
            }
            curl(&request, &self.night.options.placeholders)
        };
        match finding.family {
            Family::Behaviour => script(&finding.evidence, &self.night.options.placeholders),
            Family::Response
            | Family::Input
            | Family::Access
            | Family::Latency
            | Family::Snapshot
            | Family::Breaking => finding.evidence.last().map(line).unwrap_or_default(),
        }
    }

    async fn settle_one(&mut self, mut candidate: Candidate) -> Option<Finding> {
        let mut finding = candidate.finding.clone();
        if self.over() {
            // Nothing may be sent any more: what was seen is told as seen.
            if finding.evidence.last().and_then(Exchange::status) == Some(429) {
                finding.classification = Classification::RateLimited;
            } else if self.state.health.was_bad(candidate.first)
                || finding.evidence.last().is_some_and(is_swallowed)
            {
                finding.classification = Classification::Environment;
            }
            return Some(finding);
        }
        let (mut shown, mut sent, mut silent) = (0, 0, 0);
        while silent < DOUBTFUL && sent < if shown == sent { SURE } else { DOUBTFUL } {
            let Some(again) = self.again(&mut candidate).await else { break };
            let seen = match again {
                Again::Silent => {
                    silent += 1;
                    continue;
                }
                Again::Missing => None,
                Again::Shown(seen) => Some(*seen),
            };
            sent += 1;
            if let Some(seen) = seen {
                shown += 1;
                finding.evidence = seen.evidence;
                finding.title = seen.title;
                finding.detail = seen.detail;
                if let Proof::Case(case) | Proof::Refusal(case) = &candidate.proof {
                    finding.case = Some(case.clone());
                }
            }
        }
        let status = finding.evidence.last().and_then(Exchange::status);
        finding.classification = if sent == 0 {
            Classification::Unconfirmed
        } else if shown < sent && status == Some(429) {
            Classification::RateLimited
        } else if shown == sent {
            Classification::Persistent
        } else if shown == 0 && !self.night.api.operations[candidate.operation].method.is_safe() {
            // Sent to other state than the first time, it did nothing of the kind.
            Classification::StateDependent
        } else {
            Classification::Intermittent { shown: shown + candidate.seen, sent: sent + candidate.seen }
        };
        if matches!(status, Some(502..=504))
            && self.is_of_the_environment(&candidate, shown == sent, shown).await
        {
            let message = "an answer of 502, 503 or 504 came while the target was not itself, or never again";
            if self.state.said.insert(message.to_owned()) {
                self.incident(IncidentKind::Environment, None, message);
            }
            return None;
        }
        let doubtful = match finding.family {
            // One stall of anything on the way delays every answer under way: half the repeats must be slow too.
            Family::Latency => shown * 2 < sent,
            // A crash that comes and goes has nothing to do with what is odd about one of the requests.
            Family::Response if is_odd_crash(&candidate) => shown < sent,
            // Never again, and not a crash: more likely the state it met than a defect. What else was wrong with the
            // answer of a crash is told with the crash.
            _ => shown == 0 && !(matches!(status, Some(500..)) && finding.rule == "server-error"),
        };
        if sent > 0 && doubtful {
            let key = finding.operation.clone();
            let message = format!("{}: {} (in {shown} of {sent} repeats)", finding.rule, finding.title);
            self.incident(IncidentKind::NotConfirmed, key.as_ref(), message);
            return None;
        }
        if finding.classification == Classification::Persistent {
            match candidate.proof.clone() {
                Proof::Sequence(plot) => self.shorten(&plot, &mut finding).await,
                _ => self.shrink(&candidate, &mut finding).await,
            }
        }
        Some(finding)
    }

    /// Shows the candidate again: `None` if that cannot be done.
    async fn again(&mut self, candidate: &mut Candidate) -> Option<Again> {
        let night = self.night;
        let index = candidate.operation;
        let wanted = &candidate.finding.fingerprint.clone();
        let seen = match candidate.proof.clone() {
            Proof::Settled => return None,
            Proof::Case(_) => {
                let (case, exchange) = self.repeat_alive(candidate).await?;
                let seen = self.shows(index, &case, &exchange, wanted);
                if seen.is_none() && is_swallowed(&exchange) {
                    return Some(Again::Silent);
                }
                seen
            }
            Proof::Refusal(_) => {
                let (case, exchange) = self.repeat_alive(candidate).await?;
                let case = self.named_plainly(index, case);
                let refused = &case.clone();
                let mut all = self.state.tally(index).acceptance.clone();
                all.retain(|a| a.case != case);
                all.push(Acceptance { case, exchange: exchange.clone() });
                let found = judge_acceptance(&self.context(index), &all).findings;
                let mut seen = the_one(found, wanted);
                if let Some(finding) = &mut seen {
                    finding.evidence = vec![exchange];
                    self.tell_lessons(index, finding);
                }
                if seen.is_some() && self.fits_elsewhere(index, refused).await {
                    seen = None;
                }
                seen
            }
            Proof::Others { case, credentials } => {
                let job = night.plan.jobs.iter().find(|job| job.operation == index)?;
                let judgement = self.ask(job, &case, &credentials).await?;
                the_one(judgement.findings, wanted)
            }
            Proof::Doubt(doubt) => {
                let said = self.examine(&doubt).await;
                let said = said.into_iter().filter(|(about, _)| *about == index);
                let findings: Vec<Finding> = said.flat_map(|(_, judgement)| judgement.findings).collect();
                the_one(findings, wanted)
            }
            Proof::Methods(question) => {
                let judgement = self.ask_method(index, question).await;
                the_one(judgement.findings, wanted)
            }
            Proof::Sequence(plot) => {
                let steps = self.play(&plot).await;
                let judgement = judge_sequence(night.api, &night.options.checks, &steps);
                self.state.story = steps;
                the_one(judgement.findings, wanted)
            }
            Proof::Link { number } => {
                let judgement = self.follow_link(&night.api.links[number]).await?;
                the_one(judgement.findings, wanted)
            }
        };
        Some(seen.map_or(Again::Missing, |seen| Again::Shown(Box::new(seen))))
    }

    /// Sends a candidate's case again. If what it was sent to is gone since, on something new; later repeats too.
    async fn repeat_alive(&mut self, candidate: &mut Candidate) -> Option<(Case, Exchange)> {
        let (Proof::Case(case) | Proof::Refusal(case)) = &mut candidate.proof else { return None };
        let before = candidate.finding.evidence.last();
        let again = self.repeat(candidate.operation, case, before).await?;
        if !is_gone(&again.1) || before.is_none_or(is_gone) {
            return Some(again);
        }
        let Some(alive) = self.revived(candidate.operation, case).await else { return Some(again) };
        *case = alive;
        self.repeat(candidate.operation, case, before).await
    }

    /// Whether a 502, 503 or 504 is the surroundings' doing: it never came again, the canary fails too, or even what the
    /// operation served before is answered so now; or it comes and goes, here and elsewhere, as where a gateway is busy.
    /// An operation that fails alone, beside a canary that is well, is what fails.
    async fn is_of_the_environment(&mut self, candidate: &Candidate, always: bool, shown: u32) -> bool {
        let busy = |tally: &Tally| tally.statuses.keys().any(|status| (502..=504).contains(status));
        let elsewhere =
            self.state.tallies.iter().any(|(index, tally)| *index != candidate.operation && busy(tally));
        shown == 0 || !always && elsewhere || self.is_down(candidate.operation).await || !self.is_well().await
    }

    /// Whether even the request that an operation served before is answered 502, 503 or 504 now, every time.
    async fn is_down(&mut self, index: usize) -> bool {
        let Some((control, _)) = self.state.tally(index).control.clone() else { return false };
        let operation = &self.night.api.operations[index];
        if !operation.method.is_safe() {
            return false;
        }
        for _ in 0..SURE {
            let exchange = shoot(self.night, operation, &control).await;
            self.state.requests += u64::from(exchange.attempts);
            if !matches!(exchange.status(), Some(502..=504)) {
                return false;
            }
        }
        true
    }

    fn job(&self, index: usize) -> Option<&'_ Job> {
        self.night.plan.jobs.iter().find(|job| job.operation == index)
    }

    /// Sends a case again, on something fresh if it consumes what it is sent to. `like`: what it was answered before.
    pub(super) async fn repeat(
        &mut self,
        index: usize,
        case: &Case,
        like: Option<&Exchange>,
    ) -> Option<(Case, Exchange)> {
        let night = self.night;
        let operation = &night.api.operations[index];
        let mut case = self.fresh(index, case.clone());
        let item = self.job(index).and_then(|job| match &job.permission {
            Permission::OwnOnly { item, .. } => Some(item.clone()),
            Permission::Free | Permission::Never { .. } => None,
        });
        let consumes = operation.method == Method::Delete && !is_unknown(&case);
        if let (true, Mode::Positive, Some(item)) = (consumes, case.mode, item) {
            let binding = match self.provide(&item).await {
                Some(binding) => binding,
                // What it lies in may be gone.
                None => self.provide_anew(operation).await?,
            };
            case = placed(case, operation, &binding);
        }
        let accepted = like.and_then(Exchange::status).is_some_and(|status| (200..300).contains(&status));
        if let Some(resource) = self.claimed(index)
            && like.and_then(Exchange::status) == Some(201)
            && let Some(free) = self.at_free_place(resource, case.clone()).await
        {
            case = free;
        }
        let (case, exchange) = if accepted && self.job(index).is_some_and(|job| job.creates) {
            // What was accepted once may be refused now for its name alone, which is taken.
            Box::pin(self.create(index, case)).await
        } else {
            let exchange = shoot(night, operation, &case).await;
            self.state.requests += u64::from(exchange.attempts.max(1));
            (case, exchange)
        };
        if !left(&exchange) {
            return None;
        }
        self.note_creation(index, &case, &exchange);
        Some((case, exchange))
    }

    fn shows(&self, index: usize, case: &Case, exchange: &Exchange, wanted: &Fingerprint) -> Option<Finding> {
        let found = the_one(self.judge(index, case, exchange).findings, wanted);
        found.map(|mut finding| {
            finding.evidence = vec![exchange.clone()];
            finding
        })
    }

    /// Makes the case of a single-answer finding as small as it can be while it still shows.
    async fn shrink(&mut self, candidate: &Candidate, finding: &mut Finding) {
        let night = self.night;
        let Proof::Case(case) = &candidate.proof else { return };
        let operation = &night.api.operations[candidate.operation];
        let raw = |payload: &Payload| matches!(payload, Payload::Raw(_));
        let fixed =
            case.body.as_ref().is_some_and(|body| raw(&body.payload)) || operation.method == Method::Delete;
        if fixed || night.options.shrink_requests == 0 {
            return;
        }
        let mut shrinker =
            Shrinker::new(case.clone(), operation, night.validators, night.options.shrink_requests);
        while let Some(smaller) = shrinker.next() {
            if self.over() {
                break;
            }
            let Some((smaller, exchange)) =
                self.repeat(candidate.operation, &smaller, finding.evidence.last()).await
            else {
                shrinker.answer(false);
                continue;
            };
            let seen = self.shows(candidate.operation, &smaller, &exchange, &finding.fingerprint);
            shrinker.answer(seen.is_some());
            if let Some(seen) = seen {
                finding.evidence = seen.evidence;
                finding.title = seen.title;
                finding.detail = seen.detail;
                finding.case = Some(smaller);
            }
        }
    }
}

/// Whether it is a crash at a header that only a strange request has, and so a crash of its own.
fn is_odd_crash(candidate: &Candidate) -> bool {
    let odd = |case: &Case| case.mode == Mode::Robustness && case.reason.part.starts_with("header ");
    candidate.finding.rule == "server-error" && matches!(&candidate.proof, Proof::Case(case) if odd(case))
}

/// What a repeat said.
enum Again {
    /// The finding, as it showed this time.
    Shown(Box<Finding>),
    Missing,
    /// Nothing: the request was swallowed on its way.
    Silent,
}

/// Whether an answer, or the lack of one, comes from the surroundings rather than from the operation.
fn is_swallowed(exchange: &Exchange) -> bool {
    matches!(exchange.status(), None | Some(429 | 502..=504))
}

/// The finding with this identity, if it showed again.
fn the_one(findings: Vec<Finding>, wanted: &Fingerprint) -> Option<Finding> {
    findings.into_iter().find(|finding| finding.fingerprint == *wanted)
}
