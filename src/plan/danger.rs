//! Operations that could end the run that sends them: credentials, switches of the service, the caller itself.
//!
//! Only words are read here, of paths and operation ids. A word too many costs an operation its tests, and the user
//! may name it as safe; a word too few costs somebody their service.

use crate::exchange::Method;
use crate::plan::words::words;
use crate::spec::Operation;

/// What an operation may do to the run itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Danger {
    /// Nothing, as far as words tell.
    None,
    /// It may change who may come in.
    Credentials,
    /// It may switch the whole service.
    Switch,
    /// Its verb speaks of stopping or resetting: a switch, unless it is sent to something of the run's own.
    Stop,
    /// It changes the account as which the run comes in.
    Caller,
}

/// Words of credentials.
const CREDENTIALS: &[&str] = &[
    "apikey",
    "apikeys",
    "key",
    "keys",
    "token",
    "tokens",
    "password",
    "passwords",
    "passphrase",
    "passcode",
    "credential",
    "credentials",
    "secret",
    "secrets",
    "certificate",
    "certificates",
    "logout",
    "logoff",
    "signout",
    "session",
    "sessions",
    "mfa",
    "2fa",
    "totp",
    "otp",
    "impersonate",
    "rotate",
    "revoke",
    "regenerate",
];
/// Words of switches of the whole service.
const SWITCHES: &[&str] = &[
    "maintenance",
    "shutdown",
    "restart",
    "reboot",
    "purge",
    "wipe",
    "drain",
    "flush",
    "readonly",
    "lockdown",
    "factory",
    "poweroff",
    "failover",
];
/// Words that stop or reset whatever they are sent to.
const STOPS: &[&str] = &[
    "reset",
    "restore",
    "rollback",
    "terminate",
    "halt",
    "stop",
    "kill",
    "suspend",
    "deactivate",
    "disable",
    "offline",
    "freeze",
    "lock",
    "mode",
    "truncate",
    "uninstall",
    "reinitialize",
];
/// Segments that stand for whoever asks.
const CALLER: &[&str] = &["me", "self", "myself", "current", "whoami"];
/// Things of which everybody has one, removed without being named.
const SINGLETONS: &[&str] =
    &["account", "profile", "user", "tenant", "organization", "organisation", "workspace"];
/// Last segments that are orders even behind a `GET`.
const ORDERS: &[&str] = &[
    "logout",
    "logoff",
    "signout",
    "shutdown",
    "restart",
    "reboot",
    "revoke",
    "rotate",
    "regenerate",
    "purge",
    "wipe",
];
/// Verbs that turn something on or off.
const TURNS: &[&str] =
    &["enable", "disable", "enter", "leave", "start", "stop", "activate", "toggle", "set", "switch"];

/// What the words of an operation say of it.
pub(super) fn danger(operation: &Operation) -> Danger {
    let path = operation.path.to_string();
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty() && !s.contains('{')).collect();
    let mut told: Vec<String> = segments.iter().flat_map(|segment| joined(segment)).collect();
    if operation.method.is_safe() {
        return order(&path, &told);
    }
    told.extend(operation.id.iter().flat_map(|id| joined(id)));
    let speaks_of = |list: &[&str]| told.iter().any(|word| list.contains(&word.as_str()));
    let is = |segment: &&&str, list: &[&str]| list.contains(&segment.to_lowercase().as_str());
    let nameless = operation.path.names().next().is_none();
    let last_is_one = segments.last().is_some_and(|segment| is(&segment, SINGLETONS));
    if speaks_of(SWITCHES) {
        Danger::Switch
    } else if speaks_of(CREDENTIALS) {
        Danger::Credentials
    } else if segments.iter().any(|segment| is(&segment, CALLER))
        || (operation.method == Method::Delete && nameless && last_is_one)
    {
        Danger::Caller
    } else if speaks_of(STOPS) {
        Danger::Stop
    } else {
        Danger::None
    }
}

/// A question asks for nothing, unless its last word is an order: `GET /logout`, `GET /maintenance/enable`.
fn order(path: &str, told: &[String]) -> Danger {
    let last = joined(path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default());
    // `logout`, or `log-out`, which is one word of two: its last.
    let whole = last.last().filter(|_| matches!(last.len(), 1 | 3));
    let ordered = whole.is_some_and(|word| ORDERS.contains(&word.as_str()));
    let turned = last.iter().any(|word| TURNS.contains(&word.as_str()));
    let switch = told.iter().any(|word| SWITCHES.contains(&word.as_str()));
    if ordered || switch && turned { Danger::Switch } else { Danger::None }
}

/// Whether what switches or stops is only said behind an item of this path, as in `/machines/{id}/restart`: then it is
/// done to that item, not to the service.
pub(super) fn is_about_item(operation: &Operation, item: &str) -> bool {
    let depth = item.matches('{').count();
    let path = operation.path.to_string();
    let mut passed = 0;
    let before = path.split('/').take_while(|segment| {
        passed += segment.matches('{').count();
        passed <= depth && (passed < depth || segment.contains('{'))
    });
    let speaks = |segment: &str| joined(segment).iter().any(|word| SWITCHES.contains(&word.as_str()));
    !operation.method.is_safe() && depth > 0 && !before.filter(|s| !s.contains('{')).any(speaks)
}

/// The words of a name, and each two neighbours as one: `read-only-mode` speaks of `readonly`.
fn joined(name: &str) -> Vec<String> {
    let mut all = words(name);
    let pairs: Vec<String> = all.windows(2).map(<[String]>::concat).collect();
    all.extend(pairs);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::parse;
    use serde_json::json;

    #[track_caller]
    fn check(method: &str, path: &str, expected: Danger) {
        let names: Vec<_> = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters: Vec<_> = names
            .iter()
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        let operation = json!({"parameters": parameters, "responses": {"200": {"description": "done"}}});
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {path: {method: operation}},
        });
        let (api, _) = parse(document).expect("an API");
        assert_eq!(danger(&api.operations[0]), expected, "{method} {path}");
    }

    #[test]
    fn switches_are_known_under_several_spellings() {
        for path in [
            "/admin/maintenance",
            "/system/maintenanceMode",
            "/settings/read-only",
            "/settings/readOnlyMode",
            "/service/shut-down",
            "/service/Shutdown",
            "/cluster/power_off",
            "/factory-reset",
        ] {
            check("post", path, Danger::Switch);
        }
    }

    #[test]
    fn credentials_are_known_under_several_spellings() {
        for path in [
            "/apiKeys/rotate",
            "/api-keys/{id}",
            "/me/password",
            "/pass-word",
            "/accessTokens/{id}",
            "/log-out",
            "/mfa",
        ] {
            check("delete", path, Danger::Credentials);
        }
        check("post", "/auth/rotate", Danger::Credentials);
        check("put", "/users/{id}/APIKey", Danger::Credentials);
    }

    #[test]
    fn whoever_asks_is_not_changed() {
        for path in ["/users/me", "/me/deactivate", "/account", "/Users/Self", "/organizations/current"] {
            check("delete", path, Danger::Caller);
        }
        check("patch", "/users/me", Danger::Caller);
        check("delete", "/accounts/{id}", Danger::None);
    }

    #[test]
    fn questions_are_free_unless_they_are_orders() {
        check("get", "/users/me", Danger::None);
        check("get", "/admin/maintenance", Danger::None);
        check("get", "/api-keys", Danger::None);
        check("get", "/orders/restart-times", Danger::None);
        check("get", "/logout", Danger::Switch);
        check("get", "/auth/sign-out", Danger::Switch);
        check("get", "/maintenance/enable", Danger::Switch);
    }

    #[test]
    fn ordinary_operations_are_left_alone() {
        for path in ["/pets", "/pets/{id}", "/monkeys", "/findings/search", "/models", "/blocks"] {
            check("post", path, Danger::None);
        }
        check("post", "/jobs/{id}/stop", Danger::Stop);
    }
}
