//! A long text cut into blocks at paragraph or line ends.

/// The blocks of a text with their offsets; together they are the text.
pub(crate) struct Blocks<'a> {
    rest: &'a str,
    offset: usize,
}

impl<'a> Blocks<'a> {
    /// Cuts `text`.
    pub(crate) const fn of(text: &'a str) -> Self {
        Self {
            rest: text,
            offset: 0,
        }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (block, rest) = self
            .rest
            .split_at_checked(cut(self.rest))
            .unwrap_or((self.rest, ""));
        let offset = self.offset;
        self.rest = rest;
        self.offset += block.len();
        Some((offset, block))
    }
}

/// Where the first block ends: after an empty line, else a line, else a space, else anywhere.
fn cut(text: &str) -> usize {
    if text.len() <= BLOCK_BYTES {
        return text.len();
    }
    let limit = text.floor_char_boundary(BLOCK_BYTES);
    let head = text.get(..limit).unwrap_or(text);
    let late = |at: &usize| *at > limit / 2;
    head.rfind("\n\n")
        .map(|at| at + 2)
        .filter(late)
        .or_else(|| head.rfind('\n').map(|at| at + 1).filter(late))
        .or_else(|| head.rfind(' ').map(|at| at + 1).filter(late))
        .unwrap_or(limit)
}

/// Long enough that few identifiers meet a cut, short enough for the processor's cache.
const BLOCK_BYTES: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_join_to_the_text_again() {
        let text = "Zeile für Zeile.\n".repeat(9000);
        let joined: String = Blocks::of(&text).map(|(_, block)| block).collect();
        assert_eq!(joined, text);
        assert!(Blocks::of(&text).count() > 3);
        assert!(Blocks::of(&"é".repeat(40_000)).count() > 1);
    }
}
