//! A request as one shell line that sends it again, byte for byte.

use crate::exchange::{Body, Method, Request};
use data_encoding::BASE64;

/// Longer bodies do not fit into one argument (Linux allows 128 KiB), so they come through a pipe.
const LONGEST_ARGUMENT: usize = 64 * 1024;

/// A POSIX shell line that reproduces `request` with curl.
///
/// `placeholders` are the credential placeholders that the request may hold, such as `$SPECWARDEN_API_KEY`:
/// they stand in double quotes, so that the shell fills them in; all else is quoted so that it stays as it is.
/// A key that travels in the query must be URL-safe to work from there.
///
/// ```
/// use specwarden::exchange::{Body, Method, Request, curl};
/// let request = Request {
///     method: Method::Delete,
///     url: "http://127.0.0.1/pets/1".to_owned(),
///     headers: vec![("accept".to_owned(), "*/*".to_owned()), ("x-apikey".to_owned(), "$KEY".to_owned())],
///     body: None,
/// };
/// assert_eq!(
///     curl(&request, &["$KEY"]),
///     r#"curl -i -X DELETE 'http://127.0.0.1/pets/1' -H 'accept: */*' -H "x-apikey: $KEY""#,
/// );
/// ```
pub fn curl<P: AsRef<str>>(request: &Request, placeholders: &[P]) -> String {
    let quote = |text: &str| quote(text, placeholders);
    let mut line = String::from("curl");
    match (request.method, &request.body) {
        // `-X HEAD` would wait for a body that never comes.
        (Method::Head, None) => line.push_str(" --head"),
        (Method::Head, Some(_)) => line.push_str(" -i -X HEAD --max-time 30"),
        (method, _) => line.push_str(&format!(" -i -X {method}")),
    }
    let path = request.url.split(['?', '#']).next().unwrap_or_default();
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        line.push_str(" --path-as-is");
    }
    if request.url.contains(['[', ']', '{', '}']) {
        line.push_str(" -g");
    }
    line.push_str(&format!(" {}", quote(&request.url)));
    for (name, value) in &request.headers {
        match basic(name, value, placeholders) {
            Some(placeholder) => line.push_str(&format!(" -u {}", quote(placeholder))),
            // A semicolon in place of the colon is curl's way to send an empty header.
            None if value.is_empty() => line.push_str(&format!(" -H {}", quote(&format!("{name};")))),
            None => line.push_str(&format!(" -H {}", quote(&format!("{name}: {value}")))),
        }
    }
    // An empty body is sent as none where none is expected.
    let counts = |body: &&Body| !body.is_empty() || request.method.expects_body();
    let Some(body) = request.body.as_ref().filter(counts) else {
        if request.method.expects_body() && !has(request, "content-length") {
            line.push_str(" -H 'content-length: 0'");
        }
        return line;
    };
    // curl adds these on its own unless told not to.
    if !has(request, "content-type") {
        line.push_str(" -H 'content-type:'");
    }
    if body.bytes().len() >= LONGEST_ARGUMENT {
        line.push_str(" -H 'expect:'");
    }
    match argument(body) {
        Some(text) if text.starts_with('@') => line.push_str(&format!(" --data-raw {}", single(text))),
        Some(text) => line.push_str(&format!(" --data-binary {}", single(text))),
        None => {
            line.push_str(" --data-binary @-");
            return format!("printf %s '{}' | base64 -d | {line}", BASE64.encode(body.bytes()));
        }
    }
    line
}

fn has(request: &Request, name: &str) -> bool {
    request.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name))
}

/// The body as a shell argument, if it can be one.
fn argument(body: &Body) -> Option<&str> {
    body.text().filter(|text| text.len() < LONGEST_ARGUMENT && !text.contains('\0'))
}

/// The placeholder of `authorization: Basic $KEY`: it stands for `user:password` before encoding, as `-u` takes it. What
/// somebody wrote as `Basic ${PAIR}` is encoded already.
fn basic<'p, P: AsRef<str>>(name: &str, value: &str, placeholders: &'p [P]) -> Option<&'p str> {
    let inner = value.strip_prefix("Basic ").filter(|_| name.eq_ignore_ascii_case("authorization"))?;
    let known = placeholders.iter().map(AsRef::as_ref).filter(|placeholder| !placeholder.starts_with("${"));
    known.into_iter().find(|placeholder| *placeholder == inner)
}

fn quote<P: AsRef<str>>(text: &str, placeholders: &[P]) -> String {
    if !placeholders.iter().any(|placeholder| text.contains(placeholder.as_ref())) {
        return single(text);
    }
    let mut out = String::from("\"");
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // The longest one, so that `$KEY_2` is not read as `$KEY` and `_2`.
        let here = placeholders.iter().map(AsRef::as_ref).filter(|p| !p.is_empty() && rest.starts_with(*p));
        if let Some(placeholder) = here.max_by_key(|p| p.len()) {
            rest = &rest[placeholder.len()..];
            out.push_str(&delimited(placeholder, rest));
            continue;
        }
        if matches!(c, '"' | '\\' | '`' | '$') {
            out.push('\\');
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out.push('"');
    out
}

/// `$NAME`, or `${NAME}` as somebody wrote it, in braces where the shell would read on into what follows.
fn delimited(placeholder: &str, rest: &str) -> String {
    let reads_on = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    match placeholder.strip_prefix('$') {
        Some(name) if reads_on && !name.starts_with('{') => format!("${{{name}}}"),
        _ => placeholder.to_owned(),
    }
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a shell must read the line as it was meant")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    fn request(url: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Request {
        Request {
            method: Method::Post,
            url: url.to_owned(),
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            body: body.map(|bytes| Body(bytes.to_vec())),
        }
    }

    /// Runs the line with a function in curl's place, which shows its arguments and what it reads.
    fn run(line: &str) -> Vec<Vec<u8>> {
        let script = format!(
            "curl() {{ for a in \"$@\"; do printf '%s\\0' \"$a\"; done; case \"$*\" in *@-) cat;; esac; }}\n{line}"
        );
        let output =
            Command::new("sh").arg("-c").arg(script).env("KEY", "s3\"c $x").output().expect("sh runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout.split(|b| *b == 0).map(<[u8]>::to_vec).collect()
    }

    #[track_caller]
    fn check(request: &Request, expected: &[&str]) {
        let arguments = run(&curl(request, &["$KEY"]));
        let arguments: Vec<String> =
            arguments.iter().map(|a| String::from_utf8_lossy(a).into_owned()).collect();
        assert_eq!(arguments.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_shell_hands_curl_what_was_recorded() {
        let url = "http://127.0.0.1/a?x='1'&k=$KEY&y=[$z]";
        check(
            &request(
                url,
                &[("x-a", "`id` \"q\" \\ $HOME !"), ("x-k", "a$KEYb$HOME`\\\""), ("x-e", "")],
                None,
            ),
            &[
                "-i",
                "-X",
                "POST",
                "-g",
                "http://127.0.0.1/a?x='1'&k=s3\"c $x&y=[$z]",
                "-H",
                "x-a: `id` \"q\" \\ $HOME !",
                "-H",
                "x-k: as3\"c $xb$HOME`\\\"",
                "-H",
                "x-e;",
                "-H",
                "content-length: 0",
                "",
            ],
        );
        check(
            &request("http://h/a/../b", &[("authorization", "Basic $KEY")], Some(b"@it's\n")),
            &[
                "-i",
                "-X",
                "POST",
                "--path-as-is",
                "http://h/a/../b",
                "-u",
                "s3\"c $x",
                "-H",
                "content-type:",
                "--data-raw",
                "@it's\n",
                "",
            ],
        );
    }

    #[test]
    fn head_does_not_wait_for_a_body() {
        let request = Request { method: Method::Head, ..request("http://h/", &[], None) };
        assert_eq!(curl::<&str>(&request, &[]), "curl --head 'http://h/'");
    }

    #[test]
    fn what_the_user_wrote_with_a_variable_is_filled_in_by_the_shell() {
        let headers = [("authorization", "token ${KEY}"), ("x-both", "${KEY}abc"), ("x-pair", "$KEY")];
        let line = curl(&request("http://h/", &headers, None), &["$KEY", "${KEY}"]);
        assert!(line.contains("\"authorization: token ${KEY}\""), "{line}");
        assert!(line.contains("\"x-both: ${KEY}abc\""), "{line}");
        // Encoded already: `-u` would encode it again.
        let line = curl(&request("http://h/", &[("authorization", "Basic ${PAIR}")], None), &["${PAIR}"]);
        assert!(line.contains("-H \"authorization: Basic ${PAIR}\""), "{line}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn bodies_arrive_byte_for_byte(bytes in proptest::collection::vec(any::<u8>(), 0..40), text in "[ -~\n'$é]{0,20}") {
            for body in [bytes.as_slice(), text.as_bytes()] {
                let line = curl(&request("http://h/", &[("content-type", "a/b")], Some(body)), &["$KEY"]);
                let out = run(&line);
                // As the eighth argument or, through the pipe, after it.
                let sent = if line.starts_with("printf") { out[8..].join(&0) } else { out[7].clone() };
                prop_assert_eq!(sent.as_slice(), body, "{}", line);
            }
        }
    }
}
