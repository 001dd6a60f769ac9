//! Momentum descent on sums over batches, for everything that has a gradient.

use domain::Entropy;
use privacy::DiscreteGaussian;

use super::{
    FitError, ModelKind, Progress, TrainingPlan,
    convolution::Convolution,
    network::Network,
    rows::SparseRows,
    sampling::PoissonSample,
    sum::{CLIP_UNITS, ClippedSum, loss_of},
    whole::WholeGradient,
};
use crate::{
    features::Design,
    model::{Layer, Model},
};

pub(super) fn fit(
    design: &Design,
    plan: &TrainingPlan,
    entropy: &mut dyn Entropy,
    watch: &mut dyn FnMut(Progress),
) -> Result<Model, FitError> {
    let rows = SparseRows::for_kind(design, plan.knots, &plan.model)?;
    let noise = plan.noise()?;
    let mut learner = Learner::new(design, plan, &rows, entropy)?;
    let steps = plan.steps(design.persons);
    let sample = PoissonSample::new(design.persons, plan.sampling_rate(design.persons));
    let mut course = Course::new(learner.weights().len(), plan, steps);
    let mut losses = Losses::default();
    for step in 1..=steps {
        let sum = noisy_sum(&sample, &rows, &mut learner, noise.as_ref(), entropy);
        losses.push(sum.last().map_or(0.0, |units| loss_of(*units, plan.batch)));
        course.descend(&mut learner, step);
        watch(Progress {
            step,
            steps,
            loss: losses.mean(),
        });
    }
    course.settle(&mut learner);
    if learner.weights().iter().all(|weight| weight.is_finite()) {
        let mut model = Model::of_layers(
            design.spec.clone(),
            plan.model.clone(),
            learner.into_layers(),
        );
        model.knots = plan.knots;
        Ok(model)
    } else {
        Err(FitError::Diverged)
    }
}

/// One step's sum in units, noise included, also for an empty sample.
fn noisy_sum<'a>(
    sample: &PoissonSample,
    rows: &SparseRows,
    learner: &'a mut Learner,
    noise: Option<&DiscreteGaussian>,
    entropy: &mut dyn Entropy,
) -> &'a [i64] {
    learner.clear();
    sample.draw(entropy, |person| learner.add_person(rows, person));
    let total = learner.total();
    if let Some(noise) = noise {
        noise.add_to(total, entropy);
    }
    total
}

/// What learns: weights, and the sum of a step.
enum Learner {
    Dense(Network, ClippedSum),
    Convolution {
        network: Convolution,
        clip: Option<f64>,
        whole: WholeGradient,
        total: Vec<i64>,
    },
}

impl Learner {
    fn new(
        design: &Design,
        plan: &TrainingPlan,
        rows: &SparseRows,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, FitError> {
        let clip = plan.privacy.is_some().then_some(plan.clip);
        if let ModelKind::Cnn { .. } = plan.model {
            let network = Convolution::new(&design.spec, &plan.model, entropy)?;
            let parameters = network.weights().len();
            return Ok(Self::Convolution {
                network,
                clip,
                whole: WholeGradient::new(parameters),
                total: vec![0; parameters + 1],
            });
        }
        let network = Network::new(rows.dim(), &plan.model, entropy);
        let sum = ClippedSum::new(&network, clip);
        Ok(Self::Dense(network, sum))
    }

    fn weights(&self) -> &[f32] {
        match self {
            Self::Dense(network, _) => network.weights(),
            Self::Convolution { network, .. } => network.weights(),
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Dense(_, sum) => sum.clear(),
            Self::Convolution { total, .. } => total.fill(0),
        }
    }

    fn add_person(&mut self, rows: &SparseRows, person: u32) {
        match self {
            Self::Dense(network, sum) => sum.add_person(network, rows, person),
            Self::Convolution {
                network,
                clip,
                whole,
                total,
            } => {
                whole.clear();
                for row in rows.of_person(person) {
                    whole.add_row(|gradient| network.add_gradient(rows, *row, gradient));
                }
                whole.add_to(*clip, total);
            }
        }
    }

    fn total(&mut self) -> &mut [i64] {
        match self {
            Self::Dense(_, sum) => sum.total(),
            Self::Convolution { total, .. } => total,
        }
    }

    /// The weights with the sum of the step.
    fn parts(&mut self) -> (&mut [f32], &[i64]) {
        match self {
            Self::Dense(network, sum) => (network.weights_mut(), sum.total()),
            Self::Convolution { network, total, .. } => (network.weights_mut(), total),
        }
    }

    fn into_layers(self) -> Vec<Layer> {
        match self {
            Self::Dense(network, _) => network.into_layers(),
            Self::Convolution { network, .. } => network.into_layers(),
        }
    }
}

/// Momentum descent; post-processing of noisy sums, so floats are fine from here on.
struct Course {
    velocity: Vec<f32>,
    momentum: f32,
    rate: f32,
    /// What one unit of a sum is worth.
    unit: f32,
    /// The sum of the weights from `mean_from` on.
    sum: Option<Vec<f64>>,
    mean_from: u64,
    counted: f64,
}

impl Course {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "weights are single precision"
    )]
    fn new(parameters: usize, plan: &TrainingPlan, steps: u64) -> Self {
        Self {
            velocity: vec![0.0; parameters],
            momentum: plan.momentum as f32,
            rate: plan.learning_rate as f32,
            unit: (plan.unit_clip() / CLIP_UNITS / f64::from(plan.batch)) as f32,
            sum: plan.averaging.then(|| vec![0.0; parameters]),
            mean_from: steps / 2 + 1,
            counted: 0.0,
        }
    }

    fn descend(&mut self, learner: &mut Learner, step: u64) {
        let (weights, gradient) = learner.parts();
        let moves = self.velocity.iter_mut().zip(gradient);
        for (weight, (speed, sum)) in weights.iter_mut().zip(moves) {
            *speed = self.momentum * *speed + *sum as f32 * self.unit;
            *weight -= self.rate * *speed;
        }
        if let Some(sums) = self.sum.as_mut().filter(|_| step >= self.mean_from) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(*weight);
            }
            self.counted += 1.0;
        }
    }

    /// Puts the mean in the place of the last weights.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "weights are single precision"
    )]
    fn settle(&self, learner: &mut Learner) {
        let Some(sums) = self.sum.as_ref().filter(|_| self.counted > 0.0) else {
            return;
        };
        let (weights, _) = learner.parts();
        for (weight, sum) in weights.iter_mut().zip(sums) {
            *weight = (sum / self.counted) as f32;
        }
    }
}

/// The mean loss of the last steps.
#[derive(Debug, Default)]
pub(super) struct Losses {
    recent: std::collections::VecDeque<f64>,
}

impl Losses {
    pub(super) fn push(&mut self, loss: f64) {
        if self.recent.len() == 32 {
            self.recent.pop_front();
        }
        self.recent.push_back(loss);
    }

    /// Never below zero, which noise alone can ask for.
    pub(super) fn mean(&self) -> Option<f64> {
        let count = self.recent.len();
        (count > 0).then(|| (self.recent.iter().sum::<f64>() / count as f64).max(0.0))
    }
}
