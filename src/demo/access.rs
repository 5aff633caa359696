//! Who is calling, and whether the operation is open to them: 401 and 403, with the faults that forget them.

use serde_json::Value;

use crate::demo::contract::Operation;
use crate::demo::fault::FaultSet;
use crate::demo::keys::Holder;
use crate::demo::reply::Refusal;
use crate::demo::state::ACCOUNTS;
use crate::demo::state::State;
use crate::demo::state::USERS;
use crate::demo::walls;

/// The caller behind a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Whose key it is.
    pub(crate) holder: Holder,
    /// Whether the caller administers the organisation.
    pub(crate) admin: bool,
    /// Project numbers with the role held there. Administrators have none and need none.
    pub(crate) roles: Vec<(u64, String)>,
}

impl Caller {
    /// Whether the caller may see the project at all.
    pub(crate) fn reaches(&self, project: u64) -> bool {
        self.admin || self.roles.iter().any(|(number, _)| *number == project)
    }
}

/// The administrator that stands in where a fault lets somebody pass.
const ADMINISTRATOR: Caller = Caller { holder: Holder::User(1), admin: true, roles: Vec::new() };

/// Finds the caller, or refuses with 401.
pub(crate) fn authenticate(
    state: &mut State,
    operation: &Operation,
    faults: &FaultSet,
    keys: &[&str],
) -> Result<Caller, Refusal> {
    if let [key] = keys
        && !walls::forgets_keys(faults, operation)
        && let Some(caller) = state.keyring.holder(key).and_then(|holder| caller(state, holder))
    {
        return Ok(caller);
    }
    let passes = match operation.key.as_str() {
        "GET /projects/{project_id}/assets/groups/metrics" => faults.contains("auth-ignored"),
        "GET /users" => faults.contains("malformed-key-accepted") && keys.iter().any(|key| !key.is_empty()),
        "GET /projects/{project_id}" => {
            faults.contains("revoked-key-accepted") && keys.iter().any(|key| state.keyring.has_ended(key))
        }
        _ => false,
    };
    if passes {
        return Ok(ADMINISTRATOR);
    }
    let message = "a valid key is needed in the header `x-apikey`";
    Err(Refusal::new(401, "unauthorized", message))
}

/// Refuses with 403 what the caller's role or projects do not cover.
pub(crate) fn authorise(
    operation: &Operation,
    faults: &FaultSet,
    caller: &Caller,
    path: &serde_json::Map<String, Value>,
) -> Result<(), Refusal> {
    let project = path.get("project_id").and_then(Value::as_u64);
    let role = project.and_then(|number| caller.roles.iter().find(|(known, _)| *known == number));
    let allowed = caller.admin
        || match (operation.role.as_str(), project) {
            ("any", None) => true,
            ("viewer" | "any", Some(_)) => role.is_some(),
            ("editor", Some(_)) => role.is_some_and(|(_, name)| name == "editor"),
            _ => operation.key == "POST /users/{user_id}/apikey" && is_self(caller, path.get("user_id")),
        };
    let passes = match operation.key.as_str() {
        "PUT /projects/{project_id}/tags/{tag_id}" => faults.contains("role-ignored") && role.is_some(),
        "GET /projects/{project_id}/assets/{asset_id}" => faults.contains("project-scope-ignored"),
        _ => walls::lets_editors_in(faults, operation, caller),
    };
    if (allowed || passes) && !walls::keeps_editors_out(faults, operation, caller) {
        return Ok(());
    }
    Err(Refusal::new(403, "forbidden", "the key does not reach this far"))
}

fn is_self(caller: &Caller, user: Option<&Value>) -> bool {
    user.and_then(Value::as_u64).is_some_and(|number| caller.holder == Holder::User(number))
}

fn caller(state: &mut State, holder: Holder) -> Option<Caller> {
    let record = match holder {
        Holder::User(number) => state.all("", &USERS).get(number)?,
        Holder::Account(number) => state.all("", &ACCOUNTS).get(number)?,
    };
    let roles = record.get("projects").and_then(Value::as_array).into_iter().flatten();
    let roles = roles
        .filter_map(|entry| Some((entry["project_id"].as_u64()?, entry["role"].as_str()?.to_owned())))
        .collect();
    let admin = record.get("org_role").is_some_and(|role| role == "admin");
    Some(Caller { holder, admin, roles })
}
