//! What may be done with a value, and which of two deeds shows more.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// What happens to every value of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// The value stays, bit for bit.
    Keep,
    /// The text engine rewrites what identifies somebody; the rest stays. What it finds is
    /// handled as the plan says for the kind it is.
    Text,
    /// A ZIP code becomes its first five digits. Not Safe Harbor.
    Zip5,
    /// A ZIP code becomes its first three digits, or `000`: see [`crate::zip3`].
    Zip3,
    /// A date moves by a number of days that is drawn once for each person: see
    /// [`crate::dates::shift`]. Not Safe Harbor.
    Shift,
    /// A date becomes its month. Not Safe Harbor.
    Month,
    /// A date becomes its quarter. Not Safe Harbor.
    Quarter,
    /// A date becomes its year, or `90+` where the year reveals an age over 89.
    Year,
    /// An age over 89 becomes `90+`.
    Age,
    /// An age becomes a band of years, `45-49`; over 89 it becomes `90+`.
    AgeBand,
    /// A code computed from the value with a secret key: see [`crate::crosswalk::Pseudonyms`].
    /// Not Safe Harbor: 45 CFR 164.514(c)(1) asks for codes not derived from the person.
    Pseudonym,
    /// A random code, the same for the same value everywhere: see [`crate::crosswalk`].
    Code,
    /// The value is removed; a whole column is dropped.
    Suppress,
}

impl Action {
    /// Every action, from the laxest to the strictest of each sort.
    pub const ALL: [Self; 13] = [
        Self::Keep,
        Self::Text,
        Self::Zip5,
        Self::Zip3,
        Self::Shift,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::Age,
        Self::AgeBand,
        Self::Pseudonym,
        Self::Code,
        Self::Suppress,
    ];

    /// The word for plans and manifests.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Text => "text",
            Self::Zip5 => "zip5",
            Self::Zip3 => "zip3",
            Self::Shift => "shift",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Age => "age",
            Self::AgeBand => "age-band",
            Self::Pseudonym => "pseudonym",
            Self::Code => "code",
            Self::Suppress => "suppress",
        }
    }

    /// Whether the action can be done to values of the kind at all.
    pub const fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Keep | Self::Text | Self::Code | Self::Pseudonym | Self::Suppress => true,
            Self::Zip5 | Self::Zip3 => matches!(kind, Kind::Zip),
            Self::Shift | Self::Month | Self::Quarter | Self::Year => {
                matches!(kind, Kind::BirthDate | Kind::Date)
            }
            Self::Age | Self::AgeBand => matches!(kind, Kind::Age),
        }
    }

    /// Whether this shows nothing that `given` does not show: the same, the removal, anything
    /// where the value stood as it was, or a coarser step of the same ladder.
    pub fn shows_no_more_than(self, given: Self) -> bool {
        let coarser = |ladder: &[Self]| {
            let step = |action| ladder.iter().position(|step| *step == action);
            matches!((step(given), step(self)), (Some(given), Some(wanted)) if wanted >= given)
        };
        self == given
            || self == Self::Suppress
            || given == Self::Keep
            || LADDERS.iter().any(|ladder| coarser(ladder))
    }
}

/// Each step shows less than the one before it. A shifted date shows the true distances and no
/// true month, so it stands on no ladder with months and years.
const LADDERS: &[&[Action]] = &[
    &[Action::Zip5, Action::Zip3],
    &[Action::Month, Action::Quarter, Action::Year],
    &[Action::Age, Action::AgeBand],
    &[Action::Pseudonym, Action::Code],
];
