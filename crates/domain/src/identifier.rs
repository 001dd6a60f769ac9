use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One of the eighteen Safe Harbor identifier categories, 45 CFR 164.514(b)(2)(i)(A)–(R).
///
/// ```
/// use cloister_domain::Identifier;
/// assert_eq!(Identifier::Geography.letter(), 'B');
/// assert_eq!(Identifier::Geography.citation(), "45 CFR 164.514(b)(2)(i)(B)");
/// assert_eq!(Identifier::ALL.len(), 18);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identifier {
    /// (A) Names.
    Name,
    /// (B) Geographic subdivisions smaller than a state.
    Geography,
    /// (C) Elements of dates except the year, and ages over 89.
    Date,
    /// (D) Telephone numbers.
    Phone,
    /// (E) Fax numbers.
    Fax,
    /// (F) E-mail addresses.
    Email,
    /// (G) Social security numbers.
    SocialSecurity,
    /// (H) Medical record numbers.
    MedicalRecord,
    /// (I) Health plan beneficiary numbers.
    HealthPlan,
    /// (J) Account numbers.
    Account,
    /// (K) Certificate and licence numbers.
    License,
    /// (L) Vehicle identifiers and serial numbers, including plates.
    Vehicle,
    /// (M) Device identifiers and serial numbers.
    Device,
    /// (N) Web addresses.
    Url,
    /// (O) Internet protocol addresses.
    IpAddress,
    /// (P) Biometric identifiers.
    Biometric,
    /// (Q) Full-face photographs and comparable images.
    Photo,
    /// (R) Any other unique identifying number, characteristic or code.
    Other,
}

impl Identifier {
    /// The categories in the order of the rule.
    pub const ALL: [Self; 18] = [
        Self::Name,
        Self::Geography,
        Self::Date,
        Self::Phone,
        Self::Fax,
        Self::Email,
        Self::SocialSecurity,
        Self::MedicalRecord,
        Self::HealthPlan,
        Self::Account,
        Self::License,
        Self::Vehicle,
        Self::Device,
        Self::Url,
        Self::IpAddress,
        Self::Biometric,
        Self::Photo,
        Self::Other,
    ];

    /// The letter of the paragraph, `'A'` to `'R'`.
    pub const fn letter(self) -> char {
        (b'A' + self as u8) as char
    }

    /// The paragraph that names this category.
    #[expect(
        clippy::indexing_slicing,
        reason = "the table has a row for each of the 18 variants"
    )]
    pub const fn citation(self) -> &'static str {
        const CITATIONS: [&str; 18] = [
            "45 CFR 164.514(b)(2)(i)(A)",
            "45 CFR 164.514(b)(2)(i)(B)",
            "45 CFR 164.514(b)(2)(i)(C)",
            "45 CFR 164.514(b)(2)(i)(D)",
            "45 CFR 164.514(b)(2)(i)(E)",
            "45 CFR 164.514(b)(2)(i)(F)",
            "45 CFR 164.514(b)(2)(i)(G)",
            "45 CFR 164.514(b)(2)(i)(H)",
            "45 CFR 164.514(b)(2)(i)(I)",
            "45 CFR 164.514(b)(2)(i)(J)",
            "45 CFR 164.514(b)(2)(i)(K)",
            "45 CFR 164.514(b)(2)(i)(L)",
            "45 CFR 164.514(b)(2)(i)(M)",
            "45 CFR 164.514(b)(2)(i)(N)",
            "45 CFR 164.514(b)(2)(i)(O)",
            "45 CFR 164.514(b)(2)(i)(P)",
            "45 CFR 164.514(b)(2)(i)(Q)",
            "45 CFR 164.514(b)(2)(i)(R)",
        ];
        CITATIONS[self as usize]
    }

    /// What a privacy officer calls it.
    #[expect(
        clippy::indexing_slicing,
        reason = "the table has a row for each of the 18 variants"
    )]
    pub const fn title(self) -> &'static str {
        const TITLES: [&str; 18] = [
            "names",
            "geography",
            "dates and ages over 89",
            "telephone numbers",
            "fax numbers",
            "e-mail addresses",
            "social security numbers",
            "medical record numbers",
            "health plan numbers",
            "account numbers",
            "certificate and licence numbers",
            "vehicle identifiers",
            "device identifiers",
            "web addresses",
            "IP addresses",
            "biometric identifiers",
            "photographs",
            "other unique identifiers",
        ];
        TITLES[self as usize]
    }
}

/// A letter outside `A` to `R`.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("identifier categories are the letters A to R")]
pub struct IdentifierError;

impl TryFrom<char> for Identifier {
    type Error = IdentifierError;

    fn try_from(letter: char) -> Result<Self, IdentifierError> {
        Self::ALL
            .into_iter()
            .find(|category| category.letter() == letter)
            .ok_or(IdentifierError)
    }
}

impl FromStr for Identifier {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Self::try_from(letter.to_ascii_uppercase()),
            _ => Err(IdentifierError),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.letter(), self.title())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_run_from_a_to_r_and_parse_back() {
        let letters: String = Identifier::ALL
            .iter()
            .map(|category| category.letter())
            .collect();
        assert_eq!(letters, "ABCDEFGHIJKLMNOPQR");
        for category in Identifier::ALL {
            assert_eq!(Identifier::try_from(category.letter()), Ok(category));
            assert!(
                category
                    .citation()
                    .ends_with(&format!("({})", category.letter()))
            );
        }
        assert_eq!("S".parse::<Identifier>(), Err(IdentifierError));
    }
}
