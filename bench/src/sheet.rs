//! The table of results.

use serde_json::{Value, json};

use crate::stopwatch::{Laps, Spread, cpu, wall};

/// The lines of a run, group by group.
#[derive(Debug, Default)]
pub struct Sheet {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    group: &'static str,
    name: String,
    /// By processor time: a rate per core, or seconds of work.
    value: Spread,
    unit: &'static str,
    /// The median by the wall, in the same unit.
    wall: Option<f64>,
    note: String,
}

impl Sheet {
    /// A rate: by processor time, so per core, with the wall's beside it.
    pub fn rate(
        &mut self,
        group: &'static str,
        unit: &'static str,
        laps: &Laps,
        note: impl Into<String>,
    ) {
        self.push(
            group,
            &laps.name,
            laps.rate(cpu),
            unit,
            Some(laps.rate(wall).median),
            note,
        );
    }

    /// A rate by the wall: for what waits for the medium.
    pub fn rate_by_the_wall(
        &mut self,
        group: &'static str,
        unit: &'static str,
        laps: &Laps,
        note: impl Into<String>,
    ) {
        let value = laps.rate(wall);
        self.push(group, &laps.name, value, unit, Some(value.median), note);
    }

    /// Time for one unit of the amount, in `unit`s of which a second has `per_second`.
    pub fn time(
        &mut self,
        group: &'static str,
        (unit, per_second): (&'static str, f64),
        laps: &Laps,
        note: impl Into<String>,
    ) {
        let factor = per_second / laps.amount;
        let by_wall = laps.seconds(wall).times(factor).median;
        self.push(
            group,
            &laps.name,
            laps.seconds(cpu).times(factor),
            unit,
            Some(by_wall),
            note,
        );
    }

    /// A ratio of two jobs.
    pub fn ratio(
        &mut self,
        group: &'static str,
        name: &str,
        value: Spread,
        note: impl Into<String>,
    ) {
        self.push(group, name, value, "x", None, note);
    }

    /// A line without times.
    pub fn push(
        &mut self,
        group: &'static str,
        name: &str,
        value: Spread,
        unit: &'static str,
        wall: Option<f64>,
        note: impl Into<String>,
    ) {
        let (name, note) = (name.to_owned(), note.into());
        self.lines.push(Line {
            group,
            name,
            value,
            unit,
            wall,
            note,
        });
    }

    /// Prints the lines as one table.
    pub fn print(&self) {
        println!(
            "{:<8} {:<38} {:>10} {:<9} {:>21} {:>10}  note",
            "group", "what", "median", "unit", "lowest to highest", "by wall"
        );
        let mut group = "";
        for line in &self.lines {
            let shown = if line.group == group { "" } else { line.group };
            group = line.group;
            println!(
                "{shown:<8} {:<38} {:>10} {:<9} {:>9} to {:>8} {:>10}  {}",
                line.name,
                figure(line.value.median),
                line.unit,
                figure(line.value.low),
                figure(line.value.high),
                line.wall.map_or_else(String::new, figure),
                line.note
            );
        }
    }

    /// Prints the lines as a table in Markdown.
    pub fn print_markdown(&self) {
        println!("| group | what | median | unit | lowest to highest | by wall | note |");
        println!("|---|---|--:|---|--:|--:|---|");
        for line in &self.lines {
            println!(
                "| {} | {} | {} | {} | {} to {} | {} | {} |",
                line.group,
                line.name.trim(),
                figure(line.value.median),
                line.unit,
                figure(line.value.low),
                figure(line.value.high),
                line.wall.map_or_else(String::new, figure),
                line.note
            );
        }
    }

    /// The lines as a document.
    pub fn document(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            json!({
                "group": line.group, "name": line.name, "unit": line.unit,
                "median": line.value.median, "low": line.value.low, "high": line.value.high,
                "wall": line.wall, "note": line.note,
            })
        });
        Value::Array(lines.collect())
    }
}

/// Three figures or more, with commas from ten thousand on.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 1_000.0 => grouped(value),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_places() {
        let shown = [0.1234, 1.234, 12.34, 123.4, 1_234.5, 1_234_567.0].map(figure);
        assert_eq!(
            shown,
            ["0.123", "1.23", "12.3", "123", "1,234", "1,234,567"]
        );
    }
}
