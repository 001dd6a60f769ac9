//! The rules of every known segment: one file for each group of chapters.

mod care;
mod control;
mod finance;
mod orders;
mod patient;
mod pharmacy;
mod visit;

use super::rule::Row;

/// The rules of a segment, in the order of its fields; nothing for an unknown segment.
pub(super) fn rows(id: &str) -> Option<&'static [Row]> {
    GROUPS
        .iter()
        .flat_map(|group| group.iter())
        .find(|(known, _)| *known == id)
        .map(|(_, rows)| *rows)
}

/// Those met most often first.
const GROUPS: &[&[(&str, &[Row])]] = &[
    orders::SEGMENTS,
    patient::SEGMENTS,
    control::SEGMENTS,
    visit::SEGMENTS,
    finance::SEGMENTS,
    pharmacy::SEGMENTS,
    care::SEGMENTS,
];
