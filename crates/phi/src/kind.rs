//! What a column or element holds, as far as its handling differs.

use std::{fmt, str::FromStr};

use domain::{Identifier, Sensitivity};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::label::Label;

/// What a column or document element holds.
///
/// Finer than the eighteen categories, because a state is kept where a street is not, and a birth
/// date is checked for an age over 89 where an invoice number is not.
///
/// ```
/// use cloister_phi::kind::Kind;
/// assert_eq!(Kind::Zip.category().map(|category| category.letter()), Some('B'));
/// assert_eq!("birth-date".parse(), Ok(Kind::BirthDate));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The person's own name or a part of it. Category A.
    PersonName,
    /// The name of somebody else: relative, clinician, guarantor. Category A.
    OtherName,
    /// A state or a country: may be shown.
    State,
    /// A ZIP code. Category B.
    Zip,
    /// A town or city. Category B, but a limited data set may show it.
    City,
    /// Any other place smaller than a state: street, county, coordinates, facility. Category B.
    Place,
    /// The date, or the year, of birth. Category C.
    BirthDate,
    /// Any other date of the person. Category C.
    Date,
    /// An age in years. Category C if over 89.
    Age,
    /// A telephone number. Category D.
    Phone,
    /// A fax number. Category E.
    Fax,
    /// An e-mail address. Category F.
    Email,
    /// A social security number. Category G.
    Ssn,
    /// A medical record number. Category H.
    Mrn,
    /// A health plan number. Category I.
    HealthPlan,
    /// An account number. Category J.
    Account,
    /// A certificate or licence number, NPI and DEA included. Category K.
    License,
    /// A vehicle identifier or plate. Category L.
    Vehicle,
    /// A device identifier or serial number. Category M.
    Device,
    /// A web address. Category N.
    Url,
    /// An internet protocol address. Category O.
    Ip,
    /// A biometric identifier. Category P.
    Biometric,
    /// A photograph. Category Q.
    Photo,
    /// The key of the person in this data. Category R.
    PersonId,
    /// The key of a visit, order, claim or other record. Category R.
    RecordId,
    /// An employer or another organisation. Category R.
    Employer,
    /// Running text that may hold anything.
    Text,
    /// Text that classification could not decide: handled as running text.
    Undecided,
    /// Singles people out in combination: sex, race, occupation.
    Quasi,
    /// Health content, measurements and codes.
    Clinical,
}

/// A word that names no kind.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected a kind of column such as `zip`, `birth-date` or `text`")]
pub struct KindError;

impl Kind {
    /// Every kind, in the order of the rule.
    pub const ALL: [Self; 30] = [
        Self::PersonName,
        Self::OtherName,
        Self::State,
        Self::Zip,
        Self::City,
        Self::Place,
        Self::BirthDate,
        Self::Date,
        Self::Age,
        Self::Phone,
        Self::Fax,
        Self::Email,
        Self::Ssn,
        Self::Mrn,
        Self::HealthPlan,
        Self::Account,
        Self::License,
        Self::Vehicle,
        Self::Device,
        Self::Url,
        Self::Ip,
        Self::Biometric,
        Self::Photo,
        Self::PersonId,
        Self::RecordId,
        Self::Employer,
        Self::Text,
        Self::Undecided,
        Self::Quasi,
        Self::Clinical,
    ];

    /// The label its values have in text; nothing for what identifies nobody by itself.
    pub const fn label(self) -> Option<Label> {
        Some(match self {
            Self::PersonName | Self::OtherName => Label::Name,
            Self::Zip | Self::City | Self::Place => Label::Geo,
            Self::BirthDate | Self::Date => Label::Date,
            Self::Age => Label::Age,
            Self::Phone => Label::Phone,
            Self::Fax => Label::Fax,
            Self::Email => Label::Email,
            Self::Ssn => Label::Ssn,
            Self::Mrn => Label::Mrn,
            Self::HealthPlan => Label::HealthPlan,
            Self::Account => Label::Account,
            Self::License => Label::License,
            Self::Vehicle => Label::Vehicle,
            Self::Device => Label::Device,
            Self::Url => Label::Url,
            Self::Ip => Label::Ip,
            Self::Biometric => Label::Biometric,
            Self::Photo => Label::Photo,
            Self::PersonId | Self::RecordId => Label::OtherId,
            Self::Employer => Label::Employer,
            Self::State | Self::Text | Self::Undecided | Self::Quasi | Self::Clinical => {
                return None;
            }
        })
    }

    /// The category of 45 CFR 164.514(b)(2)(i); nothing for what identifies nobody by itself.
    pub fn category(self) -> Option<Identifier> {
        self.label().map(Label::identifier)
    }

    /// How much it says about who a person is.
    pub const fn sensitivity(self) -> Sensitivity {
        match self {
            Self::State | Self::Quasi | Self::Age => Sensitivity::Quasi,
            Self::Text | Self::Undecided => Sensitivity::FreeText,
            Self::Clinical => Sensitivity::Clinical,
            _ => Sensitivity::Direct,
        }
    }

    /// The word for plans and study files, such as `birth-date`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PersonName => "person-name",
            Self::OtherName => "other-name",
            Self::State => "state",
            Self::Zip => "zip",
            Self::City => "city",
            Self::Place => "place",
            Self::BirthDate => "birth-date",
            Self::Date => "date",
            Self::Age => "age",
            Self::Phone => "phone",
            Self::Fax => "fax",
            Self::Email => "email",
            Self::Ssn => "ssn",
            Self::Mrn => "mrn",
            Self::HealthPlan => "health-plan",
            Self::Account => "account",
            Self::License => "license",
            Self::Vehicle => "vehicle",
            Self::Device => "device",
            Self::Url => "url",
            Self::Ip => "ip",
            Self::Biometric => "biometric",
            Self::Photo => "photo",
            Self::PersonId => "person-id",
            Self::RecordId => "record-id",
            Self::Employer => "employer",
            Self::Text => "text",
            Self::Undecided => "undecided",
            Self::Quasi => "quasi",
            Self::Clinical => "clinical",
        }
    }
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(word: &str) -> Result<Self, KindError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or(KindError)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_serialised_form_and_parse_back() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        assert_eq!("keep".parse::<Kind>(), Err(KindError));
    }

    #[test]
    fn the_list_has_every_kind_at_its_own_place() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }

    #[test]
    fn direct_is_exactly_what_has_a_category() {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Age) {
            assert_eq!(
                kind.category().is_some(),
                kind.sensitivity() == Sensitivity::Direct
            );
        }
    }
}
