//! From a view to a validator.

use crate::schema::Dialect;
use crate::schema::validate::guard::{Stack, guarded};
use crate::schema::view::View;
use jsonschema::{Draft, PatternCache, PatternOptions, Registry, Validator};
use referencing::RegistryBuilder;
use serde_json::json;

/// The OpenAPI format registry names these; they restrict numbers elsewhere, or nothing.
const UNJUDGED: &[&str] = &["int32", "int64", "float", "double", "byte", "binary", "password"];

/// Compiling needs some kilobytes of stack for each level, and follows eight references in a row before it queues one.
const SHALLOW: usize = 16;

/// Compiles the schema that `view` was made for, or says why it cannot be.
pub(super) fn compile(view: &View, patterns: &PatternCache, formats: bool) -> Result<Validator, String> {
    let stack = if view.depth <= SHALLOW { Stack::Same } else { Stack::Large };
    let result = guarded(stack, || build(view, patterns, formats)).and_then(|result| result);
    result.map_err(|reason| match &view.dangling {
        Some((at, reference)) => format!("the reference `{reference}` at `{at}` leads nowhere"),
        None => reason,
    })
}

fn build(view: &View, patterns: &PatternCache, formats: bool) -> Result<Validator, String> {
    let draft = draft(view.resources.first().map_or(Dialect::Draft202012, |(dialect, _)| *dialect));
    let mut registry = Registry::new().draft(draft);
    for (number, (dialect, value)) in view.resources.iter().enumerate() {
        let resource = self::draft(*dialect).create_resource_ref(value);
        registry = registry.add(View::uri(number), resource).map_err(|error| error.to_string())?;
    }
    let registry = RegistryBuilder::prepare(registry).map_err(|error| error.to_string())?;
    let mut options = jsonschema::options()
        .with_draft(draft)
        .with_registry(&registry)
        .should_validate_formats(formats)
        .with_pattern_options(PatternOptions::fancy_regex())
        .with_pattern_cache(patterns.clone())
        .offline();
    // Draft 4 does not know it, documents do.
    options = options.with_format("uuid", is_uuid);
    let always = |_: &str| true;
    for name in UNJUDGED {
        options = options.with_format(*name, always);
    }
    options.build(&json!({"$ref": view.entry})).map_err(|error| error.to_string())
}

fn draft(dialect: Dialect) -> Draft {
    match dialect {
        Dialect::Draft4 => Draft::Draft4,
        Dialect::Draft6 => Draft::Draft6,
        Dialect::Draft7 => Draft::Draft7,
        Dialect::Draft201909 => Draft::Draft201909,
        Dialect::Draft202012 => Draft::Draft202012,
    }
}

/// RFC 9562 §4: five groups of hex digits.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    groups.len() == 5
        && groups.iter().zip(lengths).all(|(g, n)| g.len() == n && g.bytes().all(|b| b.is_ascii_hexdigit()))
}
