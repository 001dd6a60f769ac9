//! Texts written by hand, freely and by several writers, with everything marked that identifies
//! somebody. Nobody in them is real.
//!
//! No template stands behind them, so they tell how well a detector reads what people really type.
//! Whole writers are held out: nobody who writes rules reads them.
//!
//! The markup: `# voice` on the first line, records separated by lines of `---`, and in a record
//! `[[LABEL|text]]` for a stretch that identifies somebody.

use std::ops::Range;

use crate::examination::Half;

/// What a writer was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Short queries to a search box, a colleague or a language model, with identifiers.
    Queries,
    /// Queries without any, full of words that look like one.
    Clean,
    /// General sentences of many countries; some without identifiers.
    Sentences,
    /// Long notes.
    Notes,
}

/// One text by one writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Unique over all of them, as `a-queries-017`.
    pub id: String,
    /// What was asked for.
    pub sort: Sort,
    /// Whether rules may be written from it.
    pub half: Half,
    /// Who speaks, from the first line of the file.
    pub voice: &'static str,
    /// The text, UTF-8, without the markup.
    pub text: String,
    /// The marked stretches, in bytes of the text, ascending, with the labels of the command line.
    pub spans: Vec<(Range<usize>, &'static str)>,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Queries, Self::Clean, Self::Sentences, Self::Notes];

    /// A word for tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queries => "written-queries",
            Self::Clean => "written-clean",
            Self::Sentences => "written-sentences",
            Self::Notes => "written-notes",
        }
    }
}

impl Written {
    /// The texts of one sort and half, writer by writer, in the order they were written.
    pub fn all(sort: Sort, half: Half) -> Vec<Self> {
        let shelves = SHELVES.iter().filter(|shelf| shelf.half == half);
        shelves
            .flat_map(|shelf| shelf.files.iter().map(move |file| (shelf, file)))
            .filter(|(_, (own, _))| *own == sort)
            .flat_map(|(shelf, (_, source))| read(shelf.writer, sort, half, source))
            .collect()
    }
}

fn read(writer: char, sort: Sort, half: Half, source: &'static str) -> Vec<Written> {
    let (voice, body) = source.split_once('\n').unwrap_or((source, ""));
    let voice = voice.trim_start_matches(['#', ' ']);
    let records = records(body).into_iter().enumerate();
    records
        .map(|(number, record)| {
            let (text, spans) = unmark(record);
            let sort_word = sort.word().trim_start_matches("written-");
            Written {
                id: format!("{writer}-{sort_word}-{number:03}"),
                sort,
                half,
                voice,
                text,
                spans,
            }
        })
        .collect()
}

/// The records between lines of `---`, without the line breaks at either end.
fn records(body: &'static str) -> Vec<&'static str> {
    let mut records = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in body.split_inclusive('\n') {
        if line.trim_end() == "---" {
            records.push(body.get(start..at).unwrap_or_default());
            start = at + line.len();
        }
        at += line.len();
    }
    records.push(body.get(start..).unwrap_or_default());
    let records = records.into_iter().map(|record| record.trim_matches('\n'));
    records.filter(|record| !record.trim().is_empty()).collect()
}

/// A record's text and the stretches marked in it; what is no well-formed mark stays text.
fn unmark(record: &'static str) -> (String, Vec<(Range<usize>, &'static str)>) {
    let mut text = String::with_capacity(record.len());
    let mut spans = Vec::new();
    let mut rest = record;
    while let Some((before, after)) = rest.split_once("[[") {
        text.push_str(before);
        if let Some((label, inside, behind)) = mark(after) {
            let start = text.len();
            text.push_str(inside);
            spans.push((start..text.len(), label));
            rest = behind;
        } else {
            text.push_str("[[");
            rest = after;
        }
    }
    text.push_str(rest);
    (text, spans)
}

/// `LABEL|text]]`: the label, the text, what follows.
fn mark(source: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (inside, behind) = source.split_once("]]")?;
    let (label, text) = inside.split_once('|')?;
    let named = label
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let plain = !text.is_empty() && !text.contains(['[', ']', '|']);
    (named && !label.is_empty() && plain).then_some((label, text, behind))
}

/// What one writer wrote.
struct Shelf {
    writer: char,
    half: Half,
    files: &'static [(Sort, &'static str)],
}

macro_rules! shelf {
    ($writer:literal, $half:ident, $($sort:ident = $file:literal),*) => {
        Shelf {
            writer: $writer,
            half: Half::$half,
            files: &[$((
                Sort::$sort,
                include_str!(concat!("../data/written/", $writer, "/", $file, ".txt")),
            )),*],
        }
    };
}

static SHELVES: [Shelf; 16] = [
    shelf!(
        'a',
        Development,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!(
        'b',
        Development,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!(
        'c',
        HeldOut,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!(
        'd',
        HeldOut,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!(
        'e',
        Development,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences"
    ),
    shelf!(
        'f',
        Development,
        Queries = "queries",
        Clean = "clean",
        Notes = "notes"
    ),
    shelf!(
        'g',
        Development,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!(
        'i',
        HeldOut,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!(
        'j',
        HeldOut,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!('k', Development, Queries = "queries", Clean = "clean"),
    shelf!('l', Development, Clean = "clean", Notes = "notes"),
    shelf!(
        'm',
        Development,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences"
    ),
    shelf!(
        'n',
        HeldOut,
        Queries = "queries",
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
    shelf!('o', Development, Queries = "queries", Clean = "clean"),
    shelf!('p', Development, Queries = "queries", Clean = "clean"),
    shelf!(
        'q',
        Development,
        Clean = "clean",
        Sentences = "sentences",
        Notes = "notes"
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_stretches_and_what_is_no_mark_stays() {
        let (text, spans) = unmark("pt [[NAME|Ana Lopez]], [[not a mark]] x [[MRN|1]]");

        assert_eq!(text, "pt Ana Lopez, [[not a mark]] x 1");
        let found: Vec<_> = spans
            .iter()
            .map(|(range, label)| (text.get(range.clone()).unwrap_or_default(), *label))
            .collect();
        assert_eq!(found, [("Ana Lopez", "NAME"), ("1", "MRN")]);
    }

    #[test]
    fn records_end_at_lines_of_dashes_only() {
        let source = "# a voice\nfirst -- line\n---\n\n---\nsecond\nwith --- inside\n";
        let read = read('x', Sort::Queries, Half::Development, source);

        let texts: Vec<&str> = read.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["first -- line", "second\nwith --- inside"]);
        assert_eq!(read[0].voice, "a voice");
    }

    #[test]
    fn every_file_reads_to_marks_on_boundaries_without_remains() {
        for sort in Sort::ALL {
            for half in Half::ALL {
                let all = Written::all(sort, half);
                assert!(!all.is_empty());
                for one in all {
                    let whole = one
                        .spans
                        .iter()
                        .all(|(range, _)| one.text.get(range.clone()).is_some());
                    // Not the text itself: held-out texts are not shown, not even by a test.
                    assert!(whole && !one.text.contains("]]"), "{}", one.id);
                    assert!(sort != Sort::Clean || one.spans.is_empty(), "{}", one.id);
                }
            }
        }
    }
}
