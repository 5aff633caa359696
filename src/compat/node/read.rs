//! Reads a node in normal form out of the raw document.

use crate::compat::node::{Additional, Bounds, Kinds, Limit, Member, Node, View};
use crate::schema::{Document, Pointer};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// Keywords that are compared for equality only.
const OPAQUE: &[&str] = &[
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
];
/// Keywords whose place is worth showing.
const SHOWN: &[&str] = &[
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "additionalProperties",
    "anyOf",
    "oneOf",
];
/// Keywords beside `$ref` that say nothing about values.
const ANNOTATIONS: &[&str] =
    &["$ref", "description", "title", "summary", "example", "examples", "deprecated"];
/// How many references may be followed in a row.
const LONGEST_CHAIN: usize = 64;

/// Reads nodes of one document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'d> {
    document: &'d Document,
}

impl<'d> Reader<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self { document }
    }

    /// The view of the schema at `pointer`, plain references followed, so that one component is one view.
    pub(crate) fn view(self, pointer: &Pointer) -> View {
        let mut at = pointer.clone();
        for _ in 0..LONGEST_CHAIN {
            let Some(target) = self.plain_reference(&at) else { break };
            at = target;
        }
        View::one(at)
    }

    /// The node of a view.
    pub(crate) fn node(self, view: &View) -> Node {
        self.conjunction(view, &mut Vec::new())
    }

    fn conjunction(self, view: &View, above: &mut Vec<Pointer>) -> Node {
        view.parts().iter().fold(Node::anything(), |node, part| {
            let read = self.part(&part.pointer, part.bare, above);
            node.and(read)
        })
    }

    fn plain_reference(self, at: &Pointer) -> Option<Pointer> {
        let raw = self.document.get(at)?.as_object()?;
        let target = self.document.target(at, raw.get("$ref")?.as_str()?)?;
        let alone = self.document.dialect_at(at).reference_hides_siblings()
            || raw.keys().all(|key| ANNOTATIONS.contains(&key.as_str()));
        (alone && self.document.get(&target).is_some()).then_some(target)
    }

    fn part(self, at: &Pointer, bare: bool, above: &mut Vec<Pointer>) -> Node {
        // A schema that contains itself as its own part says nothing more the second time.
        if above.contains(at) || above.len() > LONGEST_CHAIN {
            return Node::anything();
        }
        let mut node = Node::anything();
        node.pointer = Some(at.clone());
        let map = match self.document.get(at) {
            Some(Value::Object(map)) => map,
            Some(Value::Bool(false)) => {
                node.kinds = Kinds::NONE;
                return node;
            }
            _ => return node,
        };
        above.push(at.clone());
        let node = self.keywords(at, map, bare, node, above);
        above.pop();
        node
    }

    fn keywords(
        self,
        at: &Pointer,
        map: &Map<String, Value>,
        bare: bool,
        mut node: Node,
        above: &mut Vec<Pointer>,
    ) -> Node {
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            let target = self.document.target(at, reference).filter(|p| self.document.get(p).is_some());
            match target {
                Some(target) => node = node.and(self.part(&target, bare, above)),
                None => {
                    node.opaque.insert("$ref".into(), Value::from(reference));
                }
            }
            if self.document.dialect_at(at).reference_hides_siblings() {
                return node;
            }
        }
        node = node.and(self.own(at, map));
        if let Some(all) = map.get("allOf").and_then(Value::as_array) {
            let place = at.push("allOf");
            let merged = (0..all.len()).fold(Node::anything(), |merged, index| {
                merged.and(self.part(&place.push(index), bare, above))
            });
            // `nullable` beside a lone `allOf` means "that, or null" (see the view that validates).
            let lone = nullable(map) && !map.contains_key("type");
            node = node.and(if lone { merged.or_null() } else { merged });
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(list) = map.get(keyword).and_then(Value::as_array)
                && !list.is_empty()
            {
                let place = at.push(keyword);
                let choice = self.choice(&place, list.len(), nullable(map), above);
                // A choice already made is left out; one that was none stays.
                if !bare || choice.branches.is_none() {
                    node = node.and(choice);
                }
            }
        }
        node
    }

    /// The keywords of one object, combinators aside.
    fn own(self, at: &Pointer, map: &Map<String, Value>) -> Node {
        let mut node = Node::anything();
        node.pointer = Some(at.clone());
        for keyword in SHOWN {
            if map.contains_key(*keyword) {
                node.origins.insert(*keyword, at.clone());
            }
        }
        node.members = self.members(at, map);
        node.bounds = self.bounds(at, map);
        node.format = map.get("format").and_then(Value::as_str).map(str::to_owned);
        if let Some(pattern) = map.get("pattern").and_then(Value::as_str)
            && !says_nothing(pattern)
        {
            node.patterns.insert(pattern.to_owned());
        }
        self.children(at, map, &mut node);
        node.kinds = kinds(map);
        if nullable(map) && (map.contains_key("type") || map.contains_key("enum")) {
            node = node.or_null();
        }
        for keyword in OPAQUE {
            if let Some(value) = map.get(*keyword) {
                let value = Member::read(self.document, &at.push(keyword), value);
                node.opaque.insert((*keyword).to_owned(), value.exactly());
            }
        }
        node.read_only = map.get("readOnly") == Some(&Value::Bool(true));
        node.write_only = map.get("writeOnly") == Some(&Value::Bool(true));
        node
    }

    fn children(self, at: &Pointer, map: &Map<String, Value>, node: &mut Node) {
        for (keyword, target) in
            [("properties", &mut node.properties), ("patternProperties", &mut node.pattern_properties)]
        {
            if let Some(named) = map.get(keyword).and_then(Value::as_object) {
                let place = at.push(keyword);
                target.extend(named.keys().map(|name| (name.clone(), self.view(&place.push(name)))));
            }
        }
        if let Some(names) = map.get("required").and_then(Value::as_array) {
            node.required.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        node.additional = match map.get("additionalProperties") {
            None => Additional::Unsaid,
            Some(Value::Bool(false)) => Additional::Closed,
            Some(Value::Object(schema)) if !schema.is_empty() => {
                Additional::Schema(self.view(&at.push("additionalProperties")))
            }
            Some(_) => Additional::Open,
        };
        match map.get("items") {
            Some(Value::Array(list)) => {
                let place = at.push("items");
                node.prefix = (0..list.len()).map(|index| self.view(&place.push(index))).collect();
            }
            Some(Value::Object(schema)) if !schema.is_empty() => node.items = self.view(&at.push("items")),
            Some(Value::Bool(false)) => node.items = self.view(&at.push("items")),
            _ => {}
        }
        if let Some(list) = map.get("prefixItems").and_then(Value::as_array) {
            let place = at.push("prefixItems");
            node.prefix = (0..list.len()).map(|index| self.view(&place.push(index))).collect();
        }
    }

    /// A list of alternatives: dissolved where one is left, where all are plain kinds or plain lists of values.
    fn choice(self, place: &Pointer, count: usize, nullable: bool, above: &mut Vec<Pointer>) -> Node {
        let views: Vec<View> = (0..count).map(|index| self.view(&place.push(index))).collect();
        let nodes: Vec<Node> = views.iter().map(|view| self.conjunction(view, above)).collect();
        let null = nullable || nodes.iter().any(|node| node.effective_kinds() == Kinds::NULL);
        let kept: Vec<(&View, &Node)> =
            views.iter().zip(&nodes).filter(|(_, node)| node.effective_kinds() != Kinds::NULL).collect();
        let mut node = Node::anything();
        if let [(_, only)] = kept.as_slice() {
            node = (*only).clone();
        } else if kept.iter().all(|(_, node)| node.is_plain()) {
            node.kinds = kept.iter().fold(Kinds::NONE, |all, (_, node)| all.or(node.kinds));
        } else if kept.iter().all(|(_, node)| node.members.is_some() && node.is_leaf()) {
            node.kinds = kept.iter().fold(Kinds::NONE, |all, (_, node)| all.or(node.effective_kinds()));
            node.members = Some(kept.iter().filter_map(|(_, node)| node.members.clone()).flatten().collect());
        } else {
            node.kinds = kept.iter().fold(Kinds::NONE, |all, (_, node)| all.or(node.effective_kinds()));
            node.branches = Some(kept.iter().map(|(view, _)| (*view).clone()).collect());
        }
        node.pointer = place.parent();
        if null { node.or_null() } else { node }
    }

    fn members(self, at: &Pointer, map: &Map<String, Value>) -> Option<Vec<Member>> {
        match (map.get("enum"), map.get("const")) {
            (_, Some(only)) => Some(vec![Member::read(self.document, &at.push("const"), only)]),
            (Some(Value::Array(values)), None) if !values.is_empty() => {
                let list = at.push("enum");
                let values = values.iter().enumerate();
                Some(values.map(|(i, value)| Member::read(self.document, &list.push(i), value)).collect())
            }
            _ => None,
        }
    }

    fn bounds(self, at: &Pointer, map: &Map<String, Value>) -> Bounds {
        let count = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
        let above_zero = |keyword: &str| count(keyword).filter(|n| *n > 0);
        Bounds {
            minimum: self.limit(at, map, "minimum", "exclusiveMinimum", Ordering::Greater),
            maximum: self.limit(at, map, "maximum", "exclusiveMaximum", Ordering::Less),
            multiple_of: map.get("multipleOf").and_then(Value::as_f64).filter(|step| *step > 0.0),
            min_length: above_zero("minLength"),
            max_length: count("maxLength"),
            min_items: above_zero("minItems"),
            max_items: count("maxItems"),
            unique_items: map.get("uniqueItems") == Some(&Value::Bool(true)),
            min_properties: above_zero("minProperties"),
            max_properties: count("maxProperties"),
        }
    }

    /// A bound in either spelling: a boolean beside it (draft 4) or a number of its own (later drafts). Of both, the
    /// one that is `tighter` than the other.
    fn limit(
        self,
        at: &Pointer,
        map: &Map<String, Value>,
        bound: &str,
        exclusive: &str,
        tighter: Ordering,
    ) -> Option<Limit> {
        let number = |keyword: &str, exclusive: bool| {
            let value = map.get(keyword)?.as_f64()?;
            Some(Limit { value, exact: self.document.number(&at.push(keyword))?, exclusive })
        };
        match map.get(exclusive) {
            Some(Value::Bool(on)) => number(bound, *on),
            Some(Value::Number(_)) => {
                let strict = number(exclusive, true)?;
                let plain = number(bound, false).filter(|plain| plain.exact.cmp(&strict.exact) == tighter);
                Some(plain.unwrap_or(strict))
            }
            _ => number(bound, false),
        }
    }
}

fn nullable(map: &Map<String, Value>) -> bool {
    ["nullable", "x-nullable"].iter().any(|key| map.get(*key) == Some(&Value::Bool(true)))
}

fn kinds(map: &Map<String, Value>) -> Kinds {
    match map.get("type") {
        Some(Value::String(name)) => Kinds::named(name),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(Kinds::named).reduce(Kinds::or).unwrap_or(Kinds::ALL)
        }
        // Many documents leave `type: object` out and mean it.
        _ if map.contains_key("properties") || map.contains_key("additionalProperties") => Kinds::OBJECT,
        _ if map.contains_key("items") => Kinds::ARRAY,
        _ => Kinds::ALL,
    }
}

/// A pattern that every text matches.
fn says_nothing(pattern: &str) -> bool {
    matches!(pattern, "" | "^" | "$" | ".*" | "^.*" | ".*$" | "^.*$" | "[\\s\\S]*" | "^[\\s\\S]*$")
}
