//! The life of a resource: created, read, replaced twice, listed, deleted, and looked for afterwards.

use crate::case::{Case, Credential, Phase};
use crate::check::{Role, Step};
use crate::client::Transport;
use crate::engine::pause::PAUSE;
use crate::engine::sequence::step::{Made, known};
use crate::engine::suite::placed;
use crate::engine::walk::Walk;
use crate::exchange::{Method, Request};
use crate::plan::{Binding, Resource};

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Create, read, follow, replace, read, replace again, read, list, delete, read, list.
    pub(super) async fn lead_life(&mut self, resource: &Resource) -> Vec<Step> {
        let night = self.night;
        let mut steps = Vec::new();
        let (Some(create), Some(made)) = (resource.create, self.make(&mut steps, resource).await) else {
            return steps;
        };
        let created = steps.last().map(|step| step.exchange.clone());
        let Made { binding, case } = made;
        if let Some(read) = resource.read {
            self.read(&mut steps, Role::ReadAfterCreate, read, &binding).await;
        }
        let location = created.and_then(|exchange| {
            let location = exchange.response()?.header("location")?.to_owned();
            Some((exchange.request.url, location))
        });
        if let Some((from, location)) = location
            && !self.leads_to_nothing_readable(resource, &binding, &from, &location)
        {
            let target = resource.read.unwrap_or(create);
            self.follow(&mut steps, target, &case, &from, &location).await;
        }
        if let (Some(replace), Some(read)) = (resource.replace, resource.read)
            && let Some(case) = self.fullest(replace, case.body.as_ref())
        {
            let case = placed(case, &night.api.operations[replace], &binding);
            self.step(&mut steps, Role::Replace, replace, &case).await;
            self.read(&mut steps, Role::ReadAfterReplace, read, &binding).await;
            self.step(&mut steps, Role::ReplaceAgain, replace, &case).await;
            self.read(&mut steps, Role::ReadAfterReplaceAgain, read, &binding).await;
        }
        if let Some(delete) = resource.delete.filter(|delete| self.is_allowed(*delete)) {
            let operation = &night.api.operations[delete];
            let Ok(case) = night.generator.reach(operation, &known(operation, &binding)) else {
                return steps;
            };
            let listing = resource.list.and_then(|list| Some((list, self.long_list(list, &binding)?)));
            if let Some((list, listing)) = &listing {
                self.step(&mut steps, Role::ListBeforeDelete, *list, listing).await;
            }
            let case = placed(case, operation, &binding);
            let exchange = self.step(&mut steps, Role::Delete, delete, &case).await;
            if let Some(read) = resource.read {
                self.read(&mut steps, Role::ReadAfterDelete, read, &binding).await;
            }
            match &listing {
                Some((list, listing)) => {
                    self.read_list(&mut steps, Role::ListAfterDelete, *list, listing).await;
                    let why = if exchange.status() == Some(202) {
                        "the deletion is promised for later"
                    } else {
                        "the list does not show what was created, or tells no ids"
                    };
                    self.excuse(delete, &["deleted-resource-listed"], why);
                }
                None => self.excuse(delete, &["deleted-resource-listed"], "no `GET` lists what it deletes"),
            }
            self.note_creation(delete, &case, &exchange);
        }
        steps
    }

    /// Whether a `Location` names the very thing that was made, of which the document has no `GET`.
    fn leads_to_nothing_readable(
        &self,
        resource: &Resource,
        binding: &Binding,
        from: &str,
        location: &str,
    ) -> bool {
        let night = self.night;
        let mut at_item = night.api.operations.iter().filter(|o| o.path.shape() == resource.item);
        let item = at_item.next().filter(|_| resource.read.is_none()).and_then(|operation| {
            let case = night.generator.reach(operation, &known(operation, binding)).ok()?;
            let case = placed(case, operation, binding);
            url::Url::parse(&case.render(operation, &night.options.base_url).ok()?.url).ok()
        });
        let target = url::Url::parse(from).ok().and_then(|from| from.join(location).ok());
        item.zip(target).is_some_and(|(item, target)| item.path() == target.path())
    }

    /// Goes where a `Location` header points, if that is the same origin.
    async fn follow(
        &mut self,
        steps: &mut Vec<Step>,
        target_of: usize,
        case: &Case,
        from: &str,
        location: &str,
    ) {
        let night = self.night;
        let Ok(base) = url::Url::parse(from) else { return };
        let Ok(target) = base.join(location) else { return };
        if target.origin() != base.origin() {
            return;
        }
        let request =
            Request { method: Method::Get, url: target.to_string(), headers: Vec::new(), body: None };
        let operation = &night.api.operations[target_of];
        let before = self.faults(steps);
        let mut pause = PAUSE;
        loop {
            let exchange = night.transport.send(&request, &Credential::Main, Some(operation)).await;
            let case = Case { phase: Phase::Sequence, ..case.clone() };
            self.note_step(steps, Role::FollowLocation, target_of, case, &exchange);
            if !self.pause_while(steps, before, &mut pause).await {
                return;
            }
        }
    }
}
