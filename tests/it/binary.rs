//! The program as people run it: in a folder of its own, what it wrote as one text.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The variable that keys are read from unless told otherwise.
pub(crate) const KEY: &str = "SPECWARDEN_API_KEY";

/// A folder to run in, and the environment of the runs.
pub(crate) struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    /// An empty folder, no key.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), variables: Vec::new() }
    }

    /// The same with this file in it.
    pub(crate) fn with(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(path, text).expect("writable");
        self
    }

    /// The same with this variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a variable that was set.
    pub(crate) fn value(&self, name: &str) -> String {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).expect("it was set")
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes the latest run an old one: the next has a second of its own. Gives its id.
    pub(crate) fn age(&self) -> String {
        let runs = self.path(".specwarden/runs");
        let entries = std::fs::read_dir(&runs).expect("runs");
        let mut names: Vec<String> =
            entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let old = names.iter().filter(|name| name.starts_with("2020")).count();
        let name = format!("20200101-{old:06}-0000");
        let latest = names.last().expect("a run");
        std::fs::rename(runs.join(latest), runs.join(&name)).expect("renamed");
        name
    }

    /// Runs to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Told {
        Told::of(arguments, &self.command(arguments).output().expect("the program starts"))
    }

    /// Starts and lets go; [`finish`] waits.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwarden"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SPECWARDEN_") {
                command.env_remove(name);
            }
        }
        // A proxy of the developer's must not stand between a test and its server.
        command.env("NO_PROXY", "127.0.0.1").env("NO_COLOR", "1").env("COLUMNS", "120");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }
}

/// Waits for a program that was started with these arguments.
pub(crate) fn finish(child: Child, arguments: &[&str]) -> Told {
    Told::of(arguments, &child.wait_with_output().expect("the program ends"))
}

/// What a run wrote, and how it ended.
pub(crate) struct Told {
    command: String,
    /// Its data.
    pub(crate) stdout: String,
    /// Its talk.
    pub(crate) stderr: String,
    /// Its exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
}

impl Told {
    fn of(arguments: &[&str], output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what is told is UTF-8");
        Self {
            command: format!("$ specwarden {}", arguments.join(" ")),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code(),
        }
    }

    /// Command, exit code and both streams as one text.
    pub(crate) fn transcript(&self) -> String {
        let code = self.code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        let mut text = format!("{}\n[exit {code}]\n", self.command);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                text.push_str(&format!("[{name}]\n{}\n", stream.trim_end()));
            }
        }
        text
    }

    /// The value on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.transcript()))
    }
}

/// Holds a text against the accepted one of that name. What differs from run to run is masked.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT");
    settings.add_filter(r"\d{8}-\d{6}-[0-9a-f]{4}", "YYYYMMDD-HHMMSS-RUN0");
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "YYYY-MM-DDTHH:MM:SSZ");
    settings.add_filter(r"date: [A-Z][a-z, A-Z0-9:]+GMT", "date: DATE");
    settings.add_filter(r#"time="[0-9.]+""#, r#"time="TIME""#);
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "YYYY-MM-DDTHH:MM:SS");
    settings.add_filter(r"\b\d+(\.\d+)? (ms|s)\b", "TIME");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
