//! Judges exchanges against the document: one rule, one file.
//!
//! [`judge()`] looks at one exchange, [`judge_acceptance`] at everything valid that one operation was sent,
//! [`judge_auth`], [`judge_revoked`] and [`judge_scope`] at the same request with different keys,
//! [`judge_head`] and [`judge_method`] at the same resource with different methods, [`judge_trespass`] and its
//! neighbours at things that belong to somebody, and [`judge_sequence`] at calls that belong together. [`RULES`] is the
//! catalogue; `docs/checks.md` its pages.
//!
//! Pure: a rule must never send, print, or depend on another rule's result.

mod acceptance;
mod access;
mod catalogue;
mod compare;
mod context;
mod described;
mod documented;
mod entity;
mod envelope;
#[cfg(test)]
pub(crate) mod fixture;
mod items;
mod judge;
mod kept;
mod methods;
mod moment;
mod next_page;
mod options;
mod ordering;
mod ownership;
mod paging;
mod privileged;
mod reading;
mod refusal;
mod route;
mod rules;
mod sequence;
mod wording;

pub use acceptance::{Acceptance, judge_acceptance};
pub use access::{Probe, judge_auth, judge_revoked, judge_scope};
pub use catalogue::{RULES, rule};
pub(crate) use compare::{differs, property};
pub use context::{Context, Judgement, SequenceJudgement};
pub(crate) use entity::is_conditional;
pub(crate) use envelope::Envelope;
pub use judge::{judge, judge_anywhere};
pub(crate) use kept::{is_restless, is_shown};
pub use methods::{judge_head, judge_method};
pub(crate) use moment::{last_modified, moment};
pub(crate) use next_page::{Next, cursor_of, next_of};
pub use options::CheckOptions;
pub(crate) use ordering::{Order, tells_order};
pub use ownership::{
    Deed, HalfRight, Misplaced, Presumption, Trespass, judge_half_right, judge_misplaced, judge_presumption,
    judge_refused, judge_revelation, judge_trespass,
};
pub(crate) use paging::listed;
pub use privileged::{Privileged, another_value, privileged};
pub(crate) use refusal::{is_refusal, refuses_in_body};
pub use route::{is_documented_at, made_up};
pub(crate) use rules::filter_ignored::{filtered, is_telling};
pub use rules::link_broken::{Followed, judge_link};
pub use sequence::{Role, Step, judge_sequence};
