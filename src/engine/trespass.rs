//! Another key that tries to read, list, change and delete what the main key created for it a moment before.
//!
//! It must touch nothing else, and it asks only with keys that the configuration calls peers.

use crate::case::{Case, Credential};
use crate::check::{Deed, Judgement, Trespass, judge_revelation, judge_trespass};
use crate::client::Transport;
use crate::engine::misplaced::lists;
use crate::engine::ownership::{kind, object, served, shown_as, unknown};
use crate::engine::sending::is_served;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::Binding;

/// Rules whose finding on an operation says already that the wrong people get in.
const OPEN: &[&str] = &["auth-ignored", "key-scope", "revoked-key-accepted"];

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether a key is a stranger to what this request is for, and the operation is not known to be open anyway.
    fn is_strange(&self, index: usize, case: &Case, key: &str) -> bool {
        let night = self.night;
        let operation = &night.api.operations[index];
        let open = |rule: &str| {
            self.reported.contains_key(&(operation.key.clone(), rule.to_owned()))
                || self.state.candidates.values().any(|c| c.operation == index && c.finding.rule == rule)
        };
        let base = &night.options.base_url;
        let Ok(request) = case.render(operation, base) else { return false };
        let path = request.url.strip_prefix(base.as_str()).unwrap_or(&request.url);
        let path = path.split('?').next().unwrap_or_default();
        let shared = night.options.keys.iter().filter(|known| known.name == key).any(|known| {
            known.allowed.iter().any(|selector| selector.takes_path(operation.method.as_str(), path))
        });
        let ambient = self.state.tallies.get(&index).is_some_and(|tally| tally.ambient);
        operation.needs_credentials()
            && !ambient
            && night.options.focuses(&operation.key)
            && !shared
            && !OPEN.iter().any(|rule| open(rule))
    }

    /// One thing of the main key's, and another key that tries to read, list, change and delete it.
    pub(super) async fn trespass(&mut self, number: usize, key: &str) -> Vec<(usize, Judgement)> {
        let night = self.night;
        let resource = &night.plan.resources[number];
        let stranger = Credential::Named(key.to_owned());
        let mut said = Vec::new();
        let Some(read) = resource.read else { return said };
        let Some(binding) = self.provide(&resource.item).await else { return said };
        let Some(reading) = self.at(read, &binding) else { return said };
        let mut before = self.shoot_as(read, &reading, Credential::Main).await;
        if !served(&before) {
            return said;
        }
        let first = before.clone();
        let blank = Trespass {
            deed: Deed::Read,
            key_name: key,
            before: &first,
            attempt: &first,
            anonymous: None,
            sent: None,
            after: None,
            shown: false,
        };
        if self.is_strange(read, &reading, key) {
            let attempt = self.shoot_as(read, &reading, stranger.clone()).await;
            let anonymous = self.nobody(read, &reading, &attempt).await;
            if attempt.request != before.request {
                let deed = Trespass { attempt: &attempt, anonymous: anonymous.as_ref(), ..blank.clone() };
                said.push((read, judge_trespass(&self.context(read), &deed)));
                if let Some(unknown) = unknown(&binding).filter(|_| attempt.status() == Some(403)) {
                    let case = placed(reading.clone(), &night.api.operations[read], &unknown);
                    let unknown = self.shoot_as(read, &case, stranger.clone()).await;
                    said.push((read, judge_revelation(&self.context(read), &attempt, &unknown, key)));
                }
            }
        }
        if let Some(list) = resource.list
            && let Some(case) = self.whole_list(list, &binding)
            && self.is_strange(list, &case, key)
        {
            let owner = self.shoot_as(list, &case, Credential::Main).await;
            let attempt = self.shoot_as(list, &case, stranger.clone()).await;
            let anonymous = self.nobody(list, &case, &attempt).await;
            if lists(&owner, &first, &binding) == Some(true) && attempt.request != owner.request {
                let shown = lists(&attempt, &first, &binding) == Some(true);
                let deed = Deed::List;
                let (before, attempt, anonymous) = (&owner, &attempt, anonymous.as_ref());
                let deed = Trespass { deed, before, attempt, anonymous, shown, ..blank.clone() };
                said.push((list, judge_trespass(&self.context(list), &deed)));
            }
        }
        for change in [resource.replace, resource.change].into_iter().flatten() {
            let Some(case) = self.telling(change, &before, &binding) else { continue };
            if !self.is_strange(change, &case, key) {
                continue;
            }
            let attempt = self.shoot_as(change, &case, stranger.clone()).await;
            let after = self.shoot_as(read, &reading, Credential::Main).await;
            let sent = case.body.as_ref().and_then(object);
            let deed = Deed::Change;
            let deed = Trespass {
                deed,
                before: &before,
                attempt: &attempt,
                sent,
                after: Some(&after),
                ..blank.clone()
            };
            said.push((change, judge_trespass(&self.context(change), &deed)));
            before = after;
        }
        if let Some(delete) = resource.delete
            && let Some(case) = self.at(delete, &binding)
            && self.is_strange(delete, &case, key)
            && served(&before)
        {
            let attempt = self.shoot_as(delete, &case, stranger).await;
            let after = self.shoot_as(read, &reading, Credential::Main).await;
            let deed = Deed::Delete;
            let deed =
                Trespass { deed, before: &before, attempt: &attempt, after: Some(&after), ..blank.clone() };
            said.push((delete, judge_trespass(&self.context(delete), &deed)));
            if !matches!(after.status(), Some(404 | 410)) {
                // It was only said to be gone.
                self.state.own(&resource.item, &binding, &Credential::Main);
            }
        }
        said
    }

    /// What nobody in particular is answered, if the attempt was served.
    async fn nobody(&mut self, index: usize, case: &Case, attempt: &Exchange) -> Option<Exchange> {
        if !served(attempt) {
            return None;
        }
        Some(self.shoot_as(index, case, Credential::Anonymous).await)
    }

    /// An accepted change that would show: it sends a value that is not there yet.
    pub(super) fn telling(&mut self, index: usize, before: &Exchange, binding: &Binding) -> Option<Case> {
        let night = self.night;
        let operation = &night.api.operations[index];
        if !night.plan.jobs.iter().any(|job| job.operation == index && job.is_allowed()) {
            return None;
        }
        let before = before.response()?.json()?;
        let accepted = self.state.tally(index).acceptance.iter();
        let accepted = accepted.filter(|a| a.exchange.response().is_some_and(is_served));
        let tells = |case: &Case| {
            let sent = case.body.as_ref().and_then(object);
            sent.into_iter().flatten().any(|(name, value)| {
                let found = shown_as(&before, name);
                found.is_some_and(|found| {
                    kind(found) == kind(value) && kind(value).is_some() && found != value
                })
            })
        };
        let case = accepted.map(|a| a.case.clone()).find(tells)?;
        Some(placed(case, operation, binding))
    }
}
