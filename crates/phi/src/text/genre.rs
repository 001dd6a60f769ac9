//! What kind of text a page is, from one count over its words.

use crate::dictionary::class::Class;

use super::token::{Kind, Token};

/// What the words of a page, taken together, say about each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one answer to one question about the text"
)]
pub(crate) struct Genre {
    /// Fewer than one word in six has a lower-case letter: capitals tell nothing.
    pub(crate) is_shouted: bool,
    /// Hardly any word has a capital: names have none either.
    pub(crate) is_small: bool,
    /// At least one word in sixty is a word of medicine.
    pub(crate) is_clinical: bool,
    /// A sentence or more, with no word of medicine at all.
    pub(crate) is_prose: bool,
}

impl Genre {
    /// Counts capitals and the words of medicine.
    pub(crate) fn of(tokens: &[Token]) -> Self {
        let (mut upper, mut lower, mut clinical, mut medical) =
            (0_usize, 0_usize, 0_usize, 0_usize);
        let mut title = 0_usize;
        for token in tokens {
            title += usize::from(matches!(token.kind, Kind::Title | Kind::Mixed));
            upper += usize::from(token.kind == Kind::Upper);
            lower += usize::from(matches!(token.kind, Kind::Lower | Kind::Title));
            clinical += usize::from(is_clinical(token));
            medical += usize::from(token.class.has(CARED) && !token.class.has(EVERYDAY_NAME));
        }
        Self {
            is_shouted: upper > 3 && upper > lower.saturating_mul(5),
            is_small: title.saturating_mul(50) <= lower && upper.saturating_mul(5) <= lower,
            is_clinical: clinical > 0 && clinical.saturating_mul(60) >= tokens.len(),
            is_prose: clinical == 0
                && medical == 0
                && upper.saturating_mul(12) <= lower
                && lower >= PROSE,
        }
    }
}

/// A word of medicine, or a drug or test that is no everyday word.
fn is_clinical(token: &Token) -> bool {
    token.class.has(Class::CLINICAL)
        || token.class.has(Class::MEDICAL.or(Class::EPONYM))
            && !token.class.has(EVERYDAY)
            && token.len() > 4
}

/// Words that speak of people in care or of their medicine.
const CARED: Class = Class::MEDICAL
    .or(Class::EPONYM)
    .or(Class::PERSON)
    .or(Class::CARE)
    .or(Class::UNIT)
    .or(Class::MEASURE)
    .or(Class::HEAD);

/// Words of those that everyday language has as well.
const EVERYDAY_NAME: Class = Class::COMMON
    .or(Class::RARE)
    .or(Class::GIVEN)
    .or(Class::SURNAME)
    .or(Class::CITY)
    .or(Class::STOP);

/// So many words and the text is a sentence.
const PROSE: usize = 8;

const EVERYDAY: Class = Class::COMMON
    .or(Class::RARE)
    .or(Class::GIVEN)
    .or(Class::SURNAME)
    .or(Class::CITY);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::Dictionary, text::token::tokenize};

    fn genre(text: &str) -> Genre {
        let mut tokens = Vec::new();
        tokenize(&Dictionary::built_in(), text, &mut tokens);
        Genre::of(&tokens)
    }

    #[test]
    fn medicine_and_capitals_are_told() {
        assert!(genre("Travelled to Kenya, now fever.").is_clinical);
        assert!(genre("Switched from Lantus to Toujeo.").is_clinical);
        assert!(!genre("I will be travelling to Kenya next week.").is_clinical);
        assert!(genre("PT LIVES IN TOLEDO WITH HUSBAND").is_shouted);
    }
}
