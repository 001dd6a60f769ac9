//! The counts of one reading of all notes.

use std::{collections::BTreeMap, ops::Range};

use domain::Identifier;
use hospital::{Note, TruthSpan};
use phi::finding::Finding;
use serde_json::{Map, Value, json};

use super::{Cover, share::Share};

/// Recall by group, notes that leak, false alarms.
#[derive(Debug, Default)]
pub(super) struct Tally {
    groups: BTreeMap<(u8, String), Share>,
    clean: BTreeMap<&'static str, Share>,
    alarms: BTreeMap<String, u64>,
    words: u64,
    misses: Samples,
    false_alarms: Samples,
    shows_held_out: bool,
}

/// Examples in context; one of each sort before a second of any.
#[derive(Debug, Default)]
struct Samples {
    wanted: usize,
    by_sort: BTreeMap<String, Vec<String>>,
}

impl Tally {
    /// A tally that shows so many misses and alarms; of held-out notes only on demand, because
    /// whoever has read them cannot write rules that are measured on them any more.
    pub(super) fn new(misses: usize, alarms: usize, shows_held_out: bool) -> Self {
        Self {
            misses: Samples::new(misses),
            false_alarms: Samples::new(alarms),
            shows_held_out,
            ..Self::default()
        }
    }

    pub(super) fn piece(&mut self, note: &Note, truth: &TruthSpan, cover: Cover) {
        let found = cover == Cover::Whole;
        let category = truth.category;
        let family = note.family.word();
        let mut groups = vec![
            (0, "everything".to_owned()),
            (1, format!("templates {family}{}", held_out(note))),
            (3, format!("{} {}", category.letter(), category.title())),
            (4, format!("{}: {}", category.letter(), truth.kind)),
        ];
        if is_name(truth) {
            let sort = if truth.rare {
                "in no dictionary"
            } else {
                "common"
            };
            groups.push((2, format!("names, {sort}")));
            if truth.rare && note.family.held_out() {
                groups.push((2, "names, in no dictionary, held out".to_owned()));
            }
        }
        for group in groups {
            self.groups
                .entry(group)
                .or_default()
                .count(&note.note_id, found);
        }
        if !found && (!note.family.held_out() || self.shows_held_out) {
            let part = if cover == Cover::Part { "part of " } else { "" };
            let sort = format!("{part}{} {family} {:?}", truth.kind, truth.of).to_lowercase();
            let text = shown(&note.text, truth.start..truth.end);
            self.misses.keep(sort, text);
        }
    }

    pub(super) fn note(&mut self, note: &Note, leaks: bool) {
        self.words += note.text.split_whitespace().count() as u64;
        for family in ["all", note.family.word()] {
            self.clean
                .entry(family)
                .or_default()
                .count(&note.note_id, !leaks);
        }
    }

    pub(super) fn alarm(&mut self, note: &Note, finding: &Finding) {
        let sort = format!("{} by {}", finding.label.word(), finding.detector);
        *self.alarms.entry(sort.clone()).or_default() += 1;
        if !note.family.held_out() || self.shows_held_out {
            self.false_alarms
                .keep(sort, shown(&note.text, finding.range()));
        }
    }

    fn alarms_per_thousand(&self) -> f64 {
        let all: u64 = self.alarms.values().sum();
        all as f64 * 1_000.0 / (self.words as f64).max(1.0)
    }

    pub(super) fn print(&self, in_full: bool) {
        println!(
            "  {:<34} {:>7} {:>6}  {:>9}   95 % interval",
            "", "pieces", "missed", "recall"
        );
        let mut level = 0;
        for ((at, name), share) in self.groups.iter().filter(|((at, _), _)| in_full || *at < 4) {
            if *at != level {
                println!();
                level = *at;
            }
            share.print(name);
        }
        println!("\n  notes from which nothing leaks");
        for (family, share) in &self.clean {
            share.print(family);
        }
        println!(
            "\n  false alarms: {:.2} per 1,000 words ({} words)",
            self.alarms_per_thousand(),
            self.words
        );
        for (sort, count) in self.alarms.iter().filter(|_| in_full) {
            println!("  {sort:<34} {count:>7}");
        }
        self.misses.print("misses");
        self.false_alarms.print("false alarms");
    }

    pub(super) fn document(&self) -> Value {
        let groups = self.groups.iter();
        let groups: Map<String, Value> = groups
            .map(|((_, name), share)| (name.clone(), share.document()))
            .collect();
        let clean = self.clean.iter();
        let clean: Map<String, Value> = clean
            .map(|(family, share)| ((*family).to_owned(), share.document()))
            .collect();
        json!({
            "recall": groups, "notes without a leak": clean,
            "false alarms per 1000 words": self.alarms_per_thousand(),
            "false alarms": self.alarms, "words": self.words,
        })
    }
}

impl Samples {
    fn new(wanted: usize) -> Self {
        Self {
            wanted,
            by_sort: BTreeMap::new(),
        }
    }

    fn keep(&mut self, sort: String, text: String) {
        if self.wanted > 0 {
            let kept = self.by_sort.entry(sort).or_default();
            if kept.len() < self.wanted && !kept.contains(&text) {
                kept.push(text);
            }
        }
    }

    fn print(&self, title: &str) {
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
            println!("  {sort:<42} {text}");
        }
    }
}

fn held_out(note: &Note) -> &'static str {
    if note.family.held_out() {
        " (held out)"
    } else {
        ""
    }
}

fn is_name(truth: &TruthSpan) -> bool {
    truth.category == Identifier::Name && truth.kind != "employer"
}

/// A stretch between marks with thirty characters on both sides, on one line.
fn shown(text: &str, range: Range<usize>) -> String {
    let part = |range: Range<usize>| text.get(range).unwrap_or("");
    let before: Vec<char> = part(0..range.start).chars().rev().take(CONTEXT).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = part(range.end..text.len()).chars().take(CONTEXT).collect();
    format!("{before}>>{}<<{after}", part(range)).replace(['\n', '\r'], "|")
}

const CONTEXT: usize = 30;
