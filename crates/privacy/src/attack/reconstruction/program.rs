//! The linear program of reconstruction: secrets between 0 and 1 whose counts are as near to the
//! answers as can be, in the sum of absolute errors (Dwork, McSherry, Talwar 2007; Cohen, Nissim
//! 2020). Unlike least squares it forgives a part of the answers being wrong by any amount.
//!
//! Solved by the primal-dual method of Chambolle and Pock (2011) in plain sums, so that no solver
//! has to be brought in; the gap between the program and its dual says how near the optimum is.

use super::{dot, sum_in, transposed};

/// A solution, and how near it is to the best one.
#[derive(Clone, Debug)]
pub(super) struct Solution {
    pub(super) secrets: Vec<f64>,
    /// What the sum of absolute errors is above the least possible one, at most, an answer.
    pub(super) gap: f64,
}

/// Solves for everyone's secret.
pub(super) fn solve(groups: &[Vec<bool>], told: &[f64], persons: usize) -> Solution {
    let step = 0.99 / norm(groups, persons).max(1e-9);
    let mut x = vec![0.5; persons];
    let mut ahead = x.clone();
    let mut y = vec![0.0; told.len()];
    let mut best = Solution {
        secrets: x.clone(),
        gap: f64::INFINITY,
    };
    for round in 1..=ROUNDS {
        for ((dual, group), told) in y.iter_mut().zip(groups).zip(told) {
            *dual = (*dual + step * WEIGHT * (told - sum_in(group, &ahead))).clamp(-1.0, 1.0);
        }
        let pull = transposed(groups, &y, persons);
        for ((x, ahead), pull) in x.iter_mut().zip(&mut ahead).zip(&pull) {
            let next = (*x + step / WEIGHT * pull).clamp(0.0, 1.0);
            *ahead = 2.0 * next - *x;
            *x = next;
        }
        if round % CHECKED == 0 {
            let found = gap(groups, told, &x, (&y, &pull));
            if found < best.gap {
                best = Solution {
                    secrets: x.clone(),
                    gap: found,
                };
            }
            if best.gap < NEAR {
                break;
            }
        }
    }
    best
}

/// The program's value less its dual's, an answer.
fn gap(groups: &[Vec<bool>], told: &[f64], x: &[f64], (y, pull): (&[f64], &[f64])) -> f64 {
    let errors = groups.iter().zip(told);
    let primal: f64 = errors
        .map(|(group, told)| (told - sum_in(group, x)).abs())
        .sum();
    let bound: f64 = pull.iter().map(|pull| pull.max(0.0)).sum();
    (primal - (dot(y, told) - bound)) / told.len().max(1) as f64
}

/// The largest singular value of the table of groups, by powers, a little from above.
fn norm(groups: &[Vec<bool>], persons: usize) -> f64 {
    let mut x = vec![1.0; persons];
    let mut norm = 0.0;
    for _ in 0..20 {
        let sums: Vec<f64> = groups.iter().map(|group| sum_in(group, &x)).collect();
        x = transposed(groups, &sums, persons);
        norm = libm::sqrt(dot(&x, &x));
        for value in &mut x {
            *value /= norm.max(1e-300);
        }
    }
    1.01 * libm::sqrt(norm)
}

const ROUNDS: usize = 4000;
/// The gap is reckoned every so many rounds.
const CHECKED: usize = 50;
/// Near enough: a hundredth of a person an answer.
const NEAR: f64 = 0.01;
/// How much larger the steps of the dual are than those of the secrets.
const WEIGHT: f64 = 0.5;
