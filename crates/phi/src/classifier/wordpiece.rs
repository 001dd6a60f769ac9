use serde::Deserialize;
use serde_json::Value;

use super::{
    characters::Characters,
    error::ClassifierError,
    tokenizer::{
        Piece, TokenizerFiles, Vocabulary, Whole, highest, refuse_shared_numbers, refused, utf8,
    },
};

/// BERT's tokenizer: text made plain, cut at blanks and signs, and each word cut into the longest
/// pieces that the vocabulary has (Devlin et al. 2019; Wu et al. 2016).
#[derive(Debug)]
pub(super) struct WordPiece {
    vocabulary: Vocabulary,
    unknown: u32,
    prefix: String,
    choices: Choices,
    characters: Characters,
}

/// What is made plain before cutting.
#[derive(Clone, Copy, Debug)]
struct Choices {
    lowers: bool,
    strips_accents: bool,
    cuts_ideographs: bool,
}

/// The keys of `tokenizer_config.json`, and of the normaliser in `tokenizer.json`.
#[derive(Default, Deserialize)]
struct Stated {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(alias = "do_lower_case")]
    lowercase: Option<bool>,
    strip_accents: Option<bool>,
    #[serde(alias = "tokenize_chinese_chars")]
    handle_chinese_chars: Option<bool>,
}

/// A letter of a word made plain, and where it came from.
#[derive(Clone, Copy, Debug)]
struct Letter {
    plain: char,
    start: usize,
    end: usize,
}

impl WordPiece {
    /// From `tokenizer.json`, else from `vocab.txt` and `tokenizer_config.json`.
    pub(super) fn read(
        whole: Option<Whole>,
        files: &TokenizerFiles<'_>,
    ) -> Result<Self, ClassifierError> {
        let (vocabulary, prefix, stated) = match (whole, files.words) {
            (Some(whole), _) => of_whole(whole)?,
            (None, Some(words)) => (of_lines(words)?, None, choices(files.choices)?),
            (None, None) => return Err(ClassifierError::Missing("tokenizer.json".to_owned())),
        };
        refuse_shared_numbers(&vocabulary)?;
        let unknown = vocabulary.get("[UNK]").copied();
        Ok(Self {
            unknown: unknown.ok_or_else(|| refused("`[UNK]` is not among its words"))?,
            prefix: prefix.unwrap_or_else(|| "##".to_owned()),
            choices: Choices::of(&stated, &vocabulary),
            characters: Characters::built_in(),
            vocabulary,
        })
    }

    /// The number of a word.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.vocabulary.get(word).copied()
    }

    /// The highest number of a word.
    pub(super) fn highest(&self) -> u32 {
        highest(&self.vocabulary)
    }

    /// The pieces of a text, in order.
    pub(super) fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut word = Vec::new();
        let mut count = 0;
        let mut close = |word: &mut Vec<Letter>| {
            if !word.is_empty() {
                self.cut(word, count, &mut pieces);
                count += 1;
                word.clear();
            }
        };
        for (start, letter) in text.char_indices() {
            let end = start + letter.len_utf8();
            if self.characters.is_dropped(letter) {
                continue;
            }
            if letter.is_whitespace() {
                close(&mut word);
                continue;
            }
            let alone = self.stands_alone(letter);
            if alone {
                close(&mut word);
            }
            self.plain(letter, &mut |plain| {
                word.push(Letter { plain, start, end });
            });
            if alone {
                close(&mut word);
            }
        }
        close(&mut word);
        pieces
    }

    fn stands_alone(&self, letter: char) -> bool {
        self.characters.is_punctuation(letter)
            || self.choices.cuts_ideographs && Characters::is_ideograph(letter)
    }

    fn plain(&self, letter: char, out: &mut dyn FnMut(char)) {
        let mut lower = |letter: char| {
            if self.choices.lowers {
                letter.to_lowercase().for_each(&mut *out);
            } else {
                out(letter);
            }
        };
        if self.choices.strips_accents {
            self.characters.push_bare(letter, &mut lower);
        } else {
            lower(letter);
        }
    }

    /// Longest pieces first; a word with a letter that no piece has is unknown as a whole.
    fn cut(&self, letters: &[Letter], word: usize, pieces: &mut Vec<Piece>) {
        let before = pieces.len();
        let mut rest = letters;
        while !rest.is_empty() && letters.len() <= WORD_LETTERS_MAX {
            let is_first = rest.len() == letters.len();
            let Some((id, length)) = self.longest(rest, is_first) else {
                break;
            };
            let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            pieces.extend(piece_over(piece, id, word));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.truncate(before);
            pieces.extend(piece_over(letters, self.unknown, word));
        }
    }

    /// The longest piece at the head of these letters, and how many it takes.
    fn longest(&self, letters: &[Letter], is_first: bool) -> Option<(u32, usize)> {
        let mut spelled = if is_first {
            String::new()
        } else {
            self.prefix.clone()
        };
        let own = spelled.len();
        spelled.extend(letters.iter().map(|letter| letter.plain));
        for length in (1..=letters.len()).rev() {
            if let Some(id) = self.vocabulary.get(&spelled) {
                return Some((*id, length));
            }
            if spelled.len() > own {
                spelled.pop();
            }
        }
        None
    }
}

fn piece_over(letters: &[Letter], id: u32, word: usize) -> Option<Piece> {
    let (first, last) = (letters.first()?, letters.last()?);
    Some(Piece {
        id,
        start: first.start,
        end: last.end,
        word,
    })
}

impl Choices {
    fn of(stated: &Stated, vocabulary: &Vocabulary) -> Self {
        let lowers = stated
            .lowercase
            .unwrap_or_else(|| !has_capitals(vocabulary));
        Self {
            lowers,
            strips_accents: stated.strip_accents.unwrap_or(lowers),
            cuts_ideographs: stated.handle_chinese_chars.unwrap_or(true),
        }
    }
}

/// Whether a word of the vocabulary that is no mark has a capital: then capitals count.
fn has_capitals(vocabulary: &Vocabulary) -> bool {
    vocabulary
        .keys()
        .any(|word| !word.starts_with('[') && word.chars().any(char::is_uppercase))
}

type Parts = (Vocabulary, Option<String>, Stated);

fn of_whole(whole: Whole) -> Result<Parts, ClassifierError> {
    if whole
        .model
        .kind
        .as_deref()
        .is_some_and(|kind| kind != "WordPiece")
    {
        return Err(refused("tokenizer.json is not of the kind WordPiece"));
    }
    let cutter = whole
        .pre_tokenizer
        .as_ref()
        .and_then(|cutter| cutter.get("type"));
    if cutter.is_some_and(|kind| kind != "BertPreTokenizer") {
        return Err(refused(
            "tokenizer.json cuts words in another way than BERT",
        ));
    }
    let stated: Stated = match whole.normalizer {
        None | Some(Value::Null) => Stated {
            lowercase: Some(false),
            ..Stated::default()
        },
        Some(value) => serde_json::from_value(value)
            .map_err(|_| refused("the normaliser of tokenizer.json is not of its form"))?,
    };
    if stated
        .kind
        .as_deref()
        .is_some_and(|kind| kind != "BertNormalizer")
    {
        return Err(refused(
            "tokenizer.json normalises in another way than BERT",
        ));
    }
    Ok((
        whole.model.vocab,
        whole.model.continuing_subword_prefix,
        stated,
    ))
}

fn choices(bytes: Option<&[u8]>) -> Result<Stated, ClassifierError> {
    match bytes {
        None => Ok(Stated::default()),
        Some(bytes) => serde_json::from_slice(bytes).map_err(|error| {
            refused(format!(
                "tokenizer_config.json, line {}, is not of its form",
                error.line()
            ))
        }),
    }
}

/// A word a line; its number is that of the line, from 0.
fn of_lines(bytes: &[u8]) -> Result<Vocabulary, ClassifierError> {
    let lines = utf8("vocab.txt", bytes)?.lines().zip(0_u32..);
    let words = lines.map(|(word, number)| (word.trim_end().to_owned(), number));
    Ok(words.filter(|(word, _)| !word.is_empty()).collect())
}

/// Longer words are unknown, as in the reference implementation.
const WORD_LETTERS_MAX: usize = 100;
