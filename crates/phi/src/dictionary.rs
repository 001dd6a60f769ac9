//! Words and what each may be: one hash table for names, places, everyday words and cues.

pub(crate) mod class;
mod roles;

use std::{collections::BTreeMap, sync::OnceLock};

use class::Class;

/// What every known word may be. Built once from the lists in `data/`, then only read.
///
/// Open addressing over 32-bit fingerprints; a fingerprint leads to one of the few thousand
/// distinct sets of classes, so that a slot stays small and the table near the processor.
pub(crate) struct Dictionary {
    slots: Vec<Slot>,
    sets: Vec<Class>,
    /// Reckoned when it is first asked for: that takes milliseconds.
    print: OnceLock<u64>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    print: u32,
    set: u16,
}

impl Dictionary {
    /// The built-in lists.
    pub(crate) fn built_in() -> Self {
        let mut draft = Draft::new();
        lists(&mut draft);
        roles::add(&mut draft);
        draft.finish()
    }

    /// What the word or phrase with this [`hash`] may be.
    #[inline]
    pub(crate) fn class(&self, hash: u64) -> Class {
        let print = fingerprint(hash);
        let mut place = home(hash);
        loop {
            match self.slots.get(place) {
                Some(slot) if slot.print == print => {
                    return self
                        .sets
                        .get(usize::from(slot.set))
                        .copied()
                        .unwrap_or(Class::NONE);
                }
                Some(slot) if slot.print != 0 => place = (place + 1) & (CAPACITY - 1),
                _ => return Class::NONE,
            }
        }
    }

    /// A number that differs whenever a word or a class does.
    pub(crate) fn fingerprint(&self) -> u64 {
        *self.print.get_or_init(|| self.reckon())
    }

    fn reckon(&self) -> u64 {
        self.slots
            .iter()
            .filter(|slot| slot.print != 0)
            .fold(0, |hash: u64, slot| {
                let class = self
                    .sets
                    .get(usize::from(slot.set))
                    .map_or(0, |class| class.bits());
                (hash ^ u64::from(slot.print) ^ class.rotate_left(17))
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    .rotate_left(29)
            })
    }

    /// The class of an ASCII word or phrase.
    #[cfg(test)]
    fn class_of(&self, word: &[u8]) -> Class {
        self.class(hash(word))
    }
}

/// The table while it is filled.
pub(crate) struct Draft {
    slots: Vec<(u32, Class)>,
}

impl Draft {
    fn new() -> Self {
        Self {
            slots: vec![(0, Class::NONE); CAPACITY],
        }
    }

    /// Adds classes to a word; a phrase also marks its first word as the start of a phrase.
    pub(crate) fn add(&mut self, word: &str, class: Class) {
        if let Some((first, _)) = word.split_once(' ') {
            self.insert(hash(first.as_bytes()), Class::PHRASE_START);
        }
        self.insert(hash(word.as_bytes()), class);
    }

    /// Adds classes to each word of a list, one a line or separated by spaces.
    pub(crate) fn add_words(&mut self, words: &str, class: Class) {
        for word in words.split_ascii_whitespace() {
            self.add(word, class);
        }
    }

    /// Adds classes to each line of a list.
    pub(crate) fn add_lines(&mut self, lines: &str, class: Class) {
        for line in lines.lines() {
            self.add(line, class);
        }
    }

    fn insert(&mut self, hash: u64, class: Class) {
        let print = fingerprint(hash);
        let mut place = home(hash);
        while let Some(slot) = self.slots.get_mut(place) {
            if slot.0 == 0 || slot.0 == print {
                *slot = (print, slot.1 | class);
                return;
            }
            place = (place + 1) & (CAPACITY - 1);
        }
    }

    fn finish(self) -> Dictionary {
        let mut sets = vec![Class::NONE];
        let mut places = BTreeMap::from([(Class::NONE, 0)]);
        let mut slots = Vec::with_capacity(self.slots.len());
        for (print, class) in self.slots {
            let set = *places.entry(class).or_insert_with(|| {
                sets.push(class);
                u16::try_from(sets.len() - 1).unwrap_or(0)
            });
            slots.push(Slot { print, set });
        }
        Dictionary {
            slots,
            sets,
            print: OnceLock::new(),
        }
    }
}

/// A hash of the lower-case form of an ASCII word; the same for any case.
#[inline]
pub(crate) fn hash(word: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    const LOWER: u64 = 0x2020_2020_2020_2020;
    let mut state = word.len() as u64;
    let (chunks, tail) = word.as_chunks::<8>();
    for chunk in chunks {
        let block = u64::from_le_bytes(*chunk) | LOWER;
        state = (state.rotate_left(23) ^ block).wrapping_mul(FACTOR);
    }
    if !tail.is_empty() {
        let block = last_block(word, tail) | LOWER;
        state = (state.rotate_left(23) ^ block).wrapping_mul(FACTOR);
    }
    state ^ (state >> 29)
}

/// The tail of a word in one block, without a loop over its bytes: overlapping reads from both ends.
#[inline]
fn last_block(word: &[u8], tail: &[u8]) -> u64 {
    if let Some(last) = word.last_chunk::<8>() {
        return u64::from_le_bytes(*last);
    }
    if let (Some(first), Some(last)) = (tail.first_chunk::<4>(), tail.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    match *tail {
        [one] => u64::from(one),
        [one, two] => u64::from(one) << 8 | u64::from(two),
        [one, two, three] => u64::from(one) << 16 | u64::from(two) << 8 | u64::from(three),
        _ => 0,
    }
}

/// Slots of the table: a power of two, filled to less than a half.
const CAPACITY: usize = 1 << 19;

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits are what is wanted"
)]
fn home(hash: u64) -> usize {
    (hash as usize) & (CAPACITY - 1)
}

fn fingerprint(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(u32::MAX).max(1)
}

fn lists(draft: &mut Draft) {
    let given = include_str!("../data/given-names.txt");
    let surnames = include_str!("../data/surnames.txt");
    draft.add_lines(given, Class::GIVEN);
    draft.add_lines(surnames, Class::SURNAME);
    draft.add_lines(include_str!("../data/given-names-world.txt"), Class::GIVEN);
    draft.add_lines(include_str!("../data/surnames-world.txt"), Class::SURNAME);
    draft.add_lines(
        include_str!("../data/given-names-further.txt"),
        Class::GIVEN,
    );
    draft.add_lines(include_str!("../data/surnames-further.txt"), Class::SURNAME);
    draft.add_lines(include_str!("../data/surnames-rare.txt"), Class::SURNAME);
    for name in given.lines().take(1200).chain(surnames.lines().take(4000)) {
        draft.add(name, Class::FREQUENT);
    }
    draft.add_lines(include_str!("../data/words-common.txt"), Class::COMMON);
    draft.add_lines(include_str!("../data/words-rare.txt"), Class::RARE);
    draft.add_lines(include_str!("../data/brands.txt"), Class::RARE);
    draft.add_lines(include_str!("../data/cities-us.txt"), Class::CITY);
    draft.add_lines(include_str!("../data/cities-world.txt"), Class::CITY);
    draft.add_lines(include_str!("../data/towns.txt"), Class::CITY);
    draft.add_lines(
        include_str!("../data/cities-big.txt"),
        Class::CITY | Class::BIG,
    );
    draft.add_lines(include_str!("../data/counties-us.txt"), Class::COUNTY);
    draft.add_lines(include_str!("../data/countries.txt"), Class::COUNTRY);
    draft.add_words(include_str!("../data/eponyms.txt"), Class::EPONYM);
    draft.add_words(include_str!("../data/medical.txt"), Class::MEDICAL);
    draft.add_lines(include_str!("../data/drugs.txt"), Class::MEDICAL);
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary")
            .field("sets", &self.sets.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_and_lists_overlap() {
        let dictionary = Dictionary::built_in();
        assert!(dictionary.class_of(b"MARIA").has(Class::GIVEN));
        assert!(dictionary.class_of(b"brown").has(Class::SURNAME));
        assert!(dictionary.class_of(b"Brown").has(Class::COMMON));
        assert!(dictionary.class_of(b"san antonio").has(Class::CITY));
        assert!(dictionary.class_of(b"san").has(Class::PHRASE_START));
        assert_eq!(dictionary.class_of(b"qxzvbn"), Class::NONE);
    }

    #[test]
    fn the_table_keeps_room_and_the_sets_fit_their_index() {
        let dictionary = Dictionary::built_in();
        let used = dictionary
            .slots
            .iter()
            .filter(|slot| slot.print != 0)
            .count();
        assert!(used * 4 < CAPACITY * 3, "{used}");
        assert!(dictionary.sets.len() < usize::from(u16::MAX));
    }
}
