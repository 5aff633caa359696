//! Bodies that are not JSON: text line by line, bytes by length and hash.

use crate::snapshot::SnapshotOptions;
use crate::snapshot::mask::{VOLATILE, mask_text};

/// Characters that end a word in which a mask may apply.
const EDGES: &str = " \t\"'<>=,;()[]{}|&?";

/// A text body as a snapshot shows it: line ends folded, words masked, lines that change by themselves masked.
pub(crate) fn normalise_text(first: &str, second: Option<&str>, options: &SnapshotOptions) -> String {
    let first = masked_lines(first);
    let lines = match second.map(masked_lines) {
        None => first,
        Some(second) if second.len() != first.len() => vec!["[volatile text]".to_owned()],
        Some(second) => {
            let pairs = first.into_iter().zip(second);
            pairs.map(|(one, other)| if one == other { one } else { VOLATILE.to_owned() }).collect()
        }
    };
    let mut text = lines.join("\n");
    if text.len() > options.longest_text {
        let end = (0..=options.longest_text).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push_str("\n[cut]");
    }
    text
}

/// A binary body as a snapshot shows it.
pub(crate) fn normalise_bytes(first: &[u8], second: Option<&[u8]>) -> String {
    match second {
        Some(second) if second.len() != first.len() => "[binary, volatile]".to_owned(),
        Some(second) if second != first => format!("[binary, {} bytes, volatile]", first.len()),
        _ => format!("[binary, {} bytes, hash {:016x}]", first.len(), fnv(first)),
    }
}

fn masked_lines(text: &str) -> Vec<String> {
    text.trim_end().lines().map(mask_words).collect()
}

/// `line` with every word masked that looks as if it changed by itself.
fn mask_words(line: &str) -> String {
    if let Some(mask) = mask_text(line.trim()) {
        return mask.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    for piece in line.split_inclusive(|c| EDGES.contains(c)) {
        let word = piece.trim_end_matches(|c| EDGES.contains(c));
        out.push_str(mask_text(word).unwrap_or(word));
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// FNV-1a, 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(first: &str, second: Option<&str>, expected: &str) {
        let options = SnapshotOptions { longest_text: 40, ..SnapshotOptions::default() };
        assert_eq!(normalise_text(first, second, &options), expected);
    }

    #[test]
    fn text_is_kept_but_for_what_changes() {
        check("ok\r\nfine\r\n\n", None, "ok\nfine");
        check("<id>0b7c6a52-0000-4000-8000-000000000001</id>", None, "<id>[uuid]</id>");
        check("made=2026-11-23T04:54:16Z;", None, "made=[date-time];");
        check("up\nload 0.71\nok", Some("up\nload 0.93\nok"), "up\n[volatile]\nok");
        check("a\nb", Some("a\nb\nc"), "[volatile text]");
        check(&"ä".repeat(30), None, &format!("{}\n[cut]", "ä".repeat(20)));
    }

    #[test]
    fn bytes_are_told_by_length_and_hash() {
        assert_eq!(normalise_bytes(&[0xff, 0], None), normalise_bytes(&[0xff, 0], Some(&[0xff, 0])));
        assert_ne!(normalise_bytes(&[0xff, 0], None), normalise_bytes(&[0xff, 1], None));
        assert_eq!(normalise_bytes(&[0xff, 0], Some(&[0xff, 1])), "[binary, 2 bytes, volatile]");
        assert_eq!(normalise_bytes(&[0xff, 0], Some(&[0xff])), "[binary, volatile]");
    }
}
