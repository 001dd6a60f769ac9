//! Polynomials over GF(2^8) with the reduction polynomial of AES, x^8 + x^4 + x^3 + x + 1.
//!
//! Products are computed without tables and without branches on secret bits.

use zeroize::Zeroizing;

/// The value at `x` of the polynomials, one a byte, through the points; all x differ, all values
/// are of one length. Lagrange's formula.
pub(super) fn interpolate(points: &[(u8, &[u8])], x: u8) -> Zeroizing<Vec<u8>> {
    let length = points.first().map_or(0, |(_, value)| value.len());
    let mut result = Zeroizing::new(vec![0; length]);
    for (at, value) in points {
        let others = points.iter().filter(|(other, _)| other != at);
        let basis = others.fold(1, |basis, (other, _)| {
            multiply(basis, multiply(x ^ other, inverse(at ^ other)))
        });
        for (sum, byte) in result.iter_mut().zip(*value) {
            *sum ^= multiply(basis, *byte);
        }
    }
    result
}

fn multiply(one: u8, other: u8) -> u8 {
    let mut product = 0;
    let mut shifted = one;
    for bit in 0..8 {
        let chosen = 0_u8.wrapping_sub((other >> bit) & 1);
        product ^= shifted & chosen;
        let overflow = 0_u8.wrapping_sub(shifted >> 7);
        shifted = (shifted << 1) ^ (0x1b & overflow);
    }
    product
}

/// x^254; the inverse of 0 is 0.
fn inverse(x: u8) -> u8 {
    let mut power = x;
    let mut result = 1;
    for _ in 0..7 {
        power = multiply(power, power);
        result = multiply(result, power);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, 4.2 and 4.2.1.
    #[test]
    fn products_are_those_of_fips_197() {
        assert_eq!(multiply(0x57, 0x83), 0xc1);
        assert_eq!(multiply(0x57, 0x13), 0xfe);
    }

    #[test]
    fn every_number_but_zero_has_an_inverse() {
        for x in 1..=255 {
            assert_eq!(multiply(x, inverse(x)), 1, "{x}");
        }
        assert_eq!(inverse(0), 0);
    }

    #[test]
    fn a_polynomial_goes_through_its_points() {
        let points: [(u8, &[u8]); 3] = [(1, &[3]), (7, &[200]), (255, &[77])];
        for (x, value) in points {
            assert_eq!(interpolate(&points, x).as_slice(), value);
        }
    }
}
