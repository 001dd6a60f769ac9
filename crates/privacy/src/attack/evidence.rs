//! A verdict that needs a firing control.

use serde::{Deserialize, Serialize};

use super::{Attack, Ceiling};

/// What a model may not exceed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The area under the attack's ROC curve that counts as caught.
    pub auc: f64,
    /// The guarantee the model claims, if it claims one.
    pub ceiling: Option<Ceiling>,
}

impl Default for Limits {
    /// An area of 0.55 and no claim.
    fn default() -> Self {
        Self {
            auc: 0.55,
            ceiling: None,
        }
    }
}

/// What the attack says about the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The control was caught and the model was not.
    Holds,
    /// The model was caught, or contradicts the guarantee it claims.
    Leaks,
    /// The control was not caught: the attack proves nothing here.
    NoEvidence,
}

/// The attack on a model beside the same attack on a deliberately overfit twin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The attack on the model.
    pub model: Attack,
    /// The attack on the overfit twin, the positive control.
    pub control: Attack,
    /// What both were measured against.
    pub limits: Limits,
}

impl Evidence {
    /// Whether the attack works at all: it catches the twin by the very rule it is to clear the
    /// model by.
    pub fn control_fired(&self) -> bool {
        caught(&self.control, self.limits.auc)
    }

    /// The verdict. A leak is a leak even without a control; a pass is a pass only with one.
    pub fn verdict(&self) -> Verdict {
        if caught(&self.model, self.limits.auc) || self.contradicts_claim() {
            Verdict::Leaks
        } else if self.control_fired() {
            Verdict::Holds
        } else {
            Verdict::NoEvidence
        }
    }

    /// Whether some true positive rate lies, with 95 % confidence on either rate, above what the
    /// claimed guarantee allows.
    pub fn contradicts_claim(&self) -> bool {
        let Some(ceiling) = &self.limits.ceiling else {
            return false;
        };
        self.model.points.iter().any(|point| {
            point.true_positive_bounds.0 > ceiling.true_positive_rate(point.false_positive_bounds.1)
        })
    }
}

/// The lower end of the 95 % interval of the area lies above the limit.
fn caught(attack: &Attack, limit: f64) -> bool {
    attack.auc_bounds.0 > limit
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Losses of members `shift` below those of non-members, 400 of each.
    fn attack(shift: f64) -> Attack {
        let others: Vec<f64> = (0..400).map(|i| f64::from(i) / 400.0).collect();
        let members: Vec<f64> = others.iter().map(|loss| loss - shift).collect();
        Attack::on_losses(&members, &others).unwrap()
    }

    fn verdict(model: f64, control: f64, ceiling: Option<Ceiling>) -> Verdict {
        let limits = Limits {
            ceiling,
            ..Limits::default()
        };
        Evidence {
            model: attack(model),
            control: attack(control),
            limits,
        }
        .verdict()
    }

    #[test]
    fn a_pass_without_a_firing_control_is_no_evidence() {
        assert_eq!(verdict(0.0, 0.0, None), Verdict::NoEvidence);
        assert_eq!(verdict(0.0, 0.5, None), Verdict::Holds);
    }

    #[test]
    fn a_caught_model_leaks_with_or_without_control() {
        assert_eq!(verdict(0.5, 0.5, None), Verdict::Leaks);
        assert_eq!(verdict(0.5, 0.0, None), Verdict::Leaks);
    }

    #[test]
    fn a_rate_above_the_claimed_ceiling_is_a_leak() {
        let strict = Ceiling::Gaussian { mu: 0.01 };
        let loose = Ceiling::Gaussian { mu: 3.0 };
        assert_eq!(verdict(0.08, 0.5, Some(strict)), Verdict::Leaks);
        assert_eq!(verdict(0.08, 0.5, Some(loose)), Verdict::Holds);
    }
}
