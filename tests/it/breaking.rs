//! Breaking changes over the documents in `specs/`: what did not change breaks nothing, in any version.

use specwarden::compat::{CompatOptions, compare};
use specwarden::source::read_text;
use specwarden::spec::Api;

const DOCUMENTS: &[(&str, &str)] = &[
    ("aliases.yaml", include_str!("../../specs/samples/aliases.yaml")),
    ("broken.yaml", include_str!("../../specs/samples/broken.yaml")),
    ("cookies.yaml", include_str!("../../specs/samples/cookies.yaml")),
    ("form-upload.yaml", include_str!("../../specs/samples/form-upload.yaml")),
    ("nullable.yaml", include_str!("../../specs/samples/nullable.yaml")),
    ("pets.json", include_str!("../../specs/samples/pets.json")),
    ("query-method.yaml", include_str!("../../specs/samples/query-method.yaml")),
    ("recursive.yaml", include_str!("../../specs/samples/recursive.yaml")),
    ("refs-into-paths.yaml", include_str!("../../specs/samples/refs-into-paths.yaml")),
    ("styles.yaml", include_str!("../../specs/samples/styles.yaml")),
    ("swagger2.yaml", include_str!("../../specs/samples/swagger2.yaml")),
    ("type-arrays.yaml", include_str!("../../specs/samples/type-arrays.yaml")),
    ("swagger.json", include_str!("../../specs/demo/swagger.json")),
    ("openapi.yaml", include_str!("../../specs/demo/openapi.yaml")),
];

fn read(name: &str, text: &str) -> Api {
    read_text(name, text).expect("a document").api
}

#[test]
fn a_document_breaks_nothing_against_itself() {
    for (name, text) in DOCUMENTS {
        let found = compare(&read(name, text), &read(name, text), &CompatOptions::default());
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn the_demo_is_the_same_in_both_versions_of_the_format() {
    let find = |wanted: &str| DOCUMENTS.iter().find(|(name, _)| *name == wanted).expect("listed");
    let (swagger, openapi) = (find("swagger.json"), find("openapi.yaml"));
    for (old, new) in [(swagger, openapi), (openapi, swagger)] {
        let found = compare(&read(old.0, old.1), &read(new.0, new.1), &CompatOptions::default());
        assert!(found.is_empty(), "{} → {}: {found:#?}", old.0, new.0);
    }
}
