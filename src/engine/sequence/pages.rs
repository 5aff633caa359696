//! Turns the pages of a list, and reads the whole of it.

use crate::check::{Role, Step, judge_sequence, listed};
use crate::client::Transport;
use crate::engine::sequence::step::set;
use crate::engine::walk::Walk;
use crate::exchange::{Method, Response};
use crate::schema::Document;
use crate::spec::{Location, Operation};
use serde_json::{Value, json};

/// Names of parameters that bound a page.
const LIMITS: &[&str] =
    &["limit", "per_page", "perpage", "page_size", "pagesize", "size", "count", "max_results", "top"];
/// Names of parameters that say how many items to pass over.
const OFFSETS: &[&str] = &["start", "offset", "skip", "from"];
/// How many items a page holds when its pages are turned, if the document allows.
const ITEMS: u64 = 2;
/// How long a list is asked for if the document says no more.
const LONG: u64 = 100;
/// The longest that is asked for, whatever the document allows.
const LONGEST: u64 = 1000;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Two pages of a list, two items each; all of it, and what lies behind it.
    pub(super) async fn turn_page(&mut self, index: usize) -> Vec<Step> {
        let night = self.night;
        let operation = &night.api.operations[index];
        let mut steps = Vec::new();
        let Some(turn) = turn(&night.api.document, operation) else { return steps };
        let Some((control, _)) = self.state.tally(index).control.clone() else { return steps };
        let page = |at: u64, items: u64| {
            let mut case = control.clone();
            set(&mut case, &turn.limit.name, json!(items));
            set(&mut case, &turn.position, json!(at));
            case
        };
        let first = page(turn.first, turn.items);
        self.step(&mut steps, Role::Page1, index, &first).await;
        self.step(&mut steps, Role::Page2, index, &page(turn.second, turn.items)).await;
        self.step(&mut steps, Role::WholeList, index, &page(turn.first, turn.limit.most)).await;
        let whole = steps.last().and_then(Step::json);
        let count = whole.as_ref().and_then(listed).map_or(0, Vec::len) as u64;
        if turn.counts_items && count > 0 && count < turn.limit.most {
            self.step(&mut steps, Role::ListEnd, index, &page(turn.first + count, turn.items)).await;
        }
        // A list that others add to, or that keeps no order at all, moves items from page to page by itself.
        if !judge_sequence(night.api, &night.options.checks, &steps).findings.is_empty() {
            let mut again = Vec::new();
            let second = self.step(&mut again, Role::Page1, index, &first).await;
            let first = steps.first().and_then(|step| step.exchange.response());
            let same = |one: &Response, other: &Response| one.json() == other.json();
            if !first.zip(second.response()).is_some_and(|(one, other)| same(one, other)) {
                let why = "its first page is another each time";
                self.excuse(index, &["pagination-repeats-item", "pagination-skips-item"], why);
                return Vec::new();
            }
        }
        steps
    }
}

/// The parameter that bounds a page.
pub(super) struct Limit {
    pub(super) name: String,
    /// The least that may be asked for.
    pub(super) least: u64,
    /// The most that may be asked for.
    pub(super) most: u64,
}

/// How a list is paged.
pub(super) struct Turn {
    limit: Limit,
    position: String,
    items: u64,
    first: u64,
    second: u64,
    /// Whether the position counts items, not pages.
    counts_items: bool,
}

/// The parameter of an operation that bounds a page, if it has one.
pub(super) fn limit_of(document: &Document, operation: &Operation) -> Option<Limit> {
    let name = named(operation, LIMITS)?;
    let schema = operation.parameter(Location::Query, &name)?.schema.as_ref();
    let node = schema.and_then(|schema| document.resolve(schema)).map(|(_, node)| node);
    let bound = |key: &str| node?.get(key).and_then(Value::as_u64);
    let most = bound("maximum").map_or(LONG, |most| most.min(LONGEST));
    Some(Limit { name, least: bound("minimum").unwrap_or(0), most })
}

/// The paging parameters of a list, if it has them.
pub(super) fn turn(document: &Document, operation: &Operation) -> Option<Turn> {
    if operation.method != Method::Get {
        return None;
    }
    let limit = limit_of(document, operation)?;
    let items = ITEMS.max(limit.least);
    if items > limit.most {
        return None;
    }
    if let Some(position) = named(operation, OFFSETS) {
        return Some(Turn { limit, position, items, first: 0, second: items, counts_items: true });
    }
    let position = named(operation, &["page"])?;
    Some(Turn { limit, position, items, first: 1, second: 2, counts_items: false })
}

fn named(operation: &Operation, names: &[&str]) -> Option<String> {
    let mut query = operation.parameters.iter().filter(|p| p.location == Location::Query);
    query.find(|p| names.contains(&p.name.to_lowercase().replace('-', "_").as_str())).map(|p| p.name.clone())
}
