//! Numbers events and hands them to observers.

use crate::event::{Event, EventKind, Observer};
use crate::exchange::{Exchange, Response};
use crate::secret::{Masker, minted};
use data_encoding::BASE64;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// The one place where events get their number and time.
pub struct Emitter<'o> {
    observers: Vec<&'o mut dyn Observer>,
    next: u64,
    clock: Box<dyn Fn() -> Duration + 'o>,
    /// Keys that the target handed out so far.
    minted: Masker,
    /// Names under which the document says that passwords stand.
    password_names: BTreeSet<String>,
}

#[expect(clippy::disallowed_methods, reason = "`engine` keeps the run's clock")]
impl<'o> Emitter<'o> {
    /// Starts the run's clock.
    pub fn new(observers: Vec<&'o mut dyn Observer>) -> Self {
        let began = Instant::now();
        Self::with_clock(observers, move || began.elapsed())
    }

    /// The same by another clock, which says how long the run has gone on.
    pub fn with_clock(observers: Vec<&'o mut dyn Observer>, clock: impl Fn() -> Duration + 'o) -> Self {
        Self {
            observers,
            next: 0,
            clock: Box::new(clock),
            minted: Masker::default(),
            password_names: BTreeSet::new(),
        }
    }

    /// Tells every observer, in order. Keys that the target handed out are masked from their first sight on.
    pub fn emit(&mut self, kind: EventKind) {
        if let EventKind::CaseFinished { exchange, .. } = &kind {
            self.learn(exchange);
        }
        let kind = self.masked(kind);
        let event = Event { seq: self.next, at_ms: self.elapsed_ms(), kind };
        self.next += 1;
        for observer in &mut self.observers {
            observer.observe(&event);
        }
    }

    /// Knows every key that the target handed out so far.
    pub fn minted(&self) -> &Masker {
        &self.minted
    }

    /// Names under which passwords stand, besides those that everybody uses.
    pub(super) fn expect_passwords(&mut self, names: BTreeSet<String>) {
        self.password_names = names;
    }

    /// Learns the keys that an answer hands out.
    pub(super) fn learn(&mut self, exchange: &Exchange) {
        let Some(body) = exchange.response().filter(|r| r.is_success()).and_then(Response::json) else {
            return;
        };
        let request = &exchange.request;
        let sent = request.body.as_ref().map_or("", |body| body.text().unwrap_or_default());
        let sent = format!("{} {sent}", request.url);
        for secret in minted(&body, &self.password_names, &sent) {
            self.minted.learn(&secret);
        }
    }

    /// The same with every key masked that was handed out.
    pub(super) fn masked<V: serde::Serialize + serde::de::DeserializeOwned>(&self, value: V) -> V {
        if self.minted.is_empty() {
            return value;
        }
        let Ok(mut tree) = serde_json::to_value(&value) else { return value };
        if !mask_tree(&mut tree, &self.minted) {
            return value;
        }
        serde_json::from_value(tree).unwrap_or(value)
    }

    /// Milliseconds since the run began.
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from((self.clock)().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Masks every text in a tree, names included, and bytes that are written as base64. Whether there was anything to mask.
fn mask_tree(tree: &mut Value, masker: &Masker) -> bool {
    match tree {
        Value::String(text) => {
            let found = masker.finds(text);
            if found {
                *text = masker.mask(text).into_owned();
            }
            found
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| mask_tree(item, masker) | any),
        Value::Object(map) => {
            let bytes = map.get("base64").and_then(Value::as_str);
            let bytes = bytes.and_then(|coded| BASE64.decode(coded.as_bytes()).ok());
            if bytes.is_some_and(|bytes| map.len() == 1 && masker.finds(&String::from_utf8_lossy(&bytes))) {
                *map = std::iter::once(("text".to_owned(), "[bytes with a secret in them]".into())).collect();
                return true;
            }
            let mut any = false;
            if map.keys().any(|name| masker.finds(name)) {
                any = true;
                *map = std::mem::take(map)
                    .into_iter()
                    .map(|(name, value)| (masker.mask(&name).into_owned(), value))
                    .collect();
            }
            map.values_mut().fold(any, |any, value| mask_tree(value, masker) || any)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Incident, IncidentKind};
    use crate::exchange::{Body, Method, Request, Timing};
    use serde_json::json;

    fn handing_out(key: &str, body: Body) -> Exchange {
        let headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("x-note".to_owned(), key.to_owned()),
        ];
        Exchange {
            request: Request {
                method: Method::Post,
                url: "http://127.0.0.1/keys".to_owned(),
                headers: vec![],
                body: None,
            },
            outcome: Ok(Response { status: 201, headers, body, truncated: false, packed: None }),
            timing: Timing::default(),
            attempts: 1,
        }
    }

    #[derive(Default)]
    struct Kept(Vec<String>);

    impl Observer for Kept {
        fn observe(&mut self, event: &Event) {
            self.0.push(serde_json::to_string(event).expect("an event is JSON"));
        }
    }

    #[test]
    fn a_key_that_was_handed_out_is_in_no_later_event() {
        let key = "k-77f1/\"quoted\"-0a9b";
        let mut kept = Kept::default();
        let mut emitter = Emitter::new(vec![&mut kept]);
        emitter.learn(&handing_out(key, Body(json!({"api_key": key}).to_string().into_bytes())));
        let message = format!("met {key} and {}", BASE64.encode(format!("user:{key}").as_bytes()));
        let incident = Incident { kind: IncidentKind::Environment, operation: None, message };
        emitter.emit(EventKind::IncidentHappened { incident });
        let bytes = Body([&[0xff, 0xfe], key.as_bytes()].concat());
        let masked = emitter.masked(handing_out(key, bytes));
        assert!(emitter.minted().finds(key));
        assert!(!serde_json::to_string(&masked).expect("JSON").contains("0a9b"));
        let plain = masked.response().map(|response| response.body.bytes().to_vec()).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&plain).contains("0a9b"));
        drop(emitter);
        assert!(kept.0[0].contains("[secret]") && !kept.0[0].contains("0a9b"), "{}", kept.0[0]);
    }

    #[test]
    fn what_nobody_handed_out_stays_as_it_is() {
        let emitter = Emitter::new(Vec::new());
        let exchange = handing_out("k-77f1-0a9b", Body(b"{}".to_vec()));
        assert_eq!(emitter.masked(exchange.clone()), exchange);
    }
}
