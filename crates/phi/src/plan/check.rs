//! What is to be known about a plan before it is used, in sentences.

use std::fmt;

use super::{Action, Method, Plan};
use crate::{kind::Kind, label::Label, surrogate::Surrogates};

/// Something a privacy officer should know about a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The kind it is about; nothing for the plan as a whole.
    pub kind: Option<Kind>,
    /// The paragraph it rests on.
    pub citation: &'static str,
    text: String,
}

impl Plan {
    /// The method that the plan follows, and every action that keeps it from a stricter one.
    ///
    /// ```
    /// use cloister_phi::plan::Plan;
    /// let remarks: Vec<String> = Plan::safe_harbor().check().iter().map(ToString::to_string).collect();
    /// assert_eq!(remarks.len(), 1);
    /// assert!(remarks[0].starts_with("the plan follows the Safe Harbor method"));
    /// ```
    pub fn check(&self) -> Vec<Remark> {
        let method = self.method();
        let mut remarks = vec![Remark {
            kind: None,
            citation: method.citation(),
            text: self.verdict(),
        }];
        if method != Method::SafeHarbor {
            remarks.extend(Kind::ALL.into_iter().filter_map(|kind| self.remark(kind)));
        }
        for kind in Kind::ALL {
            if !self.actions.contains_key(&kind) {
                remarks.push(Remark {
                    kind: Some(kind),
                    citation: method.citation(),
                    text: format!("{}: not named in the plan, so removed", called(kind)),
                });
            }
        }
        remarks
    }

    /// Why the plan is not Safe Harbor, for the manifest; nothing if it is.
    pub(crate) fn reasons(&self) -> Vec<String> {
        Kind::ALL
            .into_iter()
            .filter_map(|kind| self.remark(kind))
            .map(|remark| remark.to_string())
            .collect()
    }

    fn verdict(&self) -> String {
        let method = self.method();
        let mut text = match method {
            Method::SafeHarbor => "the plan follows the Safe Harbor method: each of the eighteen \
                                   identifiers is removed or generalised"
                .to_owned(),
            Method::LimitedDataSet => "the plan makes a limited data set: it remains protected \
                                       health information and needs a data use agreement (45 CFR \
                                       164.514(e)(4))"
                .to_owned(),
            Method::Expert => {
                "the plan is neither Safe Harbor nor a limited data set: a qualified \
                               person has to determine that the risk is very small; this program \
                               gives no such determination"
                    .to_owned()
            }
        };
        let claims = ["safe-harbor", "limited-data-set"].contains(&self.name.as_str());
        if claims && self.name != method.word() && method == Method::Expert {
            text.push_str("; its name says otherwise and must be changed");
        }
        text
    }

    /// Why a kind is not handled as Safe Harbor asks.
    fn remark(&self, kind: Kind) -> Option<Remark> {
        let action = self.action(kind);
        if Method::SafeHarbor.allows(kind, action) {
            return None;
        }
        let why = match action {
            Action::Pseudonym => {
                "a code derived from the person, which 164.514(c)(1) does not allow"
            }
            Action::Shift => "a moved date still has a month and a day, and distances are true",
            Action::Month | Action::Quarter => "an element of a date finer than the year",
            Action::Zip5 => "a place finer than three digits of the ZIP code",
            _ => "the identifier stays",
        };
        let citation = if action == Action::Pseudonym {
            "45 CFR 164.514(c)(1)"
        } else {
            kind.category()
                .map_or("45 CFR 164.514(b)(2)(i)", domain::Identifier::citation)
        };
        Some(Remark {
            kind: Some(kind),
            citation,
            text: format!("{}: {} ({why})", called(kind), self.done(kind)),
        })
    }

    /// What is done with a kind, in words: `the year only`.
    pub fn done(&self, kind: Kind) -> String {
        match self.action(kind) {
            Action::Keep => "kept as they are".to_owned(),
            Action::Text => "searched, identifiers in them replaced".to_owned(),
            Action::Zip5 => "the first five digits".to_owned(),
            Action::Zip3 => "the first three digits, or 000".to_owned(),
            Action::Shift => format!("shifted by up to {} days a person", self.shift_days_max),
            Action::Month => "the month only".to_owned(),
            Action::Quarter => "the quarter only".to_owned(),
            Action::Year => "the year only, 90+ for the oldest".to_owned(),
            Action::Age => "90+ for the oldest".to_owned(),
            Action::AgeBand => {
                format!("bands of {} years, 90+ for the oldest", self.age_band_years)
            }
            Action::Pseudonym => "codes computed with a secret key".to_owned(),
            Action::Code if self.surrogates == Surrogates::Realistic && is_invented(kind) => {
                "random codes, written as invented values".to_owned()
            }
            Action::Code => "random codes".to_owned(),
            Action::Suppress => "removed".to_owned(),
        }
    }
}

/// Whether a code of this kind can be written as an invented value.
const fn is_invented(kind: Kind) -> bool {
    !matches!(kind, Kind::PersonId)
        && !matches!(
            kind.label(),
            None | Some(Label::Date | Label::Age | Label::Photo | Label::Biometric)
        )
}

/// The values of a kind, in words.
pub(super) const fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::PersonName => "names of the person",
        Kind::OtherName => "names of others",
        Kind::State => "states and countries",
        Kind::Zip => "ZIP codes",
        Kind::City => "towns",
        Kind::Place => "streets and other places",
        Kind::BirthDate => "birth dates",
        Kind::Date => "dates",
        Kind::Age => "ages",
        Kind::Phone => "phone numbers",
        Kind::Fax => "fax numbers",
        Kind::Email => "e-mail addresses",
        Kind::Ssn => "social security numbers",
        Kind::Mrn => "medical record numbers",
        Kind::HealthPlan => "health plan numbers",
        Kind::Account => "account numbers",
        Kind::License => "licence numbers",
        Kind::Vehicle => "vehicle numbers",
        Kind::Device => "device numbers",
        Kind::Url => "web addresses",
        Kind::Ip => "IP addresses",
        Kind::Biometric => "biometrics",
        Kind::Photo => "photographs",
        Kind::PersonId => "keys of persons",
        Kind::RecordId => "keys of records",
        Kind::Employer => "employers",
        Kind::Text => "running text",
        Kind::Undecided => "undecided text",
        Kind::Quasi => "quasi-identifiers",
        Kind::Clinical => "clinical values",
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.text, self.citation)
    }
}
