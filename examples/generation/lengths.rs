//! Which lengths the texts of a pattern can have, and whether a text can fail it: worked out, not tried.

use regex_syntax::hir::{Hir, HirKind, Look};

/// Lengths up to here are told apart, in code points.
const MOST: usize = 4160;

/// Whether some text of exactly `length` code points may match the pattern; true where that is not known.
pub(super) fn can_have(pattern: &str, length: usize) -> bool {
    let Some(hir) = read(pattern) else { return true };
    let Some(lengths) = lengths(&hir) else { return true };
    let (starts, ends) = anchored(&hir);
    match (0..MOST).find(|length| lengths.has(*length)) {
        None => length >= MOST,
        // Anything may stand around what an open pattern looks for.
        Some(shortest) if !(starts && ends) => length >= shortest,
        Some(_) => length >= MOST || lengths.has(length),
    }
}

/// Whether some text may fail the pattern; true where that is not known.
pub(super) fn can_fail(pattern: &str) -> bool {
    let Some(hir) = read(pattern) else { return true };
    let empty = hir.properties().minimum_len() == Some(0);
    let (starts, ends) = anchored(&hir);
    let looks = hir.properties().look_set().iter().any(|look| !matches!(look, Look::Start | Look::End));
    // Nothing, at the beginning or at the end of every text, is a match.
    looks || !empty || (starts && ends)
}

fn read(pattern: &str) -> Option<Hir> {
    let rust = jsonschema_regex::to_rust_regex(pattern).ok()?;
    regex_syntax::parse(&rust).ok()
}

fn anchored(hir: &Hir) -> (bool, bool) {
    let properties = hir.properties();
    (properties.look_set_prefix().contains(Look::Start), properties.look_set_suffix().contains(Look::End))
}

/// A set of lengths below [`MOST`], one bit each.
#[derive(Clone, PartialEq, Eq)]
struct Lengths(Vec<u64>);

impl Lengths {
    fn none() -> Self {
        Self(vec![0; MOST / 64])
    }

    fn one(length: usize) -> Self {
        let mut all = Self::none();
        if length < MOST {
            all.0[length / 64] |= 1 << (length % 64);
        }
        all
    }

    fn has(&self, length: usize) -> bool {
        length < MOST && self.0[length / 64] >> (length % 64) & 1 == 1
    }

    fn union(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
        self
    }

    /// One of these and one of those in a row.
    fn then(&self, other: &Self) -> Self {
        let mut all = Self::none();
        for left in (0..MOST).filter(|left| self.has(*left)) {
            let (words, bits) = (left / 64, left % 64);
            for (at, word) in other.0.iter().enumerate().take(MOST / 64 - words) {
                all.0[at + words] |= word << bits;
                if bits > 0 && at + words + 1 < MOST / 64 {
                    all.0[at + words + 1] |= word >> (64 - bits);
                }
            }
        }
        all
    }

    /// So many in a row.
    fn times(&self, mut count: usize) -> Self {
        let (mut all, mut power) = (Self::one(0), self.clone());
        while count > 0 {
            if count % 2 == 1 {
                all = all.then(&power);
            }
            count /= 2;
            if count > 0 {
                power = power.then(&power);
            }
        }
        all
    }
}

/// The lengths of the texts; `None` if the pattern looks around.
fn lengths(hir: &Hir) -> Option<Lengths> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(Look::Start | Look::End) => Lengths::one(0),
        HirKind::Look(_) => return None,
        HirKind::Literal(literal) => Lengths::one(String::from_utf8_lossy(&literal.0).chars().count()),
        HirKind::Class(_) => Lengths::one(1),
        HirKind::Capture(capture) => lengths(&capture.sub)?,
        HirKind::Concat(parts) => {
            parts.iter().try_fold(Lengths::one(0), |all, part| Some(all.then(&lengths(part)?)))?
        }
        HirKind::Alternation(parts) => {
            parts.iter().try_fold(Lengths::none(), |all, part| Some(all.union(&lengths(part)?)))?
        }
        HirKind::Repetition(repetition) => {
            let each = lengths(&repetition.sub)?;
            let more = repetition.max.map_or(MOST, |max| (max - repetition.min) as usize);
            let further = each.clone().union(&Lengths::one(0)).times(more.min(MOST));
            each.times((repetition.min as usize).min(MOST)).then(&further)
        }
    })
}
