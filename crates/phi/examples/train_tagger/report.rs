use std::collections::BTreeMap;

use cloister_phi::{
    label::Label,
    tagger::Weights,
    text::{Scratch, TextEngine},
};
use hospital::prose::{Genre, Passage};

use crate::{
    corpus::{Corpus, truth},
    leaning,
};

/// What an engine found of some passages.
#[derive(Debug, Default)]
struct Tally {
    /// By label and whether the piece was invented: covered and all.
    pieces: BTreeMap<(Label, bool), (u32, u32)>,
    alarms: u32,
    words: usize,
    clean: u32,
    touched: u32,
}

/// Prints what rules alone and rules with the tagger find of names that training never saw, genre
/// by genre; the last genre was never trained on.
pub(crate) fn print(corpus: &Corpus, weights: &Weights) {
    let engines = [
        ("rules".to_owned(), TextEngine::without_tagger()),
        ("tagger +0.0".to_owned(), leaning(weights, 0.0)),
        ("tagger +1.0".to_owned(), leaning(weights, 1.0)),
    ];
    println!(
        "{:10} {:12} NAME listed/invented   GEO listed/invented   EMPLOYER          alarms/1,000 words, clean passages touched",
        "", ""
    );
    for genre in Genre::ALL {
        for (name, engine) in &engines {
            let tally = Tally::of(corpus, genre, engine);
            println!("{:10} {name:12} {}", genre.word(), tally.line());
        }
    }
}

impl Tally {
    fn of(corpus: &Corpus, genre: Genre, engine: &TextEngine) -> Self {
        let mut tally = Self::default();
        let (mut scratch, mut findings) = (Scratch::default(), Vec::new());
        for number in 0..PASSAGES {
            let passage = corpus.passage(genre, number);
            engine.scan_into(&passage.text, None, &mut scratch, &mut findings);
            tally.add(&passage, &findings);
        }
        tally
    }

    fn add(&mut self, passage: &Passage, findings: &[cloister_phi::finding::Finding]) {
        self.words += passage.text.split_whitespace().count();
        for ((range, label), piece) in truth(passage).into_iter().zip(&passage.truth) {
            let text = passage.text.get(range.clone()).unwrap_or("");
            let covered = text.char_indices().all(|(at, letter)| {
                let at = range.start + at;
                !letter.is_alphanumeric() || findings.iter().any(|f| f.range().contains(&at))
            });
            let slot = self.pieces.entry((label, piece.invented)).or_default();
            slot.0 += u32::from(covered);
            slot.1 += 1;
        }
        let relevant = |f: &&cloister_phi::finding::Finding| {
            matches!(f.label, Label::Name | Label::Geo | Label::Employer)
        };
        let found: Vec<_> = findings.iter().filter(relevant).collect();
        let false_one = |f: &&&cloister_phi::finding::Finding| {
            !passage
                .truth
                .iter()
                .any(|piece| piece.start < f.end && f.start < piece.end)
        };
        self.alarms += u32::try_from(found.iter().filter(false_one).count()).unwrap_or(0);
        if passage.truth.is_empty() {
            self.clean += 1;
            self.touched += u32::from(!found.is_empty());
        }
    }

    fn line(&self) -> String {
        let share = |label, invented| {
            let (covered, all) = self
                .pieces
                .get(&(label, invented))
                .copied()
                .unwrap_or_default();
            if all == 0 {
                "    - ".to_owned()
            } else {
                format!("{:6.3}", f64::from(covered) / f64::from(all))
            }
        };
        format!(
            "{} {}         {} {}         {} {}   {:6.2}   {}/{}",
            share(Label::Name, false),
            share(Label::Name, true),
            share(Label::Geo, false),
            share(Label::Geo, true),
            share(Label::Employer, false),
            share(Label::Employer, true),
            f64::from(self.alarms) * 1000.0 / self.words as f64,
            self.touched,
            self.clean,
        )
    }
}

/// Passages of each genre to measure on.
const PASSAGES: u32 = 1_000;
