//! What may be sent to a target that other people also use.

use crate::exchange::Method;
use crate::plan::danger::{Danger, danger, is_about_item};
use crate::plan::words::words;
use crate::plan::{Resource, item_prefixes};
use crate::spec::Operation;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a run may change on its target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// Safe methods alone (RFC 9110 §9.2.1).
    ReadOnly,
    /// Unsafe methods too, but only to create, and on what this run created.
    #[default]
    OwnResources,
    /// Everything but what would end the run: credentials and switches stay untouched.
    Full,
}

impl Safety {
    /// The name in flags and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::OwnResources => "own-resources",
            Self::Full => "full",
        }
    }
}

impl fmt::Display for Safety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the run may do with one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// Send it with any values.
    Free,
    /// Send it only on an item of this path that the run itself created.
    OwnOnly {
        /// The shape of the item path.
        item: String,
        /// Whether anything may serve where nothing could be created (mode `full`).
        or_any: bool,
    },
    /// Do not send it.
    Never {
        /// Why, in words.
        why: String,
    },
}

/// Words that mark a `POST` as a question.
const QUESTIONS: &[&str] = &[
    "search", "query", "filter", "find", "lookup", "list", "count", "preview", "validate", "check", "graphql",
];

/// Decides for one operation. `declared_safe` is the user's word that it changes nothing.
pub fn permission(
    operation: &Operation,
    resources: &[Resource],
    safety: Safety,
    declared_safe: bool,
) -> Permission {
    let never = |why: &str| Permission::Never { why: why.to_owned() };
    if declared_safe {
        return Permission::Free;
    }
    if !operation.method.is_safe() && safety == Safety::ReadOnly {
        return never("unsafe method in safety mode read-only");
    }
    let danger = danger(operation);
    let own = item_prefixes(&operation.path).into_iter().rev().find(|item| creatable(item, resources));
    if danger == Danger::Switch && !own.as_deref().is_some_and(|item| is_about_item(operation, item)) {
        return never("it may switch the whole service; name it in `[select] safe` to send it");
    }
    if operation.method.is_safe() {
        return Permission::Free;
    }
    if danger == Danger::Caller {
        return never("it changes the account of the run itself; name it in `[select] safe` to send it");
    }
    if operation.method != Method::Delete && danger != Danger::Switch && creates(operation, resources) {
        return Permission::Free;
    }
    if let Some(item) = own {
        let harmless = !matches!(danger, Danger::Credentials | Danger::Stop | Danger::Switch);
        return Permission::OwnOnly { item, or_any: safety == Safety::Full && harmless };
    }
    match danger {
        Danger::Credentials => return never("it changes credentials that this run did not create"),
        Danger::Stop => {
            return never("it may stop or reset what others use; name it in `[select] safe` to send it");
        }
        Danger::None | Danger::Switch | Danger::Caller => {}
    }
    if safety == Safety::Full {
        return Permission::Free;
    }
    if operation.method == Method::Post
        && (operation.path.names().next().is_none() || asks(operation, resources))
    {
        return Permission::Free;
    }
    never("unsafe method on something this run did not create (safety mode own-resources)")
}

/// Whether items of this path can be created by the run.
fn creatable(item: &str, resources: &[Resource]) -> bool {
    resources.iter().any(|resource| resource.item == item && resource.create.is_some())
}

/// Whether the operation is the `POST` on a collection: items lie below its path with nothing but fixed text
/// between (`POST /findings` and `/findings/details/{number}`). The plural of the collection's name serves as well, and
/// so does a link to the item.
pub(super) fn creates(operation: &Operation, resources: &[Resource]) -> bool {
    let here = operation.path.shape();
    let here = here.trim_end_matches('/');
    operation.method == Method::Post
        && resources.iter().any(|resource| {
            let collection = resource.above();
            let in_plural = resource.plural.as_deref().is_some_and(|path| path.trim_end_matches('/') == here);
            let is_linked = resource.links.iter().any(|link| link.from == operation.key);
            in_plural
                || is_linked
                || collection.strip_prefix(here).is_some_and(|between| {
                    between.is_empty() || between.starts_with('/') && !between.contains('{')
                })
        })
}

/// Whether it is an order that creates nothing and asks nothing: what its body names may be changed by it.
pub(super) fn acts(operation: &Operation, resources: &[Resource]) -> bool {
    operation.method == Method::Post && !creates(operation, resources) && !asks(operation, resources)
}

/// Whether a `POST` reads like a question: by the last words of its path, or by those before values that it may not
/// make up (`/count-by/{kind}`).
fn asks(operation: &Operation, resources: &[Resource]) -> bool {
    let shape = operation.path.shape();
    let mut path = shape.trim_end_matches('/');
    if resources.iter().any(|resource| resource.item == path && resource.is_enumerated) {
        path = path.trim_end_matches("/{}");
    }
    let last = words(path.rsplit('/').next().unwrap_or_default());
    last.iter().any(|word| QUESTIONS.contains(&word.as_str()))
}
