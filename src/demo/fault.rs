//! Faults and sets of them: names, nothing else. What a fault does is written in `bend`, `access` and `sabotage`.

use std::collections::BTreeSet;

use crate::demo::catalogue::FAULTS;
use crate::demo::error::DemoError;

/// One deliberate defect, confined to one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Its name, in kebab case; used with `--faults`.
    pub name: &'static str,
    /// The rule that must report it; empty if nothing should be reported.
    pub rule: &'static str,
    /// The operation it breaks, such as `GET /projects/{project_id}`.
    pub operation: &'static str,
    /// What it does, in one sentence.
    pub title: &'static str,
}

/// The faults that are switched on.
///
/// ```
/// use specwarden::demo::FaultSet;
///
/// let faults = FaultSet::parse("slow-operation, bad-header")?;
/// assert!(faults.contains("bad-header"));
/// assert!(FaultSet::parse("none")?.names().next().is_none());
/// # Ok::<(), specwarden::demo::DemoError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultSet {
    names: BTreeSet<&'static str>,
}

impl FaultSet {
    /// No fault: the instance conforms to its document.
    pub fn none() -> FaultSet {
        FaultSet::default()
    }

    /// Every fault at once.
    pub fn all() -> FaultSet {
        FaultSet { names: FAULTS.iter().map(|fault| fault.name).collect() }
    }

    /// Reads `all`, `none`, or names joined by commas.
    pub fn parse(text: &str) -> Result<FaultSet, DemoError> {
        match text.trim() {
            "all" => return Ok(FaultSet::all()),
            "none" => return Ok(FaultSet::none()),
            _ => {}
        }
        let names = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(known)
            .collect::<Result<_, _>>()?;
        Ok(FaultSet { names })
    }

    /// Whether the fault of that name is on.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The names of the faults that are on, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied()
    }
}

fn known(name: &str) -> Result<&'static str, DemoError> {
    if let Some(fault) = FAULTS.iter().find(|fault| fault.name == name) {
        return Ok(fault.name);
    }
    let closest = FAULTS
        .iter()
        .map(|fault| (strsim::jaro_winkler(name, fault.name), fault.name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    Err(DemoError::UnknownFault { name: name.to_owned(), suggestion: closest.map(|(_, known)| known) })
}
