use std::fmt::Write as _;

use crate::{
    Pack,
    figures::{count, seconds},
    pack::{Outcome, StageRow},
};

/// The run on one terminal screen: stage, outcome, time, what was produced, what was proved.
///
/// Plain text, at most 100 columns wide, no control characters, ends with a line end.
pub fn summary_screen(pack: &Pack) -> String {
    let mut out = String::new();
    let study = &pack.study;
    say(&mut out, &clipped(&study.title, WIDTH));
    let basis = format!(
        "study {} · run {} · {} · basis {}",
        study.id, study.run, study.purpose, study.legal_basis
    );
    say(&mut out, &clipped(&basis, WIDTH));
    if study.synthetic {
        say(&mut out, "every record in this run is invented");
    }
    say(&mut out, "");
    say(&mut out, &row("stage", "time", "produced", "proved"));
    say(&mut out, &row("-----", "----", "--------", "------"));
    for stage in &pack.stages {
        stage_lines(&mut out, stage);
    }
    say(&mut out, "");
    say(&mut out, &gates(pack));
    let log = format!(
        "audit log: {} entries, root {}, signed by {}",
        count(pack.log.size),
        pack.log.root.short(),
        pack.log.signed_by
    );
    say(&mut out, &clipped(&log, WIDTH));
    out
}

/// A stage that was not done shows its outcome where the time stands.
fn stage_lines(out: &mut String, stage: &StageRow) {
    let time = match stage.outcome {
        Outcome::Done => stage.seconds.map_or_else(String::new, seconds),
        other => other.word().to_owned(),
    };
    let produced = wrapped(&stage.produced, PRODUCED);
    let proved = wrapped(&stage.proved, PROVED);
    for line in 0..produced.len().max(proved.len()).max(1) {
        let cell = |cells: &[String]| cells.get(line).cloned().unwrap_or_default();
        let (name, time) = if line == 0 {
            (stage.stage.word(), time.as_str())
        } else {
            ("", "")
        };
        say(out, &row(name, time, &cell(&produced), &cell(&proved)));
    }
}

fn gates(pack: &Pack) -> String {
    let gates = pack
        .validation
        .as_ref()
        .map_or(&[][..], |validation| &validation.gates);
    if gates.is_empty() {
        return "gates: none in this study".to_owned();
    }
    let held = gates.iter().filter(|gate| gate.holds).count();
    let failed: Vec<&str> = gates
        .iter()
        .filter(|gate| !gate.holds)
        .map(|gate| gate.gate.as_str())
        .collect();
    let line = if failed.is_empty() {
        format!("gates: all {held} hold")
    } else {
        format!(
            "gates: {held} of {} hold; not: {}",
            gates.len(),
            failed.join(", ")
        )
    };
    clipped(&line, WIDTH)
}

fn row(stage: &str, time: &str, produced: &str, proved: &str) -> String {
    let line = format!("{stage:<STAGE$} {time:>TIME$}  {produced:<PRODUCED$}  {proved}");
    line.trim_end().to_owned()
}

/// Words in lines of at most `width` letters; a longer word is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace().map(|word| clipped(word, width)) {
        match lines.last_mut() {
            Some(line) if letters(line) + 1 + letters(&word) <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn clipped(text: &str, width: usize) -> String {
    let clean: String = text.chars().filter(|letter| !letter.is_control()).collect();
    if letters(&clean) <= width {
        return clean;
    }
    clean.chars().take(width - 1).chain(['…']).collect()
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

fn say(out: &mut String, line: &str) {
    // Writing to a string cannot fail.
    writeln!(out, "{line}").unwrap_or_default();
}

const WIDTH: usize = 100;
const STAGE: usize = 10;
const TIME: usize = 11;
const PRODUCED: usize = 32;
const PROVED: usize = WIDTH - STAGE - 1 - TIME - 2 - PRODUCED - 2;
