//! Changes with one cause become one finding.

use crate::compat::change::Change;
use crate::compat::options::CompatOptions;
use crate::compat::walk::Noticed;
use crate::finding::{Finding, Place, Site};
use crate::spec::{Api, Operation};
use indexmap::IndexMap;

/// At most this many operations are listed as places; the title counts them all.
const MOST_PLACES: usize = 200;

/// Gathers by rule and cause, and tells each cause once, gravest first.
pub(crate) fn gather(noticed: Vec<Noticed>, old: &Api, new: &Api, options: &CompatOptions) -> Vec<Finding> {
    let mut groups: IndexMap<(String, String), Noticed> = IndexMap::new();
    for Noticed { change, operations } in noticed {
        let identity = (change.rule.id.to_owned(), cause(&change, &operations));
        match groups.entry(identity) {
            indexmap::map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.operations.extend(operations);
                known.change.severity = known.change.severity.max(change.severity);
            }
            indexmap::map::Entry::Vacant(free) => {
                free.insert(Noticed { change, operations });
            }
        }
    }
    let mut findings: Vec<Finding> = groups
        .into_values()
        .map(|mut group| {
            group.operations.sort_unstable();
            group.operations.dedup();
            finding(&group, old, new, options)
        })
        .collect();
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            let place = finding.places.first().map(|place| place.label.clone());
            (
                std::cmp::Reverse(finding.severity),
                finding.rule.clone(),
                finding.operation.clone(),
                finding.title.clone(),
                place,
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.fingerprint.cmp(&b.fingerprint))
    });
    findings
}

/// What a change shares with others: a named schema, a shared part of the document, or just its operation.
fn cause(change: &Change, operations: &[usize]) -> String {
    let site = site(change);
    match (&change.cause, change.anchor.shared(), operations) {
        (Some(cause), ..) => format!("{cause}\u{1f}{site}"),
        (None, None, [only]) => format!("{only}\u{1f}{site}"),
        // An inline schema of a shared part: where it stands tells it from others of the same site.
        (None, None, _) => {
            format!("{}\u{1f}{site}", change.new.as_ref().or(change.old.as_ref()).map_or("", |p| p.as_str()))
        }
        (None, Some(_), _) => site,
    }
}

fn site(change: &Change) -> String {
    format!("{}\u{1f}{}", change.anchor.site(), change.key)
}

fn finding(group: &Noticed, old: &Api, new: &Api, options: &CompatOptions) -> Finding {
    let change = &group.change;
    let operations: Vec<&Operation> = group.operations.iter().map(|index| &old.operations[*index]).collect();
    let single = match operations.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let subject = change.anchor.subject();
    let title =
        format!("{} {}", owned(&subject, change.anchor.shared(), single, operations.len()), change.predicate);
    let site = Site::new(&[&change.anchor.site(), &change.key]);
    // A shared schema is the same finding whoever uses it.
    let named = single.filter(|_| change.anchor.shared().is_none());
    let mut finding = Finding::new(change.rule, named.map(|operation| &operation.key), &site, title);
    finding.operation = single.map(|operation| operation.key.clone());
    finding.severity = options.severities.get(change.rule.id).copied().unwrap_or(change.severity);
    finding.detail = detail(change);
    let label = match &change.old {
        Some(old) => format!("old: {old}"),
        None => "old: nothing".to_owned(),
    };
    finding.places.push(Place {
        document: change.new.clone().or_else(|| change.old.clone()),
        instance: None,
        label,
    });
    if single.is_none() {
        finding.places.extend(operations.iter().take(MOST_PLACES).map(|operation| {
            Place {
                document: Some(
                    new.operation(&operation.key)
                        .map_or_else(|| operation.pointer.clone(), |o| o.pointer.clone()),
                ),
                instance: None,
                label: operation.key.to_string(),
            }
        }));
    }
    finding
}

/// ``request property `a` of POST /x``, or `of schema X (3 operations)`.
fn owned(subject: &str, shared: Option<&str>, single: Option<&Operation>, count: usize) -> String {
    match (single, shared) {
        (Some(operation), _) if subject == "the operation" => format!("{subject} {}", operation.key),
        (Some(operation), _) => format!("{subject} of {}", operation.key),
        (None, Some(name)) if subject.ends_with(&format!("schema `{name}`")) => {
            format!("{subject} ({count} operations)")
        }
        (None, Some(name)) => format!("{subject} of schema `{name}` ({count} operations)"),
        (None, None) if subject == "the operation" => format!("every one of {count} operations"),
        (None, None) => format!("{subject} of {count} operations"),
    }
}

fn detail(change: &Change) -> String {
    let mut lines = Vec::new();
    if !change.before.is_empty() {
        lines.push(format!("old: {}", change.before));
    }
    if !change.after.is_empty() {
        lines.push(format!("new: {}", change.after));
    }
    if let Some(witness) = &change.witness {
        let verdict = if change.rule.id.starts_with("response-") {
            "may now arrive"
        } else {
            "was valid and is not any more"
        };
        lines.push(format!("witness: {witness} {verdict}"));
    }
    lines.join("\n")
}
