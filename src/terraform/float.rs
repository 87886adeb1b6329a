//! Terraform computes with binary floating-point numbers of 512 bits and writes the shortest decimal that tells them
//! apart. This gives the same decimals: each operation rounds as Go's `big.Float` does.

use crate::value::Number;
use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, Signed as _, Zero as _};
use std::str::FromStr as _;

/// Bits of a mantissa.
pub(crate) const PRECISION: u64 = 512;

/// Bits of the numbers that `log` and `pow` give.
pub(crate) const DOUBLE: u64 = 53;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `mantissa * 2^exponent`.
struct Binary {
    mantissa: BigInt,
    exponent: i64,
}

/// The result of an operation as Terraform would write it. The divisor is not zero.
pub(crate) fn compute(operation: Operation, a: &BigDecimal, b: &BigDecimal) -> BigDecimal {
    if a.is_integer() && b.is_integer() && operation != Operation::Divide {
        let exact = match operation {
            Operation::Add => a + b,
            Operation::Subtract => a - b,
            Operation::Multiply | Operation::Divide => a * b,
        };
        if exact.digits() <= EXACT_DIGITS {
            return exact;
        }
    }
    let (a, b) = (binary(a), binary(b));
    let result = match operation {
        Operation::Add => sum(&a, &b),
        Operation::Subtract => sum(&a, &Binary { mantissa: -b.mantissa, exponent: b.exponent }),
        Operation::Multiply => {
            Binary { mantissa: a.mantissa * b.mantissa, exponent: a.exponent.saturating_add(b.exponent) }
        }
        Operation::Divide => quotient(&a.mantissa, &b.mantissa, a.exponent.saturating_sub(b.exponent)),
    };
    shortest(&rounded(result, PRECISION), PRECISION)
}

/// Decimals of this many digits are told apart by the mantissa.
const EXACT_DIGITS: u64 = 150;

/// A number as it is written, in the decimals that Terraform would write.
pub(crate) fn literal(written: &str) -> Option<Number> {
    let number = Number::from_str(written).ok()?;
    if number.decimal().digits() <= EXACT_DIGITS {
        return Some(number);
    }
    Some(Number::from(shortest(&rounded(binary(number.decimal()), PRECISION), PRECISION)))
}

/// The shortest decimal of a double.
pub(crate) fn from_double(number: f64) -> Option<BigDecimal> {
    let exact = BigDecimal::try_from(number).ok()?;
    Some(shortest(&rounded(binary(&exact), DOUBLE), DOUBLE))
}

fn bits(number: &BigInt) -> u64 {
    number.magnitude().bits()
}

/// Aligns to the smaller exponent; numbers too far apart to touch each other keep the larger one's bits.
fn sum(a: &Binary, b: &Binary) -> Binary {
    let exponent = a.exponent.min(b.exponent);
    let shift = |number: &Binary| {
        let by = u64::try_from(number.exponent.saturating_sub(exponent)).unwrap_or(0).min(1 << 16);
        &number.mantissa << by
    };
    Binary { mantissa: shift(a) + shift(b), exponent }
}

/// A quotient with enough bits to round it, the last of which stands for all that is cut off.
fn quotient(numerator: &BigInt, denominator: &BigInt, exponent: i64) -> Binary {
    let wanted = PRECISION + 2 + bits(denominator);
    let shift = wanted.saturating_sub(bits(numerator));
    let scaled = numerator << shift;
    let quotient = &scaled / denominator;
    let exact = (&quotient * denominator) == scaled;
    let sticky = if exact {
        BigInt::zero()
    } else if (scaled.sign() == Sign::Minus) == (denominator.sign() == Sign::Minus) {
        BigInt::from(1)
    } else {
        BigInt::from(-1)
    };
    let shift = i64::try_from(shift).unwrap_or(i64::MAX);
    Binary { mantissa: (quotient << 1_u32) + sticky, exponent: exponent.saturating_sub(shift).saturating_sub(1) }
}

/// The nearest binary number of 512 bits.
fn binary(decimal: &BigDecimal) -> Binary {
    let (digits, scale) = decimal.as_bigint_and_exponent();
    let power = |of: i64| BigInt::from(10).pow(u32::try_from(of).unwrap_or(0).min(1 << 14));
    let number = if scale <= 0 {
        Binary { mantissa: digits * power(-scale), exponent: 0 }
    } else {
        quotient(&digits, &power(scale), 0)
    };
    rounded(number, PRECISION)
}

/// Rounds to the nearest, halves to even.
fn rounded(number: Binary, precision: u64) -> Binary {
    let length = bits(&number.mantissa);
    if length <= precision {
        return number;
    }
    let cut = length - precision;
    let negative = number.mantissa.is_negative();
    let magnitude = number.mantissa.magnitude();
    let mut kept = magnitude >> cut;
    let rest = magnitude - (&kept << cut);
    let half = bigdecimal::num_bigint::BigUint::from(1_u32) << (cut - 1);
    if rest > half || (rest == half && kept.bit(0)) {
        kept += 1_u32;
    }
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    let cut = i64::try_from(cut).unwrap_or(i64::MAX);
    Binary { mantissa: BigInt::from_biguint(sign, kept), exponent: number.exponent.saturating_add(cut) }
}

/// The decimal with the fewest digits that lies nearer to this number than to its neighbours.
fn shortest(number: &Binary, precision: u64) -> BigDecimal {
    if number.mantissa.is_zero() {
        return BigDecimal::zero();
    }
    let negative = number.mantissa.is_negative();
    let shift = (precision + 1).saturating_sub(bits(&number.mantissa));
    let middle = BigInt::from(number.mantissa.magnitude() << shift);
    let exponent = number.exponent.saturating_sub(i64::try_from(shift).unwrap_or(i64::MAX));
    let inclusive = !middle.bit(1);
    let one = BigInt::from(1);
    let [lower, exact, upper] =
        [&middle - &one, middle.clone(), &middle + &one].map(|mantissa| scaled(&mantissa, exponent));
    let width = upper.len().max(exact.len()).max(lower.len());
    let digits = |text: &str| format!("{text:0>width$}").into_bytes();
    let (lower, exact, upper) = (digits(&lower), digits(&exact), digits(&upper));
    let kept = shortest_digits(&lower, &exact, &upper, inclusive);
    let text = String::from_utf8_lossy(&kept).into_owned();
    let places = width - kept.len().min(width);
    let point = exponent.min(0).abs();
    let whole = BigInt::from_str(&text).unwrap_or_default();
    let scale = point - i64::try_from(places).unwrap_or(0);
    let decimal = BigDecimal::new(whole, scale);
    if negative { -decimal } else { decimal }
}

/// Decimal digits of `mantissa * 2^exponent * 10^-min(exponent, 0)`, a whole number.
fn scaled(mantissa: &BigInt, exponent: i64) -> String {
    let power = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX).min(1 << 16);
    let number = if exponent < 0 { mantissa * BigInt::from(5).pow(power) } else { mantissa << power };
    number.to_string()
}

/// Leading digits of `exact`, rounded where the bounds allow to stop.
fn shortest_digits(lower: &[u8], exact: &[u8], upper: &[u8], inclusive: bool) -> Vec<u8> {
    let last = |digits: &[u8]| digits.iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
    let (lower_end, upper_end) = (last(lower), last(upper));
    for (at, ((l, m), u)) in lower.iter().zip(exact).zip(upper).enumerate() {
        let down = l != m || (inclusive && at + 1 == lower_end);
        let up = m != u && (inclusive || m + 1 < *u || at + 1 < upper_end);
        let head = exact.get(..=at).unwrap_or(exact);
        if !down && !up {
            continue;
        }
        let rest = exact.get(at + 1..).unwrap_or(&[]);
        let nearer_up = match rest.first() {
            Some(b'5') if rest.iter().skip(1).all(|digit| *digit == b'0') => m % 2 == 1,
            Some(digit) => *digit >= b'5',
            None => false,
        };
        return if !down || (up && nearer_up) { incremented(head) } else { head.to_vec() };
    }
    exact.to_vec()
}

fn incremented(digits: &[u8]) -> Vec<u8> {
    let mut digits = digits.to_vec();
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return digits;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_terraforms() {
        let number = |text: &str| BigDecimal::from_str(text).unwrap();
        let compute =
            |operation, a: &str, b: &str| compute(operation, &number(a), &number(b)).normalized().to_plain_string();
        assert_eq!(compute(Operation::Add, "0.1", "0.2"), "0.3");
        assert_eq!(compute(Operation::Divide, "7", "2"), "3.5");
        assert!(compute(Operation::Divide, "1", "3").ends_with("33335"));
        assert_eq!(compute(Operation::Subtract, "1e20", "0.5"), "99999999999999999999.5");
        assert_eq!(from_double(10_f64.powi(-3)).unwrap().normalized().to_plain_string(), "0.001");
        assert_eq!(from_double(2_f64.powi(64)).unwrap().normalized().to_plain_string(), "18446744073709550000");
    }
}
