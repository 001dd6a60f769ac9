//! What kind of identifier a stretch of text is.

use std::fmt;

use domain::Identifier;
use serde::{Deserialize, Serialize};

/// The kind of an identifier found in text: finer than the eighteen categories of
/// 45 CFR 164.514(b)(2)(i), because a date and an age over 89 are rewritten differently.
///
/// ```
/// use cloister_phi::label::Label;
/// assert_eq!(Label::Age.word(), "AGE");
/// assert_eq!(Label::Age.identifier().letter(), 'C');
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Label {
    /// A person's name: patient, relative, household member or clinician. Category A.
    Name,
    /// A place smaller than a state, facilities and rooms included. Category B.
    Geo,
    /// A date more precise than its year. Category C.
    Date,
    /// An age over 89, or words that give one away. Category C.
    Age,
    /// A telephone or pager number. Category D.
    Phone,
    /// A fax number. Category E.
    Fax,
    /// An e-mail address. Category F.
    Email,
    /// A social security number. Category G.
    Ssn,
    /// A medical record number. Category H.
    Mrn,
    /// A health plan beneficiary number. Category I.
    HealthPlan,
    /// An account, card or bank number. Category J.
    Account,
    /// A certificate or licence number (DEA and NPI included). Category K.
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
    /// A photograph of a face. Category Q.
    Photo,
    /// An employer or another organisation that points at the person. Category R.
    Employer,
    /// Any other unique number, characteristic or code. Category R.
    OtherId,
}

impl Label {
    /// Every label, in the order of the rule.
    pub const ALL: [Self; 20] = [
        Self::Name,
        Self::Geo,
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
        Self::Employer,
        Self::OtherId,
    ];

    /// The category of 45 CFR 164.514(b)(2)(i) that this label belongs to.
    ///
    /// Employers stand in the head of the paragraph, not in its list; a name of one is filed under
    /// (R), any other unique identifying characteristic.
    pub const fn identifier(self) -> Identifier {
        match self {
            Self::Name => Identifier::Name,
            Self::Geo => Identifier::Geography,
            Self::Date | Self::Age => Identifier::Date,
            Self::Phone => Identifier::Phone,
            Self::Fax => Identifier::Fax,
            Self::Email => Identifier::Email,
            Self::Ssn => Identifier::SocialSecurity,
            Self::Mrn => Identifier::MedicalRecord,
            Self::HealthPlan => Identifier::HealthPlan,
            Self::Account => Identifier::Account,
            Self::License => Identifier::License,
            Self::Vehicle => Identifier::Vehicle,
            Self::Device => Identifier::Device,
            Self::Url => Identifier::Url,
            Self::Ip => Identifier::IpAddress,
            Self::Biometric => Identifier::Biometric,
            Self::Photo => Identifier::Photo,
            Self::Employer | Self::OtherId => Identifier::Other,
        }
    }

    /// The word of the command line contract, as in `[NAME-1]`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "NAME",
            Self::Geo => "GEO",
            Self::Date => "DATE",
            Self::Age => "AGE",
            Self::Phone => "PHONE",
            Self::Fax => "FAX",
            Self::Email => "EMAIL",
            Self::Ssn => "SSN",
            Self::Mrn => "MRN",
            Self::HealthPlan => "HEALTH_PLAN",
            Self::Account => "ACCOUNT",
            Self::License => "LICENSE",
            Self::Vehicle => "VEHICLE",
            Self::Device => "DEVICE",
            Self::Url => "URL",
            Self::Ip => "IP",
            Self::Biometric => "BIOMETRIC",
            Self::Photo => "PHOTO",
            Self::Employer => "EMPLOYER",
            Self::OtherId => "OTHER_ID",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_the_serialised_form() {
        for label in Label::ALL {
            let json = serde_json::to_string(&label).unwrap();
            assert_eq!(json, format!("\"{}\"", label.word()));
            assert_eq!(serde_json::from_str::<Label>(&json).unwrap(), label);
        }
    }

    #[test]
    fn every_category_of_the_rule_has_a_label() {
        for category in Identifier::ALL {
            assert!(
                Label::ALL
                    .iter()
                    .any(|label| label.identifier() == category)
            );
        }
    }
}
