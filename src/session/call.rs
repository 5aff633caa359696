//! One call, as "Try it out" does.

use crate::case::{BodyValue, Case, ParameterValue, Payload};
use crate::check::{Context, judge};
use crate::client::Transport;
use crate::config::Settings;
use crate::exchange::{Body, Exchange, MediaType, Response};
use crate::finding::Finding;
use crate::generate::Generator;
use crate::schema::Validators;
use crate::secret::{Secret, minted, password_names};
use crate::session::SessionError;
use crate::session::prepare::{base_url, checks, client, document, find_operation, known};
use crate::spec::{Api, Operation};
use serde_json::Value;
use std::sync::Arc;

/// What came of a call.
#[derive(Debug, Clone)]
pub struct Called {
    /// The operation's key.
    pub operation: String,
    /// What went over the wire.
    pub exchange: Exchange,
    /// What the single-answer rules say.
    pub findings: Vec<Finding>,
    /// The rules that could have fired.
    pub exercised: Vec<&'static str>,
    /// Keys that the answer hands out: whoever prints it must mask them.
    pub handed_out: Vec<Secret<String>>,
}

/// Sends one request to one operation: `parameters` and `body` as given, what is required and not given from
/// the document's examples and schemas.
pub async fn call(
    settings: &Settings,
    wanted: &str,
    parameters: &[(String, String)],
    body: Option<Vec<u8>>,
) -> Result<Called, SessionError> {
    let loaded = document(settings).await?;
    let base = base_url(settings, &loaded)?;
    let client = client(settings, &loaded.api, &base)?;
    let operation = find_operation(&loaded.api, wanted)?;
    let validators = Arc::new(Validators::new(&loaded.api.document));
    let generator = Generator::new(&loaded.api, Arc::clone(&validators));
    let known = known(settings, operation);
    let mut case = generator.reach(operation, &known).map_err(|error| SessionError::BadCall {
        reason: format!("no valid request can be made: {error}"),
    })?;
    for (name, text) in parameters {
        set(&mut case, operation, name, text)?;
    }
    if let Some(bytes) = body {
        case.body = Some(given_body(operation, bytes));
    }
    let request =
        case.render(operation, &base).map_err(|error| SessionError::BadCall { reason: error.to_string() })?;
    let exchange = Transport::send(&client, &request, &case.credential, Some(operation)).await;
    let options = checks(settings)?;
    let context = Context { api: &loaded.api, operation, validators: &validators, options: &options };
    let judgement = judge(&context, &case, &exchange);
    let handed_out = handed_out(&loaded.api, &exchange);
    Ok(Called {
        operation: operation.key.to_string(),
        exchange,
        findings: judgement.findings,
        exercised: judgement.exercised,
        handed_out,
    })
}

/// The keys in a successful answer that the request did not bring.
fn handed_out(api: &Api, exchange: &Exchange) -> Vec<Secret<String>> {
    let body = exchange.response().filter(|response| response.is_success()).and_then(Response::json);
    let request = &exchange.request;
    let sent = request.body.as_ref().and_then(Body::text).unwrap_or_default();
    let sent = format!("{} {sent}", request.url);
    let names = password_names(api.document.root());
    body.map(|body| minted(&body, &names, &sent)).unwrap_or_default()
}

fn set(case: &mut Case, operation: &Operation, name: &str, text: &str) -> Result<(), SessionError> {
    let Some(parameter) = operation.parameters.iter().find(|p| p.name == name) else {
        let names: Vec<&str> = operation.parameters.iter().map(|p| p.name.as_str()).collect();
        let reason = format!("{} has no parameter `{name}`; it has: {}", operation.key, names.join(", "));
        return Err(SessionError::BadCall { reason });
    };
    // What reads as JSON is JSON, so that arrays and objects can be given; anything else is text.
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    case.parameters.retain(|p| p.location != parameter.location || p.name != name);
    case.parameters.push(ParameterValue {
        name: name.to_owned(),
        location: parameter.location,
        payload: Payload::Json(value),
    });
    Ok(())
}

fn given_body(operation: &Operation, bytes: Vec<u8>) -> BodyValue {
    let contents = operation.body.as_ref().map(|body| body.contents.as_slice()).unwrap_or_default();
    let is_json = |text: &str| MediaType::parse(text).is_some_and(|media| media.is_json());
    let media = contents.iter().map(|content| &content.media_type).find(|media| is_json(media));
    let media = media.or_else(|| contents.first().map(|content| &content.media_type));
    let media_type = media.cloned().unwrap_or_else(|| "application/json".to_owned());
    BodyValue { media_type, payload: Payload::Raw(Body(bytes)) }
}
