//! Tests of answers that are rows of items, read from whole documents.

use super::check;
use crate::check::fixture::{answer, header, positive};
use crate::check::{CheckOptions, Context};
use crate::exchange::Exchange;
use crate::finding::Finding;
use crate::schema::Validators;
use crate::spec::{Api, parse};
use serde_json::{Value, json};

/// `GET /log` of a document in this version, answering 200 with this media type object.
fn described(version: &str, media_type: &str, content: &Value) -> Api {
    let (api, issues) = parse(json!({"openapi": version, "info": {"title": "t", "version": "1"},
        "components": {"schemas": {"Entry": {"type": "object", "required": ["level"],
            "properties": {"level": {"type": "integer", "minimum": 0}}}}},
        "paths": {"/log": {"get": {"responses": {"200": {"description": "ok", "content": {media_type: content}}}}}}}))
    .expect("a document");
    assert_eq!(issues, []);
    api
}

/// Instance and schema of each finding, or its title where it is about the whole.
fn verdict(api: &Api, exchange: &Exchange) -> Option<Vec<String>> {
    let validators = Validators::new(&api.document);
    let options = CheckOptions::default();
    let context = Context { api, operation: &api.operations[0], validators: &validators, options: &options };
    let findings = check(&context, &positive(), exchange)?;
    let told = |finding: &Finding| {
        let place = &finding.places[0];
        match (&place.instance, &place.document) {
            (Some(instance), Some(document)) if !instance.as_str().is_empty() => {
                format!("{instance} {document}")
            }
            _ => finding.title.clone(),
        }
    };
    Some(findings.iter().map(told).collect())
}

#[track_caller]
fn check_row(content: &Value, media_type: &str, body: &str, expected: &[&str]) {
    let essence = media_type.split(';').next().expect("a media type");
    let found =
        verdict(&described("3.2.0", essence, content), &answer(200, media_type, body)).expect("can judge");
    assert_eq!(found, expected, "{body}");
}

const ENTRY: &str = "/components/schemas/Entry";

#[test]
fn each_item_is_judged_by_the_item_schema() {
    let entry = json!({"itemSchema": {"$ref": "#/components/schemas/Entry"}});
    let at = |index: usize| format!("/{index}/level {ENTRY}/properties/level/type");
    for media_type in ["application/jsonl", "application/x-ndjson"] {
        check_row(&entry, media_type, "{\"level\": 1}\n{\"level\": 2}\n", &[]);
        check_row(&entry, media_type, "", &[]);
        check_row(&entry, media_type, "{\"level\": 1}\n{\"level\": \"2\"}\n", &[&at(1)]);
    }
    check_row(&entry, "application/json-seq", "\u{1e}{\"level\": \"1\"}\n", &[&at(0)]);
    let parts = "--B\r\ncontent-type: application/json\r\n\r\n{\"level\": null}\r\n--B--\r\n";
    check_row(&entry, "multipart/mixed; boundary=B", parts, &[&at(0)]);
    let broken = "answers 200 with a body that is not application/jsonl";
    check_row(&entry, "application/jsonl", "{\"level\": 1}\n{", &[broken]);
}

#[test]
fn the_whole_list_is_judged_by_the_schema() {
    let list =
        json!({"schema": {"type": "array", "maxItems": 1, "items": {"$ref": "#/components/schemas/Entry"}}});
    check_row(&list, "application/jsonl", "{\"level\": 1}", &[]);
    let found = verdict(
        &described("3.2.0", "application/jsonl", &list),
        &answer(200, "application/jsonl", "{\"level\": 1}\n{\"level\": 2}\n"),
    );
    assert_eq!(found.expect("can judge"), ["body of the 200 answer breaks `maxItems`"]);
    // Cut in the middle it says nothing of its length, but its whole items count.
    let mut cut = answer(200, "application/jsonl", "{\"level\": 1}\n{\"level\": -2}\n{\"lev");
    cut.outcome.as_mut().expect("an answer").truncated = true;
    let found = verdict(&described("3.2.0", "application/jsonl", &list), &cut).expect("can judge");
    assert_eq!(found, [format!("/1/level {ENTRY}/properties/level/minimum")]);
}

#[test]
fn before_version_3_2_a_schema_of_json_lines_is_meant_for_each_line() {
    let entry = json!({"schema": {"$ref": "#/components/schemas/Entry"}});
    let api = described("3.0.3", "application/x-ndjson", &entry);
    assert_eq!(
        verdict(&api, &answer(200, "application/x-ndjson", "{\"level\": 1}\n{\"level\": 2}")),
        Some(vec![])
    );
    let found = verdict(&api, &answer(200, "application/x-ndjson", "{}\n")).expect("can judge");
    assert_eq!(found, [format!("/0 {ENTRY}/required")]);
}

#[test]
fn events_are_judged_as_objects() {
    let event = json!({"itemSchema": {"type": "object", "required": ["event"], "properties": {
        "event": {"enum": ["add", "end"]}, "retry": {"type": "integer", "minimum": 10},
        "data": {"type": "string", "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/Entry"}}}}});
    check_row(
        &event,
        "text/event-stream",
        ": hi\nevent: add\ndata: {\"level\": 1}\n\nevent: end\ndata: bye\n\n",
        &[],
    );
    let at = "/paths/~1log/get/responses/200/content/text~1event-stream/itemSchema";
    check_row(
        &event,
        "text/event-stream",
        "event: add\nretry: 1\ndata: {}\n\nevent: gone\ndata: 1\n\n",
        &[
            &format!("/0/data {ENTRY}/required"),
            &format!("/1/data {ENTRY}/type"),
            &format!("/1/event {at}/properties/event/enum"),
            &format!("/0/retry {at}/properties/retry/minimum"),
        ],
    );
}

#[test]
fn event_data_may_be_described_as_the_json_that_it_holds() {
    let event = json!({"itemSchema": {"properties": {"data": {"$ref": "#/components/schemas/Entry"}}}});
    check_row(&event, "text/event-stream", "data: {\"level\": 1}\n\ndata: {\"level\": 2}\n\n", &[]);
    check_row(
        &event,
        "text/event-stream",
        "data: {\"level\": 1}\n\ndata: {\"level\": -2}\n\n",
        &[&format!("/1/data/level {ENTRY}/properties/level/minimum")],
    );
}

#[test]
fn streams_that_the_document_does_not_take_apart_are_not_judged() {
    let text = json!({"schema": {"type": "string"}});
    let api = described("3.0.3", "text/event-stream", &text);
    assert_eq!(verdict(&api, &answer(200, "text/event-stream", "data: 1\n\n")), None);
    let entry = json!({"itemSchema": {"$ref": "#/components/schemas/Entry"}});
    let zipped = header(answer(200, "application/jsonl", "\u{1f}"), "content-encoding", "gzip");
    assert_eq!(verdict(&described("3.2.0", "application/jsonl", &entry), &zipped), None);
}
