//! A schema as the generator sees it: all that must hold at one place, merged.
//!
//! A [`Shape`] is the conjunction of one or more Schema Objects with `allOf` and `$ref` folded in; alternatives stay
//! [`Choice`]s. Its children are named by key and resolved when asked for, so recursion costs nothing until walked.

use crate::generate::fact::Fact;
use crate::generate::grid::Grid;
use crate::generate::pattern::Pattern;
use crate::schema::Pointer;
use indexmap::{IndexMap, IndexSet};
use serde_json::Value;
use std::sync::{Arc, OnceLock, Weak};

/// What names a shape: the schemas that must all hold, and what has been decided among their alternatives.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// The schemas, all of which hold.
    pub(super) schemas: Vec<Pointer>,
    /// The `oneOf`, `anyOf`, … whose branch is already among the schemas.
    pub(super) decided: Vec<Pointer>,
    /// What else must be so.
    pub(super) facts: Vec<Fact>,
    /// Properties with a text that a discriminator demands.
    pub(super) tags: Vec<(String, String)>,
    /// This very value must have this text.
    pub(super) literal: Option<String>,
    /// Only `null` is meant.
    pub(super) null: bool,
}

impl Key {
    /// The key of one schema.
    pub(super) fn of(pointer: &Pointer) -> Self {
        Self { schemas: vec![pointer.clone()], ..Self::default() }
    }
}

/// A keyword's value with the place where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    /// The value.
    pub(super) value: T,
    /// Where the keyword stands in the document.
    pub(super) pointer: Pointer,
}

/// A limit of a number.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// The limit.
    pub(super) value: f64,
    /// The limit, if it is an integer.
    pub(super) exact: Option<i64>,
    /// The limit, if it is an integer that 64 bits hold without a sign alone.
    pub(super) large: Option<u64>,
    /// Whether the limit itself is outside.
    pub(super) exclusive: bool,
    /// Where it stands in the document.
    pub(super) pointer: Pointer,
}

impl Bound {
    /// The number, if only 64 bits without a sign hold it.
    pub(super) fn large(number: Option<u64>) -> Option<u64> {
        number.filter(|number| i64::try_from(*number).is_err())
    }
}

/// The JSON types, as bits. `number` includes `integer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    pub(super) const FRACTION: Self = Self(8);
    pub(super) const NUMBER: Self = Self(12);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ALL: Self = Self(127);
    pub(super) const NONE: Self = Self(0);

    /// The type with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// All types but these. A schema without `integer` forbids whole numbers, too.
    pub(super) fn others(self) -> Self {
        Self(Self::ALL.0 & !self.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether values of this JSON type are among them.
    pub(super) fn admits(self, value: &Value) -> bool {
        self.has(match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(n) if n.is_f64() && n.as_f64().is_some_and(|f| f.fract() != 0.0) => Self::FRACTION,
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        })
    }
}

/// Alternatives of which one is taken.
#[derive(Debug)]
pub(super) struct Choice {
    /// `oneOf`, `anyOf` (of `nullable`, too), `if`, `not` or `dependentSchemas`.
    pub(super) keyword: &'static str,
    /// Where the alternatives stand.
    pub(super) pointer: Pointer,
    /// The shape that each alternative makes of the whole.
    pub(super) branches: Vec<Child>,
}

impl Choice {
    /// Whether what its alternatives demand is reported by its own name, and not as a failure of the whole choice.
    pub(super) fn is_transparent(&self) -> bool {
        !matches!(self.keyword, "oneOf" | "anyOf")
    }
}

/// Items that an array must contain.
#[derive(Debug)]
pub(super) struct Contained {
    /// What they are.
    pub(super) child: Child,
    /// How many at least.
    pub(super) least: usize,
    /// How many at most.
    pub(super) most: Option<usize>,
    /// Where the keyword stands.
    pub(super) pointer: Pointer,
}

/// A property.
#[derive(Debug)]
pub(super) struct Property {
    /// Its name.
    pub(super) name: Arc<str>,
    /// Whether it must be there.
    pub(super) required: bool,
    /// Its shape.
    pub(super) child: Child,
}

/// Another shape, resolved when asked for.
#[derive(Debug)]
pub(super) struct Child {
    /// Its name.
    pub(super) key: Key,
    /// The shape; weak, since shapes may be circular and the collection owns them.
    pub(super) cell: OnceLock<Weak<Shape>>,
}

impl Child {
    /// A child not yet resolved.
    pub(super) fn new(key: Key) -> Self {
        Self { key, cell: OnceLock::new() }
    }
}

/// What may follow the described items or properties.
#[derive(Debug)]
pub(super) enum Rest {
    /// Anything, nothing being said.
    Any,
    /// Nothing; the keyword that forbids it.
    Nothing(Pointer),
    /// Values of this shape; the keyword that says so.
    Of(Box<Child>, Pointer),
}

/// What follows from a shape, worked out when first asked for.
#[derive(Debug, Default)]
pub(super) struct Derived {
    /// [`Shape::likely`].
    likely: OnceLock<Types>,
    /// The integers that it allows.
    integers: OnceLock<Option<Grid>>,
    /// The numbers that it allows.
    numbers: OnceLock<Option<Grid>>,
    /// The simplest text of its pattern or format.
    pub(super) text: OnceLock<Option<Arc<Value>>>,
    /// The listed values that all other keywords allow, too.
    pub(super) members: OnceLock<Arc<Vec<Value>>>,
    /// Properties that keep other alternatives of a `oneOf` from being valid, too.
    pub(super) apart: OnceLock<Vec<(Arc<str>, Value)>>,
    /// Its first valid example, among scalars and among all.
    pub(super) samples: [OnceLock<Option<Value>>; 2],
}

/// Everything that must hold at one place.
#[derive(Debug)]
pub(super) struct Shape {
    /// Its name.
    pub(super) key: Key,
    /// Allowed types.
    pub(super) types: Types,
    /// Where `type` stands, if it does.
    pub(super) type_at: Option<Pointer>,
    /// Whether no value can be valid.
    pub(super) never: bool,
    /// Whether what construction yields may fail the schema, so that it is checked on the spot.
    pub(super) doubtful: bool,
    /// Examples and defaults of the schema itself.
    pub(super) samples: Vec<Value>,
    /// `enum` and `const`.
    pub(super) values: Option<At<Arc<Vec<Value>>>>,
    /// Alternatives.
    pub(super) choices: Vec<Choice>,
    /// `not`.
    pub(super) not: Vec<Child>,
    /// Limits of numbers.
    pub(super) minimum: Option<Bound>,
    /// Limits of numbers.
    pub(super) maximum: Option<Bound>,
    /// Step of numbers.
    pub(super) multiple_of: Option<At<f64>>,
    /// Lengths of texts in code points.
    pub(super) min_length: Option<At<usize>>,
    /// Lengths of texts in code points.
    pub(super) max_length: Option<At<usize>>,
    /// Patterns of texts, all of which hold.
    pub(super) patterns: Vec<At<Arc<Pattern>>>,
    /// Patterns of texts, none of which may hold.
    pub(super) avoided: Vec<Arc<Pattern>>,
    /// The format of texts and numbers.
    pub(super) format: Option<At<String>>,
    /// The first items of arrays.
    pub(super) prefix: Vec<Child>,
    /// The other items of arrays.
    pub(super) items: Rest,
    /// Lengths of arrays.
    pub(super) min_items: Option<At<usize>>,
    /// Lengths of arrays.
    pub(super) max_items: Option<At<usize>>,
    /// `uniqueItems`.
    pub(super) unique: Option<Pointer>,
    /// `contains`.
    pub(super) contains: Vec<Contained>,
    /// Whether the first two items must be the same.
    pub(super) twins: bool,
    /// Properties of objects, those that may not travel left out.
    pub(super) properties: IndexMap<String, Property>,
    /// Properties that may not travel to the server.
    pub(super) hidden: IndexSet<String>,
    /// Names that must be there, each with the `required` that says so.
    pub(super) required: IndexMap<String, Pointer>,
    /// Other properties.
    pub(super) additional: Rest,
    /// Names of other properties by pattern.
    pub(super) by_pattern: Vec<(Arc<Pattern>, Child)>,
    /// Names of other properties.
    pub(super) names: Option<Child>,
    /// How many properties.
    pub(super) min_properties: Option<At<usize>>,
    /// How many properties.
    pub(super) max_properties: Option<At<usize>>,
    /// What must come with a property.
    pub(super) together: IndexMap<String, Vec<String>>,
    /// The dialect's name for that.
    pub(super) together_keyword: &'static str,
    /// What follows from all this.
    pub(super) derived: Derived,
}

impl Shape {
    /// Where this shape stands in the document.
    pub(super) fn pointer(&self) -> Pointer {
        self.key.schemas.first().cloned().unwrap_or_default()
    }

    /// Allowed types, narrowed to those that the keywords speak about where no type is given.
    pub(super) fn likely(&self) -> Types {
        *self.derived.likely.get_or_init(|| self.narrowed())
    }

    /// The numbers, or the integers alone, that it allows; `None` if there are none.
    pub(super) fn grid(&self, integers: bool) -> Option<Grid> {
        let cell = if integers { &self.derived.integers } else { &self.derived.numbers };
        *cell.get_or_init(|| Grid::of(self, integers))
    }

    fn narrowed(&self) -> Types {
        if self.type_at.is_some() || self.key.null {
            return self.types;
        }
        let objects = !self.properties.is_empty()
            || !self.required.is_empty()
            || !matches!(self.additional, Rest::Any)
            || !self.by_pattern.is_empty()
            || self.min_properties.is_some()
            || self.max_properties.is_some();
        let arrays = !self.prefix.is_empty()
            || !matches!(self.items, Rest::Any)
            || self.min_items.is_some()
            || self.max_items.is_some()
            || self.unique.is_some()
            || !self.contains.is_empty();
        let numbers = self.minimum.is_some() || self.maximum.is_some() || self.multiple_of.is_some();
        let texts = !self.patterns.is_empty()
            || self.min_length.is_some()
            || self.max_length.is_some()
            || self.format.is_some();
        let hints = [
            (objects, Types::OBJECT),
            (arrays, Types::ARRAY),
            (texts, Types::STRING),
            (numbers, Types::NUMBER),
        ];
        let narrowed = hints.into_iter().find(|(says, _)| *says).map_or(Types::NONE, |(_, types)| types);
        if narrowed.and(self.types) == Types::NONE { self.types } else { narrowed.and(self.types) }
    }
}
