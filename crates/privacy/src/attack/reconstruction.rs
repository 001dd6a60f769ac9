//! Reconstruction of a yes-or-no column from counts over subsets (Dinur, Nissim 2003).
//!
//! Someone who knows who is in the table asks how many of many random groups have the secret, and
//! solves for the secrets by least squares, and by a linear program that forgives a part of the
//! answers being wrong altogether. With exact or lightly rounded answers nearly all secrets come out;
//! with noise of the order of the root of the table's size, none do better than guessing the rarer
//! and the more frequent answer.

mod program;

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::AttackError;

/// What was reconstructed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconstruction {
    /// Persons in the table.
    pub persons: u64,
    /// Answers that were used.
    pub answers: u64,
    /// The share of secrets that came out right by the better of the two.
    pub right: f64,
    /// The share that came out right by least squares.
    #[serde(default)]
    pub by_least_squares: f64,
    /// The share that came out right by linear programming.
    #[serde(default)]
    pub by_linear_program: f64,
    /// How far from its optimum the program was left, in persons an answer, at most.
    #[serde(default)]
    pub program_gap: f64,
    /// The share that is right when always the more frequent secret is guessed.
    pub baseline: f64,
}

/// Asks for counts of random halves and solves for everyone's secret.
///
/// `answer` is the release under test: it gets the true count of a group and returns what leaves.
/// Refuses fewer than 8 and more than 4,096 persons.
pub fn reconstruct(
    secrets: &[bool],
    answers: usize,
    entropy: &mut dyn Entropy,
    answer: &mut dyn FnMut(f64, &mut dyn Entropy) -> f64,
) -> Result<Reconstruction, AttackError> {
    if !(8..=4096).contains(&secrets.len()) || answers == 0 {
        return Err(AttackError::Empty);
    }
    let mut groups = Vec::with_capacity(answers);
    let mut told = Vec::with_capacity(answers);
    for _ in 0..answers {
        let group: Vec<bool> = secrets.iter().map(|_| entropy.below(2) == 1).collect();
        let both = group
            .iter()
            .zip(secrets)
            .filter(|(asked, yes)| **asked && **yes);
        let count = both.count() as f64;
        told.push(answer(count, entropy));
        groups.push(group);
    }
    let program = program::solve(&groups, &told, secrets.len());
    let by_least_squares = right(&solve(&groups, &told, secrets.len()), secrets);
    let by_linear_program = right(&program.secrets, secrets);
    let yes = secrets.iter().filter(|secret| **secret).count() as f64;
    let persons = secrets.len() as f64;
    Ok(Reconstruction {
        persons: secrets.len() as u64,
        answers: answers as u64,
        right: by_least_squares.max(by_linear_program),
        by_least_squares,
        by_linear_program,
        program_gap: program.gap,
        baseline: (yes / persons).max(1.0 - yes / persons),
    })
}

/// The share of guesses that are right when cut at one half.
fn right(guesses: &[f64], secrets: &[bool]) -> f64 {
    let pairs = guesses.iter().zip(secrets);
    let right = pairs.filter(|(guess, truth)| (**guess > 0.5) == **truth);
    right.count() as f64 / secrets.len().max(1) as f64
}

/// Least squares by conjugate gradients on the normal equations, with a little of a ridge.
fn solve(groups: &[Vec<bool>], told: &[f64], persons: usize) -> Vec<f64> {
    let mut x = vec![0.5; persons];
    let apply = |x: &[f64]| -> Vec<f64> { groups.iter().map(|group| sum_in(group, x)).collect() };
    let transposed = |errors: &[f64]| transposed(groups, errors, persons);
    let errors: Vec<f64> = told
        .iter()
        .zip(apply(&x))
        .map(|(told, sum)| told - sum)
        .collect();
    let mut residual = transposed(&errors);
    let mut direction = residual.clone();
    let mut size = dot(&residual, &residual);
    for _ in 0..ROUNDS.min(2 * persons) {
        if size < 1e-12 {
            break;
        }
        let mut moved = transposed(&apply(&direction));
        add_scaled(&mut moved, RIDGE, &direction);
        let step = size / dot(&direction, &moved).max(1e-300);
        add_scaled(&mut x, step, &direction);
        add_scaled(&mut residual, -step, &moved);
        let next = dot(&residual, &residual);
        let keep = next / size;
        for (direction, residual) in direction.iter_mut().zip(&residual) {
            *direction = residual + keep * *direction;
        }
        size = next;
    }
    x
}

const ROUNDS: usize = 400;
const RIDGE: f64 = 1e-3;

/// For each person the sum of the numbers of the groups it is in.
fn transposed(groups: &[Vec<bool>], numbers: &[f64], persons: usize) -> Vec<f64> {
    let mut sums = vec![0.0; persons];
    for (group, number) in groups.iter().zip(numbers) {
        let members = sums.iter_mut().zip(group).filter(|(_, asked)| **asked);
        members.for_each(|(sum, _)| *sum += number);
    }
    sums
}

fn sum_in(group: &[bool], x: &[f64]) -> f64 {
    let members = group.iter().zip(x).filter(|(asked, _)| **asked);
    members.map(|(_, value)| value).sum()
}

fn dot(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}

fn add_scaled(sums: &mut [f64], factor: f64, values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attack::stream::Stream, mechanism::DiscreteGaussian};

    fn secrets() -> Vec<bool> {
        (0..128).map(|person| person % 3 == 0).collect()
    }

    #[test]
    fn exact_and_rounded_counts_give_everybody_away() {
        let mut entropy = Stream::new(1);
        let exact = reconstruct(&secrets(), 512, &mut entropy, &mut |count, _| count).unwrap();
        assert_eq!(exact.right, 1.0);
        let mut rounded = |count: f64, _: &mut dyn Entropy| libm::round(count / 3.0) * 3.0;
        let rounded = reconstruct(&secrets(), 1024, &mut entropy, &mut rounded).unwrap();
        assert!(rounded.right > 0.97, "{rounded:?}");
    }

    #[test]
    fn the_program_reaches_its_optimum_and_forgives_answers_that_are_wrong() {
        // Every seventh answer has nothing to do with the table.
        let mut entropy = Stream::new(3);
        let mut asked = 0;
        let mut lying = |count: f64, entropy: &mut dyn Entropy| {
            asked += 1;
            if asked % 7 == 0 {
                128.0 * entropy.unit()
            } else {
                count
            }
        };
        let found = reconstruct(&secrets(), 640, &mut entropy, &mut lying).unwrap();
        assert!(found.by_linear_program > 0.98, "{found:?}");
        assert!(
            found.by_least_squares < found.by_linear_program,
            "{found:?}"
        );
        let exact = reconstruct(&secrets(), 512, &mut entropy, &mut |count, _| count).unwrap();
        assert!((0.0..0.05).contains(&exact.program_gap), "{exact:?}");
        assert_eq!(exact.by_linear_program, 1.0);
    }

    #[test]
    fn counts_with_private_noise_give_nobody_away() {
        // 512 counts within one budget: sigma 40 each is epsilon 3 at delta 1e-5 for all together.
        let mut entropy = Stream::new(2);
        let noise = DiscreteGaussian::new(40).unwrap();
        let mut noisy = |count: f64, entropy: &mut dyn Entropy| {
            let mut cell = [0_i64];
            noise.add_to(&mut cell, entropy);
            count + cell[0] as f64
        };
        let found = reconstruct(&secrets(), 512, &mut entropy, &mut noisy).unwrap();
        assert!(found.right < found.baseline + 0.03, "{found:?}");
    }

    #[test]
    fn tables_out_of_reach_are_refused() {
        let refused = reconstruct(&[true; 4], 8, &mut Stream::new(1), &mut |count, _| count);
        assert_eq!(refused, Err(AttackError::Empty));
    }
}
