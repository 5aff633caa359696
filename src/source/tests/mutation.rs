//! Whatever is cut out of a document or put in its place, reading it never panics and pointers stay true.

use crate::schema::{Direction, Validators};
use crate::source::read_text;
use crate::source::tests::sample::ALL;
use crate::spec::{Api, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

/// How to change one node.
#[derive(Debug, Clone)]
enum Change {
    Remove,
    Replace(Value),
    /// By another node of the same document.
    Copy(usize),
    Refer(String),
}

fn changes() -> impl Strategy<Value = Change> {
    let value = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!("")),
        Just(json!("{")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[], {}, null, "x"])),
        Just(json!({"$ref": 7})),
        Just(json!({"": {"get": {}}, "in": "path", "name": "id"})),
    ];
    let reference = prop_oneof![
        Just("#"),
        Just("#/"),
        Just("#/paths"),
        Just("#/components/schemas/Pet"),
        Just("#/definitions/Asset"),
        Just("#/%zz"),
        Just("#anchor"),
        Just("x.yaml"),
    ];
    prop_oneof![
        2 => Just(Change::Remove),
        3 => value.prop_map(Change::Replace),
        3 => any::<usize>().prop_map(Change::Copy),
        2 => reference.prop_map(|reference| Change::Refer(reference.to_owned())),
    ]
}

fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| pointers(item, &format!("{at}/{i}"), all));
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, item)| pointers(item, &format!("{at}/{}", escape(key)), all));
        }
        _ => {}
    }
}

fn apply(root: &mut Value, at: usize, change: &Change) {
    let mut all = Vec::new();
    pointers(root, "", &mut all);
    let pointer = &all[at % all.len()];
    let new = match change {
        Change::Remove => {
            let (parent, token) = pointer.rsplit_once('/').unwrap_or_default();
            let token = token.replace("~1", "/").replace("~0", "~");
            match root.pointer_mut(parent) {
                Some(Value::Object(members)) => _ = members.shift_remove(&token),
                Some(Value::Array(items)) => {
                    if let Ok(index) = token.parse::<usize>() {
                        items.remove(index);
                    }
                }
                _ => {}
            }
            return;
        }
        Change::Replace(value) => value.clone(),
        Change::Copy(from) => root.pointer(&all[from % all.len()]).cloned().unwrap_or_default(),
        Change::Refer(reference) => json!({ "$ref": reference }),
    };
    if let Some(node) = root.pointer_mut(pointer) {
        *node = new;
    }
}

/// What other rooms rely on.
fn check(api: &Api) {
    for operation in &api.operations {
        assert!(api.document.get(&operation.pointer).is_some(), "{}", operation.pointer);
        assert!(operation.path.to_string().starts_with('/'));
        for name in operation.path.names() {
            assert!(
                operation.parameters.iter().any(|p| p.name == name && p.required),
                "{name} in {}",
                operation.key
            );
        }
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        let contents = contents.chain(operation.responses.iter().flat_map(|response| &response.contents));
        let schemas = contents.filter_map(|content| content.schema.as_ref());
        for schema in schemas.chain(operation.parameters.iter().filter_map(|p| p.schema.as_ref())) {
            assert!(api.document.get(schema).is_some(), "{schema}");
        }
    }
    let mut keys: Vec<_> = api.operations.iter().map(|operation| &operation.key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), api.operations.len(), "keys are unique");
}

/// The samples as values, before anything was added to them.
fn samples() -> Vec<Value> {
    let without_own = |(name, text): &(&str, &str)| {
        let mut value = Value::clone(read_text(name, text).expect("loads").api.document.root());
        value.as_object_mut().expect("an object").shift_remove("x-specwarden");
        value
    };
    ALL.iter().map(without_own).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn mutated_documents_never_panic(
        sample in 0..ALL.len(),
        changes in proptest::collection::vec((any::<usize>(), changes()), 1..6),
    ) {
        thread_local! { static SAMPLES: Vec<Value> = samples(); }
        let mut root = SAMPLES.with(|samples| samples[sample].clone());
        for (at, change) in &changes {
            apply(&mut root, *at, change);
        }
        if let Ok((api, _)) = parse(root) {
            check(&api);
        }
    }

    #[test]
    fn cut_texts_never_panic(sample in 0..ALL.len(), start in 0.0..1.0f64, length in 0..40usize) {
        let (name, text) = ALL[sample];
        let start = (text.len() as f64 * start) as usize;
        let end = (start + length).min(text.len());
        let cut = format!("{}{}", &text[..start], &text[end..]);
        if let Ok(loaded) = read_text(name, &cut) {
            check(&loaded.api);
            assert!(loaded.issues.iter().all(|issue| issue.line.is_some()), "{:?}", loaded.issues);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn validators_of_mutated_documents_never_panic(
        sample in 0..ALL.len(),
        changes in proptest::collection::vec((any::<usize>(), changes()), 1..4),
    ) {
        let (name, text) = ALL[sample];
        let mut root = Value::clone(read_text(name, text).expect("loads").api.document.root());
        for (at, change) in &changes {
            apply(&mut root, *at, change);
        }
        let Ok((api, _)) = parse(root) else { return Ok(()) };
        let validators = Validators::new(&api.document);
        for schema in api.operations.iter().flat_map(|o| o.parameters.iter().filter_map(|p| p.schema.as_ref())) {
            _ = validators.is_valid(schema, Direction::Request, &json!("x"));
        }
    }
}
