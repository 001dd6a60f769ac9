//! Source identifiers that are still in the output.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch, StringArray, cast::AsArray};
use arrow_schema::ArrowError;
use domain::{Code, Explain, Phi};
use serde::Serialize;
use thiserror::Error;

use crate::{codes, columns::Cells, dates, hashed::HashedMap, label::Label};

/// Looks for source identifiers in output, word by word.
///
/// Case and punctuation do not matter: a value is its run of words (letters and digits), and is
/// found wherever the output has the same run. Dates are looked for in all their usual orders,
/// numbers also with their separators taken out, names of several words also from the last word
/// on, and a single name only where it is capitalised. A number of seven characters or more is
/// also found inside a longer word; shorter ones only as whole words, because a random code would
/// hold them by chance.
///
/// Values too short to tell (under three letters, under five digits) are counted, not searched.
/// Words are compared by 64-bit hashes, so one false alarm in 10^13 comparisons is possible and a
/// miss is not. Nothing in the answer is a value.
///
/// ```
/// use cloister_phi::{label::Label, residual::Residual};
/// use domain::Phi;
/// let mut residual = Residual::of([(Label::Name, Phi::new("Ada Quillfeather"))]);
/// residual.text("[NAME-7K3Q9DXM] was seen.");
/// assert!(residual.report().verdict().is_ok());
/// residual.text("Quillfeather, Ada was seen.");
/// assert!(residual.report().verdict().is_err());
/// ```
#[derive(Default)]
pub struct Residual {
    /// Runs of words by the hash of their first word.
    runs: HashedMap<Vec<Run>>,
    /// Long numbers by their hash, for the search inside words.
    inner: HashedMap<Label>,
    inner_lengths: Vec<usize>,
    report: ResidualReport,
    words: Vec<Word>,
}

/// How many source identifiers are still there, without one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResidualReport {
    /// Values that were looked for.
    pub values: u64,
    /// Values too short to look for.
    pub too_short: u64,
    /// Cells and texts that were searched.
    pub searched: u64,
    /// Bytes that were searched.
    pub bytes: u64,
    /// Places where a source value stands, by label.
    pub survivors: BTreeMap<Label, u64>,
    /// The same by table and column, for cells.
    pub columns: BTreeMap<String, u64>,
}

/// Source identifiers stand in the output.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("source identifiers stand in the output at {places} places ({labels})")]
pub struct ResidualError {
    places: u64,
    labels: String,
}

/// The words of one source value after the first.
struct Run {
    label: Label,
    rest: Vec<u64>,
    /// Only where the output has a capital.
    capital: bool,
}

/// A word of the output.
#[derive(Clone, Copy)]
struct Word {
    hash: u64,
    start: usize,
    end: usize,
    capital: bool,
}

impl Residual {
    /// Makes the source values ready for searching.
    pub fn of<'v>(originals: impl IntoIterator<Item = (Label, Phi<&'v str>)>) -> Self {
        let mut residual = Self::default();
        for (label, original) in originals {
            residual.look_for(label, original.expose());
        }
        residual
    }

    /// Looks for the originals in the outputs: [`of`](Self::of) and [`text`](Self::text) in one.
    pub fn check<'v, 'o>(
        originals: impl IntoIterator<Item = (Label, Phi<&'v str>)>,
        outputs: impl IntoIterator<Item = &'o str>,
    ) -> ResidualReport {
        let mut residual = Self::of(originals);
        for output in outputs {
            residual.text(output);
        }
        residual.report
    }

    /// Adds a source value.
    pub fn look_for(&mut self, label: Label, original: &str) {
        let forms = forms(label, original);
        if forms.is_empty() {
            self.report.too_short += 1;
            return;
        }
        self.report.values += 1;
        for form in forms {
            self.add(label, &form, original);
        }
    }

    /// Searches a text; gives the number of places found.
    pub fn text(&mut self, text: &str) -> u64 {
        self.report.searched += 1;
        self.report.bytes += text.len() as u64;
        let mut words = std::mem::take(&mut self.words);
        split(text, &mut words);
        let mut found = 0;
        for (place, word) in words.iter().enumerate() {
            let run = self.run_at(&words, place).map(|(label, _)| label);
            if let Some(label) = run.or_else(|| self.inside(text, *word)) {
                *self.report.survivors.entry(label).or_default() += 1;
                found += 1;
            }
        }
        self.words = words;
        found
    }

    /// The text with every source value that still stands in it replaced by its label, such as
    /// `[NAME]`, and how many of each; `None` when there is none.
    ///
    /// The text engine searches a note for what is known about its own person; this finds the
    /// persons of all other rows.
    pub fn sweep(&self, text: &str) -> Option<(String, BTreeMap<Label, u64>)> {
        self.sweep_with(text, &mut |_, _| None)
    }

    /// The same with what a function gives for a value, such as an invented one, in place of the
    /// label; the label where it gives nothing.
    pub fn sweep_with(
        &self,
        text: &str,
        surrogate: &mut dyn FnMut(Label, &str) -> Option<String>,
    ) -> Option<(String, BTreeMap<Label, u64>)> {
        let mut words = Vec::new();
        split(text, &mut words);
        let (mut swept, mut counts) = (String::new(), BTreeMap::new());
        let (mut place, mut copied) = (0, 0);
        while let Some(word) = words.get(place) {
            let inside = || self.inside(text, *word).map(|label| (label, 1));
            let Some((label, length)) = self.run_at(&words, place).or_else(inside) else {
                place += 1;
                continue;
            };
            let last = words.get(place + length - 1).unwrap_or(word);
            swept.push_str(text.get(copied..word.start).unwrap_or_default());
            let found = text.get(word.start..last.end).unwrap_or_default();
            match surrogate(label, found) {
                Some(surrogate) => swept.push_str(&surrogate),
                None => swept.extend(["[", label.word(), "]"]),
            }
            *counts.entry(label).or_default() += 1;
            copied = last.end;
            place += length;
        }
        swept.push_str(text.get(copied..).unwrap_or_default());
        (!counts.is_empty()).then_some((swept, counts))
    }

    /// Sweeps some text columns of a table.
    pub fn sweep_table(
        &self,
        batch: &RecordBatch,
        columns: &[&str],
    ) -> Result<(RecordBatch, BTreeMap<Label, u64>), ArrowError> {
        self.sweep_table_with(batch, columns, &mut |_, _| None)
    }

    /// Sweeps some text columns of a table, as [`sweep_with`](Self::sweep_with) does a text.
    pub fn sweep_table_with(
        &self,
        batch: &RecordBatch,
        columns: &[&str],
        surrogate: &mut dyn FnMut(Label, &str) -> Option<String>,
    ) -> Result<(RecordBatch, BTreeMap<Label, u64>), ArrowError> {
        let mut counts = BTreeMap::new();
        let schema = batch.schema();
        let arrays = schema
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(field, array)| match array.as_string_opt::<i32>() {
                Some(texts) if columns.contains(&field.name().as_str()) => {
                    self.sweep_column(texts, &mut counts, surrogate)
                }
                _ => Arc::clone(array),
            });
        let swept = RecordBatch::try_new(Arc::clone(&schema), arrays.collect())?;
        Ok((swept, counts))
    }

    fn sweep_column(
        &self,
        texts: &StringArray,
        counts: &mut BTreeMap<Label, u64>,
        surrogate: &mut dyn FnMut(Label, &str) -> Option<String>,
    ) -> ArrayRef {
        let cells = texts.iter().map(|cell| {
            cell.map(|text| match self.sweep_with(text, surrogate) {
                Some((swept, found)) => {
                    for (label, count) in found {
                        *counts.entry(label).or_default() += count;
                    }
                    Cow::Owned(swept)
                }
                None => Cow::Borrowed(text),
            })
        });
        Arc::new(cells.collect::<StringArray>())
    }

    /// Searches the cells of a table except the columns in `skip`, which the plan keeps as they
    /// are: a surname may be a race, `White`.
    pub fn table(&mut self, name: &str, batch: &RecordBatch, skip: &[&str]) -> u64 {
        let mut found = 0;
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let Some(cells) = Cells::of(column.as_ref()) else {
                continue;
            };
            if skip.contains(&field.name().as_str()) {
                continue;
            }
            let here = self.cells(cells, batch.num_rows());
            if here > 0 {
                *self
                    .report
                    .columns
                    .entry(format!("{name}.{}", field.name()))
                    .or_default() += here;
            }
            found += here;
        }
        found
    }

    /// What was found so far.
    pub const fn report(&self) -> &ResidualReport {
        &self.report
    }

    fn cells(&mut self, cells: Cells<'_>, rows: usize) -> u64 {
        let mut buffer = String::new();
        let mut found = 0;
        for row in 0..rows {
            match cells.write(row, &mut buffer) {
                // A short number is a measurement before it is an identifier.
                Some(value) if cells.is_text() || value.len() >= INNER_MIN => {
                    found += self.text(value);
                }
                _ => {}
            }
        }
        found
    }

    fn add(&mut self, label: Label, form: &str, original: &str) {
        let mut words = std::mem::take(&mut self.words);
        split(form, &mut words);
        if let Some((first, rest)) = words.split_first() {
            let capital = label == Label::Name && rest.is_empty() && first.capital;
            let rest: Vec<u64> = rest.iter().map(|word| word.hash).collect();
            let runs = self.runs.entry(first.hash).or_default();
            if runs.iter().all(|run| run.rest != rest) {
                runs.push(Run {
                    label,
                    rest,
                    capital,
                });
            }
        }
        if let [only] = words.as_slice()
            && only.end - only.start >= INNER_MIN
            && original.bytes().any(|byte| byte.is_ascii_digit())
        {
            self.inner.insert(only.hash, label);
            let length = only.end - only.start;
            if !self.inner_lengths.contains(&length) {
                self.inner_lengths.push(length);
            }
        }
        self.words = words;
    }

    /// The source value that begins at a word, with how many words it has.
    fn run_at(&self, words: &[Word], place: usize) -> Option<(Label, usize)> {
        let first = words.get(place)?;
        let after = words.get(place + 1..)?;
        self.runs.get(&first.hash)?.iter().find_map(|run| {
            let rest = after.get(..run.rest.len())?;
            let same = rest
                .iter()
                .map(|word| word.hash)
                .eq(run.rest.iter().copied());
            (same && (first.capital || !run.capital)).then_some((run.label, run.rest.len() + 1))
        })
    }

    /// A long number inside a longer word.
    fn inside(&self, text: &str, word: Word) -> Option<Label> {
        let bytes = text.as_bytes().get(word.start..word.end)?;
        if bytes.len() <= INNER_MIN || !bytes.iter().any(u8::is_ascii_digit) {
            return None;
        }
        self.inner_lengths.iter().find_map(|length| {
            bytes
                .windows(*length)
                .find_map(|window| self.inner.get(&hash(window)).copied())
        })
    }
}

impl ResidualReport {
    /// Whether no source value was found.
    pub fn verdict(&self) -> Result<(), ResidualError> {
        let places = self.survivors.values().sum();
        if places == 0 {
            return Ok(());
        }
        let labels: Vec<_> = self
            .survivors
            .iter()
            .map(|(label, count)| format!("{count} {label}"))
            .collect();
        Err(ResidualError {
            places,
            labels: labels.join(", "),
        })
    }
}

impl Explain for ResidualError {
    fn code(&self) -> Code {
        codes::RESIDUAL
    }

    fn help(&self) -> String {
        "look at the residual report for the tables and columns, and tighten the plan for them"
            .to_owned()
    }
}

impl std::fmt::Debug for Residual {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Residual")
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

const LETTERS_MIN: usize = 3;
const DIGITS_MIN: usize = 5;
const INNER_MIN: usize = 7;

/// The forms in which a value is looked for; none if it is too short to tell.
fn forms(label: Label, original: &str) -> Vec<String> {
    let bare: String = original
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let letters = bare.chars().count() - digits;
    if letters < LETTERS_MIN && digits < DIGITS_MIN {
        return Vec::new();
    }
    match label {
        Label::Date => date_forms(original),
        Label::Name => {
            let words: Vec<&str> = original
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            let mut turned = words.clone();
            turned.rotate_right(1.min(words.len()));
            vec![words.join(" "), turned.join(" ")]
        }
        _ if digits >= DIGITS_MIN => vec![original.to_owned(), bare],
        _ => vec![original.to_owned()],
    }
}

/// A full date in its usual orders; what is no more than a year may stay.
fn date_forms(original: &str) -> Vec<String> {
    let Some(dates::DateParts {
        year,
        month: Some(month),
        day: Some(day),
        ..
    }) = dates::parse(original)
    else {
        return Vec::new();
    };
    let name = dates::month_name(month);
    let short = name.get(..3).unwrap_or(name);
    vec![
        format!("{year} {month:02} {day:02}"),
        format!("{year} {month} {day}"),
        format!("{month:02} {day:02} {year}"),
        format!("{month} {day} {year}"),
        format!("{day:02} {month:02} {year}"),
        format!("{day} {month} {year}"),
        format!("{year}{month:02}{day:02}"),
        format!("{name} {day} {year}"),
        format!("{short} {day} {year}"),
        format!("{day} {name} {year}"),
        format!("{day} {short} {year}"),
    ]
}

/// Cuts a text into words of letters and digits.
fn split(text: &str, words: &mut Vec<Word>) {
    words.clear();
    let mut start = None;
    for (place, letter) in text.char_indices() {
        // The `T` between date and time ends a word: `07T10` is `07` and `10`. The colon of a time
        // does not: `2022, 04:12` is a year and a time, not the 12th of April.
        let inner = match letter {
            'T' => !is_between_digits(text, place),
            ':' => is_between_digits(text, place),
            _ => letter.is_alphanumeric(),
        };
        match (inner, start) {
            (true, None) => start = Some(place),
            (false, Some(from)) => {
                words.push(word(text, from, place));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push(word(text, from, text.len()));
    }
}

fn is_between_digits(text: &str, place: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |place: Option<usize>| {
        place
            .and_then(|place| bytes.get(place))
            .is_some_and(u8::is_ascii_digit)
    };
    digit(place.checked_sub(1)) && digit(place.checked_add(1))
}

fn word(text: &str, start: usize, end: usize) -> Word {
    let letters = text.get(start..end).unwrap_or("");
    let hash = if letters.is_ascii() {
        hash(letters.as_bytes())
    } else {
        hash(letters.to_lowercase().as_bytes())
    };
    Word {
        hash,
        start,
        end,
        capital: letters.chars().next().is_some_and(char::is_uppercase),
    }
}

/// FNV-1a over the lower-case bytes, stirred once more at the end.
fn hash(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn survives(label: Label, original: &str, output: &str) -> bool {
        Residual::check([(label, Phi::new(original))], [output])
            .verdict()
            .is_err()
    }

    #[test]
    fn a_year_before_a_time_is_not_a_date() {
        assert!(!survives(Label::Date, "2022-04-12", "Seen: 2022, 04:12."));
        assert!(survives(Label::Date, "2022-04-12", "Seen: 2022, 04.12."));
    }

    #[test]
    fn a_sweep_leaves_nothing_behind() {
        let mut residual = Residual::of([
            (Label::Name, Phi::new("Ada Quillfeather")),
            (Label::Phone, Phi::new("617-555-0142")),
        ]);
        let text = "Quillfeather, Ada rang from 617.555.0142 about Ada's pills.";
        let (swept, counts) = residual.sweep(text).unwrap();
        assert_eq!(swept, "[NAME] rang from [PHONE] about Ada's pills.");
        assert_eq!(counts, [(Label::Name, 1), (Label::Phone, 1)].into());
        assert_eq!(residual.text(&swept), 0);
        assert_eq!(residual.sweep(&swept), None);
    }

    #[test]
    fn values_are_found_in_other_clothes() {
        assert!(survives(
            Label::Name,
            "Ada Quillfeather",
            "seen: QUILLFEATHER, ada"
        ));
        assert!(survives(Label::Date, "1980-03-07", "born March 7, 1980."));
        assert!(survives(Label::Date, "3/7/1980", "on 1980-03-07T10:22:00Z"));
        assert!(survives(
            Label::Phone,
            "(617) 555-0142",
            "call 617.555.0142"
        ));
        assert!(survives(Label::Phone, "617-555-0142", "call 6175550142"));
        assert!(survives(Label::Mrn, "A1234567", "see XA12345678"));
        assert!(survives(
            Label::Geo,
            "12 Elm Street",
            "lives at 12 elm street, apt 3"
        ));
    }

    #[test]
    fn years_words_and_codes_are_no_survivors() {
        assert!(!survives(Label::Date, "1980-03-07", "born 1980, seen 2020"));
        assert!(!survives(Label::Name, "Young", "a young man"));
        assert!(!survives(Label::Mrn, "12345", "platelets 123456"));
        assert!(!survives(
            Label::Name,
            "Ada Quillfeather",
            "[NAME-7K3Q9DXM]"
        ));
        let report = Residual::check([(Label::Name, Phi::new("Al"))], ["Al"]);
        assert_eq!((report.values, report.too_short), (0, 1));
    }

    #[test]
    fn the_error_counts_and_shows_no_value() {
        let report = Residual::check([(Label::Mrn, Phi::new("MR-00456"))], ["MR-00456 MR 00456"]);
        let error = report.verdict().unwrap_err();
        assert_eq!(
            error.to_string(),
            "source identifiers stand in the output at 2 places (2 MRN)"
        );
        assert_eq!(error.code(), codes::RESIDUAL);
    }

    proptest! {
        #[test]
        fn a_planted_value_is_always_found(
            value in "[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}",
            before in "[ -~]{0,20}", after in "[ -~]{0,20}",
        ) {
            let output = format!("{before} {value} {after}");
            prop_assert!(survives(Label::Name, &value, &output));
        }
    }
}
