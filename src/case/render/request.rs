//! The request as a whole: URL, headers, body.

use crate::case::render::body;
use crate::case::render::encode::{path_text, query_text};
use crate::case::render::style::{is_token, parameter_text};
use crate::case::{Case, ParameterValue, Payload, RenderError};
use crate::exchange::{Body, MediaType, Request};
use crate::spec::{Location, Operation, Parameter, PathSegment, StatusPattern, Style};
use std::borrow::Cow;

/// Headers that frame the message or belong to the connection (RFC 9110 §7.6.1): the client's business.
/// A document that declares one as a parameter gets it as HTTP needs it, not as the case chose it.
const CONNECTION: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Case {
    /// The request that says what this case says, to be sent below `base_url`. No credential is on it.
    ///
    /// ```
    /// use specwarden::case::{Case, Credential, Mode, ParameterValue, Payload, Phase, Reason};
    /// use specwarden::exchange::Method;
    /// use specwarden::schema::Pointer;
    /// use specwarden::spec::{Location, Operation, OperationKey, PathTemplate};
    ///
    /// let operation = Operation {
    ///     key: OperationKey::new(Method::Get, "/pets/{id}"), id: None, method: Method::Get,
    ///     path: PathTemplate::parse("/pets/{id}"), summary: None, tags: vec![], deprecated: false,
    ///     parameters: vec![], body: None, responses: vec![], security: vec![], servers: vec![],
    ///     doubles: Default::default(), pointer: Pointer::root(),
    /// };
    /// let case = Case {
    ///     operation: operation.key.clone(), mode: Mode::Positive, phase: Phase::Reach, index: 0,
    ///     reason: Reason { pointer: Pointer::root(), keyword: String::new(), how: String::new(), part: String::new() },
    ///     parameters: vec![ParameterValue {
    ///         name: "id".to_owned(), location: Location::Path, payload: Payload::Json("a/b".into()),
    ///     }],
    ///     body: None, credential: Credential::Main,
    /// };
    /// let request = case.render(&operation, "http://127.0.0.1/api/").unwrap();
    /// assert_eq!(request.url, "http://127.0.0.1/api/pets/a%2Fb");
    /// ```
    pub fn render(&self, operation: &Operation, base_url: &str) -> Result<Request, RenderError> {
        if operation.doubles.is_empty() {
            self.written(operation, base_url)
        } else {
            self.with_digits(operation).written(operation, base_url)
        }
    }

    /// This case with the digits that its doubles have in the document.
    fn with_digits(&self, operation: &Operation) -> Self {
        let doubles = &operation.doubles;
        let mut case = self.clone();
        for parameter in &mut case.parameters {
            let declared = operation.parameter(parameter.location, &parameter.name);
            // In a media type of its own, a number may be another thing than its text.
            let is_styled = declared.is_none_or(|parameter| parameter.content_type.is_none());
            if let (Payload::Json(value), true) = (&parameter.payload, is_styled) {
                parameter.payload = Payload::Json(doubles.spelled(value));
            }
        }
        if let Some(body) = &mut case.body
            && let (Payload::Json(value), Some(media_type)) =
                (&body.payload, MediaType::parse(&body.media_type))
            && media_type.is_json()
        {
            body.payload = Payload::Raw(Body(doubles.json(value).into_bytes()));
        }
        case
    }

    fn written(&self, operation: &Operation, base_url: &str) -> Result<Request, RenderError> {
        let mut url = base(base_url)?;
        url.push_str(&self.path(operation)?);
        let query = self.query(operation)?;
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query);
        }
        let mut headers = self.headers(operation)?;
        if !headers.iter().any(|(name, _)| name == "accept") {
            headers.insert(0, ("accept".to_owned(), accept(operation)));
        }
        let body = match &self.body {
            None => None,
            Some(value) => {
                let written = body::write(value, operation.body_content(&value.media_type))?;
                if !written.content_type.is_empty() {
                    headers.retain(|(name, _)| name != "content-type");
                    let text = carried("the content type", written.content_type)?;
                    headers.push(("content-type".to_owned(), text));
                }
                Some(written.body)
            }
        };
        Ok(Request { method: operation.method, url, headers, body })
    }

    fn path(&self, operation: &Operation) -> Result<String, RenderError> {
        let mut path = String::new();
        // The parameter that last wrote into the current segment, to name it when the segment is a bad one.
        let mut culprit: Option<&str> = None;
        for piece in operation.path.segments() {
            match piece {
                PathSegment::Text(text) => {
                    if let Some((before, _)) = text.split_once('/') {
                        let segment = format!("{}{}", last_segment(&path), path_text(before.as_bytes()));
                        check_segment(&segment, culprit.take())?;
                    }
                    path.push_str(&path_text(text.as_bytes()));
                }
                PathSegment::Parameter(name) => {
                    let text = self.path_value(operation, name)?;
                    if text.is_empty() {
                        return Err(RenderError::PathRewritten { name: name.clone(), text });
                    }
                    // What is sent as it stands may have slashes of its own.
                    let joined = format!("{}{text}", last_segment(&path));
                    for segment in joined.rsplit('/').skip(1).filter(|segment| !segment.is_empty()) {
                        check_segment(segment, Some(name))?;
                    }
                    path.push_str(&text);
                    culprit = Some(name);
                }
            }
        }
        check_segment(last_segment(&path), culprit)?;
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        Ok(path)
    }

    fn path_value(&self, operation: &Operation, name: &str) -> Result<String, RenderError> {
        let chosen = self.parameters.iter().find(|p| p.location == Location::Path && p.name == name);
        let chosen = chosen.ok_or_else(|| RenderError::MissingPathParameter { name: name.to_owned() })?;
        match &chosen.payload {
            Payload::Raw(raw) => Ok(path_text(raw.bytes())),
            Payload::Json(value) => {
                let parameter = declared(operation, chosen);
                Ok(parameter_text(&parameter, value)?.unwrap_or_default())
            }
        }
    }

    fn query(&self, operation: &Operation) -> Result<String, RenderError> {
        let mut texts = Vec::new();
        for chosen in self.parameters.iter().filter(|p| is_query(p.location)) {
            let text = match &chosen.payload {
                Payload::Raw(raw) => query_text(raw.bytes()),
                Payload::Json(value) => {
                    let parameter = declared(operation, chosen);
                    present(&parameter, parameter_text(&parameter, value)?)?.unwrap_or_default()
                }
            };
            if !text.is_empty() {
                texts.push(text);
            }
        }
        Ok(texts.join("&"))
    }

    fn headers(&self, operation: &Operation) -> Result<Vec<(String, String)>, RenderError> {
        let mut headers = Vec::new();
        let mut cookies = Vec::new();
        for chosen in &self.parameters {
            let part = format!("{} parameter {}", chosen.location, chosen.name);
            let into = match chosen.location {
                Location::Path | Location::Query | Location::Querystring => continue,
                Location::Header => &mut headers,
                Location::Cookie => &mut cookies,
            };
            let name = chosen.name.to_ascii_lowercase();
            let text = match &chosen.payload {
                Payload::Raw(raw) => {
                    let text = raw.text().ok_or_else(|| unsendable(&part, "not UTF-8"))?;
                    check_bytes(&part, text)?;
                    Some(text.to_owned())
                }
                Payload::Json(_)
                    if chosen.location == Location::Header && CONNECTION.contains(&name.as_str()) =>
                {
                    None
                }
                Payload::Json(value) => {
                    let parameter = declared(operation, chosen);
                    let text = present(&parameter, parameter_text(&parameter, value)?)?;
                    text.map(|text| carried(&part, text)).transpose()?
                }
            };
            if !is_token(&name) {
                return Err(unsendable(&part, &format!("not a {} name", chosen.location)));
            }
            into.extend(text.map(|text| (name, text)));
        }
        if !cookies.is_empty() {
            let all: Vec<String> = cookies.into_iter().map(|(_, text)| text).collect();
            headers.push(("cookie".to_owned(), all.join("; ")));
        }
        Ok(headers)
    }
}

fn is_query(location: Location) -> bool {
    matches!(location, Location::Query | Location::Querystring)
}

/// The parameter as declared, or with the defaults of its location if the document knows no such one.
fn declared<'o>(operation: &'o Operation, chosen: &ParameterValue) -> Cow<'o, Parameter> {
    if let Some(parameter) = operation.parameter(chosen.location, &chosen.name) {
        return Cow::Borrowed(parameter);
    }
    let form = matches!(chosen.location, Location::Query | Location::Cookie);
    Cow::Owned(Parameter {
        name: chosen.name.clone(),
        location: chosen.location,
        required: false,
        style: if form { Style::Form } else { Style::Simple },
        explode: form,
        allow_reserved: false,
        allow_empty: false,
        schema: None,
        content_type: None,
        examples: Vec::new(),
        pointer: operation.pointer.clone(),
    })
}

fn present(parameter: &Parameter, text: Option<String>) -> Result<Option<String>, RenderError> {
    if text.is_none() && parameter.required {
        return Err(RenderError::Vanishes { location: parameter.location, name: parameter.name.clone() });
    }
    Ok(text)
}

fn accept(operation: &Operation) -> String {
    let of = |wanted: fn(StatusPattern) -> bool| {
        let mut types: Vec<&str> = Vec::new();
        for response in operation.responses.iter().filter(|response| wanted(response.status)) {
            for content in &response.contents {
                let text = content.media_type.trim();
                if is_visible(text) && !types.contains(&text) {
                    types.push(text);
                }
            }
        }
        types.join(", ")
    };
    let success = of(|status| match status {
        StatusPattern::Code(code) => (200..300).contains(&code),
        StatusPattern::Range(digit) => digit == 2,
        StatusPattern::Default => false,
    });
    let chosen = if success.is_empty() { of(|status| status == StatusPattern::Default) } else { success };
    if chosen.is_empty() { "*/*".to_owned() } else { chosen }
}

fn base(base_url: &str) -> Result<String, RenderError> {
    let error = || RenderError::BaseUrl { url: base_url.to_owned() };
    let url = url::Url::parse(base_url).map_err(|_| error())?;
    let fits = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if !fits {
        return Err(error());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Refuses a segment that a URL library would remove; only if a parameter made it so.
fn check_segment(segment: &str, culprit: Option<&str>) -> Result<(), RenderError> {
    let Some(name) = culprit else { return Ok(()) };
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    if matches!(plain.as_str(), "" | "." | "..") {
        return Err(RenderError::PathRewritten { name: name.to_owned(), text: segment.to_owned() });
    }
    Ok(())
}

/// A header value that arrives as it was sent: visible ASCII with inner blanks (RFC 9110 §5.5).
fn carried(part: &str, text: String) -> Result<String, RenderError> {
    if !text.is_ascii() {
        return Err(unsendable(part, "HTTP carries only ASCII in a header reliably"));
    }
    check_bytes(part, &text)?;
    Ok(text)
}

fn check_bytes(part: &str, text: &str) -> Result<(), RenderError> {
    if text.chars().any(|c| c != '\t' && c.is_control()) {
        return Err(unsendable(part, "HTTP does not allow control characters in a header"));
    }
    if text.trim_matches([' ', '\t']).len() != text.len() {
        return Err(unsendable(part, "HTTP strips blanks around a header's value"));
    }
    Ok(())
}

fn unsendable(part: &str, reason: &str) -> RenderError {
    RenderError::Unsendable { part: part.to_owned(), reason: reason.to_owned() }
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b))
}
