//! A declared plan and what it costs.

use domain::{Code, Delta, Explain};
use thiserror::Error;

use super::{
    Direction,
    bracket::Side,
    gaussian::Subsampled,
    lattice::{Lattice, Question},
    pair::Pair,
};
use crate::{
    accountant::{ParameterError, RdpCurve, analytic},
    budget::MechanismEvent,
    codes,
};

/// Two numbers between which the true one lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// On or below the truth.
    pub lower: f64,
    /// On or above the truth.
    pub upper: f64,
}

/// Why a plan has no privacy loss distribution.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossError {
    /// A parameter that no mechanism can have.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// A mechanism that is only known by a Rényi bound.
    #[error("private selection is known by its Rényi bound only")]
    RenyiOnly,
}

impl Explain for LossError {
    fn code(&self) -> Code {
        match self {
            Self::Parameter(error) => error.code(),
            Self::RenyiOnly => codes::RENYI_ONLY,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Parameter(error) => error.help(),
            Self::RenyiOnly => "use the epsilon of the Rényi curve".into(),
        }
    }
}

/// Mechanisms and how often each is used, all fixed before the first result is seen.
///
/// ```
/// # use domain::Delta;
/// use cloister_privacy::DeclaredPlan;
/// let plan = DeclaredPlan::subsampled_gaussian(1.0, 0.016, 625).unwrap();
/// let epsilon = plan.epsilon(Delta::new(1e-5).unwrap());
/// assert!(epsilon.lower < 2.42569 && 2.42568 < epsilon.upper);
/// assert!(epsilon.upper - epsilon.lower < 1e-4);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredPlan {
    parts: Vec<(Pair, u64)>,
    /// The mu of all unsampled Gaussians together.
    gaussian: f64,
    curve: RdpCurve,
    /// `steps q^2 (e^(1/sigma^2) - 1)`, summed over subsampled Gaussians.
    central: f64,
}

impl DeclaredPlan {
    /// The plan of a list of events.
    pub fn new(events: &[MechanismEvent]) -> Result<Self, LossError> {
        let mut plan = Self {
            parts: Vec::new(),
            gaussian: 0.0,
            curve: RdpCurve::zero(),
            central: 0.0,
        };
        for event in events {
            plan.add(event)?;
        }
        Ok(plan)
    }

    /// `steps` steps of the Poisson-subsampled Gaussian.
    pub fn subsampled_gaussian(sigma: f64, rate: f64, steps: u64) -> Result<Self, LossError> {
        Self::new(&[MechanismEvent::SubsampledGaussian {
            sigma,
            sampling_rate: rate,
            steps,
        }])
    }

    fn add(&mut self, event: &MechanismEvent) -> Result<(), LossError> {
        self.curve = self.curve.plus(&event.smooth_curve()?);
        let (pair, times) = match *event {
            MechanismEvent::SubsampledGaussian {
                sigma,
                sampling_rate: rate,
                steps,
            } => {
                let grown = rate * rate * libm::expm1(1.0 / (sigma * sigma));
                if rate >= 1.0 {
                    self.add_gaussian(sigma, steps);
                    return Ok(());
                }
                self.central += steps as f64 * grown;
                let steps = if rate > 0.0 { steps } else { 0 };
                (Pair::Subsampled(Subsampled { sigma, rate }), steps)
            }
            MechanismEvent::Gaussian { sigma, releases } => {
                self.add_gaussian(sigma, releases);
                return Ok(());
            }
            MechanismEvent::Laplace { scale, releases } => (Pair::Laplace(1.0 / scale), releases),
            MechanismEvent::DiscreteGaussian { sigma, releases } if sigma <= LARGEST_GRID => {
                (Pair::discrete_gaussian(sigma, GRID_TAIL), releases)
            }
            MechanismEvent::DiscreteGaussian { .. } => return Err(ParameterError::Sigma.into()),
            MechanismEvent::DiscreteLaplace {
                scale,
                sensitivity,
                releases,
            } => {
                let pair = if sensitivity <= crate::budget::MOST_ATOMS {
                    Pair::discrete_laplace(scale, sensitivity)
                } else {
                    Pair::pure(f64::from(sensitivity) / scale)
                };
                (pair, releases)
            }
            MechanismEvent::RandomizedResponse {
                categories,
                epsilon,
                releases,
            } => (Pair::response(categories, epsilon), releases),
            MechanismEvent::Pure { epsilon } => (Pair::pure(epsilon), 1),
            MechanismEvent::PrivateSelection { .. } => return Err(LossError::RenyiOnly),
        };
        if times > 0 {
            self.parts.push((pair, times));
        }
        Ok(())
    }

    fn add_gaussian(&mut self, sigma: f64, times: u64) {
        self.gaussian = libm::hypot(self.gaussian, libm::sqrt(times as f64) / sigma);
    }

    /// The smallest epsilon at a delta.
    ///
    /// Exact up to rounding for Gaussians alone (Balle, Wang 2018, Theorem 8).
    pub fn epsilon(&self, delta: Delta) -> Bracket {
        if self.parts.is_empty() {
            return self.exact(delta);
        }
        let parts = self.all_parts();
        let question = Question::Delta(delta.value());
        let rdp = self.rdp_epsilon(delta);
        let Some(remove) = Lattice::new(&parts, Direction::Remove, question, None, None) else {
            return Bracket {
                lower: 0.0,
                upper: rdp,
            };
        };
        let mut found = both(&remove, delta);
        if found.upper - found.lower > WIDE * found.upper.max(0.05) {
            found = again(&parts, found, question, delta);
        }
        if !parts.iter().all(|(pair, _)| pair.is_symmetric()) {
            found = with_other_direction(&parts, found, delta);
        }
        let upper = found.upper.min(rdp);
        Bracket {
            lower: found.lower.min(upper),
            upper,
        }
    }

    /// An upper bound on the true positive rate that any membership test can have at this false
    /// positive rate, whichever neighbour holds the person.
    pub fn true_positive_rate(&self, false_positive_rate: f64) -> f64 {
        let rate = false_positive_rate.clamp(0.0, 1.0);
        if rate <= 0.0 || rate >= 1.0 {
            return 1.0;
        }
        if self.parts.is_empty() {
            let ceiling = crate::attack::Ceiling::Gaussian { mu: self.gaussian };
            return ceiling.true_positive_rate(rate);
        }
        let parts = self.all_parts();
        let question = Question::FalsePositives(rate);
        let mut worst: f64 = 0.0;
        for direction in [Direction::Remove, Direction::Add] {
            let lattice = Lattice::new(&parts, direction, question, Some(ATTACK_WIDTH), None);
            let above = lattice.and_then(|lattice| lattice.compose(Side::Above));
            worst = worst.max(above.map_or(1.0, |above| above.true_positive_rate(rate)));
            if parts.iter().all(|(pair, _)| pair.is_symmetric()) {
                break;
            }
        }
        worst
    }

    /// The mu of Gaussian differential privacy: exact for Gaussians alone; with subsampled Gaussians
    /// the central limit `q sqrt(steps (e^(1/sigma^2) - 1))` (Bu, Dong, Long, Su 2020, Theorem 5),
    /// which is an approximation and no bound. `None` where other mechanisms take part.
    pub fn gaussian_mu(&self) -> Option<f64> {
        let smooth = |pair: &Pair| matches!(pair, Pair::Subsampled(_));
        let all = self.parts.iter().all(|(pair, _)| smooth(pair));
        all.then(|| libm::hypot(self.gaussian, libm::sqrt(self.central)))
    }

    /// The epsilon of the plan's Rényi curve, for comparison; never below the truth.
    pub fn rdp_epsilon(&self, delta: Delta) -> f64 {
        self.curve.epsilon(delta).0
    }

    /// A bound from above on the smallest epsilon, by half the work of [`Self::epsilon`].
    pub fn epsilon_above(&self, delta: Delta) -> f64 {
        if self.parts.is_empty() {
            return self.exact(delta).upper;
        }
        let parts = self.all_parts();
        let question = Question::Delta(delta.value());
        let symmetric = parts.iter().all(|(pair, _)| pair.is_symmetric());
        let mut upper: f64 = 0.0;
        for direction in [Direction::Remove, Direction::Add] {
            let lattice = Lattice::new(&parts, direction, question, None, None);
            let above = lattice.and_then(|lattice| lattice.compose(Side::Above));
            let one = above.map_or(f64::INFINITY, |above| {
                above.epsilon(delta.value(), Side::Above)
            });
            upper = upper.max(one);
            if symmetric {
                break;
            }
        }
        upper.min(self.rdp_epsilon(delta))
    }

    fn exact(&self, delta: Delta) -> Bracket {
        let epsilon = if self.gaussian > 0.0 {
            analytic::epsilon_of_mu(self.gaussian, delta)
        } else {
            0.0
        };
        Bracket {
            lower: epsilon,
            upper: epsilon,
        }
    }

    /// The parts, with all unsampled Gaussians as one.
    fn all_parts(&self) -> Vec<(Pair, u64)> {
        let mut parts = self.parts.clone();
        if self.gaussian > 0.0 {
            let sigma = 1.0 / self.gaussian;
            parts.push((Pair::Subsampled(Subsampled { sigma, rate: 1.0 }), 1));
        }
        parts
    }
}

/// The other direction is first composed coarsely: mostly that shows that it is the smaller one.
fn with_other_direction(parts: &[(Pair, u64)], found: Bracket, delta: Delta) -> Bracket {
    let question = Question::Delta(delta.value());
    let coarse = (found.upper - found.lower).max(COARSE * found.upper);
    for width in [Some(coarse), None] {
        let Some(add) = Lattice::new(parts, Direction::Add, question, width, None) else {
            return Bracket {
                upper: f64::INFINITY,
                ..found
            };
        };
        let Some(above) = add.compose(Side::Above) else {
            break;
        };
        let upper = above.epsilon(delta.value(), Side::Above);
        if upper <= found.lower {
            return found;
        }
        if width.is_none() {
            let below = add.compose(Side::Below);
            let lower = below.map_or(0.0, |below| below.epsilon(delta.value(), Side::Below));
            return Bracket {
                lower: found.lower.max(lower),
                upper: found.upper.max(upper),
            };
        }
    }
    found
}

/// A second attempt around the first one's answer. Both brackets hold, so their common part does.
fn again(parts: &[(Pair, u64)], found: Bracket, question: Question, delta: Delta) -> Bracket {
    let answer = Some(found.upper).filter(|upper| upper.is_finite());
    let Some(lattice) = Lattice::new(parts, Direction::Remove, question, None, answer) else {
        return found;
    };
    let more = both(&lattice, delta);
    Bracket {
        lower: found.lower.max(more.lower),
        upper: found.upper.min(more.upper),
    }
}

fn both(lattice: &Lattice<'_>, delta: Delta) -> Bracket {
    let side = |side: Side| {
        let composed = lattice.compose(side);
        composed.map(|composed| composed.epsilon(delta.value(), side))
    };
    Bracket {
        lower: side(Side::Below).unwrap_or(0.0),
        upper: side(Side::Above).unwrap_or(f64::INFINITY),
    }
}

/// The other direction is first composed with this width, relative to epsilon.
const COARSE: f64 = 2e-3;
/// A bracket wider than this part of epsilon is tried again: what is asked for is 1e-3.
const WIDE: f64 = 9e-4;
/// The width, in epsilon, of the curve that bounds attacks.
const ATTACK_WIDTH: f64 = 1e-3;
/// The widest discrete Gaussian, in steps, whose atoms are listed.
const LARGEST_GRID: f64 = 20_000.0;
/// The mass beyond which a discrete Gaussian is cut off, counted as infinite loss.
const GRID_TAIL: f64 = 1e-25;
