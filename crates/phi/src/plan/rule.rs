//! The plans of 45 CFR 164.514 and what each paragraph allows.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::kind::Kind;

/// The paragraph whose method a plan follows, told by its actions and not by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// 45 CFR 164.514(b)(2): the eighteen identifiers are removed.
    SafeHarbor,
    /// 45 CFR 164.514(e)(2): the sixteen direct identifiers are removed. What comes out is still
    /// protected health information and needs a data use agreement.
    LimitedDataSet,
    /// Neither. De-identified only if a qualified person determines so: 45 CFR 164.514(b)(1).
    #[default]
    Expert,
}

impl Method {
    /// The paragraph.
    pub const fn citation(self) -> &'static str {
        match self {
            Self::SafeHarbor => "45 CFR 164.514(b)(2)",
            Self::LimitedDataSet => "45 CFR 164.514(e)(2)",
            Self::Expert => "45 CFR 164.514(b)(1)",
        }
    }

    /// The name of the built-in plan.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SafeHarbor => "safe-harbor",
            Self::LimitedDataSet => "limited-data-set",
            Self::Expert => "expert",
        }
    }

    /// The action of the built-in plan.
    pub(super) const fn action(self, kind: Kind) -> Action {
        match (self, kind) {
            (Self::LimitedDataSet, Kind::City | Kind::BirthDate | Kind::Date | Kind::Age) => {
                Action::Keep
            }
            (Self::LimitedDataSet, Kind::Zip) => Action::Zip5,
            (Self::Expert, Kind::BirthDate | Kind::Date) => Action::Shift,
            _ => safe_harbor(kind),
        }
    }

    /// Whether the paragraph allows the action for the kind. An expert may allow anything.
    pub(super) const fn allows(self, kind: Kind, action: Action) -> bool {
        match self {
            Self::SafeHarbor => safe_harbor_allows(kind, action),
            Self::LimitedDataSet => limited_data_set_allows(kind, action),
            Self::Expert => true,
        }
    }
}

const fn safe_harbor(kind: Kind) -> Action {
    match kind {
        Kind::State | Kind::Quasi | Kind::Clinical => Action::Keep,
        Kind::Text | Kind::Undecided => Action::Text,
        Kind::Zip => Action::Zip3,
        Kind::BirthDate | Kind::Date => Action::Year,
        Kind::Age => Action::Age,
        Kind::PersonName
        | Kind::OtherName
        | Kind::Ssn
        | Kind::Mrn
        | Kind::HealthPlan
        | Kind::Account
        | Kind::License
        | Kind::Vehicle
        | Kind::Device
        | Kind::PersonId
        | Kind::RecordId
        | Kind::Employer => Action::Code,
        Kind::City
        | Kind::Place
        | Kind::Phone
        | Kind::Fax
        | Kind::Email
        | Kind::Url
        | Kind::Ip
        | Kind::Biometric
        | Kind::Photo => Action::Suppress,
    }
}

/// Random codes are allowed in place of anything, 164.514(c); codes derived from the person are
/// not, nor are elements of dates other than the year.
const fn safe_harbor_allows(kind: Kind, action: Action) -> bool {
    match action {
        Action::Suppress | Action::Code => true,
        Action::Keep => matches!(kind, Kind::State | Kind::Quasi | Kind::Clinical),
        Action::Text => is_text(kind),
        Action::Zip3 => matches!(kind, Kind::Zip),
        Action::Year => matches!(kind, Kind::BirthDate | Kind::Date),
        Action::Age | Action::AgeBand => matches!(kind, Kind::Age),
        Action::Zip5 | Action::Shift | Action::Month | Action::Quarter | Action::Pseudonym => false,
    }
}

/// The sixteen of 164.514(e)(2) go; towns, states, ZIP codes, dates, ages and other codes may
/// stay. Employers are in the head of the list, so their names go too. Who moves dates wants the
/// result to be de-identified, which is for an expert to determine.
const fn limited_data_set_allows(kind: Kind, action: Action) -> bool {
    if matches!(action, Action::Pseudonym | Action::Shift) {
        return false;
    }
    match kind {
        Kind::State
        | Kind::City
        | Kind::Zip
        | Kind::BirthDate
        | Kind::Date
        | Kind::Age
        | Kind::PersonId
        | Kind::RecordId
        | Kind::Quasi
        | Kind::Clinical => true,
        Kind::Text | Kind::Undecided => {
            matches!(action, Action::Text | Action::Suppress | Action::Code)
        }
        _ => matches!(action, Action::Suppress | Action::Code),
    }
}

const fn is_text(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text | Kind::Undecided | Kind::State | Kind::Quasi | Kind::Clinical
    )
}
