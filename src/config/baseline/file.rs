//! What a baseline file can say.

use crate::config::ConfigError;
use crate::config::error::nearest;
use crate::config::position::position;
use crate::config::read::malformed;
use crate::finding::{Baseline, Entry, Pattern};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::value::Datetime;

/// The name of the baseline file, unless configured otherwise.
pub const BASELINE_NAME: &str = "specwarden-baseline.toml";

/// Findings that people know of.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct BaselineFile {
    /// What is known. A finding that an entry covers is told and does not fail a run.
    #[schemars(with = "Vec<KnownFile>")]
    known: Vec<Spanned<KnownFile>>,
}

/// One entry: a `fingerprint`, or a `rule` with `operation` and `pointer`. Everything that is given must fit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KnownFile {
    /// The finding's fingerprint, as reports show it.
    #[serde(default)]
    #[schemars(with = "Option<String>", regex(pattern = "^[0-9a-f]{12}$"))]
    fingerprint: Option<Spanned<String>>,
    /// The rule; `*` stands for any letters. Beside a fingerprint it lets a run say that the finding is fixed.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    rule: Option<Spanned<String>>,
    /// The operation: `METHOD /path` with `*` inside a segment and `**` across segments.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    operation: Option<Spanned<String>>,
    /// The JSON pointer into the document that the finding stands on, with `*` and `**`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pointer: Option<Spanned<String>>,
    /// Why it is put up with.
    #[schemars(with = "String", length(min = 1))]
    reason: Spanned<String>,
    /// Who looks after it.
    #[serde(default)]
    owner: Option<String>,
    /// Where it is tracked.
    #[serde(default)]
    ticket: Option<String>,
    /// The last day on which the entry holds, a TOML date such as 2026-12-31. Without it the entry has no end.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    expires: Option<Spanned<Datetime>>,
}

/// Reads the text of a baseline file that lies at `path`. `rules` are the ids that exist; `today` is what
/// entries expire by.
pub fn parse_baseline(path: &Path, text: &str, rules: &[&str], today: Date) -> Result<Baseline, ConfigError> {
    let file: BaselineFile = toml::from_str(text).map_err(|error| malformed(path, text, &error))?;
    let refuse = |span: Range<usize>, message: String, hint: Option<String>| {
        let (line, column) = position(text, span.start);
        ConfigError::Malformed { path: path.to_owned(), line, column, message, hint }
    };
    let pattern = |text: Option<Spanned<String>>| {
        let Some(text) = text else { return Ok(None) };
        Pattern::parse(text.get_ref()).map(Some).map_err(|message| refuse(text.span(), message, None))
    };
    let mut entries = Vec::new();
    for entry in file.known {
        let span = entry.span();
        let entry = entry.into_inner();
        if let Some(own) = &entry.fingerprint
            && !is_fingerprint(own.get_ref())
        {
            let hint = Some("twelve digits and letters from a to f, as reports show them".to_owned());
            return Err(refuse(own.span(), format!("`{}` is not a fingerprint", own.get_ref()), hint));
        }
        if entry.fingerprint.is_none() && entry.rule.is_none() {
            let hint = Some("give `fingerprint`, or `rule` and `operation`".to_owned());
            return Err(refuse(span, "the entry does not say what it covers".to_owned(), hint));
        }
        if entry.reason.get_ref().trim().is_empty() {
            let hint = Some("say why this is put up with".to_owned());
            return Err(refuse(entry.reason.span(), "the reason is empty".to_owned(), hint));
        }
        let rule_span = entry.rule.as_ref().map(Spanned::span);
        let rule = pattern(entry.rule)?;
        if let (Some(rule), Some(span)) = (&rule, rule_span)
            && !rules.iter().any(|id| rule.takes(id))
        {
            let hint = match nearest(rule.as_str(), rules.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "docs/checks.md and docs/breaking-rules.md list every rule".to_owned(),
            };
            return Err(refuse(span, format!("no rule is called `{}`", rule.as_str()), Some(hint)));
        }
        let expires = match entry.expires {
            None => None,
            Some(written) => Some(date(written.get_ref()).ok_or_else(|| {
                let hint = Some("write a date without a time, such as 2026-12-31".to_owned());
                refuse(written.span(), format!("`{}` is not a day", written.get_ref()), hint)
            })?),
        };
        entries.push(Entry {
            fingerprint: entry.fingerprint.map(Spanned::into_inner),
            rule,
            operation: pattern(entry.operation)?,
            pointer: pattern(entry.pointer)?,
            reason: entry.reason.into_inner(),
            owner: entry.owner,
            ticket: entry.ticket,
            expires,
        });
    }
    Ok(Baseline { entries, today })
}

/// The JSON Schema of the file, for editors: `docs/baseline.schema.json`.
pub fn baseline_schema() -> Value {
    let mut schema = schemars::schema_for!(BaselineFile).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), BASELINE_NAME.into());
        root.insert("description".to_owned(), "Findings that people know of.".into());
    }
    schema
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn date(written: &Datetime) -> Option<Date> {
    let date = written.date.filter(|_| written.time.is_none() && written.offset.is_none())?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}
