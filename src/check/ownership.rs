//! Things that belong to somebody: asked for by another key, under another parent, with values that are the server's.
//!
//! Only calls rules. Who is a stranger to whom is the configuration's to say; the caller must send unsafe requests to
//! nothing but what the run itself created.

use crate::check::compare::differs;
use crate::check::envelope::opened;
use crate::check::refusal::refuses_in_body;
use crate::check::rules::{
    delete_refused_write_allowed, existence_revealed, foreign_object_served, read_only_value_stored,
    valid_key_refused, wrong_parent_accepted,
};
use crate::check::{Context, Judgement};
use crate::exchange::{Exchange, Response};
use crate::finding::{Finding, Place, Rule, Site};
use crate::spec::Operation;
use serde_json::{Map, Value};

/// What another key tried with a thing that the main key created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// To read it.
    Read,
    /// To read the list in which it stands.
    List,
    /// To change it.
    Change,
    /// To delete it.
    Delete,
}

/// One attempt of another key on a thing that the main key created just before.
#[derive(Debug, Clone)]
pub struct Trespass<'a> {
    /// What was tried.
    pub deed: Deed,
    /// The other key's name.
    pub key_name: &'a str,
    /// The main key reading the thing before, or the list with the thing in it.
    pub before: &'a Exchange,
    /// The attempt.
    pub attempt: &'a Exchange,
    /// The same without any key; `None` if nobody asked.
    pub anonymous: Option<&'a Exchange>,
    /// What the attempt sent.
    pub sent: Option<&'a Map<String, Value>>,
    /// The main key reading the thing afterwards.
    pub after: Option<&'a Exchange>,
    /// Whether the list that was answered to the attempt holds the thing.
    pub shown: bool,
}

/// Whether another key reached what it must not reach. Ask only for keys that are strangers to the main one.
pub fn judge_trespass(context: &Context, trespass: &Trespass) -> Judgement {
    Judgement::of(context, &foreign_object_served::RULE, || foreign_object_served::check(context, trespass))
}

/// A thing read under its own parent and under another one.
#[derive(Debug, Clone)]
pub struct Misplaced<'a> {
    /// Read under its own parent.
    pub own: &'a Exchange,
    /// Read under another parent.
    pub other: &'a Exchange,
    /// Something that does not exist, asked for under that other parent.
    pub unknown: Option<&'a Exchange>,
    /// Whether the list under its own parent holds it.
    pub listed_here: Option<bool>,
    /// Whether the list under the other parent holds it.
    pub listed_there: Option<bool>,
    /// The name of the path parameter that names the parent.
    pub parameter: &'a str,
    /// The parent's own value of it.
    pub parent: &'a Value,
}

/// Whether a thing is served under a parent that it does not lie in.
pub fn judge_misplaced(context: &Context, misplaced: &Misplaced) -> Judgement {
    Judgement::of(context, &wrong_parent_accepted::RULE, || wrong_parent_accepted::check(context, misplaced))
}

/// A value of a property that only the server sets, sent all the same.
#[derive(Debug, Clone)]
pub struct Presumption<'a> {
    /// The property's name.
    pub property: &'a str,
    /// What was sent.
    pub value: &'a Value,
    /// The request that sent it.
    pub attempt: &'a Exchange,
    /// A reading of a thing that was made or left without it.
    pub before: &'a Exchange,
    /// A reading afterwards.
    pub after: Option<&'a Exchange>,
}

/// Whether the server stores what only it may set.
pub fn judge_presumption(context: &Context, presumption: &Presumption) -> Judgement {
    Judgement::of(context, &read_only_value_stored::RULE, || {
        read_only_value_stored::check(context, presumption)
    })
}

/// Whether a key that works elsewhere is told that it is none.
///
/// `elsewhere` is an answer to the same key on another operation, `refused` the answer here.
pub fn judge_refused(context: &Context, elsewhere: &Exchange, refused: &Exchange) -> Judgement {
    Judgement::of(context, &valid_key_refused::RULE, || valid_key_refused::check(context, elsewhere, refused))
}

/// Whether refusals tell another key what exists: `existing` is its answer for something of the main key's,
/// `unknown` its answer for something that does not exist.
pub fn judge_revelation(
    context: &Context,
    existing: &Exchange,
    unknown: &Exchange,
    key_name: &str,
) -> Judgement {
    Judgement::of(context, &existence_revealed::RULE, || {
        existence_revealed::check(context, existing, unknown, key_name)
    })
}

/// A key that may not delete a thing of the main key's, and writes it.
#[derive(Debug, Clone)]
pub struct HalfRight<'a> {
    /// The other key's name.
    pub key_name: &'a str,
    /// The `PUT` or `PATCH`.
    pub operation: &'a Operation,
    /// The main key reading the thing before.
    pub read: &'a Exchange,
    /// The other key's deletion before it writes.
    pub before: &'a Exchange,
    /// The other key's write.
    pub write: &'a Exchange,
    /// What it sent.
    pub sent: &'a Map<String, Value>,
    /// The main key reading the thing after that.
    pub reread: &'a Exchange,
    /// The other key's deletion once more.
    pub after: &'a Exchange,
    /// The main key's deletion.
    pub owner: &'a Exchange,
}

/// Whether a key may rewrite what it may not delete. Ask only for keys that are denied neither.
pub fn judge_half_right(context: &Context, half: &HalfRight) -> Judgement {
    Judgement::of(context, &delete_refused_write_allowed::RULE, || {
        delete_refused_write_allowed::check(context, half)
    })
}

/// Whether a second reading shows a value that was sent and that was another one in the first; `None` if that cannot be
/// told.
pub(crate) fn shows_change(before: &Exchange, after: &Exchange, sent: &Map<String, Value>) -> Option<bool> {
    let (before, after) = (yes(before)?, yes(after)?);
    let ((_, before), (sent, after)) = (opened(sent, &before)?, opened(sent, &after)?);
    let telling = |(name, value): &(&String, &Value)| {
        before.get(*name).and_then(|found| differs(value, found)) == Some(true)
    };
    let mut telling = sent.iter().filter(telling).peekable();
    telling.peek()?;
    Some(telling.any(|(name, value)| after.get(name).and_then(|found| differs(value, found)) == Some(false)))
}

/// The JSON of an answer that says yes.
pub(crate) fn yes(exchange: &Exchange) -> Option<Value> {
    let told =
        |response: &&Response| response.is_success() && !response.truncated && !refuses_in_body(response);
    exchange.response().filter(told)?.json()
}

/// Whether two answers show the very same thing: equal but for what changes with every reading.
pub(crate) fn same_thing(one: &Exchange, other: &Exchange) -> bool {
    if let (Some(one), Some(other)) = (yes(one), yes(other)) {
        return !is_nothing(&one) && equal(&one, &other);
    }
    let text = |exchange: &Exchange| exchange.response().map(|r| r.body.bytes().to_vec());
    text(one).is_some_and(|bytes| !bytes.is_empty()) && text(one) == text(other)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().all(is_nothing),
        Value::Array(items) => items.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn equal(one: &Value, other: &Value) -> bool {
    use crate::check::compare::is_volatile;
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| {
                    other.get(name).is_some_and(|found| is_volatile(name) || equal(value, found))
                })
        }
        _ => one == other,
    }
}

/// A finding of `rule` about the operation of `context`.
pub(crate) fn finding(
    context: &Context,
    rule: &Rule,
    site: &[&str],
    title: String,
    evidence: &[&Exchange],
) -> Finding {
    let operation = context.operation;
    let lines = evidence.iter().map(|exchange| {
        let request = &exchange.request;
        let outcome = match &exchange.outcome {
            Ok(response) => response.status.to_string(),
            Err(error) => error.kind.to_string(),
        };
        format!("{} {} → {outcome}", request.method, request.url)
    });
    let detail = lines.collect::<Vec<_>>().join("\n");
    let place = Place { document: Some(operation.pointer.clone()), instance: None, label: String::new() };
    let mut finding =
        Finding::new(rule, Some(&operation.key), &Site::new(site), title).detail(detail).place(place);
    finding.evidence = evidence.iter().copied().cloned().collect();
    finding
}
