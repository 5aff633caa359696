//! Flags, help texts, exit codes, and what errors look like.

use crate::cli::arguments::{Arguments, SnapshotAction, Verb};
use crate::cli::choices::{CiChoice, DemoChoice};
use crate::cli::failure::Failure;
use crate::cli::init::init;
use crate::cli::output::{Output, forgive};
use crate::cli::progress::{Progress, Show};
use crate::cli::{Exit, diagnostic, examples};
use crate::config::{File, SafetyChoice, SeedChoice, json_schema, parse};
use crate::event::{Event, EventKind, Observer, RunOutcome};
use crate::plan::Seed;
use crate::report::{Format, Verdict};
use clap::{CommandFactory, Parser};
use std::io::{self, Write};
use std::path::Path;

fn parsed(line: &[&str]) -> Arguments {
    Arguments::try_parse_from(line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
}

#[track_caller]
fn refused(line: &[&str], says: &str) {
    let error = Arguments::try_parse_from(line).expect_err("must be refused").to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn the_command_line_is_well_formed() {
    Arguments::command().debug_assert();
}

#[test]
fn every_help_text_is_the_accepted_one() {
    let mut command = Arguments::command().term_width(100);
    command.build();
    let mut all = command.render_long_help().to_string();
    for verb in command.get_subcommands_mut().filter(|verb| verb.get_name() != "help") {
        all.push_str(&format!(
            "\n\n######## {}\n\n{}",
            verb.get_name(),
            verb.clone().term_width(100).render_help()
        ));
    }
    let all: Vec<&str> = all.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn every_example_is_understood() {
    let texts = [
        examples::TOP,
        examples::RUN,
        examples::TEST,
        examples::SNAPSHOT,
        examples::BENCH,
        examples::DIFF,
        examples::INSPECT,
        examples::GENERATE,
        examples::TRY,
        examples::REPLAY,
        examples::REPORT,
        examples::MERGE,
        examples::BASELINE,
        examples::BASELINE_ADD,
        examples::BASELINE_UPDATE,
        examples::BASELINE_PRUNE,
        examples::BASELINE_LIST,
        examples::RUNS,
        examples::RUNS_LIST,
        examples::RUNS_PRUNE,
        examples::DEMO,
        examples::INIT,
    ];
    let mut understood = 0;
    for line in texts.iter().flat_map(|text| text.lines()).filter(|line| line.contains("specwarden ")) {
        let command = line.rsplit('|').next().expect("a command").trim();
        // What stands two spaces away is an explanation.
        let command = command.split("  ").next().expect("a command");
        let mut words = Vec::new();
        for (at, part) in command.split('\'').enumerate() {
            if at % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(ToOwned::to_owned));
            }
        }
        Arguments::try_parse_from(&words).unwrap_or_else(|error| panic!("{line}\n{error}"));
        understood += 1;
    }
    assert!(understood > 30, "{understood}");
}

#[test]
fn flags_become_a_layer() {
    let line = [
        "specwarden",
        "run",
        "s.json",
        "--base-url",
        "http://h",
        "--seed",
        "random",
        "--safety",
        "read-only",
        "--enable",
        "a,b",
        "--header",
        "x-tenant: ${T}",
        "--parameter",
        "id=7",
        "--parameter",
        "name=x",
        "--no-bench",
        "--strict",
        "--report",
        "junit=j.xml",
        "--api-key-env",
        "K",
    ];
    let Verb::Run(flags) = parsed(&line).verb else { panic!("run") };
    let layer = File::from(&*flags);
    assert_eq!((layer.spec.as_deref(), layer.base_url.as_deref()), (Some("s.json"), Some("http://h")));
    assert_eq!(
        (layer.test.seed, layer.test.safety),
        (Some(SeedChoice::Random), Some(SafetyChoice::ReadOnly))
    );
    assert_eq!(layer.test.enable, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(
        (layer.test.disable, layer.snapshots.enabled),
        (None, None),
        "what is not said is left to the file"
    );
    assert_eq!((layer.bench.enabled, layer.gate.strict), (Some(false), Some(true)));
    assert_eq!(layer.parameters["id"], serde_json::json!(7));
    assert_eq!(layer.parameters["name"], serde_json::json!("x"));
    assert_eq!(layer.http.headers["x-tenant"], "${T}");
    assert_eq!(layer.auth.key_env.as_deref(), Some("K"));
    assert_eq!(layer.reports.map(|reports| reports[0].format), Some(Format::Junit));
}

#[test]
fn demo_is_a_switch_with_a_kind() {
    let kind = |line: &[&str]| match parsed(line).verb {
        Verb::Test(flags) => flags.demo,
        _ => panic!("test"),
    };
    assert_eq!(kind(&["specwarden", "test", "--demo"]), Some(DemoChoice::Faulty));
    assert_eq!(kind(&["specwarden", "test", "--demo=clean"]), Some(DemoChoice::Clean));
    assert_eq!(kind(&["specwarden", "test"]), None);
    refused(&["specwarden", "test", "s.json", "--demo"], "cannot be used with");
}

#[test]
fn snapshot_runs_or_decides() {
    let action = |line: &[&str]| match parsed(line).verb {
        Verb::Snapshot(flags) => (flags.action, flags.run.spec),
        _ => panic!("snapshot"),
    };
    assert!(matches!(action(&["specwarden", "snapshot", "s.json"]), (None, Some(spec)) if spec == "s.json"));
    assert!(matches!(action(&["specwarden", "snapshot", "list"]), (Some(SnapshotAction::List(_)), None)));
    refused(&["specwarden", "snapshot", "accept"], "<NAME>");
    refused(&["specwarden", "snapshot", "accept", "--all", "x"], "cannot be used with");
}

#[test]
fn a_key_on_the_command_line_is_refused_and_not_repeated() {
    let line = ["specwarden", "test", "--header", "X-ApiKey: hunter22"];
    let error = Arguments::try_parse_from(line).expect_err("a key").to_string();
    assert!(error.contains("must not stand on the command line") && !error.contains("hunter22"), "{error}");
    refused(&["specwarden", "test", "--api-key", "hunter22"], "unexpected argument '--api-key'");
}

#[test]
fn every_code_is_the_documented_one() {
    let codes = [Exit::Clean, Exit::Findings, Exit::Usage, Exit::Target, Exit::Undecided, Exit::Interrupted];
    assert_eq!(codes.map(Exit::code), [0, 1, 2, 3, 4, 130]);
    let verdicts = [Verdict::Passed, Verdict::Failed, Verdict::Undecided, Verdict::Interrupted];
    assert_eq!(verdicts.map(|verdict| Exit::from(verdict).code()), [0, 1, 4, 130]);
}

#[test]
fn errors_say_what_why_and_how_to_fix_it() {
    let error = parse(Path::new("specwarden.toml"), "[http]\nworker = 1").expect_err("a typo");
    insta::assert_snapshot!(diagnostic::failure(&Failure::from(error), false), @r"
    error: specwarden.toml:2:1: unknown key `worker`
    hint: did you mean `workers`?
    ");
    let source = io::Error::from(io::ErrorKind::PermissionDenied);
    let error = crate::config::ConfigError::Unreadable { path: "key".into(), source };
    insta::assert_snapshot!(diagnostic::failure(&Failure::from(error), false), @r"
    error: cannot read `key`
      caused by: permission denied
    ");
}

#[test]
fn issues_show_the_line_they_stand_on() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /pets/{id}:\n    get:\n      responses: {}\n";
    let loaded = crate::source::read_text("api.yaml", text).expect("a document");
    let shown = diagnostic::issues(&loaded, usize::MAX, 100, false);
    let expected = ["--> api.yaml:5:5", "5 |     get:", "|     ^^^", "= help: "];
    for part in expected {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
    let minified = serde_json::json!({
        "openapi": "3.0.3", "info": { "title": "x".repeat(5000), "version": "1" },
        "paths": { "/pets/{id}": { "get": { "responses": {} } } },
    });
    let loaded = crate::source::read_text("api.json", &minified.to_string()).expect("a document");
    let shown = diagnostic::issues(&loaded, usize::MAX, 100, false);
    assert!(!loaded.issues.is_empty() && shown.lines().all(|line| line.len() < 300), "{shown}");
}

struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn streams<'o>(data: &'o mut dyn Write, talk: &'o mut dyn Write) -> Output<'o> {
    Output { data, talk, width: 100, colour: false, talk_colour: false, quiet: false }
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let (mut data, mut talk) = (Closed, Closed);
    let mut output = streams(&mut data, &mut talk);
    output.data("much").expect("a broken pipe is forgiven");
    output.talk("much");
    assert!(forgive(Err(io::ErrorKind::StorageFull.into())).is_err(), "a full disk is not");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the files that `init` wrote are read")]
fn init_writes_what_config_understands_and_never_overwrites() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut data, mut talk) = (Vec::new(), Vec::new());
    let Verb::Init(mut flags) = parsed(&["specwarden", "init", "--ci", "github"]).verb else {
        panic!("init")
    };
    let exit = init(&flags, folder.path(), &mut streams(&mut data, &mut talk)).expect("an empty folder");
    assert_eq!(exit, Exit::Clean);
    let path = folder.path().join("specwarden.toml");
    let text = std::fs::read_to_string(&path).expect("written");
    let found = parse(&path, &text).expect("the template is sound");
    assert_eq!(found.file.test.seed, Some(SeedChoice::Fixed(Seed(1))));
    // What is commented out must be right too, once the comment sign is gone.
    let open: String = text.lines().map(|line| uncommented(line) + "\n").collect();
    let value: serde_json::Value = toml::from_str(&open).expect("TOML without comment signs");
    let validator = jsonschema::validator_for(&json_schema()).expect("a schema");
    assert!(
        validator.is_valid(&value),
        "{:#?}",
        validator.iter_errors(&value).map(|e| e.to_string()).collect::<Vec<_>>()
    );
    assert!(folder.path().join(".github/workflows/specwarden.yml").is_file());

    std::fs::write(&path, "mine").expect("writable");
    let failure = init(&flags, folder.path(), &mut streams(&mut data, &mut talk)).expect_err("there already");
    assert_eq!((failure.exit, failure.hint.as_deref()), (Exit::Usage, Some("`--force` overwrites it")));
    assert_eq!(std::fs::read_to_string(&path).expect("kept"), "mine");
    flags.force = true;
    flags.ci = Some(CiChoice::Gitlab);
    init(&flags, folder.path(), &mut streams(&mut data, &mut talk)).expect("forced");
    assert!(folder.path().join(".gitlab/specwarden.yml").is_file());
    assert!(String::from_utf8_lossy(&data).contains("wrote .gitlab/specwarden.yml"));
}

/// The line without its comment sign, if what follows is a key or table.
fn uncommented(line: &str) -> String {
    match line.strip_prefix("# ") {
        Some(rest)
            if rest.starts_with('[')
                || rest.split(" = ").next().is_some_and(|key| !key.contains(' ')) && rest.contains(" = ") =>
        {
            rest.to_owned()
        }
        _ => line.to_owned(),
    }
}

#[test]
fn progress_without_a_terminal_is_a_line_per_stage() {
    let mut lines = Vec::new();
    let mut progress = Progress::new(Show::Lines, &mut lines);
    let outcome = RunOutcome {
        counts: crate::event::Counts::default(),
        interrupted: false,
        stopped: None,
        elapsed_ms: 2500,
    };
    let kinds = [
        EventKind::StageStarted { stage: "reach".to_owned(), steps: 3 },
        EventKind::StageStarted { stage: "test".to_owned(), steps: 0 },
        EventKind::RunFinished { outcome },
    ];
    for ((seq, at_ms), kind) in [(0, 0), (1, 1000), (2, 2500)].into_iter().zip(kinds) {
        progress.observe(&Event { seq, at_ms, kind });
    }
    assert_eq!(
        String::from_utf8_lossy(&lines),
        "reach: 1.0 s, no findings so far\ntest: 1.5 s, no findings so far\n"
    );
}
