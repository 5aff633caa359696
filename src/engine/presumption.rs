//! Values that are the server's to set, and keys that work elsewhere: what a client may presume, and what a server.
//!
//! It must write to nothing but what was created for it a moment before.

use crate::case::{Credential, Mode, Payload};
use crate::check::{Judgement, Presumption, another_value, judge_presumption, judge_refused, privileged};
use crate::client::Transport;
use crate::engine::ownership::{served, shown_as};
use crate::engine::sending::is_served;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Response;
use serde_json::Value;

/// How many properties of one operation are presumed upon.
const PROPERTIES: usize = 6;
/// Words of operations that are about credentials of their own: 401 is their business.
const LOGINS: &[&str] = &[
    "login", "logon", "signin", "auth", "oauth", "oauth2", "token", "tokens", "session", "sessions",
    "password", "refresh", "verify", "otp", "mfa", "2fa", "sso", "saml", "webhook", "webhooks",
];
/// Words of parameters that carry credentials.
const CREDENTIALS: &[&str] =
    &["authorization", "token", "signature", "session", "cookie", "password", "secret"];

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Things of its own, created and changed with values that are the server's to set.
    pub(super) async fn presume(&mut self, number: usize) -> Vec<(usize, Judgement)> {
        let night = self.night;
        let resource = &night.plan.resources[number];
        let mut said = Vec::new();
        let Some(read) = resource.read else { return said };
        let create = resource.create.filter(|_| !resource.is_claimed);
        let writes = [create, resource.replace, resource.change].into_iter().flatten();
        let mut wanted = Vec::new();
        for write in writes {
            let operation = &night.api.operations[write];
            let found = privileged(&night.api.document, operation, &night.api.operations[read]);
            if night.options.focuses(&operation.key) {
                wanted.extend(found.into_iter().take(PROPERTIES).map(|property| (write, property)));
            }
        }
        if wanted.is_empty() {
            return said;
        }
        let Some(binding) = self.provide(&resource.item).await else { return said };
        let Some(reading) = self.at(read, &binding) else { return said };
        for (write, (name, schema)) in wanted {
            if self.over() {
                return said;
            }
            let Some(mut case) = self.at(write, &binding) else { continue };
            let before = self.shoot_as(read, &reading, Credential::Main).await;
            let Some(body) = before.response().filter(|r| is_served(r)).and_then(Response::json) else {
                continue;
            };
            let seen = self.state.pool.named().get(&name).cloned().unwrap_or_default();
            let now = shown_as(&body, &name);
            let Some(value) = another_value(&self.context(read), &schema, now, &seen) else { continue };
            let Some(Payload::Json(Value::Object(sent))) = case.body.as_mut().map(|body| &mut body.payload)
            else {
                continue;
            };
            sent.insert(name.clone(), value.clone());
            case.mode = Mode::Negative;
            case.reason.keyword = "readOnly".to_owned();
            case.reason.how = format!("with `{name}`, which is the server's to set");
            case.reason.part = format!("body /{name}");
            let attempt = self.shoot_as(write, &case, Credential::Main).await;
            let target = if Some(write) == create {
                let made = self.note_creation(write, &case, &attempt);
                made.into_iter().find(|(item, _)| *item == resource.item).map(|(_, made)| made)
            } else {
                Some(binding.clone())
            };
            let after = match target {
                Some(target) if served(&attempt) => {
                    let reading = placed(reading.clone(), &night.api.operations[read], &target);
                    Some(self.shoot_as(read, &reading, Credential::Main).await)
                }
                Some(_) | None => None,
            };
            let (attempt, before, after) = (&attempt, &before, after.as_ref());
            let presumption = Presumption { property: &name, value: &value, attempt, before, after };
            said.push((write, judge_presumption(&self.context(write), &presumption)));
        }
        said
    }

    /// Whether an operation answered nothing but 401 to valid requests with the main key.
    pub(super) fn is_refused(&mut self, index: usize) -> bool {
        let night = self.night;
        let operation = &night.api.operations[index];
        let words = operation.path.to_string().to_lowercase();
        let login = words.split(['/', '-', '_', '.', ':']).any(|word| LOGINS.contains(&word));
        let own_credentials = operation.parameters.iter().any(|parameter| {
            let name = parameter.name.to_lowercase();
            CREDENTIALS.iter().any(|word| name.contains(word))
        });
        let tally = self.state.tally(index);
        operation.needs_credentials()
            && night.options.has_main_key
            && night.options.focuses(&operation.key)
            && !login
            && !own_credentials
            && tally.control.is_none()
            && !tally.acceptance.is_empty()
            && tally.acceptance.iter().all(|a| a.exchange.status() == Some(401))
    }

    /// An operation that refuses the main key beside one that serves it.
    pub(super) async fn call_unknown(&mut self, index: usize) -> Option<(usize, Judgement)> {
        let night = self.night;
        let operation = &night.api.operations[index];
        let case = self.state.tally(index).acceptance.first()?.case.clone();
        let other = (0..night.api.operations.len()).find(|other| {
            let known = &night.api.operations[*other];
            known.method.is_safe() && known.security == operation.security && self.is_controlled(*other)
        })?;
        let (control, _) = self.state.tally(other).control.clone()?;
        let refused = self.shoot_as(index, &case, Credential::Main).await;
        let anonymous = self.shoot_as(index, &case, Credential::Anonymous).await;
        if anonymous.request == refused.request {
            return None;
        }
        let elsewhere = self.shoot_as(other, &control, Credential::Main).await;
        Some((index, judge_refused(&self.context(index), &elsewhere, &refused)))
    }

    fn is_controlled(&self, index: usize) -> bool {
        self.state.tallies.get(&index).is_some_and(|tally| tally.control.is_some())
    }
}
