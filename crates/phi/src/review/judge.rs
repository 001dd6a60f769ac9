//! A sheet with verdicts, read back.

use std::collections::BTreeMap;

use super::{
    DOCUMENT, FINDING, MISS, ReviewError, Row, UNDECIDED,
    form::{self, bad},
};
use crate::{
    evaluate::{Document, IGNORE, Mark, Prediction},
    label::Label,
};

/// What people said of the documents of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Review {
    pub(super) documents: Vec<Judged>,
}

/// What people said of one document.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The text, with what stands in it by the verdicts.
    pub document: Document,
    /// What was found.
    pub found: Prediction,
    /// The label of each finding, and whether it is an identifier; nothing for what may stay or go.
    pub(super) verdicts: Vec<(String, bool)>,
    /// Labels of identifiers that nothing found.
    pub(super) missed: Vec<String>,
    is_read: bool,
    open: usize,
}

impl Judged {
    /// Whether somebody has read all of it and judged every finding.
    pub const fn is_complete(&self) -> bool {
        self.is_read && self.open == 0
    }
}

impl Review {
    /// Reads a sheet with verdicts, as CSV or JSON lines.
    ///
    /// # Errors
    /// Refused with the number of the row are rows whose id, place, label or text was changed,
    /// verdicts that there are not, places beyond the text, unknown labels, words that do not stand
    /// in the text, and documents that stand twice.
    pub fn read(file: &str, text: &str) -> Result<Self, ReviewError> {
        let mut review = Self::default();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (number, row) in form::read(file, text)? {
            review
                .take(number, &row, &mut places)
                .map_err(|reason| bad(file, number, reason))?;
        }
        Ok(review)
    }

    /// The documents that were read whole, as gold for [`crate::evaluate::read_gold`].
    pub fn gold(&self) -> String {
        let mut lines = String::new();
        for judged in self.complete() {
            let spans: Vec<_> = judged
                .document
                .spans
                .iter()
                .map(|mark| {
                    serde_json::json!({"start": mark.start, "end": mark.end, "label": mark.label})
                })
                .collect();
            let document = &judged.document;
            let line =
                serde_json::json!({"id": document.id, "text": document.text, "spans": spans});
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        lines
    }

    /// The documents that were read whole.
    pub fn complete(&self) -> impl Iterator<Item = &Judged> {
        self.documents.iter().filter(|judged| judged.is_complete())
    }

    fn take(
        &mut self,
        number: usize,
        row: &Row,
        places: &mut BTreeMap<String, usize>,
    ) -> Result<(), &'static str> {
        let kind = row.kind.trim();
        if kind != MISS && row.check != row.checked() {
            return Err("its kind, id, place, label or text is not as it was written");
        }
        if kind == DOCUMENT {
            if places
                .insert(row.id.clone(), self.documents.len())
                .is_some()
            {
                return Err("its document stands twice");
            }
            self.documents.push(document(number, row)?);
            return Ok(());
        }
        // A miss without an id belongs to the document above it.
        let place = if kind == MISS && row.id.is_empty() {
            self.documents.len().checked_sub(1)
        } else {
            places.get(&row.id).copied()
        };
        let judged = place.and_then(|place| self.documents.get_mut(place));
        let judged = judged.ok_or("its document does not stand above it")?;
        match kind {
            FINDING => finding(judged, row),
            UNDECIDED => undecided(judged, row),
            MISS => miss(judged, row),
            _ => Err("its kind is unknown"),
        }
    }
}

fn document(number: usize, row: &Row) -> Result<Judged, &'static str> {
    let is_read = match verdict(row).as_str() {
        "read" => true,
        "" => false,
        _ => return Err("the verdict of a document is `read`, or empty"),
    };
    let document = Document {
        line: number,
        id: row.id.clone(),
        text: row.text.clone(),
        ..Document::default()
    };
    let found = Prediction {
        line: number,
        id: row.id.clone(),
        ..Prediction::default()
    };
    Ok(Judged {
        document,
        found,
        is_read,
        ..Judged::default()
    })
}

fn finding(judged: &mut Judged, row: &Row) -> Result<(), &'static str> {
    let mark = mark(&row.start, &row.end, &row.label, judged)?.ok_or("it has no place")?;
    let truly = mark_or(
        &row.true_start,
        &row.true_end,
        &row.true_label,
        &mark,
        judged,
    )?;
    let label = mark.label.clone();
    match verdict(row).as_str() {
        "" => judged.open += 1,
        "right" => {
            judged.verdicts.push((label, true));
            judged.add(truly);
        }
        "short" => {
            if (truly.start, truly.end) == (mark.start, mark.end) || !truly.touches(&mark) {
                return Err(
                    "`short` needs `true_start` and `true_end` that reach beyond the finding",
                );
            }
            judged.verdicts.push((label, true));
            judged.add(truly);
        }
        "wrong" => judged.verdicts.push((label, false)),
        "may" => judged.add(Mark {
            label: IGNORE.to_owned(),
            ..truly
        }),
        _ => return Err("the verdict of a finding is `right`, `short`, `wrong` or `may`"),
    }
    judged.found.spans.push(mark);
    Ok(())
}

fn undecided(judged: &mut Judged, row: &Row) -> Result<(), &'static str> {
    match verdict(row).as_str() {
        "" | "nothing" => Ok(()),
        "identifier" => {
            let label = known_label(&row.true_label)?;
            let mark = mark(&row.start, &row.end, label, judged)?.ok_or("it has no place")?;
            let mark = mark_or(&row.true_start, &row.true_end, label, &mark, judged)?;
            judged.add_miss(mark);
            Ok(())
        }
        _ => Err("the verdict of an undecided word is `identifier`, `nothing`, or empty"),
    }
}

fn miss(judged: &mut Judged, row: &Row) -> Result<(), &'static str> {
    if !matches!(verdict(row).as_str(), "" | "identifier") {
        return Err("the verdict of a miss is `identifier`, or empty");
    }
    let label = known_label(if row.label.trim().is_empty() {
        &row.true_label
    } else {
        &row.label
    })?;
    if let Some(mark) = mark(&row.start, &row.end, label, judged)? {
        judged.add_miss(mark);
        return Ok(());
    }
    let words = row.text.trim();
    if words.is_empty() {
        return Err("a miss needs `start` and `end`, or the words in `text`");
    }
    let text = judged.document.text.clone();
    let mut is_there = false;
    for (at, found) in text.match_indices(words) {
        let start = text.get(..at).unwrap_or("").chars().count();
        is_there = true;
        judged.add_miss(Mark {
            start,
            end: start + found.chars().count(),
            label: label.to_owned(),
            ..Mark::default()
        });
    }
    if is_there {
        Ok(())
    } else {
        Err("its words do not stand in the text")
    }
}

impl Judged {
    fn add(&mut self, mark: Mark) {
        if !self.document.spans.contains(&mark) {
            self.document.spans.push(mark);
            self.document
                .spans
                .sort_by_key(|mark| (mark.start, mark.end));
        }
    }

    fn add_miss(&mut self, mark: Mark) {
        if !self.document.spans.contains(&mark) {
            self.missed.push(mark.label.clone());
            self.add(mark);
        }
    }
}

fn verdict(row: &Row) -> String {
    row.verdict.trim().to_lowercase()
}

fn known_label(word: &str) -> Result<&'static str, &'static str> {
    let word = word.trim();
    Label::ALL
        .into_iter()
        .map(Label::word)
        .find(|known| known.eq_ignore_ascii_case(word))
        .ok_or("its label is unknown")
}

/// A place in the text; nothing where both ends are empty.
fn mark(
    start: &str,
    end: &str,
    label: &str,
    judged: &Judged,
) -> Result<Option<Mark>, &'static str> {
    let (start, end) = (start.trim(), end.trim());
    if start.is_empty() && end.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| text.parse::<usize>().map_err(|_| "a place is no number");
    let (start, end) = (number(start)?, number(end)?);
    if start >= end || end > judged.document.text.chars().count() {
        return Err("a place ends before it starts, or beyond the text");
    }
    Ok(Some(Mark {
        start,
        end,
        label: label.to_owned(),
        ..Mark::default()
    }))
}

/// The place and label that whoever judges gave, else those of the row.
fn mark_or(
    start: &str,
    end: &str,
    label: &str,
    otherwise: &Mark,
    judged: &Judged,
) -> Result<Mark, &'static str> {
    let label = if label.trim().is_empty() {
        otherwise.label.as_str()
    } else {
        known_label(label)?
    };
    let given = mark(start, end, label, judged)?;
    Ok(given.unwrap_or_else(|| Mark {
        label: label.to_owned(),
        ..otherwise.clone()
    }))
}
