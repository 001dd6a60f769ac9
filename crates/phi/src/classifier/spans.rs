use crate::label::Label;

use super::{
    Reading,
    labels::{LabelMap, Meaning, Words},
    tokenizer::Piece,
};

/// A word of the text and what the model says of it.
#[derive(Debug, PartialEq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: Option<Label>,
    pub(super) begins: bool,
    pub(super) probability: f32,
}

/// The words that the pieces make, each judged by one of its pieces.
///
/// A word is an identifier when the classes that mean one have together the threshold's
/// probability; which kind it is, the likeliest of them says. A probability that is no number
/// counts as certain: what cannot be judged is not let through.
pub(super) fn words(
    pieces: &[Piece],
    shares: &[Vec<f32>],
    meanings: &[Meaning],
    map: &LabelMap,
) -> Vec<Word> {
    let judged: Vec<(&Piece, &[f32])> = pieces
        .iter()
        .zip(shares.iter().map(Vec::as_slice))
        .collect();
    judged
        .chunk_by(|(one, _), (two, _)| one.word == two.word)
        .filter_map(|word| judge(word, meanings, map))
        .collect()
}

fn judge(word: &[(&Piece, &[f32])], meanings: &[Meaning], map: &LabelMap) -> Option<Word> {
    let ((first, opening), (last, _)) = (word.first()?, word.last()?);
    let speaker = match map.words() {
        Words::First => opening,
        Words::Likeliest => {
            let likelier = word.iter().map(|(_, shares)| shares);
            likelier.max_by(|one, two| {
                identifies(one, meanings).total_cmp(&identifies(two, meanings))
            })?
        }
    };
    let probability = identifies(speaker, meanings);
    let label = (probability >= map.threshold()).then(|| likeliest(speaker, meanings));
    Some(Word {
        start: first.start,
        end: last.end,
        label,
        begins: label.is_some_and(|label| begins(opening, meanings, label)),
        probability,
    })
}

/// The probability that a piece identifies somebody.
fn identifies(shares: &[f32], meanings: &[Meaning]) -> f32 {
    let stays = |(_, meaning): &(&f32, &Meaning)| meaning.label.is_none();
    let kept: f32 = shares
        .iter()
        .zip(meanings)
        .filter(stays)
        .map(|(share, _)| share)
        .sum();
    if kept.is_finite() {
        (1.0 - kept).clamp(0.0, 1.0)
    } else {
        1.0
    }
}

fn likeliest(shares: &[f32], meanings: &[Meaning]) -> Label {
    let share_of = |label: Label| -> f32 {
        let own = shares.iter().zip(meanings);
        own.filter(|(_, meaning)| meaning.label == Some(label))
            .map(|(share, _)| share)
            .sum()
    };
    // Of two alike the first in the order of the rule.
    let best = Label::ALL
        .into_iter()
        .rev()
        .map(|label| (share_of(label), label));
    let best = best.filter(|(share, _)| *share > 0.0);
    best.max_by(|one, two| one.0.total_cmp(&two.0))
        .map_or(Label::OtherId, |(_, label)| label)
}

/// Whether an identifier of this kind rather begins with a piece than goes on.
fn begins(shares: &[f32], meanings: &[Meaning], label: Label) -> bool {
    let share_of = |begins: bool| -> f32 {
        let own = shares.iter().zip(meanings);
        own.filter(|(_, meaning)| meaning.label == Some(label) && meaning.begins == begins)
            .map(|(share, _)| share)
            .sum()
    };
    share_of(true) > share_of(false)
}

/// Words of one kind that stand together, as one.
pub(super) fn join(text: &str, words: &[Word]) -> Vec<Reading> {
    let mut readings: Vec<(Reading, usize)> = Vec::new();
    let mut is_open = false;
    for word in words {
        let Some(label) = word.label.filter(|_| word.start < word.end) else {
            is_open = word.start >= word.end && is_open;
            continue;
        };
        let last = readings.last_mut().filter(|(last, _)| {
            is_open
                && !word.begins
                && last.label == label
                && touch(text, last.range.end, word.start)
        });
        is_open = true;
        match last {
            Some((last, count)) => {
                last.range.end = word.end.max(last.range.end);
                last.probability += word.probability;
                *count += 1;
            }
            None => readings.push((reading(word, label), 1)),
        }
    }
    readings
        .into_iter()
        .map(|(reading, count)| mean(text, &reading, count))
        .collect()
}

/// Whether nothing but one line's end stands between two places.
fn touch(text: &str, from: usize, to: usize) -> bool {
    let between = text.get(from..to).unwrap_or_default();
    between.bytes().filter(|byte| *byte == b'\n').count() < 2
}

const fn reading(word: &Word, label: Label) -> Reading {
    Reading {
        range: word.start..word.end,
        label,
        probability: word.probability,
    }
}

fn mean(text: &str, reading: &Reading, count: usize) -> Reading {
    Reading {
        range: text.floor_char_boundary(reading.range.start)
            ..text.ceil_char_boundary(reading.range.end),
        label: reading.label,
        probability: reading.probability / count as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEANINGS: [Meaning; 4] = [
        Meaning {
            label: None,
            begins: false,
        },
        Meaning {
            label: Some(Label::Name),
            begins: true,
        },
        Meaning {
            label: Some(Label::Name),
            begins: false,
        },
        Meaning {
            label: Some(Label::Date),
            begins: false,
        },
    ];

    /// Text, where its pieces stand with their words, and the shares of each.
    fn found(text: &str, edit: &str, pieces: &[(usize, usize, usize, [f32; 4])]) -> Vec<Reading> {
        let map = LabelMap::edited(edit).unwrap();
        let shares: Vec<Vec<f32>> = pieces.iter().map(|piece| piece.3.to_vec()).collect();
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|&(start, end, word, _)| Piece {
                id: 0,
                start,
                end,
                word,
            })
            .collect();
        join(text, &words(&pieces, &shares, &MEANINGS, &map))
    }

    #[test]
    fn words_of_one_kind_are_one_finding_and_a_beginning_opens_another() {
        let (begin, inside) = ([0.1, 0.8, 0.1, 0.0], [0.1, 0.1, 0.8, 0.0]);
        let readings = found(
            "Ann Lee Bo",
            "",
            &[(0, 3, 0, begin), (4, 7, 1, inside), (8, 10, 2, begin)],
        );
        let ranges: Vec<_> = readings
            .iter()
            .map(|reading| reading.range.clone())
            .collect();
        assert_eq!(ranges, [0..7, 8..10]);
        assert!((readings[0].probability - 0.9).abs() < 1e-6);
    }

    #[test]
    fn a_word_is_found_by_the_sum_of_its_labels() {
        let readings = found("May", "", &[(0, 3, 0, [0.4, 0.2, 0.15, 0.25])]);
        assert_eq!(readings[0].label, Label::Name);
        assert!(
            found(
                "May",
                "threshold = 0.7",
                &[(0, 3, 0, [0.4, 0.2, 0.15, 0.25])]
            )
            .is_empty()
        );
    }

    #[test]
    fn one_piece_speaks_for_the_word() {
        let pieces = [
            (0, 3, 0, [0.9, 0.1, 0.0, 0.0]),
            (3, 6, 0, [0.1, 0.0, 0.9, 0.0]),
        ];
        assert_eq!(found("Quillf", "", &pieces)[0].range, 0..6);
        assert!(found("Quillf", "words = \"first\"", &pieces).is_empty());
    }

    #[test]
    fn an_empty_line_parts_what_is_alike() {
        let inside = [0.1, 0.0, 0.9, 0.0];
        assert_eq!(
            found("a\nb", "", &[(0, 1, 0, inside), (2, 3, 1, inside)]).len(),
            1
        );
        assert_eq!(
            found("a\n\nb", "", &[(0, 1, 0, inside), (3, 4, 1, inside)]).len(),
            2
        );
    }

    #[test]
    fn what_is_no_number_is_not_let_through() {
        assert_eq!(
            found("x", "", &[(0, 1, 0, [f32::NAN; 4])])[0].label,
            Label::OtherId
        );
    }
}
