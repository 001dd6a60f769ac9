use crate::{
    draw::Draw,
    names::{FEMALE, MALE, NICKNAMES, SURNAMES},
};

pub use crate::names::{HELD_OUT_GIVEN, HELD_OUT_SURNAMES};

/// A name in two parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) first: String,
    pub(crate) last: String,
    /// Built from a held-out name.
    pub(crate) rare: bool,
}

impl Name {
    /// Draws a name; one in three is held out.
    pub(crate) fn draw(draw: &mut Draw, female: bool) -> Self {
        let rare = draw.below(3) == 0;
        Self {
            first: given(draw, female, rare),
            last: surname(draw, rare),
            rare,
        }
    }

    /// Draws a relative's name, who shares the surname more often than not.
    pub(crate) fn relative(draw: &mut Draw, female: bool, of: &Self) -> Self {
        if !draw.chance(0.65) {
            return Self::draw(draw, female);
        }
        Self {
            first: given(draw, female, of.rare),
            last: of.last.clone(),
            rare: of.rare,
        }
    }

    /// `First Last`.
    pub(crate) fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// The short form of the given name, or the given name.
    pub(crate) fn nickname(&self) -> &str {
        NICKNAMES
            .iter()
            .find(|(given, _)| *given == self.first)
            .map_or(self.first.as_str(), |(_, short)| short)
    }
}

fn given(draw: &mut Draw, female: bool, rare: bool) -> String {
    let list = match (rare, female) {
        (true, _) => HELD_OUT_GIVEN,
        (false, true) => FEMALE,
        (false, false) => MALE,
    };
    (draw.pick(list)).to_owned()
}

fn surname(draw: &mut Draw, rare: bool) -> String {
    let list = if rare { HELD_OUT_SURNAMES } else { SURNAMES };
    (draw.pick(list)).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn held_out_names_are_a_third_and_nowhere_else() {
        let known: BTreeSet<_> = FEMALE.iter().chain(MALE).chain(SURNAMES).collect();
        let held: BTreeSet<_> = HELD_OUT_GIVEN.iter().chain(HELD_OUT_SURNAMES).collect();
        assert!(known.is_disjoint(&held));
        let share = held.len() as f64 / (held.len() + known.len()) as f64;
        assert!((0.28..0.40).contains(&share), "{share}");
    }

    #[test]
    fn a_nickname_is_short_for_a_known_name_only() {
        let name = |first: &str| Name {
            first: first.into(),
            last: "Doe".into(),
            rare: false,
        };
        assert_eq!(name("Margaret").nickname(), "Peggy");
        assert_eq!(name("Xiu").nickname(), "Xiu");
    }
}
