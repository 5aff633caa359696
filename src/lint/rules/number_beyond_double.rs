//! # number-beyond-double
//!
//! ## What it says
//!
//! Reports a number that a double does not hold: an integer beyond 64 bits, or more digits than a double has room
//! for, such as `-9223372036854776000` or `100000000000000000001`.
//!
//! ## Why it matters
//!
//! JSON says nothing of how exact numbers are, and most programs read them as doubles (RFC 8259 §6): clients and
//! servers see another number than the document says. This tool compares such numbers digit by digit from one
//! version of a document to the next, and shows, keeps and sends them as written; to check answers it takes the
//! nearest double.
//!
//! ## Example
//!
//! `{type: integer, format: int64, minimum: -9223372036854776000}`
//!
//! ## How to fix
//!
//! Write a number that a double holds, or `-9223372036854775808` and `9223372036854775807` for the ends of 64 bits.
//! Leave bounds out that the format implies. Send what needs all its digits as a text.

use crate::lint::keyword::cut;
use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::schema::{Decimal, Pointer, nearest};
use crate::spec::Issue;

/// How many places are told one by one.
const MOST: usize = 50;

/// The rule.
pub(crate) const RULE: LintRule =
    LintRule::note("number-beyond-double", "a number has more digits than programs read", "RFC 8259 §6");

/// Judges the whole document.
pub(crate) fn judge(scene: &Scene<'_>) -> Vec<Issue> {
    let digits = scene.document.digits();
    let rounded: Vec<(Pointer, &str)> = digits
        .iter()
        .filter(|(_, text)| nearest(text).and_then(Decimal::held_by) != Decimal::parse(text))
        .filter_map(|(pointer, text)| Some((Pointer::parse(pointer)?, &**text)))
        .collect();
    let mut issues: Vec<Issue> = rounded.iter().take(MOST).map(|(at, text)| told(at, text)).collect();
    let more = rounded.len().saturating_sub(MOST) + digits.left_out();
    if let Some(last) = issues.last_mut()
        && more > 0
    {
        last.message = format!("{}; so it is with {more} more numbers", last.message);
    }
    issues
}

fn told(at: &Pointer, text: &str) -> Issue {
    let held = nearest(text).and_then(Decimal::of_double).map(|double| double.to_string());
    let message = format!(
        "{} has more digits than a double holds: answers are checked against {}",
        cut(text.to_owned()),
        cut(held.unwrap_or_default()),
    );
    RULE.at(at, message, "write a number that a double holds, or a text")
}

#[cfg(test)]
mod tests {
    use crate::lint::fixture::{request, silent};
    use crate::lint::lint;
    use crate::schema::Digits;
    use crate::spec::parse;
    use serde_json::json;

    #[track_caller]
    fn check(maximum: f64, text: &str, expected: Option<&str>) {
        let root = request("3.0.3", json!({"type": "integer", "maximum": maximum}));
        let at = "/paths/~1things/post/requestBody/content/application~1json/schema/maximum";
        let mut digits = Digits::default();
        digits.insert(at, text);
        let (mut api, _) = parse(root).expect("a document");
        api.document = api.document.with_digits(digits);
        let found = lint(&api);
        let said: Vec<(&str, &str)> =
            found.iter().map(|issue| (issue.pointer.as_str(), issue.message.as_str())).collect();
        assert_eq!(said, expected.map(|expected| (at, expected)).into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn it_fires_alone_and_is_silent_on_the_pair() {
        check(
            1e20,
            "100000000000000000001",
            Some(
                "100000000000000000001 has more digits than a double holds: \
                 answers are checked against 100000000000000000000",
            ),
        );
        check(18_446_744_073_709_551_616.0, "18446744073709551616", None);
        silent(&request("3.0.3", json!({"type": "integer", "maximum": i64::MAX, "minimum": i64::MIN})));
    }
}
