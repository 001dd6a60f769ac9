//! Where invented values are drawn from.

use std::collections::BTreeMap;

use crate::hashed::{HashedMap, HashedSet, stable};

/// Names by culture, part and gender, and syllables of towns that do not exist.
pub(super) struct Pools {
    names: BTreeMap<(Culture, Shelf), Vec<&'static str>>,
    homes: HashedMap<Home>,
    towns: HashedSet,
}

/// The number of a culture in the file of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Culture(u8);

/// The sort of names in one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shelf {
    /// Given names of women.
    Women,
    /// Given names of men.
    Men,
    /// Given names of both.
    Either,
    /// Surnames.
    Families,
}

/// Where a name is at home.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Home {
    pub(super) given: Option<(Culture, Shelf)>,
    pub(super) family: Option<Culture>,
}

impl Pools {
    pub(super) fn new() -> Self {
        let mut pools = Self {
            names: BTreeMap::new(),
            homes: HashedMap::default(),
            towns: HashedSet::default(),
        };
        let mut cultures: Vec<&str> = vec![ENGLISH_WORD];
        for line in include_str!("../../data/surrogate-names.tsv").lines() {
            let mut fields = line.split('\t');
            let (Some(culture), Some(shelf), Some(names)) = (
                fields.next(),
                fields.next().and_then(Shelf::of),
                fields.next(),
            ) else {
                continue;
            };
            let place = cultures.iter().position(|known| *known == culture);
            let place = place.unwrap_or_else(|| {
                cultures.push(culture);
                cultures.len() - 1
            });
            let culture = Culture(u8::try_from(place).unwrap_or(0));
            for name in names.split(' ') {
                pools.add(name, culture, shelf);
            }
        }
        let frequent = include_str!("../../data/surnames.txt").lines();
        for name in frequent.take(FREQUENT_SURNAMES) {
            pools.add(name, ENGLISH, Shelf::Families);
        }
        for first in TOWN_HEADS {
            for last in TOWN_TAILS {
                pools.towns.insert(stable(&format!("{first}{last}")));
            }
        }
        pools
    }

    fn add(&mut self, name: &'static str, culture: Culture, shelf: Shelf) {
        let home = self.homes.entry(stable(name)).or_default();
        let is_new = match shelf {
            Shelf::Families => home
                .family
                .replace(home.family.unwrap_or(culture))
                .is_none(),
            _ => home
                .given
                .replace(home.given.unwrap_or((culture, shelf)))
                .is_none(),
        };
        if is_new {
            self.names.entry((culture, shelf)).or_default().push(name);
        }
    }

    /// Whether a word could be drawn.
    pub(super) fn has(&self, word: &str) -> bool {
        let hash = stable(word);
        self.homes.contains_key(&hash) || self.towns.contains(&hash)
    }

    /// Where a name is at home, as far as the lists know.
    pub(super) fn home(&self, word: &str) -> Home {
        self.homes.get(&stable(word)).copied().unwrap_or_default()
    }

    /// The names of a culture and sort; the English ones where there are too few.
    pub(super) fn names(&self, culture: Culture, shelf: Shelf) -> &[&'static str] {
        let of = |culture| {
            self.names
                .get(&(culture, shelf))
                .map_or(&[][..], Vec::as_slice)
        };
        match of(culture) {
            few if few.len() < FEW => of(ENGLISH),
            names => names,
        }
    }
}

impl Shelf {
    fn of(letter: &str) -> Option<Self> {
        Some(match letter {
            "f" => Self::Women,
            "m" => Self::Men,
            "g" => Self::Either,
            "s" => Self::Families,
            _ => return None,
        })
    }
}

pub(super) const ENGLISH: Culture = Culture(0);
const ENGLISH_WORD: &str = "en";
const FREQUENT_SURNAMES: usize = 12_000;
/// A pool of fewer names is no disguise.
const FEW: usize = 20;

/// Beginnings and ends of towns: together no town of the lists, which is checked when they are
/// drawn.
pub(super) const TOWN_HEADS: &[&str] = &[
    "alder", "amber", "apple", "ash", "aspen", "barley", "bay", "beech", "birch", "black", "blue",
    "bramble", "briar", "bright", "broad", "brook", "cedar", "chest", "clear", "clover", "copper",
    "coral", "crane", "deep", "dove", "elder", "elm", "ember", "fair", "fallow", "fern", "finch",
    "flint", "fox", "glen", "gold", "granite", "green", "hare", "hawk", "hazel", "heath", "heron",
    "holly", "honey", "iron", "ivy", "juniper", "kestrel", "lark", "laurel", "linden", "long",
    "maple", "marsh", "meadow", "mill", "moss", "oak", "otter", "pebble", "pine", "quail",
    "quarry", "raven", "red", "reed", "river", "rowan", "rush", "sage", "sand", "silver", "sorrel",
    "stone", "summer", "swan", "thistle", "thorn", "timber", "tulip", "umber", "vale", "violet",
    "walnut", "water", "wheat", "white", "willow", "winter", "wren", "yarrow",
];
pub(super) const TOWN_TAILS: &[&str] = &[
    "beck", "borne", "bourne", "bridge", "brook", "burn", "bury", "by", "combe", "cote", "crest",
    "croft", "dale", "den", "fell", "field", "ford", "garth", "gate", "grove", "ham", "haven",
    "hollow", "holm", "hurst", "lea", "leigh", "mead", "mere", "moor", "mount", "ridge", "shaw",
    "shore", "side", "stead", "stoke", "thorpe", "vale", "view", "well", "wick", "wold", "wood",
    "worth",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_at_home_where_the_lists_have_them() {
        let pools = Pools::new();
        let (culture, shelf) = pools.home("juan").given.unwrap();
        assert_eq!(shelf, Shelf::Men);
        assert_ne!(culture, ENGLISH);
        assert_eq!(pools.home("smith").family, Some(ENGLISH));
        assert!(pools.home("qxzvbn").given.is_none());
        assert!(pools.has("ashbrook") && !pools.has("qxzvbn"));
        assert!(pools.names(ENGLISH, Shelf::Women).len() > 1_000);
        assert!(pools.names(culture, Shelf::Families).len() > 100);
    }
}
