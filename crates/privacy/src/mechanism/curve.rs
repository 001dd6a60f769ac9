//! The curve `top exp(-x^2 / (2 sigma^2))` and the exact question whether a point lies below it.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "heights and columns are positive and below 2^56; casts of floats saturate"
)]

use domain::Entropy;

/// The curve over the integers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    pub(super) sigma: u64,
    pub(super) top: u64,
}

/// More than the relative rounding of the curve in double precision: the exponent is below 800 and
/// carries three roundings, and `exp` one more.
const SLACK: f64 = 1e-12;

impl Curve {
    /// Whether `height + u` lies below the curve at `column`, with `u` uniform in `[0, 1)`.
    ///
    /// # Guarantee
    /// True with exactly the probability that the law asks for: doubles decide only what is beyond
    /// their rounding, the rest is decided with as many further digits of `u` and of the curve as it
    /// takes.
    pub(super) fn is_above(&self, column: u64, height: u64, entropy: &mut dyn Entropy) -> bool {
        let value = self.value(column);
        let slack = value * SLACK;
        if (height + 1) as f64 * (1.0 + f64::EPSILON) <= value - slack {
            return true;
        }
        if height as f64 * (1.0 - f64::EPSILON) >= value + slack && height > 0 {
            return false;
        }
        self.decide(column, height, entropy)
    }

    /// How many columns reach above `height`, or a few more.
    pub(super) fn columns_above(&self, height: u64) -> u64 {
        let reach = self.reach(height as f64 * (1.0 - 1e-9));
        libm::ceil(reach * (1.0 + 1e-9)) as u64 + 1
    }

    /// How many columns are certain to reach `height`, or a few less.
    pub(super) fn columns_surely_above(&self, height: u64) -> u64 {
        let reach = self.reach(height as f64 * (1.0 + 1e-9));
        (libm::floor(reach * (1.0 - 1e-9)) as u64).saturating_sub(1)
    }

    /// How many points stand in a column at most; at least one.
    pub(super) fn points_above(&self, column: u64) -> u64 {
        (libm::ceil(self.value(column) * (1.0 + 1e-9)) as u64).max(1)
    }

    fn value(&self, column: u64) -> f64 {
        let ratio = column as f64 / self.sigma as f64;
        self.top as f64 * libm::exp(-0.5 * ratio * ratio)
    }

    fn reach(&self, height: f64) -> f64 {
        let log = libm::log(self.top as f64 / height.max(1e-9));
        self.sigma as f64 * libm::sqrt(2.0 * log.max(0.0))
    }

    /// The same question in fixed point of growing length.
    #[cold]
    fn decide(&self, column: u64, height: u64, entropy: &mut dyn Entropy) -> bool {
        let column = u128::from(column);
        let sigma = u128::from(self.sigma);
        let (numerator, denominator) = (column * column, 2 * sigma * sigma);
        let mut digits: Vec<u64> = Vec::new();
        let mut limbs = 3 + (numerator / denominator) as usize / 40;
        loop {
            while digits.len() < limbs {
                digits.push(entropy.next_u64());
            }
            let exp = Fixed::exp_minus(numerator, denominator, limbs);
            if let Some(answer) = exp.compare(self.top, height, &digits) {
                return answer;
            }
            limbs += 2;
        }
    }
}

/// A fraction in `[0, 1]` of `limbs` 64-bit digits after the point (most significant first), one
/// before, and a bound on its error in units of the last digit.
#[derive(Clone, Debug)]
struct Fixed {
    /// `digits[0]` stands before the point.
    digits: Vec<u64>,
    error: u64,
}

impl Fixed {
    fn zero(limbs: usize) -> Self {
        Self {
            digits: vec![0; limbs + 1],
            error: 0,
        }
    }

    fn one(limbs: usize) -> Self {
        let mut one = Self::zero(limbs);
        if let Some(first) = one.digits.first_mut() {
            *first = 1;
        }
        one
    }

    /// `numerator / denominator` for a fraction below one, cut off: one unit of error.
    fn ratio(numerator: u128, denominator: u128, limbs: usize) -> Self {
        let mut fraction = Self::zero(limbs);
        let mut rest = numerator;
        for digit in fraction.digits.iter_mut().skip(1) {
            for bit in (0..64).rev() {
                rest <<= 1;
                if rest >= denominator {
                    rest -= denominator;
                    *digit |= 1 << bit;
                }
            }
        }
        fraction.error = 1;
        fraction
    }

    /// `exp(-numerator / denominator)`: Taylor's series of the argument halved below one, squared
    /// back.
    fn exp_minus(numerator: u128, denominator: u128, limbs: usize) -> Self {
        let mut halvings = 0_u32;
        while numerator >= denominator << halvings {
            halvings += 1;
        }
        let argument = Self::ratio(numerator, denominator << halvings, limbs);
        let mut result = argument.exp_minus_fraction();
        for _ in 0..halvings {
            result = result.times(&result);
        }
        result
    }

    fn exp_minus_fraction(&self) -> Self {
        let limbs = self.digits.len() - 1;
        let (mut plus, mut minus) = (Self::one(limbs), Self::zero(limbs));
        let mut term = Self::one(limbs);
        let mut k = 1;
        while term.digits.iter().any(|digit| *digit > 0) {
            term = term.times(self).divided(k);
            let side = if k % 2 == 1 { &mut minus } else { &mut plus };
            side.add(&term);
            k += 1;
        }
        // What the series leaves out is below its last term, which was below one unit.
        plus.subtract(&minus);
        plus.error += 2;
        plus
    }

    fn add(&mut self, other: &Self) {
        let mut carry = false;
        for (digit, more) in self.digits.iter_mut().zip(&other.digits).rev() {
            let (sum, one) = digit.overflowing_add(*more);
            let (sum, two) = sum.overflowing_add(u64::from(carry));
            (*digit, carry) = (sum, one || two);
        }
        self.error += other.error;
    }

    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (digit, less) in self.digits.iter_mut().zip(&other.digits).rev() {
            let (rest, one) = digit.overflowing_sub(*less);
            let (rest, two) = rest.overflowing_sub(u64::from(borrow));
            (*digit, borrow) = (rest, one || two);
        }
        self.error += other.error;
    }

    fn divided(mut self, divisor: u64) -> Self {
        let mut rest = 0_u128;
        for digit in &mut self.digits {
            let value = (rest << 64) | u128::from(*digit);
            *digit = (value / u128::from(divisor)) as u64;
            rest = value % u128::from(divisor);
        }
        self.error = self.error / divisor + 2;
        self
    }

    /// The product, cut off. Both factors are at most one, so the errors add, and one unit each for
    /// the cut and for the product of the errors.
    fn times(&self, other: &Self) -> Self {
        let length = self.digits.len();
        let mut wide = vec![0_u64; 2 * length];
        for (i, a) in self.digits.iter().enumerate().rev() {
            let mut carry = 0_u128;
            for (j, b) in other.digits.iter().enumerate().rev() {
                if let Some(slot) = wide.get_mut(i + j + 1) {
                    let sum = u128::from(*slot) + u128::from(*a) * u128::from(*b) + carry;
                    *slot = sum as u64;
                    carry = sum >> 64;
                }
            }
            if let Some(slot) = wide.get_mut(i) {
                *slot = slot.wrapping_add(carry as u64);
            }
        }
        let digits = wide.into_iter().skip(1).take(length).collect();
        Self {
            digits,
            error: self.error + other.error + 2,
        }
    }

    /// Whether `height + 0.digits < top * self`; `None` when the digits do not tell.
    fn compare(&self, top: u64, height: u64, digits: &[u64]) -> Option<bool> {
        let mut value = self.digits.clone();
        let mut carry = 0_u128;
        for digit in value.iter_mut().rev() {
            let product = u128::from(*digit) * u128::from(top) + carry;
            *digit = product as u64;
            carry = product >> 64;
        }
        let error = u128::from(self.error) * u128::from(top) + 1;
        let mut point = Vec::with_capacity(value.len());
        point.push(height);
        point.extend(digits.iter().take(value.len() - 1));
        let (above, below) = (difference(&value, &point), difference(&point, &value));
        if above.is_some_and(|gap| gap > error) {
            Some(true)
        } else if below.is_some_and(|gap| gap >= error) {
            Some(false)
        } else {
            None
        }
    }
}

/// `one - two` in units of the last digit, saturating; `None` when negative.
fn difference(one: &[u64], two: &[u64]) -> Option<u128> {
    if one < two {
        return None;
    }
    let mut gap = 0_u128;
    let mut borrow_free = Fixed {
        digits: one.to_vec(),
        error: 0,
    };
    borrow_free.subtract(&Fixed {
        digits: two.to_vec(),
        error: 0,
    });
    for digit in &borrow_free.digits {
        if gap >> 64 > 0 {
            return Some(u128::MAX);
        }
        gap = (gap << 64) | u128::from(*digit);
    }
    Some(gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::gaussian::tests::Stream;

    #[test]
    fn fixed_point_exponentials_agree_with_doubles() {
        for (numerator, denominator) in [(0, 1), (1, 3), (1, 1), (7, 2), (41, 1), (600, 1)] {
            let fixed = Fixed::exp_minus(numerator, denominator, 20);
            let mut value = 0.0;
            for digit in fixed.digits.iter().rev() {
                value = value / (2.0 * (1_u64 << 63) as f64) + *digit as f64;
            }
            let expected = libm::exp(-(numerator as f64) / denominator as f64);
            assert!(
                (value / expected - 1.0).abs() < 1e-12,
                "{numerator}: {value} {expected}"
            );
            assert!(fixed.error < 1 << 40);
        }
    }

    #[test]
    fn the_slow_decision_agrees_with_the_fast_one_where_both_can_tell() {
        let curve = Curve {
            sigma: 1 << 20,
            top: 1 << 42,
        };
        let mut entropy = Stream::new(5);
        for column in [1, 1 << 19, 1 << 20, 3 << 20, 5 << 20] {
            let value = curve.value(column) as u64;
            assert!(curve.decide(column, value - value / 1000 - 1, &mut entropy));
            assert!(!curve.decide(column, value + value / 1000 + 1, &mut entropy));
        }
    }

    #[test]
    fn a_point_on_the_curve_is_decided_in_proportion() {
        // exp(-x^2 / 2 sigma^2) * top = 16 exp(-1/2) = 9.7045.
        let curve = Curve {
            sigma: 1 << 20,
            top: 16,
        };
        let mut entropy = Stream::new(6);
        let hits = (0..20_000)
            .filter(|_| curve.is_above(1 << 20, 9, &mut entropy))
            .count();
        assert!((hits as f64 / 20_000.0 - 0.7045).abs() < 0.015);
    }
}
