//! The text engine: finds identifiers in running text.
//!
//! A text goes through in blocks of some tens of kilobytes. Each block is folded (odd characters
//! made plain), cut into tokens with one dictionary look-up a word, and then read once from left to
//! right: every token that may open an identifier calls the rule for it. Numbers are matched by one
//! multi-pattern automaton anchored where a number begins. Overlapping findings are merged so that
//! nothing any rule found stays uncovered.

mod ages;
mod block;
pub(crate) mod dates;
mod fold;
mod formats;
mod genre;
mod internet;
mod labelled;
pub mod likeness;
mod located;
mod merge;
mod names;
mod ocr;
mod page;
mod phones;
mod places;
mod plates;
pub(crate) mod rules;
pub(crate) mod serial;
mod streets;
pub(crate) mod token;
mod whole;

use std::{fmt, ops::Range};

use crate::{
    classifier::Classifier,
    dictionary::{Dictionary, class::Class, hash},
    finding::Finding,
    known::KnownPerson,
    label::Label,
    tagger::{self, Lesson, Tagger},
};

use block::Blocks;
use fold::Folded;
use formats::Formats;
use genre::Genre;
pub(crate) use page::Page;
use token::{Token, tokenize};

/// Finds identifiers in running text with built-in dictionaries, formats and context rules.
///
/// Building takes some milliseconds; scanning needs only `&self`, so one engine serves all
/// threads. The same text always gives the same findings.
///
/// ```
/// use cloister_phi::{label::Label, text::TextEngine};
/// let engine = TextEngine::new();
/// let findings = engine.scan("Dr. Quillfeather called on 3/14/2021.", None);
/// let labels: Vec<Label> = findings.iter().map(|finding| finding.label).collect();
/// assert_eq!(labels, [Label::Name, Label::Date]);
/// ```
pub struct TextEngine {
    dictionary: Dictionary,
    formats: Formats,
    tagger: Option<Tagger>,
    classifier: Option<Classifier>,
}

/// What reads sentences after the rules.
#[derive(Clone, Copy, Default)]
struct Readers<'a> {
    tagger: Option<&'a Tagger>,
    classifier: Option<&'a Classifier>,
}

/// Buffers that are kept between scans, so that a scan allocates nothing once they have grown.
#[derive(Debug, Default)]
pub struct Scratch {
    folded: Folded,
    tokens: Vec<Token>,
    raw: Vec<Finding>,
    undecided: u64,
    tagger: tagger::Scratch,
}

impl Scratch {
    /// How many words of the last text nothing could decide: capitalised, of mixed case or of
    /// letters and digits, in no list, and in no finding.
    pub const fn undecided(&self) -> u64 {
        self.undecided
    }
}

impl TextEngine {
    /// An engine with the built-in dictionaries and the built-in tagger.
    pub fn new() -> Self {
        Self {
            tagger: Tagger::built_in(),
            ..Self::without_tagger()
        }
    }

    /// An engine with rules and dictionaries only: several times faster, and blind to names that
    /// neither a list nor a cue gives away.
    pub fn without_tagger() -> Self {
        Self {
            dictionary: Dictionary::built_in(),
            formats: Formats::new(),
            tagger: None,
            classifier: None,
        }
    }

    /// This engine with another tagger.
    #[must_use]
    pub fn with_tagger(self, tagger: Tagger) -> Self {
        Self {
            tagger: Some(tagger),
            ..self
        }
    }

    /// This engine with a classifier that the user brought: it reads every text after rules and
    /// tagger, and adds what they left.
    #[must_use]
    pub fn with_classifier(self, classifier: Classifier) -> Self {
        Self {
            classifier: Some(classifier),
            ..self
        }
    }

    /// The classifier that the user brought, if one was.
    pub const fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
    }

    /// The sentences of a text that the tagger would read, for training it.
    ///
    /// `truth` holds the pieces that identify somebody, as bytes of `text`. `forget` is asked for
    /// every word, by its bytes, whether the dictionary is to know nothing of it here; and for every
    /// number that the rules found, whether they are to have missed it.
    pub fn lessons(
        &self,
        text: &str,
        truth: &[(Range<usize>, Label)],
        forget: &mut dyn FnMut(Range<usize>) -> bool,
    ) -> Vec<Lesson> {
        let mut tokens = Vec::new();
        tokenize(&self.dictionary, text, &mut tokens);
        for token in tokens.iter_mut().filter(|token| token.is_word()) {
            if forget(token.range()) {
                token.forget();
            }
        }
        let page = self.page(text, &tokens);
        let mut found = Vec::new();
        self.rule(text, &page, None, &mut found);
        let mut is_missed = |finding: &Finding| {
            let text = text.get(finding.range()).unwrap_or_default();
            text.bytes().any(|byte| byte.is_ascii_digit()) && forget(finding.range())
        };
        found.retain(|finding| !is_missed(finding));
        tagger::lessons(&page, &found, truth)
    }

    /// What rules and dictionaries find, with what is known of the person.
    fn rule(
        &self,
        text: &str,
        page: &Page<'_>,
        known: Option<&KnownPerson>,
        found: &mut Vec<Finding>,
    ) {
        found.clear();
        rules::apply(page, &self.formats, found);
        if let Some(known) = known.filter(|known| !known.is_empty()) {
            known.find(page, found);
        }
        merge::merge(text, found);
        places::join(page, found);
        merge::merge(text, found);
        whole::widen(page, found);
        merge::merge(text, found);
    }

    fn page<'a>(&'a self, text: &'a str, tokens: &'a [Token]) -> Page<'a> {
        let genre = Genre::of(tokens);
        Page {
            text: text.as_bytes(),
            tokens,
            dictionary: &self.dictionary,
            is_shouted: genre.is_shouted,
            is_small: genre.is_small,
            is_clinical: genre.is_clinical,
            is_prose: genre.is_prose,
        }
    }

    /// The version of the word lists: changes with any word of them.
    pub fn dictionary_version(&self) -> String {
        format!("lists-{:016x}", self.dictionary.fingerprint())
    }

    /// The identifiers in `text`, sorted by place, without overlaps, on character boundaries.
    ///
    /// `known` adds what the structured record knows about the person the text is about.
    pub fn scan(&self, text: &str, known: Option<&KnownPerson>) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.scan_into(text, known, &mut Scratch::default(), &mut findings);
        findings
    }

    /// Like [`scan`](Self::scan), for many texts: `findings` is cleared and filled, `scratch` is
    /// reused.
    pub fn scan_into(
        &self,
        text: &str,
        known: Option<&KnownPerson>,
        scratch: &mut Scratch,
        findings: &mut Vec<Finding>,
    ) {
        let readers = Readers {
            tagger: self.tagger.as_ref(),
            classifier: self.classifier.as_ref(),
        };
        self.scan_blocks(text, known, readers, scratch, findings);
    }

    /// Like [`scan`](Self::scan) with rules and dictionaries only: for the cell of a column, which
    /// has no sentence that a tagger could read.
    pub(crate) fn scan_by_rules(&self, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (rules, mut scratch) = (Readers::default(), Scratch::default());
        self.scan_blocks(text, None, rules, &mut scratch, &mut findings);
        findings
    }

    fn scan_blocks(
        &self,
        text: &str,
        known: Option<&KnownPerson>,
        readers: Readers<'_>,
        scratch: &mut Scratch,
        findings: &mut Vec<Finding>,
    ) {
        findings.clear();
        scratch.undecided = 0;
        for (offset, block) in Blocks::of(text) {
            self.scan_block(block, known, readers, scratch);
            findings.extend(scratch.raw.iter().map(|finding| Finding {
                start: finding.start + offset,
                end: finding.end + offset,
                ..*finding
            }));
        }
    }

    /// Whether a word that stands alone, as in the name of a file, could be somebody's name: a list
    /// of names has it and no list of plain words, or it is capitalised and in no list at all.
    ///
    /// ```
    /// let engine = cloister_phi::text::TextEngine::new();
    /// assert!(engine.could_be_name("Lakin"));
    /// assert!(engine.could_be_name("Quillfeather"));
    /// assert!(!engine.could_be_name("laboratory"));
    /// ```
    pub fn could_be_name(&self, word: &str) -> bool {
        let class = self.dictionary.class(hash(word.as_bytes()));
        let is_plain = class.has(Class::COMMON | Class::MEDICAL);
        let is_capital = word.chars().next().is_some_and(char::is_uppercase);
        let letters = word.chars().count();
        let is_unknown = class == Class::NONE && is_capital && letters > 4;
        (class.has(Class::GIVEN | Class::SURNAME) && !is_plain && letters > 3) || is_unknown
    }

    /// Whether the built-in lists hold every word of two letters or more: asked when recall is
    /// measured, never when text is read.
    pub fn lists(&self, words: &str) -> bool {
        let mut tokens = Vec::new();
        tokenize(&self.dictionary, words, &mut tokens);
        let words = tokens
            .iter()
            .filter(|token| token.is_word() && token.len() > 1);
        words.into_iter().all(|token| token.class != Class::NONE)
    }

    /// Words of a text that no list has and no finding covers, though their form could be a name's
    /// or a code's, in bytes: what people should look at. The findings are in order.
    pub fn undecided_words(&self, text: &str, findings: &[Finding]) -> Vec<Range<usize>> {
        let mut tokens = Vec::new();
        tokenize(&self.dictionary, text, &mut tokens);
        undecided(&tokens, findings)
            .map(|token| token.start as usize..token.end as usize)
            .collect()
    }

    /// Whether a text is nothing but listed towns, states and countries: `Cambridge, MA`.
    pub(crate) fn is_town(&self, text: &str) -> bool {
        const PLACE: Class = Class::CITY
            .or(Class::STATE)
            .or(Class::STATE_CODE)
            .or(Class::COUNTRY);
        let listed = |part: &str| {
            let words: Vec<&str> = part.split_ascii_whitespace().collect();
            let is_place = |words: &[&str]| {
                self.dictionary
                    .class(hash(words.join(" ").as_bytes()))
                    .has(PLACE)
            };
            is_place(&words)
                || words
                    .split_last()
                    .is_some_and(|(last, town)| is_place(town) && is_place(&[last]))
        };
        !text.is_empty() && text.split(',').map(str::trim).all(listed)
    }

    /// Leaves the findings of one block in `scratch.raw`.
    fn scan_block(
        &self,
        block: &str,
        known: Option<&KnownPerson>,
        readers: Readers<'_>,
        scratch: &mut Scratch,
    ) {
        let is_folded = scratch.folded.fold(block);
        let text = if is_folded {
            scratch.folded.text()
        } else {
            block
        };
        tokenize(&self.dictionary, text, &mut scratch.tokens);
        let page = self.page(text, &scratch.tokens);
        self.rule(text, &page, known, &mut scratch.raw);
        let tagger = readers.tagger.filter(|_| !is_heading(&scratch.tokens));
        if let Some(tagger) = tagger {
            let count = scratch.raw.len();
            tagger.apply(&page, &mut scratch.tagger, &mut scratch.raw);
            if scratch.raw.len() > count {
                merge::merge(text, &mut scratch.raw);
                whole::widen(&page, &mut scratch.raw);
                merge::merge(text, &mut scratch.raw);
            }
        }
        if let Some(classifier) = readers.classifier {
            let count = scratch.raw.len();
            classifier.apply(&page, &mut scratch.raw);
            if scratch.raw.len() > count {
                merge::merge(text, &mut scratch.raw);
            }
        }
        scratch.undecided += undecided(&scratch.tokens, &scratch.raw).count() as u64;
        if is_folded {
            for finding in &mut scratch.raw {
                let range = scratch.folded.original(&finding.range());
                (finding.start, finding.end) = (range.start, range.end);
            }
        }
    }
}

impl Default for TextEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TextEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEngine").finish_non_exhaustive()
    }
}

/// Whether this is a heading or a term, `Low Density Lipoprotein Cholesterol`, and no sentence that
/// a tagger could read: a few words, none of them in lower case.
fn is_heading(tokens: &[Token]) -> bool {
    tokens.len() <= HEADING_MAX && tokens.iter().all(|token| token.kind != token::Kind::Lower)
}

const HEADING_MAX: usize = 12;

/// Words that no list has and no finding covers, though their form could be a name's or a code's.
fn undecided<'t>(tokens: &'t [Token], findings: &'t [Finding]) -> impl Iterator<Item = &'t Token> {
    let mut findings = findings.iter().peekable();
    tokens
        .iter()
        .filter(|token| {
            token.class == Class::NONE
                && token.len() > 2
                && matches!(
                    token.kind,
                    token::Kind::Title | token::Kind::Mixed | token::Kind::Code
                )
        })
        .filter(move |token| {
            let start = token.start as usize;
            while findings.next_if(|finding| finding.end <= start).is_some() {}
            findings.peek().is_none_or(|finding| finding.start > start)
        })
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
