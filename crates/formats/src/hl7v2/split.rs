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
    pub const fn of(text: &'t str, delimiter: u8) -> Self {
        Self {
            rest: Some(text),
            at: 0,
            delimiter,
        }
    }

    /// Splits at a delimiter that may not have been declared: then the whole is the one part.
    pub fn at(text: &'t str, delimiter: Option<u8>) -> Self {
        Self::of(text, delimiter.unwrap_or(0))
    }
}

impl<'t> Iterator for Split<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let at = self.at;
        // Parts are short: a plain loop beats a search that sets out in strides.
        let cut = rest.bytes().position(|byte| byte == self.delimiter);
        let (part, tail) = cut
            .and_then(|cut| rest.split_at_checked(cut))
            .map_or((rest, None), |(part, tail)| (part, tail.get(1..)));
        self.rest = tail;
        self.at = at.saturating_add(part.len()).saturating_add(1);
        Some((at, part))
    }
}
