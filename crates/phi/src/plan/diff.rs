//! What changes from one plan to another, in words.

use std::fmt;

use serde::Serialize;

use super::{Action, AgeStyle, Plan, check::called};
use crate::kind::Kind;

/// Whether a change lets more be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Everything that is shown now was shown before.
    Less,
    /// Something is shown that was not shown before.
    More,
    /// The same is shown, written in another way.
    TheSame,
}

/// One difference between two plans; `Display` gives the sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The kind whose values are handled in another way; nothing for the plan as a whole.
    pub kind: Option<Kind>,
    /// What it does to what is shown.
    pub effect: Effect,
    /// The sentence.
    pub text: String,
}

/// What changes from plan `a` to plan `b`, in the order of the rule.
///
/// ```
/// use cloister_phi::plan::{diff, Plan};
/// let changes = diff(&Plan::safe_harbor(), &Plan::expert());
/// assert!(changes.iter().any(|change| change.to_string()
///     == "dates: the year only, 90+ for the oldest -> shifted by up to 365 days a person: shows more"));
/// assert!(diff(&Plan::expert(), &Plan::expert()).is_empty());
/// ```
pub fn diff(a: &Plan, b: &Plan) -> Vec<Change> {
    let mut changes = Vec::new();
    if a.method() != b.method() {
        changes.push(Change {
            kind: None,
            effect: if (a.method() as u8) < b.method() as u8 {
                Effect::More
            } else {
                Effect::Less
            },
            text: format!(
                "method: {} -> {}",
                a.method().citation(),
                b.method().citation()
            ),
        });
    }
    changes.extend(Kind::ALL.into_iter().filter_map(|kind| change(a, b, kind)));
    if a.ages != b.ages {
        changes.push(Change {
            kind: Some(Kind::Age),
            effect: Effect::TheSame,
            text: format!(
                "numeric ages of the oldest: {} -> {}",
                oldest(a.ages),
                oldest(b.ages)
            ),
        });
    }
    if a.surrogates != b.surrogates {
        changes.push(Change {
            kind: None,
            effect: Effect::TheSame,
            text: format!(
                "surrogates: {} -> {}",
                a.surrogates.meaning(),
                b.surrogates.meaning()
            ),
        });
    }
    changes
}

fn change(a: &Plan, b: &Plan, kind: Kind) -> Option<Change> {
    let (before, after) = (a.done(kind), b.done(kind));
    let is_other =
        a.action(kind) != b.action(kind) || before != after && a.surrogates == b.surrogates;
    is_other.then(|| Change {
        kind: Some(kind),
        effect: effect(a, b, kind),
        text: format!("{}: {before} -> {after}", called(kind)),
    })
}

fn effect(a: &Plan, b: &Plan, kind: Kind) -> Effect {
    let (before, after) = (a.action(kind), b.action(kind));
    let less = match (before, after) {
        // A narrower shift tells the year and the season better.
        (Action::Shift, Action::Shift) => b.shift_days_max > a.shift_days_max,
        (Action::AgeBand, Action::AgeBand) => b.age_band_years.is_multiple_of(a.age_band_years),
        _ => after.shows_no_more_than(before),
    };
    if less { Effect::Less } else { Effect::More }
}

const fn oldest(style: AgeStyle) -> &'static str {
    match style {
        AgeStyle::Label => "90+",
        AgeStyle::TopCode => "90",
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str(match self.effect {
            Effect::Less => ": shows less",
            Effect::More => ": shows more",
            Effect::TheSame => ": shows the same",
        })
    }
}
