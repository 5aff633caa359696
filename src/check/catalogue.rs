//! Every rule of this room, one row each.
//!
//! A row's page is the module doc of its file under `rules/`; `docs/checks.md` is made of the pages.

use crate::check::rules;
use crate::finding::Rule;

/// Every rule of this room, in the order of their pages.
pub const RULES: &[&Rule] = &[
    &rules::server_error::RULE,
    &rules::undocumented_status::RULE,
    &rules::undocumented_content_type::RULE,
    &rules::response_header_mismatch::RULE,
    &rules::response_schema_mismatch::RULE,
    &rules::content_coding_broken::RULE,
    &rules::charset_mismatch::RULE,
    &rules::misused_status::RULE,
    &rules::caching_headers_broken::RULE,
    &rules::allow_missing::RULE,
    &rules::head_mismatch::RULE,
    &rules::undocumented_method::RULE,
    &rules::error_leak::RULE,
    &rules::negative_data_accepted::RULE,
    &rules::positive_data_rejected::RULE,
    &rules::inverted_range_accepted::RULE,
    &rules::slow_response::RULE,
    &rules::auth_ignored::RULE,
    &rules::challenge_missing::RULE,
    &rules::revoked_key_accepted::RULE,
    &rules::key_scope::RULE,
    &rules::foreign_object_served::RULE,
    &rules::wrong_parent_accepted::RULE,
    &rules::read_only_value_stored::RULE,
    &rules::valid_key_refused::RULE,
    &rules::existence_revealed::RULE,
    &rules::delete_refused_write_allowed::RULE,
    &rules::created_resource_missing::RULE,
    &rules::created_value_lost::RULE,
    &rules::location_broken::RULE,
    &rules::link_broken::RULE,
    &rules::update_lost::RULE,
    &rules::put_not_idempotent::RULE,
    &rules::patch_changes_unsent::RULE,
    &rules::put_keeps_omitted::RULE,
    &rules::refused_write_has_effect::RULE,
    &rules::refused_creation_kept::RULE,
    &rules::deleted_resource_available::RULE,
    &rules::deleted_resource_listed::RULE,
    &rules::pagination_repeats_item::RULE,
    &rules::pagination_skips_item::RULE,
    &rules::page_limit_exceeded::RULE,
    &rules::pagination_total_wrong::RULE,
    &rules::pagination_loops::RULE,
    &rules::filter_ignored::RULE,
    &rules::sort_ignored::RULE,
    &rules::etag_not_renewed::RULE,
    &rules::not_modified_wrongly::RULE,
    &rules::stale_write_accepted::RULE,
];

/// The rule with this id.
///
/// ```
/// assert_eq!(specwarden::check::rule("server-error").unwrap().fault_code, Some(100));
/// assert!(specwarden::check::rule("no-such-rule").is_none());
/// ```
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id).copied()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the pages are read from the sources and written to the docs")]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::Path;

    const SECTIONS: [&str; 4] = ["## What it does", "## Why it matters", "## Example", "## How to fix"];

    fn page(rule: &Rule) -> String {
        let file = format!("src/check/rules/{}.rs", rule.id.replace('-', "_"));
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect(&file);
        let lines: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
        let plain = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
        plain.collect::<Vec<_>>().join("\n") + "\n"
    }

    fn documentation() -> String {
        let mut out = String::from(
            "# Checks\n\n<!-- Generated from the pages in src/check/rules. `UPDATE_DOCS=1 cargo test --lib docs_are_fresh` writes it again. -->\n\n\
             Each check is a rule with an id that never changes. A finding's identity is its rule, its operation and its site.\n\n\
             | rule | what is wrong | severity | family | by default |\n|---|---|---|---|---|\n",
        );
        for rule in RULES {
            let on = if rule.default_on { "on" } else { "off" };
            let _ = writeln!(
                out,
                "| [`{id}`](#{id}) | {} | {} | {} | {on} |",
                rule.title,
                rule.severity,
                rule.family,
                id = rule.id
            );
        }
        for rule in RULES {
            let _ = write!(out, "\n## {}\n\n{}", rule.id, page(rule).replace("\n## ", "\n### "));
            let mut facts = vec![format!("since {}", rule.since)];
            if !rule.reference.is_empty() {
                facts.push(rule.reference.to_owned());
            }
            facts.extend(rule.fault_code.map(|code| format!("fault code {code} of the WFC catalogue")));
            let _ = write!(out, "\n*{}*\n", facts.join(" · "));
        }
        out
    }

    #[test]
    fn ids_are_kebab_case_and_unique() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for id in ids {
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{id}");
        }
    }

    #[test]
    fn every_file_of_rules_has_a_row() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/rules");
        let names =
            std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
        let stems = names.filter_map(|path| Some(path.file_stem()?.to_str()?.replace('_', "-")));
        let files: BTreeSet<String> = stems.filter(|stem| stem != "mod").collect();
        assert_eq!(files, RULES.iter().map(|rule| rule.id.to_owned()).collect());
    }

    #[test]
    fn every_page_has_its_sections_in_order() {
        for rule in RULES {
            let page = page(rule);
            let found: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
            assert_eq!(found, SECTIONS, "{}", rule.id);
        }
    }

    #[test]
    fn docs_are_fresh() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
        let expected = documentation();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("make the folder");
            std::fs::write(&path, &expected).expect("write the page");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "docs/checks.md is stale: UPDATE_DOCS=1 cargo test --lib docs_are_fresh");
    }
}
