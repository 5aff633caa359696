//! Texts of well-known formats: the plainest, a random one, unusual but valid ones, and near misses.
//!
//! A format that is not known here is no format: any text will do.

use crate::generate::draw::Draw;

/// The plainest text of a format; `None` if the format restricts no text.
pub(super) fn plain(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2024-01-15",
        "date-time" => "2024-01-15T10:30:00Z",
        "time" => "10:30:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "user@example.com",
        "uuid" => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => "https://example.com/",
        "uri-template" => "https://example.com/{id}",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" | "ip" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" | "base64" => "c2FtcGxl",
        "json" => "{}",
        "base64-json" => "e30=",
        "json-pointer" => "/a",
        "relative-json-pointer" => "0",
        "regex" => "^a$",
        _ => return None,
    })
}

/// A text of the format; `None` if the format restricts no text.
pub(super) fn random(format: &str, draw: &mut Draw<'_>) -> Option<String> {
    if draw.is_simplest() {
        return plain(format).map(str::to_owned);
    }
    let digits = |draw: &mut Draw<'_>, low, high| draw.between(low, high);
    Some(match format {
        "date" => date(draw),
        "date-time" => {
            let date = date(draw);
            format!("{date}T{}", time(draw))
        }
        "time" => time(draw),
        "duration" => format!("P{}DT{}H", digits(draw, 0, 400), digits(draw, 1, 23)),
        "email" | "idn-email" => {
            let user = word(draw);
            let tag = if draw.one_in(4) { "+tag" } else { "" };
            format!("{user}{tag}@{}.example", word(draw))
        }
        "uuid" => uuid(draw),
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
            let host = word(draw);
            let query = if draw.one_in(3) { "?q=1&r=a%20b" } else { "" };
            format!("https://{host}.example/{}{query}", word(draw))
        }
        "hostname" | "idn-hostname" => format!("{}.example", word(draw)),
        "ipv4" | "ip" => {
            format!(
                "{}.{}.{}.{}",
                digits(draw, 1, 254),
                digits(draw, 0, 255),
                digits(draw, 0, 255),
                digits(draw, 0, 255)
            )
        }
        "ipv6" => format!("2001:db8:{:x}::{:x}", digits(draw, 0, 0xffff), digits(draw, 1, 0xffff)),
        "byte" | "base64" => {
            let bytes: Vec<u8> = (0..draw.length(0, 24)).map(|_| draw.below(256) as u8).collect();
            data_encoding::BASE64.encode(&bytes)
        }
        _ => return plain(format).map(str::to_owned),
    })
}

/// Valid texts that servers are known to stumble over.
pub(super) fn unusual(format: &str) -> &'static [&'static str] {
    match format {
        "date" => &["2024-02-29", "1970-01-01", "9999-12-31"],
        "date-time" => &["2024-02-29T23:59:59.999999Z", "2024-01-15T10:30:00+05:30", "1970-01-01T00:00:00Z"],
        "time" => &["23:59:59.999Z", "00:00:00+01:00"],
        "email" => &["first.last+tag@sub.example.com", "a@b.co"],
        "uuid" => &["00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF"],
        "uri" | "url" => &["https://user@example.com:8443/a%20b?c=d#e", "urn:isbn:0451450523"],
        "hostname" => &["a.b.c.example", "xn--bcher-kva.example"],
        "ipv4" => &["0.0.0.0", "255.255.255.255"],
        "ipv6" => &["::", "::ffff:192.0.2.1"],
        "byte" => &["", "AA=="],
        _ => &[],
    }
}

/// Near misses: texts that look like the format and are not, most blatant first.
pub(super) fn misses(format: &str) -> &'static [(&'static str, &'static str)] {
    match format {
        "date" => &[
            ("not a date", "no date at all"),
            ("2024-13-01", "a thirteenth month"),
            ("2023-02-30", "a thirtieth of February"),
            ("2023-02-29", "a leap day in a common year"),
        ],
        "date-time" => &[
            ("not a date", "no date at all"),
            ("2024-01-15T25:00:00Z", "a twenty-fifth hour"),
            ("2023-02-30T10:30:00Z", "a thirtieth of February"),
            ("2024-01-15T10:60:00Z", "a sixtieth minute"),
        ],
        "email" => &[
            ("useratexample.com", "an address without an @"),
            ("user@", "an address without a domain"),
            ("@example.com", "an address without a user"),
            ("user@@example.com", "an address with two @"),
        ],
        "uuid" => &[
            ("not-a-uuid", "no UUID at all"),
            ("3fa85f64-5717-4562-b3fc-2c963f66afag", "a digit that is not hexadecimal"),
            ("3fa85f64-5717-4562-b3fc-2c963f66afa", "a UUID one digit short"),
            ("3fa85f64-5717-4562-b3fc-2c963f66afa60", "a UUID one digit too long"),
        ],
        "time" => &[("noon", "no time at all"), ("25:00:00Z", "a twenty-fifth hour")],
        "duration" => &[("a day", "no duration at all"), ("P1H", "hours without the sign of a time")],
        "ipv4" => &[
            ("256.0.0.1", "an octet above 255"),
            ("192.0.2", "three octets"),
            ("192.0.2.1.1", "five octets"),
            ("192.0.2.a", "an octet that is no number"),
        ],
        "ipv6" => &[
            ("2001:db8::g", "a digit that is not hexadecimal"),
            ("1::2::3", "two gaps"),
            ("1:2:3:4:5:6:7:8:9", "nine groups"),
        ],
        // White space and a missing scheme are what people type; every other text is some reference.
        "uri" => &[("not a uri", "no URI at all"), ("example.com/a b", "a URI without a scheme")],
        "hostname" => &[
            ("exa mple.com", "a host name with a space"),
            ("-example.com", "a label that begins with a hyphen"),
        ],
        _ => &[],
    }
}

fn date(draw: &mut Draw<'_>) -> String {
    format!("{:04}-{:02}-{:02}", draw.between(1970, 2099), draw.between(1, 12), draw.between(1, 28))
}

fn time(draw: &mut Draw<'_>) -> String {
    let clock = format!("{:02}:{:02}:{:02}", draw.between(0, 23), draw.between(0, 59), draw.between(0, 59));
    let fraction = if draw.one_in(4) { ".123" } else { "" };
    let zone = if draw.one_in(4) { "+02:00" } else { "Z" };
    format!("{clock}{fraction}{zone}")
}

fn word(draw: &mut Draw<'_>) -> String {
    (0..draw.length(1, 9)).map(|_| char::from(b'a' + draw.below(26) as u8)).collect()
}

fn uuid(draw: &mut Draw<'_>) -> String {
    let mut hex = |count: usize| -> String {
        (0..count).map(|_| char::from(b"0123456789abcdef"[draw.below(16)])).collect()
    };
    format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Dialect, Direction, Document, Pointer, Validators};
    use serde_json::json;

    /// Formats that draft 4 does not know (JSON Schema draft 4, validation §7.3).
    const YOUNG: &[&str] = &["time", "duration"];

    #[test]
    fn near_misses_miss_and_the_plainest_text_does_not() {
        for dialect in [Dialect::Draft4, Dialect::Draft202012] {
            for format in
                ["date", "date-time", "time", "duration", "email", "uuid", "uri", "hostname", "ipv4", "ipv6"]
            {
                if dialect == Dialect::Draft4 && YOUNG.contains(&format) {
                    continue;
                }
                let document = Document::new(json!({"s": {"type": "string", "format": format}}), dialect);
                let validators = Validators::new(&document);
                let at = Pointer::root().push("s");
                let valid = |text: &str| {
                    validators.is_valid(&at, Direction::Request, &json!(text)).expect("it compiles")
                };
                let texts = unusual(format).iter().copied().chain(plain(format));
                texts.for_each(|text| assert!(valid(text), "{dialect:?} {format}: {text}"));
                assert!(misses(format).len() >= 2, "{format}");
                for (text, how) in misses(format) {
                    assert!(!valid(text), "{dialect:?} {format}: {text} ({how})");
                }
            }
        }
    }
}
