//! Layers, positions, keys: what a configuration means and how it is refused.

use crate::config::{
    ConfigError, File, HeaderValue, KeyRole, MissingKey, SeedChoice, Settings, Surroundings, find,
    json_schema, layer_of_environment, parse, read, resolve,
};
use crate::finding::Severity;
use crate::plan::{Safety, Seed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

const RULES: &[&str] = &["server-error", "undocumented-status"];

/// A world of named files and variables.
#[derive(Default)]
struct World {
    files: BTreeMap<PathBuf, String>,
    variables: BTreeMap<String, String>,
}

impl World {
    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.to_owned());
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn ask<T>(&self, question: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let variable = |name: &str| self.variables.get(name).cloned();
        let read = |path: &Path| match self.files.get(path) {
            Some(text) => Ok(text.clone()),
            None => Err(io::Error::from(io::ErrorKind::NotFound)),
        };
        question(&Surroundings { variable: &variable, read: &read, rules: RULES, fresh_seed: Seed(77) })
    }

    fn settings(&self, flags: File) -> Result<Settings, ConfigError> {
        self.ask(|surroundings| {
            let found = find(Path::new("/repo/api"), surroundings)?;
            let folder = found.as_ref().map_or(PathBuf::from("/repo/api"), |found| found.folder().to_owned());
            let file = found.map(|found| found.file).unwrap_or_default();
            resolve(flags.over(layer_of_environment(surroundings)?).over(file), &folder, surroundings)
        })
    }
}

#[track_caller]
fn refused(text: &str, message: &str, hint: Option<&str>) {
    let error =
        World::default().file("/repo/specwarden.toml", text).settings(File::default()).expect_err(text);
    assert_eq!((error.to_string().as_str(), error.hint().as_deref()), (message, hint));
}

#[test]
fn every_default_is_the_documented_one() {
    let settings = World::default().settings(File::default()).expect("nothing is needed");
    assert_eq!(settings.test.seed, Seed(1));
    assert_eq!(settings.test.safety, Safety::OwnResources);
    assert_eq!((settings.http.workers, settings.http.timeout.as_millis()), (4, 30_000));
    assert_eq!(
        (settings.test.max_time, settings.test.max_operation_time),
        (None, Some(Duration::from_secs(20)))
    );
    assert_eq!(settings.snapshots.folder, Path::new("/repo/api/snapshots"));
    assert_eq!(settings.keys.main_variable, "SPECWARDEN_API_KEY");
    assert!(settings.keys.missing.is_empty(), "an unnamed default variable may be absent");
}

#[test]
fn flags_outrank_environment_outranks_file() {
    let world = World::default()
        .file(
            "/repo/specwarden.toml",
            "base_url = 'http://file/'\n[test]\nseed = 3\n[http]\nworkers = 2\nrate = 5",
        )
        .variable("SPECWARDEN_SEED", "4")
        .variable("SPECWARDEN_WORKERS", "8")
        .variable("SPECWARDEN_RATE", "  ");
    let mut flags = File::default();
    flags.test.seed = Some(SeedChoice::Random);
    let settings = world.settings(flags).expect("sound");
    assert_eq!(settings.target.base_url.as_deref(), Some("http://file"));
    assert_eq!((settings.test.seed, settings.http.workers, settings.http.rate), (Seed(77), 8, Some(5.0)));
}

#[test]
fn the_answer_time_of_an_operation_is_limited_unless_it_is_zero() {
    let limit = |world: World, flag: Option<u64>| {
        let mut flags = File::default();
        flags.test.max_operation_time_s = flag;
        world.settings(flags).expect("sound").test.max_operation_time
    };
    let file = || World::default().file("/repo/specwarden.toml", "[test]\nmax_operation_time_s = 7");
    assert_eq!(limit(file(), None), Some(Duration::from_secs(7)));
    let variable = file().variable("SPECWARDEN_MAX_OPERATION_TIME_S", "8");
    assert_eq!(limit(variable, None), Some(Duration::from_secs(8)));
    assert_eq!(limit(file(), Some(0)), None);
}

#[test]
fn paths_are_meant_from_the_file() {
    let text = "spec = 'openapi.yaml'\nagainst = 'https://x/y.json'\nreports = ['junit=out/j.xml', 'json=/abs/r.json']";
    let settings =
        World::default().file("/repo/specwarden.toml", text).settings(File::default()).expect("sound");
    assert_eq!(settings.target.spec.as_deref(), Some("/repo/openapi.yaml"));
    assert_eq!(settings.target.against.as_deref(), Some("https://x/y.json"));
    let paths: Vec<&Path> = settings.reports.iter().map(|report| report.path.as_path()).collect();
    assert_eq!(paths, [Path::new("/repo/out/j.xml"), Path::new("/abs/r.json")]);
    assert_eq!(settings.root, Path::new("/repo"));
}

#[test]
fn mistakes_are_shown_where_they_are() {
    refused(
        "[http]\nworker = 3",
        "/repo/specwarden.toml:2:1: unknown key `worker`",
        Some("did you mean `workers`?"),
    );
    refused(
        "[test]\nsafety = 'readonly'",
        "/repo/specwarden.toml:2:10: unknown value `readonly`",
        Some("did you mean `read-only`?"),
    );
    refused(
        "base_url = 'http://h/'\nbase_ur = 1",
        "/repo/specwarden.toml:2:1: unknown key `base_ur`",
        Some("did you mean `base_url`?"),
    );
    refused(
        "[test]\nenable = ['server-eror']",
        "`test.enable` names the rule `server-eror`, which does not exist",
        Some("did you mean `server-error`?"),
    );
    refused("[http]\nworkers = 0", "`http.workers`: 0 is too small", Some("at most 256, and more than 0"));
    refused(
        "reports = ['html=x']",
        "/repo/specwarden.toml:1:11: no report format is called `html` (there are: terminal, json, junit, markdown)",
        None,
    );
    refused(
        "base_url = 'https://user:hunter22@h'",
        "`base_url`: a base URL must not hold a user or password",
        Some("an absolute URL such as `https://staging.example.com/api`"),
    );
}

#[test]
fn keys_are_read_trimmed_and_hidden() {
    let text = "[http.headers]\nx-tenant = 'Bearer ${TENANT}'\naccept = '*/*'\n\
        [[keys]]\nname = 'viewer'\nenv = 'VIEWER'\ndenied = ['POST **']\n\
        [[keys]]\nname = 'old'\nfile = 'old.key'\nrole = 'revoked'\n[[keys]]\nname = 'gone'\nenv = 'GONE'";
    let world = World::default()
        .file("/repo/specwarden.toml", text)
        .file("/repo/old.key", "old-key-123456\n")
        .variable("SPECWARDEN_API_KEY", " main-key-123456 \n")
        .variable("VIEWER", "user:viewer-123456")
        .variable("TENANT", "tenant-123456")
        .variable("GONE", " ");
    let settings = world.settings(File::default()).expect("sound");
    let exposed = settings.keys.main.as_ref().map(|key| key.expose().as_str());
    assert_eq!(exposed, Some("main-key-123456"));
    let others: Vec<_> = settings.keys.others.iter().map(|key| (key.name.as_str(), key.role)).collect();
    assert_eq!(others, [("viewer", KeyRole::Limited), ("old", KeyRole::Revoked)]);
    assert!(settings.keys.others[0].denied[0].takes_path("POST", "/a/b"));
    let gone =
        MissingKey { name: "gone".to_owned(), why: "the environment variable `GONE` is not set".to_owned() };
    assert_eq!(settings.keys.missing, [gone]);
    assert!(matches!(&settings.http.headers[0], (name, HeaderValue::Plain(_)) if name == "accept"));
    let variables: Vec<&str> =
        settings.http.headers.iter().flat_map(|(_, value)| value.variables()).collect();
    assert_eq!(variables, ["${TENANT}"]);
    let shown = format!("{settings:?}");
    for secret in ["main-key-123456", "old-key-123456", "viewer-123456", "tenant-123456"] {
        assert!(!shown.contains(secret), "{secret} is shown");
        assert!(settings.masker().finds(secret), "{secret} would not be masked");
    }
    assert!(!settings.masker().finds("*/*"));
}

#[test]
fn a_flag_for_the_key_hides_the_files_answer() {
    let world = World::default()
        .file(
            "/repo/specwarden.toml",
            "[auth]\nkey_file = 'nowhere'\n[[keys]]\nname = 'main'\nenv = 'M'\nrole = 'main'",
        )
        .variable("OTHER", "other-key-123456")
        .variable("M", "named-key-123456");
    let mut flags = File::default();
    flags.auth.key_env = Some("OTHER".to_owned());
    let keys = world.settings(flags).expect("sound").keys;
    assert_eq!(keys.main.map(|key| key.expose().clone()).as_deref(), Some("other-key-123456"));
    assert_eq!(keys.main_variable, "OTHER");
    let mut flags = File::default();
    flags.auth.key_env = Some("ABSENT".to_owned());
    let keys = world.settings(flags).expect("an absent key is told, not refused").keys;
    assert_eq!((keys.main, keys.missing.len()), (None, 1));
}

#[test]
fn a_header_without_its_variable_is_an_error() {
    let error = World::default()
        .file("/repo/specwarden.toml", "[http.headers]\nx = '${NOPE}'")
        .settings(File::default())
        .expect_err("NOPE is not set");
    assert_eq!(error.hint().as_deref(), Some("export `NOPE`, or remove the value"));
}

#[test]
fn parameters_are_values_and_add_up() {
    let text = "[parameters]\nid = 1\nday = 2026-11-23\n[operations.'GET /x'.parameters]\nid = 2";
    let mut flags = File::default();
    flags.parameters.insert("id".to_owned(), json!(9));
    let values = World::default().file("/repo/specwarden.toml", text).settings(flags).expect("sound").values;
    assert_eq!(
        values.given.everywhere.fixed,
        BTreeMap::from([("day".into(), json!("2026-11-23")), ("id".into(), json!(9))])
    );
    assert_eq!(values.given.by_operation[0].1.fixed["id"], json!(2));
}

#[test]
fn values_are_candidates_by_name_or_pattern() {
    let text = "[values]\n'*' = [1]\n'*_id' = [2, 3]\nowner_id = [4]\nday = [2026-11-23]\n\
        [operations.'POST /x'.values]\nowner_id = [5]\n[operations.'POST /x'.body]\nname = 'a'\n\
        [operations.'PUT /x']\nbody_file = 'bodies/x.json'";
    let world = World::default()
        .file("/repo/specwarden.toml", text)
        .file("/repo/bodies/x.json", "{\"name\": \"from a file\"}");
    let given = world.settings(File::default()).expect("sound").values.given;
    let all: Vec<&Value> = given.everywhere.values("owner_id").collect();
    assert_eq!(all, [&json!(4), &json!(2), &json!(3), &json!(1)], "what says more comes first");
    assert_eq!(given.everywhere.values("day").next(), Some(&json!("2026-11-23")));
    let bodies: Vec<&Value> = given.by_operation.iter().flat_map(|(_, own)| &own.bodies).collect();
    assert_eq!(bodies, [&json!({"name": "a"}), &json!({"name": "from a file"})]);
    refused(
        "[operations.'POST /x']\nbody = 1\nbody_file = 'x.json'",
        "`operations.POST /x`: an operation has either `body` or `body_file`",
        None,
    );
    refused("[operations.'POST /x']\nbody_file = 'no.json'", "read `/repo/no.json`", None);
    refused(
        "[operations.'POST /x']\nbodi = 1",
        "/repo/specwarden.toml:2:1: unknown key `bodi`",
        Some("did you mean `body`?"),
    );
}

#[test]
fn values_from_the_environment_are_hidden() {
    let text = "[parameters]\npin = 'p-${PIN}'\n[operations.'POST /x'.body]\nlist = [{secret = '${PIN}'}]";
    let world = World::default().file("/repo/specwarden.toml", text).variable("PIN", "pin-123456");
    let settings = world.settings(File::default()).expect("sound");
    let given = &settings.values.given;
    assert_eq!(given.everywhere.fixed["pin"], json!("p-pin-123456"));
    assert_eq!(given.by_operation[0].1.bodies, [json!({"list": [{"secret": "pin-123456"}]})]);
    assert!(settings.masker().finds("a pin-123456 b"));
    refused(
        text,
        "`parameters.pin` needs the environment variable `PIN`, which is not set",
        Some("export `PIN`, or remove the value"),
    );
}

#[test]
fn families_of_odd_texts_are_off_unless_asked_for() {
    let families = |text: &str| {
        let world = World::default().file("/repo/specwarden.toml", text);
        world.settings(File::default()).expect("sound").test.families.len()
    };
    assert_eq!(families(""), 0);
    assert_eq!(families("[test]\nfamilies = ['unicode', 'injection']"), 2);
    refused(
        "[test]\nfamilies = ['unicod']",
        "/repo/specwarden.toml:2:13: unknown value `unicod`",
        Some("did you mean `unicode`?"),
    );
}

#[test]
fn the_example_says_everything_and_is_understood() {
    let text = include_str!("../../specwarden.example.toml");
    let found = parse(Path::new("specwarden.toml"), text).expect("the example is sound");
    let world = World::default().variable("TENANT", "tenant-1");
    let settings = world
        .ask(|surroundings| resolve(found.file, Path::new("."), surroundings))
        .expect("and means something");
    assert_eq!(settings.gate.severity, Severity::Error);
    let schema = json_schema();
    let as_json: Value = toml::from_str(text).expect("TOML");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(&as_json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(!validator.is_valid(&json!({ "http": { "worker": 1 } })));
    let missing: Vec<&String> = schema["properties"]
        .as_object()
        .expect("keys")
        .keys()
        .filter(|key| as_json.get(key).is_none())
        .collect();
    assert!(missing.is_empty(), "the example is silent on {missing:?}");
    // What has no default stands there as a comment.
    let told = |key: &str| {
        let lines = text.lines().map(|line| line.trim_start_matches(['#', ' ']));
        let plain = lines.filter_map(|line| line.split_once('=')).any(|(name, _)| name.trim() == key);
        plain || text.contains(&format!(".{key}]\n"))
    };
    for (section, definition) in schema["$defs"].as_object().expect("sections") {
        let keys = definition["properties"].as_object().into_iter().flat_map(|keys| keys.keys());
        let silent: Vec<&String> = keys.filter(|key| !told(key)).collect();
        // Of an operation the example sets what it needs.
        assert!(silent.is_empty() || section == "OperationFile", "nothing on {silent:?} of {section}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the published schema is a file")]
fn the_published_schema_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/config.schema.json");
    let fresh = serde_json::to_string_pretty(&json_schema()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &fresh).expect("docs are writable");
    }
    let published = std::fs::read_to_string(path).expect("docs/config.schema.json");
    assert_eq!(published, fresh, "run the tests with UPDATE_DOCS=1");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let error =
        World::default().ask(|surroundings| read(Path::new("no.toml"), surroundings)).expect_err("it is not");
    assert_eq!(error.to_string(), "read `no.toml`");
}
