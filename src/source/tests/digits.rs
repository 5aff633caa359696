//! Numbers beyond a double keep their digits, however the document is written and however many files it has.

use crate::compat::{CompatOptions, compare};
use crate::generate::Generator;
use crate::plan::Known;
use crate::schema::{Decimal, Pointer, Validators};
use crate::source::tests::tree::Tree;
use crate::source::{Loaded, ReadOptions, read_text};
use proptest::prelude::*;
use std::sync::Arc;

fn yaml(number: &str) -> Loaded {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\nx-number: {number}\nx-list: [0.5, {number}]\n"
    );
    read_text("a.yaml", &text).expect("loads")
}

fn json(number: &str) -> Loaded {
    let text = format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "t", "version": "1"}}, "paths": {{}}, "x-number": {number}, "x-list": [0.5, {number}]}}"#
    );
    read_text("a.json", &text).expect("loads")
}

fn written(loaded: &Loaded) -> String {
    let document = &loaded.api.document;
    document.digits().json(document.root(), &Pointer::root())
}

/// Reads the number, writes it, reads it again: the digits stay.
#[track_caller]
fn check(number: &str) {
    for loaded in [yaml(number), json(number)] {
        let text = written(&loaded);
        assert!(text.contains(&format!("\"x-number\": {number},\n")), "{number}: {text}");
        assert!(text.contains(&format!("    0.5,\n    {number}\n")), "{number}: {text}");
        let again = read_text("again.json", &text).expect("loads");
        assert_eq!(written(&again), text);
        let at = Pointer::root().push("x-list").push(1);
        assert_eq!(again.api.document.number(&at), Decimal::parse(number));
    }
}

#[test]
fn integers_beyond_64_bits_keep_their_digits() {
    for number in
        ["-9223372036854776000", "18446744073709551616", "-18446744073709551617", "1e400", "-1e+400"]
    {
        check(number);
    }
    check(&"7".repeat(200));
    check(&"9".repeat(400));
    check(&format!("-{}", "123456789".repeat(50)));
    check("3.14159265358979323846264338327950288");
    check("0.10000000000000000001");
}

#[test]
fn plain_numbers_need_no_table() {
    for number in
        ["9223372036854775807", "-9223372036854775808", "18446744073709551615", "0.1", "1e3", "-0.5"]
    {
        assert!(yaml(number).api.document.digits().is_empty(), "{number}");
        assert!(json(number).api.document.digits().is_empty(), "{number}");
    }
}

#[test]
fn a_number_out_of_range_does_not_hide_what_else_is_wrong() {
    let error = read_text("a.json", "{\"a\": 1e999,\n \"b\": tru}").expect_err("no JSON").to_string();
    assert_eq!(error, "parse a.json:2:10 as JSON: expected ident");
}

#[test]
fn digits_follow_aliases_and_merges() {
    let text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n\
        x-base: &base {maximum: 100000000000000000001, list: [100000000000000000002]}\n\
        x-alias: *base\nx-merged: {<<: *base, maximum: 100000000000000000003}\n\
        x-both: {<<: [{minimum: 100000000000000000004}, *base]}\n";
    let loaded = read_text("a.yaml", text).expect("loads");
    let check = |pointer: &str, expected: &str| {
        let pointer = Pointer::parse(pointer).expect("a pointer");
        assert_eq!(loaded.api.document.digits().get(&pointer), Some(expected), "{pointer}");
    };
    check("/x-base/maximum", "100000000000000000001");
    check("/x-alias/maximum", "100000000000000000001");
    check("/x-alias/list/0", "100000000000000000002");
    check("/x-merged/maximum", "100000000000000000003");
    check("/x-merged/list/0", "100000000000000000002");
    check("/x-both/minimum", "100000000000000000004");
    check("/x-both/maximum", "100000000000000000001");
    assert_eq!(loaded.api.document.digits().iter().count(), 9);
}

#[test]
fn the_last_of_repeated_keys_gives_the_digits() {
    let text = r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {},
        "x-a": 100000000000000000001, "x-a": 7, "x-b": {"c": 100000000000000000001}, "x-b": {"c": 1e3}}"#;
    let loaded = read_text("a.json", text).expect("loads");
    assert!(loaded.api.document.digits().is_empty());
}

#[tokio::test]
async fn digits_of_other_files_are_kept_where_they_stand() {
    let tree = Tree::new(&[
        (
            "a.yaml",
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {$ref: 'b.yaml#/item'}\ncomponents:\n  schemas: {$ref: c.json}\n",
        ),
        (
            "b.yaml",
            "item:\n  get:\n    responses: {200: {description: ok}}\n    x-n: 100000000000000000001\n",
        ),
        ("c.json", r#"{"A": {"type": "integer", "maximum": 100000000000000000002}}"#),
    ]);
    let loaded = tree.read("a.yaml", &ReadOptions::default()).await;
    let text = written(&loaded);
    assert_eq!(text.matches("100000000000000000001").count(), 1, "{text}");
    let at = Pointer::parse("/components/schemas/A/maximum").expect("a pointer");
    assert_eq!(loaded.api.document.digits().get(&at), Some("100000000000000000002"), "{text}");
}

proptest! {
    #[test]
    fn any_integer_keeps_its_digits(number in "-?[1-9][0-9]{0,60}") {
        let plain = number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
        for loaded in [yaml(&number), json(&number)] {
            prop_assert_eq!(loaded.api.document.digits().is_empty(), plain);
            let text = written(&loaded);
            prop_assert!(text.contains(&format!("\"x-number\": {number},\n")), "{}", text);
        }
    }

    #[test]
    fn any_decimal_keeps_its_value(number in "-?(0|[1-9][0-9]{0,25})\\.[0-9]{1,25}(e-?[0-9]{1,2})?") {
        for loaded in [yaml(&number), json(&number)] {
            let at = Pointer::root().push("x-number");
            prop_assert_eq!(loaded.api.document.number(&at), Decimal::parse(&number));
        }
    }
}

#[test]
fn examples_are_sent_with_every_digit() {
    let text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    post:\n      parameters:\n        - {name: n, in: query, required: true, schema: {type: integer, enum: [18446744073709551617]}}\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema: {type: object, required: [b], properties: {b: {type: integer}}}\n            example: {b: 100000000000000000001}\n      responses: {204: {description: done}}\n";
    let api = read_text("a.yaml", text).expect("loads").api;
    let generator = Generator::new(&api, Arc::new(Validators::new(&api.document)));
    let cases = generator.examples(&api.operations[0], &Known::default());
    let requests: Vec<_> = cases
        .iter()
        .map(|case| case.render(&api.operations[0], "http://127.0.0.1").expect("a request"))
        .collect();
    assert!(
        requests.iter().all(|request| request.url.ends_with("/a?n=18446744073709551617")),
        "{requests:#?}"
    );
    let bodies: Vec<_> = requests.iter().filter_map(|request| request.body.as_ref()).collect();
    let expected = b"{\"b\":100000000000000000001}";
    assert!(bodies.iter().any(|body| body.bytes() == expected), "{requests:#?}");
}

#[test]
fn a_changed_digit_is_a_change_and_equal_digits_are_none() {
    let api = |maximum: &str, member: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    post:\n      requestBody:\n        content:\n          application/json:\n            schema: {{type: object, properties: {{n: {{type: integer, maximum: {maximum}}}, m: {{enum: [1, {member}]}}}}}}\n      responses: {{204: {{description: done}}}}\n"
        );
        read_text("a.yaml", &text).expect("loads").api
    };
    let compare = |old, new| compare(old, new, &CompatOptions::default());
    let wide = api("100000000000000000002", "100000000000000000004");
    let narrow = api("100000000000000000001", "100000000000000000005");
    let found = compare(&wide, &narrow);
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["request-constraint-tightened", "request-enum-narrowed"], "{found:#?}");
    assert!(found[0].detail.contains("100000000000000000002"), "{}", found[0].detail);
    assert!(found[1].title.contains("`100000000000000000004`"), "{}", found[1].title);
    let again = api("100000000000000000002", "100000000000000000004");
    assert!(compare(&wide, &again).is_empty());
    // Written otherwise, but the same number.
    let plain = api("100000000000000000000", "1.0e20");
    let otherwise = api("1e20", "100000000000000000000");
    assert!(compare(&plain, &otherwise).is_empty());
}
