//! One column under one action.

use std::{fmt::Write as _, sync::Arc};

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, builder::StringBuilder};

use super::person::{People, Rows};
use crate::{
    age, columns::Cells, crosswalk::PERSON, dates, kind::Kind, label::Label, manifest::TextRecord,
    plan::AgeStyle, rewrite::Rewriter, surrogate::Part, zip3::Zip3Table,
};

/// A column after its action; no column means that it stays the same array.
#[derive(Default)]
pub(super) struct Output {
    pub(super) column: Option<ArrayRef>,
    pub(super) changed: u64,
    pub(super) suppressed: u64,
}

/// What becomes of one cell.
#[derive(Clone, Copy)]
enum Cell {
    Kept,
    Changed,
    /// Could not be read as its kind.
    Suppressed,
}

impl Output {
    pub(super) fn same() -> Self {
        Self::default()
    }

    pub(super) fn dropped(cells: u64) -> Self {
        Self {
            suppressed: cells,
            ..Self::default()
        }
    }
}

/// Every person key becomes the person's code.
pub(super) fn person_codes(cells: Cells<'_>, len: usize, rewriter: &mut Rewriter<'_>) -> Output {
    each_value(cells, len, |person, output| {
        if rewriter.is_own_code(person) {
            output.push_str(person);
            return Cell::Kept;
        }
        output.push_str(PERSON);
        output.push('-');
        rewriter.bare_person_code(person).push_to(output);
        Cell::Changed
    })
}

/// Every part of a person's name becomes the surrogate of the row's person.
pub(super) fn surrogates(cells: Cells<'_>, len: usize, rows: &Rows) -> Output {
    each(cells, len, |row, name, output| {
        let Some(code) = rows.code(row) else {
            return Cell::Suppressed;
        };
        output.push_str(Label::Name.word());
        output.push('-');
        code.push_to(output);
        if output.as_str() == name {
            Cell::Kept
        } else {
            Cell::Changed
        }
    })
}

/// Every name becomes an invented one, the same as in the texts of the row's person.
pub(super) fn names(
    cells: Cells<'_>,
    len: usize,
    rows: &Rows,
    people: &People,
    rewriter: &mut Rewriter<'_>,
    is_own: bool,
    part: Part,
) -> Output {
    each(cells, len, |row, name, output| {
        let Some(code) = rows.code(row) else {
            return Cell::Suppressed;
        };
        let subject = rows.subject(row, people);
        if let Some(invented) = rewriter.invented_name(name, code, subject, is_own, part) {
            output.push_str(&invented);
        } else {
            output.push_str("NAME-");
            code.push_to(output);
        }
        Cell::Changed
    })
}

/// Every value becomes its random code.
pub(super) fn codes(
    kind: Kind,
    cells: Cells<'_>,
    len: usize,
    rewriter: &mut Rewriter<'_>,
) -> Output {
    let label = kind.label().unwrap_or(Label::OtherId);
    each_value(cells, len, |value, output| {
        if rewriter.write_code(label, value, output) {
            Cell::Changed
        } else {
            Cell::Kept
        }
    })
}

/// Every date becomes its year.
pub(super) fn years(kind: Kind, cells: Cells<'_>, len: usize, reference_year: i32) -> Output {
    each_value(cells, len, |date, output| {
        year_of(kind, date, reference_year, output)
    })
}

fn year_of(kind: Kind, date: &str, reference_year: i32, output: &mut String) -> Cell {
    let birth = kind == Kind::BirthDate;
    if birth && date.trim() == age::NINETY_OR_OVER {
        output.push_str(age::NINETY_OR_OVER);
        return Cell::Kept;
    }
    match dates::to_year(date) {
        Some(year) if !age::year_reveals(year, reference_year) => {
            write_year(year, output);
            if output.as_str() == date {
                Cell::Kept
            } else {
                Cell::Changed
            }
        }
        Some(_) if birth => {
            output.push_str(age::NINETY_OR_OVER);
            Cell::Changed
        }
        _ => Cell::Suppressed,
    }
}

/// Every date moves by the days of the row's person; the year where nobody is known.
pub(super) fn shifted(
    kind: Kind,
    cells: Cells<'_>,
    len: usize,
    rows: &Rows,
    reference_year: i32,
) -> Output {
    each(cells, len, |row, date, output| {
        let moved = match rows.days(row) {
            Some(days) => dates::shift(date, days),
            None => return year_of(kind, date, reference_year, output),
        };
        written(date, moved.as_deref(), output)
    })
}

/// Every value becomes what a function makes of it.
pub(super) fn coarse(
    cells: Cells<'_>,
    len: usize,
    coarse: impl Fn(&str) -> Option<String>,
) -> Output {
    each_value(cells, len, |value, output| {
        written(value, coarse(value).as_deref(), output)
    })
}

/// Every age becomes its band.
pub(super) fn age_bands(cells: Cells<'_>, len: usize, rows: &Rows, years: u8) -> Output {
    each(cells, len, |row, age, output| {
        let band = age::oldest(age).map(|oldest| {
            if rows.is_over_89(row) {
                age::NINETY_OR_OVER.to_owned()
            } else {
                age::band(oldest, years)
            }
        });
        written(age, band.as_deref(), output)
    })
}

/// Every value becomes the code that the key gives it.
pub(super) fn pseudonyms(
    kind: Kind,
    cells: Cells<'_>,
    len: usize,
    rewriter: &mut Rewriter<'_>,
) -> Output {
    let label = kind.label().unwrap_or(Label::OtherId);
    each_value(cells, len, |value, output| {
        if !rewriter.write_pseudonym(label, value, output) {
            return Cell::Suppressed;
        }
        if output.as_str() == value {
            Cell::Kept
        } else {
            Cell::Changed
        }
    })
}

fn written(value: &str, replacement: Option<&str>, output: &mut String) -> Cell {
    let Some(replacement) = replacement else {
        return Cell::Suppressed;
    };
    output.push_str(replacement);
    if replacement == value {
        Cell::Kept
    } else {
        Cell::Changed
    }
}

/// Every ZIP code becomes its three-digit area.
pub(super) fn zips(cells: Cells<'_>, len: usize) -> Output {
    let table = Zip3Table::census_2020();
    let padded = is_stripped(cells, len);
    each_value(cells, len, |zip, output| {
        let number = padded.then(|| zip.trim().parse::<f64>().ok()).flatten();
        output.push_str(match number {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates; too large is hidden"
            )]
            Some(number) => table.generalize_number(number as i64),
            None => table.generalize(zip),
        });
        if output.as_str() == zip {
            Cell::Kept
        } else {
            Cell::Changed
        }
    })
}

/// How the oldest are written: a column of numbers kept as text stays one under a top code.
fn oldest_as(age: &str, style: AgeStyle) -> &'static str {
    if style == AgeStyle::TopCode && age.trim().parse::<f64>().is_ok() {
        "90"
    } else {
        age::NINETY_OR_OVER
    }
}

/// Every age over 89 becomes `90+`, or 90.
pub(super) fn ages(cells: Cells<'_>, len: usize, rows: &Rows, style: AgeStyle) -> Output {
    match (cells, style) {
        (Cells::Integer(ages), AgeStyle::TopCode) => top_coded_integers(ages, rows),
        (Cells::Real(ages), AgeStyle::TopCode) => top_coded_reals(ages, rows),
        _ => each(cells, len, |row, age, output| match age::oldest(age) {
            None => Cell::Suppressed,
            Some(years) if rows.is_over_89(row) || age::is_over_89(years) => {
                output.push_str(oldest_as(age, style));
                if age == output.as_str() {
                    Cell::Kept
                } else {
                    Cell::Changed
                }
            }
            Some(_) => {
                output.push_str(age);
                Cell::Kept
            }
        }),
    }
}

/// Every text is rewritten by the text engine, with what is known about the row's person.
pub(super) fn texts(
    cells: Cells<'_>,
    len: usize,
    rows: &Rows,
    people: &People,
    rewriter: &mut Rewriter<'_>,
    record: &mut TextRecord,
) -> Output {
    if !cells.is_text() {
        return Output::same();
    }
    each(cells, len, |row, text, output| {
        if let Some(ledger) = rewriter.ledger() {
            ledger.go_to_row(row as u64);
        }
        if let Some(rewritten) = rewriter.rewrite(text, rows.subject(row, people), record) {
            output.push_str(&rewritten);
            Cell::Changed
        } else {
            output.push_str(text);
            Cell::Kept
        }
    })
}

/// Builds a text column value by value: the same value has the same outcome in every row, so a
/// run of equal values is worked out once.
fn each_value(
    cells: Cells<'_>,
    len: usize,
    mut action: impl FnMut(&str, &mut String) -> Cell,
) -> Output {
    let (mut before, mut outcome, mut cached) = (String::new(), String::new(), Cell::Kept);
    each(cells, len, |_, value, output| {
        if before != value {
            before.clear();
            before.push_str(value);
            outcome.clear();
            cached = action(value, &mut outcome);
        }
        output.push_str(&outcome);
        cached
    })
}

/// Builds a text column cell by cell; nulls stay nulls, empty cells stay empty.
fn each(
    cells: Cells<'_>,
    len: usize,
    mut action: impl FnMut(usize, &str, &mut String) -> Cell,
) -> Output {
    let mut column = StringBuilder::with_capacity(len, bytes_of(cells, len));
    let (mut output, mut input, mut written) = (Output::default(), String::new(), String::new());
    for row in 0..len {
        let Some(value) = cells.write(row, &mut input) else {
            column.append_null();
            continue;
        };
        written.clear();
        let cell = if value.is_empty() {
            Cell::Kept
        } else {
            action(row, value, &mut written)
        };
        match cell {
            Cell::Kept => {}
            Cell::Changed => output.changed += 1,
            Cell::Suppressed => {
                output.suppressed += 1;
                column.append_null();
                continue;
            }
        }
        column.append_value(&written);
    }
    output.column = Some(Arc::new(column.finish()));
    output
}

fn bytes_of(cells: Cells<'_>, len: usize) -> usize {
    match cells {
        Cells::Text(cells) => cells.value_data().len().min(len.saturating_mul(64)),
        _ => len.saturating_mul(8),
    }
}

fn write_year(year: i32, output: &mut String) {
    // Writing to a string does not fail.
    let _written = write!(output, "{year}");
}

/// Numbers, and columns of text in which leading zeros were lost: some codes have three digits
/// and others four or five.
fn is_stripped(cells: Cells<'_>, len: usize) -> bool {
    let Cells::Text(zips) = cells else {
        return true;
    };
    let longer = |zip: &str| matches!(zip.trim().len(), 4 | 5);
    let shorter = |zip: &str| zip.trim().len() < 5;
    let any = |test: fn(&str) -> bool| {
        (0..len.min(zips.len())).any(|row| !zips.is_null(row) && test(zips.value(row)))
    };
    any(longer) && any(shorter) && zips.iter().flatten().all(is_number)
}

fn is_number(zip: &str) -> bool {
    zip.trim().bytes().all(|byte| byte.is_ascii_digit())
}

fn top_coded_integers(ages: &Int64Array, rows: &Rows) -> Output {
    let mut output = Output::default();
    let column: Int64Array = (0..ages.len())
        .map(|row| {
            let age = (!ages.is_null(row)).then(|| ages.value(row))?;
            let over = age > i64::from(age::SHOWN_MAX) || rows.is_over_89(row);
            let shown = if over {
                i64::from(age::SHOWN_MAX) + 1
            } else {
                age
            };
            output.changed += u64::from(shown != age);
            Some(shown)
        })
        .collect();
    output.column = Some(Arc::new(column));
    output
}

fn top_coded_reals(ages: &Float64Array, rows: &Rows) -> Output {
    let mut output = Output::default();
    let top = f64::from(age::SHOWN_MAX) + 1.0;
    let column: Float64Array = (0..ages.len())
        .map(|row| {
            let age = (!ages.is_null(row)).then(|| ages.value(row))?;
            let over = age.is_nan() || age >= top || rows.is_over_89(row);
            output.changed += u64::from(over && age.to_bits() != top.to_bits());
            Some(if over { top } else { age })
        })
        .collect();
    output.column = Some(Arc::new(column));
    output
}
