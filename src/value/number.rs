//! Decimal numbers of arbitrary precision: both languages keep `0.1` exact. Equal numbers are equal whatever their spelling.

use bigdecimal::{BigDecimal, ToPrimitive as _, Zero as _};
use std::fmt;
use std::str::FromStr;

/// A decimal number; equal numbers are equal whatever their spelling (`1.0` and `1`). Without needless zeros, but for the
/// one that [`Number::with_point`] keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(BigDecimal);

impl Number {
    pub fn decimal(&self) -> &BigDecimal {
        &self.0
    }

    /// The number as a whole one; `None` if it has a fraction or does not fit.
    pub fn as_i64(&self) -> Option<i64> {
        if self.0.is_integer() { self.0.to_i64() } else { None }
    }

    /// The nearest double; infinite where it does not fit.
    pub fn as_f64(&self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// The number as written with a point, which its text keeps where it is whole: `2.0` and not `2`.
    #[must_use]
    pub fn with_point(self) -> Self {
        if self.0.is_integer() { Self(self.0.with_scale(1)) } else { self }
    }

    /// Whether its text has a point.
    pub fn has_point(&self) -> bool {
        self.0.fractional_digit_count() > 0
    }
}

impl From<BigDecimal> for Number {
    fn from(value: BigDecimal) -> Self {
        Self(value.normalized())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(BigDecimal::from(value).normalized())
    }
}

/// The exponent of a literal is bounded: `1e1000000000` would otherwise be printed in full.
const LARGEST_EXPONENT: i64 = 4096;

impl FromStr for Number {
    type Err = ();

    /// Reads decimal notation with an optional exponent of at most four digits.
    fn from_str(text: &str) -> Result<Self, ()> {
        let value = BigDecimal::from_str(text).map_err(|_| ())?;
        let (_, exponent) = value.as_bigint_and_exponent();
        if exponent.abs() > LARGEST_EXPONENT { Err(()) } else { Ok(Self(value.normalized())) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_plain_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        let number = |text: &str| Number::from_str(text).unwrap();
        assert_eq!(number("1.50"), number("1.5"));
        assert_eq!(number("1e3").to_string(), "1000");
        assert_eq!(number("0.10").to_string(), "0.1");
        assert_eq!(number("443").as_i64(), Some(443));
        assert!(Number::from_str("1e999999999").is_err());
    }

    #[test]
    fn a_point_is_kept_where_it_says_something() {
        let number = |text: &str| Number::from_str(text).unwrap().with_point();
        assert_eq!(number("2.0").to_string(), "2.0");
        assert_eq!(number("0.00").to_string(), "0.0");
        assert_eq!(number("1.50").to_string(), "1.5");
        assert_eq!(number("1.0e3").to_string(), "1000.0");
        assert_eq!(number("2.0"), Number::from(2));
        assert_eq!(number("2.0").as_i64(), Some(2));
        assert!(number("2.0").has_point() && !Number::from(2).has_point());
    }
}
