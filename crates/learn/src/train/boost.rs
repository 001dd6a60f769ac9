//! Gradient-boosted trees for the logistic loss.
//!
//! # Guarantee
//! With privacy, each tree's splits are drawn from public bounds without a look at the rows, and the
//! rows are asked one question: per leaf, the sum of the gradients `p - y` and of twice the
//! curvatures `2 p (1 - p)`. A row's pair has norm at most 1, since
//! `(1 - p)^2 (1 + 4 p^2) <= 1`; what a person adds, over all rows, is cut to integers and then held
//! to a norm of at most 2^30 units of 2^-30. Discrete Gaussian noise is added to every sum of every
//! leaf. A forest of `n` trees is therefore `n` Gaussian mechanisms of the plan's sigma over
//! everybody (no sampling), for add/remove of one person; leaf values and all later gradients are
//! post-processing (Maddock et al. 2022; Grislain and Gonzalvez 2021 use data-dependent splits,
//! which would have to be paid for).

mod greedy;
mod random;

use domain::Entropy;

use super::{FitError, Progress, TrainingPlan, rows::SparseRows, sum::CLIP_UNITS};
use crate::{
    features::Design,
    model::{Model, Tree},
    train::descent::Losses,
};

/// Gradient and curvature of every row, and its log-odds so far.
struct State<'a> {
    design: &'a Design,
    scores: Vec<f32>,
}

impl State<'_> {
    /// `p - y` and `p (1 - p)`.
    fn slopes(&self, row: usize) -> (f64, f64) {
        let score = self.scores.get(row).copied().map_or(0.0, f64::from);
        let label = self.design.y.get(row).copied().map_or(0.0, f64::from);
        let p = 1.0 / (1.0 + libm::exp(-score));
        (p - label, p * (1.0 - p))
    }

    fn add(&mut self, tree: &Tree) {
        let rows = self.design.x.chunks_exact(self.design.dim.max(1));
        for (score, row) in self.scores.iter_mut().zip(rows) {
            *score += tree.value(row);
        }
    }

    fn loss(&self) -> f64 {
        let rows = self.scores.iter().zip(&self.design.y);
        let sum: f64 = rows
            .map(|(score, label)| crate::model::logistic_loss(f64::from(*score), *label))
            .sum();
        sum / self.scores.len().max(1) as f64
    }
}

pub(super) fn fit(
    design: &Design,
    plan: &TrainingPlan,
    (trees, depth): (u32, u32),
    entropy: &mut dyn Entropy,
    watch: &mut dyn FnMut(Progress),
) -> Result<Model, FitError> {
    let noise = plan.noise()?;
    let sparse = SparseRows::of(design, 0)?;
    let mut state = State {
        design,
        scores: vec![0.0; design.rows],
    };
    let steps = u64::from(trees);
    let mut forest = Vec::with_capacity(trees as usize);
    let mut losses = Losses::default();
    for step in 1..=steps {
        let tree = if let Some(noise) = &noise {
            let splits = random::splits(&design.spec, depth, entropy);
            random::grow(splits, &state, &sparse, noise, plan, entropy)
        } else {
            losses.push(state.loss());
            greedy::grow(&state, &sparse, depth, plan.learning_rate)
        };
        state.add(&tree);
        forest.push(tree);
        watch(Progress {
            step,
            steps,
            loss: losses.mean().filter(|_| noise.is_none()),
        });
    }
    let finite = |tree: &Tree| tree.leaves.iter().all(|leaf| leaf.is_finite());
    if !forest.iter().all(finite) {
        return Err(FitError::Diverged);
    }
    let mut model = Model::of_layers(design.spec.clone(), plan.model.clone(), Vec::new());
    model.trees = forest;
    Ok(model)
}

/// What one unit of a leaf's sum is worth.
const UNIT: f64 = 1.0 / CLIP_UNITS;
