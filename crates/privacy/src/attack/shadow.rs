//! What shadow models know of each person: the likelihood-ratio attack (LiRA) and RMIA.
//!
//! A shadow model is trained like the model under test, on a random part of the same persons.
//! Each shadow is attacked with the help of the others, so that a few dozen models give enough
//! trials to look at false positive rates of one in a thousand.

use serde::{Deserialize, Serialize};

use super::{Attack, AttackError};

/// Signals of every person under every shadow model, and who was in which.
///
/// A signal is large where the model is sure of the person's true labels; LiRA wants log-odds
/// (Carlini et al. 2022, section 4), which are roughly normal over models.
#[derive(Clone, Debug, Default)]
pub struct Shadows {
    persons: usize,
    models: Vec<Shadow>,
}

/// One shadow model.
#[derive(Clone, Debug)]
struct Shadow {
    signals: Vec<f64>,
    members: Vec<bool>,
}

/// How an attack scored persons inside and outside of the training sets it was tried on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// Scores of those who were inside.
    pub members: Vec<f64>,
    /// Scores of those who were not.
    pub non_members: Vec<f64>,
}

impl Trials {
    /// The attack's rates, with bounds as if the trials were independent.
    ///
    /// Trials of one person under several models are not quite independent; the bounds are a
    /// little too narrow where few persons carry the whole leak.
    pub fn attack(&self) -> Result<Attack, AttackError> {
        Attack::on_confidences(&self.members, &self.non_members)
    }

    fn add(&mut self, score: f64, member: bool) {
        if member {
            self.members.push(score);
        } else {
            self.non_members.push(score);
        }
    }
}

impl Shadows {
    /// No models yet, over so many persons.
    pub const fn new(persons: usize) -> Self {
        Self {
            persons,
            models: Vec::new(),
        }
    }

    /// How many models there are.
    pub const fn len(&self) -> usize {
        self.models.len()
    }

    /// Whether there is no model.
    pub const fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// Adds a model: each person's signal, and whether the person was in its training set.
    ///
    /// Refuses other numbers of persons and signals that are not finite.
    pub fn push(&mut self, signals: Vec<f64>, members: Vec<bool>) -> Result<(), AttackError> {
        if signals.len() != self.persons || members.len() != self.persons {
            return Err(AttackError::Empty);
        }
        if let Some(position) = signals.iter().position(|signal| !signal.is_finite()) {
            let group = "signals";
            return Err(AttackError::NotANumber { group, position });
        }
        self.models.push(Shadow { signals, members });
        Ok(())
    }

    /// Online LiRA on each shadow in turn, with the others as its shadows (Carlini et al. 2022,
    /// algorithm 1, with one variance for all persons, which they advise below 64 models).
    pub fn lira(&self) -> Trials {
        let sums = self.sums();
        let spread = Spread::of(self, &sums);
        let mut trials = Trials::default();
        for model in &self.models {
            let persons = model.signals.iter().zip(&model.members).zip(&sums);
            for ((signal, member), sums) in persons {
                if let Some(score) = sums.without(*signal, *member).score(*signal, &spread) {
                    trials.add(score, *member);
                }
            }
        }
        trials
    }

    /// Online LiRA on a further model that is no shadow: one score a person.
    pub fn lira_on(&self, signals: &[f64]) -> Vec<Option<f64>> {
        let sums = self.sums();
        let spread = Spread::of(self, &sums);
        let pairs = signals.iter().zip(&sums);
        pairs
            .map(|(signal, sums)| sums.score(*signal, &spread))
            .collect()
    }

    /// Robust membership inference (RMIA, Zarifzadeh et al. 2024, equation 4 with gamma 1) on each
    /// shadow in turn: how often the person's ratio of likelihoods, under this model over all
    /// others, beats that of a random person outside.
    pub fn rmia(&self) -> Trials {
        let mut trials = Trials::default();
        let means = self.mean_likelihoods();
        let count = self.models.len() as f64;
        if count < 2.0 {
            return trials;
        }
        for model in &self.models {
            let ratio = |(signal, mean): (&f64, &f64)| {
                let own = likelihood(*signal);
                let rest = (mean * count - own) / (count - 1.0);
                libm::log(own.max(TINY)) - libm::log(rest.max(TINY))
            };
            let ratios: Vec<f64> = model.signals.iter().zip(&means).map(ratio).collect();
            score_ratios(&ratios, &model.members, &mut trials);
        }
        trials
    }

    /// RMIA on a further model: one score a person; `population` marks those who may be compared
    /// with, known to be outside.
    pub fn rmia_on(&self, signals: &[f64], population: &[bool]) -> Vec<f64> {
        let means = self.mean_likelihoods();
        let ratio = |(signal, mean): (&f64, &f64)| {
            libm::log(likelihood(*signal).max(TINY)) - libm::log(mean.max(TINY))
        };
        let ratios: Vec<f64> = signals.iter().zip(&means).map(ratio).collect();
        let outside = sorted_where(&ratios, population, true);
        let beaten = |ratio: &f64| outside.partition_point(|other| other <= ratio) as f64;
        ratios.iter().map(beaten).collect()
    }

    fn mean_likelihoods(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.persons];
        for model in &self.models {
            for (mean, signal) in means.iter_mut().zip(&model.signals) {
                *mean += likelihood(*signal) / self.models.len() as f64;
            }
        }
        means
    }

    fn sums(&self) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); self.persons];
        for model in &self.models {
            let persons = model.signals.iter().zip(&model.members);
            for (sums, (signal, member)) in sums.iter_mut().zip(persons) {
                sums.side(*member).add(*signal);
            }
        }
        sums
    }
}

/// Below this a likelihood counts as this.
const TINY: f64 = 1e-12;

/// The probability of the true labels that a signal of log-odds stands for.
fn likelihood(signal: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-signal))
}

fn sorted_where(values: &[f64], marks: &[bool], wanted: bool) -> Vec<f64> {
    let pairs = values.iter().zip(marks);
    let chosen = pairs.filter(|(_, mark)| **mark == wanted);
    let mut chosen: Vec<f64> = chosen.map(|(value, _)| *value).collect();
    chosen.sort_by(f64::total_cmp);
    chosen
}

/// The share of outsiders whose ratio a person beats. Outsiders are compared with all outsiders,
/// themselves included, which moves every share by at most one in their number.
fn score_ratios(ratios: &[f64], members: &[bool], trials: &mut Trials) {
    let outside = sorted_where(ratios, members, false);
    for (ratio, member) in ratios.iter().zip(members) {
        let beaten = outside.partition_point(|other| other <= ratio);
        // The ratio itself breaks the ties that counting leaves.
        trials.add(beaten as f64 + libm::tanh(*ratio) / 4.0, *member);
    }
}

/// Running sums of one person's signals, inside and outside.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    inside: Side,
    outside: Side,
}

#[derive(Clone, Copy, Debug, Default)]
struct Side {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Side {
    fn add(&mut self, signal: f64) {
        self.count += 1.0;
        self.sum += signal;
        self.squares += signal * signal;
    }

    fn without(mut self, signal: f64) -> Self {
        self.count -= 1.0;
        self.sum -= signal;
        self.squares -= signal * signal;
        self
    }

    fn mean(&self) -> f64 {
        self.sum / self.count
    }
}

impl Sums {
    fn side(&mut self, member: bool) -> &mut Side {
        if member {
            &mut self.inside
        } else {
            &mut self.outside
        }
    }

    fn without(mut self, signal: f64, member: bool) -> Self {
        let side = self.side(member);
        *side = side.without(signal);
        self
    }

    /// The log-likelihood ratio of inside over outside; `None` without a model on either side.
    fn score(&self, signal: f64, spread: &Spread) -> Option<f64> {
        if self.inside.count < 0.5 || self.outside.count < 0.5 {
            return None;
        }
        let log = |mean: f64, variance: f64, count: f64| {
            // A mean of few models is itself uncertain.
            let variance = variance * (1.0 + 1.0 / count);
            -0.5 * ((signal - mean) * (signal - mean) / variance + libm::log(variance))
        };
        let inside = log(self.inside.mean(), spread.inside, self.inside.count);
        let outside = log(self.outside.mean(), spread.outside, self.outside.count);
        Some(inside - outside)
    }
}

/// The variance of a person's signal over models, pooled over persons.
#[derive(Clone, Copy, Debug)]
struct Spread {
    inside: f64,
    outside: f64,
}

impl Spread {
    fn of(shadows: &Shadows, sums: &[Sums]) -> Self {
        let pooled = |side: fn(&Sums) -> Side| {
            let (mut within, mut freedom) = (0.0, 0.0);
            for side in sums.iter().map(side).filter(|side| side.count > 1.5) {
                within += (side.squares - side.sum * side.sum / side.count).max(0.0);
                freedom += side.count - 1.0;
            }
            (within / f64::max(freedom, 1.0)).max(1e-12)
        };
        if shadows.is_empty() {
            return Self {
                inside: 1.0,
                outside: 1.0,
            };
        }
        Self {
            inside: pooled(|sums| sums.inside),
            outside: pooled(|sums| sums.outside),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Entropy as _;

    use super::*;
    use crate::attack::stream::{Stream, normal};

    /// Persons whose signal is higher inside by `leak`, each around a level of their own.
    fn shadows(models: usize, persons: usize, leak: f64, seed: u64) -> Shadows {
        let mut entropy = Stream::new(seed);
        let levels: Vec<f64> = (0..persons).map(|_| 3.0 * normal(&mut entropy)).collect();
        let mut shadows = Shadows::new(persons);
        for _ in 0..models {
            let members: Vec<bool> = (0..persons).map(|_| entropy.below(2) == 1).collect();
            let signal = |(level, member): (&f64, &bool)| {
                level + f64::from(u8::from(*member)) * leak + normal(&mut entropy)
            };
            let signals = levels.iter().zip(&members).map(signal).collect();
            shadows.push(signals, members).unwrap();
        }
        shadows
    }

    fn at_one_percent(attack: &Attack) -> f64 {
        attack.points[1].true_positive_rate
    }

    #[test]
    fn lira_reaches_what_the_normal_laws_allow_and_loss_alone_does_not() {
        let shadows = shadows(32, 1000, 2.0, 1);
        let lira = shadows.lira().attack().unwrap();
        // Normal laws two deviations apart: TPR at 1 % FPR is Phi(-2.326 + 2) = 0.372.
        let ideal = 0.372;
        assert!((at_one_percent(&lira) - ideal).abs() < 0.05, "{lira:?}");
        let pairs = shadows
            .models
            .iter()
            .flat_map(|model| model.signals.iter().zip(&model.members));
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (signal, member) in pairs {
            if *member { &mut inside } else { &mut outside }.push(*signal);
        }
        let loss = Attack::on_confidences(&inside, &outside).unwrap();
        assert!(at_one_percent(&loss) < 0.1, "{loss:?}");
    }

    #[test]
    fn nothing_is_found_where_nothing_leaks() {
        let shadows = shadows(16, 1000, 0.0, 2);
        for trials in [shadows.lira(), shadows.rmia()] {
            let attack = trials.attack().unwrap();
            assert!((attack.auc.value - 0.5).abs() < 0.02);
            assert!((at_one_percent(&attack) - 0.01).abs() < 0.006);
        }
    }

    #[test]
    fn rmia_catches_members_with_two_shadows() {
        let attack = shadows(4, 2000, 2.0, 3).rmia().attack().unwrap();
        assert!(attack.auc.value > 0.65, "{}", attack.auc.value);
    }

    #[test]
    fn a_further_model_is_attacked_by_the_same_shadows() {
        let shadows = shadows(32, 1000, 2.0, 4);
        let mut entropy = Stream::new(4);
        let levels: Vec<f64> = (0..1000).map(|_| 3.0 * normal(&mut entropy)).collect();
        let members: Vec<bool> = (0..1000).map(|person| person % 2 == 0).collect();
        let signal = |(level, member): (&f64, &bool)| {
            level + 2.0 * f64::from(u8::from(*member)) + normal(&mut entropy)
        };
        let signals: Vec<f64> = levels.iter().zip(&members).map(signal).collect();
        let mut lira = Trials::default();
        for (score, member) in shadows.lira_on(&signals).into_iter().zip(&members) {
            lira.add(score.unwrap(), *member);
        }
        assert!(lira.attack().unwrap().auc.value > 0.88);
        let outside: Vec<bool> = members.iter().map(|member| !member).collect();
        let mut rmia = Trials::default();
        for (score, member) in shadows.rmia_on(&signals, &outside).iter().zip(&members) {
            rmia.add(*score, *member);
        }
        assert!(rmia.attack().unwrap().auc.value > 0.6);
    }

    #[test]
    fn signals_that_do_not_fit_are_refused() {
        let mut shadows = Shadows::new(2);
        assert_eq!(shadows.push(vec![1.0], vec![true]), Err(AttackError::Empty));
        let refused = shadows.push(vec![1.0, f64::NAN], vec![true, false]);
        assert!(matches!(
            refused,
            Err(AttackError::NotANumber { position: 1, .. })
        ));
    }
}
