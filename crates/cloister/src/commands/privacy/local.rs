//! `cloister privacy perturb` and `estimate`: noise before anybody else sees a record.

use ::privacy::mechanism::local::{Estimate as Estimated, LocalCategory, LocalNumber};
use domain::Epsilon;
use seal::SystemEntropy;
use serde_json::{Value, json};

use crate::{
    arguments::{Estimate, LocalColumns, Perturb},
    codes,
    commands::{audit::write, records},
    failure::Failure,
    screen::{self, Screen},
};

/// How one column is perturbed.
enum Way {
    Category(LocalCategory),
    Number(LocalNumber),
}

struct Column {
    name: String,
    epsilon: Epsilon,
    way: Way,
}

pub(in crate::commands) fn perturb(perturb: &Perturb, screen: Screen) -> Result<(), Failure> {
    let ways = ways(&perturb.columns)?;
    if let Some(twice) = ways.iter().find(|way| perturb.keep.contains(&way.name)) {
        return Err(wrong(&format!(
            "`{}` is both perturbed and kept",
            twice.name
        )));
    }
    let mut names: Vec<String> = ways.iter().map(|way| way.name.clone()).collect();
    names.extend(perturb.keep.iter().cloned());
    let mut columns = records::columns(&perturb.file, &names)?;
    let mut entropy = SystemEntropy::new();
    let mut clamped = Vec::new();
    for (way, (_, cells)) in ways.iter().zip(&mut columns) {
        clamped.push(way.perturb(cells, &mut entropy)?);
    }
    write(&perturb.output, as_csv(&columns).as_bytes())?;
    let total: f64 = ways.iter().map(|way| way.epsilon.value()).sum();
    let rows = columns.first().map_or(0, |(_, cells)| cells.len());
    show(perturb, &ways, &clamped, (rows, total), screen);
    Ok(())
}

fn show(
    perturb: &Perturb,
    ways: &[Column],
    clamped: &[u64],
    (rows, total): (usize, f64),
    screen: Screen,
) {
    let mut lines = vec![
        ["column", "way", "epsilon", "clamped"]
            .map(str::to_owned)
            .to_vec(),
    ];
    lines.extend(ways.iter().zip(clamped).map(|(way, clamped)| {
        vec![
            way.name.clone(),
            way.words(),
            way.epsilon.to_string(),
            clamped.to_string(),
        ]
    }));
    let kept = if perturb.keep.is_empty() {
        String::new()
    } else {
        format!(
            "\nWITHOUT ANY GUARANTEE, passed on as they are: {}",
            perturb.keep.join(", ")
        )
    };
    screen.result(
        &format!(
            "{}\n\n{rows} records, epsilon {total} for each record in all (pure, local){kept}\nwritten to {}",
            screen::table(&lines),
            perturb.output.display()
        ),
        &json!({ "rows": rows, "epsilon_per_record": total, "kept": perturb.keep,
            "columns": ways.iter().zip(clamped).map(|(way, clamped)| json!({ "column": way.name,
                "way": way.words(), "epsilon": way.epsilon.value(), "clamped": clamped }))
                .collect::<Vec<Value>>(),
            "file": perturb.output }),
    );
}

pub(in crate::commands) fn estimate(estimate: &Estimate, screen: Screen) -> Result<(), Failure> {
    let ways = ways(&estimate.columns)?;
    let names: Vec<String> = ways.iter().map(|way| way.name.clone()).collect();
    let columns = records::columns(&estimate.file, &names)?;
    let mut lines = vec![
        ["column", "what", "estimate", "95 % interval"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut documents = Vec::new();
    for (way, (name, cells)) in ways.iter().zip(&columns) {
        for (what, found) in way.estimate(cells)? {
            let (low, high) = found.interval;
            lines.push(vec![
                name.clone(),
                what.clone(),
                format!("{:.4}", found.value),
                format!("{low:.4} to {high:.4}"),
            ]);
            documents.push(
                json!({ "column": name, "what": what, "estimate": found.value,
                "standard_error": found.error, "interval": [low, high] }),
            );
        }
    }
    screen.result(&screen::table(&lines), &Value::from(documents));
    Ok(())
}

impl Column {
    /// Perturbs the cells in place and counts those that were clamped.
    fn perturb(
        &self,
        cells: &mut [Option<String>],
        entropy: &mut SystemEntropy,
    ) -> Result<u64, Failure> {
        let mut clamped = 0;
        for (row, cell) in (1_u64..).zip(cells) {
            let text = cell.as_deref().unwrap_or_default();
            let answer = match &self.way {
                Way::Category(way) => way.perturb(text, row, entropy)?.to_owned(),
                Way::Number(way) => {
                    let number = text.trim().parse().unwrap_or(f64::NAN);
                    let (number, outside) = way.perturb(number, row, entropy)?;
                    clamped += u64::from(outside);
                    number.to_string()
                }
            };
            *cell = Some(answer);
        }
        Ok(clamped)
    }

    fn estimate(&self, cells: &[Option<String>]) -> Result<Vec<(String, Estimated)>, Failure> {
        let texts = cells.iter().map(|cell| cell.as_deref().unwrap_or_default());
        match &self.way {
            Way::Category(way) => {
                let found = way.estimate(texts)?;
                Ok(found
                    .into_iter()
                    .map(|(word, one)| (format!("share of {word}"), one))
                    .collect())
            }
            Way::Number(_) => {
                let numbers: Result<Vec<f64>, _> = texts.map(|text| text.trim().parse()).collect();
                let numbers =
                    numbers.map_err(|_| wrong("a cell of a number column is no number"))?;
                Ok(vec![("mean".to_owned(), LocalNumber::estimate(&numbers)?)])
            }
        }
    }

    fn words(&self) -> String {
        match &self.way {
            Way::Category(_) => "randomised response".to_owned(),
            Way::Number(way) => format!("discrete Laplace, scale {:.4}", way.scale()),
        }
    }
}

fn ways(columns: &LocalColumns) -> Result<Vec<Column>, Failure> {
    let mut ways = Vec::new();
    for text in &columns.category {
        let (name, words, epsilon) = parts(text)?;
        let words = words
            .split('|')
            .map(|word| word.trim().to_owned())
            .collect();
        let way = Way::Category(LocalCategory::new(words, epsilon)?);
        ways.push(Column { name, epsilon, way });
    }
    for text in &columns.number {
        let (name, bounds, epsilon) = parts(text)?;
        let (min, max) = bounds
            .split_once("..")
            .ok_or_else(|| wrong("bounds are MIN..MAX"))?;
        let number = |text: &str| {
            text.trim()
                .parse()
                .map_err(|_| wrong("a bound is not a number"))
        };
        let way = Way::Number(LocalNumber::new(number(min)?, number(max)?, epsilon)?);
        ways.push(Column { name, epsilon, way });
    }
    let mut names: Vec<&str> = ways.iter().map(|way| way.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if ways.is_empty() || names.len() != ways.len() {
        return Err(wrong("at least one column is needed, and each one once"));
    }
    Ok(ways)
}

/// `COLUMN=WHAT@EPSILON`.
fn parts(text: &str) -> Result<(String, &str, Epsilon), Failure> {
    let form = || wrong("a column is COLUMN=WORD|WORD@EPSILON or COLUMN=MIN..MAX@EPSILON");
    let (column, rest) = text.split_once('=').ok_or_else(form)?;
    let (what, epsilon) = rest.rsplit_once('@').ok_or_else(form)?;
    let epsilon = epsilon.trim().parse().map_err(|_| form())?;
    Ok((column.trim().to_owned(), what, super::epsilon(epsilon)?))
}

fn as_csv(columns: &records::Columns) -> String {
    let rows = columns.first().map_or(0, |(_, cells)| cells.len());
    let heading: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    let mut text = heading.join(",");
    text.push('\n');
    for row in 0..rows {
        let cells = columns.iter().map(|(_, cells)| {
            quoted(
                cells
                    .get(row)
                    .and_then(Option::as_deref)
                    .unwrap_or_default(),
            )
        });
        text.push_str(&cells.collect::<Vec<String>>().join(","));
        text.push('\n');
    }
    text
}

/// A cell of CSV, RFC 4180.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

fn wrong(what: &str) -> Failure {
    Failure::new(codes::WORDS, what, "see `cloister privacy perturb --help`")
}
