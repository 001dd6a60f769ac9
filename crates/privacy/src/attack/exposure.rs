//! How much of a canary a model of texts remembers.

use serde::{Deserialize, Serialize};

use super::AttackError;
use crate::special::normal_cdf;

/// Exposure of a secret that was put into the training texts (Carlini et al. 2019, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// The canary's rank among itself and the references, 1 being the least surprising.
    pub rank: u64,
    /// References it was compared with: secrets of the same form that were not in the texts.
    pub references: u64,
    /// `log2(references + 1) - log2(rank)`, in bits.
    pub bits: f64,
    /// The same from a normal law fitted to the references (their section 4.3), which can exceed
    /// what so few references show.
    pub extrapolated: f64,
    /// The chance of a rank as good for a secret that was never seen.
    pub p_value: f64,
}

impl Exposure {
    /// Ranks a canary's loss among losses of references; small losses are remembered ones.
    pub fn of(canary: f64, references: &[f64]) -> Result<Self, AttackError> {
        if references.len() < 2 {
            return Err(AttackError::Empty);
        }
        if let Some(position) = references.iter().position(|loss| !loss.is_finite()) {
            let group = "references";
            return Err(AttackError::NotANumber { group, position });
        }
        if !canary.is_finite() {
            let group = "canaries";
            return Err(AttackError::NotANumber { group, position: 0 });
        }
        let below = references.iter().filter(|loss| **loss <= canary).count() as u64;
        let count = references.len() as u64;
        let (rank, all) = (below + 1, count + 1);
        let share = rank as f64 / all as f64;
        Ok(Self {
            rank,
            references: count,
            bits: -libm::log2(share),
            extrapolated: -libm::log2(tail(canary, references).max(1e-300)),
            p_value: share,
        })
    }

    /// Whether the canary is remembered: its rank would be rare, below one in a hundred, for a
    /// secret that was never seen.
    pub fn is_remembered(&self) -> bool {
        self.p_value < 0.01
    }
}

fn tail(canary: f64, references: &[f64]) -> f64 {
    let count = references.len() as f64;
    let mean = references.iter().sum::<f64>() / count;
    let squares: f64 = references
        .iter()
        .map(|loss| (loss - mean) * (loss - mean))
        .sum();
    let deviation = libm::sqrt(squares / (count - 1.0)).max(1e-300);
    normal_cdf((canary - mean) / deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_worked_by_hand() {
        let references: Vec<f64> = (1..=1023).map(f64::from).collect();
        let known = Exposure::of(0.5, &references).unwrap();
        assert_eq!((known.rank, known.bits), (1, 10.0));
        assert!(known.is_remembered());
        let unknown = Exposure::of(511.5, &references).unwrap();
        assert_eq!((unknown.rank, unknown.bits), (512, 1.0));
        assert!(!unknown.is_remembered() && (unknown.extrapolated - 1.0).abs() < 0.01);
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        assert_eq!(Exposure::of(1.0, &[1.0]), Err(AttackError::Empty));
        assert!(Exposure::of(f64::NAN, &[1.0, 2.0]).is_err());
    }
}
