//! A request in words, for titles.
//!
//! Wording never enters a finding's identity.

use crate::case::{Case, Credential, Mode, Phase};

/// `a valid request (largest allowed in query parameter limit)`, `an invalid request (…)`.
pub(crate) fn request_words(case: &Case) -> String {
    let kind = match (case.mode, &case.credential) {
        (Mode::Negative, _) => "an invalid request".to_owned(),
        (Mode::Robustness, _) => "an unusual request".to_owned(),
        (Mode::Positive, Credential::Main) => "a valid request".to_owned(),
        (Mode::Positive, other) => format!("a valid request with {other}"),
    };
    match change_words(case) {
        words if words.is_empty() => kind,
        words => format!("{kind} ({words})"),
    }
}

/// What is special about the request: `one character too long in body /name`; empty if nothing is, as in the
/// simplest request and in those made at random.
pub(crate) fn change_words(case: &Case) -> String {
    let reason = &case.reason;
    if matches!(case.phase, Phase::Reach | Phase::Random)
        || (case.phase == Phase::Learned && case.mode == Mode::Positive)
    {
        return String::new();
    }
    match (reason.how.as_str(), reason.part.as_str()) {
        ("", _) => String::new(),
        (how, "") => how.to_owned(),
        (how, part) => format!("{how} in {part}"),
    }
}

/// `part` with array indices replaced, so that it names the same place whatever the length: `body /tags/*`.
pub(crate) fn without_indices(part: &str) -> String {
    part.split('/')
        .map(|token| {
            let index = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
            if index { "*" } else { token }
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{negative, positive};

    #[test]
    fn requests_are_told_in_words() {
        assert_eq!(request_words(&positive()), "a valid request");
        let simplest = crate::case::Reason { how: "the simplest valid request".into(), ..positive().reason };
        assert_eq!(request_words(&Case { reason: simplest, ..positive() }), "a valid request");
        let case = negative("body /name", "maxLength", "one character too long");
        assert_eq!(request_words(&case), "an invalid request (one character too long in body /name)");
        let case = Case { credential: Credential::Anonymous, ..positive() };
        assert_eq!(request_words(&case), "a valid request with no key");
    }

    #[test]
    fn indices_are_not_part_of_a_place() {
        assert_eq!(without_indices("body /tags/12/name"), "body /tags/*/name");
        assert_eq!(without_indices("query parameter page2"), "query parameter page2");
    }
}
