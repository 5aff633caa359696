//! Values with meaning, through whole nights: lessons of refusals, configured values, strange cases.

use crate::conforming::{Call, Habit, Reply, Service, object, openapi, operation, settings};
use serde_json::{Map, Value, json};
use specwarden::config::Settings;
use specwarden::event::IncidentKind;
use specwarden::generate::TextFamily;
use specwarden::plan::{Candidates, Given, NamePattern, Selector};
use specwarden::report::Night;
use specwarden::secret::Secret;
use specwarden::session::{Stages, run};
use tokio_util::sync::CancellationToken;

const TEST: Stages = Stages { test: true, snapshot: false, bench: false, diff: false };

/// Wants more of an order than its document says, and says so in the way of a common framework. Keeps what it takes.
#[derive(Default)]
struct Demanding {
    orders: Vec<Value>,
}

impl Habit for Demanding {
    fn document(&self) -> Value {
        let moment = json!({"type": "string", "format": "date"});
        openapi(
            "Demanding",
            json!({"/orders": {
                "get": operation("", &[("200", "[Order]")]),
                "post": operation("OrderInput", &[("201", "Order"), ("422", "Refusal")]),
            }}),
            json!({
                "Refusal": {"type": "object", "required": ["detail"]},
                "Order": object(1, json!({"id": {"type": "integer"}})),
                "OrderInput": object(2, json!({
                    "customer": {"type": "string", "maxLength": 40}, "kind": {"type": "string"},
                    "amount": {"type": "integer", "minimum": 0, "maximum": 1000},
                    "starts_on": moment, "ends_on": moment,
                })),
            }),
        )
    }

    fn answer(&mut self, call: &Call) -> Reply {
        if call.head.method == "GET" {
            return Reply::json(200, &self.orders.clone().into());
        }
        let mut wrong = Vec::new();
        let mut refuse =
            |name: &str, message: &str| wrong.push(json!({"loc": ["body", name], "msg": message}));
        if call.body["customer"].as_str().is_none_or(|name| name.chars().count() < 9) {
            refuse("customer", "String should have at least 9 characters");
        }
        if !["retail", "trade"].map(Value::from).contains(&call.body["kind"]) {
            refuse("kind", "Input should be 'retail' or 'trade'");
        }
        if call.body["amount"].is_null() {
            refuse("amount", "Field required");
        }
        if !wrong.is_empty() {
            return Reply::json(422, &json!({"detail": wrong}));
        }
        let mut order: Map<String, Value> = call.members();
        order.insert("id".to_owned(), json!(self.orders.len() + 1));
        self.orders.push(order.clone().into());
        Reply::json(201, &order.into())
    }
}

async fn night(workers: usize, change: impl FnOnce(&mut Settings)) -> (Night, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let service = Service::start(Demanding::default()).await;
    let mut settings = settings(&service.url(), folder.path(), 3, workers);
    change(&mut settings);
    let mut fold = Night::default();
    let finished = run(&settings, TEST, &[], &CancellationToken::new(), vec![&mut fold]).await;
    let finished = finished.expect("the night is walked");
    assert!(finished.leaks.is_empty(), "a secret leaked: {:?}", finished.leaks);
    let log = std::fs::read_to_string(finished.folder.join("events.jsonl")).expect("a log");
    (fold, log)
}

fn told(night: &Night, kind: IncidentKind) -> Vec<String> {
    night.incidents_of(kind).map(|incident| incident.message.clone()).collect()
}

fn rules(night: &Night) -> Vec<&str> {
    night.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_teach_and_hide_nothing() {
    let mut seen = Vec::new();
    for workers in [1, 4, 16] {
        let (night, _) = night(workers, |_| {}).await;
        let post =
            night.operations.iter().find(|o| o.operation.as_str() == "POST /orders").expect("an account");
        assert!(post.statuses.get(&201).is_some_and(|n| *n >= 5), "{:?}", post.statuses);
        // What the document allows is refused all the same, and that is said.
        assert_eq!(rules(&night), ["positive-data-rejected"]);
        assert!(
            night.findings[0].title.starts_with("refuses every valid request"),
            "{:?}",
            night.findings[0]
        );
        seen.push((told(&night, IncidentKind::Learned), post.statuses.clone()));
    }
    assert_eq!(
        seen[0].0,
        [
            "the server also wants `amount` required; `customer` at least 9 characters; `kind` one of retail, trade"
        ]
    );
    assert!(seen.iter().all(|one| *one == seen[0]), "workers make no difference: {seen:#?}");
}

/// What the server wants, as a user would write it down.
fn friendly() -> Given {
    let candidates = |names: &str, values: &[Value]| Candidates {
        names: NamePattern::parse(names).expect("a pattern"),
        values: values.to_vec(),
    };
    Given {
        fixed: [("amount".to_owned(), json!(7))].into_iter().collect(),
        candidates: vec![
            candidates("kind", &[json!("retail"), json!("trade"), json!(12)]),
            candidates("custom*", &[json!("customer-secret-1")]),
        ],
        bodies: vec![json!({"customer": "customer-secret-1", "kind": "trade", "amount": 7})],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn configured_values_open_the_door_and_secrets_in_them_stay_hidden() {
    let (night, log) = night(4, |settings| {
        let post = Selector::parse("POST /orders").expect("a pattern");
        settings.values.given.by_operation.push((post, friendly()));
        settings.values.hidden.push(Secret::new("customer-secret-1".to_owned()));
    })
    .await;
    assert_eq!(
        rules(&night).iter().filter(|rule| **rule == "positive-data-rejected").count(),
        0,
        "{night:?}"
    );
    let post = night.operations.iter().find(|o| o.operation.as_str() == "POST /orders").expect("an account");
    assert_eq!(post.not_exercised, None);
    assert!(post.statuses.get(&201).is_some_and(|n| *n >= 10), "{:?}", post.statuses);
    assert!(!log.contains("customer-secret-1"));
    assert_eq!(
        told(&night, IncidentKind::Configuration),
        ["`operations.\"POST /orders\".values.kind`: 12 is valid nowhere and is not sent"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_means_nothing_in_the_configuration_is_told() {
    let (night, _) = night(4, |settings| {
        let given = &mut settings.values.given;
        given.everywhere.fixed.insert("custmer".to_owned(), json!("x"));
        given.everywhere.fixed.insert("amount".to_owned(), json!(5000));
        for (pattern, body) in
            [("POST /order", json!({})), ("POST /orders", json!({"customer": 1})), ("GET /orders", json!({}))]
        {
            let selector = Selector::parse(pattern).expect("a pattern");
            given.by_operation.push((selector, Given { bodies: vec![body], ..Given::default() }));
        }
    })
    .await;
    let told = told(&night, IncidentKind::Configuration);
    let expected = [
        "`parameters.amount`: 5000 is valid nowhere and is not sent",
        "`parameters.custmer` is no parameter or property of the document; did you mean `customer`?",
        "`operations.\"POST /order\"` takes no operation of the document; did you mean `POST /orders`?",
        "the body of `operations.\"POST /orders\"` is not valid and is not sent: ",
        "`operations.\"GET /orders\"` has a body, and the operation takes none",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}\n{expected}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_texts_and_ranges_turned_round_are_borne_and_may_be_refused() {
    let strange = |settings: &mut Settings| {
        settings.test.families = TextFamily::ALL.into_iter().collect();
        let post = Selector::parse("POST /orders").expect("a pattern");
        settings.values.given.by_operation.push((post, friendly()));
    };
    let (quiet, _) = night(4, strange).await;
    assert_eq!(rules(&quiet), Vec::<&str>::new(), "{:#?}", quiet.findings);
    let (asked, _) = night(4, |settings| {
        strange(settings);
        settings.test.enable.push("inverted-range-accepted".to_owned());
    })
    .await;
    assert_eq!(rules(&asked), ["inverted-range-accepted"], "{:#?}", asked.findings);
    assert!(asked.findings[0].title.contains("starts_on above ends_on"), "{}", asked.findings[0].title);
}
