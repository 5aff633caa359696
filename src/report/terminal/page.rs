//! A page of lines: pieces with a meaning, coloured only if asked, clipped to the width.

use crate::report::text::{harmless, left, operation, right, width, wrap};

/// What a piece of a line means; the colour follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
    Doubtful,
    Name,
}

impl Tone {
    /// The SGR parameters (ECMA-48 §8.3.117). Basic colours only, so that the reader's own palette holds.
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "1;32",
            Self::Bad => "1;31",
            Self::Doubtful => "33",
            Self::Name => "36",
        }
    }
}

/// A text under construction.
pub(super) struct Page {
    width: usize,
    colour: bool,
    out: String,
}

impl Page {
    /// An empty page of `width` columns, 40 at least.
    pub(super) fn new(width: usize, colour: bool) -> Self {
        Self { width: width.max(40), colour, out: String::new() }
    }

    /// Columns of a line.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The finished text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// One line of pieces; what does not fit is cut.
    pub(super) fn line(&mut self, pieces: &[(Tone, &str)]) {
        let mut room = self.width;
        for (tone, text) in pieces {
            let text = harmless(text).replace('\n', " ");
            let text = if width(&text) > room { left(&text, room) } else { text };
            room -= width(&text);
            self.paint(*tone, &text);
        }
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        self.out.push('\n');
    }

    /// An empty line, unless one is there already or the page is still empty.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// The title of a section, with a rule to the page's edge.
    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        let rule = "─".repeat(self.width.saturating_sub(width(title) + 4));
        self.line(&[(Tone::Faint, "── "), (Tone::Strong, title), (Tone::Faint, " "), (Tone::Faint, &rule)]);
        self.gap();
    }

    /// Text over as many lines as it takes, indented.
    pub(super) fn prose(&mut self, indent: usize, tone: Tone, text: &str) {
        let pad = " ".repeat(indent);
        for line in wrap(&harmless(text), self.width - indent) {
            self.line(&[(Tone::Plain, &pad), (tone, &line)]);
        }
    }

    /// A labelled text: the label once, the text beside it over as many lines as it takes.
    pub(super) fn entry(&mut self, indent: usize, label: &str, tone: Tone, text: &str) {
        const LABEL: usize = 8;
        let pad = " ".repeat(indent);
        let lines = wrap(&harmless(text), self.width.saturating_sub(indent + LABEL));
        for (at, line) in lines.iter().enumerate() {
            let label = left(if at == 0 { label } else { "" }, LABEL);
            self.line(&[(Tone::Plain, &pad), (Tone::Faint, &label), (tone, line)]);
        }
    }

    /// A line exactly as it is, for commands to copy. It is the caller's to keep it within the width.
    pub(super) fn verbatim(&mut self, tone: Tone, text: &str) {
        self.paint(tone, text);
        self.out.push('\n');
    }

    /// A table of operations: the first column to the left and as wide as the rest leaves it, the last column to the left,
    /// those between to the right.
    pub(super) fn table(&mut self, heads: &[&str], rows: &[Vec<(Tone, String)>]) {
        let columns = heads.len();
        let mut sizes: Vec<usize> = heads.iter().map(|head| width(head)).collect();
        for row in rows {
            for (size, (_, cell)) in sizes.iter_mut().zip(row) {
                *size = (*size).max(width(&harmless(cell)));
            }
        }
        let room = self.width.saturating_sub(2 + 2 * (columns - 1));
        fit(&mut sizes, room);
        let heads: Vec<(Tone, String)> = heads.iter().map(|head| (Tone::Faint, (*head).to_owned())).collect();
        for row in std::iter::once(&heads).chain(rows) {
            let mut pieces: Vec<(Tone, String)> = vec![(Tone::Plain, "  ".to_owned())];
            for (at, ((tone, cell), size)) in row.iter().zip(&sizes).enumerate() {
                let cell = harmless(cell);
                let edge = at == 0 || (at + 1 == columns && columns > 1);
                let cell = if at == 0 { operation(&cell, *size) } else { cell };
                pieces.push((*tone, if edge { left(&cell, *size) } else { right(&cell, *size) }));
                pieces.push((Tone::Plain, "  ".to_owned()));
            }
            let pieces: Vec<(Tone, &str)> =
                pieces.iter().map(|(tone, text)| (*tone, text.as_str())).collect();
            self.line(&pieces);
        }
    }

    fn paint(&mut self, tone: Tone, text: &str) {
        if self.colour && tone != Tone::Plain && !text.trim().is_empty() {
            self.out.push_str("\u{1b}[");
            self.out.push_str(tone.code());
            self.out.push('m');
            self.out.push_str(text);
            self.out.push_str("\u{1b}[0m");
        } else {
            self.out.push_str(text);
        }
    }
}

/// Takes columns from the last cell and the first in turn, until the row fits: first what both can spare, then
/// more of the last, since a row that cannot be told from its neighbours says nothing.
fn fit(sizes: &mut [usize], room: usize) {
    let last = sizes.len() - 1;
    for (at, floor) in
        [(0, 60), (last, 24), (0, 48), (last, 18), (0, 36), (last, 11), (0, 24), (last, 6), (0, 4)]
    {
        let total: usize = sizes.iter().sum();
        let excess = total.saturating_sub(room);
        let spare = sizes[at].saturating_sub(floor);
        sizes[at] -= excess.min(spare);
    }
}
