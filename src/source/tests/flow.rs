//! Flow collections whose lines are indented less than their block.

use crate::schema::Pointer;
use crate::source::read_text;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n";

/// Reads a document with these lines after its head; checks where `pointer` stands.
#[track_caller]
fn check(lines: &str, line: usize, more: &str, pointer: &str, place: (usize, usize)) {
    let loaded = read_text("a.yaml", &format!("{HEAD}{lines}")).expect("loads");
    let issue = loaded.issues.iter().find(|issue| issue.rule == "misindented-flow-collection");
    let issue = issue.expect("an issue");
    assert_eq!((issue.line, issue.column), (Some(line), Some(1)));
    assert!(
        issue.message.ends_with(&format!("too little for the block around it{more}")),
        "{}",
        issue.message
    );
    let pointer = Pointer::parse(pointer).expect("a pointer");
    assert!(loaded.api.document.get(&pointer).is_some(), "{:#}", loaded.api.document.root());
    assert_eq!(loaded.locate(&pointer), Some(place));
}

#[test]
fn a_bracket_before_its_block_closes_the_collection() {
    check(
        "paths:\n  '/a': {get: {\n  responses: {200: {description: ok}}}\n}\nx-end: 1\n",
        5,
        "; so are 1 more lines",
        "/x-end",
        (7, 1),
    );
    check(
        "paths:\n  /a:\n    get: {\n      responses: {\n        200: {description: ok}\n  }, x-in: 1\n  }\n    x-out: 2\n",
        8,
        "; so are 1 more lines",
        "/paths/~1a/get/x-in",
        (8, 6),
    );
    check(
        "paths: {}\nx-a:\n  x-list: [\n1,\n# a } remark\n'}', \"]\\\"\",\ndon't,\n{a: b}\n]\nx-end: 1\n",
        6,
        "; so are 5 more lines",
        "/x-a/x-list/4/a",
        (10, 2),
    );
}

#[test]
fn well_indented_collections_are_left_alone() {
    let loaded =
        read_text("a.yaml", &format!("{HEAD}paths: {{}}\nx-a:\n  - [\n      1\n    ]\n")).expect("loads");
    let rules: Vec<_> = loaded.issues.iter().map(|issue| (issue.rule.as_str(), issue.line)).collect();
    assert!(!rules.iter().any(|(rule, _)| *rule == "misindented-flow-collection"), "{rules:?}");
}

#[test]
fn what_is_wrong_otherwise_is_told_where_it_is() {
    let error = read_text("a.yaml", &format!("{HEAD}x-b:\n  paths: {{\n}}\nx-a: [1\n"))
        .expect_err("no YAML")
        .to_string();
    assert!(error.starts_with("parse a.yaml:"), "{error}");
    let error = read_text("a.yaml", "a:\n    b: 1\n  c: 2\n").expect_err("no YAML").to_string();
    assert!(error.starts_with("parse a.yaml:3:"), "{error}");
    // As many faults as there are lines end in an error or in issues, soon.
    let many: String =
        (0..3_000).fold(String::new(), |text, index| text + &format!("x{index}:\n  x: [\n]\n"));
    _ = read_text("a.yaml", &format!("{HEAD}paths: {{}}\n{many}"));
}
