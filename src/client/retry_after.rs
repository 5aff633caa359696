//! `Retry-After` (RFC 9110 §10.2.3): seconds, or a date.

use crate::exchange::Response;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use std::time::Duration;

/// How long the server asks to wait; `None` if it does not, or not understandably. A date is measured against the
/// answer's own `Date`, so that a skewed clock does not matter, or else against `now`.
pub(super) fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = date(text)?;
    let since = response.header("date").and_then(date).unwrap_or(now);
    // A date in the past asks for nothing.
    Some(Duration::try_from(until.duration_since(since)).unwrap_or_default())
}

fn date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    #[track_caller]
    fn check(headers: &[(&str, &str)], expected: Option<u64>) {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let response =
            Response { status: 429, headers, body: Body::default(), truncated: false, packed: None };
        let now = "2015-10-21T07:27:00Z".parse().expect("a timestamp");
        assert_eq!(retry_after(&response, now), expected.map(Duration::from_secs));
    }

    #[test]
    fn reads_seconds_and_dates() {
        check(&[], None);
        check(&[("retry-after", "3")], Some(3));
        check(&[("retry-after", "soon")], None);
        check(&[("retry-after", "-1")], None);
        check(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], Some(60));
        check(&[("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")], Some(0));
        let skewed =
            [("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"), ("date", "Wed, 21 Oct 2015 07:27:58 GMT")];
        check(&skewed, Some(2));
    }
}
