//! A link of the document leads nowhere.
//!
//! ## What it does
//! Follows each link of an answer (`links`, in Swagger 2.0 `x-links`) to an operation that only asks. Reports when the
//! operation that it leads to answers 405 or 501, when the very thing that the answer named is answered 404 or 410,
//! again and again for a third of a second, and when the link passes on a value of the answer that neither the answer
//! holds nor the document promises there. Silent on 202, which promises nothing yet, on things below the one that was
//! named, which need not exist, and on values that an answer may leave out.
//!
//! ## Why it matters
//! Links say which call comes next, to people, to generated clients and to tests of calls that follow one another.
//!
//! ## Example
//! `POST /exports` links to `GET /exports/{export_id}` with `$response.header.X-Export-Id`. The header says 12; `GET
//! /exports/12` answers 404.
//!
//! ## How to fix
//! Answer with the value under which the thing is served, or correct the expression in the link.

use crate::case::Case;
use crate::check::CheckOptions;
use crate::check::Judgement;
use crate::exchange::Exchange;
use crate::finding::{Family, Finding, Place, Rule, Severity, Site};
use crate::plan::Passed;
use crate::schema::{Pointer, find};
use crate::spec::{Api, Expression, Link, LinkValue, Location, Operation, PathSegment, Source};
use serde_json::Value;

pub(crate) const RULE: Rule = Rule {
    id: "link-broken",
    title: "A link of the document leads nowhere",
    severity: Severity::Error,
    family: Family::Behaviour,
    since: "0.1.0",
    reference: "OpenAPI 3.0.3 §4.7.20",
    fault_code: None,
    default_on: true,
};

/// A link that was followed.
#[derive(Debug, Clone, Copy)]
pub struct Followed<'f> {
    /// The link.
    pub link: &'f Link,
    /// What was sent first.
    pub case: &'f Case,
    /// What came back, and holds what is passed on.
    pub source: &'f Exchange,
    /// What the link found in it.
    pub passed: &'f Passed,
    /// What the operation answered that it leads to, if it was asked.
    pub target: Option<&'f Exchange>,
}

/// Whether a link holds what it promises.
pub fn judge_link(api: &Api, options: &CheckOptions, followed: &Followed) -> Judgement {
    let mut judgement = Judgement::default();
    if options.runs(&RULE) {
        judgement.add(RULE.id, check(api, followed));
    }
    judgement
}

fn check(api: &Api, followed: &Followed) -> Option<Vec<Finding>> {
    let link = followed.link;
    let response =
        followed.source.response().filter(|r| r.is_success() && r.status != 202 && !r.truncated)?;
    let from = api.operation(&link.from)?;
    let to = api.operation(&link.to)?;
    let promised = |expression: &Expression| match expression {
        Expression::Response(Source::Body(Some(at))) => {
            let contents = from.response(response.status).into_iter().flat_map(|spec| &spec.contents);
            let mut schemas = contents.filter_map(|content| content.schema.as_ref()).peekable();
            schemas.peek().is_none() || schemas.any(|schema| may_hold(api, schema, &at.tokens(), 0))
        }
        Expression::Response(Source::Header(name)) => from
            .response(response.status)
            .is_none_or(|spec| spec.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name))),
        _ => true,
    };
    if let Some((expression, place)) = followed.passed.missing.iter().find(|(e, _)| !promised(e)) {
        let what = match expression {
            Expression::Response(Source::Header(name)) => format!("header {name}"),
            Expression::Response(Source::Body(Some(at))) => format!("{at} of the body"),
            _ => "a value".to_owned(),
        };
        let title =
            format!("link `{}` passes on {what} as {place}, which the answer does not hold", link.name);
        return Some(vec![finding(followed, "value", title)]);
    }
    let target = followed.target?;
    let findings = match target.status()? {
        status @ (405 | 501) => vec![leads(followed, status)],
        status @ (404 | 410) if names_the_thing(link, to) => vec![leads(followed, status)],
        404 | 410 => return None,
        200..=299 => Vec::new(),
        _ => return None,
    };
    Some(findings)
}

fn leads(followed: &Followed, status: u16) -> Finding {
    let title =
        format!("link `{}` leads to `{}`, which answers {status}", followed.link.name, followed.link.to);
    finding(followed, "target", title)
}

fn finding(followed: &Followed, site: &str, title: String) -> Finding {
    let link = followed.link;
    let mut finding = Finding::new(&RULE, Some(&link.from), &Site::new(&[&link.name, site]), title);
    finding.case = Some(followed.case.clone());
    finding.evidence = std::iter::once(followed.source).chain(followed.target).cloned().collect();
    let lines = finding.evidence.iter().map(|exchange| {
        let status = exchange.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        format!("{} {} → {status}", exchange.request.method, exchange.request.url)
    });
    finding.detail = lines.collect::<Vec<_>>().join("\n");
    finding.place(Place { document: Some(link.pointer.clone()), instance: None, label: String::new() })
}

/// Whether the answer itself names what the path of `to` ends in.
fn names_the_thing(link: &Link, to: &Operation) -> bool {
    let Some(PathSegment::Parameter(last)) = to.path.segments().last() else { return false };
    let filled = link.parameters.iter().find(|p| p.location == Location::Path && p.name == *last);
    filled.is_some_and(|p| matches!(&p.value, LinkValue::Expression(Expression::Response(_))))
}

/// Whether a schema lets something stand at these tokens; in doubt it does.
fn may_hold(api: &Api, schema: &Pointer, tokens: &[String], depth: usize) -> bool {
    let Some((token, rest)) = tokens.split_first() else { return true };
    let Some(node) = find(api.document.root(), schema.as_str()).filter(|_| depth < 32) else { return true };
    let Value::Object(members) = node else { return true };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        let Some(target) = Pointer::from_fragment(reference) else { return true };
        return may_hold(api, &target, tokens, depth + 1);
    }
    let mut told = false;
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let branches = members.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        for branch in 0..branches {
            told = true;
            if may_hold(api, &schema.push(keyword).push(branch), tokens, depth + 1) {
                return true;
            }
        }
    }
    if let Some(properties) = members.get("properties").and_then(Value::as_object) {
        told = true;
        if properties.contains_key(token) {
            return may_hold(api, &schema.push("properties").push(token), rest, depth + 1);
        }
    }
    if members.contains_key("items") {
        // A list may be empty.
        return token.parse::<usize>().is_ok();
    }
    let open = ["additionalProperties", "patternProperties", "unevaluatedProperties", "if"];
    !told
        || open.iter().any(|keyword| members.get(*keyword).is_some_and(|value| *value != Value::Bool(false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{answer, at, header, positive};
    use crate::plan::follow;
    use crate::spec::parse;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn api(to: &str, value: &str) -> Api {
        let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        let pet =
            json!({"type": "object", "properties": {"id": {"type": "integer"}, "nick": {"type": "string"}}});
        let link = json!({"operationId": "next", "parameters": {"id": value}});
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
            "components": {"schemas": {"Pet": pet}},
            "paths": {
                "/pets": {"post": {"responses": {"201": {
                    "description": "", "links": {"it": link},
                    "headers": {"X-Maybe": {"schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                }}}},
                to: {"get": {"operationId": "next", "parameters": id, "responses": {"200": {"description": ""}}}},
            },
        });
        let (api, issues) = parse(document).expect("an API");
        assert_eq!(issues, []);
        api
    }

    /// Titles, or `None` if nothing could be said.
    fn verdict(to: &str, value: &str, created: u16, target: Option<u16>) -> Option<Vec<String>> {
        let api = api(to, value);
        let link = &api.links[0];
        let source = header(answer(created, "application/json", r#"{"id":1}"#), "x-id", "1");
        let passed = follow(link, None, &BTreeMap::new(), source.response()?);
        let target = target.map(|status| at("/pets/1", answer(status, "", "")));
        let case = positive();
        let followed =
            Followed { link, case: &case, source: &source, passed: &passed, target: target.as_ref() };
        let judgement = judge_link(&api, &CheckOptions::default(), &followed);
        let titles = judgement.findings.into_iter().map(|finding| finding.title).collect();
        (!judgement.exercised.is_empty()).then_some(titles)
    }

    const ID: &str = "$response.body#/id";

    #[test]
    fn fires_when_the_thing_that_was_named_is_not_there() {
        for value in [ID, "$response.header.X-Id"] {
            for status in [404, 405, 410, 501] {
                let titles = verdict("/pets/{id}", value, 201, Some(status)).expect("a verdict");
                assert_eq!(
                    titles,
                    [format!("link `it` leads to `GET /pets/{{id}}`, which answers {status}")]
                );
            }
        }
        assert_eq!(verdict("/pets/{id}", ID, 201, Some(200)), Some(vec![]));
    }

    #[test]
    fn fires_on_a_value_that_is_neither_there_nor_promised() {
        for (value, what) in
            [("$response.body#/pet_id", "/pet_id of the body"), ("$response.header.X-No", "header X-No")]
        {
            let titles = verdict("/pets/{id}", value, 201, None).expect("a verdict");
            let expected =
                format!("link `it` passes on {what} as path parameter id, which the answer does not hold");
            assert_eq!(titles, [expected]);
        }
        for value in ["$response.body#/nick", "$response.header.X-Maybe"] {
            assert_eq!(verdict("/pets/{id}", value, 201, None), None, "{value}");
        }
    }

    #[test]
    fn cannot_judge_what_need_not_exist_nor_what_is_still_to_come() {
        assert_eq!(verdict("/pets/{id}/photo", ID, 201, Some(404)), None);
        assert_eq!(verdict("/pets/{id}/photo", ID, 201, Some(405)).map(|t| t.len()), Some(1));
        assert_eq!(verdict("/pets/{id}", "7", 201, Some(404)), None);
        assert_eq!(verdict("/pets/{id}", ID, 202, Some(404)), None);
        for status in [301, 400, 401, 403, 429, 500, 503] {
            assert_eq!(verdict("/pets/{id}", ID, 201, Some(status)), None, "{status}");
        }
    }
}
