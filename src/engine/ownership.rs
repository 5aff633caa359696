//! What belongs to somebody: things of this run's own asked for with another key and under another parent, written to
//! with values that are the server's, and keys that are called unknown.
//!
//! Everything unsafe is sent to something that was created for it a moment before. Without a peer in the configuration
//! no key is a stranger to another.

use crate::case::{BodyValue, Case, Credential, Payload, Phase};
use crate::check::Judgement;
use crate::client::Transport;
use crate::engine::KeyUse;
use crate::engine::sending::{is_served, shoot};
use crate::engine::state::Proof;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::Exchange;
use crate::plan::{Binding, Known};
use serde_json::{Value, json};

/// The rules that this stage can exercise.
const RULES: [&str; 6] = [
    "foreign-object-served",
    "wrong-parent-accepted",
    "read-only-value-stored",
    "valid-key-refused",
    "existence-revealed",
    "delete-refused-write-allowed",
];

/// Something to look into; enough to look into it again.
#[derive(Debug, Clone)]
pub(super) enum Doubt {
    /// Does another key reach what the main key creates?
    Foreign {
        /// Index of the resource in the plan.
        resource: usize,
        /// The other key's name.
        key: String,
    },
    /// May another key rewrite what it may not delete?
    HalfRight {
        /// Index of the resource in the plan.
        resource: usize,
        /// The other key's name.
        key: String,
    },
    /// Is a thing served under another parent?
    Parent {
        /// Index of the resource in the plan.
        resource: usize,
        /// How many of the path's values name the parent.
        names: usize,
    },
    /// Can a client set what is the server's?
    Privileged {
        /// Index of the resource in the plan.
        resource: usize,
    },
    /// Is a key that works elsewhere called unknown here?
    Refused {
        /// Index of the operation.
        operation: usize,
    },
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Looks into everything that belongs to somebody.
    pub(super) async fn ownership(&mut self) {
        let doubts = self.doubts();
        if doubts.is_empty() {
            return;
        }
        self.stage("ownership", doubts.len());
        for doubt in doubts {
            if self.over() {
                return;
            }
            for (index, judgement) in self.examine(&doubt).await {
                self.state.tally(index).exercise(&judgement.exercised);
                for finding in judgement.findings {
                    self.state.suspect(index, finding, Proof::Doubt(doubt.clone()));
                }
            }
        }
    }

    /// Looks into one doubt: what is said of which operation.
    pub(super) async fn examine(&mut self, doubt: &Doubt) -> Vec<(usize, Judgement)> {
        match doubt {
            Doubt::Foreign { resource, key } => self.trespass(*resource, key).await,
            Doubt::HalfRight { resource, key } => {
                self.halve_right(*resource, key).await.into_iter().collect()
            }
            Doubt::Parent { resource, names } => self.misplace(*resource, *names).await.into_iter().collect(),
            Doubt::Privileged { resource } => self.presume(*resource).await,
            Doubt::Refused { operation } => self.call_unknown(*operation).await.into_iter().collect(),
        }
    }

    /// Why a rule of this stage was asked of nothing, if the configuration is why.
    pub(super) fn unasked(&self, rule: &str) -> Option<String> {
        let keys = &self.night.options.keys;
        let lacking = match rule {
            "foreign-object-served" | "existence-revealed" => !keys.iter().any(|key| key.peer),
            "delete-refused-write-allowed" => !keys.iter().any(|key| !key.revoked),
            "key-scope" => !keys.iter().any(|key| !key.revoked && !key.denied.is_empty()),
            "revoked-key-accepted" => !keys.iter().any(|key| key.revoked),
            "auth-ignored" | "valid-key-refused" => !self.night.options.has_main_key,
            _ => false,
        };
        let wanted = match rule {
            "delete-refused-write-allowed" => "no other key is configured",
            "key-scope" => "no other key is denied anything",
            "revoked-key-accepted" => "no revoked key is configured",
            "auth-ignored" | "valid-key-refused" => "no key was given",
            _ => "no key of role `peer` is configured",
        };
        lacking.then(|| wanted.to_owned())
    }

    fn doubts(&mut self) -> Vec<Doubt> {
        let night = self.night;
        let wanted = self.wanted(&RULES);
        let mut doubts = Vec::new();
        let refused = (0..night.api.operations.len()).filter(|index| self.is_refused(*index));
        if wanted.contains("valid-key-refused") {
            doubts.extend(
                refused.collect::<Vec<_>>().into_iter().map(|operation| Doubt::Refused { operation }),
            );
        }
        for (number, resource) in night.plan.resources.iter().enumerate() {
            let (Some(create), Some(read)) = (resource.create, resource.read) else { continue };
            let focused =
                [Some(create), Some(read), resource.list, resource.replace, resource.change, resource.delete]
                    .into_iter()
                    .flatten()
                    .any(|index| night.options.focuses(&night.api.operations[index].key));
            if !focused || self.state.tally(create).control.is_none() {
                continue;
            }
            let strangers = wanted.contains("foreign-object-served") || wanted.contains("existence-revealed");
            for key in night.options.keys.iter().filter(|key| key.peer && strangers) {
                doubts.push(Doubt::Foreign { resource: number, key: key.name.clone() });
            }
            let halves = wanted.contains("delete-refused-write-allowed");
            let may_be_let = |key: &&KeyUse| halves && !key.revoked && (!key.peer || !key.allowed.is_empty());
            for key in night.options.keys.iter().filter(may_be_let) {
                doubts.push(Doubt::HalfRight { resource: number, key: key.name.clone() });
            }
            if wanted.contains("wrong-parent-accepted") {
                let names = 1..night.api.operations[read].path.names().count();
                doubts.extend(names.map(|names| Doubt::Parent { resource: number, names }));
            }
            if wanted.contains("read-only-value-stored") {
                doubts.push(Doubt::Privileged { resource: number });
            }
        }
        doubts
    }

    /// Sends a case as somebody, counts and tells it.
    pub(super) async fn shoot_as(&mut self, index: usize, case: &Case, credential: Credential) -> Exchange {
        let case = Case { phase: Phase::Access, credential, ..case.clone() };
        let case = self.fresh(index, case);
        let exchange = shoot(self.night, &self.night.api.operations[index], &case).await;
        self.tell(index, &case, &exchange);
        exchange
    }

    /// A request that was served before, or the simplest valid one, on this very thing.
    pub(super) fn at(&mut self, index: usize, binding: &Binding) -> Option<Case> {
        let night = self.night;
        let operation = &night.api.operations[index];
        let allowed = night.plan.jobs.iter().any(|job| job.operation == index && job.is_allowed());
        let control = self.state.tally(index).control.clone().map(|(case, _)| case);
        let known = Known { path: binding.named(&operation.path), ..Known::default() };
        let case = control.or_else(|| night.generator.reach(operation, &known).ok()).filter(|_| allowed)?;
        Some(placed(case, operation, binding))
    }
}

pub(super) fn served(exchange: &Exchange) -> bool {
    exchange.response().is_some_and(is_served)
}

pub(super) fn object(body: &BodyValue) -> Option<&serde_json::Map<String, Value>> {
    match &body.payload {
        Payload::Json(value) => value.as_object(),
        Payload::Raw(_) => None,
    }
}

/// The value that an answer shows under a name: its own, or that of the thing wrapped in it.
pub(super) fn shown_as<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    let map = body.as_object()?;
    map.get(name).or_else(|| map.values().filter_map(Value::as_object).find_map(|inner| inner.get(name)))
}

/// Which kind of scalar it is.
pub(super) fn kind(value: &Value) -> Option<u8> {
    match value {
        Value::Bool(_) => Some(0),
        Value::Number(_) => Some(1),
        Value::String(_) => Some(2),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The same place, but for a thing that most likely does not exist.
pub(super) fn unknown(binding: &Binding) -> Option<Binding> {
    let mut values = binding.values.clone();
    let last = values.last_mut()?;
    *last = match &*last {
        Value::Number(_) => json!(i32::MAX - 11),
        Value::String(text) if text.len() == 36 && text.matches('-').count() == 4 => {
            json!("00000000-0000-4000-8000-000000000011")
        }
        Value::String(text) if text.bytes().any(|b| b.is_ascii_digit()) => {
            let letters: String = text.chars().take_while(|c| !c.is_ascii_digit()).collect();
            json!(format!("{letters}{}", i32::MAX - 11))
        }
        Value::String(_) => json!("no-such-thing"),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(Binding { values, own: false })
}
