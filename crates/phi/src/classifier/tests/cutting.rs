use crate::classifier::{
    TokenizerFiles, bytepair::BytePair, tokenizer::Piece, wordpiece::WordPiece,
};

use super::{WORDS, byte_pairs, words};

fn word_piece(choices: &str) -> WordPiece {
    let words = words();
    let files = TokenizerFiles {
        words: Some(&words),
        choices: Some(choices.as_bytes()),
        ..TokenizerFiles::default()
    };
    WordPiece::read(None, &files).unwrap()
}

fn shown<'a>(text: &'a str, pieces: &[Piece]) -> Vec<(&'static str, &'a str)> {
    let word = |piece: &Piece| WORDS[piece.id as usize];
    pieces
        .iter()
        .map(|piece| (word(piece), text.get(piece.start..piece.end).unwrap()))
        .collect()
}

/// The example of the paper.
#[test]
fn a_word_is_cut_into_the_longest_pieces() {
    let text = "Unaffable, un!";
    let pieces = word_piece("{}").pieces(text);
    assert_eq!(
        shown(text, &pieces),
        [
            ("un", "Un"),
            ("##aff", "aff"),
            ("##able", "able"),
            (",", ","),
            ("un", "un"),
            ("[UNK]", "!")
        ]
    );
    let words: Vec<usize> = pieces.iter().map(|piece| piece.word).collect();
    assert_eq!(words, [0, 0, 0, 1, 2, 3]);
}

#[test]
fn places_are_those_of_the_text_as_it_was() {
    let text = "Öst  Qui\u{301}ll\u{200B}feather—Lee 医a";
    let pieces = word_piece("{}").pieces(text);
    assert_eq!(
        shown(text, &pieces),
        [
            ("[UNK]", "Öst"),
            ("quillfeather", "Qui\u{301}ll\u{200B}feather"),
            ("[UNK]", "—"),
            ("lee", "Lee"),
            ("[UNK]", "医"),
            ("a", "a")
        ]
    );
}

#[test]
fn capitals_count_where_the_model_says_so() {
    let cased = word_piece(r#"{"do_lower_case": false}"#);
    assert_eq!(
        shown("Lee lee", &cased.pieces("Lee lee")),
        [("[UNK]", "Lee"), ("lee", "lee")]
    );
    let accents = word_piece(r#"{"do_lower_case": true, "strip_accents": false}"#);
    assert_eq!(shown("LÉE", &accents.pieces("LÉE")), [("[UNK]", "LÉE")]);
    assert_eq!(
        shown("LÉE", &word_piece("{}").pieces("LÉE")),
        [("lee", "LÉE")]
    );
}

#[test]
fn an_endless_word_is_unknown() {
    let text = "a".repeat(5000);
    let pieces = word_piece("{}").pieces(&text);
    assert_eq!(pieces.len(), 1);
    assert_eq!((pieces[0].id, pieces[0].end), (1, 5000));
}

#[test]
fn a_whole_tokenizer_says_the_same_as_its_parts() {
    let vocabulary: serde_json::Map<String, serde_json::Value> = WORDS
        .iter()
        .zip(0..)
        .map(|(word, number)| ((*word).to_owned(), number.into()))
        .collect();
    let whole = serde_json::json!({
        "normalizer": { "type": "BertNormalizer", "clean_text": true, "lowercase": true,
            "handle_chinese_chars": true, "strip_accents": null },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "model": { "type": "WordPiece", "vocab": vocabulary, "unk_token": "[UNK]",
            "continuing_subword_prefix": "##", "max_input_chars_per_word": 100 },
    });
    let whole = serde_json::from_value(whole).unwrap();
    let whole = WordPiece::read(Some(whole), &TokenizerFiles::default()).unwrap();
    let text = "Dr. Zorblax, seen on MONDAY in Téxas";
    assert_eq!(whole.pieces(text), word_piece("{}").pieces(text));
}

fn byte_pair(choices: &str) -> BytePair {
    let (numbers, merges) = byte_pairs();
    let files = TokenizerFiles {
        numbers: Some(&numbers),
        merges: Some(&merges),
        choices: Some(choices.as_bytes()),
        ..TokenizerFiles::default()
    };
    BytePair::read(None, &files).unwrap()
}

fn ids(text: &str, choices: &str) -> Vec<(u32, usize, usize, usize)> {
    let pieces = byte_pair(choices).pieces(text);
    let parts = pieces.iter();
    parts
        .map(|piece| (piece.id, piece.start, piece.end, piece.word))
        .collect()
}

#[test]
fn bytes_are_joined_by_merges_and_words_take_the_blank_before_them() {
    let byte = |letter: char| 4 + u32::from(letter);
    assert_eq!(
        ids("dr lee", "{}"),
        [
            (byte('d'), 0, 1, 0),
            (byte('r'), 1, 2, 0),
            (byte(' '), 3, 3, 1),
            (263, 3, 6, 1)
        ]
    );
    assert_eq!(
        ids("dr  dr's", r#"{"add_prefix_space": true}"#),
        [
            (261, 0, 2, 0),
            (byte(' '), 3, 3, 1),
            (261, 4, 6, 2),
            (byte('\''), 6, 7, 3),
            (byte('s'), 7, 8, 3)
        ]
    );
}

#[test]
fn letters_beyond_ascii_are_their_bytes() {
    assert_eq!(ids("é", "{}"), [(4 + 0xC3, 0, 1, 0), (4 + 0xA9, 1, 2, 0)]);
    assert_eq!(byte_pair("{}").pieces(&"ab".repeat(3000)).len(), 6000);
}
