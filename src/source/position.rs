//! Lines and columns from byte offsets.

/// Turns byte offsets of a text into lines and columns, both from 1, columns in characters.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters begin before each block: minified documents are one line of megabytes.
    marks: Vec<usize>,
}

/// The bytes of a block.
const BLOCK: usize = 1024;

impl<'t> Lines<'t> {
    /// Finds the beginnings of the lines of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let blocks = text.as_bytes().chunks(BLOCK).scan(0, |count, block| {
            let before = *count;
            *count += characters(block);
            Some(before)
        });
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), marks: blocks.collect() }
    }

    /// Line and column of the character at `offset`.
    pub(super) fn at(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line.saturating_sub(1)];
        let column =
            if self.text.is_char_boundary(offset) { self.before(offset) - self.before(start) } else { 0 };
        (line, column + 1)
    }

    /// How many characters begin before `offset`, which is in the text.
    fn before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        match self.marks.get(block) {
            Some(count) => count + characters(&self.text.as_bytes()[block * BLOCK..offset]),
            // The end of a text of whole blocks, or of an empty one.
            None => self.text.chars().count(),
        }
    }

    /// The place in characters of one given by line and byte column, both from 1. A column of 0 is the break
    /// before the line.
    pub(super) fn in_characters(&self, line: usize, byte_column: usize) -> (usize, usize) {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let mut end = (start + byte_column).saturating_sub(1).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.at(end)
    }
}

/// How many characters begin in `bytes`: every byte does that continues none.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let lines = Lines::new("aé\nüb\n");
        assert_eq!(lines.at(0), (1, 1));
        assert_eq!(lines.at(3), (1, 3));
        assert_eq!(lines.at(4), (2, 1));
        assert_eq!(lines.at(6), (2, 2));
        assert_eq!(lines.at(99), (3, 1));
        assert_eq!(lines.in_characters(2, 3), (2, 2));
        assert_eq!(lines.in_characters(2, 0), (1, 3));
        assert_eq!(Lines::new("").at(0), (1, 1));
    }

    #[test]
    fn columns_far_out_in_a_long_line_are_right() {
        let text = "x\n".to_owned() + &"äb€".repeat(1_000);
        let lines = Lines::new(&text);
        for (offset, _) in text.char_indices().skip(2).step_by(97) {
            assert_eq!(lines.at(offset), (2, text[2..offset].chars().count() + 1));
        }
        assert_eq!(lines.at(text.len()), (2, 3_001));
    }
}
