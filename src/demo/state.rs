//! Everything the instance remembers. It has no clock but a counter, so that equal requests get equal answers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::date;
use serde_json::Map;
use serde_json::Value;

use crate::demo::collection::Collection;
use crate::demo::collection::Family;
use crate::demo::keys::Keyring;

/// Projects; they are all there at the start.
pub(crate) const PROJECTS: Family = Family::numbered("projects", "project", "project_id");
/// Assets of a project.
pub(crate) const ASSETS: Family =
    Family { kept: &["asset_last_scanned"], ..Family::numbered("assets", "asset", "asset_id") };
/// Asset groups of a project.
pub(crate) const GROUPS: Family = Family::numbered("groups", "asset group", "group_id");
/// Findings of a project, named `F-1001` and so on.
pub(crate) const FINDINGS: Family =
    Family { prefix: "F-", offset: 1000, ..Family::numbered("findings", "finding", "finding_number") };
/// Comments on a finding.
pub(crate) const COMMENTS: Family =
    Family { kept: &["created"], ..Family::numbered("comments", "comment", "comment_id") };
/// Scans of a project.
pub(crate) const SCANS: Family = Family::numbered("scans", "scan", "scan_id");
/// Background jobs of a project.
pub(crate) const JOBS: Family = Family::numbered("jobs", "job", "job_id");
/// Teams of a project.
pub(crate) const TEAMS: Family = Family::numbered("teams", "team", "team_id");
/// Tags of a project.
pub(crate) const TAGS: Family = Family::numbered("tags", "tag", "tag_id");
/// Processing rules of a project.
pub(crate) const RULES: Family = Family::numbered("rules", "processing rule", "rule_id");
/// Issues of a project, named `NUC-1` and so on.
pub(crate) const ISSUES: Family =
    Family { prefix: "NUC-", ..Family::numbered("issues", "issue", "issue_key") };
/// Exports of a project.
pub(crate) const EXPORTS: Family = Family::numbered("exports", "export", "export_id");
/// Saved views of a project.
pub(crate) const VIEWS: Family = Family::numbered("views", "view", "view_id");
/// People.
pub(crate) const USERS: Family = Family::numbered("users", "user", "user_id");
/// Service accounts.
pub(crate) const ACCOUNTS: Family = Family::numbered("accounts", "service account", "account_id");

/// What the instance holds in memory.
#[derive(Debug, Default)]
pub(crate) struct State {
    collections: BTreeMap<(String, &'static str), Collection>,
    numbers: BTreeMap<&'static str, u64>,
    minutes: i64,
    /// Valid keys.
    pub(crate) keyring: Keyring,
    /// Tags, by project and number, that single readings deny.
    pub(crate) hidden: BTreeSet<(String, u64)>,
    /// Calls so far of the operation that fails now and then.
    pub(crate) intermittent_calls: u64,
}

impl State {
    /// The objects of a family in a place: a project, a finding in a project, or, if empty, everywhere.
    pub(crate) fn all(&mut self, place: &str, family: &Family) -> &mut Collection {
        self.collections.entry((place.to_owned(), family.plural)).or_default()
    }

    /// The place in which an object of a family lies, whatever place it is asked for in.
    pub(crate) fn place_of(&self, family: &Family, number: u64) -> Option<String> {
        let mut places = self.collections.iter().filter(|((_, plural), _)| *plural == family.plural);
        places.find(|(_, all)| all.get(number).is_some()).map(|((place, _), _)| place.clone())
    }

    /// Stores a new object under the next number of its family and returns both.
    pub(crate) fn add(
        &mut self,
        place: &str,
        family: &Family,
        fields: Map<String, Value>,
    ) -> (u64, Map<String, Value>) {
        let counter = self.numbers.entry(family.plural).or_default();
        *counter += 1;
        let number = *counter;
        let mut item = Map::new();
        item.insert(family.id.to_owned(), family.name(number));
        item.extend(fields);
        self.all(place, family).put(number, item.clone());
        (number, item)
    }

    /// Marks everything that is there as seed data.
    pub(crate) fn seal(&mut self) {
        self.collections.values_mut().for_each(Collection::seal);
    }

    /// The next moment of the instance's own clock, which moves by a minute each time it is read.
    pub(crate) fn moment(&mut self) -> String {
        self.minutes += 1;
        let now = date(2026, 1, 15).at(9, 0, 0, 0).saturating_add(self.minutes.minutes());
        now.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}
