//! # parameter-style-changed
//!
//! ## What it does
//!
//! Reports a parameter whose values are written differently on the wire: another `style`, `explode` or
//! `collectionFormat`, or a media type of its own (`content`) in place of a style. Changes that no value can
//! notice (`explode` on a scalar) are silent.
//!
//! ## Why it matters
//!
//! `ids=1,2` and `ids=1&ids=2` are different requests; a server that expects one misreads the other.
//!
//! ## Example
//!
//! Query parameter `ids`, an array, changes from `explode: false` to `explode: true`.
//!
//! ## How to fix
//!
//! Keep the old way of writing, or accept both and document the old one.

use crate::compat::change::Change;
use crate::compat::node::{Kinds, Reader};
use crate::compat::pair::{OperationPair, ParameterPair, parameter_anchor};
use crate::finding::{Family, Rule, Severity};
use crate::spec::{Parameter, Style};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    id: "parameter-style-changed",
    title: "a parameter is written differently",
    severity: Severity::Error,
    family: Family::Breaking,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.12.2",
    fault_code: None,
    default_on: true,
};

/// Judges the parameters that both documents have.
pub(crate) fn judge(pair: &OperationPair<'_>) -> Vec<Change> {
    pair.parameters().into_iter().filter_map(|parameter| changed(pair, parameter)).collect()
}

fn changed(pair: &OperationPair<'_>, parameter: ParameterPair<'_>) -> Option<Change> {
    let (old, new) = (parameter.old, parameter.new);
    // Only kinds of values that both documents allow can be written in two ways.
    let kinds =
        kinds(old, Reader::new(&pair.old_api.document)).and(kinds(new, Reader::new(&pair.new_api.document)));
    let differs = [Kinds::ARRAY, Kinds::OBJECT, Kinds::SCALAR]
        .into_iter()
        .filter(|kind| kinds.meets(*kind))
        .find(|kind| written(old, *kind) != written(new, *kind))?;
    let witness = (old.content_type.is_none() && differs == Kinds::ARRAY)
        .then(|| format!("a list, written {}", example(old)));
    let anchor = parameter_anchor(new, parameter.position);
    Some(
        Change::new(&RULE, anchor, "style", "is written differently")
            .values(described(old), described(new))
            .witness(witness)
            .at(Some(old.pointer.clone()), Some(new.pointer.clone()))
            .cause(pair.outside(&new.pointer)),
    )
}

fn kinds(parameter: &Parameter, reader: Reader<'_>) -> Kinds {
    parameter.schema.as_ref().map_or(Kinds::SCALAR, |schema| {
        let kinds = reader.node(&reader.view(schema)).effective_kinds();
        // Nothing said: in practice a scalar.
        if kinds == Kinds::ALL { Kinds::SCALAR } else { kinds }
    })
}

/// How values of `kind` look on the wire; equal texts are equal writings (OpenAPI 3.0.3 §4.7.12.2).
fn written(parameter: &Parameter, kind: Kinds) -> String {
    if let Some(media_type) = &parameter.content_type {
        return format!("content {media_type}");
    }
    let spread = parameter.explode;
    if kind == Kinds::SCALAR {
        return match parameter.style {
            Style::Label => "label".to_owned(),
            Style::Matrix => format!("matrix {}", parameter.name),
            Style::Simple
            | Style::Form
            | Style::SpaceDelimited
            | Style::PipeDelimited
            | Style::TabDelimited
            | Style::DeepObject
            | Style::Cookie => "plain".to_owned(),
        };
    }
    match parameter.style {
        Style::Simple if kind == Kinds::ARRAY => "simple".to_owned(),
        // Spread lists are repeated pairs whatever the delimiter would have been.
        Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited
            if spread && kind == Kinds::ARRAY =>
        {
            "repeated".to_owned()
        }
        style => format!("{style:?} {spread}"),
    }
}

fn described(parameter: &Parameter) -> String {
    match &parameter.content_type {
        Some(media_type) => format!("as {media_type}"),
        None => format!("style {:?}, explode {}", parameter.style, parameter.explode).to_lowercase(),
    }
}

fn example(parameter: &Parameter) -> String {
    let name = &parameter.name;
    match parameter.style {
        Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited
            if parameter.explode =>
        {
            format!("`{name}=1&{name}=2`")
        }
        Style::Cookie if parameter.explode => format!("`{name}=1; {name}=2`"),
        Style::Form | Style::Cookie => format!("`{name}=1,2`"),
        Style::SpaceDelimited => format!("`{name}=1%202`"),
        Style::PipeDelimited => format!("`{name}=1|2`"),
        Style::TabDelimited => format!("`{name}=1%092`"),
        Style::DeepObject => format!("`{name}[0]=1&{name}[1]=2`"),
        Style::Label => "`.1.2`".to_owned(),
        Style::Matrix => format!("`;{name}=1,2`"),
        Style::Simple => "`1,2`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::fixture::{fires, parameter, silent};
    use serde_json::json;

    #[test]
    fn a_list_written_differently_fires() {
        let list = |explode: bool| {
            parameter(
                json!({"name": "ids", "in": "query", "explode": explode, "schema": {"type": "array", "items": {"type": "integer"}}}),
            )
        };
        let found = fires(&RULE, &list(false), &list(true));
        assert!(found[0].detail.contains("`ids=1,2`"), "{}", found[0].detail);
    }

    #[test]
    fn a_scalar_does_not_notice() {
        let scalar = |explode: bool| {
            parameter(json!({"name": "id", "in": "query", "explode": explode, "schema": {"type": "integer"}}))
        };
        silent(&scalar(false), &scalar(true));
    }

    #[test]
    fn spread_lists_do_not_notice_the_delimiter() {
        let list = |style: &str| {
            parameter(
                json!({"name": "ids", "in": "query", "style": style, "explode": true, "schema": {"type": "array", "items": {"type": "integer"}}}),
            )
        };
        silent(&list("form"), &list("pipeDelimited"));
    }
}
