//! Tests of what is kept, forgotten, and shared between workers and directions.

use crate::schema::pattern::Patterns;
use crate::schema::validate::Validators;
use crate::schema::validate::cache::{Cache, Compiled};
use crate::schema::validate::compile::compile;
use crate::schema::view::view;
use crate::schema::{Dialect, Direction, Document, Pointer, SchemaProblem};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

fn compiled(nodes: usize, one_sided: bool) -> Arc<Compiled> {
    let document = Document::new(json!({}), Dialect::Draft4);
    let view = view(&document, &Pointer::root(), Direction::Request, &Patterns::default()).expect("a view");
    let validator = compile(&view, &jsonschema::PatternCache::new(), true).expect("compiles");
    Arc::new(Compiled { validator, origins: view.origins, depth: 0, nodes, one_sided })
}

fn at(name: impl std::fmt::Display) -> Pointer {
    Pointer::root().push(name)
}

#[test]
fn a_schema_is_compiled_once_for_both_directions_unless_they_differ() {
    for (one_sided, expected) in [(false, 1), (true, 2)] {
        let cache = Cache::new(100);
        let count = AtomicUsize::new(0);
        for direction in [Direction::Request, Direction::Response, Direction::Request, Direction::Response] {
            let outcome = cache.get(&at("It"), direction, || {
                count.fetch_add(1, Ordering::Relaxed);
                Ok(compiled(10, one_sided))
            });
            assert!(outcome.is_ok());
        }
        assert_eq!(count.load(Ordering::Relaxed), expected);
        assert_eq!(cache.nodes(), 10 * expected);
    }
}

#[test]
fn what_was_not_used_for_longest_is_forgotten() {
    let cache = Cache::new(100);
    let made = |name: &str| {
        let mut made = false;
        _ = cache.get(&at(name), Direction::Request, || {
            made = true;
            Ok(compiled(40, true))
        });
        made
    };
    assert!(made("a") && made("b") && !made("a"));
    assert!(made("c"), "the third does not fit");
    assert!(cache.nodes() <= 100);
    assert!(!made("a"), "used after b");
    assert!(made("b"), "forgotten");
}

#[test]
fn what_is_larger_than_the_room_is_judged_all_the_same() {
    let cache = Cache::new(10);
    for name in ["a", "b", "a"] {
        assert!(cache.get(&at(name), Direction::Request, || Ok(compiled(1000, false))).is_ok());
    }
    assert_eq!(cache.nodes(), 1000);
}

#[test]
fn nobody_waits_for_the_compiling_of_another_schema() {
    let cache = Cache::new(100);
    let (begun, begins) = channel();
    let (end, ends) = channel::<()>();
    std::thread::scope(|scope| {
        let cache = &cache;
        scope.spawn(move || {
            cache.get(&at("slow"), Direction::Request, || {
                begun.send(()).expect("heard");
                ends.recv().expect("told");
                Ok(compiled(1, false))
            })
        });
        begins.recv().expect("begun");
        // Were the lock held meanwhile, this would never return.
        assert!(cache.get(&at("quick"), Direction::Request, || Ok(compiled(1, false))).is_ok());
        end.send(()).expect("heard");
    });
}

#[test]
fn a_problem_is_kept_as_well() {
    let cache = Cache::new(100);
    let problem = || SchemaProblem::Uncompilable { pointer: at("It"), reason: "so".into() };
    assert_eq!(cache.get(&at("It"), Direction::Request, || Err(problem())).err(), Some(problem()));
    let again = cache.get(&at("It"), Direction::Response, || panic!("was kept"));
    assert_eq!(again.err(), Some(problem()));
}

#[test]
fn many_workers_in_little_room_judge_rightly() {
    let schemas: Map<String, Value> =
        (0..50).map(|n| (n.to_string(), json!({"type": "integer", "maximum": n}))).collect();
    let validators = Validators::with_room(&Document::new(Value::Object(schemas), Dialect::Draft202012), 8);
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let validators = &validators;
            scope.spawn(move || {
                for n in (0..200).map(|n| (n * (worker + 1)) % 50) {
                    let valid = |value: Value| validators.is_valid(&at(n), Direction::Response, &value);
                    assert_eq!((valid(json!(n)), valid(json!(n + 1))), (Ok(true), Ok(false)));
                }
            });
        }
    });
}
