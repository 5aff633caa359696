//! Orders of lists: which one a request asks for, and which one an answer is in.
//!
//! Names are guesses, made of documented values alone; every guess that is not sure yields `None`. Nothing here judges.

use crate::case::Case;
use crate::check::compare::words;
use crate::schema::Document;
use crate::spec::{Location, Operation};
use serde_json::Value;

/// Names, without what separates their words, of parameters that say by what to sort.
const SORTS: &[&str] = &["sort", "sortby", "orderby", "order", "ordering", "sortfield", "sortkey"];
/// The fewest different values that tell an order.
const TELLING: usize = 3;

/// A way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The least first.
    Up,
    /// The greatest first.
    Down,
}

impl Direction {
    fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// What a request asks a list to be sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The parameter that says so.
    pub(crate) parameter: String,
    /// The documented value.
    pub(crate) value: String,
    /// The property of the items that it names.
    pub(crate) property: String,
    /// The way round, where the value says one.
    pub(crate) direction: Option<Direction>,
}

impl Order {
    /// Every order that the document offers by a property of these items.
    pub(crate) fn offered(operation: &Operation, document: &Document, items: &[Value]) -> Vec<Order> {
        let mut query = operation.parameters.iter().filter(|p| p.location == Location::Query);
        let Some(parameter) = query.find(|p| SORTS.contains(&words(&p.name).concat().as_str())) else {
            return Vec::new();
        };
        let node = parameter.schema.as_ref().and_then(|schema| document.resolve(schema));
        let listed = node.and_then(|(at, node)| {
            let inner = document.resolve(&at.push("items")).map(|(_, inner)| inner);
            node.get("enum").or_else(|| inner?.get("enum"))?.as_array()
        });
        let values = listed.into_iter().flatten().filter_map(Value::as_str);
        let read = values.filter_map(|value| read(&parameter.name, value, items));
        let mut orders: Vec<Order> = read.collect();
        // A bare name beside one with a way round is the other way round.
        for at in 0..orders.len() {
            let other = |order: &&Order| order.property == orders[at].property && order.direction.is_some();
            let beside = orders.iter().find(other).and_then(|order| order.direction);
            if orders[at].direction.is_none() {
                orders[at].direction = beside.map(Direction::turned);
            }
        }
        orders
    }

    /// The order that a request asks for.
    pub(crate) fn asked(
        operation: &Operation,
        document: &Document,
        case: &Case,
        items: &[Value],
    ) -> Option<Order> {
        let mut offered = Self::offered(operation, document, items).into_iter();
        offered.find(|order| {
            let sent = case.parameter(Location::Query, &order.parameter);
            let first = sent.and_then(|sent| sent.as_array().map_or(Some(sent), |list| list.first()));
            first.and_then(Value::as_str) == Some(order.value.as_str())
        })
    }

    /// The other way round by the same property, where both say which.
    pub(crate) fn is_opposite(&self, other: &Order) -> bool {
        let known = self.direction.is_some() && other.direction.is_some();
        known && self.property == other.property && self.direction != other.direction
    }
}

/// What a documented value means for these items.
fn read(parameter: &str, value: &str, items: &[Value]) -> Option<Order> {
    let (plain, mut direction) = match value.chars().next()? {
        '-' => (&value[1..], Some(Direction::Down)),
        '+' => (&value[1..], Some(Direction::Up)),
        _ => (value, None),
    };
    let mut names = words(&plain.replace([':', ',', '|', '+'], "_"));
    let said = names.last().and_then(|word| match word.as_str() {
        "asc" | "ascending" => Some(Direction::Up),
        "desc" | "descending" => Some(Direction::Down),
        _ => None,
    });
    if direction.is_none() && said.is_some() {
        direction = said;
        names.pop();
    }
    let properties = items.iter().filter_map(Value::as_object).flat_map(|item| item.keys());
    let property = properties.into_iter().find(|name| !names.is_empty() && words(name) == names)?.clone();
    Some(Order { parameter: parameter.to_owned(), value: value.to_owned(), property, direction })
}

/// How the values of a property run through a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// All one way.
    Straight(Direction),
    /// Both up and down.
    Mixed,
}

/// Whether a property has values enough to tell an order by, in whatever order the items come.
pub(crate) fn tells_order(items: &[Value], property: &str) -> bool {
    let values: Vec<&Value> = items.iter().map(|item| &item[property]).filter(|v| !v.is_null()).collect();
    keys(&values).is_some_and(|keys| tell_apart(&keys))
}

fn tell_apart(keys: &[f64]) -> bool {
    let mut different = keys.to_vec();
    different.sort_by(f64::total_cmp);
    different.dedup();
    different.len() >= TELLING
}

/// How the values of a property run through a list; `None` if that cannot be told.
pub(crate) fn run_of(items: &[Value], property: &str) -> Option<Run> {
    let there: Vec<&Value> = items.iter().filter(|item| !item[property].is_null()).collect();
    let values: Vec<&Value> = there.iter().map(|item| &item[property]).collect();
    let keys = keys(&values).filter(|keys| tell_apart(keys))?;
    if let Some(direction) = direction(&keys) {
        return Some(Run::Straight(direction));
    }
    // In two groups, each sorted: pinned items, folders before files.
    let cuts = 1..there.len();
    let grouped = cuts.into_iter().any(|cut| {
        let tells = |name: &String| {
            let group = |items: &[&Value]| {
                let first = items.first().map(|item| item[name.as_str()].clone());
                first.filter(|value| items.iter().all(|item| item[name.as_str()] == *value))
            };
            let (one, other) = (group(&there[..cut]), group(&there[cut..]));
            name != property && one.is_some() && one != other
        };
        let sorted = direction(&keys[..cut]).is_some() && direction(&keys[cut..]).is_some();
        sorted && there[0].as_object().is_some_and(|item| item.keys().any(tells))
    });
    (!grouped).then_some(Run::Mixed)
}

/// The way round of these numbers; up, if they are all the same.
fn direction(keys: &[f64]) -> Option<Direction> {
    if keys.is_sorted() {
        Some(Direction::Up)
    } else {
        keys.is_sorted_by(|one, other| one >= other).then_some(Direction::Down)
    }
}

/// Numbers that stand in the order of the values: of numbers themselves, of moments in one notation.
fn keys(values: &[&Value]) -> Option<Vec<f64>> {
    if values.iter().all(|value| value.is_number()) {
        return values.iter().map(|value| value.as_f64()).collect();
    }
    let texts: Vec<&str> = values.iter().map(|value| value.as_str()).collect::<Option<_>>()?;
    let length = texts.first()?.len();
    let alike = |text: &&&str| {
        let end = text.as_bytes().last().copied().unwrap_or_default();
        let zoned = text.len() > 10 && text[10..].contains(['+', '-']);
        text.is_ascii() && text.len() == length && !zoned && (end == b'Z' || end.is_ascii_digit())
    };
    if texts.iter().filter(alike).count() < texts.len() {
        return None;
    }
    if texts.iter().any(|text| text.get(..10).is_none_or(|day| day.parse::<jiff::civil::Date>().is_err())) {
        return None;
    }
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let place = |text: &&str| {
        sorted
            .iter()
            .position(|other| other == text)
            .map(|at| f64::from(u32::try_from(at).unwrap_or(u32::MAX)))
    };
    texts.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: &str, expected: Option<(&str, Option<Direction>)>) {
        let items = [json!({"createdAt": 1, "rank": 2, "id": 3})];
        let found = read("sort", value, &items);
        assert_eq!(
            found.as_ref().map(|order| (order.property.as_str(), order.direction)),
            expected,
            "{value}"
        );
    }

    #[test]
    fn values_name_a_property_and_a_way_round() {
        let (up, down) = (Some(Direction::Up), Some(Direction::Down));
        check("rank", Some(("rank", None)));
        check("-rank", Some(("rank", down)));
        check("+created_at", Some(("createdAt", up)));
        check("created_at:desc", Some(("createdAt", down)));
        check("createdAtAsc", Some(("createdAt", up)));
        check("CREATED_AT_DESC", Some(("createdAt", down)));
        check("relevance", None);
        check("asc", None);
    }
}
