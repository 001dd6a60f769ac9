//! Codes computed with a secret key, for expert determinations only.

use super::{Crosswalk, normalise};
use crate::{hashed::stable, label::Label};

/// Computes pseudonyms with a secret key, such as HMAC-SHA-256 over label and value.
///
/// Whoever holds the key can compute the pseudonym of any value, so this is not the method of
/// 45 CFR 164.514(c)(1), which asks for codes not derived from the person: plans that use it need
/// an expert determination. It serves where two holders of one key must arrive at one code without
/// sharing a table.
pub trait Pseudonyms: std::fmt::Debug {
    /// The first ten bytes of the keyed digest of a value in its normal form.
    fn digest(&self, label: Label, normal: &str) -> [u8; 10];
}

impl Crosswalk {
    /// Writes the sixteen characters of a value's pseudonym, and remembers them as ours.
    pub(crate) fn write_pseudonym(
        &mut self,
        pseudonyms: &dyn Pseudonyms,
        label: Label,
        value: &str,
        code: &mut String,
    ) {
        normalise(label, value, &mut self.scratch);
        let digest = pseudonyms.digest(label, &self.scratch);
        let start = code.len();
        for half in digest.as_chunks::<5>().0 {
            let bits = half
                .iter()
                .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                let letter = ALPHABET.get((bits >> (5 * place) & 31) as usize);
                code.push(char::from(letter.copied().unwrap_or(b'0')));
            }
        }
        let written = code.get(start..).unwrap_or("");
        self.pseudonyms.insert(stable(written));
    }

    /// Whether a text is a pseudonym that was given out, prefix and all.
    pub(crate) fn has_issued_pseudonym(&self, text: &str) -> bool {
        !self.pseudonyms.is_empty()
            && text
                .split_once('-')
                .is_some_and(|(_, bare)| self.pseudonyms.contains(&stable(bare)))
    }
}

/// Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
