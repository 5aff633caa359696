//! What the formats say of the sample night, and what none of them may say.

use crate::event::{Event, EventKind, Incident, IncidentKind, Observer, SnapshotState};
use crate::exchange::Method;
use crate::finding::{Baseline, Classification, Entry, Family, Finding, Pattern, Severity, Site};
use crate::plan::{Budget, Permission, PlanOptions, Safety, Seed, Selector, plan};
use crate::report::samples::{self, LEAK};
use crate::report::{
    Format, Gate, IntermittentPolicy, Night, Options, SnapshotRow, Verdict, terminal, text, write,
};
use crate::secret::{Masker, Secret};
use crate::spec::parse;
use jiff::civil::date;
use quick_xml::events::Event as XmlEvent;
use serde_json::Value;

fn options() -> Options {
    let mut masker = Masker::default();
    masker.learn(&Secret::new(LEAK.to_owned()));
    Options { masker, ..Options::default() }
}

fn told(format: Format, night: &Night, options: &Options) -> String {
    let mut out = Vec::new();
    write(format, night, &mut out, options).expect("a vector takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn sample() -> Night {
    Night::of_events(&samples::full())
}

#[test]
fn terminal_tells_the_night() {
    insta::assert_snapshot!(told(Format::Terminal, &sample(), &options()));
}

#[test]
fn junit_tells_the_night() {
    insta::assert_snapshot!(told(Format::Junit, &sample(), &options()));
}

#[test]
fn markdown_tells_the_night() {
    insta::assert_snapshot!(told(Format::Markdown, &sample(), &options()));
}

/// The sample night with a known finding, one whose entry expired, and two entries that cover nothing.
fn held_against_a_baseline() -> Night {
    let pattern = |text: &str| Some(Pattern::parse(text).expect("a pattern"));
    let entry = |rule: &str, operation: &str, reason: &str| Entry {
        rule: pattern(rule),
        operation: pattern(operation),
        reason: reason.to_owned(),
        ..Entry::default()
    };
    let list = "GET /projects/{project_id}/assets";
    let crash = entry("server-error", list, "the vendor is told | and knows");
    let entries = vec![
        Entry { owner: Some("payments".to_owned()), expires: Some(date(2026, 12, 31)), ..crash },
        Entry {
            ticket: Some("PAY-1".to_owned()),
            expires: Some(date(2026, 1, 31)),
            ..entry("undocumented-*", "**", "old")
        },
        entry("location-broken", "POST /projects/{project_id}/assets", "moved"),
        entry("pagination-repeats-item", list, "pages shift"),
    ];
    let mut night = sample();
    night.incidents.retain(|incident| incident.kind != IncidentKind::Budget);
    night.know(&Baseline { entries, today: date(2026, 11, 23) });
    night
}

#[test]
fn what_is_known_is_told_apart() {
    let night = held_against_a_baseline();
    for format in [Format::Terminal, Format::Junit, Format::Markdown] {
        insta::assert_snapshot!(format!("known_{format}"), told(format, &night, &options()));
    }
    let report: Value = serde_json::from_str(&told(Format::Json, &night, &options())).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let known: Vec<&Value> = findings.iter().filter(|finding| !finding["known"].is_null()).collect();
    assert_eq!(known.len(), 1, "{known:#?}");
    assert_eq!(
        (&known[0]["known"]["expires"], &known[0]["fails"]),
        (&Value::from("2026-12-31"), &Value::from(false))
    );
    assert_eq!(findings.iter().filter(|finding| !finding["expired"].is_null()).count(), 1);
    let states: Vec<&Value> =
        report["baseline"]["unobserved"].as_array().expect("a list").iter().map(|u| &u["state"]).collect();
    assert_eq!(states, ["fixed", "not-exercised"]);
}

#[test]
fn json_obeys_its_published_schema() {
    let published: Value = serde_json::from_str(include_str!("../../docs/report.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&published).expect("a schema");
    let nights =
        [sample(), Night::default(), Night::of_findings(sample().findings), held_against_a_baseline()];
    for night in &nights {
        let report: Value = serde_json::from_str(&told(Format::Json, night, &options())).expect("JSON");
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut report: Value = serde_json::from_str(&told(Format::Json, &nights[0], &options())).expect("JSON");
    assert_eq!(report["findings"][0]["rule"], "operation-removed");
    assert_eq!(report["operations"][0]["statuses"]["none"], 1);
    report["findings"][0]["fingerprint"] = Value::from("not a fingerprint");
    assert!(!validator.is_valid(&report), "the schema must say something");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the published schema is a file")]
fn the_published_schema_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
    let fresh = serde_json::to_string_pretty(&crate::report::json_schema()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &fresh).expect("docs are writable");
    }
    let published = std::fs::read_to_string(path).expect("docs/report.schema.json");
    assert_eq!(published, fresh, "run the tests with UPDATE_DOCS=1");
}

#[test]
fn no_format_lets_a_secret_through() {
    for format in Format::ALL {
        let bare = told(format, &sample(), &Options::default());
        assert!(format == Format::Markdown || bare.contains("sw-live-"), "the sample must tempt {format}");
        for width in 40..120 {
            let text = told(format, &sample(), &Options { width, ..options() });
            let joined: String =
                text.chars().filter(|c| !c.is_whitespace() && *c != '\\' && *c != '\'').collect();
            assert!(!joined.contains(LEAK), "{format} at {width} columns");
        }
    }
}

#[test]
fn no_line_is_wider_than_asked_and_no_answer_steers_the_terminal() {
    for width in [40, 57, 80, 100, 200] {
        let text = told(Format::Terminal, &sample(), &Options { width, ..options() });
        for line in text.lines() {
            assert!(text::width(line) <= width, "{} > {width}: {line}", text::width(line));
        }
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let plain = told(Format::Terminal, &sample(), &options());
    let coloured = told(Format::Terminal, &sample(), &Options { colour: true, ..options() });
    assert_ne!(plain, coloured);
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        bare.push_str(&rest[..at]);
        let end = rest[at..].find('m').expect("an SGR sequence ends in m");
        rest = &rest[at + end + 1..];
    }
    bare.push_str(rest);
    let trim = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trim(&bare), trim(&plain));
}

#[test]
fn a_replayed_log_tells_the_same_night() {
    let mut replayed = Night::default();
    for event in samples::full() {
        let line = serde_json::to_string(&event).expect("events are data");
        replayed.observe(&serde_json::from_str(&line).expect("events come back"));
    }
    for format in Format::ALL {
        assert_eq!(told(format, &replayed, &options()), told(format, &sample(), &options()));
    }
}

#[test]
fn masking_loses_nothing_else() {
    assert_eq!(sample().masked(&Masker::default()), sample());
}

#[test]
fn a_key_that_is_one_of_our_words_does_not_empty_the_report() {
    let mut masker = Masker::default();
    masker.learn(&Secret::new("persistent".to_owned()));
    let text = told(Format::Terminal, &sample(), &Options { masker, ..Options::default() });
    assert!(text.contains("FAILED  5 findings") && !text.contains("persistent"), "{text}");
}

#[test]
fn two_shards_make_one_night() {
    let half = samples::full();
    let both = Night::of_events(half.iter().chain(&half));
    assert_eq!(both.findings, sample().findings);
    assert_eq!(both.counts().requests, 2 * sample().counts().requests);
    assert_eq!(both.operations.len(), 3);
    let list = &both.operations[0];
    assert_eq!(list.statuses[&200], 2 * 1180);
    assert_eq!(list.checks["pagination-repeats-item"].why_not.as_deref(), Some("no operation is paged"));
}

#[test]
fn junit_is_well_formed_and_counts_what_it_holds() {
    let xml = told(Format::Junit, &sample(), &options());
    let mut reader = quick_xml::Reader::from_str(&xml);
    reader.config_mut().check_end_names = true;
    let (mut failures, mut skipped, mut cases, mut declared) = (0, 0, 0, None);
    loop {
        match reader.read_event().expect("well-formed") {
            XmlEvent::Start(tag) | XmlEvent::Empty(tag) => match tag.name().as_ref() {
                "testsuites" => {
                    let value = |name: &str| {
                        let found = tag.try_get_attribute(name).expect("attributes").expect(name);
                        found.value.parse::<u32>().expect("a number")
                    };
                    declared = Some((value("tests"), value("failures"), value("skipped")));
                    assert_eq!(value("errors"), 0);
                }
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "skipped" => skipped += 1,
                "error" => panic!("`error` says that the tool broke"),
                _ => {}
            },
            XmlEvent::Eof => break,
            _ => {}
        }
    }
    assert_eq!(declared, Some((cases, failures, skipped)));
    assert_eq!((failures, skipped), (3, 2));
    assert!(!xml.contains('\0') && !xml.contains('\u{1b}'));
}

#[track_caller]
fn verdict(night: &Night, gate: &Gate, expected: Verdict) {
    assert_eq!(night.verdict(gate), expected);
}

#[test]
fn the_gate_decides() {
    let gate = Gate::default();
    verdict(&sample(), &gate, Verdict::Failed);
    let only = |classification, severity| {
        let mut night = sample();
        let finding =
            Finding::new(&samples::rule("r", Family::Response, severity), None, &Site::new(&[]), "t");
        night.findings = vec![Finding { classification, ..finding }];
        night
    };
    let flaky = only(Classification::Intermittent { shown: 1, sent: 3 }, Severity::Error);
    verdict(&flaky, &gate, Verdict::Passed);
    verdict(&flaky, &Gate { intermittent: IntermittentPolicy::Fail, ..gate.clone() }, Verdict::Failed);
    let mild = only(Classification::Persistent, Severity::Warning);
    verdict(&mild, &gate, Verdict::Passed);
    verdict(&mild, &Gate { severity: Severity::Warning, ..gate.clone() }, Verdict::Failed);
    verdict(&mild, &Gate { strict: true, ..gate.clone() }, Verdict::Undecided);
    verdict(&only(Classification::Environment, Severity::Error), &gate, Verdict::Passed);
    let mut unreached = mild.clone();
    unreached.outcome.as_mut().expect("an outcome").counts.reached = 0;
    verdict(&unreached, &gate, Verdict::Undecided);
    let mut stopped = sample();
    stopped.outcome = None;
    verdict(&stopped, &gate, Verdict::Interrupted);
    verdict(&Night::of_findings(mild.findings.clone()), &gate, Verdict::Passed);
}

#[test]
fn a_log_that_stops_early_is_told_as_far_as_it_goes() {
    let events: Vec<Event> = samples::full()
        .into_iter()
        .filter(|event| !matches!(event.kind, EventKind::RunFinished { .. }))
        .collect();
    let text = told(Format::Terminal, &Night::of_events(&events), &options());
    assert!(text.ends_with("the log ends before the run did\n"), "{text}");
    assert!(text.contains("INTERRUPTED"));
}

#[test]
fn diff_names_both_documents() {
    let breaking: Vec<Finding> =
        sample().findings.into_iter().filter(|finding| finding.family == Family::Breaking).collect();
    insta::assert_snapshot!(terminal::changes("old.json", "new.json", &Night::of_findings(breaking), &options()), @r#"
    old  old.json
    new  new.json

    ── Breaking changes ────────────────────────────────────────────────────────────────────────────────

    DELETE /teams/{id}

      ✗ error  operation-removed  54f2b7c0860c
        the operation is gone
        docs:   docs/breaking-rules.md#operation-removed

    FAILED  1 finding (1 error)
    "#);
    insta::assert_snapshot!(terminal::changes("old.json", "new.json", &Night::default(), &options()), @r#"
    old  old.json
    new  new.json

    PASSED  no breaking change
    "#);
}

#[test]
fn issues_say_where() {
    insta::assert_snapshot!(terminal::issues(&sample().issues, &options()), @r#"
    operation set aside  line 12, column 9
      the parameter has no name
      hint: give it a `name`
    "#);
}

#[track_caller]
fn snapshot_section(rows: &[(&str, SnapshotState)], expected: &[&str]) {
    let operation = samples::operation(Method::Get, "/teams");
    let mut night = sample();
    night.snapshots = rows
        .iter()
        .map(|(name, state)| SnapshotRow {
            operation: operation.clone(),
            name: (*name).to_owned(),
            state: *state,
        })
        .collect();
    let text = told(Format::Terminal, &night, &options());
    let lines: Vec<&str> =
        text.lines().skip_while(|line| !line.starts_with("── Snapshots")).skip(2).collect();
    let section: Vec<&str> = lines.into_iter().take_while(|line| !line.starts_with("──")).collect();
    assert_eq!(section.join("\n").trim_end(), expected.join("\n"));
}

#[test]
fn a_first_night_does_not_list_every_new_answer() {
    let names: Vec<String> = (0..8).map(|n| format!("get-{n}-200")).collect();
    let mut rows: Vec<(&str, SnapshotState)> =
        names.iter().map(|name| (name.as_str(), SnapshotState::New)).collect();
    snapshot_section(
        &rows,
        &["  8 new answers; decide with `specwarden snapshot review`, or `specwarden snapshot accept --all`"],
    );
    rows.push(("put-200", SnapshotState::Changed));
    snapshot_section(
        &rows,
        &[
            "  changed  put-200",
            "  new      get-0-200",
            "  new      get-1-200",
            "  new      get-2-200",
            "  new      get-3-200",
            "  new      get-4-200",
            "  … 3 more new",
            "  0 unchanged; accept or reject with `specwarden snapshot review`",
        ],
    );
}

#[test]
fn what_the_user_took_out_is_not_open() {
    let strict = Gate { strict: true, ..Gate::default() };
    let night = |why: &str| {
        let mut night = sample();
        night.findings.clear();
        night.incidents =
            vec![Incident { kind: IncidentKind::NotExercised, operation: None, message: why.to_owned() }];
        night.operations.retain(|account| account.not_exercised.is_some());
        night.operations[0].not_exercised = Some(why.to_owned());
        night
    };
    verdict(&night("excluded"), &strict, Verdict::Passed);
    verdict(&night("not among the included operations"), &strict, Verdict::Passed);
    verdict(&night("no value for `{id}`"), &strict, Verdict::Undecided);
    // The words are the plan's: if it chose others, everything deselected would be open again.
    let (include, exclude) =
        (Selector::parse("GET /a").expect("sound"), Selector::parse("GET /b").expect("sound"));
    let text = r#"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{
        "/b":{"get":{"responses":{"200":{"description":""}}}},"/c":{"get":{"responses":{"200":{"description":""}}}}}}"#;
    let (api, _) = parse(serde_json::from_str(text).expect("JSON")).expect("a document");
    for (include, exclude) in [(vec![include], Vec::new()), (Vec::new(), vec![exclude])] {
        let options = PlanOptions {
            seed: Seed(1),
            safety: Safety::Full,
            budget: Budget { random: 1, cases: 1 },
            include,
            exclude,
            declared_safe: Vec::new(),
        };
        let job = &plan(&api, &options).jobs[0];
        let Permission::Never { why } = &job.permission else { panic!("{job:?}") };
        verdict(&night(why), &strict, Verdict::Passed);
    }
}

#[test]
fn operations_can_be_told_apart_in_a_narrow_table() {
    let mut night = sample();
    let path = "/projects/{project_id}/assets/{asset_id}/compliance/summary";
    let longer = samples::operation(Method::Get, &format!("{path}/by-team"));
    night.operations.retain(|account| account.not_exercised.is_none());
    night.operations[0].operation = samples::operation(Method::Get, path);
    night.operations[1].operation = longer;
    let text = told(Format::Terminal, &night, &Options { width: 100, ..options() });
    let table = text.split("── Exercised").nth(1).expect("a table");
    let cut = ["/…/assets/{asset_id}/compliance/summary ", "/…/{asset_id}/compliance/summary/by-team "];
    assert!(cut.iter().all(|end| table.contains(end)), "{table}");
}

#[test]
fn each_call_of_a_sequence_is_a_command_of_its_own() {
    let mut night = sample();
    night.findings.truncate(1);
    night.findings[0].reproduce = "curl -i 'http://h/a'\ncurl -i 'http://h/b'".to_owned();
    let text = told(Format::Terminal, &night, &options());
    assert!(text.contains("\n      curl -i 'http://h/a'\n      curl -i 'http://h/b'\n"), "{text}");
}
