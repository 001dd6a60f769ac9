/// The parts of a text between delimiters, each with where it begins.
///
/// ```
/// use cloister_formats::hl7v2::Split;
/// let parts: Vec<_> = Split::of("A^^C", b'^').collect();
/// assert_eq!(parts, [(0, "A"), (2, ""), (3, "C")]);
/// ```
#[derive(Clone, Debug)]
pub struct Split<'t> {
    rest: Option<&'t str>,
    at: usize,
    delimiter: u8,
}

impl<'t> Split<'t> {
    /// Splits at an ASCII delimiter; there is always at least one part.
    #[inline]
    pub const fn of(text: &'t str, delimiter: u8) -> Self {
        Self {
            rest: Some(text),
            at: 0,
            delimiter,
        }
    }

    /// Splits at a delimiter that may not have been declared: then the whole is the one part.
    #[inline]
    pub fn at(text: &'t str, delimiter: Option<u8>) -> Self {
        Self::of(text, delimiter.unwrap_or(0))
    }
}

impl<'t> Iterator for Split<'t> {
    type Item = (usize, &'t str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let at = self.at;
        let cut = find(rest.as_bytes(), self.delimiter);
        let (part, tail) = cut
            .and_then(|cut| rest.split_at_checked(cut))
            .map_or((rest, None), |(part, tail)| (part, tail.get(1..)));
        self.rest = tail;
        self.at = at.saturating_add(part.len()).saturating_add(1);
        Some((at, part))
    }
}

/// Where a byte stands first. Parts are short: eight bytes at a time, without setting out, beat a
/// search in wide strides.
#[inline]
fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    let (chunks, tail) = bytes.as_chunks::<8>();
    let pattern = EACH * u64::from(wanted);
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk) ^ pattern;
        let zeros = word.wrapping_sub(EACH) & !word & (EACH << 7);
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    let place = tail.iter().position(|byte| *byte == wanted)?;
    Some(chunks.len() * 8 + place)
}

const EACH: u64 = 0x0101_0101_0101_0101;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_found_at_every_place() {
        let text = "0123456789abcdefghij\u{e9}z";
        for (place, letter) in text.bytes().enumerate() {
            assert_eq!(find(text.as_bytes(), letter), Some(place));
        }
        assert_eq!(find(text.as_bytes(), b'|'), None);
        assert_eq!(find(b"", b'|'), None);
    }
}
