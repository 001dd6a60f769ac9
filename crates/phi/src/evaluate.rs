//! How good a reading is: what was found of what should have been, and what was taken in vain.
//!
//! Gold says where the identifiers stand, a prediction where they were found. A piece counts as
//! found when every letter and digit of it lies inside predictions, whatever their label: what is
//! covered is rewritten, and what is not is a leak. Partial cover is a miss.
//!
//! Two labels of the gold are set apart. [`IGNORE`] marks what may stay or go, such as years,
//! states and ages under 90. [`KEEP`] marks what must stay, such as eponyms and drugs. All other
//! labels count under their own name, known or not.
//!
//! ```
//! use cloister_phi::evaluate::{Evaluation, read_gold, read_predictions};
//! let gold = r#"{"id":1,"text":"Ada came 3/4","spans":[{"start":0,"end":3,"label":"NAME"},{"start":9,"end":12,"label":"DATE"}]}"#;
//! let found = r#"{"id":1,"spans":[{"start":0,"end":3,"label":"NAME"},{"start":9,"end":10,"label":"DATE"}]}"#;
//! let gold = read_gold("gold.jsonl", gold)?;
//! let found = read_predictions("found.jsonl", found)?;
//! let evaluation = Evaluation::of(&gold, &found)?;
//! assert_eq!((evaluation.recall().hits(), evaluation.recall().all()), (1, 2));
//! # Ok::<(), cloister_phi::evaluate::EvaluateError>(())
//! ```

mod cover;
mod error;
mod read;
mod report;
mod sample;
mod share;

use std::collections::BTreeMap;

use self::cover::Letters;
pub use self::{
    error::EvaluateError,
    read::{Document, Mark, Prediction, read_gold, read_predictions},
    sample::{CONFIDENCE, documents_needed, upper_limit},
    share::Share,
};
use crate::label::Label;

/// The label of what may stay or go.
pub const IGNORE: &str = "IGNORE";
/// The label of what must stay.
pub const KEEP: &str = "KEEP";

/// The counts of a comparison; documents may be added one by one.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    groups: BTreeMap<(Facet, String), Share>,
    same_label: Share,
    clean: Share,
    touched: Share,
    kept: BTreeMap<String, Share>,
    precision: Share,
    alarms: BTreeMap<String, u64>,
    words: u64,
    letters: u64,
    letters_lost: u64,
}

/// By what recall is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// Everything together.
    All,
    /// The letter of 45 CFR 164.514(b)(2)(i), where the label is known.
    Category,
    /// The label of the gold.
    Label,
    /// Whether a list of the engine holds the words, where the gold says so.
    Lists,
    /// Whose it is, where the gold says so.
    Whom,
    /// The group of documents, where the gold says so.
    Group,
    /// The label with what the gold says of its kind.
    Kind,
}

/// What became of one piece of the gold, in the order of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Every letter and digit lies inside predictions.
    Whole,
    /// Some of it.
    Part,
    /// Nothing.
    Nothing,
}

/// What became of one document: the pieces to be found, and the predictions that are false alarms,
/// both by their place in the lists that were compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Places of identifiers in the gold that were not wholly covered.
    pub missed: Vec<(usize, Cover)>,
    /// Places of predictions that touch no identifier.
    pub false_alarms: Vec<usize>,
}

impl Evaluation {
    /// Compares every document with the prediction of the same id.
    ///
    /// # Errors
    /// A document without prediction, and a prediction without document.
    pub fn of(gold: &[Document], predictions: &[Prediction]) -> Result<Self, EvaluateError> {
        let mut by_id: BTreeMap<&str, &Prediction> = BTreeMap::new();
        for prediction in predictions {
            by_id.insert(&prediction.id, prediction);
        }
        let mut evaluation = Self::default();
        for document in gold {
            let found = by_id.remove(document.id.as_str());
            let found = found.ok_or(EvaluateError::NotPredicted {
                line: document.line,
            })?;
            check_ends(document, found)?;
            evaluation.add(document, &found.spans);
        }
        match by_id.values().map(|prediction| prediction.line).min() {
            Some(line) => Err(EvaluateError::NotInGold { line }),
            None => Ok(evaluation),
        }
    }

    /// Adds one document with what was found in it, and says what was missed.
    pub fn add(&mut self, document: &Document, found: &[Mark]) -> Verdict {
        let letters = Letters::of(&document.text, found);
        let mut verdict = Verdict::default();
        let mut counts: BTreeMap<(Facet, String), (u64, u64)> = BTreeMap::new();
        for (at, piece) in document.spans.iter().enumerate() {
            if !piece.is_identifier() {
                continue;
            }
            let cover = letters.cover(piece);
            if cover != Cover::Whole {
                verdict.missed.push((at, cover));
            }
            for facet in facets(document, piece) {
                let (hits, all) = counts.entry(facet).or_default();
                *hits += u64::from(cover == Cover::Whole);
                *all += 1;
            }
        }
        for (facet, (hits, all)) in counts {
            self.groups.entry(facet).or_default().add(hits, all);
        }
        self.count_labels(document, found, &letters);
        self.count_alarms(document, found, &mut verdict);
        self.count_document(document, &verdict, &letters);
        verdict
    }

    /// Recall of everything together.
    pub fn recall(&self) -> Share {
        self.share(Facet::All, "everything")
    }

    /// Recall of one group; nothing counted if there is none of that name.
    pub fn share(&self, facet: Facet, name: &str) -> Share {
        let found = self.groups.get(&(facet, name.to_owned()));
        found.cloned().unwrap_or_default()
    }

    /// Recall by every group of a facet.
    pub fn shares(&self, facet: Facet) -> impl Iterator<Item = (&str, &Share)> {
        let groups = self.groups.iter().filter(move |((of, _), _)| *of == facet);
        groups.map(|((_, name), share)| (name.as_str(), share))
    }

    /// Documents with identifiers from which none leaks.
    pub const fn without_leak(&self) -> &Share {
        &self.clean
    }

    /// Documents without identifiers in which something was found.
    pub const fn touched(&self) -> &Share {
        &self.touched
    }

    /// Predictions that touch an identifier, of those that touch something else than what may go.
    pub const fn precision(&self) -> &Share {
        &self.precision
    }

    /// Covered pieces that a prediction of the same label touches.
    pub const fn same_label(&self) -> &Share {
        &self.same_label
    }

    /// What had to stay and was touched, by its kind.
    pub const fn kept(&self) -> &BTreeMap<String, Share> {
        &self.kept
    }

    /// Predictions that touch no identifier, per thousand words of text.
    pub fn alarms_per_thousand_words(&self) -> f64 {
        let alarms: u64 = self.alarms.values().sum();
        alarms as f64 * 1_000.0 / (self.words as f64).max(1.0)
    }

    fn count_labels(&mut self, document: &Document, found: &[Mark], letters: &Letters) {
        let (mut same, mut all) = (0, 0);
        for piece in document.spans.iter().filter(|piece| piece.is_identifier()) {
            if letters.cover(piece) == Cover::Whole {
                all += 1;
                let is_same = |mark: &&Mark| mark.touches(piece) && mark.label == piece.label;
                same += u64::from(found.iter().any(|mark| is_same(&mark)));
            }
        }
        self.same_label.add(same, all);
        for piece in document.spans.iter().filter(|piece| piece.label == KEEP) {
            let touched = found.iter().any(|mark| mark.touches(piece));
            let kind = piece.kind.clone().unwrap_or_else(|| KEEP.to_owned());
            self.kept
                .entry(kind)
                .or_default()
                .add(u64::from(touched), 1);
        }
    }

    fn count_alarms(&mut self, document: &Document, found: &[Mark], verdict: &mut Verdict) {
        let (mut right, mut all) = (0, 0);
        for (at, mark) in found.iter().enumerate() {
            match worth(document, mark) {
                Worth::Right => (right, all) = (right + 1, all + 1),
                Worth::Neither => {}
                Worth::Wrong => {
                    all += 1;
                    *self.alarms.entry(mark.name()).or_default() += 1;
                    verdict.false_alarms.push(at);
                }
            }
        }
        self.precision.add(right, all);
    }

    fn count_document(&mut self, document: &Document, verdict: &Verdict, letters: &Letters) {
        if document.spans.iter().any(Mark::is_identifier) {
            self.clean.add(u64::from(verdict.missed.is_empty()), 1);
        } else {
            self.touched
                .add(u64::from(!verdict.false_alarms.is_empty()), 1);
        }
        self.words += document.text.split_whitespace().count() as u64;
        let (lost, all) = letters.outside(&document.spans);
        self.letters += all;
        self.letters_lost += lost;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worth {
    Right,
    Neither,
    Wrong,
}

/// A year alone may stay under the rule, so finding one is neither right nor wrong.
fn worth(document: &Document, mark: &Mark) -> Worth {
    let touched: Vec<&Mark> = document
        .spans
        .iter()
        .filter(|piece| piece.touches(mark))
        .collect();
    let any = |label: &str| touched.iter().any(|piece| piece.label == label);
    if touched.iter().any(|piece| piece.is_identifier()) {
        Worth::Right
    } else if any(KEEP) {
        Worth::Wrong
    } else if any(IGNORE) || is_year(&document.text, mark) {
        Worth::Neither
    } else {
        Worth::Wrong
    }
}

fn is_year(text: &str, mark: &Mark) -> bool {
    let mut digits = 0;
    let stretch = text.chars().skip(mark.start).take(mark.end - mark.start);
    for letter in stretch {
        if !letter.is_ascii_digit() {
            return false;
        }
        digits += 1;
    }
    digits == 4
}

fn facets(document: &Document, piece: &Mark) -> Vec<(Facet, String)> {
    let label = piece.label.as_str();
    let mut facets = vec![
        (Facet::All, "everything".to_owned()),
        (Facet::Label, label.to_owned()),
    ];
    if let Some(known) = Label::ALL.iter().find(|known| known.word() == label) {
        let category = known.identifier();
        let name = format!("{} {}", category.letter(), category.title());
        facets.push((Facet::Category, name));
    }
    if let Some(listed) = piece.listed {
        let word = if listed { "in the lists" } else { "in no list" };
        facets.push((Facet::Lists, format!("{label}, {word}")));
    }
    if let Some(third_party) = piece.third_party {
        let word = if third_party {
            "somebody else's"
        } else {
            "the patient's"
        };
        facets.push((Facet::Whom, word.to_owned()));
    }
    if let Some(group) = &document.group {
        facets.push((Facet::Group, group.clone()));
    }
    if let Some(kind) = &piece.kind {
        facets.push((Facet::Kind, format!("{label} {kind}")));
    }
    facets
}

fn check_ends(document: &Document, found: &Prediction) -> Result<(), EvaluateError> {
    let length = document.text.chars().count();
    if found.spans.iter().any(|mark| mark.end > length) {
        return Err(EvaluateError::BeyondText { line: found.line });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
