//! What is read: the notes of the synthetic hospital, and the pieces of the examination.

use std::collections::BTreeMap;

use domain::Identifier;
use hospital::{
    Hospital, Note, TruthSpan,
    examination::{Examination, Half, Piece, Span, Theme},
    written::{Sort, Written},
};
use phi::{
    evaluate::{Document, Mark},
    finding::Finding,
    known::KnownPerson,
    label::Label,
    text::TextEngine,
};

use super::known::people;

/// Documents of one kind with their gold, and what a record would know of their persons.
#[derive(Debug)]
pub struct Corpus {
    pub name: String,
    pub is_held_out: bool,
    pub documents: Vec<Document>,
    pub known: Vec<Option<KnownPerson>>,
}

impl Corpus {
    /// Both halves of every family of the examination, `share` of the usual number of pieces.
    pub fn examination(seed: u64, engine: &TextEngine) -> Vec<Self> {
        let examination = Examination::new();
        let mut corpora = Vec::new();
        for (theme, count) in COUNTS {
            for half in Half::ALL {
                let pieces = examination.pieces(seed, theme, half, count);
                corpora.push(Self::of(&pieces, theme, half, engine));
            }
        }
        for sort in Sort::ALL {
            for half in Half::ALL {
                corpora.push(Self::written(sort, half, engine));
            }
        }
        corpora
    }

    /// What people wrote by hand: the writers of one half.
    fn written(sort: Sort, half: Half, engine: &TextEngine) -> Self {
        let texts = Written::all(sort, half);
        Self {
            name: sort.word().to_owned(),
            is_held_out: half == Half::HeldOut,
            documents: texts.iter().map(|text| written(text, engine)).collect(),
            known: texts.iter().map(|_| None).collect(),
        }
    }

    fn of(pieces: &[Piece], theme: Theme, half: Half, engine: &TextEngine) -> Self {
        Self {
            name: theme.word().to_owned(),
            is_held_out: half == Half::HeldOut,
            documents: pieces.iter().map(|piece| document(piece, engine)).collect(),
            known: pieces.iter().map(|_| None).collect(),
        }
    }

    /// The patients' own names and numbers in the long notes, with the record that knows them.
    pub fn known(seed: u64, half: Half, engine: &TextEngine) -> Self {
        let pieces = Examination::new().pieces(seed, Theme::LongNote, half, NOTES);
        let mut corpus = Self::of(&pieces, Theme::LongNote, half, engine);
        "known persons".clone_into(&mut corpus.name);
        corpus.known = pieces.iter().map(|piece| Some(record(piece))).collect();
        for document in &mut corpus.documents {
            for mark in &mut document.spans {
                if mark.is_identifier() && !is_of_the_record(mark) {
                    hospital::examination::IGNORE.clone_into(&mut mark.label);
                }
            }
        }
        corpus
    }

    /// The notes of the synthetic hospital, by family of templates.
    pub fn hospital(seed: u64, patients: u32, with_known: bool) -> Vec<Self> {
        let hospital = Hospital::generate(seed, patients);
        let known = people(&hospital);
        let mut corpora: BTreeMap<&str, Self> = BTreeMap::new();
        for note in &hospital.notes {
            let family = note.family.word();
            let corpus = corpora.entry(family).or_insert_with(|| Self {
                name: format!(
                    "hospital, {family}{}",
                    if with_known { ", known" } else { "" }
                ),
                is_held_out: note.family.held_out(),
                documents: Vec::new(),
                known: Vec::new(),
            });
            let person = known.get(note.patient_id.as_str()).filter(|_| with_known);
            corpus.known.push(person.cloned());
            corpus.documents.push(note_document(note));
        }
        corpora.into_values().collect()
    }
}

/// Findings in code points of the text they were found in.
pub fn marks(text: &str, findings: &[Finding]) -> Vec<Mark> {
    let places = Places::of(text);
    findings
        .iter()
        .map(|finding| Mark {
            start: places.code_point(finding.start),
            end: places.code_point(finding.end),
            label: finding.label.word().to_owned(),
            detector: Some(finding.detector.to_owned()),
            ..Mark::default()
        })
        .collect()
}

fn document(piece: &Piece, engine: &TextEngine) -> Document {
    let places = Places::of(&piece.text);
    let mark = |span: &Span| {
        let words = piece.text.get(span.start..span.end).unwrap_or("");
        let told = TOLD.contains(&span.mark.label);
        Mark {
            start: places.code_point(span.start),
            end: places.code_point(span.end),
            label: span.mark.label.to_owned(),
            kind: Some(span.mark.kind.to_owned()),
            listed: told.then(|| engine.lists(words)),
            third_party: (span.mark.label == "NAME").then_some(span.mark.third_party),
            detector: None,
            score: None,
        }
    };
    Document {
        line: 0,
        id: piece.id.clone(),
        text: piece.text.clone(),
        spans: piece.spans.iter().map(mark).collect(),
        group: Some(piece.group.to_owned()),
    }
}

fn written(text: &Written, engine: &TextEngine) -> Document {
    let places = Places::of(&text.text);
    let spans = text.spans.iter().map(|(range, label)| Mark {
        start: places.code_point(range.start),
        end: places.code_point(range.end),
        label: (*label).to_owned(),
        listed: TOLD
            .contains(label)
            .then(|| engine.lists(text.text.get(range.clone()).unwrap_or(""))),
        ..Mark::default()
    });
    Document {
        line: 0,
        id: text.id.clone(),
        text: text.text.clone(),
        spans: spans.collect(),
        group: None,
    }
}

/// What a table would know: the name and the numbers, none of the dates.
fn record(piece: &Piece) -> KnownPerson {
    let mut person = KnownPerson::builder().name(&piece.patient);
    for span in &piece.spans {
        let label = Label::ALL
            .into_iter()
            .find(|label| label.word() == span.mark.label);
        let label = label.filter(|label| NUMBERS.contains(label) && !span.mark.third_party);
        if let (Some(label), Some(value)) = (label, piece.text.get(span.start..span.end)) {
            person = person.identifier(label, value);
        }
    }
    person.build()
}

fn is_of_the_record(mark: &Mark) -> bool {
    let is_number = NUMBERS.iter().any(|label| label.word() == mark.label);
    is_number || (mark.label == "NAME" && mark.third_party == Some(false))
}

fn note_document(note: &Note) -> Document {
    let places = Places::of(&note.text);
    let mark = |truth: &TruthSpan| {
        let piece = note.text.get(truth.start..truth.end).unwrap_or("");
        let article = if piece.to_ascii_lowercase().starts_with("the ") {
            4
        } else {
            0
        };
        Mark {
            start: places.code_point(truth.start + article),
            end: places.code_point(truth.end),
            label: label(truth).word().to_owned(),
            kind: Some(truth.kind.to_owned()),
            listed: (truth.category == Identifier::Name).then_some(!truth.rare),
            third_party: None,
            detector: None,
            score: None,
        }
    };
    Document {
        line: 0,
        id: note.note_id.clone(),
        text: note.text.clone(),
        spans: note.truth.iter().map(mark).collect(),
        group: None,
    }
}

fn label(truth: &TruthSpan) -> Label {
    if truth.kind == "employer" {
        return Label::Employer;
    }
    let of_category = Label::ALL
        .into_iter()
        .find(|label| label.identifier() == truth.category);
    of_category.unwrap_or(Label::OtherId)
}

/// Where each code point of a text begins.
#[derive(Debug)]
pub struct Places(Vec<usize>);

impl Places {
    /// Of this text.
    pub fn of(text: &str) -> Self {
        Self(text.char_indices().map(|(at, _)| at).collect())
    }

    /// The code point that a byte begins; inside of one, the next.
    pub fn code_point(&self, byte: usize) -> usize {
        self.0.partition_point(|at| *at < byte)
    }
}

/// Labels whose recall is told apart by what the lists hold.
const TOLD: [&str; 3] = ["NAME", "GEO", "EMPLOYER"];
const NUMBERS: [Label; 6] = [
    Label::Mrn,
    Label::Ssn,
    Label::Email,
    Label::HealthPlan,
    Label::Account,
    Label::License,
];
const NOTES: usize = 330;
const COUNTS: [(Theme, usize); 5] = [
    (Theme::Query, 2_600),
    (Theme::CleanQuery, 2_600),
    (Theme::LongNote, NOTES),
    (Theme::Sentence, 2_000),
    (Theme::Adversarial, 1_800),
];
