//! Links: which operation can be called with what an answer holds (OpenAPI 3.0.3 §4.7.20).
//!
//! Expressions are read here and evaluated where answers are; nothing here may look at an exchange.

use crate::schema::Pointer;
use crate::spec::{Location, OperationKey, StatusPattern};
use serde_json::Value;

/// One link from the answers of an operation to another operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its name in the document.
    pub name: String,
    /// The operation whose answers hold what is passed on.
    pub from: OperationKey,
    /// Which of its answers.
    pub status: StatusPattern,
    /// The operation that can be called then.
    pub to: OperationKey,
    /// What is passed on as parameters.
    pub parameters: Vec<LinkParameter>,
    /// What is passed on as the body.
    pub body: Option<LinkValue>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}

/// One parameter that a link fills.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkParameter {
    /// Where it travels.
    pub location: Location,
    /// Its name.
    pub name: String,
    /// What fills it.
    pub value: LinkValue,
}

/// What a link passes on.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkValue {
    /// The value as it stands.
    Constant(Value),
    /// What the expression finds.
    Expression(Expression),
    /// A text with expressions between braces.
    Text(Vec<LinkPiece>),
}

/// A part of a text that holds expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkPiece {
    /// As it stands.
    Fixed(String),
    /// What the expression finds.
    Expression(Expression),
}

/// A runtime expression (OpenAPI 3.0.3 §4.7.20.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `$url`.
    Url,
    /// `$method`.
    Method,
    /// `$statusCode`.
    StatusCode,
    /// `$request.…`.
    Request(Source),
    /// `$response.…`.
    Response(Source),
}

/// What of a message an expression looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `header.X-Name`.
    Header(String),
    /// `query.name`.
    Query(String),
    /// `path.name`.
    Path(String),
    /// `body`, or `body#/pointer`.
    Body(Option<Pointer>),
}

impl Expression {
    /// Reads an expression; `None` if the text is none.
    ///
    /// ```
    /// use specwarden::spec::{Expression, Source};
    /// let read = Expression::parse("$request.path.id");
    /// assert_eq!(read, Some(Expression::Request(Source::Path("id".to_owned()))));
    /// assert_eq!(Expression::parse("$request.cookie.id"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "$url" => return Some(Self::Url),
            "$method" => return Some(Self::Method),
            "$statusCode" => return Some(Self::StatusCode),
            _ => {}
        }
        if let Some(source) = text.strip_prefix("$request.") {
            return Source::parse(source).map(Self::Request);
        }
        let source = Source::parse(text.strip_prefix("$response.")?)?;
        // An answer has neither a query nor a path.
        matches!(source, Source::Header(_) | Source::Body(_)).then_some(Self::Response(source))
    }
}

impl Source {
    fn parse(text: &str) -> Option<Self> {
        if text == "body" {
            return Some(Self::Body(None));
        }
        if let Some(pointer) = text.strip_prefix("body#") {
            return Pointer::parse(pointer).map(|pointer| Self::Body(Some(pointer)));
        }
        let (kind, name) = text.split_once('.')?;
        let name = Some(name.to_owned()).filter(|name| !name.is_empty())?;
        match kind {
            "header" => Some(Self::Header(name)),
            "query" => Some(Self::Query(name)),
            "path" => Some(Self::Path(name)),
            _ => None,
        }
    }
}

impl LinkValue {
    /// Reads what stands in a link; the error is the text that looks like an expression and is none.
    pub fn parse(value: &Value) -> Result<Self, String> {
        let Value::String(text) = value else { return Ok(Self::Constant(value.clone())) };
        if text.starts_with('$') {
            return Expression::parse(text).map(Self::Expression).ok_or_else(|| text.clone());
        }
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("{$") {
            let Some((inner, behind)) = after.split_once('}') else { break };
            let whole = format!("${inner}");
            let expression = Expression::parse(&whole).ok_or(whole)?;
            pieces.extend((!before.is_empty()).then(|| LinkPiece::Fixed(before.to_owned())));
            pieces.push(LinkPiece::Expression(expression));
            rest = behind;
        }
        if pieces.is_empty() {
            return Ok(Self::Constant(value.clone()));
        }
        pieces.extend((!rest.is_empty()).then(|| LinkPiece::Fixed(rest.to_owned())));
        Ok(match (pieces.len(), pieces.pop()) {
            (1, Some(LinkPiece::Expression(only))) => Self::Expression(only),
            (_, last) => {
                pieces.extend(last);
                Self::Text(pieces)
            }
        })
    }

    /// The expressions in it.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Expression(expression) => vec![expression],
            Self::Text(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    LinkPiece::Expression(expression) => Some(expression),
                    LinkPiece::Fixed(_) => None,
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: Option<Expression>) {
        assert_eq!(Expression::parse(text), expected, "{text}");
    }

    #[test]
    fn expressions_of_every_kind_are_read() {
        let body = |pointer: &str| Source::Body(Pointer::parse(pointer));
        check("$url", Some(Expression::Url));
        check("$statusCode", Some(Expression::StatusCode));
        check("$response.body", Some(Expression::Response(Source::Body(None))));
        check("$response.body#/data/0/id", Some(Expression::Response(body("/data/0/id"))));
        check("$request.body#/a~1b", Some(Expression::Request(body("/a~1b"))));
        check("$response.header.X-Id", Some(Expression::Response(Source::Header("X-Id".to_owned()))));
        check("$request.query.a.b", Some(Expression::Request(Source::Query("a.b".to_owned()))));
        for wrong in [
            "$response.path.id",
            "$response.body#id",
            "$response.bodyid",
            "$request.header.",
            "$status",
            "id",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn texts_hold_expressions_between_braces() {
        let read = |text: &str| LinkValue::parse(&json!(text));
        let id = || Expression::Request(Source::Path("id".to_owned()));
        assert_eq!(read("plain {not} one"), Ok(LinkValue::Constant(json!("plain {not} one"))));
        assert_eq!(read("{$request.path.id}"), Ok(LinkValue::Expression(id())));
        let pieces = vec![
            LinkPiece::Fixed("a-".to_owned()),
            LinkPiece::Expression(id()),
            LinkPiece::Fixed("-b".to_owned()),
        ];
        assert_eq!(read("a-{$request.path.id}-b"), Ok(LinkValue::Text(pieces)));
        assert_eq!(read("$request.id"), Err("$request.id".to_owned()));
        assert_eq!(LinkValue::parse(&json!(7)), Ok(LinkValue::Constant(json!(7))));
    }
}
