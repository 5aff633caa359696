//! Which plots there are for an API, and the playing of one.

use crate::check::{SequenceJudgement, Step, filtered, judge_sequence, listed};
use crate::client::Transport;
use crate::engine::sequence::pages::turn;
use crate::engine::state::Proof;
use crate::engine::walk::Walk;
use crate::exchange::Method;
use crate::plan::Resource;
use crate::spec::Location;
use serde_json::Value;

/// A few calls that answer one question. Numbers are places in the plan's resources or the API's operations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) enum Plot {
    /// Create, read, follow, replace twice, list, delete, list.
    Life {
        /// Of what.
        resource: usize,
    },
    /// Create, read, change a part, read.
    Change {
        /// Of what.
        resource: usize,
    },
    /// Create, read, replace by less, read.
    Omission {
        /// Of what.
        resource: usize,
    },
    /// Create, read, write what is forbidden, read.
    Refusal {
        /// Of what.
        resource: usize,
        /// The `PUT` or `PATCH`.
        write: usize,
    },
    /// Create, read, delete in ways that are refused, read.
    RefusedDeletion {
        /// Of what.
        resource: usize,
    },
    /// List, create what is forbidden, list.
    RefusedCreation {
        /// Of what.
        resource: usize,
    },
    /// Create, read, change, and again on the condition that nobody did.
    Condition {
        /// Of what.
        resource: usize,
    },
    /// The same by moments instead of versions.
    Moment {
        /// Of what.
        resource: usize,
    },
    /// Two pages of a list, and the whole of it.
    Pages {
        /// The list.
        list: usize,
    },
    /// The pages of a list, each named by the one before.
    Cursor {
        /// The list.
        list: usize,
    },
    /// A list in two orders.
    Order {
        /// The list.
        list: usize,
    },
    /// A list, and the same by two values of a filter. What has to be in it is made first.
    Filter {
        /// The list.
        list: usize,
        /// The query parameter.
        parameter: String,
    },
}

impl Plot {
    /// The resource that it makes for itself, by its place in the plan.
    pub(super) fn resource(&self) -> Option<usize> {
        match self {
            Self::Life { resource }
            | Self::Change { resource }
            | Self::Omission { resource }
            | Self::Refusal { resource, .. }
            | Self::RefusedDeletion { resource }
            | Self::Moment { resource }
            | Self::Condition { resource } => Some(*resource),
            Self::RefusedCreation { .. }
            | Self::Pages { .. }
            | Self::Cursor { .. }
            | Self::Order { .. }
            | Self::Filter { .. } => None,
        }
    }
}

impl<T: Transport> Walk<'_, '_, '_, T> {
    /// Plays every plot once.
    pub(in crate::engine) async fn sequences(&mut self) {
        let night = self.night;
        let plots = self.plots();
        self.stage("sequence", plots.len());
        for (subject, plot) in plots {
            if self.over() {
                return;
            }
            let steps = self.play(&plot).await;
            let judgement = judge_sequence(night.api, &night.options.checks, &steps);
            self.take_judgement(subject, judgement, &Proof::Sequence(plot));
        }
    }

    /// Plays one plot. What it leaves behind stands in the ledger.
    pub(in crate::engine) async fn play(&mut self, plot: &Plot) -> Vec<Step> {
        let resources = &self.night.plan.resources;
        match plot {
            Plot::Life { resource } => self.lead_life(&resources[*resource]).await,
            Plot::Change { resource } => self.change_part(&resources[*resource]).await,
            Plot::Omission { resource } => self.leave_out(&resources[*resource]).await,
            Plot::Refusal { resource, write } => self.write_forbidden(&resources[*resource], *write).await,
            Plot::RefusedDeletion { resource } => self.delete_refused(&resources[*resource]).await,
            Plot::RefusedCreation { resource } => self.create_forbidden(&resources[*resource]).await,
            Plot::Condition { resource } => self.state_conditions(&resources[*resource]).await,
            Plot::Moment { resource } => self.state_moments(&resources[*resource]).await,
            Plot::Pages { list } => self.turn_page(*list).await,
            Plot::Cursor { list } => self.follow_pages(*list).await,
            Plot::Order { list } => self.sort(*list).await,
            Plot::Filter { list, parameter } => self.filter(*list, parameter).await,
        }
    }

    /// Every plot, with the operation that it is told of where nothing else is said.
    fn plots(&mut self) -> Vec<(usize, Plot)> {
        let night = self.night;
        let mut plots = Vec::new();
        for (number, resource) in night.plan.resources.iter().enumerate() {
            if self.focuses_any(resource) {
                plots.extend(self.plots_of(number, resource));
            }
        }
        for (list, operation) in night.api.operations.iter().enumerate() {
            if operation.method != Method::Get || !night.options.focuses(&operation.key) {
                continue;
            }
            if turn(&night.api.document, operation).is_some() {
                plots.push((list, Plot::Pages { list }));
            }
            if self.leads_on(list) {
                plots.push((list, Plot::Cursor { list }));
            }
            if self.offers_orders(list) {
                plots.push((list, Plot::Order { list }));
            }
            for parameter in self.filters(list) {
                plots.push((list, Plot::Filter { list, parameter }));
            }
        }
        plots
    }

    fn plots_of(&mut self, number: usize, resource: &Resource) -> Vec<(usize, Plot)> {
        let Some(create) = resource.create else { return Vec::new() };
        let mut plots = vec![(create, Plot::Life { resource: number })];
        let writes: Vec<usize> = [resource.replace, resource.change].into_iter().flatten().collect();
        if resource.read.is_none() {
            for write in &writes {
                let why = "no `GET` reads back what it wrote";
                self.excuse(*write, &["update-lost", "refused-write-has-effect"], why);
            }
            if let Some(delete) = resource.delete {
                self.excuse(delete, &["refused-write-has-effect"], "no `GET` shows what it deletes");
            }
        } else {
            let deletion = |delete| (delete, Plot::RefusedDeletion { resource: number });
            plots.extend(resource.delete.map(deletion));
            plots.extend(resource.change.map(|change| (change, Plot::Change { resource: number })));
            plots.extend(resource.replace.map(|replace| (replace, Plot::Omission { resource: number })));
            for write in &writes {
                plots.push((*write, Plot::Refusal { resource: number, write: *write }));
            }
            plots.extend(self.conditions_of(number, resource, &writes));
        }
        if resource.is_claimed {
            let why = "it creates what its path names, and nothing is left where it refuses";
            self.excuse(create, &["refused-creation-kept"], why);
        } else if resource.list.is_some() {
            plots.push((create, Plot::RefusedCreation { resource: number }));
        } else {
            self.excuse(create, &["refused-creation-kept"], "no `GET` lists what it creates");
        }
        plots
    }

    fn conditions_of(&mut self, number: usize, resource: &Resource, writes: &[usize]) -> Vec<(usize, Plot)> {
        let Some(read) = resource.read else { return Vec::new() };
        let shows = |header: &str, walk: &mut Self| {
            let control = walk.state.tally(read).control.as_ref();
            let answer = control.and_then(|(_, exchange)| exchange.response());
            answer.is_some_and(|response| response.header(header).is_some())
        };
        let (tagged, dated) = (shows("etag", self), shows("last-modified", self));
        if !tagged {
            self.excuse(read, &["etag-not-renewed"], "no answer carries an `ETag`");
        }
        if !tagged && !dated {
            let why = "no answer carries an `ETag` or a `Last-Modified`";
            self.excuse(read, &["not-modified-wrongly"], why);
            for write in writes {
                self.excuse(*write, &["stale-write-accepted"], why);
            }
        }
        let Some(write) = writes.first() else { return Vec::new() };
        let by_version = tagged.then_some(Plot::Condition { resource: number });
        let by_moment = dated.then_some(Plot::Moment { resource: number });
        by_version.into_iter().chain(by_moment).map(|plot| (*write, plot)).collect()
    }

    /// The query parameters of a list that are named like properties of its items, or of what a creation puts there.
    fn filters(&mut self, list: usize) -> Vec<String> {
        let operation = &self.night.api.operations[list];
        let control = self.state.tally(list).control.as_ref().and_then(|(_, exchange)| exchange.response());
        let Some(body) = control.and_then(crate::exchange::Response::json) else { return Vec::new() };
        let Some(mut items) = listed(&body).cloned() else {
            self.excuse(list, &["filter-ignored"], "it does not answer with a list");
            return Vec::new();
        };
        items.extend(self.wares(list).into_iter().map(|(_, fields)| Value::Object(fields)));
        let optional = operation.parameters.iter().filter(|p| p.location == Location::Query && !p.required);
        let filters: Vec<String> =
            optional.filter(|p| filtered(&p.name, &items).is_some()).map(|p| p.name.clone()).collect();
        if filters.is_empty() {
            let why = if items.is_empty() {
                "the list was empty when it was asked"
            } else {
                "no query parameter is named like a property of its items"
            };
            self.excuse(list, &["filter-ignored"], why);
        }
        filters
    }

    fn focuses_any(&self, resource: &Resource) -> bool {
        let night = self.night;
        let parts = [
            resource.create,
            resource.read,
            resource.replace,
            resource.change,
            resource.delete,
            resource.list,
        ];
        parts.into_iter().flatten().any(|index| night.options.focuses(&night.api.operations[index].key))
    }

    /// Notes why rules could not judge an operation.
    pub(super) fn excuse(&mut self, operation: usize, rules: &[&'static str], why: &str) {
        let tally = self.state.tally(operation);
        for rule in rules {
            tally.excuses.entry(rule).or_insert_with(|| why.to_owned());
        }
    }

    fn take_judgement(&mut self, fallback: usize, judgement: SequenceJudgement, proof: &Proof) {
        let night = self.night;
        for (key, rule) in &judgement.exercised {
            let index = night.api.operations.iter().position(|operation| operation.key == *key);
            self.state.tally(index.unwrap_or(fallback)).exercise(&[rule]);
        }
        for finding in judgement.findings {
            if !night.options.checks.enabled.contains(&finding.rule) {
                continue;
            }
            let index = finding
                .operation
                .as_ref()
                .and_then(|key| night.api.operations.iter().position(|o| o.key == *key));
            self.state.suspect(index.unwrap_or(fallback), finding, proof.clone());
        }
    }
}
