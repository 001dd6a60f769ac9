//! Identifiers that carry a check digit.

/// The Luhn check (ISO/IEC 7812-1 annex B) over at least two digits: cards, IMEI.
///
/// ```
/// assert!(cloister_phi::validators::luhn("79927398713"));
/// assert!(!cloister_phi::validators::luhn("79927398710"));
/// ```
pub fn luhn(digits: &str) -> bool {
    digits.len() > 1
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && luhn_sum(digits.bytes()).is_multiple_of(10)
}

/// A National Provider Identifier: ten digits, Luhn over `80840` and the number
/// (45 CFR 162.406 and the CMS check digit instructions).
pub fn npi(digits: &str) -> bool {
    digits.len() == 10
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && luhn_sum("80840".bytes().chain(digits.bytes())).is_multiple_of(10)
}

/// A DEA registration: two letters (the second may be `9`) and seven digits, the last of which
/// is the last digit of `d1 + d3 + d5 + 2 (d2 + d4 + d6)`.
pub fn dea(number: &str) -> bool {
    let Some((prefix, digits)) = number.split_at_checked(2) else {
        return false;
    };
    let [first, second] = prefix.as_bytes() else {
        return false;
    };
    let digits: Vec<u32> = digits
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .collect();
    let [d1, d2, d3, d4, d5, d6, check] = digits[..] else {
        return false;
    };
    number.len() == 9
        && first.is_ascii_alphabetic()
        && (second.is_ascii_alphabetic() || *second == b'9')
        && (d1 + d3 + d5 + 2 * (d2 + d4 + d6)) % 10 == check
}

/// A vehicle identification number: 17 letters and digits without I, O and Q, whose ninth place
/// is the check digit of 49 CFR 565.15(c).
pub fn vin(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let values: Option<Vec<u32>> = number.bytes().map(vin_value).collect();
    let Some(values) = values.filter(|values| values.len() == WEIGHTS.len()) else {
        return false;
    };
    let sum: u32 = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    let check = match sum % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    number
        .as_bytes()
        .get(8)
        .is_some_and(|byte| byte.eq_ignore_ascii_case(&check))
}

/// An international bank account number: two letters, two check digits, 11 to 30 letters and
/// digits, remainder 1 modulo 97 (ISO 13616-1).
pub fn iban(number: &str) -> bool {
    let bytes = number.as_bytes();
    let (Some(head), Some(body)) = (bytes.get(..4), bytes.get(4..)) else {
        return false;
    };
    let shape = (15..=34).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && matches!(head, [a, b, c, d] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && c.is_ascii_digit() && d.is_ascii_digit());
    let remainder = body.iter().chain(head).fold(0_u32, |sum, &byte| {
        let value = char::from(byte).to_digit(36).unwrap_or(0);
        if value < 10 {
            (sum * 10 + value) % 97
        } else {
            (sum * 100 + value) % 97
        }
    });
    shape && remainder == 1
}

fn luhn_sum(digits: impl DoubleEndedIterator<Item = u8>) -> u32 {
    digits
        .rev()
        .map(|byte| u32::from(byte.wrapping_sub(b'0')))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum()
}

/// The value of a place of a VIN, 49 CFR 565.15(c) table IV.
fn vin_value(byte: u8) -> Option<u32> {
    Some(match byte.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => u32::from(digit - b'0'),
        letter @ b'A'..=b'H' => u32::from(letter - b'A') + 1,
        letter @ b'J'..=b'N' => u32::from(letter - b'J') + 1,
        b'P' => 7,
        b'R' => 9,
        letter @ b'S'..=b'Z' => u32::from(letter - b'S') + 2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold_and_a_changed_digit_does_not() {
        assert!(npi("1234567893") && !npi("1234567890"));
        assert!(dea("AB1234563") && !dea("AB1234564") && !dea("A"));
        assert!(vin("1M8GDM9AXKP042788") && !vin("1M8GDM9A1KP042788"));
        assert!(vin("11111111111111111") && !vin("IIIIIIIIIIIIIIIII"));
        assert!(iban("GB82WEST12345698765432") && !iban("GB82WEST12345698765433"));
        assert!(luhn("4111111111111111") && !luhn("") && !luhn("é1"));
    }
}
