//! Choices, drawn from raw 64-bit words so that a seed means the same in every version of every library.
//!
//! Nothing here may use another crate's ranges or distributions: those change between versions.

use proptest::test_runner::TestRng;
use rand::Rng;

/// Where choices come from.
pub(super) enum Draw<'r> {
    /// Always the simplest choice.
    Simplest,
    /// A seeded generator.
    Random(&'r mut TestRng),
}

impl Draw<'_> {
    /// Whether choices are the simplest ones.
    pub(super) fn is_simplest(&self) -> bool {
        matches!(self, Self::Simplest)
    }

    fn word(&mut self) -> u64 {
        match self {
            Self::Simplest => 0,
            Self::Random(rng) => rng.next_u64(),
        }
    }

    /// A number below `bound`; 0 if there is none. Multiply and shift (Lemire); the bias is below 2⁻⁴⁰ for our bounds.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from((u128::from(self.word()) * bound as u128) >> 64).unwrap_or(0)
    }

    /// A number in `low..=high`; `low` if the range is empty.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = i128::from(high) - i128::from(low) + 1;
        let Ok(width) = u128::try_from(width) else { return low };
        let offset = (u128::from(self.word()) * width) >> 64;
        i64::try_from(i128::from(low) + i128::try_from(offset).unwrap_or(0)).unwrap_or(low)
    }

    /// A length in `low..=high`.
    pub(super) fn length(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True once in `n`; never for the simplest choice.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        !self.is_simplest() && self.below(n) == 0
    }

    /// One of `items`; `None` if there are none.
    pub(super) fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        items.get(self.below(items.len()))
    }
}
