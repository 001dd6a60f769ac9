use std::collections::BTreeMap;

use crate::{Family, draw::Draw};

/// The templates and phrases of the four families, read from `data/notes`.
///
/// A file holds notes under `=== note-type` and phrases, one a line, under `--- pool`. `{slot}` is
/// filled by the scene, `{@pool}` by a phrase of the same family.
#[derive(Debug)]
pub(crate) struct Library(BTreeMap<Family, Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    notes: Vec<(&'static str, &'static str)>,
    phrases: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Library {
    pub(crate) fn new() -> Self {
        Self(
            SOURCES
                .iter()
                .map(|(family, source)| (*family, Shelf::read(source)))
                .collect(),
        )
    }

    /// A template of the family with its note type.
    pub(crate) fn template(&self, draw: &mut Draw, family: Family) -> (&'static str, &'static str) {
        let notes = self.0.get(&family).map_or(&[][..], |shelf| &shelf.notes);
        if notes.is_empty() {
            ("progress-note", "")
        } else {
            draw.pick(notes)
        }
    }

    /// The phrases of a pool.
    pub(crate) fn phrases(&self, family: Family, pool: &str) -> &[&'static str] {
        self.0
            .get(&family)
            .and_then(|shelf| shelf.phrases.get(pool))
            .map_or(&[], Vec::as_slice)
    }
}

impl Shelf {
    fn read(source: &'static str) -> Self {
        let mut shelf = Self::default();
        let (notes, phrases) = source.split_once("\n--- ").unwrap_or((source, ""));
        for block in notes.split("=== ").filter(|block| !block.is_empty()) {
            let (note_type, text) = block.split_once('\n').unwrap_or((block, ""));
            shelf.notes.push((note_type, text));
        }
        for block in phrases.split("\n--- ") {
            let mut lines = block.lines();
            let pool = lines.next().unwrap_or_default();
            shelf.phrases.insert(pool, lines.collect());
        }
        shelf
    }
}

const SOURCES: [(Family, &str); 4] = [
    (Family::Ward, include_str!("../../data/notes/ward.txt")),
    (Family::Letter, include_str!("../../data/notes/letter.txt")),
    (Family::Desk, include_str!("../../data/notes/desk.txt")),
    (Family::Field, include_str!("../../data/notes/field.txt")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_notes_and_every_pool_asked_for_exists() {
        let library = Library::new();
        for (family, source) in SOURCES {
            assert!(library.0[&family].notes.len() >= 6);
            for slot in source.split("{@").skip(1) {
                let pool = slot.split('}').next().unwrap();
                assert!(!library.phrases(family, pool).is_empty(), "{pool}");
            }
        }
    }
}
