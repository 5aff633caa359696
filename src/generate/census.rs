//! Which constraints a document puts on the requests of an operation, and which of them a case obeys.
//!
//! The count against which tests are measured: it must not depend on which cases were made.

use crate::case::{Case, Payload, Reason};
use crate::generate::Generator;
use crate::generate::format;
use crate::generate::generator::is_ours;
use crate::generate::media;
use crate::generate::shape::{Choice, Key, Rest, Shape, Types};
use crate::generate::variant::Path;
use crate::generate::wire;
use crate::schema::Pointer;
use crate::spec::{Location, Operation, Parameter};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// How many items of an array are looked at.
const ITEMS: usize = 4;
/// How many constraints of one operation are counted; inner levels that would lead beyond are left out whole.
const MOST: usize = 300;

impl Generator {
    /// Every constraint on requests of `operation` that a request can break: pointers of keywords in the document.
    ///
    /// Constraints deeper than generated cases go are left out, and so are those that no text on the wire can break,
    /// and inner levels of what would be too many to ever be tested: a few hundred of one operation are counted.
    pub fn constraints(&self, operation: &Operation) -> BTreeSet<String> {
        let mut found = self.constraints_within(operation, 0);
        for reach in 1..=self.options.reach {
            let more = self.constraints_within(operation, reach);
            if more.len() > MOST {
                break;
            }
            found = more;
        }
        found
    }

    /// Those that stand at most `reach` levels deep.
    fn constraints_within(&self, operation: &Operation, reach: u32) -> BTreeSet<String> {
        let mut census = Census::new(self, reach);
        for parameter in operation.parameters.iter().filter(|p| is_ours(p)) {
            if parameter.required && parameter.location != Location::Path {
                census.found.insert(parameter.pointer.push("required").to_string());
            }
            census.parameter(parameter, None);
        }
        if let Some(body) = &operation.body {
            if body.required {
                census.found.insert(body.pointer.push("required").to_string());
            }
            if let Some(shape) =
                media::best(&body.contents).and_then(|content| self.shape(content.schema.as_ref()))
            {
                census.shape(&shape, &Path::root(&shape.key), None);
            }
        }
        census.found
    }

    /// The constraints that a valid case obeys: the one that it is about, and those of all that it sends.
    ///
    /// A limit counts only for cases that are about it: a value far from a limit says nothing of it. Limits in a path
    /// are the exception, since nobody can choose which ids exist.
    pub fn obeyed(&self, operation: &Operation, case: &Case) -> BTreeSet<String> {
        let mut census = Census::new(self, self.options.reach);
        for sent in &case.parameters {
            let Some(parameter) = operation.parameter(sent.location, &sent.name) else { continue };
            census.found.insert(parameter.pointer.push("required").to_string());
            if let Payload::Json(value) = &sent.payload {
                // In a path stands what exists, wherever that lies between the limits.
                census.anywhere = sent.location == Location::Path;
                census.parameter(parameter, Some(value));
                census.anywhere = false;
            }
        }
        if let (Some(body), Some(sent)) = (&operation.body, &case.body) {
            census.found.insert(body.pointer.push("required").to_string());
            let content = media::best(&body.contents);
            let content = content.filter(|content| media::concrete(&content.media_type) == sent.media_type);
            let shape = content.and_then(|content| self.shape(content.schema.as_ref()));
            if let (Some(shape), Payload::Json(value)) = (shape, &sent.payload) {
                census.shape(&shape, &Path::root(&shape.key), Some(value));
            }
        }
        census.found.extend(constraint(&case.reason));
        census.found
    }
}

/// The constraint that a case is about, as [`Generator::constraints`] names it; `None` if it is about none.
pub fn constraint(reason: &Reason) -> Option<String> {
    if reason.keyword.is_empty() {
        return None;
    }
    let named = reason.pointer.last().is_some_and(|last| last == reason.keyword);
    Some(if named { reason.pointer.to_string() } else { reason.pointer.push(&reason.keyword).to_string() })
}

struct Census<'g> {
    generator: &'g Generator,
    /// How many levels it goes down.
    reach: u32,
    /// Whether a value obeys a limit wherever it lies.
    anywhere: bool,
    /// Shapes that were looked into, each with the least depth at which: what several places share has one name.
    entered: HashMap<Key, u32>,
    found: BTreeSet<String>,
}

impl<'g> Census<'g> {
    fn new(generator: &'g Generator, reach: u32) -> Self {
        Self { generator, reach, anywhere: false, entered: HashMap::new(), found: BTreeSet::new() }
    }

    fn parameter(&mut self, parameter: &Parameter, value: Option<&Value>) {
        let Some(shape) = self.generator.shape(parameter.schema.as_ref()) else { return };
        if wire::undefined(parameter, &shape).is_some() {
            return;
        }
        let textual = Types::STRING.with(Types::ARRAY).with(Types::OBJECT);
        let anything_goes = parameter.content_type.is_none() && shape.likely().has(textual);
        let had = shape.type_at.as_ref().map(ToString::to_string).filter(|at| !self.found.contains(at));
        self.shape(&shape, &Path::root(&shape.key), value);
        // Every text on the wire is a text, and a single one a list of one.
        if let Some(at) = had.filter(|_| anything_goes) {
            self.found.remove(&at);
            // The same schema in a body can have its type broken.
            self.entered.remove(&shape.key);
        }
    }

    /// What `shape` demands of `value`; of any value, if none is given.
    fn shape(&mut self, shape: &Shape, path: &Path<'_>, value: Option<&Value>) {
        if shape.never || shape.key.null || (value.is_none() && !self.enter(shape, path)) {
            return;
        }
        if let Some(choice) = shape.choices.first() {
            return self.choice(choice, path, value);
        }
        let found = &mut self.found;
        let mut note = |at: &Pointer| {
            found.insert(at.to_string());
        };
        shape.type_at.iter().for_each(&mut note);
        if let Some(values) = &shape.values {
            return note(&values.pointer);
        }
        shape.patterns.iter().for_each(|at| note(&at.pointer));
        shape.multiple_of.iter().for_each(|at| note(&at.pointer));
        shape.unique.iter().for_each(&mut note);
        if let Some(at) = shape.format.as_ref().filter(|at| !format::misses(&at.value).is_empty()) {
            note(&at.pointer);
        }
        if value.is_none() || self.anywhere {
            [&shape.minimum, &shape.maximum].into_iter().flatten().for_each(|bound| note(&bound.pointer));
            let least = [&shape.min_length, &shape.min_items, &shape.min_properties];
            least.into_iter().flatten().filter(|at| at.value > 0).for_each(|at| note(&at.pointer));
            let most = [&shape.max_length, &shape.max_items, &shape.max_properties];
            most.into_iter().flatten().for_each(|at| note(&at.pointer));
        }
        if let Rest::Nothing(at) = &shape.additional {
            note(at);
        }
        shape.required.values().for_each(&mut note);
        self.members(shape, path, value);
        self.items(shape, path, value);
    }

    /// Whether a shape has not been looked into yet, or only deeper down, where less of it was seen.
    fn enter(&mut self, shape: &Shape, path: &Path<'_>) -> bool {
        // More than are counted will not be counted.
        if self.found.len() > MOST {
            return false;
        }
        let known = self.entered.get(&shape.key).is_some_and(|depth| *depth <= path.depth);
        if !known {
            self.entered.insert(shape.key.clone(), path.depth);
        }
        !known
    }

    /// A broken alternative is a failure of the whole choice; what each alternative demands has no name of its own.
    fn choice(&mut self, choice: &Choice, path: &Path<'_>, value: Option<&Value>) {
        if !choice.is_transparent() {
            self.found.insert(choice.pointer.to_string());
            return;
        }
        for branch in &choice.branches {
            let branch = self.generator.shapes.child(branch);
            if let Some(path) = path.aside(&branch.key, choice.branches.len()) {
                self.shape(&branch, &path, value);
            }
        }
    }

    fn members(&mut self, shape: &Shape, path: &Path<'_>, value: Option<&Value>) {
        for (name, property) in &shape.properties {
            let inner = match value {
                None => None,
                Some(value) => match value.get(name) {
                    None => continue,
                    inner => inner,
                },
            };
            let child = self.generator.shapes.child(&property.child);
            let down = path.down(&child.key, shape.properties.len());
            if let Some(path) = down.filter(|path| path.depth <= self.reach) {
                self.shape(&child, &path, inner);
            }
        }
    }

    fn items(&mut self, shape: &Shape, path: &Path<'_>, value: Option<&Value>) {
        let Rest::Of(item, _) = &shape.items else { return };
        let item = self.generator.shapes.child(item);
        let Some(path) = path.down(&item.key, 1).filter(|path| path.depth <= self.reach) else {
            return;
        };
        match value {
            None => self.shape(&item, &path, None),
            Some(value) => {
                for inner in value.as_array().into_iter().flatten().skip(shape.prefix.len()).take(ITEMS) {
                    self.shape(&item, &path, Some(inner));
                }
            }
        }
    }
}
