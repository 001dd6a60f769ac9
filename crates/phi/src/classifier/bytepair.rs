use std::{collections::HashMap, ops::Range};

use regex_automata::{Input, meta::Regex};
use serde::Deserialize;
use serde_json::Value;

use super::{
    error::ClassifierError,
    tokenizer::{
        Merge, Piece, TokenizerFiles, Vocabulary, Whole, highest, refuse_shared_numbers, refused,
        utf8,
    },
};

/// RoBERTa's tokenizer: text cut into words with the blank before them, and the bytes of each word
/// joined by learned merges (Radford et al. 2019, section 2.2).
#[derive(Debug)]
pub(super) struct BytePair {
    vocabulary: Vocabulary,
    merges: Ranks,
    /// The number of each byte.
    bytes: Vec<Option<u32>>,
    unknown: u32,
    opens_with_blank: bool,
    words: Regex,
}

/// For two neighbours: how early they are joined, and into what.
type Ranks = HashMap<(u32, u32), (u32, u32)>;

/// A part of a word while it is joined.
#[derive(Clone, Copy, Debug)]
struct Part {
    id: u32,
    start: usize,
    end: usize,
}

#[derive(Default, Deserialize)]
struct Choices {
    add_prefix_space: Option<bool>,
}

impl BytePair {
    /// From `tokenizer.json`, else from `vocab.json` and `merges.txt`.
    pub(super) fn read(
        whole: Option<Whole>,
        files: &TokenizerFiles<'_>,
    ) -> Result<Self, ClassifierError> {
        let stated = choices(files.choices)?;
        let (vocabulary, merges, opens) = match (whole, files.numbers, files.merges) {
            (Some(whole), ..) => of_whole(whole)?,
            (None, Some(numbers), Some(merges)) => (of_numbers(numbers)?, of_lines(merges)?, None),
            (None, ..) => return Err(ClassifierError::Missing("tokenizer.json".to_owned())),
        };
        refuse_shared_numbers(&vocabulary)?;
        let number = |word: String| vocabulary.get(&word).copied();
        let unknown = number("<unk>".to_owned());
        Ok(Self {
            merges: numbered(&merges, &vocabulary)?,
            bytes: (0..=255)
                .map(|byte| number(shown(byte).to_string()))
                .collect(),
            unknown: unknown.ok_or_else(|| refused("`<unk>` is not among its words"))?,
            opens_with_blank: opens.or(stated.add_prefix_space).unwrap_or(false),
            words: Regex::new(WORDS).map_err(|_| refused("words cannot be told apart"))?,
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
        let opens = self.opens_with_blank && !text.starts_with(char::is_whitespace);
        if !opens || text.is_empty() {
            return self.cut(text);
        }
        let mut pieces = self.cut(&format!(" {text}"));
        for piece in &mut pieces {
            (piece.start, piece.end) = (piece.start.saturating_sub(1), piece.end.saturating_sub(1));
        }
        pieces
    }

    fn cut(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut at, mut word) = (0, 0);
        while let Some(range) = self.word(text, at) {
            at = range.end;
            for start in range.clone().step_by(WORD_BYTES_MAX) {
                let end = start.saturating_add(WORD_BYTES_MAX).min(range.end);
                self.join(text.as_bytes(), start..end, word, &mut pieces);
            }
            word += 1;
        }
        pieces
    }

    /// The word at or after a place. Of several blanks before a word the last belongs to it.
    fn word(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let found = self.words.find(Input::new(text).range(at..))?.range();
        let own = text.get(found.clone())?;
        let last = own.chars().next_back().filter(|last| last.is_whitespace());
        let shorter = found.end - last.map_or(0, char::len_utf8);
        if last.is_some() && found.end < text.len() && shorter > found.start {
            return Some(found.start..shorter);
        }
        Some(found)
    }

    /// Joins the neighbours that were learned earliest, until none is left.
    fn join(&self, text: &[u8], range: Range<usize>, word: usize, pieces: &mut Vec<Piece>) {
        let bytes = text.get(range.clone()).unwrap_or_default();
        let mut parts: Vec<Part> = bytes
            .iter()
            .zip(range)
            .map(|(byte, start)| Part {
                id: self.byte(*byte),
                start,
                end: start + 1,
            })
            .collect();
        while let Some((place, id)) = self.earliest(&parts) {
            let after = parts.remove(place + 1);
            if let Some(part) = parts.get_mut(place) {
                part.id = id;
                part.end = after.end;
            }
        }
        pieces.extend(parts.iter().map(|part| piece(text, part, word)));
    }

    /// The first of the neighbours that are to be joined next, and what they become.
    fn earliest(&self, parts: &[Part]) -> Option<(usize, u32)> {
        let pairs = parts.iter().zip(parts.iter().skip(1)).enumerate();
        let known = pairs.filter_map(|(place, (one, two))| {
            let (rank, id) = self.merges.get(&(one.id, two.id))?;
            Some((*rank, place, *id))
        });
        known.min().map(|(_, place, id)| (place, id))
    }

    fn byte(&self, byte: u8) -> u32 {
        let number = self.bytes.get(usize::from(byte)).copied().flatten();
        number.unwrap_or(self.unknown)
    }
}

/// Without the blanks before it, which are no part of an identifier.
fn piece(text: &[u8], part: &Part, word: usize) -> Piece {
    let own = text.get(part.start..part.end).unwrap_or_default();
    let blank = own.iter().take_while(|byte| byte.is_ascii_whitespace());
    Piece {
        id: part.id,
        start: part.start + blank.count(),
        end: part.end,
        word,
    }
}

/// The letter that stands for a byte in the vocabulary: itself where it can be seen, else one
/// beyond Latin-1, in order.
fn shown(byte: u8) -> char {
    let is_plain = |byte: u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    if is_plain(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|byte| !is_plain(*byte)).count();
    let number = u32::try_from(before).unwrap_or(0).saturating_add(256);
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

type Merges = Vec<(String, String)>;

fn of_whole(whole: Whole) -> Result<(Vocabulary, Merges, Option<bool>), ClassifierError> {
    if whole
        .model
        .kind
        .as_deref()
        .is_some_and(|kind| kind != "BPE")
    {
        return Err(refused("tokenizer.json is not of the kind BPE"));
    }
    if !matches!(whole.normalizer, None | Some(Value::Null)) {
        return Err(refused("tokenizer.json normalises, which RoBERTa does not"));
    }
    let cutter = whole.pre_tokenizer.unwrap_or(Value::Null);
    if cutter.get("type").is_none_or(|kind| kind != "ByteLevel") {
        return Err(refused("tokenizer.json does not cut into bytes"));
    }
    let merges = whole.model.merges.unwrap_or_default();
    let merges = merges.into_iter().map(|merge| match merge {
        Merge::Pair(one, two) => Ok((one, two)),
        Merge::Joined(both) => pair(&both),
    });
    let opens = cutter.get("add_prefix_space").and_then(Value::as_bool);
    Ok((whole.model.vocab, merges.collect::<Result<_, _>>()?, opens))
}

fn of_numbers(bytes: &[u8]) -> Result<Vocabulary, ClassifierError> {
    serde_json::from_slice(bytes).map_err(|error| {
        refused(format!(
            "vocab.json, line {}, is not of its form",
            error.line()
        ))
    })
}

fn of_lines(bytes: &[u8]) -> Result<Merges, ClassifierError> {
    let lines = utf8("merges.txt", bytes)?.lines();
    lines
        .filter(|line| !line.starts_with("#version") && !line.is_empty())
        .map(pair)
        .collect()
}

fn pair(both: &str) -> Result<(String, String), ClassifierError> {
    let (one, two) = both
        .split_once(' ')
        .ok_or_else(|| refused("a merge is no pair"))?;
    Ok((one.to_owned(), two.to_owned()))
}

fn choices(bytes: Option<&[u8]>) -> Result<Choices, ClassifierError> {
    match bytes {
        None => Ok(Choices::default()),
        Some(bytes) => serde_json::from_slice(bytes).map_err(|error| {
            refused(format!(
                "tokenizer_config.json, line {}, is not of its form",
                error.line()
            ))
        }),
    }
}

fn numbered(
    merges: &[(String, String)],
    vocabulary: &Vocabulary,
) -> Result<Ranks, ClassifierError> {
    let number = |word: &str| {
        vocabulary
            .get(word)
            .copied()
            .ok_or_else(|| refused("a merge names what is not among its words"))
    };
    let ranked = merges.iter().zip(0_u32..);
    ranked
        .map(|((one, two), rank)| {
            let both = number(&format!("{one}{two}"))?;
            Ok(((number(one)?, number(two)?), (rank, both)))
        })
        .collect()
}

/// The pattern of GPT-2 without its look-ahead, which [`BytePair::word`] stands in for.
const WORDS: &str = r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+";

/// Longer words are cut, since joining costs the square of their length.
const WORD_BYTES_MAX: usize = 256;
