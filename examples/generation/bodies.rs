//! Values of request bodies, timed one by one, for a comparison with other generators on the same bodies.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use specwarden::generate::Generator;
use specwarden::plan::Seed;
use specwarden::schema::{Direction, Validators};
use specwarden::source::read_text;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Bodies per document, evenly chosen.
const MOST: usize = 8;

/// Up to eight JSON bodies of each document of the list, `count` values each. Times in nanoseconds of the clock.
pub(super) fn measure(list: &Path, count: usize) -> Value {
    let text = std::fs::read_to_string(list).unwrap_or_default();
    text.lines().flat_map(|path| of_document(path, count)).collect()
}

fn of_document(path: &str, count: usize) -> Vec<Value> {
    let Ok(loaded) = std::fs::read_to_string(path).map(|text| read_text(path, &text)) else {
        return Vec::new();
    };
    let Ok(loaded) = loaded else { return Vec::new() };
    let api = &loaded.api;
    let validators = Arc::new(Validators::new(&api.document));
    let generator = Generator::new(api, Arc::clone(&validators));
    let contents = api.operations.iter().flat_map(|operation| {
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        contents
            .filter(|content| content.media_type.contains("json"))
            .map(move |content| (operation, content))
    });
    let all: Vec<_> =
        contents.filter_map(|(o, content)| Some((o, content, content.schema.clone()?))).collect();
    let step = all.len().div_ceil(MOST).max(1);
    let chosen = all.into_iter().step_by(step);
    chosen
        .map(|(operation, content, pointer)| {
            let config = Config { failure_persistence: None, ..Config::default() };
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &Seed(1).bytes());
            let mut runner = TestRunner::new_with_rng(config, rng);
            let (mut times, mut invalid) = (Vec::with_capacity(count), 0);
            let start = Instant::now();
            let strategy = generator.strategy(&pointer);
            let mut last = start;
            for _ in 0..count {
                let Ok(value) = strategy.new_tree(&mut runner).map(|tree| tree.current()) else { break };
                times.push(u64::try_from(last.elapsed().as_nanos()).unwrap_or(u64::MAX));
                invalid += usize::from(validators.is_valid(&pointer, Direction::Request, &value) == Ok(false));
                last = Instant::now();
            }
            json!({"document": path, "method": operation.method.as_str(), "path": operation.path.to_string(),
                "media_type": content.media_type, "pointer": pointer.as_str(), "times": times, "invalid": invalid})
        })
        .collect()
}
