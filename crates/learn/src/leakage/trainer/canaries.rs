//! Invented persons, of which no two share a column.

use crate::{
    features::{Design, Feature, FeatureSpec, Target},
    model::Model,
    train::{FitError, TrainingPlan},
};

/// A table of canaries: person `i` has `rows` equal rows with ones in `own` columns of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Canaries {
    /// How many canaries have columns.
    pub(super) count: usize,
    /// Columns of each.
    pub(super) own: usize,
    /// Rows of each.
    pub(super) rows: usize,
    /// Columns in which nobody has anything.
    pub(super) empty: usize,
    /// Persons in all; those beyond the canaries have no rows.
    pub(super) persons: u32,
}

impl Canaries {
    const fn dim(&self) -> usize {
        self.count * self.own + self.empty
    }

    /// The table with the canaries for whom `inside` holds. Labels alternate, so that the bias
    /// stays where it is.
    pub(super) fn design(&self, inside: impl Fn(usize) -> bool) -> Result<Design, FitError> {
        let dim = self.dim();
        let (mut x, mut y, mut person_of_row) = (Vec::new(), Vec::new(), Vec::new());
        for canary in (0..self.count).filter(|canary| inside(*canary)) {
            let mut row = vec![0.0_f32; dim];
            let own = row.iter_mut().skip(canary * self.own).take(self.own);
            own.for_each(|cell| *cell = 1.0);
            let person = u32::try_from(canary).map_err(|_| FitError::Shape)?;
            for _ in 0..self.rows {
                x.extend_from_slice(&row);
                y.push(label(canary));
                person_of_row.push(person);
            }
        }
        if y.is_empty() {
            // A table needs a row; this one has nothing in it and its label pulls at the bias only.
            x.resize(dim, 0.0);
            y.push(0);
            person_of_row.push(self.persons.saturating_sub(1));
        }
        Ok(Design {
            rows: y.len(),
            dim,
            x,
            y,
            person_of_row,
            persons: self.persons,
            targets: Vec::new(),
            spec: spec(dim),
        })
    }

    /// How far each canary moved its own columns, in clips: the sum over steps along the direction
    /// of its gradient.
    pub(super) fn moves(&self, sums: &[f64]) -> Vec<f64> {
        let blocks = sums.chunks_exact(self.own.max(1)).take(self.count);
        let root = libm::sqrt(self.own as f64);
        blocks
            .enumerate()
            .map(|(canary, block)| {
                let sum: f64 = block.iter().sum();
                // The gradient of a positive row is negative.
                let sign = if label(canary) == 1 { -1.0 } else { 1.0 };
                sign * sum / root
            })
            .collect()
    }
}

fn label(canary: usize) -> u8 {
    u8::from(canary.is_multiple_of(2))
}

/// Two persons with empty rows and opposite labels: at zero weights their gradients cancel, and a
/// release of them is noise.
pub(super) fn silent(columns: usize, persons: u32) -> Design {
    Design {
        rows: 2,
        dim: columns,
        x: vec![0.0; 2 * columns],
        y: vec![0, 1],
        person_of_row: vec![0, 1],
        persons,
        targets: Vec::new(),
        spec: spec(columns),
    }
}

/// The sum over the steps in clips, coordinate by coordinate, the bias last: read off the weights
/// of a logistic model that started at zero, with momentum 0.
pub(super) fn sums(model: &Model, plan: &TrainingPlan) -> Vec<f64> {
    let unit = plan.learning_rate * plan.clip / f64::from(plan.batch);
    let weights = model.layers.iter();
    weights
        .flat_map(|layer| layer.weights.iter().chain(&layer.bias))
        .map(|weight| -f64::from(*weight) / unit)
        .collect()
}

fn spec(dim: usize) -> FeatureSpec {
    let values = (0..dim).map(|column| column.to_string()).collect();
    FeatureSpec {
        features: vec![Feature::Category {
            column: "canary".into(),
            values,
        }],
        target: Target {
            column: "label".into(),
            positive: "1".into(),
        },
    }
}
