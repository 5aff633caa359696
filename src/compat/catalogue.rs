//! Every rule of this room, one row each. Order is by id.

use crate::compat::change::Change;
use crate::compat::pair::{OperationPair, SchemaPair};
use crate::compat::rules;
use crate::finding::Rule;
use crate::spec::Operation;

/// A rule with its page and what it looks at.
pub(crate) struct Row {
    pub(crate) rule: &'static Rule,
    /// The source of the rule, whose module doc is its page.
    #[cfg(test)]
    pub(crate) source: &'static str,
    pub(crate) judge: Judge,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(crate) enum Judge {
    /// An operation that only the old document has.
    Removed(fn(&Operation) -> Vec<Change>),
    /// An operation that both have.
    Operation(fn(&OperationPair<'_>) -> Vec<Change>),
    /// A schema position that both have.
    Schema(fn(&SchemaPair<'_>) -> Vec<Change>),
}

macro_rules! row {
    ($looks_at:ident $name:ident) => {
        Row {
            rule: &rules::$name::RULE,
            #[cfg(test)]
            source: include_str!(concat!("rules/", stringify!($name), ".rs")),
            judge: Judge::$looks_at(rules::$name::judge),
        }
    };
}

/// The rows.
pub(crate) const ROWS: &[Row] = &[
    row!(Removed operation_removed),
    row!(Operation parameter_style_changed),
    row!(Schema request_additional_properties_closed),
    row!(Operation request_body_became_required),
    row!(Schema request_constraint_tightened),
    row!(Schema request_enum_narrowed),
    row!(Operation request_media_type_removed),
    row!(Operation request_parameter_added_required),
    row!(Operation request_parameter_became_required),
    row!(Operation request_parameter_removed),
    row!(Schema request_property_became_required),
    row!(Schema request_property_removed),
    row!(Schema request_type_narrowed),
    row!(Schema response_constraint_loosened),
    row!(Schema response_enum_widened),
    row!(Operation response_header_removed),
    row!(Operation response_media_type_removed),
    row!(Schema response_property_became_nullable),
    row!(Schema response_property_became_optional),
    row!(Schema response_property_removed),
    row!(Operation response_status_removed),
    row!(Schema response_type_widened),
    row!(Operation security_tightened),
];

/// Every rule of this room, by id.
pub const RULES: &[&Rule] = &{
    let mut rules = [ROWS[0].rule; ROWS.len()];
    let mut index = 0;
    while index < ROWS.len() {
        rules[index] = ROWS[index].rule;
        index += 1;
    }
    rules
};
