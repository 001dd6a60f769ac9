//! `cloister stats`: statistics that leave with noise, under a dataset's budget.

mod cells;

use domain::{Delta, Epsilon};
use flow::statistics::{Asked, Measure, Released};
use privacy::statistics::{Bounds, Spend};
use serde_json::{Value, json};

use crate::{
    arguments::{Arguments, Bounded, Of, Stats},
    codes,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(arguments: &Arguments, verb: &Stats, screen: Screen) -> Result<(), Failure> {
    let asked = asked(verb)?;
    let instance = Instance::open(arguments)?;
    let released = flow::statistics::release(&instance.desk(), &asked)?;
    screen.result(&told(&asked, &released), &document(&asked, &released));
    Ok(())
}

fn asked(verb: &Stats) -> Result<Asked, Failure> {
    let (of, measure) = match verb {
        Stats::Count { of } => (of, Measure::Count),
        Stats::Sum { column, of } => (of, Measure::Sum(column.column.clone(), bounds(column)?)),
        Stats::Mean { column, of } => (of, Measure::Mean(column.column.clone(), bounds(column)?)),
        Stats::Quantile {
            column,
            share,
            candidates,
            of,
        } => {
            let measure = Measure::Quantile {
                column: column.column.clone(),
                bounds: bounds(column)?,
                alpha: *share,
                candidates: *candidates,
            };
            (of, measure)
        }
        Stats::Histogram { cells, of } => (of, Measure::Histogram(cells::axis(cells)?)),
        Stats::Crosstab { rows, columns, of } => (
            of,
            Measure::Crosstab(cells::axis(rows)?, cells::axis(columns)?),
        ),
    };
    let only: Result<Vec<(String, String)>, Failure> = of
        .only
        .iter()
        .map(|filter| match filter.split_once('=') {
            Some((column, word)) => Ok((column.trim().to_owned(), word.trim().to_owned())),
            None => Err(cells::wrong("--where takes COLUMN=WORD")),
        })
        .collect();
    Ok(Asked {
        dataset: of.dataset.clone(),
        table: of.table.clone(),
        measure,
        only: only?,
        rows_max: of.rows_max,
        spend: spend(of)?,
    })
}

fn spend(of: &Of) -> Result<Spend, Failure> {
    let epsilon = Epsilon::new(of.epsilon).map_err(|error| cells::wrong(&error.to_string()))?;
    match of.delta {
        None => Ok(Spend::Pure(epsilon)),
        Some(delta) => {
            let delta = Delta::new(delta).map_err(|error| cells::wrong(&error.to_string()))?;
            Ok(Spend::Approximate(epsilon, delta))
        }
    }
}

/// Bounds are numbers; a word such as `auto` would mean that the data decides.
fn bounds(column: &Bounded) -> Result<Bounds, Failure> {
    let number = |word: &str| {
        word.trim().parse::<f64>().map_err(|_| {
            Failure::new(
                codes::STATS_BOUNDS,
                "a bound is not a number; bounds that are taken from the data would tell about the data",
                "give bounds that are known beforehand, such as the range of a possible age",
            )
        })
    };
    Ok(Bounds::new(number(&column.min)?, number(&column.max)?)?)
}

fn told(asked: &Asked, released: &Released) -> String {
    let named = !released.cells.is_empty();
    let mut rows = vec![
        ["value", "95 % interval", "noise scale"]
            .map(str::to_owned)
            .to_vec(),
    ];
    if named {
        for row in &mut rows {
            row.insert(0, "cell".to_owned());
        }
    }
    for (place, figure) in released.answer.figures.iter().enumerate() {
        let interval = figure.interval.map_or_else(
            || "-".to_owned(),
            |(low, high)| format!("{} to {}", short(low), short(high)),
        );
        let value = figure
            .value
            .map_or_else(|| "too few rows".to_owned(), short);
        let mut row = vec![value, interval, short(figure.scale)];
        if named {
            row.insert(
                0,
                released
                    .cells
                    .get(place)
                    .map_or_else(String::new, |words| words.join(", ")),
            );
        }
        rows.push(row);
    }
    let rank = released.answer.rank_error.map_or_else(String::new, |rank| {
        format!(
            "\nwith 95 % probability at most {} rows from the rank asked for",
            short(rank)
        )
    });
    format!(
        "{}{rank}\n\n{}\ncharged to the ledger as {}: {}\nleft of the dataset's budget: epsilon {:.4} at delta {}",
        screen::table(&rows),
        noise_words(asked, released),
        released.spend,
        charged(released),
        released.left.epsilon,
        released.left.delta
    )
}

fn noise_words(asked: &Asked, released: &Released) -> String {
    let rows = match released.rows_max {
        1 => "one row of each person counts".to_owned(),
        most => format!("at most {most} rows of each person count"),
    };
    let guarantee = match asked.spend {
        Spend::Pure(epsilon) => format!("epsilon {epsilon}"),
        Spend::Approximate(epsilon, delta) => format!("epsilon {epsilon} at delta {delta}"),
    };
    format!(
        "{} noise, {guarantee} for each person; {rows}",
        released.answer.noise
    )
}

fn charged(released: &Released) -> String {
    use privacy::MechanismEvent as Event;
    match &released.charged {
        Event::Pure { epsilon } => format!("pure, epsilon {epsilon}"),
        Event::Gaussian { sigma, releases } => {
            format!("{releases} Gaussian releases, noise multiplier {sigma:.4}")
        }
        _ => "a mechanism".to_owned(),
    }
}

fn document(asked: &Asked, released: &Released) -> Value {
    let figures = &released.answer.figures;
    let mut document = match figures.as_slice() {
        [only] if released.cells.is_empty() => json!({
            "value": only.value, "noise_scale": only.scale, "interval": only.interval,
            "rank_error": released.answer.rank_error,
        }),
        _ => {
            let cells = released.cells.iter().zip(figures);
            let cells = cells.map(|(words, one)| {
                json!({ "cell": words, "value": one.value, "noise_scale": one.scale,
                        "interval": one.interval })
            });
            json!({ "cells": cells.collect::<Vec<Value>>() })
        }
    };
    let cost = json!({
        "dataset": asked.dataset, "version": released.version, "noise": released.answer.noise,
        "rows_max": released.rows_max, "spend": released.spend, "charged": released.charged,
        "left": released.left,
    });
    if let (Value::Object(document), Value::Object(cost)) = (&mut document, cost) {
        document.extend(cost);
    }
    document
}

fn short(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
