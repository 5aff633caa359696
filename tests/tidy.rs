//! House rules that the compiler does not check: floors, module docs, file size, names.
//!
//! The checker is a function over `(path, text)`, so that planted violations prove that it sees them.
#![expect(clippy::disallowed_methods, reason = "this test reads the source tree")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. A module may import only from earlier rows, never from its own.
const FLOORS: &[&[&str]] = &[
    &["schema", "secret"],
    &["exchange"],
    &["spec"],
    &["case"],
    &["finding", "plan"],
    &["bench", "check", "compat", "generate", "lint", "shrink", "snapshot"],
    &["event"],
    &["client", "source", "store"],
    &["engine", "report"],
    &["config"],
    &["session"],
    &["cli"],
];
/// Rooms beside the tower, and the rooms that may use them. They themselves import nothing of the tower.
const BESIDE: &[(&str, &[&str])] = &[("demo", &["cli"])];
const MAX_LINES: usize = 500;
const VAGUE: &[&str] = &["utils", "util", "helpers", "helper", "common", "core", "imp", "types", "misc"];

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut rooms = BTreeSet::new();
    for path in rust_files(&root.join("src")) {
        let relative =
            path.strip_prefix(root.join("src")).expect("below src").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).expect("a readable source file");
        rooms.insert(room_of(&relative).to_owned());
        faults.extend(faults_in(&relative, &text));
    }
    for path in ["tests", "benches"].iter().flat_map(|folder| rust_files(&root.join(folder))) {
        let text = fs::read_to_string(&path).expect("a readable source file");
        if text.lines().count() > MAX_LINES {
            faults.push(format!("{}: over {MAX_LINES} lines", path.display()));
        }
    }
    for room in FLOORS.iter().flat_map(|row| row.iter()) {
        if !rooms.contains(*room) {
            faults.push(format!("the floors name `{room}`, which does not stand"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// `docs/traps.md` promises tests; what it names must be there.
#[test]
fn every_trap_is_held_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/traps.md")).expect("the page");
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| trap |")).collect();
    assert!(rows.len() > 60, "{} traps", rows.len());
    let mut faults = Vec::new();
    for row in rows {
        let held_by = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let tests: Vec<(&str, &str)> = held_by.split('`').filter_map(|text| text.split_once("::")).collect();
        for (file, test) in &tests {
            let text = fs::read_to_string(root.join(file)).unwrap_or_default();
            let is_there = test_names(&text).contains(test);
            if !is_there {
                faults.push(format!("no test `{test}` in `{file}`"));
            }
        }
        if tests.is_empty() {
            faults.push(format!("held by nothing: {row}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The names of the tests of a file: functions under an attribute `test`, and rows of the table of conforming servers.
fn test_names(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut marked = false;
    let mut table = false;
    for line in text.lines().map(str::trim) {
        table = line == "conforming! {" || table && line != "}";
        if table && let Some((name, _)) = line.split_once(": ") {
            names.insert(name);
        }
        let declared = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
        if let Some(name) = declared.and_then(|rest| rest.split('(').next()).filter(|_| marked) {
            names.insert(name);
        }
        marked = line.starts_with("#[test]")
            || line.starts_with("#[tokio::test")
            || marked && line.starts_with("#[");
    }
    names
}

fn room_of(relative: &str) -> &str {
    relative.split('/').next().unwrap_or(relative).trim_end_matches(".rs")
}

/// Every rule broken by one file.
fn faults_in(relative: &str, text: &str) -> Vec<String> {
    let floors: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, row)| row.iter().map(move |room| (*room, floor)))
        .collect();
    let mut faults = Vec::new();
    if !text.starts_with("//!") {
        faults.push(format!("{relative}: no module doc"));
    }
    if text.lines().count() > MAX_LINES {
        faults.push(format!("{relative}: over {MAX_LINES} lines"));
    }
    let stem = relative.rsplit('/').next().unwrap_or(relative).trim_end_matches(".rs");
    if VAGUE.contains(&stem) || relative.split('/').any(|folder| VAGUE.contains(&folder)) {
        faults.push(format!("{relative}: a name that promises nothing"));
    }
    let here = room_of(relative);
    if here == "lib" || here == "main" {
        return faults;
    }
    let beside = BESIDE.iter().any(|(room, _)| *room == here);
    if !beside && !floors.contains_key(here) {
        faults.push(format!("{relative}: `{here}` has no floor"));
    }
    let depth = relative.matches('/').count() - usize::from(stem == "mod");
    let mut modules = 0;
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let code = without_text(line);
        if ["crate::{", "crate as ", "crate::*", "super::super", "use crate;"]
            .iter()
            .any(|p| code.contains(p))
        {
            faults.push(format!("{relative}:{number}: name the module: `crate::<module>::…`"));
        }
        if code.trim_start().starts_with("#[allow(") || code.trim_start().starts_with("#![allow(") {
            faults.push(format!("{relative}:{number}: a bare allow; expect with a reason"));
        }
        if code.trim_start().starts_with("mod tests {") {
            modules = 1;
        }
        if code.contains("super::") && depth + modules == 0 {
            faults.push(format!("{relative}:{number}: `super::` leaves the room"));
        }
        for target in targets(&code).into_iter().filter(|target| target != here) {
            let users = BESIDE.iter().find(|(room, _)| *room == target).map(|(_, users)| *users);
            let fine = match (users, floors.get(target.as_str()), floors.get(here)) {
                (Some(users), _, _) => users.contains(&here),
                (None, Some(to), Some(from)) => to < from,
                _ => false,
            };
            if !fine {
                faults.push(format!("{relative}:{number}: `{here}` may not import `{target}`"));
            }
        }
    }
    faults
}

/// The rooms that a line of code names: `crate::x` within, `specwarden::x` from outside.
fn targets(code: &str) -> Vec<String> {
    ["crate::", "specwarden::"]
        .iter()
        .flat_map(|root| code.split(root).skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|target: &String| !target.is_empty() && target.chars().next().is_some_and(char::is_lowercase))
        .collect()
}

/// The line without comments and string literals.
fn without_text(line: &str) -> String {
    let line = line.split("//").next().unwrap_or_default();
    let mut out = String::new();
    let mut quoted = false;
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            _ if !quoted => out.push(c),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[track_caller]
fn planted(relative: &str, text: &str, expected: &str) {
    let faults = faults_in(relative, text);
    assert!(faults.iter().any(|fault| fault.contains(expected)), "wanted `{expected}`, got {faults:?}");
}

#[test]
fn planted_violations_are_seen() {
    planted("check/rule.rs", "//! Doc.\nuse crate::engine::walk;\n", "`check` may not import `engine`");
    planted("check/rule.rs", "//! Doc.\nuse crate::compat::compare;\n", "`check` may not import `compat`");
    planted(
        "check/rule.rs",
        "//! Doc.\nfn f() { crate::client::send() }\n",
        "`check` may not import `client`",
    );
    planted("demo/state.rs", "//! Doc.\nuse crate::spec::Api;\n", "`demo` may not import `spec`");
    planted("engine/walk.rs", "//! Doc.\nuse crate::demo::Demo;\n", "`engine` may not import `demo`");
    planted("check/rule.rs", "//! Doc.\nuse crate::{spec, case};\n", "name the module");
    planted("check/mod.rs", "//! Doc.\nuse super::engine;\n", "leaves the room");
    planted("check/rule.rs", "use crate::spec::Api;\n", "no module doc");
    planted("check/utils.rs", "//! Doc.\n", "promises nothing");
    planted("attic/mod.rs", "//! Doc.\n", "`attic` has no floor");
    planted("check/rule.rs", "//! Doc.\n#[allow(dead_code)]\nfn f() {}\n", "bare allow");
    planted("check/rule.rs", &format!("//! Doc.\n{}", "\n".repeat(MAX_LINES)), "over 500 lines");
}

#[test]
fn honest_code_is_left_alone() {
    let text = "//! Doc with crate::engine in words.\nuse crate::spec::Api; // crate::engine\nfn f() { g(\"crate::engine\") }\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n";
    assert_eq!(faults_in("check/rule.rs", text), Vec::<String>::new());
}
