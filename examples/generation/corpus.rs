//! Request schemas of real documents: parameters, bodies, and whole cases.

use crate::measure::{Subject, measure as measure_schema};
use crate::tally::{Tally, note};
use specwarden::generate::{GenerateOptions, Generator};
use specwarden::plan::{Known, Seed};
use specwarden::schema::{Pointer, Validators};
use specwarden::source::read_text;
use specwarden::spec::Api;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Schemas and operations measured per document, evenly chosen.
const MOST: usize = 40;

/// Every document of the list.
pub(super) fn measure(list: &Path) -> Tally {
    let mut tally = Tally::new("documents");
    let text = std::fs::read_to_string(list).unwrap_or_default();
    for path in text.lines() {
        let Ok(text) = std::fs::read_to_string(path) else {
            note(&mut tally.skipped, path.to_owned());
            continue;
        };
        let name = path.rsplit_once("/package/").map_or(path, |(_, name)| name);
        match read_text(path, &text) {
            Ok(loaded) => {
                tally.documents += 1;
                document(name, &loaded.api, &mut tally);
            }
            Err(_) => note(&mut tally.skipped, name.to_owned()),
        }
    }
    tally
}

fn document(name: &str, api: &Api, tally: &mut Tally) {
    let validators = Arc::new(Validators::new(&api.document));
    let options =
        GenerateOptions { max_boundary: 20_000, max_negative: 20_000, ..GenerateOptions::default() };
    let generator = Generator::with_options(api, Arc::clone(&validators), options);
    let usual = Generator::new(api, Arc::clone(&validators));
    let mut pointers: BTreeMap<Pointer, bool> = BTreeMap::new();
    for operation in &api.operations {
        pointers.extend(operation.parameters.iter().filter_map(|p| Some((p.schema.clone()?, false))));
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        pointers.extend(contents.filter_map(|content| Some((content.schema.clone()?, true))));
    }
    for (pointer, body) in evenly(pointers.into_iter().collect()) {
        let subject = Subject {
            label: format!("{name} {pointer}"),
            document: &api.document,
            pointer,
            generator: &generator,
            usual: &usual,
            validators: &validators,
            oracle: &|_| true,
            satisfiable: false,
            body,
        };
        measure_schema(&subject, tally);
    }
    let known = Known::default();
    for operation in evenly(api.operations.iter().collect()) {
        for index in 0..4 {
            let start = Instant::now();
            let Ok(case) = generator.random(operation, &known, Seed(1), index) else {
                note(&mut tally.uncased, format!("{name} {}", operation.key));
                break;
            };
            let rendered = case.render(operation, "http://127.0.0.1:1/");
            let took = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
            // The first one makes shapes and validators for all that follow.
            if index > 0 {
                tally.cases.push(took);
            }
            if let Err(error) = rendered {
                note(&mut tally.uncased, format!("{name} {}: {error}", operation.key));
            }
        }
    }
}

fn evenly<T>(items: Vec<T>) -> Vec<T> {
    let step = items.len().div_ceil(MOST).max(1);
    items.into_iter().step_by(step).collect()
}
