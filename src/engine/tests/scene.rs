//! A small API, a script that serves it, and a walk of it.

use crate::case::Credential;
use crate::check::CheckOptions;
use crate::client::{Outcome, Scripted, Transport};
use crate::engine::{Emitter, EngineError, EngineOptions, Night, Stages, walk};
use crate::event::{Event, EventKind, IncidentKind, OperationReport, RunOutcome};
use crate::exchange::{Body, Exchange, Request, Response};
use crate::finding::Finding;
use crate::generate::Generator;
use crate::plan::{Budget, PlanOptions, Safety, Seed, plan};
use crate::schema::Validators;
use crate::spec::{Operation, parse};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What a walk told.
pub(super) struct Told {
    pub(super) events: Vec<EventKind>,
    pub(super) outcome: RunOutcome,
    /// Method and URL of every request, in order.
    pub(super) sent: Vec<String>,
}

impl Told {
    pub(super) fn findings(&self) -> Vec<&Finding> {
        let finding = |event: &'_ EventKind| matches!(event, EventKind::FindingReported { .. });
        let reported = self.events.iter().filter(|event| finding(event));
        reported
            .filter_map(|event| match event {
                EventKind::FindingReported { finding } => Some(finding),
                _ => None,
            })
            .collect()
    }

    /// Rule, operation and classification of each finding.
    pub(super) fn verdicts(&self) -> Vec<String> {
        let one = |finding: &&Finding| {
            let operation = finding.operation.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {operation}: {}", finding.rule, finding.classification)
        };
        self.findings().iter().map(one).collect()
    }

    pub(super) fn incidents(&self, kind: IncidentKind) -> Vec<&str> {
        let of_kind = self.events.iter().filter_map(|event| match event {
            EventKind::IncidentHappened { incident } if incident.kind == kind => Some(&*incident.message),
            _ => None,
        });
        of_kind.collect()
    }

    pub(super) fn accounts(&self) -> Vec<&OperationReport> {
        let finished = self.events.iter().filter_map(|event| match event {
            EventKind::OperationFinished { report } => Some(report),
            _ => None,
        });
        finished.collect()
    }

    /// The stages that began, in order.
    pub(super) fn stages(&self) -> Vec<&str> {
        let begun = self.events.iter().filter_map(|event| match event {
            EventKind::StageStarted { stage, .. } => Some(stage.as_str()),
            _ => None,
        });
        begun.collect()
    }

    /// Cases per operation in stage `test`.
    pub(super) fn tested(&self) -> BTreeMap<String, u64> {
        self.cases_of("test")
    }

    /// Cases per operation in this stage.
    pub(super) fn cases_of(&self, wanted: &str) -> BTreeMap<String, u64> {
        let mut stage = "";
        let mut counts = BTreeMap::new();
        for event in &self.events {
            match event {
                EventKind::StageStarted { stage: name, .. } => stage = name,
                EventKind::CaseFinished { case, .. } if stage == wanted => {
                    *counts.entry(case.operation.to_string()).or_default() += 1;
                }
                _ => {}
            }
        }
        counts
    }
}

/// A walk and what it may spend.
pub(super) struct Scene {
    pub(super) options: EngineOptions,
    pub(super) seed: Seed,
    pub(super) random: u32,
    /// The script's clock: what it says after so many requests.
    pub(super) clock: fn(u64) -> Duration,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            options: EngineOptions {
                document: "Things".to_owned(),
                base_url: "http://127.0.0.1".to_owned(),
                workers: 4,
                stages: Stages { test: true, snapshot: false, bench: false },
                focus: None,
                checks: CheckOptions::default(),
                keys: Vec::new(),
                has_main_key: true,
                placeholders: Vec::new(),
                given: crate::plan::GivenValues::default(),
                max_requests: 100_000,
                max_time: None,
                max_operation_time: None,
                patience: Duration::ZERO,
                settle: None,
                shrink_requests: 4,
                bench_requests: 0,
                bench_warm_up: 0,
                bench_time: Duration::ZERO,
            },
            seed: Seed(7),
            random: 10,
            clock: |requests| Duration::from_millis(requests * 10),
        }
    }
}

impl Scene {
    /// Walks `document` against `answer`, which is asked with each request and its number, from 1.
    pub(super) async fn walk(
        &self,
        document: Value,
        answer: impl FnMut(&Request, u64) -> Outcome + Send + 'static,
    ) -> Told {
        self.try_walk(document, answer).await.expect("a walk")
    }

    /// The same, where the walk may have to give up.
    pub(super) async fn try_walk(
        &self,
        document: Value,
        mut answer: impl FnMut(&Request, u64) -> Outcome + Send + 'static,
    ) -> Result<Told, EngineError> {
        let (api, issues) = parse(document).expect("an API");
        assert_eq!(issues, []);
        let plan = plan(
            &api,
            &PlanOptions {
                seed: self.seed,
                safety: Safety::OwnResources,
                budget: Budget { random: self.random, cases: 400 },
                include: Vec::new(),
                exclude: Vec::new(),
                declared_safe: Vec::new(),
            },
        );
        let validators = Arc::new(Validators::new(&api.document));
        let generator = Generator::new(&api, Arc::clone(&validators));
        let count = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&count);
        let transport = Paced(Scripted::new(move |request, credential| {
            let number = counter.fetch_add(1, Ordering::Relaxed) + 1;
            if *credential == Credential::Main { answer(request, number) } else { refusal() }
        }));
        let mut events = Vec::new();
        let mut listen = |event: &Event| events.push(event.kind.clone());
        let time = self.clock;
        let clock = move || time(count.load(Ordering::Relaxed));
        let mut emitter = Emitter::with_clock(vec![&mut listen], clock);
        let night = Night {
            api: &api,
            plan: &plan,
            transport: &transport,
            generator: &generator,
            validators: &validators,
            options: &self.options,
            snapshots: None,
            accepted_latency: &BTreeMap::new(),
            cancel: &CancellationToken::new(),
        };
        let outcome = walk(night, &mut emitter).await?;
        drop(emitter);
        let line = |request: &Request| format!("{} {}", request.method, request.url);
        let sent = transport.0.sent().iter().map(|(request, _)| line(request)).collect();
        Ok(Told { events, outcome, sent })
    }
}

/// A script whose answers take as many milliseconds as their header `x-took-ms` says.
struct Paced(Scripted);

impl Transport for Paced {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        credential: &'a Credential,
        operation: Option<&'a Operation>,
    ) -> BoxFuture<'a, Exchange> {
        let answer = self.0.send(request, credential, operation);
        let paced = answer.map(|mut exchange| {
            let took = exchange.response().and_then(|response| response.header("x-took-ms"));
            exchange.timing.total_us = took.and_then(|took| took.parse::<u64>().ok()).unwrap_or(0) * 1000;
            exchange
        });
        paced.boxed()
    }
}

/// Things that can be created and removed, and three questions with a limit each.
pub(super) fn document() -> Value {
    let answers = |status: &str, schema: Value| {
        let mut answers =
            json!({"400": {"description": ""}, "404": {"description": ""}, "401": {"description": ""}});
        answers[status] = match schema {
            Value::Null => json!({"description": ""}),
            schema => json!({"description": "", "content": {"application/json": {"schema": schema}}}),
        };
        answers
    };
    let thing = json!({
        "type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    });
    let input = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 9}}});
    let id =
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}});
    let limit =
        json!({"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}});
    let question = json!({"parameters": [limit], "responses": answers("200", json!({"type": "object"}))});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
        "security": [{"key": []}],
        "paths": {
            "/things": {
                "get": {"responses": answers("200", json!({"type": "array", "items": thing}))},
                "post": {
                    "requestBody": {"required": true, "content": {"application/json": {"schema": input}}},
                    "responses": answers("201", thing.clone()),
                },
            },
            "/things/{id}": {
                "parameters": [id],
                "get": {"responses": answers("200", thing)},
                "delete": {"responses": answers("204", Value::Null)},
            },
            "/alpha": {"get": question.clone()},
            "/beta": {"get": question.clone()},
            "/gamma": {"get": question},
        },
    })
}

/// A server that keeps to [`document`].
#[derive(Default)]
pub(super) struct Things {
    next: i64,
    kept: BTreeMap<i64, Value>,
}

impl Things {
    pub(super) fn answer(&mut self, request: &Request) -> Outcome {
        let url = url::Url::parse(&request.url).expect("a URL");
        let id = url.path().strip_prefix("/things/").map(|id| id.parse::<i64>().unwrap_or(0));
        match (request.method.as_str(), url.path(), id) {
            ("GET", "/things", _) => {
                Scripted::json(200, &self.kept.values().cloned().collect::<Vec<_>>().into())
            }
            ("POST", "/things", _) => self.create(request),
            ("GET", _, Some(id)) => match self.kept.get(&id) {
                Some(thing) => Scripted::json(200, thing),
                None => Scripted::json(404, &json!({})),
            },
            ("DELETE", _, Some(id)) => match self.kept.remove(&id) {
                Some(_) => bare(204),
                None => bare(404),
            },
            _ => {
                let limit =
                    url.query_pairs().find(|(name, _)| name == "limit").map(|(_, value)| value.into_owned());
                match limit.map(|limit| limit.parse::<i64>()) {
                    None | Some(Ok(1..=50)) => Scripted::json(200, &json!({})),
                    Some(_) => Scripted::json(400, &json!({})),
                }
            }
        }
    }

    fn create(&mut self, request: &Request) -> Outcome {
        let json = ("content-type".to_owned(), "application/json".to_owned());
        if !request.headers.contains(&json) {
            return bare(415);
        }
        let body = request.body.as_ref().and_then(|body| serde_json::from_slice::<Value>(body.bytes()).ok());
        let name = body.as_ref().and_then(|body| body.get("name")).and_then(Value::as_str);
        match name.filter(|name| name.chars().count() <= 9) {
            Some(name) => {
                self.next += 1;
                let thing = json!({"id": self.next, "name": name});
                self.kept.insert(self.next, thing.clone());
                Scripted::json(201, &thing)
            }
            None => Scripted::json(400, &json!({})),
        }
    }
}

/// What others than the main key are told.
#[expect(clippy::unnecessary_wraps, reason = "an outcome like the others")]
fn refusal() -> Outcome {
    let headers = vec![("www-authenticate".to_owned(), "ApiKey".to_owned())];
    Ok(Response { status: 401, headers, body: Body::default(), truncated: false, packed: None })
}

/// An answer without content.
#[expect(clippy::unnecessary_wraps, reason = "an outcome like the others")]
pub(super) fn bare(status: u16) -> Outcome {
    Ok(Response { status, headers: Vec::new(), body: Body::default(), truncated: false, packed: None })
}
