//! Verbs about single cases: `generate` prints them, `try` sends one.

use crate::cli::Exit;
use crate::cli::arguments::{GenerateArguments, GlobalArguments, TryArguments};
use crate::cli::choices::ModeChoice;
use crate::cli::failure::Failure;
use crate::cli::layer::{Need, settings};
use crate::cli::output::{Output, forgive};
use crate::config::{File, Settings, TestFile};
use crate::exchange::{Body, Exchange};
use crate::report::terminal;
use crate::session::{Called, CaseMode, CaseRequest, baseline, call, cases, today};

/// Cases as JSON lines.
pub(super) async fn generate(
    global: &GlobalArguments,
    flags: &GenerateArguments,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let families = (!flags.families.is_empty()).then(|| flags.families.clone());
    let test = TestFile { seed: flags.seed, families, ..TestFile::default() };
    let layer = File { spec: flags.spec.clone(), remote_refs: flags.remote_refs, test, ..File::default() };
    let settings = settings(global, layer, Need::Nothing)?;
    let request = CaseRequest {
        operation: flags.operation.clone(),
        schema_pointer: flags.schema.clone(),
        mode: match flags.mode {
            ModeChoice::Positive => CaseMode::Positive,
            ModeChoice::Negative => CaseMode::Negative,
            ModeChoice::Boundary => CaseMode::Boundary,
            ModeChoice::Robustness => CaseMode::Robustness,
            ModeChoice::All => CaseMode::All,
        },
        count: flags.number,
        seed: settings.test.seed,
    };
    for case in cases(&settings, &request).await? {
        let line = settings.masker().mask(&case.to_string()).into_owned();
        if let Err(error) = writeln!(output.data, "{line}") {
            forgive(Err(error))?;
            break;
        }
    }
    Ok(Exit::Clean)
}

/// One call: request, answer, what the rules say.
#[expect(clippy::disallowed_methods, reason = "`--body @file` is a file of the user's")]
pub(super) async fn call_once(
    global: &GlobalArguments,
    flags: &TryArguments,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let layer = File { spec: Some(flags.spec.clone()), ..File::from(&flags.target) };
    let settings = settings(global, layer, Need::Target)?;
    let body = match flags.body.as_deref().map(|body| body.strip_prefix('@').ok_or(body)) {
        None => None,
        Some(Err(text)) => Some(text.as_bytes().to_vec()),
        Some(Ok(path)) => Some(std::fs::read(path).map_err(|error| {
            Failure::new(Exit::Usage, error).hint(format!("`--body @{path}` reads the file `{path}`"))
        })?),
    };
    let mut called = call(&settings, &flags.operation, &flags.values, body).await?;
    if let Some(known) = baseline(&settings, today())? {
        for finding in &mut called.findings {
            finding.known = known.knows(finding);
        }
    }
    let mut masker = settings.masker();
    called.handed_out.iter().for_each(|secret| masker.learn(secret));
    output.data(&masker.mask(&text(&called)))?;
    let layout = output.layout(&settings.gate, masker);
    output.data(&terminal::findings(&called.findings, &layout))?;
    Ok(verdict(&called, &settings))
}

fn verdict(called: &Called, settings: &Settings) -> Exit {
    if called.exchange.response().is_none() {
        Exit::Target
    } else if called.findings.iter().any(|finding| settings.gate.fails(finding)) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

fn text(called: &Called) -> String {
    let Exchange { request, outcome, timing, .. } = &called.exchange;
    let mut out = format!("> {} {}\n", request.method, request.url);
    headers(&mut out, "> ", &request.headers);
    if let Some(content) = &request.body {
        body(&mut out, content);
    }
    match outcome {
        Ok(response) => {
            out.push_str(&format!("\n< {}  {:.1} ms\n", response.status, timing.total_us as f64 / 1000.0));
            headers(&mut out, "< ", &response.headers);
            body(&mut out, &response.body);
            if let Some(packed) = &response.packed {
                let fault = packed.fault.as_deref().unwrap_or("unpacked here");
                out.push_str(&format!("… packed, {} bytes on the wire: {fault}\n", packed.wire_bytes));
            }
            if response.truncated {
                out.push_str("… cut at the size limit\n");
            }
        }
        Err(error) => out.push_str(&format!("\n< no answer: {}: {}\n", error.kind, harmless(&error.message))),
    }
    out.push('\n');
    match called.exercised.as_slice() {
        [] => out.push_str("no rule could judge this answer\n"),
        rules => out.push_str(&format!("judged by {}\n", rules.join(", "))),
    }
    out
}

fn headers(out: &mut String, mark: &str, headers: &[(String, String)]) {
    for (name, value) in headers {
        out.push_str(&format!("{mark}{name}: {}\n", harmless(value)));
    }
}

/// A body, JSON made readable; bytes that are no text are counted, not shown.
fn body(out: &mut String, body: &Body) {
    if body.is_empty() {
        return;
    }
    out.push('\n');
    let pretty = serde_json::from_slice::<serde_json::Value>(body.bytes())
        .ok()
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    match pretty.as_deref().or(body.text()) {
        Some(text) => out.push_str(harmless(text).trim_end()),
        None => out.push_str(&format!("({} bytes that are no text)", body.bytes().len())),
    }
    out.push('\n');
}

/// What a target answers must not steer the reader's terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '�' } else { c }).collect()
}
