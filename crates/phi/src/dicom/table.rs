//! Table E.1-1 of PS3.15, as data.

use std::sync::LazyLock;

use formats::dicom::Tag;

use crate::kind::Kind;

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) tag: Tag,
    pub(super) action: Action,
    pub(super) options: Options,
    /// What the value is, by this project's reading.
    pub(super) kind: Kind,
}

/// The column "Basic Profile", composite codes resolved to what is always valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// X.
    Remove,
    /// Z, X/Z.
    Empty,
    /// D, Z/D, X/D, X/Z/D.
    Dummy,
    /// U.
    Uid,
    /// X/Z/U*: a sequence that holds UIDs.
    Walk,
}

/// The options under which the table gives another action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "columns of the standard's table, each yes or no"
)]
pub(super) struct Options {
    /// Retain Longitudinal Temporal Information.
    pub(super) dates: bool,
    /// Clean Descriptors.
    pub(super) descriptors: bool,
    /// Retain Patient Characteristics.
    pub(super) characteristics: bool,
    /// The same, after cleaning.
    pub(super) characteristics_cleaned: bool,
    /// Clean Structured Content.
    pub(super) structured: bool,
    /// Clean Graphics.
    pub(super) graphics: bool,
}

/// The row of a tag; curve, overlay and private groups have rules of their own.
pub(super) fn row(tag: Tag) -> Option<&'static Row> {
    let place = TABLE.binary_search_by_key(&tag, |row| row.tag).ok()?;
    TABLE.get(place)
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut rows: Vec<Row> = SOURCE.lines().filter_map(read).collect();
    rows.sort_by_key(|row| row.tag);
    rows
});

pub(super) const SOURCE: &str = include_str!("../../data/dicom-annex-e.tsv");

/// A line of the table; nothing for headings and for patterns of tags.
fn read(line: &str) -> Option<Row> {
    let mut fields = line.split('\t');
    let tag = tag(fields.next()?)?;
    let action = match fields.next()? {
        "X" => Action::Remove,
        "Z" | "X/Z" => Action::Empty,
        "D" | "Z/D" | "X/D" | "X/Z/D" => Action::Dummy,
        "U" => Action::Uid,
        "X/Z/U*" => Action::Walk,
        _ => return None,
    };
    let options = fields.next()?;
    let has = |word| options.split(',').any(|option| option == word);
    Some(Row {
        tag,
        action,
        options: Options {
            dates: has("dates"),
            descriptors: has("desc"),
            characteristics: has("chars"),
            characteristics_cleaned: has("chars-clean"),
            structured: has("struct"),
            graphics: has("graph"),
        },
        kind: fields.next()?.parse().ok()?,
    })
}

/// `0010,0020`; nothing for patterns.
pub(super) fn tag(text: &str) -> Option<Tag> {
    let (group, element) = text.split_once(',')?;
    let number = |digits| u16::from_str_radix(digits, 16).ok();
    Some(Tag(number(group)?, number(element)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_all_rows_of_the_standard() {
        let lines = SOURCE.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.skip(1).count(), 621);
        // Curves, two of overlays, and private elements are patterns.
        assert_eq!(TABLE.len(), 617);
        assert!(TABLE.is_sorted_by(|one, next| one.tag < next.tag));
    }
}
