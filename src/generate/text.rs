//! Texts that a schema allows: by pattern, by format, or mostly readable ones.

use crate::generate::draw::Draw;
use crate::generate::format;
use crate::generate::shape::Shape;

/// Random texts without a limit of their own are not longer than this many code points above their minimum.
const SPREAD: usize = 20;
/// Characters that people type and that programs stumble over.
const ODD: &[char] =
    &['é', 'ß', 'Ж', '漢', 'क', '🙂', '\u{301}', '\u{a0}', '"', '\'', '<', '&', '%', '\\', '+', ';'];

/// The lengths a schema allows, in code points.
pub(super) fn lengths(shape: &Shape) -> (usize, Option<usize>) {
    (shape.min_length.as_ref().map_or(0, |at| at.value), shape.max_length.as_ref().map(|at| at.value))
}

/// A text whose form the schema prescribes by pattern or format; `None` if it prescribes none, or none was found.
pub(super) fn formed(shape: &Shape, length: Option<usize>, draw: &mut Draw<'_>) -> Option<String> {
    let (low, high) = length.map_or_else(|| lengths(shape), |exact| (exact, Some(exact)));
    let fits = |text: &String| {
        let count = text.chars().count();
        count >= low
            && high.is_none_or(|high| count <= high)
            && shape.patterns.iter().all(|pattern| pattern.value.matches(text))
    };
    let format = shape.format.as_ref().map(|at| at.value.as_str());
    let formatted = format.and_then(|format| format::random(format, draw)).filter(fits);
    if formatted.is_some() {
        return formatted;
    }
    (0..4).find_map(|_| {
        shape.patterns.iter().find_map(|pattern| pattern.value.produce(low, high, draw)).filter(fits)
    })
}

/// Whether pattern or format prescribe a form.
pub(super) fn has_form(shape: &Shape) -> bool {
    !shape.patterns.is_empty() || shape.format.as_ref().is_some_and(|at| format::plain(&at.value).is_some())
}

/// A free text of exactly `length` code points.
pub(super) fn plain(length: usize) -> String {
    "sample".chars().chain(std::iter::repeat('a')).take(length).collect()
}

/// A free text within the schema's lengths; never blank, since servers that trim would see another text.
pub(super) fn free(shape: &Shape, draw: &mut Draw<'_>) -> String {
    let (low, high) = lengths(shape);
    let high = high.unwrap_or(usize::MAX).max(low);
    if draw.is_simplest() {
        return plain(6.clamp(low, high));
    }
    let longest = high.min(low.saturating_add(SPREAD));
    let length = match draw.below(8) {
        0 if low > 0 => low,
        1 => longest,
        _ => draw.length(low.max(1).min(longest), longest),
    };
    let odd = draw.one_in(6);
    (0..length)
        .map(|place| match draw.below(16) {
            0 if odd => *draw.pick(ODD).unwrap_or(&'a'),
            1 if place > 0 && place + 1 < length => ' ',
            1 | 2 => '-',
            3..=5 => char::from(b'0' + draw.below(10) as u8),
            6 | 7 => char::from(b'A' + draw.below(26) as u8),
            _ => char::from(b'a' + draw.below(26) as u8),
        })
        .collect()
}
