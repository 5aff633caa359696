//! Single values of the configuration that are more than a number or a text.

use crate::finding::Severity;
use crate::generate::TextFamily;
use crate::plan::{Safety, Seed};
use crate::report::{Format, IntermittentPolicy};
use crate::source::RemoteRefs;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A seed, or the wish for a fresh one: `1`, `"random"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedChoice {
    /// This one.
    Fixed(Seed),
    /// A fresh one, told in the report.
    Random,
}

impl FromStr for SeedChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "random" => Ok(Self::Random),
            number => match number.parse() {
                Ok(seed) => Ok(Self::Fixed(Seed(seed))),
                Err(_) => Err(format!("`{text}` is neither a number from 0 to 2^64-1 nor `random`")),
            },
        }
    }
}

impl<'de> Deserialize<'de> for SeedChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = SeedChoice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number from 0 or `\"random\"`")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<SeedChoice, E> {
                let seed = u64::try_from(number).map_err(|_| E::custom("a seed cannot be negative"))?;
                Ok(SeedChoice::Fixed(Seed(seed)))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<SeedChoice, E> {
                Ok(SeedChoice::Fixed(Seed(number)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<SeedChoice, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for SeedChoice {
    fn schema_name() -> Cow<'static, str> {
        "Seed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "oneOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^(random|[0-9]+)$" }] })
    }
}

/// `FORMAT=PATH`: a report to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportChoice {
    /// The format.
    pub format: Format,
    /// Where to.
    pub path: PathBuf,
}

impl FromStr for ReportChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text.split_once('=').ok_or_else(|| format!("`{text}` is not `FORMAT=PATH`"))?;
        let format = format.parse::<Format>().map_err(|error| error.to_string())?;
        match path {
            "" => Err(format!("`{text}` names no path")),
            path => Ok(Self { format, path: path.into() }),
        }
    }
}

impl<'de> Deserialize<'de> for ReportChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(Error::custom)
    }
}

impl JsonSchema for ReportChoice {
    fn schema_name() -> Cow<'static, str> {
        "Report".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(terminal|json|junit|markdown)=.+$" })
    }
}

/// Where the known findings stand, or that none count: `"specwarden-baseline.toml"`, `false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselineChoice {
    /// In this file.
    At(PathBuf),
    /// Nowhere: every finding counts.
    Nowhere,
}

impl<'de> Deserialize<'de> for BaselineChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = BaselineChoice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path or `false`")
            }

            fn visit_bool<E: Error>(self, on: bool) -> Result<BaselineChoice, E> {
                if on { Err(E::custom("name the file, or say `false`")) } else { Ok(BaselineChoice::Nowhere) }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<BaselineChoice, E> {
                if text.is_empty() {
                    Err(E::custom("the path is empty"))
                } else {
                    Ok(BaselineChoice::At(text.into()))
                }
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for BaselineChoice {
    fn schema_name() -> Cow<'static, str> {
        "Baseline".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "oneOf": [{ "type": "string", "minLength": 1 }, { "const": false }] })
    }
}

/// How much a run may change on its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SafetyChoice {
    /// Safe methods alone.
    ReadOnly,
    /// Unsafe methods too, but only to create, and on what this run created.
    OwnResources,
    /// Everything but what would end the run.
    Full,
}

impl SafetyChoice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::ReadOnly, Self::OwnResources, Self::Full];

    /// The plan's word for it.
    pub fn safety(self) -> Safety {
        match self {
            Self::ReadOnly => Safety::ReadOnly,
            Self::OwnResources => Safety::OwnResources,
            Self::Full => Safety::Full,
        }
    }
}

/// A family of odd texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FamilyChoice {
    /// Zero-width and combining characters, other directions, characters outside the basic plane.
    Unicode,
    /// Control characters.
    Control,
    /// White space alone, before, after and inside.
    Whitespace,
    /// What looks like SQL, NoSQL, LDAP, XML entities, templates, shell commands, scripts or paths.
    Injection,
}

impl FamilyChoice {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Unicode, Self::Control, Self::Whitespace, Self::Injection];

    /// The generator's word for it.
    pub fn family(self) -> TextFamily {
        match self {
            Self::Unicode => TextFamily::Unicode,
            Self::Control => TextFamily::Control,
            Self::Whitespace => TextFamily::Whitespace,
            Self::Injection => TextFamily::Injection,
        }
    }
}

/// Which references of the document into the web are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RemoteRefsChoice {
    /// None.
    Off,
    /// Those to the origin that the document itself was fetched from.
    SameOrigin,
    /// All, but never from a public document into a private network.
    Any,
}

impl RemoteRefsChoice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Off, Self::SameOrigin, Self::Any];

    /// The source's word for it.
    pub fn remote_refs(self) -> RemoteRefs {
        match self {
            Self::Off => RemoteRefs::Off,
            Self::SameOrigin => RemoteRefs::SameOrigin,
            Self::Any => RemoteRefs::Any,
        }
    }
}

/// The mildest severity that fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityChoice {
    /// Everything fails.
    Note,
    /// Warnings and errors fail.
    Warning,
    /// Only errors fail.
    Error,
}

impl SeverityChoice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The finding's word for it.
    pub fn severity(self) -> Severity {
        match self {
            Self::Note => Severity::Note,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

/// What becomes of findings that show only sometimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IntermittentChoice {
    /// They are told and do not fail the run.
    Report,
    /// They fail the run.
    Fail,
}

impl IntermittentChoice {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Report, Self::Fail];

    /// The report's word for it.
    pub fn policy(self) -> IntermittentPolicy {
        match self {
            Self::Report => IntermittentPolicy::Report,
            Self::Fail => IntermittentPolicy::Fail,
        }
    }
}

/// Reads a kebab-case word as one of a closed set, by serde's names.
pub(super) fn word<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, String> {
    let value = serde_json::Value::String(text.to_owned());
    T::deserialize(value).map_err(|error| error.to_string())
}
