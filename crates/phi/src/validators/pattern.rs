//! Identifiers that have ranges or classes by place, but no check digit.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A social security number that can have been issued: nine digits, area not 000, 666 or
/// 900-999, group not 00, serial not 0000 (SSA POMS RM 10201.035).
///
/// ```
/// assert!(cloister_phi::validators::ssn("078051120"));
/// assert!(!cloister_phi::validators::ssn("666051120"));
/// ```
pub fn ssn(digits: &str) -> bool {
    let part =
        |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    let (Some(area), Some(group), Some(serial)) = (part(0..3), part(3..5), part(5..9)) else {
        return false;
    };
    digits.len() == 9
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !matches!(area, 0 | 666 | 900..)
        && group != 0
        && serial != 0
}

/// A Medicare Beneficiary Identifier: eleven places, each of its own class, no S, L, O, I, B, Z
/// (CMS, Understanding the MBI format).
///
/// ```
/// assert!(cloister_phi::validators::mbi("1EG4TE5MK73"));
/// ```
pub fn mbi(number: &str) -> bool {
    const CLASSES: &[u8; 11] = b"CAXNAXNAANN";
    number.len() == CLASSES.len()
        && number.bytes().zip(CLASSES).all(|(byte, class)| {
            let digit = byte.is_ascii_digit();
            let letter =
                byte.is_ascii_alphabetic() && !b"SLOIBZ".contains(&byte.to_ascii_uppercase());
            match class {
                b'C' => digit && byte != b'0',
                b'A' => letter,
                b'N' => digit,
                _ => digit || letter,
            }
        })
}

/// A telephone number of the North American plan: ten digits (or eleven from 1), area and
/// exchange from 2 to 9.
pub fn nanp_phone(digits: &str) -> bool {
    let ten = if digits.len() == 11 {
        digits.strip_prefix('1')
    } else {
        Some(digits)
    };
    ten.map(str::as_bytes).is_some_and(|ten| {
        ten.len() == 10
            && ten.iter().all(u8::is_ascii_digit)
            && [0, 3]
                .into_iter()
                .all(|place| ten.get(place).is_some_and(|&byte| byte >= b'2'))
    })
}

/// A dotted internet address, RFC 791: four numbers up to 255.
pub fn ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// An internet address of version 6 in any form of RFC 4291.
pub fn ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_classes_are_kept() {
        assert!(!ssn("000121234") && !ssn("123001234") && !ssn("123120000") && !ssn("12345678"));
        assert!(!ssn("900121234") && !ssn("é23121234"));
        assert!(!mbi("0EG4TE5MK73") && !mbi("1SG4TE5MK73") && !mbi("1EG4"));
        assert!(nanp_phone("2125550123") && nanp_phone("12125550123"));
        assert!(!nanp_phone("1125550123") && !nanp_phone("2121550123"));
        assert!(ipv4("10.0.0.255") && !ipv4("10.0.0.256"));
        assert!(ipv6("fe80::1") && !ipv6("fe80:1"));
    }
}
