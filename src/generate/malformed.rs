//! Requests that break what carries the values: JSON, percent-encoding, parts of a form.
//!
//! Only what every reader must refuse, however lenient: a text that some parsers mend proves nothing. That is why
//! these are not made: a body without `Content-Type` (RFC 9110 §8.3 lets a server guess), a name twice of which one
//! value is allowed (RFC 8259 §4 leaves open which one counts), bytes that are no UTF-8 inside a string (some parsers
//! replace them), parts without the last boundary that are otherwise whole.

use crate::case::{BodyValue, Case, ParameterValue, Payload, Reason};
use crate::exchange::Body;
use crate::generate::Generator;
use crate::generate::generator::{part_of, with_body, without_parameter};
use crate::generate::media::{self, Kind};
use crate::generate::positive::{body_part, why};
use crate::generate::shape::{Shape, Types};
use crate::generate::variant::Variant;
use crate::generate::wire::Reader;
use crate::spec::{Content, Location, Operation, Parameter};
use serde_json::Value;

/// JSON that ends too early.
const UNFINISHED: &[u8] = b"{\"specwarden\": ";
/// XML that ends too early.
const UNCLOSED: &[u8] = b"<specwarden><unclosed>";
/// Bytes that are no UTF-8, where JSON allows nothing but a name (RFC 8259 §8.1).
const FOREIGN: &[u8] = b"{\xc3\x28\"specwarden\": 1}";
/// The start of a form of parts whose first part never begins.
const CUT: &[u8] = b"--specwarden\r\ncontent-disposition: form-da";

impl Generator {
    /// Bodies that are none in their media type.
    pub(super) fn malformed_bodies(&self, operation: &Operation, base: &Case, cases: &mut Vec<Case>) {
        let Some(body) = &operation.body else { return };
        let Some(content) = media::best(&body.contents) else { return };
        let media_type = media::concrete(&content.media_type);
        let raw = |media_type: &str, bytes: &[u8]| {
            Some(BodyValue { media_type: media_type.into(), payload: Payload::Raw(Body(bytes.to_vec())) })
        };
        let mut add = |body: Option<BodyValue>, reason: Reason| cases.push(with_body(base, body, reason));
        match media::kind(&content.media_type) {
            Kind::Json => {
                if body.required {
                    let how = "an empty body where one is required";
                    add(raw(&media_type, b""), why(&body.pointer, "required", how, "body"));
                }
                let reason = why(&content.pointer, "json", "JSON that ends too early", "body");
                add(raw(&media_type, UNFINISHED), reason);
                let reason = why(&content.pointer, "json", "JSON with bytes that are no UTF-8", "body");
                add(raw(&media_type, FOREIGN), reason);
                if let (Some(BodyValue { payload: Payload::Json(value), .. }), false) =
                    (&base.body, media::admits_text(&body.contents))
                {
                    let reason = why(&body.pointer, "content-type", "JSON sent as text/plain", "body");
                    add(raw("text/plain", value.to_string().as_bytes()), reason);
                }
            }
            Kind::Xml => {
                let reason = why(&content.pointer, "xml", "XML that ends too early", "body");
                add(raw(&media_type, UNCLOSED), reason);
            }
            // A lenient reader takes what is there for the whole; then what is required is missing.
            Kind::Multipart if body.required && self.asks_for_something(content) => {
                let essence = media_type.split(';').next().unwrap_or_default().trim();
                let how = "a form that ends within its first part";
                let reason = why(&content.pointer, "multipart", how, "body");
                add(raw(&format!("{essence}; boundary=specwarden"), CUT), reason);
            }
            Kind::Form | Kind::Multipart | Kind::Text | Kind::Bytes | Kind::Other => {}
        }
    }

    fn asks_for_something(&self, content: &Content) -> bool {
        self.shape(content.schema.as_ref()).is_some_and(|shape| !shape.required.is_empty())
    }

    /// A JSON body in which a name stands twice, and neither value is allowed.
    pub(super) fn repeated_name(
        &self,
        content: &Content,
        breaks: &[Variant],
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let Some(schema) = &content.schema else { return };
        let told = breaks.iter().filter(|broken| {
            broken.instance.as_str().matches('/').count() == 1
                && !broken.how.contains("lenient")
                && broken.value.pointer(broken.instance.as_str()).is_some_and(|value| !value.is_null())
        });
        let mut first: Option<&Variant> = None;
        for broken in told.filter(|broken| self.fails_as_told(schema, broken)) {
            let Some(known) = first.filter(|known| known.instance == broken.instance) else {
                first = Some(broken);
                continue;
            };
            let one = |broken: &Variant| broken.value.pointer(broken.instance.as_str()).cloned();
            let (Some(name), Some(one), Some(other)) = (broken.instance.last(), one(known), one(broken))
            else {
                return;
            };
            if one == other {
                continue;
            }
            let how = format!("{name} twice, and neither value is allowed");
            let reason = why(&broken.pointer, "json", &how, &body_part(&broken.instance));
            let media_type = media::concrete(&content.media_type);
            let payload = Payload::Raw(Body(twice(&known.value, &name, &other).into_bytes()));
            cases.push(with_body(base, Some(BodyValue { media_type, payload }), reason));
            return;
        }
    }

    /// A query parameter whose percent-encoded bytes are no text, where no text of that kind would be allowed.
    pub(super) fn undecodable(
        &self,
        operation: &Operation,
        parameter: &Parameter,
        shape: &Shape,
        base: &Case,
        cases: &mut Vec<Case>,
    ) {
        let scalar = !shape.likely().has(Types::ARRAY) && !shape.likely().has(Types::OBJECT);
        if parameter.location != Location::Query || parameter.content_type.is_some() || !scalar {
            return;
        }
        let reader = Reader { shapes: &self.shapes, validators: &self.validators };
        // Readers put a replacement character, a character of Latin-1, or the text as it stands.
        let readings = ["\u{fffd}", "\u{ff}", "%FF"];
        if readings.iter().any(|text| reader.readable(shape, &Value::from(*text))) {
            return;
        }
        let name: String = url::form_urlencoded::byte_serialize(parameter.name.as_bytes()).collect();
        // Whoever takes any text for a number takes these bytes, too: the same rule is broken, and it is one finding.
        let (at, keyword) = match &shape.type_at {
            Some(at) if !shape.types.has(Types::STRING) => (at, "type"),
            _ => (&parameter.pointer, "encoding"),
        };
        let reason = why(at, keyword, "bytes that are no text", &part_of(parameter));
        let mut case = without_parameter(base, parameter, reason);
        case.parameters.push(ParameterValue {
            name: parameter.name.clone(),
            location: parameter.location,
            payload: Payload::Raw(Body(format!("{name}=%FF").into_bytes())),
        });
        let place = |p: &ParameterValue| {
            operation.parameters.iter().position(|known| known.location == p.location && known.name == p.name)
        };
        case.parameters.sort_by_key(place);
        cases.push(case);
    }
}

/// The object as JSON with one more member `name` at its end.
fn twice(value: &Value, name: &str, other: &Value) -> String {
    let text = value.to_string();
    let open = text.strip_suffix('}').unwrap_or(&text);
    format!("{open},{}:{other}}}", Value::from(name))
}
