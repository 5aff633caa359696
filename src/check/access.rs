//! The same request as somebody else, judged beside the request that was allowed.
//!
//! Only calls rules. Who may do what is the configuration's to say, never guessed here.

use crate::case::Credential;
use crate::check::refusal::refuses_in_body;
use crate::check::rules::{auth_ignored, challenge_missing, key_scope, revoked_key_accepted};
use crate::check::{Context, Judgement};
use crate::exchange::{Exchange, Response};
use crate::finding::{Finding, Place, Rule, Site};
use serde_json::Value;
use std::collections::BTreeSet;

/// The answer to the same request with another credential.
#[derive(Debug, Clone)]
pub struct Probe<'a> {
    /// As whom it was sent.
    pub credential: Credential,
    /// What came of it.
    pub exchange: &'a Exchange,
}

/// Whether the operation serves those who show no key, or one that nobody issued.
///
/// `control` is the same request with the main key; unless it was answered 2xx nothing can be said.
/// Probes with named keys are left out of account. Without any key comes first: one hole is one finding.
pub fn judge_auth(context: &Context, control: &Exchange, probes: &[Probe]) -> Judgement {
    let mut judgement = Judgement::default();
    if context.options.runs(&auth_ignored::RULE) {
        judgement.add(auth_ignored::RULE.id, auth_ignored::check(context, control, probes));
    }
    if context.options.runs(&challenge_missing::RULE) {
        for probe in probes {
            let mut verdict = challenge_missing::check(context, probe.exchange);
            for finding in verdict.iter_mut().flatten() {
                finding.evidence.push(probe.exchange.clone());
            }
            judgement.add(challenge_missing::RULE.id, verdict);
        }
        // One operation without a challenge is one finding, whoever was refused.
        let mut seen = BTreeSet::new();
        judgement.findings.retain(|finding| seen.insert(finding.fingerprint.clone()));
    }
    judgement
}

/// Whether the operation serves a key that was revoked.
///
/// `probes` are those of [`judge_auth`], or none: an operation that serves everybody does not break because of this key.
pub fn judge_revoked(
    context: &Context,
    control: &Exchange,
    probes: &[Probe],
    other: &Exchange,
    key_name: &str,
) -> Judgement {
    let mut judgement = Judgement::default();
    if context.options.runs(&revoked_key_accepted::RULE) && !serves_everybody(control, probes) {
        let verdict = revoked_key_accepted::check(context, control, other, key_name);
        judgement.add(revoked_key_accepted::RULE.id, verdict);
    }
    judgement
}

/// Whether the operation serves a key that must not reach it. Ask only for keys whose access is denied here.
///
/// `probes` are those of [`judge_auth`], or none: an operation that serves everybody does not break because of this key.
pub fn judge_scope(
    context: &Context,
    control: &Exchange,
    probes: &[Probe],
    other: &Exchange,
    key_name: &str,
) -> Judgement {
    let mut judgement = Judgement::default();
    if context.options.runs(&key_scope::RULE) && !serves_everybody(control, probes) {
        judgement.add(key_scope::RULE.id, key_scope::check(context, control, other, key_name));
    }
    judgement
}

fn serves_everybody(control: &Exchange, probes: &[Probe]) -> bool {
    let nobody = |probe: &&Probe| matches!(probe.credential, Credential::Anonymous | Credential::Malformed);
    probes.iter().filter(nobody).any(|probe| is_served(control, probe.exchange) == Some(true))
}

/// Whether `other` was served like `control`: `None` if that cannot be said.
///
/// A page of HTML where data was asked for is a login form, whatever its status.
pub(crate) fn is_served(control: &Exchange, other: &Exchange) -> Option<bool> {
    let control =
        control.response().filter(|response| response.is_success() && !refuses_in_body(response))?;
    let other = other.response()?;
    if refuses_in_body(other) {
        return Some(false);
    }
    if other.status == 429 || other.status >= 500 || other.is_success() && is_from_cache(other) {
        return None;
    }
    Some(other.is_success() && (!is_page(other) || is_page(control)))
}

/// Whether `other` was answered with a list from which everything was filtered that `control` shows.
pub(crate) fn is_filtered(control: &Exchange, other: &Exchange) -> bool {
    let holds = |exchange: &Exchange| -> Option<bool> {
        let body = exchange.response()?.json()?;
        match &body {
            Value::Array(items) => Some(!items.is_empty()),
            Value::Object(map) => {
                let mut lists = map.values().filter_map(Value::as_array).peekable();
                lists.peek()?;
                Some(lists.any(|items| !items.is_empty()))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    };
    holds(control) == Some(true) && holds(other) == Some(false)
}

/// Whether something on the way kept the answer of somebody else: then it says nothing about the operation.
pub(crate) fn is_from_cache(response: &Response) -> bool {
    let aged =
        response.header("age").and_then(|age| age.trim().parse::<u64>().ok()).is_some_and(|age| age > 0);
    let hit =
        |name: &str| response.header(name).is_some_and(|value| value.to_ascii_lowercase().contains("hit"));
    aged || ["x-cache", "cf-cache-status", "x-cache-status", "x-proxy-cache", "cache-status"]
        .iter()
        .any(|n| hit(n))
}

/// A finding of `rule` with both exchanges as evidence.
pub(crate) fn served(
    context: &Context,
    rule: &Rule,
    site: &str,
    title: String,
    control: &Exchange,
    other: &Exchange,
) -> Finding {
    let operation = context.operation;
    let status =
        |exchange: &Exchange| exchange.status().map_or_else(String::new, |status| status.to_string());
    let detail = format!("with the main key: {}\nwith the other: {}", status(control), status(other));
    let place = Place {
        document: Some(operation.pointer.push("security")),
        instance: None,
        label: "security".to_owned(),
    };
    let mut finding =
        Finding::new(rule, Some(&operation.key), &Site::new(&[site]), title).detail(detail).place(place);
    finding.evidence = vec![control.clone(), other.clone()];
    finding
}

fn is_page(response: &Response) -> bool {
    response.media_type().is_some_and(|media_type| media_type.essence() == "text/html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, header};

    #[test]
    fn one_hole_for_everybody_is_one_finding() {
        let world = World::get().secured();
        let (ok, no) = (answer(200, "", ""), header(answer(401, "", ""), "www-authenticate", "ApiKey"));
        let count = |anonymous: &Exchange, malformed: &Exchange| {
            let probes = [
                Probe { credential: Credential::Anonymous, exchange: anonymous },
                Probe { credential: Credential::Malformed, exchange: malformed },
            ];
            let all = [
                judge_auth(&world.context(), &ok, &probes),
                judge_revoked(&world.context(), &ok, &probes, &ok, "old"),
                judge_scope(&world.context(), &ok, &probes, &ok, "viewer"),
            ];
            all.map(|judgement| judgement.findings.len())
        };
        assert_eq!(count(&ok, &ok), [1, 0, 0]);
        assert_eq!(count(&no, &ok), [1, 0, 0]);
        assert_eq!(count(&no, &no), [0, 1, 1]);
    }

    #[test]
    fn a_challenge_that_is_missing_twice_is_one_finding() {
        let world = World::get().secured();
        let (ok, no) = (answer(200, "", ""), answer(401, "", ""));
        let probe = |credential| Probe { credential, exchange: &no };
        let probes = [probe(Credential::Anonymous), probe(Credential::Malformed)];
        let judgement = judge_auth(&world.context(), &ok, &probes);
        let rules: Vec<&str> = judgement.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, ["challenge-missing"]);
        assert_eq!(judgement.findings[0].evidence, std::slice::from_ref(&no));
    }

    #[test]
    fn what_a_cache_kept_says_nothing_about_the_operation() {
        let ok = answer(200, "", "");
        for (name, value) in [("age", "12"), ("x-cache", "HIT from edge"), ("cf-cache-status", "HIT")] {
            assert_eq!(is_served(&ok, &header(ok.clone(), name, value)), None, "{name}");
            assert_eq!(is_served(&ok, &header(answer(401, "", ""), name, value)), Some(false), "{name}");
        }
        for (name, value) in [("age", "0"), ("x-cache", "MISS")] {
            assert_eq!(is_served(&ok, &header(ok.clone(), name, value)), Some(true), "{name}");
        }
    }

    #[test]
    fn a_list_from_which_all_was_filtered_is_known() {
        let list = |body: &str| answer(200, "application/json", body);
        assert!(is_filtered(&list("[{\"id\": 1}]"), &list("[]")));
        assert!(is_filtered(&list("{\"data\": [1], \"total\": 1}"), &list("{\"data\": [], \"total\": 0}")));
        assert!(!is_filtered(&list("[]"), &list("[]")));
        assert!(!is_filtered(&list("[1]"), &list("[2]")));
        assert!(!is_filtered(&list("{\"id\": 1}"), &list("{\"id\": 1}")));
    }

    #[test]
    fn disabled_rules_say_nothing() {
        let mut world = World::get().secured();
        world.options = world.options.clone().without("key-scope").without("revoked-key-accepted");
        let ok = answer(200, "", "");
        assert_eq!(judge_revoked(&world.context(), &ok, &[], &ok, "old"), Judgement::default());
        assert_eq!(judge_scope(&world.context(), &ok, &[], &ok, "viewer"), Judgement::default());
    }
}
