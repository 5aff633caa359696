//! Whether a refused value is refused wherever it stands, or only beside what it stood beside.
//!
//! Rules of the business tie properties together: a gift of at most 50 %, an end after the beginning. No schema says
//! so, and a refusal for such a reason contradicts no limit.

use crate::case::{Case, Mode, ParameterValue, Payload, Phase};
use crate::client::Transport;
use crate::engine::ownership::shown_as;
use crate::engine::sending::path_of;
use crate::engine::walk::Walk;
use crate::exchange::{Method, Response};
use crate::spec::Location;
use serde_json::Value;

/// In how many accepted requests a refused value is tried.
const HOSTS: usize = 6;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Puts the value that was refused into requests that were accepted. Whether one of them is accepted again, or none
    /// can be decided, as when a quota is spent.
    pub(super) async fn fits_elsewhere(&mut self, index: usize, refused: &Case) -> bool {
        let accepted = self.state.tally(index).acceptance.iter().rev();
        let accepted = accepted.filter(|a| a.exchange.response().is_some_and(Response::is_success));
        let (random, others): (Vec<&Case>, Vec<&Case>) =
            accepted.map(|a| &a.case).partition(|case| case.phase == Phase::Random);
        let mut hosts: Vec<Case> = Vec::new();
        for host in random.into_iter().chain(others) {
            let Some(mut case) = transplanted(refused, host) else { continue };
            case.reason = refused.reason.clone();
            if hosts.len() < HOSTS && !hosts.iter().any(|known| alike(known, &case)) {
                hosts.push(case);
            }
        }
        let (mut asked, mut decided) = (0, 0);
        for case in hosts {
            if self.over() {
                break;
            }
            let Some((_, exchange)) = self.repeat(index, &case, None).await else { continue };
            asked += 1;
            match exchange.status() {
                Some(200..=299) => return true,
                Some(400 | 406 | 415..=422) => decided += 1,
                _ => {}
            }
        }
        asked > 0 && decided == 0
    }

    /// Whether a question about one thing says of it what it is not: a file that is asked for as a directory is rightly
    /// refused, though the document knows both.
    pub(super) fn contradicts(&self, index: usize, refused: &Case) -> bool {
        let operation = &self.night.api.operations[index];
        let asked = refused.reason.part.strip_prefix("query parameter ");
        let Some(name) =
            asked.filter(|_| operation.method == Method::Get && operation.path.ends_in_parameter())
        else {
            return false;
        };
        let sent = refused.parameter(Location::Query, name).and_then(plain);
        let accepted = self.state.tallies.get(&index).map_or(&[][..], |tally| &tally.acceptance);
        let shown = accepted.iter().filter(|a| path_of(&a.case) == path_of(refused)).find_map(|a| {
            let body = a.exchange.response().filter(|response| response.is_success())?.json()?;
            plain(shown_as(&body, name)?)
        });
        sent.zip(shown).is_some_and(|(sent, shown)| sent != shown)
    }
}

/// A single value as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `host` with the part of `refused` that was refused; `None` if that part is no single value, or nothing changes.
fn transplanted(refused: &Case, host: &Case) -> Option<Case> {
    let part = refused.reason.part.as_str();
    let mut case = host.clone();
    case.mode = Mode::Positive;
    // It is sent where the refused one was sent.
    case.parameters.retain(|p| p.location != Location::Path);
    let path = refused.parameters.iter().filter(|p| p.location == Location::Path).cloned();
    case.parameters.extend(path);
    if let Some(pointer) = part.strip_prefix("body") {
        let (above, last) = pointer.trim_start().rsplit_once('/')?;
        let value = json(refused)?.pointer(pointer.trim_start())?.clone();
        let Payload::Json(body) = &mut case.body.as_mut()?.payload else { return None };
        match body.pointer_mut(above)? {
            Value::Object(map) => drop(map.insert(last.replace("~1", "/").replace("~0", "~"), value)),
            Value::Array(items) => *items.get_mut(last.parse::<usize>().ok()?)? = value,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
        }
    } else {
        let name = part.splitn(3, ' ').nth(2)?;
        let is_it = |p: &&ParameterValue| p.name == name && part.starts_with(&p.location.to_string());
        let parameter = refused.parameters.iter().find(is_it)?;
        case.parameters.retain(|p| p.location != parameter.location || p.name != name);
        case.parameters.push(parameter.clone());
    }
    (!alike(&case, refused)).then_some(case)
}

fn json(case: &Case) -> Option<&Value> {
    match &case.body.as_ref()?.payload {
        Payload::Json(value) => Some(value),
        Payload::Raw(_) => None,
    }
}

/// Whether two cases send the same.
fn alike(one: &Case, other: &Case) -> bool {
    let holds = |case: &Case, p: &ParameterValue| case.parameters.contains(p);
    one.body == other.body
        && one.parameters.len() == other.parameters.len()
        && one.parameters.iter().all(|p| holds(other, p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{BodyValue, Credential, Reason};
    use crate::schema::Pointer;
    use serde_json::json;

    fn case(part: &str, limit: i64, body: Value) -> Case {
        let parameter = |name: &str, location, value: i64| ParameterValue {
            name: name.to_owned(),
            location,
            payload: Payload::Json(json!(value)),
        };
        Case {
            operation: serde_json::from_value(json!("POST /vouchers/{id}")).expect("a key"),
            mode: Mode::Positive,
            phase: Phase::Boundary,
            index: 0,
            reason: Reason {
                pointer: Pointer::root(),
                keyword: "maximum".to_owned(),
                how: String::new(),
                part: part.to_owned(),
            },
            parameters: vec![
                parameter("id", Location::Path, limit),
                parameter("limit", Location::Query, limit),
            ],
            body: Some(BodyValue { media_type: "application/json".to_owned(), payload: Payload::Json(body) }),
            credential: Credential::Main,
        }
    }

    #[test]
    fn a_value_moves_into_another_request_with_the_path_of_its_own() {
        let refused = case("body /percent", 1, json!({"percent": 100, "kind": "gift"}));
        let host = case("", 2, json!({"percent": 7, "kind": "refund"}));
        let moved = transplanted(&refused, &host).expect("another request");
        assert_eq!(json(&moved), Some(&json!({"percent": 100, "kind": "refund"})));
        assert_eq!(moved.parameter(Location::Path, "id"), Some(&json!(1)));
        assert_eq!(moved.parameter(Location::Query, "limit"), Some(&json!(2)));
    }

    #[test]
    fn a_parameter_moves_too_and_what_changes_nothing_is_left_out() {
        let refused = case("query parameter limit", 1, json!({"kind": "gift"}));
        let moved = transplanted(&refused, &case("", 2, json!({"kind": "staff"}))).expect("another request");
        assert_eq!(moved.parameter(Location::Query, "limit"), Some(&json!(1)));
        assert_eq!(json(&moved), Some(&json!({"kind": "staff"})));
        assert_eq!(transplanted(&refused, &case("", 2, json!({"kind": "gift"}))), None);
        assert_eq!(transplanted(&case("body", 1, json!(1)), &refused), None);
    }
}
