//! A key that may rewrite a thing of the main key's, and may not delete it.
//!
//! It touches nothing but what the main key created for it a moment before.

use crate::case::{Case, Credential};
use crate::check::{HalfRight, Judgement, judge_half_right};
use crate::client::Transport;
use crate::engine::ownership::{object, served};
use crate::engine::walk::Walk;

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Whether the configuration lets a key do this: denies it to a limited one nowhere, allows it to a peer.
    fn is_let(&self, index: usize, case: &Case, key: &str) -> bool {
        let night = self.night;
        let operation = &night.api.operations[index];
        let base = &night.options.base_url;
        let Ok(request) = case.render(operation, base) else { return false };
        let path = request.url.strip_prefix(base.as_str()).unwrap_or(&request.url);
        let path = path.split('?').next().unwrap_or_default();
        let takes = |selector: &crate::plan::Selector| selector.takes_path(operation.method.as_str(), path);
        let Some(known) = night.options.keys.iter().find(|known| known.name == key) else { return false };
        !known.denied.iter().any(takes) && (!known.peer || known.allowed.iter().any(takes))
    }

    /// One thing of the main key's, which another key tries to delete, writes, and tries to delete again.
    pub(super) async fn halve_right(&mut self, number: usize, key: &str) -> Option<(usize, Judgement)> {
        let night = self.night;
        let resource = &night.plan.resources[number];
        let (read, delete) = (resource.read?, resource.delete?);
        let operation = &night.api.operations[delete];
        let other = Credential::Named(key.to_owned());
        if !operation.needs_credentials() || !night.options.focuses(&operation.key) {
            return None;
        }
        let binding = self.provide(&resource.item).await?;
        let (reading, deletion) = (self.at(read, &binding)?, self.at(delete, &binding)?);
        let first = self.shoot_as(read, &reading, Credential::Main).await;
        if !served(&first) || !self.is_let(delete, &deletion, key) {
            return None;
        }
        let mut chosen = None;
        for write in [resource.replace, resource.change].into_iter().flatten() {
            let case = self.telling(write, &first, &binding);
            if let Some(case) = case.filter(|case| self.is_let(write, case, key)) {
                chosen.get_or_insert((write, case));
            }
        }
        let (write, case) = chosen?;
        let before = self.shoot_as(delete, &deletion, other.clone()).await;
        if before.status() != Some(403) {
            return None;
        }
        let attempt = self.shoot_as(write, &case, other.clone()).await;
        let reread = self.shoot_as(read, &reading, Credential::Main).await;
        let after = self.shoot_as(delete, &deletion, other).await;
        let owner = self.shoot_as(delete, &deletion, Credential::Main).await;
        let half = HalfRight {
            key_name: key,
            operation: &night.api.operations[write],
            read: &first,
            before: &before,
            write: &attempt,
            sent: case.body.as_ref().and_then(object)?,
            reread: &reread,
            after: &after,
            owner: &owner,
        };
        Some((delete, judge_half_right(&self.context(delete), &half)))
    }
}
