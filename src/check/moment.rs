//! Moments of last change (RFC 9110 §8.8.2): what an answer says of it, and what a request makes its condition.
//!
//! Only reads; whether a difference is a fault is for the rules to say.

use crate::check::Step;
use crate::check::entity::tag;
use crate::spec::{Location, Operation};
use jiff::civil::DateTime;

/// The one form in which such moments are written (RFC 9110 §5.6.7).
const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// The moment that a text names, to the second; `None` if it is in an obsolete form or none.
pub(crate) fn moment(text: &str) -> Option<DateTime> {
    DateTime::strptime(FORM, text.trim()).ok()
}

/// When a successful answer says that what it shows was changed last.
pub(crate) fn last_modified(step: &Step) -> Option<DateTime> {
    let response = step.response().filter(|response| response.is_success())?;
    moment(response.header("last-modified")?)
}

/// Whether a change since a moment must be refused: the document declares the header, or names 412 for something that
/// has no entity tag.
pub(crate) fn heeds_moments(operation: &Operation, shown: &Step) -> bool {
    let declares = |name: &str| {
        let mut headers = operation.parameters.iter().filter(|p| p.location == Location::Header);
        headers.any(|p| p.name.eq_ignore_ascii_case(name))
    };
    let refuses = operation.response(412).is_some_and(|spec| spec.status.precision() > 1);
    declares("if-unmodified-since") || refuses && tag(shown).is_none() && !declares("if-match")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_form_is_read() {
        let read = |text: &str| moment(text).map(|moment| moment.to_string());
        assert_eq!(read("Thu, 15 Jan 2026 09:01:00 GMT").as_deref(), Some("2026-01-15T09:01:00"));
        assert_eq!(read("Thursday, 15-Jan-26 09:01:00 GMT"), None);
        assert_eq!(read("2026-01-15T09:01:00Z"), None);
    }
}
