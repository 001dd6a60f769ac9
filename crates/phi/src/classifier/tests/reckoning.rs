//! The same mathematics written a second time, in plain loops over 64-bit numbers.

use super::toy::{Toy, parts};

type Row = Vec<f64>;

/// The share of every label for every token.
pub(super) fn shares(toy: &Toy, tokens: &[u32]) -> Vec<Row> {
    let family = toy.shape.family;
    let first = if family == "roberta" { 2 } else { 0 };
    let mut rows: Vec<Row> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let word = row(
            toy,
            &format!("{family}.embeddings.word_embeddings.weight"),
            *token as usize,
        );
        let at = row(
            toy,
            &format!("{family}.embeddings.position_embeddings.weight"),
            place + first,
        );
        let mut sum: Row = word.iter().zip(&at).map(|(a, b)| a + b).collect();
        if family != "distilbert" {
            let kind = row(
                toy,
                &format!("{family}.embeddings.token_type_embeddings.weight"),
                0,
            );
            sum.iter_mut().zip(kind).for_each(|(a, b)| *a += b);
        }
        rows.push(norm(toy, &format!("{family}.embeddings.LayerNorm"), &sum));
    }
    for number in 0..toy.shape.layers {
        rows = layer(toy, number, &rows);
    }
    let scores = rows.iter().map(|row| linear(toy, "classifier", row));
    scores.map(|row| soft(&row)).collect()
}

fn layer(toy: &Toy, number: usize, rows: &[Row]) -> Vec<Row> {
    let family = toy.shape.family;
    let stem = if family == "distilbert" {
        "transformer"
    } else {
        "encoder"
    };
    let names = parts(family).map(|part| format!("{family}.{stem}.layer.{number}.{part}"));
    let [
        query,
        key,
        value,
        output,
        first_norm,
        inner,
        outer,
        second_norm,
    ] = names;
    let all = |name: &str| -> Vec<Row> { rows.iter().map(|row| linear(toy, name, row)).collect() };
    let (queries, keys, values) = (all(&query), all(&key), all(&value));
    let width = toy.shape.hidden / toy.shape.heads;
    let mut made = Vec::new();
    for (place, state) in rows.iter().enumerate() {
        let mut context = vec![0.0; toy.shape.hidden];
        for head in 0..toy.shape.heads {
            let own = head * width..(head + 1) * width;
            let scores: Row = keys
                .iter()
                .map(|key| {
                    let sum: f64 = own.clone().map(|at| queries[place][at] * key[at]).sum();
                    sum / (width as f64).sqrt()
                })
                .collect();
            for (share, value) in soft(&scores).iter().zip(&values) {
                own.clone().for_each(|at| context[at] += share * value[at]);
            }
        }
        let middle = norm(
            toy,
            &first_norm,
            &add(&linear(toy, &output, &context), state),
        );
        let wide: Row = linear(toy, &inner, &middle).into_iter().map(gelu).collect();
        made.push(norm(
            toy,
            &second_norm,
            &add(&linear(toy, &outer, &wide), &middle),
        ));
    }
    made
}

fn linear(toy: &Toy, name: &str, row: &[f64]) -> Row {
    let (size, weight) = &toy.tensors[&format!("{name}.weight")];
    let (_, bias) = &toy.tensors[&format!("{name}.bias")];
    (0..size[0])
        .map(|to| {
            let own = &weight[to * size[1]..(to + 1) * size[1]];
            let sum: f64 = own.iter().zip(row).map(|(w, x)| f64::from(*w) * x).sum();
            sum + f64::from(bias[to])
        })
        .collect()
}

fn norm(toy: &Toy, name: &str, row: &[f64]) -> Row {
    let (_, scale) = &toy.tensors[&format!("{name}.weight")];
    let (_, shift) = &toy.tensors[&format!("{name}.bias")];
    let mean = row.iter().sum::<f64>() / row.len() as f64;
    let spread = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / row.len() as f64;
    let both = scale.iter().zip(shift);
    row.iter()
        .zip(both)
        .map(|(x, (a, b))| (x - mean) / (spread + 1e-12).sqrt() * f64::from(*a) + f64::from(*b))
        .collect()
}

fn row(toy: &Toy, name: &str, number: usize) -> Row {
    let (size, values) = &toy.tensors[name];
    let own = &values[number * size[1]..(number + 1) * size[1]];
    own.iter().map(|x| f64::from(*x)).collect()
}

fn add(one: &[f64], two: &[f64]) -> Row {
    one.iter().zip(two).map(|(a, b)| a + b).collect()
}

fn soft(row: &[f64]) -> Row {
    let total: f64 = row.iter().map(|x| x.exp()).sum();
    row.iter().map(|x| x.exp() / total).collect()
}

/// The normal distribution function as a sum: Abramowitz and Stegun 1964, formula 26.2.10.
fn gelu(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..80 {
        term *= -x * x / (2.0 * f64::from(n));
        sum += term / (2.0 * f64::from(n) + 1.0);
    }
    x * (0.5 + sum / std::f64::consts::TAU.sqrt())
}
