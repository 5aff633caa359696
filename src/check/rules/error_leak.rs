//! An error answer shows the inside of the server.
//!
//! ## What it does
//! Looks for stack traces and database errors in answers with a status of 400 or above: traces of Python, Java, .NET,
//! JavaScript, PHP, Ruby, Go and Rust, and the signs by which common databases report a broken statement. Answers of
//! 2xx are left alone: a service that keeps logs may show traces for a living. Text that the request itself sent is no
//! leak.
//!
//! ## Why it matters
//! A trace names files, versions and queries: what an attacker looks for first. It also means that nobody caught the
//! exception.
//!
//! ## Example
//! `GET /assets?limit=x` answers `400` with `Traceback (most recent call last): File "/srv/app/assets.py", line 88 …`.
//!
//! ## How to fix
//! Log the exception on the server under an id and answer with that id alone. Turn debug modes off.

use crate::case::Case;
use crate::check::Context;
use crate::exchange::{Body, Exchange, Request};
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "error-leak",
    title: "An error answer shows the inside of the server",
    severity: Severity::Warning,
    family: Family::Response,
    since: "0.1.0",
    reference: "CWE-209",
    fault_code: Some(209),
    default_on: true,
};

pub(crate) fn check(context: &Context, _: &Case, exchange: &Exchange) -> Option<Vec<Finding>> {
    let response = exchange.response().filter(|response| response.status >= 400)?;
    let text = response.body.text()?;
    let decoded = response.json();
    let mut texts = Vec::new();
    match &decoded {
        Some(value) => strings(value, &mut texts),
        None => texts.push(text),
    }
    let leak = texts.iter().find_map(|text| leak(text).map(|(kind, line)| (kind, line.to_owned())));
    let Some((kind, line)) = leak.filter(|(_, line)| !echoes(&exchange.request, line)) else {
        return Some(Vec::new());
    };
    let title = format!("shows {kind} in an answer with {}", response.status);
    let place = Place {
        document: Some(context.operation.pointer.push("responses")),
        instance: None,
        label: format!("body of the {} answer", response.status),
    };
    let finding = Finding::new(&RULE, Some(&context.operation.key), &Site::new(&[kind]), title);
    Some(vec![finding.detail(format!("`{}`", clip(&line))).place(place)])
}

/// Every text of a JSON value, keys left out.
fn strings<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(members) => members.values().for_each(|member| strings(member, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a text gives away, and the line that does.
fn leak(text: &str) -> Option<(&'static str, &str)> {
    text.lines().find_map(|line| Some((kind(line.trim())?, line.trim())))
}

fn kind(line: &str) -> Option<&'static str> {
    let has = |sign: &str| line.contains(sign);
    let frame = line.strip_prefix("at ");
    if has("Traceback (most recent call last)") {
        Some("a Python stack trace")
    } else if frame.is_some_and(|frame| located(frame, ".java:") || located(frame, ".kt:")) {
        Some("a Java stack trace")
    } else if frame.is_some_and(|frame| located(frame, ":line ")) {
        Some("a .NET stack trace")
    } else if frame.is_some_and(|frame| [".js:", ".mjs:", ".cjs:", ".ts:"].iter().any(|s| located(frame, s)))
    {
        Some("a JavaScript stack trace")
    } else if line.starts_with("#0 ") && located(line, ".php(") {
        Some("a PHP stack trace")
    } else if located(line, ".rb:") && (has(":in `") || has(":in '")) {
        Some("a Ruby stack trace")
    } else if has("goroutine ") && has("[running]:") {
        Some("a Go stack trace")
    } else if line.starts_with("thread '") && has("panicked at") {
        Some("a Rust panic")
    } else if ["SQLSTATE[", "You have an error in your SQL syntax", "psycopg2.errors.", "SQLite3::"]
        .iter()
        .any(|sign| has(sign))
        || oracle(line)
    {
        Some("a database error")
    } else {
        None
    }
}

/// Whether `sign` is followed by a digit: a file with a line number.
fn located(line: &str, sign: &str) -> bool {
    line.match_indices(sign).any(|(at, _)| line[at + sign.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

/// `ORA-00933:`
fn oracle(line: &str) -> bool {
    line.match_indices("ORA-").any(|(at, sign)| {
        let rest = &line.as_bytes()[at + sign.len()..];
        rest.len() > 5 && rest[..5].iter().all(u8::is_ascii_digit) && rest[5] == b':'
    })
}

/// Whether the line stood in the request: then the server shows what it was sent.
fn echoes(request: &Request, line: &str) -> bool {
    let body = request.body.as_ref().and_then(Body::text);
    body.is_some_and(|body| body.contains(line)) || request.url.contains(line)
}

fn clip(line: &str) -> String {
    const LONGEST: usize = 160;
    let mut text: String = line.chars().take(LONGEST).collect();
    if line.chars().count() > LONGEST {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{World, answer, json_answer, positive};
    use serde_json::json;

    #[track_caller]
    fn titles(exchange: &Exchange) -> Option<Vec<String>> {
        let findings = check(&World::get().context(), &positive(), exchange)?;
        Some(findings.into_iter().map(|finding| finding.title).collect())
    }

    #[test]
    fn fires_on_traces_of_every_kind() {
        let signs = [
            ("Traceback (most recent call last):", "a Python stack trace"),
            ("\tat org.example.Assets.list(Assets.java:88)", "a Java stack trace"),
            ("   at Api.Assets.List() in /src/Assets.cs:line 12", "a .NET stack trace"),
            ("    at list (/srv/app/assets.js:10:5)", "a JavaScript stack trace"),
            ("#0 /srv/app/assets.php(12): list()", "a PHP stack trace"),
            ("/srv/app/assets.rb:12:in `list'", "a Ruby stack trace"),
            ("goroutine 1 [running]:", "a Go stack trace"),
            ("thread 'main' panicked at src/main.rs:3:5:", "a Rust panic"),
            ("ORA-00933: SQL command not properly ended", "a database error"),
            ("SQLSTATE[42000]: Syntax error", "a database error"),
        ];
        for (line, kind) in signs {
            let expected = vec![format!("shows {kind} in an answer with 500")];
            assert_eq!(titles(&answer(500, "text/plain", &format!("Oops\n{line}\n"))), Some(expected));
            let expected = vec![format!("shows {kind} in an answer with 400")];
            let wrapped = json!({"errors": [{"detail": format!("Oops\n{line}")}]});
            assert_eq!(titles(&json_answer(400, &wrapped)), Some(expected));
        }
    }

    #[test]
    fn silent_on_plain_errors_and_on_good_answers() {
        let plain = [
            "look at the manual: at 12:30 the service restarts",
            "the key ORA-12 is unknown",
            "Traceback is not available",
            "no such file: assets.js",
            "line 3 of the request is broken",
        ];
        for text in plain {
            assert_eq!(titles(&json_answer(404, &json!({"message": text}))), Some(vec![]), "{text}");
        }
        let log = json_answer(200, &json!({"log": "Traceback (most recent call last):"}));
        assert_eq!(titles(&log), None);
    }

    #[test]
    fn what_the_request_sent_is_no_leak() {
        let mut echo = answer(400, "text/plain", "cannot read: SQLSTATE[42000]");
        assert_eq!(titles(&echo).map(|found| found.len()), Some(1));
        echo.request.body = Some(Body(b"cannot read: SQLSTATE[42000]".to_vec()));
        assert_eq!(titles(&echo), Some(vec![]));
    }
}
