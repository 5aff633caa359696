//! Keys that make a server take two requests for one: each request gets its own.
//!
//! An `Idempotency-Key` that was seen before is answered with the answer of then, whatever became of it since. Sent with
//! one key, a second creation creates nothing, and what it names may be deleted long ago. Servers remember such keys for
//! a day or more, so last night's must not come again: this is the one thing that is sent and does not come from the
//! run's seed.
//!
//! The version that `If-Match` names is likewise nobody's to make up: it is read, or any will do.

use crate::case::{Case, Mode, ParameterValue, Payload};
use crate::client::Transport;
use crate::engine::naming::is_of_night;
use crate::engine::sending::{path_of, shoot};
use crate::engine::walk::Walk;
use crate::plan::{Binding, Known, Resource, in_order};
use crate::schema::Direction;
use crate::spec::{Location, Operation};
use serde_json::{Value, json};

/// Names of such headers, without what separates their words.
const KEYS: &[&str] =
    &["idempotencykey", "xidempotencykey", "clienttoken", "xclienttoken", "xrequestid", "requestid"];

/// Whether the document has a header parameter of this name.
pub(super) fn declares(operation: &Operation, name: &str) -> bool {
    let mut headers = operation.parameters.iter().filter(|p| p.location == Location::Header);
    headers.any(|p| p.name.eq_ignore_ascii_case(name))
}

/// The case on this condition, which takes the place of any of the same name.
pub(super) fn conditional(mut case: Case, operation: &Operation, name: &str, tag: &str) -> Case {
    let declared = operation.parameters.iter().filter(|p| p.location == Location::Header);
    let spelled = declared.map(|p| p.name.as_str()).find(|known| known.eq_ignore_ascii_case(name));
    let name = spelled.unwrap_or(name).to_owned();
    case.parameters.retain(|p| p.location != Location::Header || !p.name.eq_ignore_ascii_case(&name));
    let payload = Payload::Json(json!(tag));
    case.parameters.push(ParameterValue { name, location: Location::Header, payload });
    case
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The case with a key that this run has not sent before, where its operation asks for one, and under a name of its
    /// own where things may not share one.
    ///
    /// A case that is about the key itself stays as it is, as does one whose key may not look like ours. Called in the
    /// order of the cases, never in that of answers.
    pub(super) fn fresh(&mut self, index: usize, case: Case) -> Case {
        let mut case = self.named_anew(index, case);
        let night = self.night;
        let operation = &night.api.operations[index];
        for parameter in case.parameters.iter_mut().filter(|p| p.location == Location::Header) {
            let about = case.mode == Mode::Negative && case.reason.part.ends_with(&parameter.name)
                || case.reason.part == format!("header parameter {}", parameter.name);
            let condition = parameter.name.eq_ignore_ascii_case("if-match") && case.mode == Mode::Positive;
            if about || !is_key(&parameter.name) && !condition {
                continue;
            }
            let declared = operation.parameter(Location::Header, &parameter.name);
            let fits = |value: &Value| {
                declared.and_then(|p| p.schema.as_ref()).is_none_or(|schema| {
                    night.validators.is_valid(schema, Direction::Request, value).unwrap_or(false)
                })
            };
            if condition {
                // Any version there is (RFC 9110 §13.1.1): what the document's own example names is long gone.
                if fits(&json!("*")) {
                    parameter.payload = Payload::Json(json!("*"));
                }
                continue;
            }
            let (night_of, number) = self.next_fresh();
            let value = json!(format!("{night_of:08x}-0000-4000-8000-{number:012x}"));
            if fits(&value) {
                parameter.payload = Payload::Json(value);
            }
        }
        let case = self.renamed(index, case);
        self.as_wanted(index, case)
    }

    /// What names of this night have in common, and a number that it has not used before. Equal seeds give equal names,
    /// so that a night can be had again.
    pub(super) fn next_name(&mut self) -> (u32, u64) {
        let (began, number) = self.next_fresh();
        (if self.state.is_seed_taken { began } else { self.of_seed() }, number)
    }

    /// Whether a name is one that this run made up: nobody else has it.
    pub(super) fn is_made_up(&self, name: &Value) -> bool {
        let Some(text) = name.as_str().map(str::to_lowercase) else { return false };
        let nights = [Some(self.of_seed()), self.state.began];
        nights.into_iter().flatten().any(|night_of| is_of_night(&text, night_of))
    }

    fn of_seed(&self) -> u32 {
        self.night.plan.seed.derive("names").0 as u32
    }

    /// The night, in seconds since 1970, and a number that it has not used before.
    fn next_fresh(&mut self) -> (u32, u64) {
        self.state.fresh += 1;
        (*self.state.began.get_or_insert_with(now), self.state.fresh)
    }

    /// The case with the version that a reading shows, where its operation asks for `If-Match`.
    ///
    /// Only for what is sent one by one: among many at once the version would be an old one.
    pub(super) async fn conditioned(&mut self, index: usize, case: Case) -> Case {
        let night = self.night;
        let operation = &night.api.operations[index];
        if case.mode != Mode::Positive || operation.method.is_safe() || !declares(operation, "if-match") {
            return case;
        }
        let of = |resource: &&Resource| {
            [resource.replace, resource.change, resource.delete].contains(&Some(index))
        };
        let read = night.plan.resources.iter().find(of).and_then(|resource| resource.read);
        let (Some(read), Some(values)) = (read, in_order(&operation.path, &path_of(&case))) else {
            return case;
        };
        let reading = &night.api.operations[read];
        let path = Binding { values, own: true }.named(&reading.path);
        let Ok(question) = night.generator.reach(reading, &Known { path, ..Known::default() }) else {
            return case;
        };
        let exchange = shoot(night, reading, &question).await;
        self.state.requests += u64::from(exchange.attempts);
        let shown = exchange.response().filter(|response| response.is_success());
        match shown.and_then(|response| response.header("etag")) {
            Some(tag) => conditional(case, operation, "If-Match", tag),
            None => case,
        }
    }
}

/// Seconds since 1970, as many as fit.
#[expect(clippy::disallowed_methods, reason = "the engine may read a clock; no two nights may share a key")]
fn now() -> u32 {
    u32::try_from(jiff::Timestamp::now().as_second() & i64::from(u32::MAX)).unwrap_or_default()
}

fn is_key(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    KEYS.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_many_names() {
        for name in ["Idempotency-Key", "idempotency_key", "X-Idempotency-Key", "X-Request-ID", "clientToken"]
        {
            assert!(is_key(name), "{name}");
        }
        for name in ["X-Api-Key", "If-Match", "X-Key"] {
            assert!(!is_key(name), "{name}");
        }
    }
}
