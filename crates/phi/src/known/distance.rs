//! Words that differ by one slip of the keyboard.

/// Whether two different words are one insertion, deletion, substitution or swap of neighbours
/// apart (Damerau-Levenshtein distance 1).
pub(super) fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 || a == b {
        return false;
    }
    let prefix = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (
        short.get(prefix..).unwrap_or_default(),
        long.get(prefix..).unwrap_or_default(),
    );
    if short.len() < long.len() {
        return long.get(1..) == Some(short);
    }
    let swapped = matches!((short, long), ([a, b, rest @ ..], [c, d, tail @ ..]) if a == d && b == c && rest == tail);
    short.get(1..) == long.get(1..) || swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_of_each_kind() {
        for (a, b) in [
            ("smith", "smiht"),
            ("smith", "smth"),
            ("smith", "smyth"),
            ("smith", "smithe"),
        ] {
            assert!(is_one_slip(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
        for (a, b) in [
            ("smith", "smith"),
            ("smith", "schmith"),
            ("ab", "cd"),
            ("smith", ""),
        ] {
            assert!(!is_one_slip(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }
}
