//! How a plan handles what the text engine finds.

use crate::{
    dates,
    kind::Kind,
    label::Label,
    plan::{Action, Plan},
};

/// The actions of a plan for the findings in running text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handling {
    actions: [Action; Label::ALL.len()],
    pub(crate) zip: Action,
    pub(crate) city: Action,
    pub(crate) moving: Moving,
    /// Whether any date moves.
    pub(crate) shifts_dates: bool,
}

/// How far dates may move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moving {
    pub(crate) days_max: u16,
}

impl Handling {
    pub(crate) fn of_plan(plan: &Plan) -> Self {
        Self {
            actions: Label::ALL.map(|label| plan.action(kind_of(label))),
            shifts_dates: [Kind::BirthDate, Kind::Date]
                .into_iter()
                .any(|kind| plan.action(kind) == Action::Shift),
            zip: plan.action(Kind::Zip),
            city: plan.action(Kind::City),
            moving: Moving {
                days_max: plan.shift_days_max,
            },
        }
    }

    /// What is done with findings of a label. Places are decided by what they are, so a plan that
    /// removes streets does not remove its towns with them.
    pub(crate) fn of(&self, label: Label) -> Action {
        if label == Label::Geo {
            return Action::Zip3;
        }
        let place = Label::ALL.iter().position(|known| *known == label);
        place
            .and_then(|place| self.actions.get(place).copied())
            .unwrap_or(Action::Suppress)
    }
}

/// The kind whose action a finding in text follows. Names in text follow the names of others: the
/// engine cannot always tell whose they are.
const fn kind_of(label: Label) -> Kind {
    match label {
        Label::Name => Kind::OtherName,
        Label::Geo => Kind::Place,
        Label::Date => Kind::Date,
        Label::Age => Kind::Age,
        Label::Phone => Kind::Phone,
        Label::Fax => Kind::Fax,
        Label::Email => Kind::Email,
        Label::Ssn => Kind::Ssn,
        Label::Mrn => Kind::Mrn,
        Label::HealthPlan => Kind::HealthPlan,
        Label::Account => Kind::Account,
        Label::License => Kind::License,
        Label::Vehicle => Kind::Vehicle,
        Label::Device => Kind::Device,
        Label::Url => Kind::Url,
        Label::Ip => Kind::Ip,
        Label::Biometric => Kind::Biometric,
        Label::Photo => Kind::Photo,
        Label::Employer => Kind::Employer,
        Label::OtherId => Kind::RecordId,
    }
}

/// Whether a finding under a random code is written with the code; other tags say the label only.
pub(crate) const fn is_coded(label: Label) -> bool {
    matches!(
        label,
        Label::Name
            | Label::Ssn
            | Label::Mrn
            | Label::HealthPlan
            | Label::Account
            | Label::License
            | Label::Vehicle
            | Label::Device
            | Label::OtherId
    )
}

/// Whether a finding holds a date and no other word, so that it may stay where dates stay.
pub(crate) fn is_only_date(found: &str) -> bool {
    let sound = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit())
            || dates::shift(word, 0).is_some()
            || dates::shift(&format!("{word} 1, 2001"), 0).is_some()
            || DATE_WORDS.contains(&word.to_ascii_lowercase().as_str())
    };
    dates::parse(found).is_some()
        || found.len() <= 60
            && !has_long_number(found)
            && words(found).all(|word| {
                let letters = word.trim_start_matches(|mark: char| mark.is_ascii_digit());
                sound(word) || DATE_WORDS.contains(&letters.to_ascii_lowercase().as_str())
            })
}

/// Whether a finding holds an age and no name: its words are in lower case.
pub(crate) fn is_only_age(found: &str) -> bool {
    !has_long_number(found)
        && words(found).all(|word| !word.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// The part before a ZIP code at the end, and the ZIP code.
pub(crate) fn without_zip(found: &str) -> (&str, &str) {
    let (before, last) = found.rsplit_once(' ').unwrap_or((found, ""));
    let five = last.get(..5).unwrap_or("");
    let four = last.get(5..).unwrap_or("");
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // ZIP+4 is finer than the five digits that may stay.
    if is_number(five) && four.is_empty() {
        (before.trim_end_matches([',', ' ']), last)
    } else {
        (found, "")
    }
}

/// A run of digits longer than any date in digits alone but HL7's.
fn has_long_number(found: &str) -> bool {
    words(found).any(|word| {
        word.len() > 8
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && dates::parse(word).is_none()
    })
}

fn words(found: &str) -> impl Iterator<Item = &str> {
    found
        .split(|mark: char| !mark.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

const DATE_WORDS: &[&str] = &[
    "of", "the", "and", "to", "at", "on", "through", "until", "am", "pm", "t", "z", "st", "nd",
    "rd", "th", "s", "early", "mid", "late", "hrs", "h",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_with_a_name_in_it_is_no_mere_date() {
        for date in [
            "3/14/2021",
            "March 14th, 2021",
            "2021-03-14T10:22:00Z",
            "the 3rd of March",
            "Friday",
            "Mar 3 - Mar 5",
        ] {
            assert!(is_only_date(date), "{date}");
        }
        for other in [
            "3/14/2021 Quillfeather",
            "May Oystercatcher",
            "555012345678901",
        ] {
            assert!(!is_only_date(other), "{other}");
        }
    }

    #[test]
    fn five_digits_at_the_end_are_a_zip_code() {
        assert_eq!(without_zip("Boston, MA 02139"), ("Boston, MA", "02139"));
        assert_eq!(without_zip("Boston, MA 02139-1234").1, "");
        assert_eq!(without_zip("Boston, MA").1, "");
    }
}
