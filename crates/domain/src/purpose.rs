use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A word outside the list that is allowed at its place.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected one of: {allowed}")]
pub struct WordError {
    /// The words that would have been taken.
    pub allowed: &'static str,
}

/// What protected health information is used for, 45 CFR 164.506 and 164.512(i).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Provision and coordination of care.
    Treatment,
    /// Billing and coverage.
    Payment,
    /// Health care operations, quality assessment among them.
    Operations,
    /// Systematic investigation for generalisable knowledge.
    Research,
    /// Activities of 164.512(b).
    PublicHealth,
    /// Demonstrations and tests on synthetic data.
    Demonstration,
}

/// Why the use is permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalBasis {
    /// Not PHI any more: 164.514(a)–(b).
    DeIdentified,
    /// Limited data set under a data use agreement: 164.514(e).
    LimitedDataSet,
    /// Authorisation by the individual: 164.508.
    Authorization,
    /// Waiver by an IRB or privacy board: 164.512(i).
    Waiver,
    /// The entity's own treatment, payment or operations: 164.506.
    Operations,
}

impl LegalBasis {
    /// The paragraph behind the basis.
    pub const fn citation(self) -> &'static str {
        match self {
            Self::DeIdentified => "45 CFR 164.514(a)-(b)",
            Self::LimitedDataSet => "45 CFR 164.514(e)",
            Self::Authorization => "45 CFR 164.508",
            Self::Waiver => "45 CFR 164.512(i)",
            Self::Operations => "45 CFR 164.506",
        }
    }
}

macro_rules! words {
    ($kind:ty, $allowed:literal, $($variant:path => $word:literal),+ $(,)?) => {
        impl $kind {
            /// The word used in study files, in the log and in reports.
            pub const fn word(self) -> &'static str {
                match self { $($variant => $word),+ }
            }
        }
        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
        impl std::str::FromStr for $kind {
            type Err = $crate::WordError;
            fn from_str(text: &str) -> Result<Self, $crate::WordError> {
                match text { $($word => Ok($variant),)+ _ => Err($crate::WordError { allowed: $allowed }) }
            }
        }
    };
}
pub(crate) use words;

words!(Purpose, "treatment, payment, operations, research, public-health, demonstration",
    Self::Treatment => "treatment", Self::Payment => "payment", Self::Operations => "operations",
    Self::Research => "research", Self::PublicHealth => "public-health",
    Self::Demonstration => "demonstration");
words!(LegalBasis, "de-identified, limited-data-set, authorization, waiver, operations",
    Self::DeIdentified => "de-identified", Self::LimitedDataSet => "limited-data-set",
    Self::Authorization => "authorization", Self::Waiver => "waiver",
    Self::Operations => "operations");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_parse_back_and_strangers_are_refused() {
        assert_eq!("limited-data-set".parse(), Ok(LegalBasis::LimitedDataSet));
        assert_eq!("public-health".parse(), Ok(Purpose::PublicHealth));
        assert!("curiosity".parse::<Purpose>().is_err());
    }
}
