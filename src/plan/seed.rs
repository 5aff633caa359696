//! Seeds: one per case, derived and never drawn.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A 64-bit seed. Shown and stored as decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed for a named part of this one: `run.derive("GET /pets").derive("random").derive(3)`.
    ///
    /// FNV-1a over the text, finished by splitmix64, so that neighbours are far apart.
    pub fn derive(self, part: impl fmt::Display) -> Self {
        let mut hash = self.0 ^ 0xcbf2_9ce4_8422_2325;
        for byte in part.to_string().bytes() {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        }
        let mut z = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(z ^ (z >> 31))
    }

    /// The 32 bytes that `proptest`'s ChaCha generator wants.
    pub fn bytes(self) -> [u8; 32] {
        let mut out = [0; 32];
        for (lane, chunk) in out.chunks_exact_mut(8).enumerate() {
            chunk.copy_from_slice(&self.derive(lane).0.to_le_bytes());
        }
        out
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_collide_with_their_neighbours() {
        let seed = Seed(1);
        let mut seen: Vec<u64> = (0..1000).map(|i| seed.derive(i).0).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1000);
        assert_eq!(seed.derive("a"), seed.derive("a"));
    }
}
