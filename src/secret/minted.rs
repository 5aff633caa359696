//! Keys that a target hands out while it is tested: known by the names of what they stand in.
//!
//! It must not take what the run itself made up for a secret, nor ordinary words: both stand in many places.

use crate::secret::Secret;
use serde_json::Value;
use std::collections::BTreeSet;

/// Names of properties and headers that hold credentials, folded to letters and digits.
const NAMES: &[&str] = &[
    "apikey",
    "apitoken",
    "apisecret",
    "accesskey",
    "accesstoken",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "idtoken",
    "jwt",
    "key",
    "keysecret",
    "passphrase",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "secretaccesskey",
    "secretkey",
    "sessionid",
    "sessiontoken",
    "sharedsecret",
    "signingkey",
    "signingsecret",
    "token",
    "webhooksecret",
];
/// Names that mean a credential only if the value looks like one in every respect.
const DOUBTFUL: &[&str] = &["key", "token", "sessionid"];
/// Bytes of the shortest value that is taken for a credential.
const SHORTEST: usize = 8;
/// Bytes of the longest: what is longer is a document.
const LONGEST: usize = 8192;
/// Bytes from which on a doubtful name's value may be a credential.
const LONG: usize = 16;

/// The credentials in the body of an answer.
///
/// `names` are further names of properties that hold credentials, `sent` is the text of the request: what stands in it
/// was not handed out by the target.
pub fn minted(body: &Value, names: &BTreeSet<String>, sent: &str) -> Vec<Secret<String>> {
    let mut found = Vec::new();
    collect(body, names, sent, &mut found);
    found.into_iter().map(Secret::new).collect()
}

/// Names of the properties that a document says hold passwords (`format: password`).
pub fn password_names(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = vec![document];
    while let Some(node) = rest.pop() {
        match node {
            Value::Object(map) => {
                let properties = map.get("properties").and_then(Value::as_object);
                let passwords = properties
                    .into_iter()
                    .flatten()
                    .filter(|(_, schema)| schema.get("format").and_then(Value::as_str) == Some("password"));
                names.extend(passwords.map(|(name, _)| name.clone()));
                rest.extend(map.values());
            }
            Value::Array(items) => rest.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    names
}

fn collect(body: &Value, names: &BTreeSet<String>, sent: &str, found: &mut Vec<String>) {
    match body {
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text)
                        if is_credential(name, text, names) && !sent.contains(text.as_str()) =>
                    {
                        found.push(text.clone());
                    }
                    other => collect(other, names, sent, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, sent, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_credential(name: &str, value: &str, names: &BTreeSet<String>) -> bool {
    let folded: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let doubtful = DOUBTFUL.contains(&folded.as_str());
    let named = NAMES.contains(&folded.as_str()) || names.contains(name);
    let least = if doubtful { LONG } else { SHORTEST };
    named && (least..=LONGEST).contains(&value.len()) && looks_made(value)
}

/// Whether a text is no word of any language: digits and letters mixed, nothing between that a sentence has.
fn looks_made(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let distinct: BTreeSet<u8> = text.bytes().collect();
    digits > 0 && letters > 0 && distinct.len() >= 6 && !text.contains(char::is_whitespace)
        || text.starts_with("-----BEGIN ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(body: Value, sent: &str, expected: &[&str]) {
        let names = password_names(&json!({"definitions": {"A": {"properties": {
            "pin": {"type": "string", "format": "password"}, "name": {"type": "string"}}}}}));
        let found: Vec<String> = minted(&body, &names, sent).iter().map(|s| s.expose().clone()).collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn credentials_are_known_by_their_names_wherever_they_stand() {
        check(json!({"api_key": "demo-key-0001-5f1e"}), "", &["demo-key-0001-5f1e"]);
        check(json!({"data": [{"accessToken": "eyJhbGci.x1y2z3"}]}), "", &["eyJhbGci.x1y2z3"]);
        check(json!({"pin": "12ab34cd"}), "", &["12ab34cd"]);
        check(json!({"token": "f3a9c1d2e4b5a697"}), "", &["f3a9c1d2e4b5a697"]);
        check(
            json!({"private_key": "-----BEGIN PRIVATE KEY-----\nMIIE"}),
            "",
            &["-----BEGIN PRIVATE KEY-----\nMIIE"],
        );
    }

    #[test]
    fn words_names_and_what_was_sent_are_none() {
        check(json!({"password": "password", "secret": "string"}), "", &[]);
        check(json!({"key": "NUC-12", "token": "page2"}), "", &[]);
        check(json!({"next_page_token": "f3a9c1d2e4b5a697"}), "", &[]);
        check(json!({"api_key": "made-up-value-1"}), "{\"api_key\": \"made-up-value-1\"}", &[]);
        check(json!({"api_key": null, "name": "a1b2c3d4e5"}), "", &[]);
    }
}
