//! The kinds of model.

use serde::{Deserialize, Serialize};

use super::{FitError, need};

/// The kind of model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ModelKind {
    /// Logistic regression.
    Logistic,
    /// Linear least squares for a number. The model works on its share of the public range, 0 to 1.
    Linear {
        /// The smallest value told apart: a public bound, not the smallest one seen.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// A multilayer perceptron with rectified hidden layers and one logistic output.
    Mlp {
        /// The widths of the hidden layers, from the input on.
        hidden: Vec<usize>,
    },
    /// A small convolutional network over the number features in the order of the feature list,
    /// rectified, then one logistic output that also sees the categories.
    ///
    /// A number enters as two channels, its value and whether it is missing.
    Cnn {
        /// Rows of the grid that the numbers fill, line after line; 1 is a sequence (1-D).
        height: usize,
        /// The side of the kernel; in a sequence its length.
        kernel: usize,
        /// How many kernels.
        channels: usize,
    },
    /// Gradient-boosted trees of one depth (logistic loss, Newton steps).
    ///
    /// Without privacy the splits are chosen greedily. With privacy they are drawn at random without
    /// looking at the data, and only the leaves' sums are noised (Maddock et al. 2022, "Federated
    /// boosted decision trees with differential privacy").
    Gbdt {
        /// How many trees.
        trees: u32,
        /// Splits between root and leaf.
        depth: u32,
    },
}

impl ModelKind {
    /// The widths of the hidden layers.
    pub fn hidden(&self) -> &[usize] {
        match self {
            Self::Mlp { hidden } => hidden,
            _ => &[],
        }
    }

    /// What people call it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Logistic => "logistic regression",
            Self::Linear { .. } => "linear regression",
            Self::Mlp { .. } => "multilayer perceptron",
            Self::Cnn { .. } => "convolutional network",
            Self::Gbdt { .. } => "gradient-boosted trees",
        }
    }

    /// Whether it predicts a number and not a class.
    pub const fn is_regression(&self) -> bool {
        matches!(self, Self::Linear { .. })
    }

    /// Number and depth of the trees, if it is made of trees.
    pub const fn trees(&self) -> Option<(u32, u32)> {
        match self {
            Self::Gbdt { trees, depth } => Some((*trees, *depth)),
            _ => None,
        }
    }

    /// Whether numbers may be spread over knots before they enter.
    pub(super) const fn takes_knots(&self) -> bool {
        matches!(
            self,
            Self::Logistic | Self::Linear { .. } | Self::Mlp { .. }
        )
    }

    pub(crate) fn check(&self) -> Result<(), FitError> {
        match self {
            Self::Logistic => Ok(()),
            Self::Linear { min, max } => need(
                min.is_finite() && max.is_finite() && min < max,
                "target range",
                "two finite numbers, the smaller one first",
            ),
            Self::Mlp { hidden } => need(
                (1..=8).contains(&hidden.len())
                    && hidden.iter().all(|width| (1..=4096).contains(width)),
                "hidden",
                "1 to 8 hidden layers of 1 to 4096 units",
            ),
            Self::Cnn {
                height,
                kernel,
                channels,
            } => need(
                (1..=64).contains(height)
                    && (1..=16).contains(kernel)
                    && (1..=256).contains(channels),
                "model",
                "a grid of 1 to 64 lines, a kernel of 1 to 16, 1 to 256 channels",
            ),
            Self::Gbdt { trees, depth } => need(
                (1..=2000).contains(trees) && (1..=10).contains(depth),
                "model",
                "1 to 2000 trees of depth 1 to 10",
            ),
        }
    }
}
