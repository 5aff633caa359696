//! Tests of answers in XML: what is certainly wrong is told, what is open is not.

use super::check;
use crate::check::fixture::{answer, positive};
use crate::check::{CheckOptions, Context};
use crate::schema::Validators;
use crate::spec::parse;
use serde_json::{Value, json};

/// Instance and keyword of each finding; `None` if the answer could not be judged.
fn verdict(schema: &Value, body: &str) -> Option<Vec<String>> {
    let (api, _) = parse(json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "components": {"schemas": {"Tag": {"type": "object", "xml": {"name": "tag"}, "required": ["id"],
            "properties": {"id": {"type": "integer"}}}}},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok",
            "content": {"application/xml": {"schema": schema}}}}}}}}))
    .expect("a document");
    let validators = Validators::new(&api.document);
    let options = CheckOptions::default();
    let context =
        Context { api: &api, operation: &api.operations[0], validators: &validators, options: &options };
    let findings = check(&context, &positive(), &answer(200, "application/xml", body))?;
    Some(findings.iter().map(|finding| finding.title.clone()).collect())
}

fn pet() -> Value {
    json!({"type": "object", "required": ["id", "name"], "properties": {
        "id": {"type": "integer", "xml": {"attribute": true}},
        "name": {"type": "string", "maxLength": 5},
        "born": {"type": "integer"},
        "tags": {"type": "array", "xml": {"wrapped": true}, "items": {"$ref": "#/components/schemas/Tag"}},
        "photos": {"type": "array", "minItems": 1, "items": {"type": "string"}}}})
}

#[track_caller]
fn certain(body: &str, expected: &[&str]) {
    assert_eq!(verdict(&pet(), body).expect("can be judged"), expected, "{body}");
}

#[test]
fn certain_mismatches_are_told() {
    certain("<pet id=\"1\"><name>Rex</name></pet>", &[]);
    certain("<pet id=\"x\"><name>Rex</name></pet>", &["body /id of the 200 answer breaks `type`"]);
    certain(
        "<pet id=\"1\"><name>Reginald</name></pet>",
        &["body /name of the 200 answer breaks `maxLength`"],
    );
    certain("<pet id=\"1\"/>", &["body of the 200 answer breaks `required`"]);
    certain(
        "<pet id=\"1\"><name>Rex</name><tags><tag><id>one</id></tag></tags></pet>",
        &["body /tags/0/id of the 200 answer breaks `type`"],
    );
    certain(
        "<pet id=\"1\"><name>Rex</name><born><year>1</year></born></pet>",
        &["body /born of the 200 answer breaks `type`"],
    );
    certain("<pet id=\"1\"><name>Rex</name>", &["answers 200 with a body that is not XML"]);
    certain("{\"id\": 1, \"name\": \"Rex\"}", &["answers 200 with a body that is not XML"]);
}

#[test]
fn what_the_annotations_leave_open_is_not_judged() {
    // Empty may be null or nothing.
    certain("<pet id=\"1\"><name/><born/></pet>", &[]);
    // An element where an attribute was announced, and the other way round, is there all the same.
    certain("<pet><id>x</id><name>Rex</name></pet>", &[]);
    certain("<pet id=\"1\" name=\"Reginald\"/>", &[]);
    // A list without a wrapper, one with another name for its items, none where the wrapper would be.
    certain("<pet id=\"1\"><name>Rex</name><tags><entry><id>one</id></entry></tags></pet>", &[]);
    certain("<pet id=\"1\"><name>Rex</name><photos><photo>a</photo></photos></pet>", &[]);
    // Elements that no property claims may be what is missing under another name.
    certain("<pet id=\"1\"><Name>Rex</Name></pet>", &[]);
    // A prefix is nothing but a prefix.
    certain("<x:pet xmlns:x=\"urn:x\" id=\"1\"><x:name>Rex</x:name></x:pet>", &[]);
    // Markup in a text.
    certain("<pet id=\"1\"><name><b>Reginald</b></name></pet>", &[]);
    let either = json!({"oneOf": [pet(), {"type": "object", "required": ["error"]}]});
    assert_eq!(verdict(&either, "<pet><wrong/></pet>"), None);
    assert_eq!(verdict(&json!({"type": "string"}), "<svg><path/></svg>"), None);
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\">]><pet>&a;</pet>";
    assert_eq!(verdict(&pet(), laughs), None);
}
