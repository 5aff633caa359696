//! The instance's API keys: which are valid and whose they are. Judging what a holder may do is for `access`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// How many ended keys are remembered.
const MEMORY: usize = 10_000;

/// The keys that are worth knowing when the instance starts. They are the same at each start.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DemoKeys {
    /// Key of an administrator of the organisation: may do everything.
    pub user: String,
    /// Key of a service account with the role `viewer` in project 1 only: reads there, writes nowhere.
    pub viewer: String,
    /// Key of a service account with the role `editor` in project 2 only: equal to others there, a stranger elsewhere.
    pub partner: String,
    /// Key of a service account with the role `editor` in project 1 only: works there, administers nothing.
    pub editor: String,
    /// A key that was valid until it was regenerated: must be refused.
    pub revoked: String,
}

impl Default for DemoKeys {
    fn default() -> DemoKeys {
        DemoKeys {
            user: "demo-user-key-0002-5f1e7ad93c".to_owned(),
            viewer: "demo-service-key-0003-b8260c4d71".to_owned(),
            partner: "demo-service-key-0004-6ad3f19c05".to_owned(),
            editor: "demo-service-key-0005-c17e92d4b8".to_owned(),
            revoked: "demo-user-key-0001-e49b30a6f2".to_owned(),
        }
    }
}

/// Who a key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A person, by user number.
    User(u64),
    /// A service account, by account number.
    Account(u64),
}

/// Every valid key.
#[derive(Debug, Default)]
pub(crate) struct Keyring {
    keys: BTreeMap<String, Holder>,
    ended: BTreeSet<String>,
    made: u64,
}

impl Keyring {
    /// Makes this key the holder's only one.
    pub(crate) fn assign(&mut self, holder: Holder, key: String) {
        self.disable(holder);
        self.keys.insert(key, holder);
    }

    /// Makes a fresh key for the holder. The one before is dead at once.
    pub(crate) fn regenerate(&mut self, holder: Holder) -> String {
        self.made += 1;
        let kind = match holder {
            Holder::User(_) => "user",
            Holder::Account(_) => "service",
        };
        // An odd multiplier modulo 2^40 never repeats a value; the key only has to differ and look like one.
        let tail = self.made.wrapping_mul(0x9E_3779_B97F) & 0xFF_FFFF_FFFF;
        let key = format!("demo-{kind}-key-{:04}-{tail:010x}", self.made + 1000);
        self.assign(holder, key.clone());
        key
    }

    /// Ends the holder's key.
    pub(crate) fn disable(&mut self, holder: Holder) {
        let held = self.keys.iter().filter(|(_, other)| **other == holder);
        let ended: Vec<String> = held.map(|(key, _)| key.clone()).collect();
        self.keys.retain(|_, other| *other != holder);
        if self.ended.len() < MEMORY {
            self.ended.extend(ended);
        }
    }

    /// Whether the holder has a valid key.
    pub(crate) fn has_key(&self, holder: Holder) -> bool {
        self.keys.values().any(|other| *other == holder)
    }

    /// Whether this key was valid once, but is no longer.
    pub(crate) fn has_ended(&self, key: &str) -> bool {
        self.ended.contains(key)
    }

    /// Whose key this is.
    pub(crate) fn holder(&self, key: &str) -> Option<Holder> {
        self.keys.get(key).copied()
    }
}

/// What the viewer's key must not reach: patterns over `METHOD /path`, `*` within a segment, `**` across.
pub const VIEWER_DENIED: &[&str] = &[
    "* /projects/2",
    "* /projects/2/**",
    "* /projects/3",
    "* /projects/3/**",
    "POST /projects/*/assets",
    "POST /projects/*/assets/groups",
    "POST /projects/*/findings",
    "POST /projects/*/findings/details/**",
    "POST /projects/*/scans",
    "POST /projects/*/teams",
    "POST /projects/*/tags",
    "POST /projects/*/processing-rules",
    "POST /projects/*/issues",
    "POST /projects/*/exports",
    "POST /projects/*/views",
    "PUT **",
    "PATCH **",
    "DELETE **",
    "* /users",
    "* /service-accounts",
    "* /service-accounts/**",
];

/// What the editor's key must not reach, in the same form.
pub const EDITOR_DENIED: &[&str] = &[
    "* /projects/2",
    "* /projects/2/**",
    "* /projects/3",
    "* /projects/3/**",
    "* /users",
    "* /service-accounts",
    "* /service-accounts/**",
];
