//! The simplest request with its moments to come: bookings, silences and deadlines that lie in the past are refused.
//!
//! No schema says so. What is made here is one more try, and no promise of the document.

use crate::case::{Case, Payload};
use crate::generate::Generator;
use crate::generate::media;
use crate::generate::wire::{self, Way};
use crate::plan::{Known, moved};
use crate::spec::{Location, Operation};
use serde_json::Value;

/// How far moments are moved, in days: beyond any deadline of today, within what 32 bits of seconds can count.
const DAYS: i64 = 12 * 365;

impl Generator {
    /// The simplest valid case with every date and date-time of query and body moved twelve years on, ranges as long as
    /// they were; `None` if there is nothing to move. What the user gave stays.
    pub fn reach_later(&self, operation: &Operation, known: &Known) -> Option<Case> {
        let mut case = self.reach(operation, known).ok()?;
        let mut news = false;
        for sent in case.parameters.iter_mut().filter(|sent| sent.location == Location::Query) {
            let Some(parameter) = operation.parameter(sent.location, &sent.name) else { continue };
            let Payload::Json(value) = &sent.payload else { continue };
            if known.given.has(&sent.name) {
                continue;
            }
            let fits = |later: &Value| {
                self.is_valid(parameter.schema.as_ref(), later) && wire::way(parameter, later) == Way::Sure
            };
            if let Some(later) = moved(value, DAYS).filter(|later| value.is_string() && fits(later)) {
                sent.payload = Payload::Json(later);
                news = true;
            }
        }
        if let Some(Payload::Json(body)) = case.body.as_mut().map(|body| &mut body.payload) {
            let mut later = body.clone();
            let schema =
                operation.body.as_ref().and_then(|body| media::best(&body.contents)?.schema.as_ref());
            if known.given.bodies.is_empty() && postpone(&mut later, known) && self.is_valid(schema, &later) {
                *body = later;
                news = true;
            }
        }
        "the simplest valid request, in years to come".clone_into(&mut case.reason.how);
        news.then_some(case)
    }
}

/// Moves every moment in `value`; whether there was one.
fn postpone(value: &mut Value, known: &Known) -> bool {
    match value {
        Value::String(_) => match moved(value, DAYS) {
            Some(later) => {
                *value = later;
                true
            }
            None => false,
        },
        Value::Array(items) => {
            let moved = items.iter_mut().filter_map(|item| postpone(item, known).then_some(()));
            moved.count() > 0
        }
        Value::Object(map) => {
            let ours = map.iter_mut().filter(|(name, _)| !known.given.has(name));
            let moved = ours.filter_map(|(_, member)| postpone(member, known).then_some(()));
            moved.count() > 0
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
