//! Examples in context; one of each sort before a second of any.

use std::{collections::BTreeMap, ops::Range};

#[derive(Debug, Default)]
pub(super) struct Samples {
    wanted: usize,
    by_sort: BTreeMap<String, Vec<String>>,
}

impl Samples {
    pub(super) fn new(wanted: usize) -> Self {
        Self {
            wanted,
            by_sort: BTreeMap::new(),
        }
    }

    pub(super) fn keep(&mut self, sort: String, text: impl FnOnce() -> String) {
        if self.wanted == 0 {
            return;
        }
        let kept = self.by_sort.entry(sort).or_default();
        if kept.len() < self.wanted {
            let text = text();
            if !kept.contains(&text) {
                kept.push(text);
            }
        }
    }

    pub(super) fn print(&self, title: &str) {
        if self.wanted == 0 || self.by_sort.is_empty() {
            return;
        }
        println!("\n  {title}");
        let rounds = 0..self.wanted;
        let sorts = |round: usize| {
            let sorts = self.by_sort.iter();
            sorts.filter_map(move |(sort, texts)| Some((sort, texts.get(round)?)))
        };
        for (sort, text) in rounds.flat_map(sorts).take(self.wanted) {
            println!("  {sort:<52} {text}");
        }
    }
}

/// A stretch in code points between marks with some letters on both sides, on one line.
pub(super) fn shown(text: &str, range: Range<usize>) -> String {
    let letters: Vec<char> = text.chars().collect();
    let part =
        |range: Range<usize>| -> String { letters.get(range).unwrap_or_default().iter().collect() };
    let before = part(range.start.saturating_sub(CONTEXT)..range.start);
    let after = part(range.end..(range.end + CONTEXT).min(letters.len()));
    format!("{before}>>{}<<{after}", part(range)).replace(['\n', '\r'], "|")
}

const CONTEXT: usize = 34;
