//! Bodies for a plot: the fullest that was accepted, values that differ from what is stored, parts of a whole.
//!
//! Nothing is made up here: every value was accepted before, by this operation or by a sibling.

use crate::case::{BodyValue, Case, Payload};
use crate::check::{Envelope, differs, is_restless, property};
use crate::client::Transport;
use crate::engine::walk::Walk;
use crate::exchange::Response;
use crate::plan::Resource;
use crate::schema::{Direction, Pointer};
use crate::spec::Operation;
use serde_json::{Map, Value, json};

/// Largest body that a life is led with, in bytes.
const LARGEST: usize = 8192;
/// Longest text that a property is changed to, in bytes.
const LONGEST: usize = 200;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The accepted case that sends most, so that a life shows as much as it can; the control if there is none.
    ///
    /// A replacement ought to change something: a body equal to `unlike` is the last choice.
    pub(super) fn fullest(&mut self, index: usize, unlike: Option<&BodyValue>) -> Option<Case> {
        let tally = self.state.tally(index);
        let size = |case: &Case| {
            let properties = object(case).map_or(0, extent);
            (unlike.is_none() || case.body.as_ref() != unlike, properties)
        };
        let small = |case: &Case| {
            case.body
                .as_ref()
                .is_none_or(|b| serde_json::to_string(&b.payload).is_ok_and(|t| t.len() < LARGEST))
        };
        let accepted =
            tally.acceptance.iter().filter(|a| a.exchange.response().is_some_and(Response::is_success));
        // The first of the largest: later ones may be odd in other ways.
        let best = accepted.filter(|a| small(&a.case)).fold(None, |best: Option<&Case>, a| match best {
            Some(case) if size(case) >= size(&a.case) => Some(case),
            Some(_) | None => Some(&a.case),
        });
        best.cloned().or_else(|| tally.control.clone().map(|(case, _)| case))
    }

    /// One value for each property that `shown` has and could be changed to: accepted before, and another.
    pub(super) fn others(&mut self, write: usize, resource: &Resource, shown: &Value) -> Map<String, Value> {
        let sources = [Some(write), resource.replace, resource.change, resource.create];
        let mut found = Map::new();
        for source in sources.into_iter().flatten() {
            let tally = self.state.tally(source);
            let accepted =
                tally.acceptance.iter().filter(|a| a.exchange.response().is_some_and(Response::is_success));
            let cases = accepted.map(|a| &a.case).chain(tally.control.iter().map(|(case, _)| case));
            let opened = |case| object(case).and_then(|sent| Envelope::of(sent, shown).open(sent));
            for (name, value) in cases.filter_map(opened).flatten() {
                let plain = match value {
                    Value::String(text) => {
                        !text.trim().is_empty() && text.len() <= LONGEST && text.is_ascii()
                    }
                    Value::Bool(_) | Value::Number(_) => true,
                    Value::Null | Value::Array(_) | Value::Object(_) => false,
                };
                let other = part(shown, name).is_some_and(|now| differs(now, value) == Some(true));
                if plain && other && !is_restless(name) && !found.contains_key(name) {
                    found.insert(name.clone(), value.clone());
                }
            }
        }
        found
    }

    /// Cases of a write operation, each of which changes one property to another value and says as little else as
    /// the document allows: one member of a merge patch, one operation of a JSON Patch, the whole for a `PUT`.
    ///
    /// Where the creation and what is `shown` have an envelope, so has the change, if its document knows it.
    pub(super) fn changes(
        &mut self,
        index: usize,
        resource: &Resource,
        base: &Case,
        others: &Map<String, Value>,
        shown: &Value,
    ) -> Vec<Case> {
        let operation = &self.night.api.operations[index];
        let Some(body) = &base.body else { return Vec::new() };
        let json_patch = is_json_patch(&body.media_type);
        let schema = schema(operation, &body.media_type);
        let known = |envelope: &Envelope| {
            let name = envelope.outermost()?;
            json_patch.then_some(()).or_else(|| property(&self.night.api.document, schema?, name).map(|_| ()))
        };
        let made = resource.create.and_then(|create| self.fullest(create, None));
        let envelope =
            made.as_ref().and_then(object).map(|sent| Envelope::of(sent, shown)).unwrap_or_default();
        let envelope = known(&envelope).map(|()| envelope).unwrap_or_default();
        let mut cases = Vec::new();
        for (name, value) in others {
            let alone = json!({name: value});
            let mut whole = object(base).and_then(|sent| envelope.open(sent)).cloned().unwrap_or_default();
            whole.insert(name.clone(), value.clone());
            let whole = Value::Object(whole);
            let bodies = if json_patch {
                vec![json!([{"op": "replace", "path": envelope.place(name), "value": value}])]
            } else if operation.method == crate::exchange::Method::Put {
                vec![envelope.close(whole.clone()), envelope.close_named(whole, shown)]
            } else {
                let near = |inner: &Value| {
                    [envelope.close(inner.clone()), envelope.close_named(inner.clone(), shown)]
                };
                near(&alone).into_iter().chain(near(&whole)).collect()
            };
            let valid =
                bodies.into_iter().find(|new| self.fits(operation, &body.media_type, new) != Some(false));
            cases.extend(valid.map(|new| with_body(base, new)));
        }
        cases
    }

    /// Whether a JSON body fits what the document says of it; `None` if that cannot be told.
    pub(in crate::engine) fn fits(
        &self,
        operation: &Operation,
        media_type: &str,
        body: &Value,
    ) -> Option<bool> {
        let schema = schema(operation, media_type)?;
        self.night.validators.is_valid(schema, Direction::Request, body).ok()
    }
}

/// The same case with another JSON body.
pub(super) fn with_body(case: &Case, body: Value) -> Case {
    let mut case = case.clone();
    if let Some(value) = &mut case.body {
        value.payload = Payload::Json(body);
    }
    case
}

/// The JSON object that a case sends.
pub(super) fn object(case: &Case) -> Option<&Map<String, Value>> {
    match case.body.as_ref().map(|body| &body.payload) {
        Some(Payload::Json(Value::Object(map))) => Some(map),
        Some(Payload::Json(_) | Payload::Raw(_)) | None => None,
    }
}

/// How many properties a body has, those in an envelope too.
fn extent(sent: &Map<String, Value>) -> usize {
    let inner = Envelope::of(sent, &Value::Object(sent.clone()));
    sent.len() + inner.outermost().and(inner.open(sent)).map_or(0, Map::len)
}

/// A property of a resource, which may stand in an envelope or two.
pub(super) fn part<'v>(shown: &'v Value, name: &str) -> Option<&'v Value> {
    part_within(shown, name, 2)
}

fn part_within<'v>(shown: &'v Value, name: &str, depth: usize) -> Option<&'v Value> {
    let map = shown.as_object()?;
    map.get(name).or_else(|| {
        let depth = depth.checked_sub(1)?;
        map.values().find_map(|inner| part_within(inner, name, depth))
    })
}

fn schema<'o>(operation: &'o Operation, media_type: &str) -> Option<&'o Pointer> {
    operation.body_content(media_type)?.schema.as_ref()
}

/// RFC 6902.
fn is_json_patch(media_type: &str) -> bool {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json-patch+json")
}
