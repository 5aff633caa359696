//! Numbers that a schema allows, as the integers of a grid: value = unit × step.
//!
//! Decimal steps are kept as integers, so that 0.1 + 0.2 is never seen.

use crate::generate::draw::Draw;
use crate::generate::shape::Shape;
use serde_json::{Number, Value};

/// As far as double precision counts by ones.
const EXACT: f64 = 9_007_199_254_740_991.0;
/// The largest double below 2^63.
const WHOLE: f64 = 9_223_372_036_854_774_784.0;
/// Numbers without limits stay within what a 32-bit server can read.
const PLAIN: f64 = 2_147_483_647.0;

/// Allowed numbers: every `unit` in `low..=high`, times `mantissa` / 10^`digits`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// The smallest unit.
    pub(super) low: i64,
    /// The largest unit.
    pub(super) high: i64,
    mantissa: i64,
    digits: u32,
    /// The largest magnitude of a unit that is counted exactly.
    most: f64,
}

impl Grid {
    /// The grid of a schema's numbers, or of its integers alone. `None` if there are none.
    pub(super) fn of(shape: &Shape, integers: bool) -> Option<Self> {
        let (mantissa, digits) = step(shape, integers)?;
        let scale = 10f64.powi(digits.cast_signed()) / mantissa as f64;
        let wide = matches!(shape.format.as_ref().map(|f| f.value.as_str()), Some("int64" | "double"));
        let reach = if integers && wide {
            i64::MAX as f64
        } else if integers {
            PLAIN
        } else {
            1e6
        };
        let (low, high) = (shape.minimum.as_ref(), shape.maximum.as_ref());
        let mut from = low.map_or(-reach, |bound| bound.value);
        let mut to = high.map_or(reach, |bound| bound.value);
        if low.is_none() && to <= -reach {
            from = to - reach;
        }
        if high.is_none() && from >= reach {
            to = from + reach;
        }
        let most = if integers { WHOLE } else { EXACT };
        let exact_low = low.and_then(|bound| bound.exact).filter(|_| mantissa == 1 && digits == 0);
        let exact_high = high.and_then(|bound| bound.exact).filter(|_| mantissa == 1 && digits == 0);
        let mut low_unit = exact_low.unwrap_or_else(|| unit((from * scale).max(-most), true));
        let mut high_unit = exact_high.unwrap_or_else(|| unit((to * scale).min(most), false));
        if integers && wide && low.is_none() && digits == 0 && mantissa == 1 {
            low_unit = i64::MIN;
        }
        if integers && wide && high.is_none() && digits == 0 && mantissa == 1 {
            high_unit = i64::MAX;
        }
        let grid = Self { low: low_unit, high: high_unit, mantissa, digits, most };
        if low.is_some_and(|b| b.exclusive && grid.number(low_unit) <= b.value) {
            low_unit = low_unit.checked_add(1)?;
        }
        if high.is_some_and(|b| b.exclusive && grid.number(high_unit) >= b.value) {
            high_unit = high_unit.checked_sub(1)?;
        }
        (low_unit <= high_unit).then_some(Self { low: low_unit, high: high_unit, ..grid })
    }

    /// Whether the grid reaches as far as a limit, so that its end is the limit's.
    pub(super) fn reaches(&self, limit: f64) -> bool {
        (limit * 10f64.powi(self.digits.cast_signed()) / self.mantissa as f64).abs() <= self.most
    }

    /// The number at `unit`, as near as a double comes.
    pub(super) fn number(&self, unit: i64) -> f64 {
        (i128::from(unit) * i128::from(self.mantissa)) as f64 / 10f64.powi(self.digits.cast_signed())
    }

    /// The number at `unit` as JSON; whole numbers without a fraction.
    pub(super) fn value(&self, unit: i64) -> Value {
        let product = i128::from(unit) * i128::from(self.mantissa);
        let scale = 10i128.pow(self.digits);
        match i64::try_from(product / scale) {
            Ok(whole) if product % scale == 0 => Value::from(whole),
            _ => Number::from_f64(self.number(unit)).map_or(Value::Null, Value::Number),
        }
    }

    /// The unit at which a reader would begin: one if allowed, or the nearest to zero.
    pub(super) fn simplest(&self) -> i64 {
        let one = if self.digits == 0 { 1 } else { 10i64.pow(self.digits) / self.mantissa.max(1) };
        if (self.low..=self.high).contains(&one) { one } else { 0.clamp(self.low, self.high) }
    }

    /// A unit: often a corner, often small, sometimes anything.
    pub(super) fn draw(&self, draw: &mut Draw<'_>) -> i64 {
        if draw.is_simplest() {
            return self.simplest();
        }
        let clamp = |unit: i64| unit.clamp(self.low, self.high);
        match draw.below(8) {
            0 => {
                let corners =
                    [self.low, self.high, self.low.saturating_add(1), self.high.saturating_sub(1), 0, 1, -1];
                clamp(corners[draw.below(corners.len())])
            }
            1..=4 => {
                let near = self.simplest();
                clamp(draw.between(near.saturating_sub(10), near.saturating_add(1000)))
            }
            _ => draw.between(self.low, self.high),
        }
    }
}

/// The step between allowed numbers as `mantissa / 10^digits`.
fn step(shape: &Shape, integers: bool) -> Option<(i64, u32)> {
    let multiple = shape.multiple_of.as_ref().map(|m| m.value).filter(|m| *m > 0.0 && m.is_finite());
    let Some(multiple) = multiple else {
        let digits = [&shape.minimum, &shape.maximum]
            .into_iter()
            .flatten()
            .map(|bound| decimals(bound.value))
            .fold(2, u32::max);
        return Some((1, if integers { 0 } else { digits.min(9) }));
    };
    let digits = decimals(multiple).min(9);
    let mantissa = (multiple * 10f64.powi(digits.cast_signed())).round();
    if !(1.0..=9e15).contains(&mantissa) {
        return None;
    }
    let mantissa = mantissa as i64;
    if !integers || digits == 0 {
        return Some((mantissa, digits));
    }
    // The whole numbers among the multiples of a fraction: its numerator, reduced.
    let scale = 10i64.pow(digits);
    Some((mantissa / gcd(mantissa, scale), 0))
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// How many digits follow the point.
fn decimals(number: f64) -> u32 {
    let text = number.to_string();
    text.split_once('.').map_or(0, |(_, tail)| u32::try_from(tail.len()).unwrap_or(9))
}

fn unit(scaled: f64, up: bool) -> i64 {
    // A bound that lies on the grid must not be lost to the last bit.
    let near = scaled.round();
    let on_grid = (scaled - near).abs() <= scaled.abs() * 1e-12;
    (if on_grid {
        near
    } else if up {
        scaled.ceil()
    } else {
        scaled.floor()
    }) as i64
}
