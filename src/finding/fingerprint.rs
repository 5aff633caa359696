//! What makes two findings the same: rule, operation and site; never wording, values or seeds.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Twelve hex digits over rule + operation + site, stable over runs, seeds and unrelated document edits.
///
/// ```
/// use specwarden::finding::Fingerprint;
/// let a = Fingerprint::of(&["server-error", "GET /pets", "500"]);
/// assert_eq!(a, Fingerprint::of(&["server-error", "GET /pets", "500"]));
/// assert_ne!(a, Fingerprint::of(&["server-error", "GET /pets5", "00"]));
/// assert_eq!(a.to_string().len(), 12);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of these parts, in this order. FNV-1a, 64 bits, of which 48 are shown.
    pub fn of(parts: &[&str]) -> Self {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for part in parts {
            for byte in part.bytes().chain([0xff]) {
                hash ^= u64::from(byte);
                hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        // FNV's low bits mix best; fold the high ones in before cutting.
        Self(format!("{:012x}", (hash ^ (hash >> 48)) & 0xffff_ffff_ffff))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
