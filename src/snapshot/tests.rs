//! Whole answers through the room, and the file format. `store` tests it against `insta`, which needs a disk.

use super::*;
use crate::exchange::{Body, Method, Response};
use crate::schema::Pointer;
use crate::spec::OperationKey;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

fn answer(status: u16, media: &str, body: impl AsRef<[u8]>) -> Response {
    let headers =
        if media.is_empty() { Vec::new() } else { vec![("content-type".to_owned(), media.to_owned())] };
    Response { status, headers, body: Body(body.as_ref().to_vec()), truncated: false, packed: None }
}

#[track_caller]
fn check_json(first: Value, second: Option<Value>, expected: Value) -> Vec<Pointer> {
    let of = |value: Value| answer(200, "application/json", value.to_string());
    let normalised = normalise(&of(first), second.map(of).as_ref(), &SnapshotOptions::default());
    let body = normalised.contents.strip_prefix("HTTP 200\ncontent-type: application/json\n\n").unwrap();
    assert_eq!(serde_json::from_str::<Value>(body).unwrap(), expected);
    normalised.volatile
}

#[test]
fn values_that_differ_are_volatile_unless_a_mask_says_more() {
    let volatile = check_json(
        json!({"n": 1, "id": "0b7c6a52-0000-4000-8000-000000000001", "t": "x", "same": [1, {"a/b": 2}]}),
        Some(
            json!({"n": 2, "id": "0b7c6a52-0000-4000-8000-000000000002", "t": null, "same": [1, {"a/b": 3}]}),
        ),
        json!({"n": "[volatile]", "id": "[uuid]", "t": "[volatile]", "same": [1, {"a/b": "[volatile]"}]}),
    );
    let places: Vec<&str> = volatile.iter().map(Pointer::as_str).collect();
    assert_eq!(places, ["/n", "/same/1/a~1b", "/t"]);
}

#[test]
fn lists_and_properties_that_come_and_go() {
    check_json(json!({"l": [1, 2]}), Some(json!({"l": [1, 2, 3]})), json!({"l": ["[volatile]"]}));
    check_json(json!({"l": []}), Some(json!({"l": []})), json!({"l": []}));
    check_json(json!({"a": 1}), Some(json!({"b": 1})), json!({"a": "[volatile]", "b": "[volatile]"}));
    check_json(json!([[1]]), Some(json!([{}])), json!(["[volatile]"]));
}

#[test]
fn long_lists_are_cut_and_growing_further_changes_nothing() {
    let mut kept: Vec<Value> = (0..20).map(Value::from).collect();
    kept.push("[more items]".into());
    for length in [21, 35] {
        check_json((0..length).collect(), None, Value::Array(kept.clone()));
    }
    check_json((0..20).collect(), None, (0..20).collect());
}

#[test]
fn masks_see_the_name_of_the_list_around_them() {
    check_json(json!({"seen_at": [1_795_410_000]}), None, json!({"seen_at": ["[timestamp]"]}));
    check_json(json!({"counts": [1_795_410_000]}), None, json!({"counts": [1_795_410_000]}));
}

#[test]
fn chosen_fields_are_always_masked() {
    let options = SnapshotOptions { volatile_fields: vec!["score".to_owned()], ..SnapshotOptions::default() };
    let one = normalise(&answer(200, "application/json", r#"{"score": 7, "a": 1}"#), None, &options);
    let other = normalise(&answer(200, "application/json", r#"{"a": 1, "score": {"x": 8}}"#), None, &options);
    assert_eq!(one, other);
}

#[test]
fn key_order_and_white_space_do_not_matter_but_types_do() {
    let of = |body: &str| {
        normalise(&answer(200, "application/json", body), None, &SnapshotOptions::default()).contents
    };
    assert_eq!(of(r#"{"b":1,"a":{"d":1,"c":2}}"#), of("{ \"a\": {\"c\": 2, \"d\": 1},\n\"b\": 1 }"));
    assert_ne!(of(r#"{"a":1}"#), of(r#"{"a":"1"}"#));
    assert_ne!(of(r#"{"a":1}"#), of(r#"{"a":1.0}"#));
    assert_ne!(of(r#"{"a":null}"#), of("{}"));
}

#[test]
fn a_second_answer_with_another_status_is_left_aside() {
    let first = answer(200, "application/json", r#"{"gone": false}"#);
    let normalised = normalise(&first, Some(&answer(404, "", "")), &SnapshotOptions::default());
    assert_eq!(normalised.contents, normalise(&first, None, &SnapshotOptions::default()).contents);
    assert!(!normalised.asked_twice);
}

#[test]
fn other_bodies() {
    let of = |response: &Response| normalise(response, None, &SnapshotOptions::default()).contents;
    assert_eq!(of(&answer(204, "", "")), "HTTP 204");
    assert_eq!(of(&answer(200, "text/plain", "up\r\n")), "HTTP 200\ncontent-type: text/plain\n\nup");
    assert_eq!(of(&answer(200, "", "[1]")), "HTTP 200\n\n[\n  1\n]");
    assert_eq!(
        of(&answer(200, "application/json", "{broken")),
        "HTTP 200\ncontent-type: application/json\n\n{broken"
    );
    let binary = of(&answer(200, "image/png", [0x89, b'P', 0xff]));
    assert!(binary.contains("[binary, 3 bytes, hash "), "{binary}");
    let cut = Response { truncated: true, ..answer(200, "application/json", "{\"a\": [1, 2") };
    assert!(of(&cut).ends_with("{\"a\": [1, 2\n[cut]"));
    let once_json = answer(200, "application/json", "{}");
    let then_not = answer(200, "application/json", "oops");
    let normalised = normalise(&once_json, Some(&then_not), &SnapshotOptions::default());
    assert!(normalised.contents.ends_with("[volatile]"), "{}", normalised.contents);
}

fn sample() -> Snapshot {
    let operation = OperationKey::new(Method::Get, "/pets/{id}");
    let first = answer(200, "application/json", r#"{"name": "Rex: the \"dog\"", "é": "---\n---"}"#);
    let metadata = Metadata {
        source: Some("specs/pets: v1.yaml".to_owned()),
        description: Some("GET /pets/{id} → 200".to_owned()),
        expression: Some(operation.to_string()),
        info: [("status", json!(200)), ("media_type", json!("application/json")), ("odd: key", json!("200"))]
            .map(|(key, value)| (key.to_owned(), value))
            .into(),
    };
    Snapshot::new(
        name(&operation, 200),
        metadata,
        normalise(&first, None, &SnapshotOptions::default()).contents,
    )
}

#[test]
fn what_is_written_is_read_again() {
    let snapshot = sample();
    let text = snapshot.to_text();
    assert_eq!(Snapshot::parse(&snapshot.name, &text).unwrap(), snapshot);
    assert_eq!(Snapshot::parse(&snapshot.name, &text.replace('\n', "\r\n")).unwrap(), snapshot);
}

#[test]
fn front_matter_by_hand_and_by_other_versions() {
    let text = "---\nsource: 'it''s.yaml'\nassertion_line: 12\nexpression: \"GET /a\"\ninfo: {\"status\": 200}\n\
                input_file: x\n---\n\nHTTP 200\n\n";
    let snapshot = Snapshot::parse("n", text).unwrap();
    assert_eq!(snapshot.metadata.source.as_deref(), Some("it's.yaml"));
    assert_eq!(snapshot.metadata.expression.as_deref(), Some("GET /a"));
    assert_eq!(snapshot.metadata.info["status"], json!(200));
    assert_eq!(snapshot.contents, "\nHTTP 200");
}

#[test]
fn what_is_no_snapshot_is_told() {
    for (text, expected) in [
        ("", "read snapshot `n`: it does not begin with a line `---`"),
        ("HTTP 200", "read snapshot `n`: it does not begin with a line `---`"),
        ("---\nsource: a\n", "read snapshot `n`: its front matter has no end, a second line `---`"),
        (
            "---\nextension: png\nsnapshot_kind: binary\n---\n",
            "read snapshot `n`: binary snapshots are not supported",
        ),
    ] {
        assert_eq!(Snapshot::parse("n", text).unwrap_err().to_string(), expected);
    }
}

#[test]
fn differences_show_context_and_counts() {
    let accepted = sample();
    let mut new = accepted.clone();
    new.metadata = Metadata::default();
    assert_eq!(compare(&accepted, &new), None);
    new.contents = new.contents.replace("Rex", "Fido");
    let difference = compare(&accepted, &new).unwrap();
    assert_eq!((difference.added, difference.removed), (1, 1));
    assert!(difference.diff.starts_with("--- accepted\n+++ new\n@@"), "{}", difference.diff);
    assert!(difference.diff.contains("+  \"name\": \"Fido: the"), "{}", difference.diff);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("2026-11-23T04:54:16Z")),
        Just(json!("0b7c6a52-0000-4000-8000-000000000001")),
    ];
    leaf.prop_recursive(4, 40, 24, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..24).prop_map(Value::from),
            btree_map("[a-c]{0,2}|created_at", inner, 0..5).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn asking_twice_changes_nothing_if_nothing_changes_and_the_order_does_not_count(
        one in any_json(), other in any_json()
    ) {
        let of = |value: &Value| answer(200, "application/json", value.to_string());
        let contents = |first: &Value, second: Option<&Value>| {
            normalise(&of(first), second.map(of).as_ref(), &SnapshotOptions::default()).contents
        };
        prop_assert_eq!(contents(&one, None), contents(&one, Some(&one)));
        prop_assert_eq!(contents(&one, Some(&other)), contents(&other, Some(&one)));
        // A shown body is itself JSON, and showing it again masks nothing more.
        let shown = contents(&one, None);
        let body: Value = serde_json::from_str(shown.split_once("\n\n").unwrap().1).unwrap();
        let cut = shown.contains("[more items]");
        prop_assert!(cut || contents(&body, None) == shown);
    }

    #[test]
    fn any_text_survives_the_file_format(
        source in any::<Option<String>>(), key in any::<String>(), fact in any::<String>(), contents in any::<String>()
    ) {
        let metadata = Metadata {
            source,
            description: Some(key.clone()),
            expression: None,
            info: [(key, json!(fact)), ("status".to_owned(), json!(200))].into(),
        };
        let snapshot = Snapshot::new("n", metadata, contents.replace("\r\n", "\n"));
        prop_assert_eq!(Snapshot::parse("n", &snapshot.to_text()).unwrap(), snapshot);
    }
}
