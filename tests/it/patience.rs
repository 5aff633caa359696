//! `--patience`: how long a night waits for a target that went away, through the binary.

use crate::binary::{KEY as VARIABLE, Place, Told};
use crate::conforming::{Call, Habit, Head, KEY, Reply, Service, object, openapi, operation, query, with};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Requests that are answered before the target goes away.
const ANSWERED: u32 = 12;

/// A service that is restarted in the middle of the night: 503 to everybody for as long as that takes.
struct Restarts {
    left: u32,
    takes: Duration,
    began: Option<Instant>,
}

impl Habit for Restarts {
    fn document(&self) -> Value {
        let limit = query("limit", json!({"type": "integer", "minimum": 1, "maximum": 50}));
        let list = with(operation("", &[("200", "[Pet]")]), json!([limit]));
        let pet = object(1, json!({"id": {"type": "integer"}}));
        openapi("Restarts", json!({"/pets": {"get": list}}), json!({"Pet": pet}))
    }

    fn gate(&mut self, head: &Head) -> Option<Reply> {
        if head.path == "/openapi.json" {
            return None;
        }
        if self.left > 0 {
            self.left -= 1;
            return None;
        }
        let began = *self.began.get_or_insert_with(Instant::now);
        (began.elapsed() < self.takes).then(|| Reply::problem(503, "back in a moment"))
    }

    fn answer(&mut self, _: &Call) -> Reply {
        Reply::json(200, &json!([{"id": 1}]))
    }
}

async fn night(takes: Duration, patience: &str) -> (Told, Duration) {
    let service = Service::start(Restarts { left: ANSWERED, takes, began: None }).await;
    // The flag is the last word.
    let place = Place::new()
        .with("specwarden.toml", "[test]\npatience_s = 90\nrandom_cases = 4\n")
        .variable(VARIABLE, KEY);
    let (url, document) = (service.url(), format!("{}/openapi.json", service.url()));
    let began = Instant::now();
    let told = place.run(&["test", &document, "--base-url", &url, "--workers", "2", "--patience", patience]);
    (told, began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_is_waited_for_and_the_night_goes_on() {
    let (told, _) = night(Duration::from_millis(250), "8").await;
    assert_eq!(told.code, Some(0), "{}", told.transcript());
    assert!(told.stdout.contains("the target was down for a while: `GET /pets`"), "{}", told.transcript());
    assert!(told.stdout.contains("\nPASSED  0 findings"), "{}", told.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_patience_a_target_that_stays_away_ends_the_night_at_once() {
    let (told, took) = night(Duration::from_secs(600), "0").await;
    assert_eq!(told.code, Some(4), "{}", told.transcript());
    assert!(told.stdout.contains("the environment failed: `GET /pets`"), "{}", told.transcript());
    assert!(told.stdout.contains("\nUNDECIDED"), "{}", told.transcript());
    assert!(took < Duration::from_secs(45), "it waited for {took:?}");
}
