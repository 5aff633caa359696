//! The keywords that judge, by dialect, and what each of them holds. All others are left out of views.

use crate::schema::Dialect;
use crate::schema::Dialect::{Draft4, Draft6, Draft7, Draft201909, Draft202012};

/// What the value of a keyword is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Plain data.
    Data,
    /// A schema for the same value.
    SameValue,
    /// Schemas for the same value.
    SameValues,
    /// Names with schemas for the same value, or with lists of names.
    SameValueByName,
    /// A schema, or a list of schemas, for parts of the value.
    Part,
    /// Names with schemas for parts of the value.
    PartByName,
    /// A reference.
    Reference,
    /// A reference that depends on the way to it.
    DynamicReference,
    /// As in 2019-09.
    RecursiveReference,
}

/// What `key` holds in a schema of `dialect`; `None` if it judges nothing there.
pub(super) fn keyword(key: &str, dialect: Dialect) -> Option<Holds> {
    let (holds, since, until) = match key {
        "type" | "enum" | "multipleOf" | "maximum" | "exclusiveMaximum" | "minimum" | "exclusiveMinimum"
        | "maxLength" | "minLength" | "pattern" | "maxItems" | "minItems" | "uniqueItems"
        | "maxProperties" | "minProperties" | "required" | "format" => (Holds::Data, Draft4, Draft202012),
        "const" => (Holds::Data, Draft6, Draft202012),
        "contentMediaType" | "contentEncoding" => (Holds::Data, Draft6, Draft7),
        "minContains" | "maxContains" | "dependentRequired" => (Holds::Data, Draft201909, Draft202012),
        "$dynamicAnchor" => (Holds::Data, Draft202012, Draft202012),
        "allOf" | "anyOf" | "oneOf" => (Holds::SameValues, Draft4, Draft202012),
        "not" => (Holds::SameValue, Draft4, Draft202012),
        "if" | "then" | "else" => (Holds::SameValue, Draft7, Draft202012),
        "dependentSchemas" => (Holds::SameValueByName, Draft201909, Draft202012),
        "dependencies" => (Holds::SameValueByName, Draft4, Draft202012),
        "items" | "additionalProperties" => (Holds::Part, Draft4, Draft202012),
        "additionalItems" => (Holds::Part, Draft4, Draft201909),
        "prefixItems" => (Holds::Part, Draft202012, Draft202012),
        "contains" | "propertyNames" => (Holds::Part, Draft6, Draft202012),
        "unevaluatedItems" | "unevaluatedProperties" => (Holds::Part, Draft201909, Draft202012),
        "properties" | "patternProperties" => (Holds::PartByName, Draft4, Draft202012),
        "$ref" => (Holds::Reference, Draft4, Draft202012),
        "$dynamicRef" => (Holds::DynamicReference, Draft202012, Draft202012),
        "$recursiveRef" => (Holds::RecursiveReference, Draft201909, Draft201909),
        _ => return None,
    };
    (since..=until).contains(&dialect).then_some(holds)
}
