//! What a link passes on, once there is an answer.

use crate::exchange::{Request, Response};
use crate::schema::Pointer;
use crate::spec::{Expression, Link, LinkPiece, LinkValue, Location, Operation, Source};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a link found in a request and its answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Passed {
    /// The parameters of the operation that the link leads to.
    pub parameters: Vec<(Location, String, Value)>,
    /// Its body.
    pub body: Option<Value>,
    /// Expressions that found nothing, each with the parameter (or `the body`) that it is for.
    pub missing: Vec<(Expression, String)>,
}

impl Passed {
    /// The values of all path parameters of `to`, in the order of its path; `None` if the link leaves one out.
    pub fn path(&self, to: &Operation) -> Option<BTreeMap<String, Value>> {
        let value = |name: &str| {
            let found = self.parameters.iter().find(|(l, n, _)| *l == Location::Path && n == name);
            found.map(|(_, _, value)| (name.to_owned(), value.clone()))
        };
        to.path.names().map(value).collect()
    }
}

/// Evaluates a link on a request, the values of its path, and its answer.
pub fn follow(
    link: &Link,
    request: Option<&Request>,
    path: &BTreeMap<String, Value>,
    response: &Response,
) -> Passed {
    let scene = Scene { request, path, response };
    let mut passed = Passed::default();
    for parameter in &link.parameters {
        match scene.value(&parameter.value) {
            Ok(value) => passed.parameters.push((parameter.location, parameter.name.clone(), value)),
            Err(expression) => {
                passed
                    .missing
                    .push((expression, format!("{} parameter {}", parameter.location, parameter.name)));
            }
        }
    }
    if let Some(body) = &link.body {
        match scene.value(body) {
            Ok(value) => passed.body = Some(value),
            Err(expression) => passed.missing.push((expression, "the body".to_owned())),
        }
    }
    passed
}

struct Scene<'s> {
    request: Option<&'s Request>,
    path: &'s BTreeMap<String, Value>,
    response: &'s Response,
}

impl Scene<'_> {
    /// The value, or the expression that finds nothing.
    fn value(&self, value: &LinkValue) -> Result<Value, Expression> {
        let find = |expression: &Expression| self.find(expression).ok_or_else(|| expression.clone());
        match value {
            LinkValue::Constant(value) => Ok(value.clone()),
            LinkValue::Expression(expression) => find(expression),
            LinkValue::Text(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        LinkPiece::Fixed(fixed) => text.push_str(fixed),
                        LinkPiece::Expression(expression) => match find(expression)? {
                            Value::String(found) => text.push_str(&found),
                            other => text.push_str(&other.to_string()),
                        },
                    }
                }
                Ok(Value::String(text))
            }
        }
    }

    fn find(&self, expression: &Expression) -> Option<Value> {
        match expression {
            Expression::Url => Some(Value::String(self.request?.url.clone())),
            Expression::Method => Some(Value::String(self.request?.method.to_string())),
            Expression::StatusCode => Some(Value::from(self.response.status)),
            Expression::Request(Source::Path(name)) => self.path.get(name).cloned(),
            Expression::Request(Source::Query(name)) => {
                let (_, query) = self.request?.url.split_once('?')?;
                let mut pairs = url::form_urlencoded::parse(query.as_bytes());
                pairs.find(|(known, _)| known == name).map(|(_, value)| Value::String(value.into_owned()))
            }
            Expression::Request(Source::Header(name)) => {
                let headers = &self.request?.headers;
                let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, value)| Value::String(value.clone()))
            }
            Expression::Request(Source::Body(pointer)) => {
                let body = self.request?.body.as_ref()?;
                at(serde_json::from_slice(body.bytes()).ok()?, pointer.as_ref())
            }
            Expression::Response(Source::Header(name)) => {
                self.response.header(name).map(|value| Value::String(value.to_owned()))
            }
            Expression::Response(Source::Body(pointer)) => at(self.response.json()?, pointer.as_ref()),
            // Reading lets none through: an answer has neither.
            Expression::Response(Source::Path(_) | Source::Query(_)) => None,
        }
    }
}

/// What stands at a pointer; `null` is nothing that can be passed on.
fn at(value: Value, pointer: Option<&Pointer>) -> Option<Value> {
    let found = match pointer {
        None => Some(value),
        Some(pointer) => value.pointer(pointer.as_str()).cloned(),
    };
    found.filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Method};
    use crate::spec::{LinkParameter, OperationKey, StatusPattern};
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: Option<Value>) {
        let link = Link {
            name: "it".to_owned(),
            from: OperationKey::new(Method::Post, "/a/{id}"),
            status: StatusPattern::Code(201),
            to: OperationKey::new(Method::Get, "/b/{x}"),
            parameters: vec![LinkParameter {
                location: Location::Path,
                name: "x".to_owned(),
                value: LinkValue::parse(&json!(text)).expect("a value"),
            }],
            body: None,
            pointer: Pointer::root(),
        };
        let request = Request {
            method: Method::Post,
            url: "http://127.0.0.1/a/7?tag=a%20b".to_owned(),
            headers: vec![("x-trace".to_owned(), "t1".to_owned())],
            body: Some(Body(br#"{"name":"n"}"#.to_vec())),
        };
        let response = Response {
            status: 201,
            headers: vec![("x-id".to_owned(), "9".to_owned())],
            body: Body(br#"{"id":8,"list":[{"id":5}],"none":null}"#.to_vec()),
            truncated: false,
            packed: None,
        };
        let path = BTreeMap::from([("id".to_owned(), json!(7))]);
        let passed = follow(&link, Some(&request), &path, &response);
        assert_eq!(passed.parameters.first().map(|(_, _, value)| value.clone()), expected, "{text}");
        assert_eq!(passed.missing.is_empty(), expected.is_some(), "{text}");
    }

    #[test]
    fn each_expression_finds_its_value() {
        check("$request.path.id", Some(json!(7)));
        check("$request.query.tag", Some(json!("a b")));
        check("$request.header.X-Trace", Some(json!("t1")));
        check("$request.body#/name", Some(json!("n")));
        check("$response.header.X-Id", Some(json!("9")));
        check("$response.body#/id", Some(json!(8)));
        check("$response.body#/list/0/id", Some(json!(5)));
        check("$statusCode", Some(json!(201)));
        check("$method", Some(json!("POST")));
        check("{$request.path.id}-{$response.body#/id}", Some(json!("7-8")));
        check("fixed", Some(json!("fixed")));
    }

    #[test]
    fn what_is_not_there_is_told() {
        for nothing in [
            "$request.path.x",
            "$request.query.x",
            "$response.header.x",
            "$response.body#/no",
            "$response.body#/none",
        ] {
            check(nothing, None);
        }
    }
}
