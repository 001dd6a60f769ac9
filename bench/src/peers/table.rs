//! The tables, in Markdown.

use std::collections::{BTreeMap, BTreeSet};

use phi::evaluate::{Facet, Share};

use super::{
    imaging::Rewritten,
    score::{Figures, Scored, Texts, megabytes},
};

/// Prints speed, recall, recall by label, and where a peer finds more; the first is ourselves.
pub fn print_texts(everybody: &[Scored], texts: &Texts) {
    println!("\nTexts read by everybody, whole:");
    for (file, documents) in texts {
        println!(
            "- {}: {} texts, {:.0} KB",
            short(file),
            documents.len(),
            megabytes(documents) * 1e3
        );
    }
    println!("\nVersions:");
    for scored in everybody {
        println!("- {}: {}", scored.title, scored.versions.join(", "));
    }
    print_speed(everybody, texts);
    print_recall(everybody);
    print_labels(everybody);
    print_better(everybody);
}

/// Prints files a second, and what is left of what was planted.
pub fn print_images(both: &[Rewritten]) {
    let kinds: BTreeSet<&str> = both
        .iter()
        .flat_map(|one| one.left.keys().copied())
        .collect();
    println!("\nDICOM headers, processor time of one core; planted values still there:\n");
    println!(
        "| | version | files/s | Cloister is |{} |",
        cells(&kinds, |kind| (*kind).to_owned())
    );
    println!("|---|---|--:|--:|{}", "--:|".repeat(kinds.len()));
    let own = both.first().map_or(f64::NAN, |own| own.speed);
    for one in both {
        let left = cells(&kinds, |kind| {
            one.left
                .get(*kind)
                .map_or_else(String::new, |(there, all)| part(*there, *all))
        });
        let (title, version, speed) = (&one.title, &one.version, one.speed);
        println!(
            "| {title} | {version} | {speed:.0} | {} |{left} |",
            times(own / speed)
        );
    }
}

fn print_speed(everybody: &[Scored], texts: &Texts) {
    println!(
        "\nSpeed, MB of text in a processor second of one core, and how many times as fast Cloister is:\n"
    );
    let files: Vec<&String> = texts.keys().collect();
    println!("| | start-up, s |{} |", cells(&files, |file| short(file)));
    println!("|---|--:|{}", "--:|".repeat(files.len()));
    for scored in everybody {
        let speeds = cells(&files, |file| {
            let own = everybody.first().and_then(|own| own.files.get(*file));
            match (own, scored.files.get(*file)) {
                (Some(own), Some(one)) => speed_and_ratio(own, one),
                _ => String::new(),
            }
        });
        println!("| {} | {:.2} |{speeds} |", scored.title, scored.start_up);
    }
}

fn speed_and_ratio(own: &Figures, one: &Figures) -> String {
    let ratio = own.speed / one.speed;
    if (ratio - 1.0).abs() < 1e-9 {
        return figure(one.speed);
    }
    format!("{} ({})", figure(one.speed), times(ratio))
}

fn print_recall(everybody: &[Scored]) {
    println!(
        "\nWhole cover; R recall, P precision, F false alarms in 1,000 words, T texts without identifiers touched:\n"
    );
    let files: Vec<&String> = everybody
        .first()
        .map(|own| own.files.keys().collect())
        .unwrap_or_default();
    println!("| |{} | right label |", cells(&files, |file| short(file)));
    println!("|---|{}---|", "---|".repeat(files.len()));
    for scored in everybody {
        let parts = cells(&files, |file| {
            scored.files.get(*file).map_or_else(String::new, quality)
        });
        println!(
            "| {} |{parts} | {} |",
            scored.title,
            percent(&same_label(scored))
        );
    }
}

fn quality(figures: &Figures) -> String {
    let evaluation = &figures.evaluation;
    if evaluation.recall().all() == 0 {
        return format!("T {}", percent(evaluation.touched()));
    }
    format!(
        "R {}, P {}, F {:.2}",
        percent(&evaluation.recall()),
        percent(evaluation.precision()),
        evaluation.alarms_per_thousand_words()
    )
}

fn print_labels(everybody: &[Scored]) {
    println!("\nRecall by label, all texts together:\n");
    let titles: Vec<&String> = everybody.iter().map(|scored| &scored.title).collect();
    println!("| | pieces |{} |", cells(&titles, |title| (*title).clone()));
    println!("|---|--:|{}", "--:|".repeat(titles.len()));
    let columns: Vec<BTreeMap<String, Share>> = everybody.iter().map(by_label).collect();
    let own = columns.first().cloned().unwrap_or_default();
    for (label, share) in &own {
        let recalls = cells(&columns, |column| {
            column.get(label).map_or_else(String::new, percent)
        });
        println!("| {label} | {} |{recalls} |", share.all());
    }
}

/// Says where a peer covers more pieces of a label than we do.
fn print_better(everybody: &[Scored]) {
    println!("\nWhere a peer finds more of a label than Cloister:\n");
    let Some((own, peers)) = everybody.split_first() else {
        return;
    };
    let mut lines = 0;
    for (peer, (file, ours)) in peers
        .iter()
        .flat_map(|peer| own.files.iter().map(move |own| (peer, own)))
    {
        let Some(theirs) = peer.files.get(file) else {
            continue;
        };
        for (label, their_share) in theirs.evaluation.shares(Facet::Label) {
            let share = ours.evaluation.share(Facet::Label, label);
            if their_share.hits() > share.hits() {
                lines += 1;
                println!(
                    "- {}: {label} in {}, {} of {} (Cloister {})",
                    peer.title,
                    short(file),
                    their_share.hits(),
                    share.all(),
                    share.hits()
                );
            }
        }
    }
    if lines == 0 {
        println!("- nowhere");
    }
}

fn by_label(scored: &Scored) -> BTreeMap<String, Share> {
    let mut labels: BTreeMap<String, Share> = BTreeMap::new();
    for figures in scored.files.values() {
        for (label, share) in figures.evaluation.shares(Facet::Label) {
            let sum = labels.entry(label.to_owned()).or_default();
            sum.add(share.hits(), share.all());
        }
    }
    labels
}

fn same_label(scored: &Scored) -> Share {
    let mut sum = Share::default();
    for figures in scored.files.values() {
        let share = figures.evaluation.same_label();
        sum.add(share.hits(), share.all());
    }
    sum
}

/// The cells of a row, each after a stroke but the first.
fn cells<T>(items: impl IntoIterator<Item = T>, cell: impl Fn(T) -> String) -> String {
    let cells: Vec<String> = items
        .into_iter()
        .map(|item| format!(" {}", cell(item)))
        .collect();
    cells.join(" |")
}

/// `long-notes-held-out.jsonl` as words.
fn short(file: &str) -> String {
    let stem = file.strip_suffix(".jsonl").unwrap_or(file);
    stem.strip_suffix("-held-out")
        .unwrap_or(stem)
        .replace('-', " ")
}

fn percent(share: &Share) -> String {
    if share.all() == 0 {
        return "-".to_owned();
    }
    format!("{:.1} %", share.value() * 100.0)
}

fn part(there: u64, all: u64) -> String {
    format!("{:.1} %", there as f64 * 100.0 / (all as f64).max(1.0))
}

fn times(ratio: f64) -> String {
    if ratio >= 9.95 {
        format!("{ratio:.0}×")
    } else {
        format!("{ratio:.1}×")
    }
}

/// Three figures.
fn figure(value: f64) -> String {
    match value {
        size if size >= 10.0 => format!("{size:.1}"),
        size if size >= 1.0 => format!("{size:.2}"),
        size if size >= 0.1 => format!("{size:.3}"),
        size => format!("{size:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_words() {
        assert_eq!(short("long-notes-held-out.jsonl"), "long notes");
    }

    #[test]
    fn a_row_has_a_cell_for_every_item() {
        assert_eq!(cells([1, 2], |item| item.to_string()), " 1 | 2");
    }

    #[test]
    fn ratios_keep_two_figures_or_more() {
        assert_eq!(
            [0.5, 9.94, 9.96, 1_234.4].map(times),
            ["0.5×", "9.9×", "10×", "1234×"]
        );
    }
}
