//! Follows the next pages of a list, a few of them.

use crate::case::{Case, Credential, Phase};
use crate::check::{Next, Role, Step, cursor_of, judge_sequence, listed, next_of};
use crate::client::Transport;
use crate::engine::sending::{is_served, path_of};
use crate::engine::sequence::pages::limit_of;
use crate::engine::sequence::step::set;
use crate::engine::walk::Walk;
use crate::exchange::{Method, Request, Response};
use crate::spec::Location;
use serde_json::json;

/// The most pages that are followed.
const PAGES: usize = 8;
/// How many items a page holds, if the document allows.
const ITEMS: u64 = 2;
/// How many items make three such pages.
const ENOUGH: usize = 5;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether a list names next pages, as far as its document or its first answer tell.
    pub(super) fn leads_on(&mut self, list: usize) -> bool {
        let operation = &self.night.api.operations[list];
        let answer = self.state.tally(list).control.as_ref().and_then(|(_, exchange)| exchange.response());
        let named = answer.and_then(next_of).is_some();
        let shows = answer.and_then(Response::json).as_ref().and_then(listed).is_some();
        operation.method == Method::Get && shows && (named || cursor_of(operation).is_some())
    }

    /// Page by page, until there is no next one or one was there before.
    pub(super) async fn follow_pages(&mut self, list: usize) -> Vec<Step> {
        let night = self.night;
        let rule = ["pagination-loops"];
        let Some((mut case, _)) = self.state.tally(list).control.clone() else { return Vec::new() };
        let operation = &night.api.operations[list];
        let cursor = cursor_of(operation).map(str::to_owned);
        case.parameters.retain(|p| p.location != Location::Query || Some(&p.name) != cursor.as_ref());
        let limit = limit_of(&night.api.document, operation);
        if let Some(limit) = &limit {
            set(&mut case, &limit.name, json!(limit.least.max(ITEMS).min(limit.most)));
        }
        let mut steps = self.pages_from(list, &case, cursor.as_deref()).await;
        if limit.is_some() && steps.len() < 3 && self.lengthen(list, &case).await {
            steps = self.pages_from(list, &case, cursor.as_deref()).await;
        }
        if steps.len() < 2 {
            self.excuse(list, &rule, "its answer named no next page");
            return Vec::new();
        }
        if !judge_sequence(night.api, &night.options.checks, &steps).findings.is_empty() {
            self.step(&mut steps, Role::FirstPageAgain, list, &case).await;
        }
        steps
    }

    async fn pages_from(&mut self, list: usize, first: &Case, cursor: Option<&str>) -> Vec<Step> {
        let mut steps = Vec::new();
        self.step(&mut steps, Role::NextPage, list, first).await;
        let mut followed: Vec<Next> = Vec::new();
        while steps.len() < PAGES && !self.over() {
            let before = steps.len();
            let Some(next) = steps.last().and_then(Step::response).filter(|r| is_served(r)).and_then(next_of)
            else {
                break;
            };
            let seen = followed.contains(&next);
            followed.push(next.clone());
            match (&next, cursor) {
                (Next::Cursor(value), Some(name)) => {
                    let mut case = first.clone();
                    set(&mut case, name, json!(value));
                    self.step(&mut steps, Role::NextPage, list, &case).await;
                }
                (Next::Cursor(_), None) => break,
                (Next::Link(target), _) => self.follow_next(&mut steps, list, first, target).await,
            }
            if seen || steps.len() == before {
                break;
            }
        }
        steps
    }

    /// Goes where a link points, if that is the same list of the same origin.
    async fn follow_next(&mut self, steps: &mut Vec<Step>, list: usize, first: &Case, target: &str) {
        let night = self.night;
        let from = steps.last().and_then(|step| url::Url::parse(&step.exchange.request.url).ok());
        let Some((from, to)) = from.and_then(|from| Some((from.clone(), from.join(target).ok()?))) else {
            return;
        };
        if to.origin() != from.origin()
            || to.path().trim_end_matches('/') != from.path().trim_end_matches('/')
        {
            return;
        }
        let headers = steps.last().map(|step| step.exchange.request.headers.clone()).unwrap_or_default();
        // The key is put on again by whom it belongs to.
        let headers = headers.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("accept")).collect();
        let request = Request { method: Method::Get, url: to.to_string(), headers, body: None };
        let operation = &night.api.operations[list];
        let exchange = night.transport.send(&request, &Credential::Main, Some(operation)).await;
        let case = Case { phase: Phase::Sequence, ..first.clone() };
        self.note_step(steps, Role::NextPage, list, case, &exchange);
    }

    /// Makes a list long enough for three pages, by creations that were accepted before. Whether it made anything.
    async fn lengthen(&mut self, list: usize, listing: &Case) -> bool {
        let place = path_of(listing);
        let Some(create) = self.creator_of(list).filter(|create| self.is_allowed(*create)) else {
            return false;
        };
        let wares: Vec<Case> = self.wares(list).into_iter().map(|(case, _)| case).collect();
        let wares: Vec<Case> = wares.into_iter().filter(|case| path_of(case) == place).collect();
        let mut made = 0;
        for case in wares.iter().cycle().take(if wares.is_empty() { 0 } else { ENOUGH }) {
            let mut apart = Vec::new();
            let exchange = self.step(&mut apart, Role::Create, create, case).await;
            self.note_creation(create, case, &exchange);
            made += usize::from(exchange.response().is_some_and(is_served));
        }
        made > 0
    }
}
