//! The threshold attack: whoever's loss is low was in the training set.

use domain::{Code, Explain};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{codes, ranking::Auc, special::clopper_pearson};

/// Why an attack could not be run.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttackError {
    /// A group is empty.
    #[error("the attack needs at least one member and one non-member")]
    Empty,
    /// A score is not a number.
    #[error("a score is not a number, at position {position} of the {group}")]
    NotANumber {
        /// `members` or `non-members`.
        group: &'static str,
        /// Counted from 0.
        position: usize,
    },
}

impl Explain for AttackError {
    fn code(&self) -> Code {
        codes::SCORES
    }

    fn help(&self) -> String {
        "give the loss or confidence of records inside and outside the training set".into()
    }
}

/// One point of the attack's ROC curve with exact bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// The false positive rate asked for.
    pub target: f64,
    /// The false positive rate reached, at most the target.
    pub false_positive_rate: f64,
    /// The share of members caught.
    pub true_positive_rate: f64,
    /// 95 % Clopper-Pearson bounds of the false positive rate.
    pub false_positive_bounds: (f64, f64),
    /// 95 % Clopper-Pearson bounds of the true positive rate, at the threshold chosen.
    pub true_positive_bounds: (f64, f64),
}

/// The threshold attack (Yeom et al. 2018) on one model, reported as Carlini et al. 2022 ask: at low
/// false positive rates.
///
/// It is a weak attack: a low result here does not exclude a stronger one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attack {
    /// How many members were scored.
    pub members: u64,
    /// How many non-members were scored.
    pub non_members: u64,
    /// The area under the ROC curve; 0.5 is guessing.
    pub auc: Auc,
    /// The 95 % interval of the area (DeLong).
    pub auc_bounds: (f64, f64),
    /// The largest gap between true and false positive rate over all thresholds; chosen on the same
    /// scores, hence slightly optimistic for the attacker.
    pub advantage: f64,
    /// True positive rates at false positive rates 0.001, 0.01 and 0.1.
    pub points: Vec<OperatingPoint>,
}

impl Attack {
    /// The attack on losses: small means member.
    pub fn on_losses(members: &[f64], non_members: &[f64]) -> Result<Self, AttackError> {
        let turn = |losses: &[f64]| losses.iter().map(|loss| -loss).collect::<Vec<_>>();
        Self::on_confidences(&turn(members), &turn(non_members))
    }

    /// The attack on confidences in the true label: large means member.
    pub fn on_confidences(members: &[f64], non_members: &[f64]) -> Result<Self, AttackError> {
        check("members", members)?;
        check("non-members", non_members)?;
        let auc = Auc::of(members, non_members).ok_or(AttackError::Empty)?;
        let (members, non_members) = (descending(members), descending(non_members));
        let point = |target: &f64| operating_point(&members, &non_members, *target);
        Ok(Self {
            members: members.len() as u64,
            non_members: non_members.len() as u64,
            auc,
            auc_bounds: auc.interval(CONFIDENCE),
            advantage: advantage(&members, &non_members),
            points: TARGETS.iter().map(point).collect(),
        })
    }
}

const CONFIDENCE: f64 = 0.95;
const TARGETS: [f64; 3] = [0.001, 0.01, 0.1];

fn check(group: &'static str, scores: &[f64]) -> Result<(), AttackError> {
    if scores.is_empty() {
        return Err(AttackError::Empty);
    }
    match scores.iter().position(|score| score.is_nan()) {
        Some(position) => Err(AttackError::NotANumber { group, position }),
        None => Ok(()),
    }
}

fn descending(scores: &[f64]) -> Vec<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|one, two| two.total_cmp(one));
    sorted
}

fn operating_point(members: &[f64], non_members: &[f64], target: f64) -> OperatingPoint {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length, below the length"
    )]
    let allowed = libm::floor(target * non_members.len() as f64) as usize;
    let threshold = non_members
        .get(allowed)
        .copied()
        .unwrap_or(f64::NEG_INFINITY);
    let caught = |scores: &[f64]| scores.partition_point(|score| *score > threshold) as u64;
    let (hits, alarms) = (caught(members), caught(non_members));
    let (inside, outside) = (members.len() as u64, non_members.len() as u64);
    OperatingPoint {
        target,
        false_positive_rate: alarms as f64 / outside as f64,
        true_positive_rate: hits as f64 / inside as f64,
        false_positive_bounds: clopper_pearson(alarms, outside, CONFIDENCE),
        true_positive_bounds: clopper_pearson(hits, inside, CONFIDENCE),
    }
}

fn advantage(members: &[f64], non_members: &[f64]) -> f64 {
    let rate = |scores: &[f64], threshold: f64| {
        scores.partition_point(|score| *score >= threshold) as f64 / scores.len() as f64
    };
    let gap = |threshold: &f64| rate(members, *threshold) - rate(non_members, *threshold);
    members.iter().map(gap).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separate_losses_are_caught_completely() {
        let members: Vec<f64> = (0..500).map(|i| f64::from(i) / 1000.0).collect();
        let others: Vec<f64> = (0..500).map(|i| 1.0 + f64::from(i) / 1000.0).collect();

        let attack = Attack::on_losses(&members, &others).unwrap();

        assert_eq!((attack.auc.value, attack.advantage), (1.0, 1.0));
        assert!(
            attack
                .points
                .iter()
                .all(|point| point.true_positive_rate == 1.0)
        );
        assert!(attack.points[0].true_positive_bounds.0 > 0.99);
    }

    #[test]
    fn equal_losses_give_the_attacker_nothing() {
        let same = vec![0.5; 100];
        let attack = Attack::on_losses(&same, &same).unwrap();
        assert_eq!((attack.auc.value, attack.advantage), (0.5, 0.0));
        assert!(
            attack
                .points
                .iter()
                .all(|point| point.true_positive_rate == 0.0)
        );
    }

    #[test]
    fn what_is_not_a_number_is_named_by_its_place() {
        let error = Attack::on_losses(&[0.1, f64::NAN], &[0.2]).unwrap_err();
        assert_eq!(
            error,
            AttackError::NotANumber {
                group: "members",
                position: 1
            }
        );
        assert_eq!(Attack::on_losses(&[], &[0.2]), Err(AttackError::Empty));
    }
}
