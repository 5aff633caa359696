//! Numbers as they are written, of any length: a double holds about seventeen digits.
//!
//! For comparing only; nothing is calculated. It must never round.

use serde_json::Number;
use std::cmp::Ordering;
use std::fmt;

/// A decimal number, exactly: `digits` times ten to the power of `exponent`.
///
/// ```
/// use specwarden::schema::Decimal;
/// let number = |text| Decimal::parse(text).unwrap();
/// assert!(number("100000000000000000002") > number("100000000000000000001"));
/// assert_eq!(number("1e3"), number("1000.0"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    is_negative: bool,
    /// Without noughts at either end; empty for nought.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads a number as JSON or YAML 1.2 spell it in base ten.
    pub fn parse(text: &str) -> Option<Self> {
        let is_negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, power(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0').len();
        let noughts = digits.len() - significant;
        digits.truncate(significant);
        digits.drain(..digits.len() - digits.trim_start_matches('0').len());
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits, exponent: 0 });
        }
        let shift = i64::try_from(noughts).ok()? - i64::try_from(fraction.len()).ok()?;
        Some(Self { is_negative, digits, exponent: exponent.saturating_add(shift) })
    }

    /// A number of a document, as it would be written.
    pub fn of(number: &Number) -> Option<Self> {
        Self::parse(&number.to_string())
    }

    /// A double, as it would be written; `None` if it is no number.
    pub fn of_double(double: f64) -> Option<Self> {
        Self::of(&Number::from_f64(double)?)
    }

    /// Exactly what a double holds, which is seldom what was written.
    pub fn held_by(double: f64) -> Option<Self> {
        // A double has at most 1074 binary places, which is as many decimal ones.
        double.is_finite().then(|| format!("{double:.1074}")).as_deref().and_then(Self::parse)
    }

    /// Whether nothing stands behind the point.
    pub fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// The place of the first digit, counted from the point.
    fn magnitude(&self) -> i64 {
        self.exponent.saturating_add(i64::try_from(self.digits.len()).unwrap_or(i64::MAX))
    }
}

/// An exponent; one beyond 64 bits is as good as the largest.
fn power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Far from the ends, so that the place of a digit can be added to it.
    const MOST: i64 = i64::MAX / 4;
    let power = digits.parse::<i64>().unwrap_or(MOST).min(MOST);
    Some(if text.starts_with('-') { -power } else { power })
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            // Without noughts at the ends, digits from the first one on compare as texts.
            let size = self.magnitude().cmp(&other.magnitude()).then_with(|| self.digits.cmp(&other.digits));
            if self.is_negative { size.reverse() } else { size }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    /// In full where that is readable, else with an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: i64 = 400;
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        let sign = if self.is_negative { "-" } else { "" };
        let (digits, point) = (&self.digits, self.magnitude());
        match usize::try_from(point) {
            Ok(point) if point >= digits.len() && self.magnitude() <= LONGEST => {
                write!(f, "{sign}{digits:0<point$}")
            }
            Ok(point @ 1..) if point < digits.len() => {
                write!(f, "{sign}{}.{}", &digits[..point], &digits[point..])
            }
            _ if (-6..=0).contains(&point) => {
                write!(f, "{sign}0.{}{digits}", "0".repeat(usize::try_from(-point).unwrap_or_default()))
            }
            _ => {
                let (first, rest) = digits.split_at(1);
                let dot = if rest.is_empty() { "" } else { "." };
                write!(f, "{sign}{first}{dot}{rest}e{}", point - 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(
            Decimal::parse(text).map(|number| number.to_string()).as_deref(),
            Some(expected),
            "{text}"
        );
    }

    #[test]
    fn shows_what_was_written() {
        check("-9223372036854776000", "-9223372036854776000");
        check("18446744073709551616", "18446744073709551616");
        check("+007.50", "7.5");
        check("-0.0", "0");
        check(".5", "0.5");
        check("5.", "5");
        check("1e3", "1000");
        check("0.00012", "0.00012");
        check("1.5e-9", "1.5e-9");
        check("12e999999999999999999999", "1.2e2305843009213693952");
        check(&"7".repeat(200), &"7".repeat(200));
        check("1e400", "1e400");
        for text in ["", "-", ".", "e5", "1e", "1e+", "0x1F", "1_0", "--1", "1.2.3", "inf", "é"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_double_seldom_holds_what_was_written() {
        assert_eq!(Decimal::held_by(-9_223_372_036_854_776_000.0), Decimal::parse("-9223372036854775808"));
        assert_eq!(Decimal::held_by(18_446_744_073_709_551_616.0), Decimal::parse("18446744073709551616"));
        assert_ne!(Decimal::held_by(0.1), Decimal::parse("0.1"));
        assert_eq!(Decimal::held_by(f64::INFINITY), None);
    }

    proptest! {
        #[test]
        fn orders_as_integers_do(a: i64, b: i64) {
            let number = |n: i64| Decimal::parse(&n.to_string()).expect("a number");
            prop_assert_eq!(number(a).cmp(&number(b)), a.cmp(&b));
        }

        #[test]
        fn orders_as_doubles_do(a: f64, b: f64) {
            let both = Decimal::of_double(a).zip(Decimal::of_double(b));
            if let Some((x, y)) = both {
                prop_assert_eq!(Some(x.cmp(&y)), a.partial_cmp(&b));
            }
        }

        #[test]
        fn what_it_shows_it_reads_again(text in "-?[0-9]{1,30}(\\.[0-9]{1,30})?(e-?[0-9]{1,3})?") {
            let number = Decimal::parse(&text).expect("a number");
            prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
        }
    }
}
