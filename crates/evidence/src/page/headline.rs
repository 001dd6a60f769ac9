use super::{Cell, Column, Section, Tone, counted, table};
use crate::{
    Pack,
    figures::{count, number, score, seconds},
    pack::{Outcome, StageRow},
};

/// One figure at the top of the page.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) note: String,
    pub(super) tone: Tone,
}

/// The figures a board asks for first; only those that were measured.
pub(super) fn tiles(pack: &Pack) -> Vec<Tile> {
    [
        persons(pack),
        smallest_group(pack),
        privacy(pack),
        quality(pack),
        leakage(pack),
        gates(pack),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn tile(label: &'static str, value: String, note: String) -> Tile {
    Tile {
        label,
        value,
        note,
        tone: Tone::Plain,
    }
}

fn persons(pack: &Pack) -> Option<Tile> {
    let rows: u64 = pack.sources.iter().map(|source| source.rows).sum();
    let persons = pack
        .sources
        .iter()
        .filter_map(|source| source.persons)
        .max();
    let files = counted(pack.sources.len() as u64, "file", "files");
    match persons {
        Some(persons) => Some(tile(
            "Persons",
            count(persons),
            format!("{} rows in {files}", count(rows)),
        )),
        None if rows > 0 => Some(tile("Rows", count(rows), format!("in {files}"))),
        None => None,
    }
}

fn smallest_group(pack: &Pack) -> Option<Tile> {
    let risk = pack.risk.as_ref()?;
    let now = risk.after.as_ref().unwrap_or(&risk.before);
    let required = risk
        .k_required
        .map_or_else(String::new, |k| format!(", required {}", count(k)));
    Some(tile(
        "Smallest group (k)",
        count(now.k),
        format!("before {}{required}", count(risk.before.k)),
    ))
}

fn privacy(pack: &Pack) -> Option<Tile> {
    let training = pack.training.as_ref()?;
    let value = training.epsilon.map_or_else(|| "none".to_owned(), number);
    let note = match training.delta {
        Some(delta) => format!("delta {}, unit: {}", number(delta), training.unit),
        None => "trained without differential privacy".to_owned(),
    };
    Some(tile("Privacy cost (epsilon)", value, note))
}

fn quality(pack: &Pack) -> Option<Tile> {
    let validation = pack.validation.as_ref()?;
    Some(tile(
        "AUC on held-out rows",
        score(validation.auc?.value),
        validation.accuracy.map_or_else(
            || "accuracy not shown".to_owned(),
            |accuracy| format!("accuracy {}", score(accuracy.value)),
        ),
    ))
}

fn leakage(pack: &Pack) -> Option<Tile> {
    let attack = pack.validation.as_ref()?.membership.as_ref()?;
    Some(tile(
        "Membership attack AUC",
        score(attack.auc.value),
        "0.5 is guessing".to_owned(),
    ))
}

fn gates(pack: &Pack) -> Option<Tile> {
    let gates = &pack.validation.as_ref()?.gates;
    let held = gates.iter().filter(|gate| gate.holds).count();
    let all = held == gates.len();
    (!gates.is_empty()).then(|| Tile {
        label: "Gates",
        value: format!("{held} of {}", gates.len()),
        note: if all {
            "all hold".to_owned()
        } else {
            "not all hold".to_owned()
        },
        tone: if all { Tone::Good } else { Tone::Bad },
    })
}

pub(super) fn stages(pack: &Pack) -> Section {
    let done = pack
        .stages
        .iter()
        .filter(|row| row.outcome == Outcome::Done)
        .count();
    let time: f64 = pack.stages.iter().filter_map(|row| row.seconds).sum();
    let columns = [
        Column::text("Stage"),
        Column::text("Outcome"),
        Column::number("Time"),
        Column::text("What it produced"),
        Column::text("What it proved"),
        Column::number("Log"),
    ];
    Section {
        id: "run",
        title: "The run, stage by stage",
        lead: format!(
            "{done} of {} stages were done, in {}.",
            pack.stages.len(),
            seconds(time)
        ),
        blocks: vec![table(
            "Every stage with the number of its entry in the audit log",
            &columns,
            pack.stages.iter().map(stage).collect(),
        )],
    }
}

fn stage(row: &StageRow) -> Vec<Cell> {
    let tone = match row.outcome {
        Outcome::Done => Tone::Good,
        Outcome::Skipped => Tone::Muted,
        Outcome::Refused | Outcome::Failed => Tone::Bad,
    };
    vec![
        Cell::plain(row.stage.word()),
        Cell {
            text: row.outcome.word().to_owned(),
            tone,
        },
        Cell::maybe(row.seconds.map(seconds)),
        Cell::plain(&*row.produced),
        Cell::plain(&*row.proved),
        Cell::log(row.log_index),
    ]
}
