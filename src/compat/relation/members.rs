//! Listed values that are not held.

use crate::compat::node::{Kinds, Member, Node};
use crate::compat::pair::Wire;
use crate::compat::relation::lost_kinds;
use crate::compat::relation::witness::{allows, candidates};
use serde_json::Value;

/// What an enumeration does not hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MemberLoss {
    /// These values.
    Values(Vec<Member>),
    /// Everything that is not listed; an example, where one could be built.
    Unlisted(Option<Value>),
}

/// The values of `from` that the enumeration of `to` leaves out. `null` and lost kinds are not counted here.
pub(crate) fn lost_members(from: &Node, to: &Node, wire: Wire) -> Option<MemberLoss> {
    let held = to.members.as_ref()?;
    let counted = from.effective_kinds().without(lost_kinds(from, to, wire)).without(Kinds::NULL);
    let holds = |value: &Member| held.iter().any(|known| same(known, value, wire));
    if let Some(given) = &from.members {
        let mut lost: Vec<Member> = Vec::new();
        for value in given {
            if counted.meets(Kinds::of(&value.value)) && !holds(value) && !lost.contains(value) {
                lost.push(value.clone());
            }
        }
        return (!lost.is_empty()).then_some(MemberLoss::Values(lost));
    }
    if counted.is_empty() {
        return None;
    }
    if counted == Kinds::BOOLEAN {
        let both = [true, false].map(|value| Member::from(Value::from(value)));
        let lost: Vec<Member> = both.into_iter().filter(|value| !holds(value)).collect();
        return (!lost.is_empty()).then_some(MemberLoss::Values(lost));
    }
    if counted == Kinds::INTEGER
        && let Some(all) = all_integers(from)
    {
        let lost: Vec<Member> = all.into_iter().map(Member::from).filter(|value| !holds(value)).collect();
        return (!lost.is_empty()).then_some(MemberLoss::Values(lost));
    }
    let simple = from.branches.is_none() && from.opaque.is_empty() && from.format.is_none();
    let example = candidates(from).into_iter().find(|value| {
        counted.meets(Kinds::of(value))
            && allows(from, value) == Some(true)
            && !holds(&Member::from(value.clone()))
    });
    Some(MemberLoss::Unlisted(example.filter(|_| simple)))
}

/// All values of a node of few integers.
fn all_integers(node: &Node) -> Option<Vec<Value>> {
    const FEW: f64 = 256.0;
    let (low, high) =
        (node.bounds.minimum.as_ref()?.value.ceil(), node.bounds.maximum.as_ref()?.value.floor());
    (high - low < FEW && low.abs() < 1e15 && high.abs() < 1e15).then(|| {
        (low as i64..=high as i64)
            .map(Value::from)
            .filter(|value| allows(node, value) != Some(false))
            .collect()
    })
}

fn same(a: &Member, b: &Member, wire: Wire) -> bool {
    a.equals(b) || wire == Wire::Text && a.text() == b.text()
}
