//! Formats as sets of values.

use crate::compat::node::{Kinds, Node};
use crate::finding::Severity;

/// A format that leaves values out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormatLoss {
    /// Error where the sets are known to differ; Warning where documents often only catch up.
    pub(crate) severity: Severity,
    /// A value that is left out, as JSON.
    pub(crate) witness: Option<&'static str>,
}

/// Each format within the next: a value of the first is one of the second.
const WITHIN: &[(&str, &str)] = &[
    ("float", "double"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "url"),
    ("url", "uri"),
    ("uri-reference", "iri-reference"),
];
/// Formats that restrict text.
const TEXT: &[&str] = &[
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "url",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
];

/// What the format of `to` leaves out of `from`.
pub(crate) fn lost_format(from: &Node, to: &Node) -> Option<FormatLoss> {
    if from.members.is_some() || from.format == to.format {
        return None;
    }
    let common = from.effective_kinds().and(to.kinds);
    let wanted = to.format.as_deref()?;
    let given = from.format.as_deref();
    if common.meets(Kinds::NUMBER) && matches!(wanted, "int32" | "float") {
        let wide = matches!(given, Some("int64" | "double"));
        let narrow = wanted == "float" && given == Some("int32") || bounded(from);
        return (!narrow).then_some(FormatLoss {
            severity: if wide { Severity::Error } else { Severity::Warning },
            witness: (wanted == "int32").then_some("2147483648"),
        });
    }
    if !common.meets(Kinds::STRING) || !TEXT.contains(&wanted) {
        return None;
    }
    match given.filter(|given| TEXT.contains(given)) {
        Some(given) if within(given, wanted) => None,
        Some(given) => Some(FormatLoss { severity: Severity::Error, witness: example(given) }),
        None => Some(FormatLoss { severity: Severity::Warning, witness: Some("\"text\"") }),
    }
}

/// Whether the range keeps every integer within 32 bits.
fn bounded(node: &Node) -> bool {
    let low = node.bounds.minimum.as_ref().is_some_and(|limit| limit.value >= f64::from(i32::MIN));
    let high = node.bounds.maximum.as_ref().is_some_and(|limit| limit.value <= f64::from(i32::MAX));
    low && high
}

fn within(given: &str, wanted: &str) -> bool {
    WITHIN.contains(&(given, wanted))
}

fn example(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "\"2024-02-29\"",
        "date-time" => "\"2024-02-29T12:00:00Z\"",
        "time" => "\"12:00:00Z\"",
        "duration" => "\"P1D\"",
        "email" => "\"a@example.com\"",
        "hostname" => "\"example.com\"",
        "ipv4" => "\"192.0.2.1\"",
        "ipv6" => "\"2001:db8::1\"",
        "uri" | "url" => "\"https://example.com/\"",
        "uuid" => "\"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\"",
        _ => return None,
    })
}
