//! Every document rule, one row each.
//!
//! A row's page is the module doc of its file under `rules/`, or a file under `pages/` for the rules of reading;
//! `docs/lint-rules.md` is made of the pages.

use crate::lint::rule::LintRule;
use crate::lint::scene::Scene;
use crate::lint::walk::Node;
use crate::lint::{parsing, rules};
use crate::spec::{Issue, Operation};

/// A rule with its page and what it looks at.
pub(crate) struct Row {
    pub(crate) rule: &'static LintRule,
    /// The source of the rule, whose module doc is its page, or the page itself.
    #[cfg(test)]
    pub(crate) source: &'static str,
    pub(crate) judge: Judge,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub(crate) enum Judge {
    /// Nothing: the parser tells it.
    Reading,
    /// One schema.
    Schema(fn(&Node<'_>, &Scene<'_>) -> Vec<Issue>),
    /// One operation.
    Operation(fn(&Operation, &Scene<'_>) -> Vec<Issue>),
    /// The whole document.
    Document(fn(&Scene<'_>) -> Vec<Issue>),
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

/// The rules about meaning.
pub(crate) const ROWS: &[Row] = &[
    row!(Schema contradicting_bounds),
    row!(Schema required_property_forbidden),
    row!(Schema unsatisfiable_schema),
    row!(Document endless_schema),
    row!(Schema one_of_twins),
    row!(Schema default_mismatch),
    row!(Schema enum_member_mismatch),
    row!(Schema enum_null_without_nullable),
    row!(Schema duplicate_enum_member),
    row!(Schema pattern_between_slashes),
    row!(Schema malformed_keyword),
    row!(Schema boolean_required),
    row!(Document example_mismatch),
    row!(Schema required_property_undeclared),
    row!(Schema required_property_never_sent),
    row!(Schema keyword_without_effect),
    row!(Schema keyword_of_another_version),
    row!(Schema ignored_reference_sibling),
    row!(Schema format_type_mismatch),
    row!(Schema array_without_items),
    row!(Schema discriminator_property_missing),
    row!(Schema discriminator_property_optional),
    row!(Schema discriminator_mapping_broken),
    row!(Schema read_only_and_write_only),
    row!(Operation response_without_schema),
    row!(Operation no_success_documented),
    row!(Operation delete_with_body),
    row!(Operation ignored_header_parameter),
    row!(Document ambiguous_paths),
    row!(Document number_beyond_double),
    // The last one: it tells what the others passed over.
    row!(Document lint_incomplete),
];

const COUNT: usize = ROWS.len() + parsing::ROWS.len();

/// Every document rule: those about meaning, then those of reading.
pub const RULES: &[&LintRule] = &{
    let mut rules = [ROWS[0].rule; COUNT];
    let mut index = 0;
    while index < COUNT {
        rules[index] =
            if index < ROWS.len() { ROWS[index].rule } else { parsing::ROWS[index - ROWS.len()].rule };
        index += 1;
    }
    rules
};

/// The rule with this id.
///
/// ```
/// assert!(specwarden::lint::rule("duplicate-operation-id").is_some());
/// assert!(specwarden::lint::rule("no-such-rule").is_none());
/// ```
pub fn rule(id: &str) -> Option<&'static LintRule> {
    RULES.iter().find(|rule| rule.id == id).copied()
}
