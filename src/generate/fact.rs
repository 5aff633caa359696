//! What is assumed of a value beside the schemas that it obeys: above all, that some schema does not hold.
//!
//! A schema fails if one of its keywords does. Each way to fail is a [`Breach`], again made of schemas and facts, so
//! that `not`, `else` and the other alternatives of a `oneOf` are built like everything else and not tried for.

use crate::generate::draw::Draw;
use crate::generate::pattern::Pattern;
use crate::generate::shape::Types;
use crate::schema::{Dialect, Document, Pointer};
use serde_json::{Map, Value};

/// The most alternatives of a `oneOf` of which any two may hold for it to fail.
const MOST_PAIRS: usize = 4;

/// Something that must be so, for the sake of the keyword at `origin`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Fact {
    /// A schema does not hold; `settled` once it has been decided in which way.
    Fails { schema: Pointer, origin: Pointer, settled: bool },
    /// The value is of one of these types.
    Is(Types),
    /// A keyword that limits one type is broken.
    Broken { keyword: Pointer, origin: Pointer },
    /// There is a property of this name.
    Has { name: String, origin: Pointer },
    /// There is no property of this name.
    Lacks { name: String },
    /// There is a property of this name, and its value is not of this schema.
    Odd { name: String, schema: Pointer, origin: Pointer },
    /// There is an item at this index, and it is not of this schema.
    OddItem { index: usize, schema: Pointer, origin: Pointer },
    /// Some item is not of this schema.
    SomeOddItem { schema: Pointer, origin: Pointer },
    /// No item is of this schema.
    AllOddItems { schema: Pointer, origin: Pointer },
}

/// One way for a schema to fail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Breach {
    /// Schemas that hold.
    pub(super) schemas: Vec<Pointer>,
    /// What else must be so.
    pub(super) facts: Vec<Fact>,
}

impl Fact {
    /// The schema at `schema` does not hold.
    pub(super) fn fails(schema: &Pointer, origin: &Pointer) -> Self {
        Self::Fails { schema: schema.clone(), origin: origin.clone(), settled: false }
    }
}

/// The ways in which the schema at `at` fails; none if it never does, and one without facts if it always does.
pub(super) fn breaches(document: &Document, at: &Pointer, origin: &Pointer) -> Vec<Breach> {
    let map = match document.get(at) {
        Some(Value::Object(map)) => map,
        Some(Value::Bool(true)) => return Vec::new(),
        Some(_) | None => return vec![Breach::default()],
    };
    let mut ways = Ways { at, origin, dialect: document.dialect_at(at), found: Vec::new() };
    if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
        match document.target(at, reference) {
            Some(target) => ways.fails(&[target]),
            None => ways.found.push(Breach::default()),
        }
        if ways.dialect.reference_hides_siblings() {
            return ways.found;
        }
    }
    ways.scalars(map);
    ways.combined(map);
    ways.arrays(map);
    ways.objects(map);
    ways.found
}

struct Ways<'d> {
    at: &'d Pointer,
    origin: &'d Pointer,
    dialect: Dialect,
    found: Vec<Breach>,
}

impl Ways<'_> {
    fn add(&mut self, facts: Vec<Fact>) {
        self.found.push(Breach { schemas: Vec::new(), facts });
    }

    /// All of these fail.
    fn fails(&mut self, schemas: &[Pointer]) {
        self.add(schemas.iter().map(|schema| Fact::fails(schema, self.origin)).collect());
    }

    fn origin(&self) -> Pointer {
        self.origin.clone()
    }

    fn scalars(&mut self, map: &Map<String, Value>) {
        let named = |name: &Value| name.as_str().and_then(Types::named);
        let allowed = match map.get("type") {
            Some(Value::Array(names)) => names.iter().filter_map(named).fold(Types::NONE, Types::with),
            Some(name) => named(name).unwrap_or(Types::ALL),
            None => Types::ALL,
        };
        if allowed != Types::ALL {
            self.add(vec![Fact::Is(allowed.others())]);
        }
        for (keyword, types) in [
            ("enum", Types::ALL),
            ("const", Types::ALL),
            ("minimum", Types::NUMBER),
            ("maximum", Types::NUMBER),
            ("exclusiveMinimum", Types::NUMBER),
            ("exclusiveMaximum", Types::NUMBER),
            ("multipleOf", Types::NUMBER),
            ("minLength", Types::STRING),
            ("maxLength", Types::STRING),
            ("pattern", Types::STRING),
            ("format", Types::STRING),
            ("minItems", Types::ARRAY),
            ("maxItems", Types::ARRAY),
            ("uniqueItems", Types::ARRAY),
            ("minProperties", Types::OBJECT),
            ("maxProperties", Types::OBJECT),
        ] {
            let says = match map.get(keyword) {
                None => false,
                Some(Value::Bool(flag)) => keyword == "uniqueItems" && *flag || keyword == "const",
                Some(Value::Number(size)) if keyword.starts_with("min") && types != Types::NUMBER => {
                    size.as_f64() != Some(0.0)
                }
                Some(_) => keyword != "const" || self.dialect > Dialect::Draft4,
            };
            if says && allowed.has(types) {
                let keyword = self.at.push(keyword);
                self.add(vec![Fact::Is(types), Fact::Broken { keyword, origin: self.origin() }]);
            }
        }
    }

    fn combined(&mut self, map: &Map<String, Value>) {
        let members = |keyword: &str| -> Vec<Pointer> {
            let count = map.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).map(|index| self.at.push(keyword).push(index)).collect()
        };
        let (all, any, one) = (members("allOf"), members("anyOf"), members("oneOf"));
        for member in &all {
            self.fails(std::slice::from_ref(member));
        }
        for group in [any, one.clone()] {
            if !group.is_empty() {
                self.fails(&group);
            }
        }
        let pairs = one.iter().take(MOST_PAIRS).enumerate();
        for (index, first) in pairs {
            for second in one.iter().take(MOST_PAIRS).skip(index + 1) {
                let schemas = vec![first.clone(), second.clone()];
                self.found.push(Breach { schemas, facts: Vec::new() });
            }
        }
        if map.contains_key("not") {
            self.found.push(Breach { schemas: vec![self.at.push("not")], facts: Vec::new() });
        }
        if map.contains_key("if") && self.dialect >= Dialect::Draft7 {
            let condition = self.at.push("if");
            if map.contains_key("then") {
                let facts = vec![Fact::fails(&self.at.push("then"), self.origin)];
                self.found.push(Breach { schemas: vec![condition.clone()], facts });
            }
            if map.contains_key("else") {
                self.fails(&[condition, self.at.push("else")]);
            }
        }
    }

    fn arrays(&mut self, map: &Map<String, Value>) {
        let (tuple, rest) = tuple_keywords(map, self.dialect);
        let described = tuple.and_then(|keyword| map.get(keyword)).and_then(Value::as_array);
        let count = described.map_or(0, Vec::len);
        for index in 0..count {
            let schema = self.at.push(tuple.unwrap_or_default()).push(index);
            self.add(vec![Fact::Is(Types::ARRAY), Fact::OddItem { index, schema, origin: self.origin() }]);
        }
        if matches!(map.get(rest), Some(Value::Object(_) | Value::Bool(false))) {
            let schema = self.at.push(rest);
            let odd = if count == 0 {
                Fact::SomeOddItem { schema, origin: self.origin() }
            } else {
                Fact::OddItem { index: count, schema, origin: self.origin() }
            };
            self.add(vec![Fact::Is(Types::ARRAY), odd]);
        }
        let least = map.get("minContains").and_then(Value::as_f64).unwrap_or(1.0);
        if map.contains_key("contains") && self.dialect > Dialect::Draft4 && least > 0.0 {
            let schema = self.at.push("contains");
            self.add(vec![Fact::Is(Types::ARRAY), Fact::AllOddItems { schema, origin: self.origin() }]);
        }
    }

    fn objects(&mut self, map: &Map<String, Value>) {
        let is = Fact::Is(Types::OBJECT);
        let entries = |keyword: &str| map.get(keyword).and_then(Value::as_object).into_iter().flatten();
        let names = map.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in names.filter_map(Value::as_str) {
            self.add(vec![is.clone(), Fact::Lacks { name: name.to_owned() }]);
        }
        for (name, _) in entries("properties").filter(|(_, schema)| **schema != Value::Bool(true)) {
            self.odd(name, &self.at.push("properties").push(name));
        }
        for (source, _) in entries("patternProperties").filter(|(_, schema)| **schema != Value::Bool(true)) {
            let simplest = &mut Draw::Simplest;
            if let Some(name) = Pattern::new(source).produce(1, None, simplest) {
                self.odd(&name, &self.at.push("patternProperties").push(source));
            }
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            if !matches!(map.get(keyword), Some(Value::Object(_) | Value::Bool(false))) {
                continue;
            }
            let patterns: Vec<Pattern> =
                entries("patternProperties").map(|(source, _)| Pattern::new(source)).collect();
            let free = |name: &String| {
                entries("properties").all(|(known, _)| known != name)
                    && patterns.iter().all(|pattern| !pattern.matches(name))
            };
            let wild = (1..9).map(|index| format!("key{index}")).chain(["!".into(), "0".into(), "X".into()]);
            if let Some(name) = wild.into_iter().find(free) {
                self.odd(&name, &self.at.push(keyword));
            }
        }
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            for (name, needs) in entries(keyword) {
                let has = Fact::Has { name: name.clone(), origin: self.origin() };
                match needs {
                    Value::Array(partners) => {
                        for partner in partners.iter().filter_map(Value::as_str) {
                            let lacks = Fact::Lacks { name: partner.to_owned() };
                            self.add(vec![is.clone(), has.clone(), lacks]);
                        }
                    }
                    _ => {
                        let fails = Fact::fails(&self.at.push(keyword).push(name), self.origin);
                        self.add(vec![is.clone(), has, fails]);
                    }
                }
            }
        }
    }

    /// The property `name` is there and not of `schema`.
    fn odd(&mut self, name: &str, schema: &Pointer) {
        let odd = Fact::Odd { name: name.to_owned(), schema: schema.clone(), origin: self.origin() };
        self.add(vec![Fact::Is(Types::OBJECT), odd]);
    }
}

/// The keyword that describes the first items, and the one that describes the others, in this dialect.
pub(super) fn tuple_keywords(
    map: &Map<String, Value>,
    dialect: Dialect,
) -> (Option<&'static str>, &'static str) {
    match map.get("items") {
        Some(Value::Array(_)) if dialect < Dialect::Draft202012 => (Some("items"), "additionalItems"),
        _ if dialect < Dialect::Draft202012 => (None, "items"),
        _ => (map.get("prefixItems").map(|_| "prefixItems"), "items"),
    }
}
