//! Requests for what most likely does not exist: 404 is a good answer, a crash is not.
//!
//! What changes or removes something may be sent there as well, for there is nothing to be changed; never a `PUT`, which
//! may create it.

use crate::case::{Case, Mode, Phase};
use crate::client::Transport;
use crate::engine::walk::Walk;
use crate::exchange::Method;
use crate::plan::{Job, Known, Permission};
use crate::spec::{Operation, Parameter};
use serde_json::{Value, json};

/// The number of the unknown item's case: far behind all others, so that it shifts none.
const INDEX: u32 = 9_000;
/// What its case is about.
const KEYWORD: &str = "unknown-item";

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// The case of an operation with an item that is not there, in a place that is.
    pub(super) fn unknown_item(&self, operation: &Operation, known: &Known) -> Option<Case> {
        let name = operation.path.names().last().filter(|_| may_ask(operation))?;
        let unknown = match known.path.get(name)? {
            // A number may be anybody's.
            Value::Number(_) if operation.method.is_safe() => json!(i32::MAX - 7),
            Value::String(text) if looks_like_uuid(text) => json!("00000000-0000-4000-8000-000000000000"),
            Value::String(_) => json!("no-such-thing"),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return None;
            }
        };
        let mut known = known.clone();
        known.path.insert(name.to_owned(), unknown);
        self.unknown_case(operation, &known)
    }

    /// The same where nothing of the run's own could be created: nothing else can be asked then.
    pub(super) fn unknown_alone(&self, job: &Job) -> Option<Case> {
        let operation = &self.night.api.operations[job.operation];
        let Permission::OwnOnly { item, .. } = &job.permission else { return None };
        if !may_ask(operation) {
            return None;
        }
        // The values of what lies above may be anybody's; from the item on they are nobody's.
        let own = item.matches('{').count().checked_sub(1)?;
        let above = item.rsplit_once('/')?.0;
        let place = self.state.pool.bindings(&above[..above.rfind("/{}").map_or(0, |at| at + 3)]).first();
        let mut path = place.map(|binding| binding.named(&operation.path)).unwrap_or_default();
        for (number, name) in operation.path.names().enumerate() {
            let parameter = operation.parameters.iter().find(|p| p.name == name)?;
            if number >= own {
                path.insert(name.to_owned(), self.nobodys(parameter)?);
            } else if !path.contains_key(name) {
                return None;
            }
        }
        self.unknown_case(operation, &Known { path, ..Known::default() })
    }

    fn unknown_case(&self, operation: &Operation, known: &Known) -> Option<Case> {
        let mut case = self.night.generator.reach(operation, known).ok()?;
        // The document may not even allow the value; then another case says so.
        case.phase = Phase::Boundary;
        if !operation.method.is_safe() {
            // Whether nothing is to be done to nothing is the server's to say; it must bear the question.
            (case.phase, case.mode) = (Phase::Robustness, Mode::Robustness);
        }
        case.index = INDEX;
        case.reason.how = "something that does not exist".to_owned();
        case.reason.keyword = KEYWORD.to_owned();
        case.reason.part = format!("path parameter {}", operation.path.names().last()?);
        Some(case)
    }

    /// A value that names nothing, of the type that a parameter has; a number may be anybody's.
    fn nobodys(&self, parameter: &Parameter) -> Option<Value> {
        let schema = parameter.schema.as_ref().and_then(|at| self.night.api.document.resolve(at));
        let schema = schema.map(|(_, schema)| schema);
        let says = |key: &str| schema.and_then(|schema| schema.get(key)?.as_str());
        match (says("type"), says("format")) {
            (Some("string") | None, Some("uuid")) => Some(json!("00000000-0000-4000-8000-000000000000")),
            (Some("string") | None, _) => Some(json!("no-such-thing")),
            (Some(_), _) => None,
        }
    }
}

/// Whether a case asks for something that does not exist.
pub(super) fn is_unknown(case: &Case) -> bool {
    case.index == INDEX && case.reason.keyword == KEYWORD
}

fn may_ask(operation: &Operation) -> bool {
    operation.method != Method::Put
}

fn looks_like_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(|b| *b == b'-').count() == 4
}
