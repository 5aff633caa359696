//! `explain`: the page of a rule, as the documentation has it.

use crate::cli::Exit;
use crate::cli::arguments::ExplainArguments;
use crate::cli::failure::Failure;
use crate::cli::output::Output;

/// Every page there is; each file is tested to be fresh.
const PAGES: &[&str] = &[
    include_str!("../../docs/checks.md"),
    include_str!("../../docs/breaking-rules.md"),
    include_str!("../../docs/lint-rules.md"),
];

/// Prints a page, or the list of all rules.
pub(super) fn explain(flags: &ExplainArguments, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let text = match &flags.rule {
        Some(wanted) => page(wanted).ok_or_else(|| unknown(wanted, rules().map(|(id, _)| id)))?,
        None => list(),
    };
    output.data(&text)?;
    Ok(Exit::Clean)
}

/// What to say to an id that no rule has.
pub(super) fn unknown<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let nearest = known.map(|id| (strsim::jaro_winkler(wanted, id), id));
    let nearest = nearest.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
    let failure = Failure::new(Exit::Usage, format!("no rule is called `{wanted}`"));
    failure.hint(match nearest {
        Some((_, id)) => format!("did you mean `{id}`?"),
        None => "`specwarden explain` lists them all".to_owned(),
    })
}

/// Ids and titles, as the tables of the pages have them.
fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().flat_map(|pages| pages.lines()).filter_map(|line| {
        let (id, rest) = line.strip_prefix("| [")?.split_once(']')?;
        Some((id.trim_matches('`'), rest.split(" | ").nth(1)?.trim_end_matches(" |")))
    })
}

fn list() -> String {
    let size = rules().map(|(id, _)| id.len()).max().unwrap_or(0);
    rules().fold(String::new(), |list, (id, title)| list + &format!("{id:size$}  {title}\n"))
}

fn page(wanted: &str) -> Option<String> {
    let head = format!("\n## {wanted}\n");
    let pages = PAGES.iter().find(|pages| pages.contains(&head))?;
    let (_, rest) = pages.split_once(&head)?;
    let body = rest.split("\n## ").next().unwrap_or(rest);
    Some(format!("# {wanted}\n{}\n", body.replace("\n### ", "\n## ").trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::compat;
    use crate::lint;

    #[test]
    fn every_rule_has_a_page_and_a_line() {
        let ids = check::RULES.iter().map(|rule| rule.id);
        let ids =
            ids.chain(compat::RULES.iter().map(|rule| rule.id)).chain(lint::RULES.iter().map(|rule| rule.id));
        let listed: Vec<&str> = rules().map(|(id, _)| id).collect();
        for id in ids {
            let page = page(id).unwrap_or_else(|| panic!("`{id}` has no page"));
            assert!(page.contains("\n## How to fix\n") && !page.contains("\n# "), "{page}");
            assert!(listed.contains(&id), "`{id}` is not listed");
        }
        assert!(page("no-such-rule").is_none());
    }
}
