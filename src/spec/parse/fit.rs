//! The declared parameters made to fit the address: path templates and parameters must name the same things.

use crate::schema::Pointer;
use crate::spec::parse::address::{Address, PairValue};
use crate::spec::parse::walk::Walk;
use crate::spec::{IssueKind, Location, Parameter, Style};
use serde_json::Value;

/// Where template and parameters disagree, the template wins; the query of the address becomes parameters.
pub(super) fn to_address(walk: &mut Walk, parameters: &mut Vec<Parameter>, address: &Address, at: &Pointer) {
    fit_query(walk, parameters, address, at);
    let names: Vec<&str> = address.template.names().collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            let message = format!("`{{{name}}}` stands in the path twice; both places get the same value");
            walk.issue(
                "repeated-path-parameter",
                IssueKind::Doubtful,
                at,
                message,
                "give each place a name of its own",
            );
        }
    }
    let mut strays = Vec::new();
    parameters.retain(|parameter| {
        let kept = parameter.location != Location::Path || names.contains(&parameter.name.as_str());
        if !kept {
            strays.push(parameter.clone());
        }
        kept
    });
    for name in names {
        if parameters.iter().any(|known| known.location == Location::Path && known.name == name) {
            continue;
        }
        // `{petID}` and a parameter `petId` mean each other, if nothing else could be meant.
        let mut alike = strays.iter().enumerate().filter(|(_, stray)| alike(&stray.name, name));
        let found = alike.next().filter(|_| alike.next().is_none()).map(|(index, _)| index);
        if let Some(index) = found {
            let stray = strays.remove(index);
            let message = format!("path parameter `{}` is taken for `{{{name}}}`", stray.name);
            walk.issue(
                "undeclared-path-parameter",
                IssueKind::Doubtful,
                &stray.pointer,
                message,
                "write both names alike",
            );
            parameters.push(Parameter { name: name.to_owned(), ..stray });
            continue;
        }
        let message = format!("`{{{name}}}` in the path is not declared; any text is taken to be valid");
        walk.issue(
            "undeclared-path-parameter",
            IssueKind::Doubtful,
            at,
            message,
            "declare it in `parameters` with `in: path`",
        );
        let schema = walk.text_schema();
        parameters.push(made(name, Location::Path, Some(schema), at));
    }
    for stray in strays {
        let message = format!("path parameter `{}` does not occur in `{}`", stray.name, address.shown);
        walk.issue(
            "unused-path-parameter",
            IssueKind::PartSkipped,
            &stray.pointer,
            message,
            "put it into the path or drop it",
        );
    }
}

/// Whether two names differ only in letter case, separators, or what URI templates and routers add (`{path*}`,
/// `{+path}`, `{id:[0-9]+}`).
fn alike(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let name = name.split(':').next().unwrap_or_default();
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    plain(one) == plain(other)
}

fn fit_query(walk: &mut Walk, parameters: &mut Vec<Parameter>, address: &Address, at: &Pointer) {
    for pair in &address.query {
        let declared = |parameters: &[Parameter], location, name: &str| {
            parameters.iter().position(|known| known.location == location && known.name == name)
        };
        match &pair.value {
            PairValue::Fixed(text) => {
                // What the address spells out holds, whatever else is said of it.
                if let Some(index) = declared(parameters, Location::Query, &pair.name) {
                    parameters.remove(index);
                }
                let examples = vec![Value::String(text.clone())];
                parameters
                    .push(Parameter { examples, ..made(&pair.name, Location::Query, None, &address.at) });
            }
            PairValue::Parameter(inner) => {
                let known = declared(parameters, Location::Path, inner)
                    .filter(|_| !address.template.names().any(|name| name == inner))
                    .or_else(|| declared(parameters, Location::Query, inner));
                if let Some(index) = known {
                    let parameter = &mut parameters[index];
                    parameter.name.clone_from(&pair.name);
                    parameter.location = Location::Query;
                    parameter.required = true;
                    parameter.style = Style::Form;
                } else if declared(parameters, Location::Query, &pair.name).is_none() {
                    let message =
                        format!("`{{{inner}}}` in the query is not declared; any text is taken to be valid");
                    walk.issue(
                        "undeclared-path-parameter",
                        IssueKind::Doubtful,
                        at,
                        message,
                        "declare it in `parameters` with `in: query`",
                    );
                    let schema = walk.text_schema();
                    parameters.push(made(&pair.name, Location::Query, Some(schema), at));
                }
            }
        }
    }
}

fn made(name: &str, location: Location, schema: Option<Pointer>, at: &Pointer) -> Parameter {
    Parameter {
        name: name.to_owned(),
        location,
        required: true,
        style: if location == Location::Path { Style::Simple } else { Style::Form },
        explode: false,
        allow_reserved: false,
        allow_empty: false,
        schema,
        content_type: None,
        examples: Vec::new(),
        pointer: at.clone(),
    }
}
