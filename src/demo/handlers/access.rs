//! Users, service accounts and their keys. Regenerating a key works for real, even on the one in use.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::demo::access::Caller;
use crate::demo::call::Call;
use crate::demo::handlers::crud;
use crate::demo::keys::Holder;
use crate::demo::reply::Reply;
use crate::demo::state::ACCOUNTS;
use crate::demo::state::State;
use crate::demo::state::USERS;

/// Lists users. Their roles are not shown here.
pub(crate) fn list_users(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let mut users: Vec<_> = state.all("", &USERS).iter().cloned().collect();
    for user in &mut users {
        user.remove("projects");
    }
    crud::page(&users.iter().collect::<Vec<_>>(), call)
}

/// Says whose key it is.
pub(crate) fn whoami(state: &mut State, caller: &Caller, _: &Call) -> Reply {
    let (record, kind) = match caller.holder {
        Holder::User(number) => (state.all("", &USERS).get(number), "user"),
        Holder::Account(number) => (state.all("", &ACCOUNTS).get(number), "service_account"),
    };
    let roles: Vec<Value> =
        caller.roles.iter().map(|(project, role)| json!({"project_id": project, "role": role})).collect();
    let username =
        record.and_then(|record| record.get("username")).cloned().unwrap_or_else(|| json!("unknown"));
    let org_role = if caller.admin { "admin" } else { "member" };
    let body = json!({
        "username": username,
        "kind": kind,
        "org_role": org_role,
        "projects": roles,
        "last_seen": "2026-01-15T09:00:00Z",
    });
    Reply::json(200, body)
}

/// Makes a new key for a user.
pub(crate) fn regenerate_user_key(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let number = call.number("user_id");
    if state.all("", &USERS).get(number).is_none() {
        return Reply::not_found(USERS.singular);
    }
    Reply::json(200, json!({"api_key": state.keyring.regenerate(Holder::User(number))}))
}

/// Lists service accounts.
pub(crate) fn list_accounts(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let accounts: Vec<_> = state.all("", &ACCOUNTS).iter().cloned().collect();
    let shown: Vec<_> = accounts.into_iter().map(|account| shown(state, account)).collect();
    crud::page(&shown.iter().collect::<Vec<_>>(), call)
}

/// Makes a service account, without a key.
pub(crate) fn create_account(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let (_, account) = state.add("", &ACCOUNTS, call.body.clone());
    crud::created(shown(state, account), "/service-accounts", &ACCOUNTS)
}

/// Reads one service account.
pub(crate) fn get_account(state: &mut State, _: &Caller, call: &Call) -> Reply {
    match state.all("", &ACCOUNTS).get(call.number("account_id")).cloned() {
        Some(account) => Reply::json(200, Value::Object(shown(state, account))),
        None => Reply::not_found(ACCOUNTS.singular),
    }
}

/// Deletes a service account and ends its key.
pub(crate) fn delete_account(state: &mut State, _: &Caller, call: &Call) -> Reply {
    state.keyring.disable(Holder::Account(call.number("account_id")));
    crud::delete_in(state, "", call, &ACCOUNTS)
}

/// Makes a new key for a service account.
pub(crate) fn regenerate_account_key(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let number = call.number("account_id");
    if state.all("", &ACCOUNTS).get(number).is_none() {
        return Reply::not_found(ACCOUNTS.singular);
    }
    Reply::json(200, json!({"api_key": state.keyring.regenerate(Holder::Account(number))}))
}

/// Ends the key of a service account.
pub(crate) fn disable_account_key(state: &mut State, _: &Caller, call: &Call) -> Reply {
    let number = call.number("account_id");
    if state.all("", &ACCOUNTS).get(number).is_none() {
        return Reply::not_found(ACCOUNTS.singular);
    }
    state.keyring.disable(Holder::Account(number));
    Reply::no_content()
}

fn shown(state: &State, mut account: Map<String, Value>) -> Map<String, Value> {
    let number = account.get("account_id").and_then(Value::as_u64).unwrap_or_default();
    account.insert("has_key".to_owned(), json!(state.keyring.has_key(Holder::Account(number))));
    account
}
