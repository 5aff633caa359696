//! Whether the values that the user gave mean anything for the document.
//!
//! What does not fit is told and set aside, never sent as valid, and never a reason not to run: documents change under
//! a configuration.

use crate::client::Placement;
use crate::config::Settings;
use crate::generate::{Generator, Names};
use crate::plan::Given;
use crate::spec::{Api, Operation, Requirement};
use serde_json::Value;
use std::collections::BTreeSet;

/// Everything in the configuration that names what is not there, or values that are valid nowhere; lower-case fragments.
pub(super) fn misfits(settings: &Settings, api: &Api, generator: &Generator) -> Vec<String> {
    let given = &settings.values.given;
    let mut out: Vec<String> = unplaced_key(settings, api).into_iter().collect();
    if !given.everywhere.is_empty() {
        let all: Vec<&Operation> = api.operations.iter().collect();
        look(&given.everywhere, "", &all, generator, &mut out);
    }
    for (selector, own) in &given.by_operation {
        let taken: Vec<&Operation> = api.operations.iter().filter(|o| selector.takes(o)).collect();
        let key = format!("operations.\"{selector}\"");
        if taken.is_empty() {
            let keys = api.operations.iter().flat_map(|o| [Some(o.key.as_str()), o.id.as_deref()]).flatten();
            let meant = meant(&selector.to_string(), keys);
            out.push(format!("`{key}` takes no operation of the document{meant}"));
            continue;
        }
        look(own, &format!("{key}."), &taken, generator, &mut out);
        for body in &own.bodies {
            let verdicts: Vec<_> = taken.iter().filter_map(|o| generator.body_fits(o, body)).collect();
            if verdicts.is_empty() {
                out.push(format!("`{key}` has a body, and the operation takes none"));
            } else if let (None, Some(Err(why))) = (verdicts.iter().find(|v| v.is_ok()), verdicts.first()) {
                out.push(format!("the body of `{key}` is not valid and is not sent: {why}"));
            }
        }
    }
    out
}

/// A key that no request carries, because the document does not say where it goes.
fn unplaced_key(settings: &Settings, api: &Api) -> Option<String> {
    let placed = |requirement: &Requirement| {
        let of = |(name, _): &(String, _)| api.security_schemes.get(name).and_then(Placement::of).is_some();
        requirement.schemes.iter().any(of)
    };
    let somewhere = api.operations.iter().any(|operation| operation.security.iter().any(placed));
    if settings.keys.main.is_none() || settings.keys.header.is_some() || somewhere {
        return None;
    }
    Some(format!(
        "the key was not sent: no operation of the document asks for one in a way that a key can answer; say where it goes \
         with `--auth-header NAME`, or with `--header 'Authorization: Bearer ${{{}}}'`",
        settings.keys.main_variable
    ))
}

fn look(given: &Given, key: &str, operations: &[&Operation], generator: &Generator, out: &mut Vec<String>) {
    let names: Vec<Names> = operations.iter().map(|operation| generator.names(operation)).collect();
    let all: BTreeSet<&str> = names.iter().flat_map(Names::iter).collect();
    let fixed = given.fixed.iter().map(|(name, value)| {
        (format!("{key}parameters.{name}"), name.as_str(), vec![name.as_str()], std::slice::from_ref(value))
    });
    let candidates = given.candidates.iter().map(|candidates| {
        let taken = all.iter().copied().filter(|name| candidates.names.takes(name)).collect();
        let pattern = candidates.names.as_str();
        (format!("{key}values.{pattern}"), pattern, taken, candidates.values.as_slice())
    });
    for (place, pattern, taken, values) in fixed.chain(candidates) {
        let there: Vec<&str> = taken.into_iter().filter(|name| all.contains(name)).collect();
        if there.is_empty() {
            let meant = meant(pattern, all.iter().copied());
            out.push(format!("`{place}` is no parameter or property of the document{meant}"));
            continue;
        }
        let fits = |value: &Value| {
            names.iter().any(|names| there.iter().any(|name| generator.admits(names, name, value)))
        };
        for value in values.iter().filter(|value| !fits(value)) {
            out.push(format!("`{place}`: {value} is valid nowhere and is not sent"));
        }
    }
}

/// What was likely meant.
fn meant<'c>(wanted: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    candidates
        .map(|candidate| (strsim::jaro_winkler(wanted, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}
