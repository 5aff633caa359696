//! Sizes, ranges and patterns that leave values out.

use crate::compat::node::{Bounds, Kinds, Limit, Node};
use crate::compat::relation::witness::{allows, candidates, is_multiple, shown};
use crate::schema::Decimal;
use serde_json::Value;
use std::cmp::Ordering;

/// A bound of one node that leaves out values of the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoundLoss {
    /// The keyword.
    pub(crate) keyword: &'static str,
    /// Its value on the giving side, in words.
    pub(crate) from: String,
    /// Its value on the holding side, in words.
    pub(crate) to: String,
    /// A value that is left out, in words.
    pub(crate) witness: Option<String>,
    /// Whether a witness proves it, or only the keywords say so.
    pub(crate) certain: bool,
}

/// Every bound of `to` that leaves out a value of `from`. A bound that no value can notice is none.
pub(crate) fn lost_bounds(from: &Node, to: &Node) -> Vec<BoundLoss> {
    let mut losses = Vec::new();
    let common = from.effective_kinds().and(to.kinds);
    let scalars = |keyword| left_out(from, to, keyword);
    let (a, b) = (&from.bounds, &to.bounds);
    if common.meets(Kinds::NUMBER) {
        for (keyword, ours, theirs, outside) in [
            ("minimum", &a.minimum, &b.minimum, Ordering::Greater),
            ("maximum", &a.maximum, &b.maximum, Ordering::Less),
        ] {
            if let Some(to_limit) = theirs
                && ours.as_ref().is_none_or(|ours| tightens(to_limit, ours, outside))
                && !(ours.is_none() && format_implies(from, to_limit, outside))
            {
                let witness = digits_left_out(from, to_limit, ours.as_ref(), common);
                let witness = witness.or_else(|| scalars(keyword).as_ref().map(shown));
                losses.extend(proven(keyword, limit(ours.as_ref()), limit(theirs.as_ref()), witness));
            }
        }
        if b.multiple_of.is_some_and(|to| a.multiple_of.is_none_or(|from| !is_multiple(from, to))) {
            let witness = scalars("multipleOf").as_ref().map(shown);
            losses.extend(proven("multipleOf", word(a.multiple_of), word(b.multiple_of), witness));
        }
    }
    if common.meets(Kinds::STRING) {
        if b.min_length > a.min_length {
            losses.extend(text(
                "minLength",
                from,
                word(a.min_length),
                word(b.min_length),
                scalars("minLength"),
            ));
        }
        if tighter(a.max_length, b.max_length) {
            losses.extend(text(
                "maxLength",
                from,
                word(a.max_length),
                word(b.max_length),
                scalars("maxLength"),
            ));
        }
        if !to.patterns.is_subset(&from.patterns) {
            let words = |node: &Node| match node.patterns.iter().map(String::as_str).collect::<Vec<_>>() {
                none if none.is_empty() => "none".to_owned(),
                some => some.join(" and "),
            };
            losses.extend(text("pattern", from, words(from), words(to), scalars("pattern")));
        }
    }
    if from.members.is_none() {
        losses.extend(sizes(a, b, common));
    }
    if from.branches.is_some() || !from.opaque.is_empty() {
        // What stands beside the bounds may refuse the witness.
        for loss in &mut losses {
            loss.witness = None;
            loss.certain = false;
        }
    }
    losses
}

/// Keywords that count items and properties.
fn sizes(a: &Bounds, b: &Bounds, common: Kinds) -> Vec<BoundLoss> {
    let mut losses = Vec::new();
    let mut push = |keyword, from: String, to: String, witness: String| {
        losses.push(BoundLoss { keyword, from, to, witness: Some(witness), certain: true });
    };
    if common.meets(Kinds::ARRAY) {
        if b.min_items > a.min_items {
            let count = a.min_items.unwrap_or(0);
            push("minItems", word(a.min_items), word(b.min_items), format!("an array of length {count}"));
        }
        if tighter(a.max_items, b.max_items) {
            let count = a.max_items.or(b.max_items.map(|n| n + 1)).unwrap_or(0);
            push("maxItems", word(a.max_items), word(b.max_items), format!("an array of length {count}"));
        }
        if b.unique_items && !a.unique_items && a.max_items.is_none_or(|most| most > 1) {
            push("uniqueItems", "false".into(), "true".into(), "an array that holds a value twice".into());
        }
    }
    if common.meets(Kinds::OBJECT) {
        if b.min_properties > a.min_properties {
            let count = a.min_properties.unwrap_or(0);
            let witness = format!("an object with {count} properties");
            push("minProperties", word(a.min_properties), word(b.min_properties), witness);
        }
        if tighter(a.max_properties, b.max_properties) {
            let count = a.max_properties.or(b.max_properties.map(|n| n + 1)).unwrap_or(0);
            let witness = format!("an object with {count} properties");
            push("maxProperties", word(a.max_properties), word(b.max_properties), witness);
        }
    }
    losses
}

/// A numeric bound: without a witness no number notices it.
fn proven(keyword: &'static str, from: String, to: String, witness: Option<String>) -> Option<BoundLoss> {
    Some(BoundLoss { keyword, from, to, witness: Some(witness?), certain: true })
}

/// A bound on text: a pattern may hide the witness, so that without one nothing is decided.
fn text(
    keyword: &'static str,
    node: &Node,
    from: String,
    to: String,
    witness: Option<Value>,
) -> Option<BoundLoss> {
    let hidden = keyword == "pattern" || !node.patterns.is_empty() || node.format.is_some();
    let certain = witness.is_some();
    // Listed values are all candidates: what they do not show is not there.
    (certain || hidden && node.members.is_none() || long(node)).then(|| BoundLoss {
        keyword,
        from,
        to,
        witness: witness.as_ref().map(shown),
        certain,
    })
}

/// Whether witnesses would be longer than what is worth building.
fn long(node: &Node) -> bool {
    const LONG: u64 = 4000;
    node.members.is_none()
        && (node.bounds.min_length.is_some_and(|n| n > LONG)
            || node.bounds.max_length.is_none_or(|n| n > LONG))
}

/// A scalar that `from` allows and that `to` refuses because of `keyword`.
fn left_out(from: &Node, to: &Node, keyword: &str) -> Option<Value> {
    // Only the one keyword of `to` counts, so that each loss has its own witness.
    let mut only = Node::anything();
    let (bounds, all) = (&mut only.bounds, &to.bounds);
    match keyword {
        "minimum" => bounds.minimum.clone_from(&all.minimum),
        "maximum" => bounds.maximum.clone_from(&all.maximum),
        "multipleOf" => bounds.multiple_of = all.multiple_of,
        "minLength" => bounds.min_length = all.min_length,
        "maxLength" => bounds.max_length = all.max_length,
        _ => only.patterns.clone_from(&to.patterns),
    }
    let mut values = candidates(from);
    values.extend(candidates(&only));
    values.into_iter().find(|value| {
        to.kinds.meets(Kinds::of(value))
            && allows(from, value) == Some(true)
            && allows(&only, value) == Some(false)
    })
}

/// Whether `to` leaves out numbers that `from` lets pass; `outside` is where tighter limits lie.
fn tightens(to: &Limit, from: &Limit, outside: Ordering) -> bool {
    let order = to.exact.cmp(&from.exact);
    order == outside || order.is_eq() && to.exclusive && !from.exclusive
}

/// Whether a format says already that no number lies beyond `limit`: `int64` and a largest value of 64 bits.
fn format_implies(node: &Node, limit: &Limit, outside: Ordering) -> bool {
    let (low, high) = match node.format.as_deref() {
        Some("int32") => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Some("int64") => (i128::from(i64::MIN), i128::from(i64::MAX)),
        Some("uint32") => (0, i128::from(u32::MAX)),
        Some("uint64") => (0, i128::from(u64::MAX)),
        _ => return false,
    };
    let end = if outside == Ordering::Greater { low } else { high };
    !limit.exclusive && Decimal::parse(&end.to_string()).is_some_and(|end| limit.exact.cmp(&end) != outside)
}

/// A number that is left out and that doubles are too coarse to show.
fn digits_left_out(from: &Node, to: &Limit, ours: Option<&Limit>, common: Kinds) -> Option<String> {
    /// As far as double precision counts by ones.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    let ours = ours.filter(|ours| !ours.exclusive && ours.value.abs() > EXACT && to.value.abs() > EXACT)?;
    let alone = from.members.is_none() && from.bounds.multiple_of.is_none();
    let kind = if ours.exact.is_whole() { Kinds::INTEGER } else { Kinds::FRACTION };
    (alone && common.meets(kind)).then(|| ours.exact.to_string())
}

fn tighter(from: Option<u64>, to: Option<u64>) -> bool {
    to.is_some_and(|to| from.is_none_or(|from| to < from))
}

fn limit(limit: Option<&Limit>) -> String {
    match limit {
        Some(Limit { exact, exclusive: true, .. }) => format!("{exact} (exclusive)"),
        Some(Limit { exact, exclusive: false, .. }) => exact.to_string(),
        None => "none".to_owned(),
    }
}

fn word<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}
