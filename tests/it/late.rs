//! A service whose rooms only one of many requests can open: what lies on them is tested all the same, and nothing else
//! is touched. Whole nights, short ones.

use crate::conforming::{Call, Habit, Reply, night, object, openapi, operation, with};
use serde_json::{Value, json};
use specwarden::plan::Safety;
use specwarden::report::Night;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// The only size that is opened, the greatest in the document.
const SIZE: i64 = 900;
/// Rooms that were there before the run, by number from 1.
const STRANGERS: i64 = 3;

/// What is wrong with the service.
#[derive(Clone, Copy, Default)]
struct Faults {
    /// A change to the size 1 crashes.
    change: bool,
    /// A question for what does not exist crashes.
    unknown: bool,
}

struct Rooms {
    faults: Faults,
    last: i64,
    sizes: BTreeMap<i64, Value>,
    /// Requests that changed or removed what was there before.
    hurt: Arc<Mutex<BTreeSet<String>>>,
}

impl Habit for Rooms {
    fn document(&self) -> Value {
        let size = json!({"type": "integer", "minimum": 1, "maximum": SIZE});
        let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}}]);
        let crash = |mut operation: Value| {
            operation["responses"]["500"] = json!({"description": ""});
            operation
        };
        let paths = json!({
            "/rooms": {
                "get": operation("", &[("200", "[Room]")]),
                "post": operation("Wish", &[("201", "Room"), ("409", "Problem")]),
            },
            "/rooms/{id}": {
                "get": crash(with(operation("", &[("200", "Room")]), id.clone())),
                "patch": crash(with(operation("Wish", &[("200", "Room")]), id.clone())),
                "delete": with(operation("", &[("204", "")]), id.clone()),
            },
        });
        let room = object(2, json!({"id": {"type": "integer"}, "size": size}));
        openapi("Rooms", paths, json!({"Wish": object(1, json!({"size": size})), "Room": room}))
    }

    fn answer(&mut self, call: &Call) -> Reply {
        let id = call.number("id");
        let shown = |id: i64, size: &Value| json!({"id": id, "size": size});
        let room = self.sizes.get(&id).cloned();
        if (1..=STRANGERS).contains(&id) && call.head.method != "GET" {
            self.hurt.lock().expect("no panic").insert(format!("{} {id}", call.head.method));
        }
        match (call.operation.as_str(), room) {
            ("GET /rooms", _) => Reply::json(
                200,
                &self.sizes.iter().map(|(id, size)| shown(*id, size)).collect::<Vec<_>>().into(),
            ),
            ("POST /rooms", _) if call.body["size"] == SIZE => {
                self.last += 1;
                self.sizes.insert(self.last, call.body["size"].clone());
                Reply::json(201, &shown(self.last, &call.body["size"]))
            }
            ("POST /rooms", _) => Reply::problem(409, "no room of that size is free"),
            ("GET /rooms/{id}", None) if self.faults.unknown && id > i64::from(i32::MAX) - 100 => {
                Reply::empty(500)
            }
            (_, None) => Reply::problem(404, "no such room"),
            ("GET /rooms/{id}", Some(size)) => Reply::json(200, &shown(id, &size)),
            ("PATCH /rooms/{id}", _) if self.faults.change && call.body["size"] == 1 => Reply::empty(500),
            ("PATCH /rooms/{id}", _) => {
                self.sizes.insert(id, call.body["size"].clone());
                Reply::json(200, &shown(id, &call.body["size"]))
            }
            _ => {
                self.sizes.remove(&id);
                Reply::empty(204)
            }
        }
    }
}

/// Rule and operation of each finding, and whether a room of the run's own was changed.
async fn verdicts(faults: Faults, seed: u64, workers: usize, safety: Safety) -> (BTreeSet<String>, Night) {
    let hurt = Arc::default();
    let sizes = (1..=STRANGERS).map(|id| (id, json!(10))).collect();
    let rooms = Rooms { faults, last: 1000, sizes, hurt: Arc::clone(&hurt) };
    let night = night(rooms, seed, workers, safety).await;
    assert_eq!(
        *hurt.lock().expect("no panic"),
        BTreeSet::new(),
        "what the run did not create stays as it is"
    );
    let line = |f: &specwarden::finding::Finding| {
        format!("{} {}", f.rule, f.operation.as_ref().map(ToString::to_string).unwrap_or_default())
    };
    (night.findings.iter().map(line).collect(), night)
}

fn reached(night: &Night, operation: &str) -> bool {
    let account = night.operations.iter().find(|report| report.operation.as_str() == operation);
    account.expect("an account").statuses.keys().any(|status| (200..300).contains(status))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_of_many_requests_created_is_tested_and_nothing_else_is_touched() {
    let faults = Faults { change: true, unknown: true };
    let expected = BTreeSet::from(["server-error GET /rooms/{id}", "server-error PATCH /rooms/{id}"]);
    for (seed, workers) in [(1, 1), (1, 8), (2, 4)] {
        let (found, night) = verdicts(faults, seed, workers, Safety::OwnResources).await;
        assert_eq!(
            found.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            expected,
            "seed {seed}, {workers} workers"
        );
        assert!(reached(&night, "PATCH /rooms/{id}") && reached(&night, "DELETE /rooms/{id}"), "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_or_unknown_and_well_is_not_blamed() {
    let (found, night) = verdicts(Faults::default(), 1, 4, Safety::OwnResources).await;
    assert_eq!(found, BTreeSet::new());
    assert!(reached(&night, "PATCH /rooms/{id}"));
    // Who may change nothing can make nothing, late or not.
    let (found, night) = verdicts(Faults { change: true, unknown: false }, 1, 4, Safety::ReadOnly).await;
    assert_eq!(found, BTreeSet::new());
    assert!(!reached(&night, "PATCH /rooms/{id}"));
}
