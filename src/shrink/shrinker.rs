//! The dialogue: a smaller case out, whether it still fails in.

use crate::case::Case;
use crate::schema::Validators;
use crate::shrink::class::Class;
use crate::shrink::edit::{Edit, edits};
use crate::shrink::measure::Measure;
use crate::spec::Operation;
use std::collections::HashSet;

/// How much is looked at between two proposals, in nodes of values, so that a giant body cannot stall the run.
const MOST_WORK: u64 = 400_000;

/// Makes a failing case smaller, one proposal at a time.
///
/// It first proposes the smallest case of the class at once, which settles most failures in one sending; then
/// single changes, the boldest first. Each proposal is strictly smaller than [`Shrinker::best`] and of the same
/// class: a positive case stays valid, a negative one breaks the same rule and no other. The same answers lead to
/// the same proposals.
///
/// ```text
/// let mut shrinker = Shrinker::new(case, operation, &validators, 100);
/// while let Some(smaller) = shrinker.next() {
///     let exchange = transport.send(&smaller.render(operation, base)?, …).await;
///     shrinker.answer(judge(&exchange).contains(&fingerprint));
/// }
/// let smallest = shrinker.best();
/// ```
pub struct Shrinker<'a> {
    class: Class<'a>,
    best: Case,
    size: Measure,
    pending: Option<Case>,
    /// Proposals that are left.
    budget: u32,
    stage: Stage,
    /// The current pass over all changes of the best case.
    pass: Pass,
    tried: HashSet<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Everything at once.
    Whole,
    /// One change at a time.
    Single,
    /// Nothing is left to try.
    Done,
}

#[derive(Default)]
struct Pass {
    edits: Vec<Edit>,
    cursor: usize,
    /// Whether a change of this pass held, so that another pass is worth it.
    moved: bool,
}

impl<'a> Shrinker<'a> {
    /// Starts from a failing `case` of `operation`; at most `budget` proposals will be made.
    pub fn new(case: Case, operation: &'a Operation, validators: &'a Validators, budget: u32) -> Self {
        let class = Class::of(&case, operation, validators);
        // A case that its own class does not hold (it cannot be rendered, say) has no smaller ones.
        let stage = if class.holds(&case) { Stage::Whole } else { Stage::Done };
        let size = Measure::of(&case);
        Self {
            class,
            best: case,
            size,
            pending: None,
            budget,
            stage,
            pass: Pass::default(),
            tried: HashSet::new(),
        }
    }

    /// A smaller case to try; `None` when nothing smaller is left or the budget is spent. A proposal that was
    /// never answered counts as not failing.
    #[expect(
        clippy::should_implement_trait,
        reason = "each proposal wants its answer; an iterator would hide that"
    )]
    pub fn next(&mut self) -> Option<Case> {
        self.pending = None;
        if self.budget == 0 {
            return None;
        }
        let proposal = self.propose()?;
        self.budget -= 1;
        self.tried.insert(print(&proposal));
        self.pending = Some(proposal.clone());
        Some(proposal)
    }

    /// Tells whether the last proposal fails as the case did.
    pub fn answer(&mut self, still_fails: bool) {
        let Some(proposal) = self.pending.take().filter(|_| still_fails) else { return };
        self.size = Measure::of(&proposal);
        self.best = proposal;
        if self.stage == Stage::Single {
            self.pass.moved = true;
            let last = self.pass.cursor.checked_sub(1).and_then(|at| self.pass.edits.get(at));
            if last.is_some_and(Edit::removes) {
                self.pass.edits = edits(&self.best, &self.class);
            }
        }
    }

    /// The smallest case so far that fails.
    pub fn best(&self) -> &Case {
        &self.best
    }

    fn propose(&mut self) -> Option<Case> {
        if self.stage == Stage::Whole {
            self.stage = Stage::Single;
            self.pass.moved = true;
            let smallest = self.smallest();
            if Measure::of(&smallest) < self.size {
                return Some(smallest);
            }
        }
        let mut work = 0;
        while self.stage == Stage::Single {
            let Some(edit) = self.pass.edits.get(self.pass.cursor) else {
                if self.pass.moved {
                    self.pass = Pass { edits: edits(&self.best, &self.class), cursor: 0, moved: false };
                } else {
                    self.stage = Stage::Done;
                }
                continue;
            };
            self.pass.cursor += 1;
            work += self.size.weight();
            if work > MOST_WORK {
                self.stage = Stage::Done;
                break;
            }
            let candidate = edit.apply(&self.best);
            if self.fits(&candidate, self.size) && !self.tried.contains(&print(&candidate)) {
                return Some(candidate);
            }
        }
        None
    }

    fn fits(&self, candidate: &Case, size: Measure) -> bool {
        Measure::of(candidate) < size && self.class.holds(candidate)
    }

    /// The smallest case of the class that small changes lead to, without asking anybody.
    fn smallest(&self) -> Case {
        let mut case = self.best.clone();
        let mut size = self.size;
        let mut work = 0;
        let mut moved = true;
        while moved {
            moved = false;
            let mut list = edits(&case, &self.class);
            let mut cursor = 0;
            while let Some(edit) = list.get(cursor) {
                let edit = edit.clone();
                cursor += 1;
                work += size.weight();
                if work > MOST_WORK {
                    return case;
                }
                let candidate = edit.apply(&case);
                if self.fits(&candidate, size) {
                    size = Measure::of(&candidate);
                    case = candidate;
                    moved = true;
                    // After a removal other places hold other things; a changed leaf moves nothing.
                    if edit.removes() {
                        list = edits(&case, &self.class);
                        cursor = 0;
                    }
                }
            }
        }
        case
    }
}

/// A case as text, to know it again.
fn print(case: &Case) -> String {
    serde_json::to_string(case).unwrap_or_else(|_| format!("{case:?}"))
}
