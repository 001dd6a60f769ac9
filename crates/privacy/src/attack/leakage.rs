//! Several attacks, their controls, and the gate that a model must pass.

use serde::{Deserialize, Serialize};

use super::{Attack, Ceiling, OperatingPoint, Verdict};

/// What an attack may reach at a false positive rate of one in a thousand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Limit {
    /// What the guarantee of a private model allows.
    Guarantee {
        /// The guarantee.
        ceiling: Ceiling,
    },
    /// For a model without guarantee, which an officer has to approve: a rate.
    Approved {
        /// The largest true positive rate.
        rate: f64,
    },
}

impl Limit {
    /// What an officer may approve for a model without guarantee: three in a thousand.
    pub const NON_PRIVATE: Self = Self::Approved { rate: 0.003 };

    /// The largest true positive rate at a false positive rate of [`LOW_RATE`].
    pub fn at_low_rate(&self) -> f64 {
        match self {
            Self::Guarantee { ceiling } => ceiling.true_positive_rate(LOW_RATE),
            Self::Approved { rate } => *rate,
        }
    }
}

/// The false positive rate that decides.
pub const LOW_RATE: f64 = 0.001;
/// A control fires when it is caught this many times as often as strangers are.
const CONTROL: f64 = 10.0;

/// One attack on the training procedure beside the same attack on a procedure that overfits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The attack's name.
    pub name: String,
    /// On shadow models, trained as the model was; for an attack without shadows on the model.
    pub procedure: Attack,
    /// On the model itself.
    pub model: Option<Attack>,
    /// On models that are overfit on purpose.
    pub control: Attack,
}

/// All attacks and the limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leakage {
    /// Each attack.
    pub tried: Vec<Tried>,
    /// What none of them may exceed.
    pub limit: Limit,
    /// How many shadow models were trained.
    pub shadows: u64,
}

impl Tried {
    /// Whether the attack catches the control at a low rate: the lower bound of the true positive
    /// rate is ten times the false positive rate, with strangers enough to see the latter.
    pub fn control_fired(&self) -> bool {
        let enough = self.control.non_members as f64 >= 1.0 / LOW_RATE;
        let point = low_point(&self.control);
        enough && point.is_some_and(|point| point.true_positive_bounds.0 >= CONTROL * LOW_RATE)
    }

    /// The verdict of this attack.
    ///
    /// `Leaks` when the lower bound of some true positive rate lies above what the limit allows;
    /// `Holds` when the upper bound at the low rate lies within the limit and the control fired;
    /// `NoEvidence` otherwise, be it a silent control or too few trials.
    pub fn verdict(&self, limit: &Limit) -> Verdict {
        let both = std::iter::once(&self.procedure).chain(&self.model);
        if both.into_iter().any(|attack| contradicts(attack, limit)) {
            return Verdict::Leaks;
        }
        let within = low_point(&self.procedure)
            .is_some_and(|point| point.true_positive_bounds.1 <= limit.at_low_rate());
        let enough = self.procedure.non_members as f64 >= 1.0 / LOW_RATE;
        if within && enough && self.control_fired() {
            Verdict::Holds
        } else {
            Verdict::NoEvidence
        }
    }
}

impl Leakage {
    /// The worst verdict; without an attack there is no evidence.
    ///
    /// Evidence is what the strongest attack says whose control fired. One that is too weak to catch
    /// its control adds nothing and takes nothing away; a leak that any attack finds is a leak.
    pub fn verdict(&self) -> Verdict {
        let verdicts = || self.tried.iter().map(|tried| tried.verdict(&self.limit));
        if verdicts().any(|verdict| verdict == Verdict::Leaks) {
            Verdict::Leaks
        } else {
            self.strongest()
                .map_or(Verdict::NoEvidence, |tried| tried.verdict(&self.limit))
        }
    }

    /// The attack that catches its control most often at the low rate, of those whose control fired.
    pub fn strongest(&self) -> Option<&Tried> {
        let power =
            |tried: &Tried| low_point(&tried.control).map_or(0.0, |point| point.true_positive_rate);
        self.tried
            .iter()
            .filter(|tried| tried.control_fired())
            .max_by(|one, two| power(one).total_cmp(&power(two)))
    }
}

/// The point of an attack at the low rate.
pub fn low_point(attack: &Attack) -> Option<&OperatingPoint> {
    let near = |point: &&OperatingPoint| (point.target - LOW_RATE).abs() < 1e-9;
    attack.points.iter().find(near)
}

/// Whether a rate lies above the limit beyond its bounds. A rate that an officer approves speaks of
/// the low rate only; a guarantee of all.
fn contradicts(attack: &Attack, limit: &Limit) -> bool {
    let above = |point: &OperatingPoint| match limit {
        Limit::Guarantee { ceiling } => {
            point.true_positive_bounds.0 > ceiling.true_positive_rate(point.false_positive_bounds.1)
        }
        Limit::Approved { rate } => {
            (point.target - LOW_RATE).abs() < 1e-9 && point.true_positive_bounds.0 > *rate
        }
    };
    attack.points.iter().any(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An attack that catches `caught` of 20,000 members at one false alarm in a thousand.
    fn attack(caught: usize) -> Attack {
        let others: Vec<f64> = (0..20_000).map(f64::from).collect();
        let members: Vec<f64> = (0..20_000_u32)
            .map(|at| {
                if (at as usize) < caught {
                    1e6
                } else {
                    f64::from(at) - 20.0
                }
            })
            .collect();
        Attack::on_confidences(&members, &others).unwrap()
    }

    fn leakage(model: usize, control: usize, limit: Limit) -> Verdict {
        let tried = Tried {
            name: "test".into(),
            procedure: attack(model),
            model: None,
            control: attack(control),
        };
        Leakage {
            tried: vec![tried],
            limit,
            shadows: 0,
        }
        .verdict()
    }

    #[test]
    fn the_gate_asks_for_the_upper_bound_and_for_a_control_that_fires() {
        let limit = || Limit::NON_PRIVATE;
        assert_eq!(leakage(20, 2000, limit()), Verdict::Holds);
        assert_eq!(
            leakage(20, 100, limit()),
            Verdict::NoEvidence,
            "a silent control"
        );
        assert_eq!(
            leakage(55, 2000, limit()),
            Verdict::NoEvidence,
            "too near to tell"
        );
        assert_eq!(leakage(400, 2000, limit()), Verdict::Leaks);
        assert_eq!(
            leakage(400, 0, limit()),
            Verdict::Leaks,
            "also without a control"
        );
    }

    #[test]
    fn a_private_model_is_held_to_its_own_ceiling() {
        let limit = |mu| Limit::Guarantee {
            ceiling: Ceiling::Gaussian { mu },
        };
        // 30 in 20,000 is 0.15 %; the ceiling of mu 1 is 1.8 %, that of mu 0.01 is 0.1 %.
        assert_eq!(leakage(30, 2000, limit(1.0)), Verdict::Holds);
        assert_eq!(leakage(120, 2000, limit(0.01)), Verdict::Leaks);
    }

    #[test]
    fn no_attack_is_no_evidence() {
        let none = Leakage {
            tried: Vec::new(),
            limit: Limit::NON_PRIVATE,
            shadows: 0,
        };
        assert_eq!(none.verdict(), Verdict::NoEvidence);
    }
}
