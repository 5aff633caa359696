//! Changes a part of a resource, and replaces one by less than it was made with.

use crate::check::{Role, Step, is_restless, is_shown};
use crate::client::Transport;
use crate::engine::sequence::cover::{object, part, with_body};
use crate::engine::sequence::step::known;
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::plan::Resource;
use serde_json::{Map, Value};

/// How many ways to change something are tried until one is accepted.
const TRIES: usize = 4;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Create, read, change one property, read.
    pub(super) async fn change_part(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let mut steps = Vec::new();
        let (Some(change), Some(read)) = (resource.change, resource.read) else { return steps };
        if !self.is_allowed(change) {
            return steps;
        }
        let Some((made, shown)) = self.make_and_read(&mut steps, resource).await else { return steps };
        let operation = &night.api.operations[change];
        let Ok(base) = night.generator.reach(operation, &known(operation, &made.binding)) else {
            return steps;
        };
        let others = self.others(change, resource, &shown);
        for case in self.changes(change, resource, &base, &others, &shown).into_iter().take(TRIES) {
            let case = placed(case, operation, &made.binding);
            if self.attempt(&mut steps, Role::Patch, change, &case).await {
                self.read(&mut steps, Role::ReadAfterPatch, read, &made.binding).await;
                return steps;
            }
        }
        let why = "no change of a single property was accepted";
        self.excuse(change, &["patch-changes-unsent", "update-lost"], why);
        steps
    }

    /// Create, read, replace by a body that leaves out what may be left out, read.
    pub(super) async fn leave_out(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let mut steps = Vec::new();
        let (Some(replace), Some(read)) = (resource.replace, resource.read) else { return steps };
        let Some(whole) = self.fullest(replace, None).filter(|_| self.is_allowed(replace)) else {
            return steps;
        };
        let Some((made, shown)) = self.make_and_read(&mut steps, resource).await else { return steps };
        let written = object(&made.case).cloned().unwrap_or_default();
        let Some(body) = self.less(replace, &whole, &written, &shown) else {
            self.excuse(replace, &["put-keeps-omitted"], "no property may be left out of its body");
            return steps;
        };
        let operation = &night.api.operations[replace];
        let case = placed(with_body(&whole, Value::Object(body)), operation, &made.binding);
        if self.attempt(&mut steps, Role::ReplacePart, replace, &case).await {
            self.read(&mut steps, Role::ReadAfterReplacePart, read, &made.binding).await;
        } else {
            self.excuse(replace, &["put-keeps-omitted"], "it refuses a body that leaves something out");
        }
        steps
    }

    /// The accepted body without what the creation wrote, a reading shows, and the document lets be left out.
    fn less(
        &self,
        replace: usize,
        whole: &crate::case::Case,
        written: &Map<String, Value>,
        shown: &Value,
    ) -> Option<Map<String, Value>> {
        let operation = &self.night.api.operations[replace];
        let media_type = &whole.body.as_ref()?.media_type;
        let mut body = object(whole)?.clone();
        let mut left_out = false;
        for (name, written) in written {
            if is_restless(name) || !is_shown(written, part(shown, name)) {
                continue;
            }
            let mut less = body.clone();
            less.remove(name);
            if self.fits(operation, media_type, &Value::Object(less.clone())) == Some(true) {
                body = less;
                left_out = true;
            }
        }
        left_out.then_some(body)
    }
}
