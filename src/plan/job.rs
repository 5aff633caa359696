//! The plan itself.

use crate::exchange::Method;
use crate::plan::safety::{acts, creates};
use crate::plan::{Permission, Resource, Safety, Seed, Selector, permission, resources};
use crate::spec::{Api, Operation};

/// What a run intends to do: one job per operation, resources, the run's seed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The run's seed.
    pub seed: Seed,
    /// One job per operation of the API, in the order in which they run.
    pub jobs: Vec<Job>,
    /// The kinds of resources that the API serves.
    pub resources: Vec<Resource>,
}

impl Plan {
    /// The path template of the resource with this shape, for people.
    pub fn template<'p>(&'p self, item: &'p str) -> &'p str {
        self.resources.iter().find(|resource| resource.item == item).map_or(item, |r| &r.template)
    }
}

/// What is to be done with one operation.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its index in [`Api::operations`].
    pub operation: usize,
    /// The seed of everything random in it.
    pub seed: Seed,
    /// What may be sent.
    pub permission: Permission,
    /// Whether a success creates something that the run then owns.
    pub creates: bool,
    /// Whether it acts on whatever its body names, so that this must be the run's own.
    pub acts: bool,
    /// How much may be sent.
    pub budget: Budget,
    /// Its wave: operations of a wave do not need each other's answers.
    pub wave: u32,
}

impl Job {
    /// Whether anything may be sent at all.
    pub fn is_allowed(&self) -> bool {
        !matches!(self.permission, Permission::Never { .. })
    }
}

/// Limits of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Random valid cases.
    pub random: u32,
    /// Cases in all.
    pub cases: u32,
}

/// What shapes a plan.
#[derive(Debug, Clone)]
pub struct PlanOptions {
    /// The run's seed.
    pub seed: Seed,
    /// How much may be changed on the target.
    pub safety: Safety,
    /// Limits of each job.
    pub budget: Budget,
    /// If not empty, only these operations.
    pub include: Vec<Selector>,
    /// Never these operations.
    pub exclude: Vec<Selector>,
    /// Operations of which the user says that they change nothing.
    pub declared_safe: Vec<Selector>,
}

/// Plans a run: questions first, outer paths before inner ones, then creators, then the rest, deletions last.
pub fn plan(api: &Api, options: &PlanOptions) -> Plan {
    let resources = resources(api);
    let mut jobs: Vec<Job> = api
        .operations
        .iter()
        .enumerate()
        .map(|(index, operation)| Job {
            operation: index,
            seed: options.seed.derive(&operation.key),
            permission: chosen(operation, &resources, options),
            creates: operation.method == Method::Post && creates(operation, &resources),
            acts: options.safety == Safety::OwnResources
                && !options.declared_safe.iter().any(|s| s.takes(operation))
                && acts(operation, &resources),
            budget: options.budget,
            wave: wave(operation, creates(operation, &resources)),
        })
        .collect();
    jobs.sort_by_key(|job| (job.wave, job.operation));
    Plan { seed: options.seed, jobs, resources }
}

fn chosen(operation: &Operation, resources: &[Resource], options: &PlanOptions) -> Permission {
    let never = |why: &str| Permission::Never { why: why.to_owned() };
    if !options.include.is_empty() && !options.include.iter().any(|s| s.takes(operation)) {
        return never(NOT_INCLUDED);
    }
    if options.exclude.iter().any(|s| s.takes(operation)) {
        return never(EXCLUDED);
    }
    let declared_safe = options.declared_safe.iter().any(|s| s.takes(operation));
    permission(operation, resources, options.safety, declared_safe)
}

fn wave(operation: &Operation, creates: bool) -> u32 {
    let depth = u32::try_from(operation.path.names().count()).unwrap_or(u32::MAX / 4);
    match operation.method {
        method if method.is_safe() => depth,
        Method::Post if creates => 100 + depth,
        Method::Post | Method::Put | Method::Patch => 200 + depth,
        // Inner things go before the things they lie in.
        _ => 400 - depth.min(90),
    }
}

/// Whether the reason for not sending is the user's own: what they took out of a run is not missing from it.
pub fn is_deselected(reason: &str) -> bool {
    [EXCLUDED, NOT_INCLUDED].contains(&reason)
}

const EXCLUDED: &str = "excluded";
const NOT_INCLUDED: &str = "not among the included operations";
