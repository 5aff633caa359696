//! YAML 1.2 from parser events: JSON values, and on demand the positions of nodes.
//!
//! Keys are texts (`200:` is `"200"`), `<<` is merged as YAML 1.1 tools do, the last of repeated keys counts and is
//! told, aliases are expanded under a budget so that a small bomb cannot fill the memory.

use crate::schema::{Digits, Pointer};
use crate::source::flow::Moved;
use crate::source::json::{Fault, LONGEST_POINTER, MOST_REPEATED, Repeated, push};
use crate::source::scalar;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// As deep as `serde_json` goes; deeper values would endanger the stack.
const DEEPEST: usize = 128;
/// How many nodes all aliases of a document together may add.
pub(super) const MOST_COPIED: usize = 2_000_000;

/// A loaded document.
#[derive(Debug, Default)]
pub(super) struct Yaml {
    pub(super) value: Value,
    pub(super) repeated: Vec<Repeated>,
    /// Where a second document begins that was not read.
    pub(super) second: Option<(usize, usize)>,
    /// How many nodes aliases added.
    pub(super) copied: usize,
    /// Numbers that the value does not hold.
    pub(super) digits: Digits,
    /// The first line of a flow collection that is indented less than its block, and how many more there are.
    pub(super) misindented: Option<(usize, usize)>,
}

/// Loads the first document of a stream; `budget` is how many nodes aliases may add.
pub(super) fn load(text: &str, budget: usize) -> Result<Yaml, Fault> {
    let loader = read(text, None, budget)?;
    let mut out = loader.out;
    for key in &mut out.repeated {
        (key.line, key.column) = loader.moved.back((key.line, key.column));
    }
    out.second = out.second.map(|place| loader.moved.back(place));
    out.misindented = loader.moved.told();
    out.digits.keep_to(&out.value);
    Ok(out)
}

/// Where the nodes at `wanted` stand: a member at its key, an item or the root at its value. Positions of all
/// nodes would weigh more than the document, so the text is read again.
pub(super) fn locate(text: &str, wanted: &HashSet<&str>) -> HashMap<String, (usize, usize)> {
    // The text was loaded before, or there are no positions.
    let Ok(loader) = read(text, Some(wanted), MOST_COPIED) else { return HashMap::new() };
    let moved = loader.moved;
    loader.positions.into_iter().map(|(pointer, place)| (pointer, moved.back(place))).collect()
}

/// Reads a text, its flow collections indented as they may be.
fn read<'w>(text: &str, wanted: Option<&'w HashSet<&'w str>>, budget: usize) -> Result<Loader<'w>, Fault> {
    let mut moved = Moved::default();
    let mut first = None;
    loop {
        let mut loader = Loader { wanted, budget, ..Loader::default() };
        match loader.run(&moved.apply(text)) {
            Ok(()) => return Ok(Loader { moved, ..loader }),
            Err(mut fault) => {
                (fault.line, fault.column) = moved.back((fault.line, fault.column));
                let hopeful = moved.grow(text, &fault);
                // What was wrong first says most, unless something else is wrong elsewhere.
                let told = first.get_or_insert(fault);
                if !hopeful {
                    return Err(told.clone());
                }
            }
        }
    }
}

fn place(span: Span) -> (usize, usize) {
    (span.start.line(), span.start.col() + 1)
}

fn fault(span: Span, reason: &str) -> Fault {
    let (line, column) = place(span);
    Fault { line, column, reason: reason.to_owned() }
}

/// A finished node with what its copies will cost.
#[derive(Clone)]
struct Node {
    value: Value,
    /// How many nodes it consists of, long texts counting as several.
    size: usize,
    /// How many levels stand below it.
    depth: usize,
}

impl Node {
    fn scalar(value: Value) -> Self {
        let size = 1 + value.as_str().map_or(0, str::len) / 64;
        Self { value, size, depth: 0 }
    }
}

/// An open mapping or sequence.
struct Frame {
    kind: Kind,
    /// The length of its pointer.
    base: usize,
    span: Span,
    anchor: usize,
    size: usize,
    depth: usize,
}

enum Kind {
    Mapping { members: Map<String, Value>, merged: Map<String, Value>, key: Option<Key> },
    Sequence(Vec<Value>),
}

struct Key {
    name: String,
    span: Span,
    /// A plain `<<`.
    merges: bool,
}

#[derive(Default)]
struct Loader<'w> {
    out: Yaml,
    /// Pointers whose positions are asked for.
    wanted: Option<&'w HashSet<&'w str>>,
    positions: HashMap<String, (usize, usize)>,
    frames: Vec<Frame>,
    pointer: String,
    anchors: HashMap<usize, Node>,
    /// The numbers below each anchor that its value does not hold.
    digits: HashMap<usize, Digits>,
    /// Lines that are read as if they were indented more.
    moved: Moved,
    budget: usize,
    /// How many nodes the anchors keep.
    kept: usize,
}

impl Loader<'_> {
    fn run(&mut self, text: &str) -> Result<(), Fault> {
        let mut documents = 0;
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| {
                let mark = error.marker();
                Fault { line: mark.line(), column: mark.col() + 1, reason: error.info().to_owned() }
            })?;
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        self.out.second = Some(place(span));
                        break;
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    if self.wants_key() {
                        self.key(&text, style == ScalarStyle::Plain, span)?;
                        if anchor > 0 {
                            let value = Value::String(text.into_owned());
                            self.anchors.insert(anchor, Node::scalar(value));
                        }
                        continue;
                    }
                    let value = match tag.as_deref().map(|tag| tag.suffix.as_str()) {
                        Some("str") => Value::String(text.clone().into_owned()),
                        Some("int" | "float" | "bool" | "null") => scalar::plain(&text),
                        _ if style == ScalarStyle::Plain => scalar::plain(&text),
                        _ => Value::String(text.clone().into_owned()),
                    };
                    let exceeds = scalar::exceeds(&text, &value);
                    self.done(Node::scalar(value), anchor, span, exceeds.then_some(&*text))?;
                }
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::MappingStart(anchor, _) => self.open(anchor, span, true)?,
                Event::SequenceStart(anchor, _) => self.open(anchor, span, false)?,
                Event::MappingEnd | Event::SequenceEnd => self.close()?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    /// Keeps the position of the node at the pointer, if it is asked for.
    fn note(&mut self, span: Span) {
        if self.wanted.is_some_and(|wanted| wanted.contains(self.pointer.as_str())) {
            self.positions.insert(self.pointer.clone(), place(span));
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { kind: Kind::Mapping { key: None, .. }, .. }))
    }

    fn key(&mut self, name: &str, is_plain: bool, span: Span) -> Result<(), Fault> {
        let Some(Frame { kind: Kind::Mapping { members, key, .. }, base, .. }) = self.frames.last_mut()
        else {
            return Err(fault(span, "a key outside of a mapping"));
        };
        self.pointer.truncate(*base);
        push(&mut self.pointer, name);
        let merges = is_plain && name == "<<";
        if !merges && members.contains_key(name) {
            let listed_enough =
                self.out.repeated.len() >= MOST_REPEATED || self.pointer.len() >= LONGEST_POINTER;
            let (line, column) = place(span);
            let listed = &mut self.out.repeated;
            match listed.last_mut() {
                Some(last) if listed_enough => last.more += 1,
                _ => listed.push(Repeated { pointer: self.pointer.clone(), line, column, more: 0 }),
            }
        }
        *key = Some(Key { name: name.to_owned(), span, merges });
        Ok(())
    }

    fn open(&mut self, anchor: usize, span: Span, is_mapping: bool) -> Result<(), Fault> {
        if self.wants_key() {
            return Err(fault(span, "a key that is a mapping or sequence"));
        }
        if self.frames.len() >= DEEPEST {
            return Err(fault(span, "nested too deeply"));
        }
        self.enter_item();
        let kind = if is_mapping {
            Kind::Mapping { members: Map::new(), merged: Map::new(), key: None }
        } else {
            Kind::Sequence(Vec::new())
        };
        self.frames.push(Frame { kind, base: self.pointer.len(), span, anchor, size: 1, depth: 0 });
        Ok(())
    }

    /// In a sequence, the pointer moves on to the item that begins.
    fn enter_item(&mut self) {
        if let Some(Frame { kind: Kind::Sequence(items), base, .. }) = self.frames.last() {
            self.pointer.truncate(*base);
            push(&mut self.pointer, &items.len().to_string());
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fault> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(fault(span, "an alias inside its own anchor"));
        };
        if self.wants_key() {
            let name = match &node.value {
                Value::String(text) => text.clone(),
                other @ (Value::Bool(_) | Value::Number(_) | Value::Null) => other.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    return Err(fault(span, "a key that is a mapping or sequence"));
                }
            };
            return self.key(&name, false, span);
        }
        self.out.copied += node.size;
        if self.out.copied > self.budget {
            return Err(fault(span, "aliases expand to too many nodes"));
        }
        if self.frames.len() + node.depth > DEEPEST {
            return Err(fault(span, "aliases nest too deeply"));
        }
        let node = node.clone();
        let digits = self.digits.get(&anchor).cloned().unwrap_or_default();
        self.done(node, 0, span, None)?;
        self.out.copied += digits.iter().count();
        let at = Pointer::parse(&self.pointer).unwrap_or_default();
        self.out.digits.extend(&at, &digits);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        self.pointer.truncate(frame.base);
        let value = match frame.kind {
            Kind::Mapping { mut members, merged, .. } => {
                for (name, value) in merged {
                    members.entry(name).or_insert(value);
                }
                self.move_digits();
                Value::Object(members)
            }
            Kind::Sequence(items) => Value::Array(items),
        };
        let node = Node { value, size: frame.size, depth: frame.depth + 1 };
        self.finish(node, frame.anchor, frame.span)
    }

    /// Numbers that came by `<<` stand in the mapping itself.
    fn move_digits(&mut self) {
        let merge = format!("{}/<<", self.pointer);
        let came: Vec<String> = self.out.digits.below(&merge).map(|(rest, _)| rest.to_owned()).collect();
        for rest in came {
            // Of several mappings, the earlier one wins: the order of the pointers.
            let item = rest.strip_prefix('/').and_then(|rest| rest.split_once('/'));
            let within = match item {
                Some((index, inner)) if index.bytes().all(|byte| byte.is_ascii_digit()) => {
                    format!("/{inner}")
                }
                _ => rest.clone(),
            };
            let from = format!("{merge}{rest}");
            for to in [within, rest] {
                self.out.digits.copy(&from, &format!("{}{to}", self.pointer));
            }
        }
    }

    /// Takes in a scalar or a copy; `written` is what its value does not say.
    fn done(&mut self, node: Node, anchor: usize, span: Span, written: Option<&str>) -> Result<(), Fault> {
        self.enter_item();
        if let Some(written) = written {
            self.out.digits.insert(&self.pointer, written);
        }
        self.finish(node, anchor, span)
    }

    /// Puts a finished node into its parent; the pointer stands on it.
    fn finish(&mut self, node: Node, anchor: usize, span: Span) -> Result<(), Fault> {
        if anchor > 0 {
            // Anchors inside anchors are kept once more on each level.
            self.kept += node.size;
            if self.kept > MOST_COPIED {
                return Err(fault(span, "anchors keep too many nodes"));
            }
            self.anchors.insert(anchor, node.clone());
            let mut digits = Digits::default();
            for (rest, text) in self.out.digits.below(&self.pointer) {
                digits.insert(rest, text.clone());
            }
            self.digits.insert(anchor, digits);
        }
        let shown = match self.frames.last() {
            Some(Frame { kind: Kind::Mapping { key: Some(key), .. }, .. }) => key.span,
            _ => span,
        };
        self.note(shown);
        let Some(frame) = self.frames.last_mut() else {
            self.out.value = node.value;
            return Ok(());
        };
        frame.size += node.size;
        frame.depth = frame.depth.max(node.depth);
        match &mut frame.kind {
            Kind::Sequence(items) => {
                items.push(node.value);
            }
            Kind::Mapping { members, merged, key } => {
                let Some(key) = key.take() else { return Ok(()) };
                if key.merges && merge(merged, &node.value) {
                    return Ok(());
                }
                members.insert(key.name, node.value);
            }
        }
        Ok(())
    }
}

/// Takes over the members of a `<<`: of one mapping, or of several, earlier ones winning. Whether it was one.
fn merge(merged: &mut Map<String, Value>, value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                merged.entry(name.clone()).or_insert_with(|| value.clone());
            }
            true
        }
        Value::Array(items) if items.iter().all(Value::is_object) => {
            for item in items {
                merge(merged, item);
            }
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: Value) -> Yaml {
        let yaml = load(text, MOST_COPIED).expect("loads");
        assert_eq!(yaml.value, expected);
        yaml
    }

    #[track_caller]
    fn check_fault(text: &str, reason: &str) {
        let fault = load(text, MOST_COPIED).expect_err("a fault");
        assert!(fault.reason.contains(reason), "{fault:?}");
    }

    #[test]
    fn scalars_keys_and_tags() {
        check(
            "200: {x: y}\n'on': on\nn: ~\ns: !!str 12\ni: !!int '12'\nv: '3.0'\ntext: |\n  a\n  b\nempty:\n",
            json!({"200": {"x": "y"}, "on": "on", "n": null, "s": "12", "i": 12, "v": "3.0", "text": "a\nb\n", "empty": null}),
        );
        check("required: [x, y]", json!({"required": ["x", "y"]}));
        check("- 1\n- [2, {a: 3}]\n", json!([1, [2, {"a": 3}]]));
    }

    #[test]
    fn merges_and_aliases() {
        check(
            "base: &b {a: 1, b: 2}\none: {<<: *b, b: 3}\ntwo:\n  b: 3\n  <<: [*b, {c: 4, a: 9}]\nq: {'<<': 1}\nk: &k name\n*k : 5\n",
            json!({"base": {"a": 1, "b": 2}, "one": {"b": 3, "a": 1}, "two": {"b": 3, "a": 1, "c": 4}, "q": {"<<": 1}, "k": "name", "name": 5}),
        );
    }

    #[test]
    fn repeated_keys_and_second_documents_are_told() {
        let yaml = check("a: 1\nb:\n  c: 1\n  c: 2\na: 2\n---\nz: 1\n", json!({"a": 2, "b": {"c": 2}}));
        let places: Vec<_> = yaml.repeated.iter().map(|r| (r.pointer.as_str(), r.line, r.column)).collect();
        assert_eq!(places, [("/b/c", 4, 3), ("/a", 5, 1)]);
        assert_eq!(yaml.second.map(|(line, _)| line), Some(6));
    }

    #[test]
    fn positions_by_pointer() {
        let text = "a/b:\n  - x\n  - é: 1\n    f: {g: 2}\n";
        let check = |pointer: &str, expected: Option<&(usize, usize)>| {
            assert_eq!(locate(text, &HashSet::from([pointer])).get(pointer), expected, "{pointer}");
        };
        check("", Some(&(1, 1)));
        check("/a~1b", Some(&(1, 1)));
        check("/a~1b/0", Some(&(2, 5)));
        check("/a~1b/1", Some(&(3, 5)));
        check("/a~1b/1/é", Some(&(3, 5)));
        check("/a~1b/1/f/g", Some(&(4, 9)));
        check("/gone", None);
    }

    #[test]
    fn bombs_and_oddities_are_faults() {
        let bomb: String = std::iter::once("a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned())
            .chain((1..9).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(","))))
            .collect();
        check_fault(&bomb, "too many nodes");
        let chain: String = std::iter::once("a0: &a0 [x]\n".to_owned())
            .chain((1..2000).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)))
            .collect();
        check_fault(&chain, "nest too deeply");
        check_fault(&"- ".repeat(500), "too deeply");
        check_fault("&a [*a]", "own anchor");
        check_fault("? {a: 1}\n: 2\n", "a key that is");
        check_fault("a: [1, 2", "");
        check_fault("a: *gone", "");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-c]: |- |\\[|\\]|\\{|\\}|&a |\\*a|<<: |\n|  |\"|'|,|\\? |[0-9]|---|#|!!str |\\|){0,40}") {
            _ = load(&text, MOST_COPIED);
        }

        #[test]
        fn json_is_yaml(members in proptest::collection::vec(("[a-z/~]{1,4}", "[ -~]{0,8}", any::<i64>()), 0..6)) {
            let value: Map<String, Value> = members.into_iter().map(|(k, s, n)| (k, json!([s, n, {"x": null}]))).collect();
            let value = Value::Object(value);
            let yaml = load(&value.to_string(), MOST_COPIED).expect("loads");
            prop_assert_eq!(yaml.value, value);
        }
    }
}
