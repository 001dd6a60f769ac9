//! Fits the model of `text::likeness`: `cargo run --release --example train_likeness NAMES WORDS
//! OUTPUT`, each list one word a line. A tenth of each list is set aside; how the model does on it
//! is printed. The same lists give the same weights.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(
    clippy::disallowed_methods,
    reason = "a tool for development reads and writes files"
)]

use std::{env, fs};

use cloister_phi::text::likeness::{BUCKETS, each_bucket};

fn main() {
    let argument = |place| env::args().nth(place).unwrap_or_default();
    let names = samples(&argument(1), 1.0);
    let words = samples(&argument(2), 0.0);
    let (mut training, mut held) = (Vec::new(), Vec::new());
    for sample in names.into_iter().chain(words) {
        let side = if sample.draw.is_multiple_of(10) {
            &mut held
        } else {
            &mut training
        };
        side.push(sample);
    }
    training.sort_by_key(|sample| sample.draw);
    let weights = fit(&training);
    let bytes: Vec<u8> = weights
        .iter()
        .map(|weight| quantised(*weight).cast_unsigned())
        .collect();
    report(&held, &bytes);
    if let Err(error) = fs::write(argument(3), &bytes) {
        println!("not written: {error}");
    }
}

struct Sample {
    buckets: Vec<usize>,
    target: f32,
    draw: u64,
}

fn samples(path: &str, target: f32) -> Vec<Sample> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|word| {
            let mut buckets = Vec::new();
            let read = each_bucket(word.as_bytes(), |bucket| buckets.push(bucket));
            let draw = word
                .bytes()
                .fold(0xCBF2_9CE4_8422_2325, |state: u64, byte| {
                    (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
                });
            (read && word.len() > 3).then_some(Sample {
                buckets,
                target,
                draw: draw >> 8,
            })
        })
        .collect()
}

/// Logistic regression by gradient steps that shrink, with a pull to zero.
fn fit(training: &[Sample]) -> Vec<f32> {
    let mut weights = vec![0.0_f32; BUCKETS];
    for epoch in 0..EPOCHS {
        let rate = 0.08 / (1.0 + epoch as f32);
        for sample in training {
            let sum: f32 = sample
                .buckets
                .iter()
                .filter_map(|at| weights.get(*at))
                .sum();
            let error = sample.target - 1.0 / (1.0 + (-sum).exp());
            for at in &sample.buckets {
                if let Some(weight) = weights.get_mut(*at) {
                    *weight += rate * (error - 1e-5 * *weight);
                }
            }
        }
    }
    weights
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a signed byte")]
fn quantised(weight: f32) -> i8 {
    (weight * 32.0).round().clamp(-127.0, 127.0) as i8
}

/// Shares of names and words above each limit.
fn report(held: &[Sample], bytes: &[u8]) {
    let score = |sample: &Sample| -> i32 {
        let weights = sample.buckets.iter().filter_map(|at| bytes.get(*at));
        weights.map(|weight| i32::from(weight.cast_signed())).sum()
    };
    for limit in (-96..=160).step_by(16) {
        let share = |target: f32| {
            let of: Vec<_> = held
                .iter()
                .filter(|sample| (sample.target - target).abs() < 0.5)
                .collect();
            let above = of.iter().filter(|sample| score(sample) > limit).count();
            above as f64 / of.len().max(1) as f64
        };
        println!(
            "over {limit:4}: {:.3} of the names, {:.4} of the words",
            share(1.0),
            share(0.0)
        );
    }
}

const EPOCHS: usize = 8;
