//! A regular expression made ready for writing texts: every piece knows how long it can be.
//!
//! Pure construction: whether look-around holds is for [`Pattern`](crate::generate::pattern::Pattern) to check.

use crate::generate::draw::Draw;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Repetitions without end stop after so many more.
const MORE: usize = 8;
/// Nothing longer is built, in code points.
pub(super) const LONGEST: usize = 20_000;

/// A piece of a pattern.
#[derive(Debug)]
pub(super) struct Piece {
    kind: Kind,
    /// The fewest code points it has.
    pub(super) least: usize,
    /// The most code points it has; `None` without end.
    pub(super) most: Option<usize>,
}

#[derive(Debug)]
enum Kind {
    Nothing,
    Literal(String),
    Class(Characters),
    Repeat {
        piece: Box<Piece>,
        min: usize,
        max: usize,
    },
    /// Pieces in a row; each with what the pieces after it need and can have.
    Row(Vec<(Piece, usize, Option<usize>)>),
    Either(Vec<Piece>),
}

/// The characters of a class.
#[derive(Debug)]
struct Characters {
    ranges: Vec<(char, char)>,
    total: usize,
    readable: Vec<(char, char)>,
    readable_total: usize,
    plainest: char,
}

impl Piece {
    /// The piece that `hir` describes; look-around, anchors and boundaries are empty pieces.
    pub(super) fn new(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self { kind: Kind::Nothing, least: 0, most: Some(0) },
            HirKind::Literal(literal) => {
                let text = String::from_utf8_lossy(&literal.0).into_owned();
                let count = text.chars().count();
                Self { kind: Kind::Literal(text), least: count, most: Some(count) }
            }
            HirKind::Class(class) => {
                Self { kind: Kind::Class(Characters::new(class)), least: 1, most: Some(1) }
            }
            HirKind::Capture(capture) => Self::new(&capture.sub),
            HirKind::Repetition(repetition) => {
                let piece = Self::new(&repetition.sub);
                let min = repetition.min as usize;
                let most = match piece.most {
                    Some(0) => Some(0),
                    most => repetition.max.and_then(|max| Some(most?.saturating_mul(max as usize))),
                };
                let least = piece.least.saturating_mul(min);
                let max = repetition.max.map_or(usize::MAX, |max| max as usize);
                Self { kind: Kind::Repeat { piece: Box::new(piece), min, max }, least, most }
            }
            HirKind::Concat(pieces) => {
                let mut row = Vec::with_capacity(pieces.len());
                let (mut least, mut most) = (0usize, Some(0usize));
                for hir in pieces.iter().rev() {
                    let piece = Self::new(hir);
                    let after = (least, most);
                    least = least.saturating_add(piece.least);
                    most = most.and_then(|most| Some(most.saturating_add(piece.most?)));
                    row.push((piece, after.0, after.1));
                }
                row.reverse();
                Self { kind: Kind::Row(row), least, most }
            }
            HirKind::Alternation(branches) => {
                let branches: Vec<Self> = branches.iter().map(Self::new).collect();
                let least = branches.iter().map(|branch| branch.least).min().unwrap_or(0);
                let most = branches.iter().try_fold(0, |most, branch| Some(branch.most?.max(most)));
                Self { kind: Kind::Either(branches), least, most }
            }
        }
    }

    /// Writes a text with `low..=high` code points where that is possible; returns how many it wrote.
    pub(super) fn write(&self, low: usize, high: usize, draw: &mut Draw<'_>, out: &mut String) -> usize {
        match &self.kind {
            Kind::Nothing => 0,
            Kind::Literal(text) => {
                out.push_str(text);
                self.least
            }
            Kind::Class(characters) => {
                out.push(characters.draw(draw));
                1
            }
            Kind::Repeat { piece, min, max } => piece.repeat(*min, *max, (low, high), draw, out),
            Kind::Row(row) => {
                let mut written = 0usize;
                for (piece, least, most) in row {
                    let low = most.map_or(0, |most| low.saturating_sub(most.saturating_add(written)));
                    let high = high.saturating_sub(least.saturating_add(written));
                    written += piece.write(low, high, draw, out);
                }
                written
            }
            Kind::Either(branches) => {
                let fits = |branch: &Self| branch.least <= high && branch.most.is_none_or(|most| most >= low);
                let fitting = branches.iter().filter(|branch| fits(branch)).count();
                if fitting == 0 {
                    return draw.pick(branches).map_or(0, |branch| branch.write(low, high, draw, out));
                }
                let chosen = draw.below(fitting);
                let mut left = branches.iter().filter(|branch| fits(branch));
                left.nth(chosen).map_or(0, |branch| branch.write(low, high, draw, out))
            }
        }
    }

    fn repeat(
        &self,
        min: usize,
        max: usize,
        (low, high): (usize, usize),
        draw: &mut Draw<'_>,
        out: &mut String,
    ) -> usize {
        let fitting = max.min(high.checked_div(self.least).unwrap_or(max)).max(min);
        let needed = match self.most {
            Some(0) | None => min,
            Some(most) => low.div_ceil(most).clamp(min, fitting),
        };
        let needed = if low > 0 && fitting > 0 { needed.max(1) } else { needed };
        let count = draw.length(needed, fitting.min(needed.saturating_add(MORE))).min(LONGEST);
        let mut written = 0usize;
        for index in 0..count {
            if out.len() > LONGEST * 4 {
                break;
            }
            let left = count - index - 1;
            let reach = |most: usize| left.saturating_mul(most).saturating_add(written);
            let floor = match self.most {
                Some(most) => low.saturating_sub(reach(most)),
                // What has no end makes up at last for what is missing.
                None if left == 0 => low.saturating_sub(written),
                None => 0,
            };
            let ceiling = high.saturating_sub(left.saturating_mul(self.least).saturating_add(written));
            written += self.write(floor, ceiling, draw, out);
        }
        written
    }
}

/// Whether every text written of `hir` matches it: nothing in it looks around, but for anchors at its two ends.
pub(super) fn is_exact(hir: &Hir, starts: bool, ends: bool) -> bool {
    let properties = hir.properties();
    match hir.kind() {
        _ if properties.look_set().is_empty() => true,
        HirKind::Look(Look::Start) => starts,
        HirKind::Look(Look::End) => ends,
        HirKind::Capture(capture) => is_exact(&capture.sub, starts, ends),
        HirKind::Alternation(branches) => branches.iter().all(|branch| is_exact(branch, starts, ends)),
        HirKind::Concat(pieces) => {
            let empty = |hir: &Hir| hir.properties().maximum_len() == Some(0);
            pieces.iter().enumerate().all(|(index, piece)| {
                let first = starts && pieces[..index].iter().all(empty);
                let last = ends && pieces[index + 1..].iter().all(empty);
                is_exact(piece, first, last)
            })
        }
        HirKind::Look(_)
        | HirKind::Repetition(_)
        | HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_) => false,
    }
}

impl Characters {
    fn new(class: &Class) -> Self {
        let ranges: Vec<(char, char)> = match class {
            Class::Unicode(class) => class.ranges().iter().map(|r| (r.start(), r.end())).collect(),
            Class::Bytes(class) => {
                class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect()
            }
        };
        let readable: Vec<(char, char)> = ranges
            .iter()
            .filter(|(from, to)| *from <= '~' && *to >= ' ')
            .map(|(from, to)| ((*from).max(' '), (*to).min('~')))
            .collect();
        let holds = |c: &char| ranges.iter().any(|(from, to)| (*from..=*to).contains(c));
        let plainest = ['a', '1', 'A', '0', '_', '-', ' '].into_iter().find(holds);
        let plainest = plainest.unwrap_or_else(|| ranges.first().map_or('a', |(from, _)| *from));
        let total = |ranges: &[(char, char)]| ranges.iter().copied().map(weight).sum();
        Self { total: total(&ranges), readable_total: total(&readable), ranges, readable, plainest }
    }

    /// A character: mostly one that a person can read.
    fn draw(&self, draw: &mut Draw<'_>) -> char {
        if draw.is_simplest() {
            return self.plainest;
        }
        if !draw.one_in(8)
            && let Some(c) = from_ranges(&self.readable, self.readable_total, draw)
        {
            return c;
        }
        from_ranges(&self.ranges, self.total, draw).unwrap_or(self.plainest)
    }
}

/// Each character of a small class is as likely as any other; one giant range does not swallow the rest.
fn weight((from, to): (char, char)) -> usize {
    (to as usize - from as usize + 1).min(64)
}

fn from_ranges(ranges: &[(char, char)], total: usize, draw: &mut Draw<'_>) -> Option<char> {
    let mut at = draw.below(total);
    for range in ranges {
        if at < weight(*range) {
            let (from, to) = (i64::from(u32::from(range.0)), i64::from(u32::from(range.1)));
            let code = u32::try_from(draw.between(from, to)).ok()?;
            return char::from_u32(code).or(Some(range.0));
        }
        at -= weight(*range);
    }
    None
}
