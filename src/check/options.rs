//! What a user may choose about checks.
//!
//! This must never hold anything that an operation could answer for itself.

use crate::check::RULES;
use crate::finding::Rule;
use std::collections::BTreeSet;
use std::time::Duration;

/// Statuses that servers and what stands before them give by themselves, documented or not.
const IMPLICIT: &[u16] = &[401, 403, 404, 405, 406, 408, 410, 413, 414, 415, 429, 431, 502, 503, 504];

/// What a user may choose about checks.
///
/// ```
/// use specwarden::check::CheckOptions;
/// use std::time::Duration;
/// let options = CheckOptions::default();
/// assert!(options.enabled.contains("server-error") && !options.enabled.contains("slow-response"));
/// let options = options.with_max_response(Duration::from_millis(500)).without("server-error");
/// assert!(options.enabled.contains("slow-response") && !options.enabled.contains("server-error"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    /// Ids of the rules that run.
    pub enabled: BTreeSet<String>,
    /// The longest that an answer may take, for `slow-response`.
    pub max_response: Option<Duration>,
    /// Statuses that need no documentation where they make sense (401 where a key is asked for,
    /// 404 where the path has a parameter).
    pub implicit_statuses: BTreeSet<u16>,
}

impl CheckOptions {
    /// With one more rule.
    pub fn with(mut self, id: &str) -> Self {
        self.enabled.insert(id.to_owned());
        self
    }

    /// Without one rule.
    pub fn without(mut self, id: &str) -> Self {
        self.enabled.remove(id);
        self
    }

    /// With a limit for the time of every answer; `slow-response` then runs.
    pub fn with_max_response(mut self, limit: Duration) -> Self {
        self.max_response = Some(limit);
        self.with(crate::check::rules::slow_response::RULE.id)
    }

    /// Whether this rule runs.
    pub(crate) fn runs(&self, rule: &Rule) -> bool {
        self.enabled.contains(rule.id)
    }
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            enabled: RULES.iter().filter(|rule| rule.default_on).map(|rule| rule.id.to_owned()).collect(),
            max_response: None,
            implicit_statuses: IMPLICIT.iter().copied().collect(),
        }
    }
}
