//! Cases without sending them.

use crate::case::{Case, Mode, Phase};
use crate::config::Settings;
use crate::generate::{GenerateError, Generator};
use crate::plan::Seed;
use crate::schema::{Pointer, Validators};
use crate::session::SessionError;
use crate::session::prepare::{base_url, document, find_operation, generate_options, known};
use crate::spec::{Api, Operation, Server};
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;

/// Which cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseMode {
    /// Examples and random valid ones.
    Positive,
    /// One broken rule each.
    Negative,
    /// Each constraint at and inside its limits.
    Boundary,
    /// Valid by the document, and strange.
    Robustness,
    /// All of them.
    All,
}

/// What cases are wanted.
#[derive(Debug, Clone)]
pub struct CaseRequest {
    /// Only this operation, by key or `operationId`.
    pub operation: Option<String>,
    /// Bare values of this schema instead of cases.
    pub schema_pointer: Option<String>,
    /// Which cases.
    pub mode: CaseMode,
    /// How many random ones per operation; a limit for the others.
    pub count: u32,
    /// The seed.
    pub seed: Seed,
}

/// The cases as JSON values, one per line to be: `{operation, mode, reason, parameters, body, wire}`.
pub async fn cases(settings: &Settings, request: &CaseRequest) -> Result<Vec<Value>, SessionError> {
    let loaded = document(settings).await?;
    let api = &loaded.api;
    let base = base_url(settings, &loaded).unwrap_or_else(|_| somewhere(api));
    let validators = Arc::new(Validators::new(&api.document));
    let generator = Generator::with_options(api, validators, generate_options(settings));
    if let Some(pointer) = &request.schema_pointer {
        return values(api, &generator, pointer, request);
    }
    let operations: Vec<&Operation> = match &request.operation {
        Some(wanted) => vec![find_operation(api, wanted)?],
        None => api.operations.iter().collect(),
    };
    let (mut out, mut failed) = (Vec::new(), None);
    for operation in operations {
        let known = known(settings, operation);
        let most = request.count as usize;
        let seed = request.seed.derive(&operation.key);
        let mut cases = Vec::new();
        if matches!(request.mode, CaseMode::Positive | CaseMode::All) {
            cases.extend(generator.examples(operation, &known).into_iter().take(most));
            let random = (0..request.count).map(|index| generator.random(operation, &known, seed, index));
            cases.extend(random.map_while(|made| kept(made, &mut failed)));
        }
        if matches!(request.mode, CaseMode::Boundary | CaseMode::All) {
            cases.extend(generator.boundary(operation, &known).into_iter().take(most));
        }
        if matches!(request.mode, CaseMode::Negative | CaseMode::All) {
            cases.extend(generator.negative(operation, &known).into_iter().take(most));
        }
        if matches!(request.mode, CaseMode::Robustness | CaseMode::All) {
            cases.extend(generator.robustness(operation, &known).into_iter().take(most));
        }
        out.extend(cases.iter().map(|case| line(operation, case, &base)));
    }
    unless_nothing(out, failed)
}

/// Where requests would go if the document does not say: nothing is sent, but a request has an absolute URL.
fn somewhere(api: &Api) -> String {
    let server = api.servers.first().map(Server::url).unwrap_or_default();
    let here = Url::parse("http://localhost").and_then(|here| here.join(&server)).map(String::from);
    let good = here.ok().filter(|url| !url.contains("%7B") && !url.contains(['{', '?', '#']));
    good.unwrap_or_else(|| "http://localhost".to_owned())
}

/// What was made; of the failures, the first is kept.
fn kept<T>(made: Result<T, GenerateError>, failed: &mut Option<GenerateError>) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(error) => {
            failed.get_or_insert(error);
            None
        }
    }
}

/// The lines; if there are none because none can be made, why.
fn unless_nothing(lines: Vec<Value>, failed: Option<GenerateError>) -> Result<Vec<Value>, SessionError> {
    match failed {
        Some(reason) if lines.is_empty() => Err(SessionError::NoCases { reason }),
        _ => Ok(lines),
    }
}

fn line(operation: &Operation, case: &Case, base: &str) -> Value {
    let wire = match case.render(operation, base) {
        Ok(request) => json!(request),
        // The same keys for every case: whoever reads the lines needs no exception for what HTTP cannot carry.
        Err(error) => json!({
            "method": operation.method, "url": null, "headers": [], "body": null, "unsendable": error.to_string(),
        }),
    };
    let mode = match (case.mode, case.phase) {
        (Mode::Negative, _) => "negative",
        (Mode::Robustness, _) => "robustness",
        (Mode::Positive, Phase::Boundary) => "boundary",
        (Mode::Positive, _) => "positive",
    };
    json!({
        "operation": case.operation, "mode": mode, "reason": case.reason,
        "parameters": case.parameters, "body": case.body, "wire": wire,
    })
}

fn values(
    api: &Api,
    generator: &Generator,
    pointer: &str,
    request: &CaseRequest,
) -> Result<Vec<Value>, SessionError> {
    let missing = || SessionError::NoSuchSchema { pointer: pointer.to_owned() };
    let place = Pointer::from_fragment(pointer).or_else(|| Pointer::parse(pointer)).ok_or_else(missing)?;
    api.document.get(&place).ok_or_else(missing)?;
    let seed = request.seed.derive(pointer);
    let mut failed = None;
    let values = (0..request.count).map(|index| generator.value(&place, seed.derive(index)));
    let values = values.filter_map(|made| kept(made, &mut failed)).collect();
    unless_nothing(values, failed)
}
