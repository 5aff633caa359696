//! Headers of multipart parts, from the document to the wire.

use crate::generate::Generator;
use crate::plan::Known;
use crate::schema::{Direction, Validators};
use crate::source::read_text;
use serde_json::Value;
use std::sync::Arc;

const TEXT: &str = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file, note]
              properties: {file: {type: string, minLength: 1}, note: {type: string, minLength: 1}}
            encoding:
              file:
                contentType: image/png
                headers:
                  Content-Type: {schema: {type: string, const: no}}
                  X-Count: {schema: {type: integer, minimum: 7, multipleOf: 5}}
                  X-Id: {schema: {type: string, format: uuid}}
                  X-Kind: {schema: {$ref: '#/components/schemas/Kind'}}
                  X-Flags: {schema: {type: array, minItems: 2, items: {type: boolean}}}
                  X-Share: {schema: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 1, multipleOf: 0.5}}
                  X-Given: {example: by hand, schema: {type: string}}
                  X-Long: {schema: {type: string, minLength: 12, maxLength: 12}}
                  X-Pattern: {schema: {type: string, pattern: '^[0-9]+$'}}
                  'X Bad': {schema: {type: string}}
      responses: {204: {description: done}}
components: {schemas: {Kind: {enum: [small, large]}}}
";

#[test]
fn headers_of_a_part_are_sent_and_fit_their_schemas() {
    let api = read_text("a.yaml", TEXT).expect("loads").api;
    let operation = &api.operations[0];
    let validators = Arc::new(Validators::new(&api.document));
    let case =
        Generator::new(&api, Arc::clone(&validators)).reach(operation, &Known::default()).expect("a case");
    let render = || case.render(operation, "http://127.0.0.1").expect("a request").body.expect("a body");
    let body = render();
    assert_eq!(body, render());
    let text = String::from_utf8_lossy(body.bytes()).into_owned();
    let parts: Vec<&str> = text.split("--specwarden-").filter(|part| part.contains("name=")).collect();
    let [file, note] = parts.as_slice() else { panic!("{text}") };
    assert!(!note.contains("x-"), "{note}");
    let heads: Vec<&str> = file.split("\r\n\r\n").next().unwrap_or_default().lines().skip(1).collect();
    assert_eq!(
        heads[1..],
        [
            "content-type: image/png",
            "x-count: 10",
            "x-id: 00000000-0000-4000-8000-000000000000",
            "x-kind: small",
            "x-flags: true,true",
            "x-share: 0.5",
            "x-given: by hand",
            "x-long: aaaaaaaaaaaa",
        ]
    );
    let encoding = &operation.body.as_ref().expect("a body").contents[0].encoding["file"];
    for header in encoding.headers.iter().filter(|header| header.name != "X-Flags") {
        let Some((_, text)) = encoding.sent.iter().find(|(name, _)| header.name.eq_ignore_ascii_case(name))
        else {
            continue;
        };
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()));
        let schema = header.schema.as_ref().expect("a schema");
        let errors = validators.validate(schema, Direction::Request, &value).expect("compiles");
        assert!(errors.is_empty(), "{}: {errors:?}", header.name);
    }
}
