//! The server refuses a request that the document allows.
//!
//! ## What it does
//! Looks at the answers to all valid requests of one operation together, because a documented 4xx alone is ambiguous:
//! rules of the business are not in the document. It reports four things. *A contradicted constraint*: the simplest
//! request is accepted, another value in the same place is accepted, and the request that differs from them only by a
//! value at a documented limit, or another documented enumeration member, is refused, and that value is refused in
//! other accepted requests too (one that is accepted beside other values breaks a rule of the business). *A documented request refused as
//! such*: 406, 415, or 405 on a fixed path, and the document does not mention that status. *Nothing is ever accepted*,
//! as a warning: three or more valid requests, all refused. *An empty object refused*, as a warning: no value in it can
//! be to blame, fuller ones are accepted in the same place, and so something is required that the document does not
//! require. A 404, 409 or other answer about the state of things is no
//! refusal. An undocumented 400 or 422 by itself is `undocumented-status`'s to tell.
//!
//! ## Why it matters
//! A client that keeps to the document is turned away. The document promises more than the server does.
//!
//! ## Example
//! `limit` has `maximum: 1000`. `GET /assets?limit=1` answers 200, `GET /assets?limit=1000` answers 422.
//!
//! ## How to fix
//! Accept what is documented (off-by-one errors are the usual cause), or document the limit that is enforced.

use crate::case::{Case, Mode, Payload, Phase, Reason, undefined_serialisation};
use crate::check::compare::words;
use crate::check::wording::{change_words, request_words, without_indices};
use crate::check::{Acceptance, Context};
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::spec::{Location, Operation};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const RULE: Rule = Rule {
    id: "positive-data-rejected",
    title: "The server refuses what the document allows",
    severity: Severity::Error,
    family: Family::Input,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.12 Parameter Object, §4.7.13 Request Body Object",
    fault_code: None,
    default_on: true,
};

/// Fewer refused requests than these do not show that nothing is accepted.
const ENOUGH: usize = 3;
/// The longest refusal that is told in its own words, in characters.
const LONGEST_WORDS: usize = 300;
/// Keywords whose limits a boundary case can contradict.
const CONSTRAINTS: &[&str] = &[
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "multipleOf",
    "format",
    "nullable",
    "optional",
];
/// Keywords of cases that show a part which could be left out.
const PRESENCE: &[&str] = &["properties", "required", "optional", ""];
/// Words of names that come in pairs, one of which limits the other: `start_date` and `end_date`.
const PAIRS: &[(&str, &str)] = &[
    ("start", "end"),
    ("begin", "end"),
    ("from", "to"),
    ("since", "until"),
    ("after", "before"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("lower", "upper"),
    ("first", "last"),
];
/// Operations that trade secrets for tokens refuse made-up ones.
const TOKEN_WORDS: &[&str] = &["token", "login", "signin", "auth", "oauth", "oauth2", "session", "sessions"];

/// Findings, and how many answers could have shown one.
pub(crate) fn check(context: &Context, observations: &[Acceptance]) -> (Vec<Finding>, usize) {
    let answered: Vec<(&Acceptance, u16)> = observations
        .iter()
        .filter(|seen| seen.case.mode == Mode::Positive && seen.case.phase != Phase::Access)
        .filter(|seen| !is_doubtful(context, seen))
        .filter_map(|seen| Some((seen, seen.exchange.status()?)))
        .collect();
    let exercised =
        answered.iter().filter(|(_, status)| is_accepted(*status) || is_refused(context, *status)).count();
    let mut findings = refused_as_such(context, &answered);
    findings.extend(contradicted(context, &answered));
    findings.extend(never_accepted(context, &answered));
    findings.extend(emptiness_refused(context, &answered));
    (findings, exercised)
}

/// Whether the request holds what servers may read otherwise: a combination of style, `explode` and type that has no
/// serialisation, or a slash in a path value, which Tomcat and others refuse as `%2F`.
fn is_doubtful(context: &Context, seen: &Acceptance) -> bool {
    let undefined = seen.case.parameters.iter().any(|sent| {
        let Payload::Json(value) = &sent.payload else { return false };
        let parameter = context.operation.parameter(sent.location, &sent.name);
        parameter.is_some_and(|parameter| undefined_serialisation(parameter, value).is_some())
    });
    let path = seen.exchange.request.url.split('?').next().unwrap_or_default();
    undefined || ["%2F", "%5C"].iter().any(|slash| path.contains(slash))
}

fn is_accepted(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Whether this status refuses the request itself, not its moment, its sender or its size.
fn is_refused(context: &Context, status: u16) -> bool {
    match status {
        // A value in the path may lead to another route, which has other methods.
        405 => context.operation.path.names().next().is_none(),
        401 | 403 | 404 | 407..=410 | 412..=414 | 421 | 423..=426 | 428 | 429 | 431 | 451 => false,
        _ => (400..500).contains(&status),
    }
}

/// Method, media type or `Accept` as documented, refused with a status that the document does not mention.
fn refused_as_such(context: &Context, answered: &[(&Acceptance, u16)]) -> Vec<Finding> {
    let operation = context.operation;
    let mut by_status: BTreeMap<u16, &Acceptance> = BTreeMap::new();
    for (seen, status) in answered {
        let as_such = matches!(status, 405 | 406 | 415) && is_refused(context, *status);
        if as_such && operation.response(*status).is_none() {
            by_status.entry(*status).or_insert(seen);
        }
    }
    let finding = |(status, seen): (u16, &Acceptance)| {
        let title = format!("refuses {} with {status}", request_words(&seen.case));
        let site = Site::new(&[&status.to_string()]);
        let detail = format!("the operation is documented, an answer {status} is not");
        evident(Finding::new(&RULE, Some(&operation.key), &site, title).detail(detail), seen, None)
    };
    by_status.into_iter().map(finding).collect()
}

/// Boundary values refused, though the simplest request and another value in the same place are accepted.
fn contradicted(context: &Context, answered: &[(&Acceptance, u16)]) -> Vec<Finding> {
    let template =
        answered.iter().any(|(seen, status)| seen.case.phase == Phase::Reach && is_accepted(*status));
    if !template {
        return Vec::new();
    }
    let mut by_site: BTreeMap<Site, Vec<Contradiction>> = BTreeMap::new();
    for (refused, status) in answered {
        let reason = &refused.case.reason;
        let candidate = refused.case.phase == Phase::Boundary
            && is_refused(context, *status)
            && matches!(status, 400 | 406 | 415..=422)
            && !reason.part.is_empty()
            && !is_half_of_a_pair(&refused.case);
        let neighbours = || {
            answered.iter().filter(|(other, status)| {
                other.case.phase == Phase::Boundary
                    && is_accepted(*status)
                    && other.case.reason.part == reason.part
                    // Null is as good as nothing: it shows no value that the place takes.
                    && (is_null(reason) || !is_null(&other.case.reason))
            })
        };
        let found = neighbours().find_map(|(accepted, _)| {
            let constraint = contradicted_constraint(reason, &accepted.case.reason)?;
            Some(Contradiction { refused, status: *status, accepted, constraint })
        });
        if candidate && let Some(found) = found {
            let pointer = found.constraint.pointer.as_str();
            let site = Site::new(&[&without_indices(&reason.part), &found.constraint.keyword, pointer]);
            by_site.entry(site).or_default().push(found);
        }
    }
    by_site.into_iter().map(|(site, all)| contradiction(context, &site, &all)).collect()
}

/// A refused value beside an accepted one in the same place, and the constraint that allows both.
struct Contradiction<'a> {
    refused: &'a Acceptance,
    status: u16,
    accepted: &'a Acceptance,
    constraint: &'a Reason,
}

/// The constraint that the refusal contradicts: the one that the refused value was made for. A value that was made to
/// show an optional part is also one that the part's constraint allows.
fn contradicted_constraint<'a>(refused: &'a Reason, accepted: &'a Reason) -> Option<&'a Reason> {
    let constrains = |reason: &Reason| CONSTRAINTS.contains(&reason.keyword.as_str());
    if constrains(refused) || is_null(refused) {
        Some(refused)
    } else {
        (PRESENCE.contains(&refused.keyword.as_str()) && constrains(accepted)).then_some(accepted)
    }
}

/// Whether a case is about null in the place of a value.
fn is_null(reason: &Reason) -> bool {
    reason.how.starts_with("null")
}

fn contradiction(context: &Context, site: &Site, all: &[Contradiction]) -> Finding {
    let first = &all[0];
    let reason = &first.refused.case.reason;
    let title = format!("refuses a valid request: {}", change_words(&first.refused.case));
    let mut lines = vec![
        format!("answered {}, though `{}` allows it", first.status, first.constraint.keyword),
        format!("accepted in the same place: {}", first.accepted.case.reason.how),
    ];
    lines.extend(all[1..].iter().map(|more| format!("refused as well: {}", more.refused.case.reason.how)));
    let place = Place {
        document: Some(first.constraint.pointer.clone()),
        instance: None,
        label: reason.part.clone(),
    };
    let finding = Finding::new(&RULE, Some(&context.operation.key), site, title).detail(lines.join("\n"));
    let mut finding = evident(finding.place(place), first.refused, Some(first.accepted));
    if first.constraint.keyword == "format" {
        // A format is an annotation to many servers: RFC 3339 in full is more than most dates need.
        finding.severity = Severity::Warning;
    }
    finding
}

/// Three or more valid requests, every one of them refused.
fn never_accepted(context: &Context, answered: &[(&Acceptance, u16)]) -> Option<Finding> {
    let operation = context.operation;
    let last = answered.last()?;
    let all_refused =
        answered.iter().all(|(_, status)| is_refused(context, *status) && matches!(status, 400 | 422));
    let distinct: Vec<_> = answered.iter().map(|(seen, _)| &seen.exchange.request).collect();
    let different = (1..distinct.len()).filter(|at| !distinct[..*at].contains(&distinct[*at])).count() + 1;
    if !all_refused || different < ENOUGH || trades_tokens(operation) {
        return None;
    }
    let title = format!("refuses every valid request, {} of {}", answered.len(), answered.len());
    let place = Place { document: Some(operation.pointer.clone()), ..Place::default() };
    let mut finding = Finding::new(&RULE, Some(&operation.key), &Site::new(&["never"]), title)
        .detail(format!("the last was answered {}{}", last.1, said(&last.0.exchange)))
        .place(place);
    finding.severity = Severity::Warning;
    Some(evident(finding, last.0, None))
}

/// What a short refusal says, as one line.
fn said(exchange: &Exchange) -> String {
    let text = exchange.response().and_then(|response| response.body.text()).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() {
        1..=LONGEST_WORDS if !line.starts_with('<') => format!(": {line}"),
        _ => String::new(),
    }
}

/// A request that says nothing, refused beside ones that say something.
fn emptiness_refused(context: &Context, answered: &[(&Acceptance, u16)]) -> Option<Finding> {
    let operation = context.operation;
    let content = operation.body.as_ref()?.contents.first()?;
    let object = |seen: &Acceptance| match seen.case.body.as_ref().map(|body| &body.payload) {
        Some(Payload::Json(Value::Object(map))) => Some(map.is_empty()),
        _ => None,
    };
    let in_path = |seen: &Acceptance| seen.case.parameters.iter().all(|p| p.location == Location::Path);
    let empty = |seen: &Acceptance| object(seen) == Some(true) && in_path(seen);
    let (refused, status) =
        answered.iter().find(|(seen, status)| empty(seen) && matches!(status, 400 | 422))?;
    // Whether nothing may be said can depend on what is there already.
    let sometimes = answered.iter().any(|(seen, status)| empty(seen) && is_accepted(*status));
    let (accepted, _) = answered.iter().find(|(seen, status)| {
        let alike = in_path(seen) && seen.case.parameters == refused.case.parameters;
        object(seen) == Some(false) && alike && is_accepted(*status)
    })?;
    if sometimes || trades_tokens(operation) {
        return None;
    }
    let place = Place { document: content.schema.clone(), instance: None, label: "body".to_owned() };
    let title = "refuses an empty object, in which the document requires nothing";
    let detail = format!("answered {status}; accepted in the same place: an object with something in it");
    let finding = Finding::new(&RULE, Some(&operation.key), &Site::new(&["body", "empty"]), title);
    let mut finding = evident(finding.detail(detail).place(place), refused, Some(accepted));
    finding.severity = Severity::Warning;
    Some(finding)
}

fn trades_tokens(operation: &Operation) -> bool {
    let path = operation.path.to_string().to_ascii_lowercase();
    path.split(['/', '-', '_', '.', ':']).any(|word| TOKEN_WORDS.contains(&word))
}

/// Whether the changed value stands in a pair with another that is sent, and the two may not fit together.
fn is_half_of_a_pair(case: &Case) -> bool {
    let part = &case.reason.part;
    let name = part.rsplit(['/', ' ']).next().unwrap_or_default();
    let changed = words(name);
    let sent_parameters = case.parameters.iter().map(|parameter| parameter.name.clone());
    let mut sent: Vec<String> = sent_parameters.collect();
    if let Some(Payload::Json(Value::Object(body))) = case.body.as_ref().map(|body| &body.payload) {
        sent.extend(body.keys().cloned());
    }
    let partner = |one: &str, other: &str| {
        changed.iter().any(|word| word == one)
            && sent.iter().any(|known| words(known).iter().any(|word| word == other))
    };
    PAIRS.iter().any(|(one, other)| partner(one, other) || partner(other, one))
}

/// The same finding with the exchanges that show it.
fn evident(mut finding: Finding, seen: &Acceptance, accepted: Option<&Acceptance>) -> Finding {
    let mut evidence: Vec<Exchange> =
        accepted.map(|accepted| accepted.exchange.clone()).into_iter().collect();
    evidence.push(seen.exchange.clone());
    finding.case = Some(seen.case.clone());
    finding.evidence = evidence;
    finding
}

#[cfg(test)]
mod tests;
