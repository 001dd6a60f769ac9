//! Mitigation before training: weights that make label and group independent.

use std::collections::BTreeMap;

use domain::Entropy;
use serde::{Deserialize, Serialize};

use super::counts::name_of;
use crate::{
    features::Design,
    figures::FigureError,
    metrics::ScoreError,
    unit::{UNIT, in_persons, noise},
};

/// Weights by group and label (Kamiran, Calders 2012, section 4.2): what the share of both would be
/// if they were independent, over what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reweighing {
    /// Group to the weights of its rows with label 0 and with label 1.
    pub weights: BTreeMap<String, (f64, f64)>,
    /// The weight of a group that is not listed: 0, or 1 where noise hides small groups.
    #[serde(default)]
    pub rest: f64,
}

/// The weights of a table.
pub fn reweighing(labels: &[u8], groups: &[Option<&str>]) -> Result<Reweighing, ScoreError> {
    if labels.len() != groups.len() {
        return Err(ScoreError::Length);
    }
    if labels.is_empty() {
        return Err(ScoreError::Empty);
    }
    let mut cells: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let (mut no, mut yes) = (0.0, 0.0);
    for (label, group) in labels.iter().zip(groups) {
        let cell = cells.entry(name_of(*group)).or_default();
        let (own, all) = if *label == 1 {
            (&mut cell.1, &mut yes)
        } else {
            (&mut cell.0, &mut no)
        };
        *own += 1.0;
        *all += 1.0;
    }
    let rows = no + yes;
    let weigh = |(name, (zeros, ones)): (&str, (f64, f64))| {
        let expected = |all: f64, own: f64| {
            if own > 0.0 {
                (zeros + ones) * all / (rows * own)
            } else {
                0.0
            }
        };
        (name.to_owned(), (expected(no, zeros), expected(yes, ones)))
    };
    Ok(Reweighing {
        weights: cells.into_iter().map(weigh).collect(),
        rest: 0.0,
    })
}

/// The weights from noisy counts of persons, each person counted once, by the first row.
///
/// # Guarantee
/// One Gaussian mechanism with the noise multiplier `sigma`, for neighbours that differ by one
/// person. A group shows only when its noisy count lies ten deviations above one person, so that a
/// word of one person alone shows with a probability below
/// [`FIGURES_DELTA`](crate::figures::FIGURES_DELTA).
pub fn noisy_reweighing(
    design: &Design,
    groups: &[Option<&str>],
    sigma: f64,
    entropy: &mut dyn Entropy,
) -> Result<Reweighing, FigureError> {
    if groups.len() != design.rows {
        return Err(ScoreError::Length.into());
    }
    let noise = noise(sigma, 1).map_err(|_| FigureError::Noise)?;
    let mut cells: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
    for (group, label) in design.firsts(groups).into_iter().flatten() {
        let cell = cells.entry(name_of(group)).or_default();
        if let Some(count) = cell.get_mut(usize::from(label == 1)) {
            *count = count.saturating_add(UNIT);
        }
    }
    let mut counts: Vec<i64> = cells.values().flatten().copied().collect();
    noise.add_to(&mut counts, entropy);
    let deviation = in_persons(i64::try_from(noise.sigma()).unwrap_or(i64::MAX));
    let shown: Vec<(&str, f64, f64)> = cells
        .into_keys()
        .zip(counts.chunks_exact(2))
        .filter_map(|(name, counts)| match counts {
            [no, yes] => Some((name, in_persons(*no), in_persons(*yes))),
            _ => None,
        })
        // The sum of two cells has the deviation of one times the root of two.
        .filter(|(_, no, yes)| no + yes > 1.0 + SHOWN * deviation * std::f64::consts::SQRT_2)
        .map(|(name, no, yes)| (name, no.max(deviation), yes.max(deviation)))
        .collect();
    let (no, yes) = shown
        .iter()
        .fold((0.0, 0.0), |sum, (_, no, yes)| (sum.0 + no, sum.1 + yes));
    let weigh = |(name, zeros, ones): (&str, f64, f64)| {
        let expected = |all: f64, own: f64| {
            let weight = (zeros + ones) * all / ((no + yes) * own);
            weight.clamp(1.0 / MOST, MOST)
        };
        (name.to_owned(), (expected(no, zeros), expected(yes, ones)))
    };
    Ok(Reweighing {
        weights: shown.into_iter().map(weigh).collect(),
        rest: 1.0,
    })
}

/// A group needs so many deviations above one person.
const SHOWN: f64 = 10.0;
/// Noisy weights lie between this and its inverse.
const MOST: f64 = 10.0;

impl Design {
    /// The group and the label of each person's first row; none for persons without a row.
    fn firsts<'a>(&self, groups: &[Option<&'a str>]) -> Vec<Option<(Option<&'a str>, u8)>> {
        let first = |rows: Vec<u32>| {
            let row = *rows.first()? as usize;
            let label = self.y.get(row).copied().unwrap_or(0);
            Some((groups.get(row).copied().flatten(), label))
        };
        self.rows_of_persons().into_iter().map(first).collect()
    }
}

impl Reweighing {
    /// The weight of a row.
    pub fn of(&self, group: Option<&str>, label: u8) -> f64 {
        let weights = self.weights.get(name_of(group));
        weights.map_or(self.rest, |(no, yes)| if label == 1 { *yes } else { *no })
    }

    /// A table in which label and group are independent on average: each person is kept with a
    /// chance in proportion to the weight of the person's first row (the sampling of Kamiran,
    /// Calders 2012, section 4.3), which any trainer can learn from.
    ///
    /// With exact weights a private training on the result is private only as far as the shares of
    /// groups and labels may be told.
    pub fn sample(
        &self,
        design: &Design,
        groups: &[Option<&str>],
        entropy: &mut dyn Entropy,
    ) -> Design {
        let kept = self.keep(design, groups, entropy);
        design.of_persons(|person| kept.get(person as usize).copied().unwrap_or(false))
    }

    /// Who is kept, person by person: an independent coin each, given the weights.
    pub fn keep(
        &self,
        design: &Design,
        groups: &[Option<&str>],
        entropy: &mut dyn Entropy,
    ) -> Vec<bool> {
        let both = |weights: &(f64, f64)| weights.0.max(weights.1);
        let largest = self.weights.values().map(both).fold(self.rest, f64::max);
        let largest = largest.max(1e-12);
        let firsts = design.firsts(groups).into_iter();
        firsts
            .map(|first| {
                let coin = entropy.unit();
                first.is_some_and(|(group, label)| coin < self.of(group, label) / largest)
            })
            .collect()
    }
}
