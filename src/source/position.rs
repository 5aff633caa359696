//! Lines and columns from byte offsets.

/// Turns byte offsets of a text into lines and columns, both from 1, columns in characters.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Finds the beginnings of the lines of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// Line and column of the character at `offset`.
    pub(super) fn at(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line.saturating_sub(1)];
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        (line, column + 1)
    }

    /// Line and column of the characters at `offsets`, which must not descend. One pass however long the lines are:
    /// minified documents are one line of megabytes.
    pub(super) fn all(&self, offsets: &[usize]) -> Vec<(usize, usize)> {
        let (mut known_start, mut known_offset, mut known_column) = (0, 0, 1);
        let mut places = Vec::with_capacity(offsets.len());
        for &offset in offsets {
            let line = self.starts.partition_point(|start| *start <= offset);
            let start = self.starts[line.saturating_sub(1)];
            if start != known_start || offset < known_offset {
                (known_start, known_offset, known_column) = (start, start, 1);
            }
            known_column += self.text.get(known_offset..offset).map_or(0, |between| between.chars().count());
            known_offset = offset;
            places.push((line, known_column));
        }
        places
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
        assert_eq!(lines.all(&[0, 1, 3, 4, 6, 6]), [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 2)]);
        assert_eq!(lines.in_characters(2, 3), (2, 2));
        assert_eq!(lines.in_characters(2, 0), (1, 3));
        assert_eq!(Lines::new("").at(0), (1, 1));
    }
}
