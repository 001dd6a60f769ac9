//! The fast sampler: a ziggurat of integer rectangles over the discrete Gaussian's curve.
//!
//! The half curve `M exp(-x^2 / (2 sigma^2))`, `x = 0, 1, 2, ...`, is covered by 256 layers of the
//! same area `A = 2^55`, counted in integer points; the bottom layer also holds a staircase over the
//! tail. One 64-bit word names a layer (8 bits), a sign (1 bit) and a point in it (55 bits).
//! Points of a layer that its rectangle does not need are rejected, so that no area has to match
//! exactly. A point under the curve is accepted: at once where the whole column is below the curve,
//! otherwise by comparison, decided exactly in [`super::curve`].
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "layer sizes are positive and below 2^55; a wrong size would only cost speed"
)]

use domain::Entropy;

use super::curve::Curve;

const LAYERS: usize = 256;
const AREA: u64 = 1 << 55;
/// Where the tail begins, in sigmas, for 256 layers (Marsaglia, Tsang 2000).
const TAIL_FROM: f64 = 3.654_152_885_361_009;
/// The area of one of 256 layers under `exp(-x^2/2)`.
const LAYER_AREA: f64 = 0.004_928_673_233_99;
const BLOCK: usize = 1024;

#[derive(Clone, Copy, Debug)]
struct Layer {
    /// Columns `0..columns` belong to the layer.
    columns: u64,
    /// Columns `0..sure` lie below the curve over the layer's whole height.
    sure: u64,
    height: u64,
    /// `floor(2^64 / height)`.
    reciprocal: u64,
    bottom: u64,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    first: u64,
    height: u64,
    /// Points before this step in the tail.
    start: u64,
    end: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Ziggurat {
    layers: Vec<Layer>,
    tail: Vec<Step>,
    curve: Curve,
}

impl Ziggurat {
    /// Builds the layers; `None` when they do not reach the top, and the caller falls back.
    pub(super) fn new(sigma: u64) -> Option<Self> {
        let mut top = AREA as f64 / (LAYER_AREA * sigma as f64);
        for _ in 0..200 {
            if let Some(ziggurat) = Self::with_top(sigma, top as u64) {
                return Some(ziggurat);
            }
            top *= 0.9995;
        }
        None
    }

    pub(super) fn sample(&self, entropy: &mut dyn Entropy) -> i64 {
        loop {
            let word = entropy.next_u64();
            if let Some(sample) = self.draw(word, entropy) {
                return sample;
            }
        }
    }

    pub(super) fn add_to(&self, sums: &mut [i64], entropy: &mut dyn Entropy) {
        let mut bytes = [0_u8; 8 * BLOCK];
        let mut done = 0;
        while let Some(rest) = sums.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let wanted = rest.len().min(BLOCK);
            let words = bytes.get_mut(..8 * wanted).unwrap_or_default();
            entropy.fill(words);
            let mut slots = rest.iter_mut();
            for word in words.as_chunks::<8>().0 {
                if let Some(sample) = self.draw(u64::from_le_bytes(*word), entropy)
                    && let Some(slot) = slots.next()
                {
                    *slot = slot.wrapping_add(sample);
                    done += 1;
                }
            }
        }
    }

    /// The sample that a word stands for, if it stands for one.
    #[inline]
    fn draw(&self, word: u64, entropy: &mut dyn Entropy) -> Option<i64> {
        let layer = self.layers.get((word & 0xFF) as usize)?;
        let negative = (word >> 8) & 1 == 1;
        let point = word >> 9;
        let (column, height) = split(point, layer);
        // Column 0 is shared by both signs: one of them has to give way.
        if column < layer.sure && column > 0 {
            return Some(signed(column, negative));
        }
        self.consider(layer, column, height, point, negative, entropy)
    }

    #[cold]
    fn consider(
        &self,
        layer: &Layer,
        column: u64,
        height: u64,
        point: u64,
        negative: bool,
        entropy: &mut dyn Entropy,
    ) -> Option<i64> {
        let (column, height) = if column < layer.columns {
            (column, layer.bottom + height)
        } else if layer.bottom == 0 {
            self.tail_point(point - layer.columns * layer.height)?
        } else {
            return None;
        };
        if column == 0 && negative {
            return None;
        }
        let below = column < layer.sure || self.curve.is_above(column, height, entropy);
        below.then(|| signed(column, negative))
    }

    fn tail_point(&self, point: u64) -> Option<(u64, u64)> {
        let step = self.tail.iter().find(|step| point < step.end)?;
        let point = point - step.start;
        Some((step.first + point / step.height, point % step.height))
    }

    /// Layers for a curve of height `top`; `None` when they end below it.
    fn with_top(sigma: u64, top: u64) -> Option<Self> {
        let curve = Curve { sigma, top };
        let tail_from = libm::ceil(TAIL_FROM * sigma as f64) as u64 + 1;
        let tail = staircase(&curve, tail_from);
        let tail_area = tail.last().map_or(0, |step| step.end);
        let mut layers = Vec::with_capacity(LAYERS);
        let mut bottom = 0_u64;
        for index in 0..LAYERS {
            let area = if index == 0 {
                AREA.checked_sub(tail_area)?
            } else {
                AREA
            };
            let columns = if index == 0 {
                tail_from
            } else {
                curve.columns_above(bottom).min(tail_from)
            };
            let height = (area / columns.max(1)).min(AREA);
            layers.push(Layer {
                columns: columns.max(1),
                sure: 0,
                height,
                reciprocal: u64::MAX / height.max(1),
                bottom,
            });
            bottom = bottom.checked_add(height)?;
        }
        if bottom < top {
            return None;
        }
        for layer in &mut layers {
            layer.sure = curve
                .columns_surely_above(layer.bottom.saturating_add(layer.height))
                .min(layer.columns);
        }
        Some(Self {
            layers,
            tail,
            curve,
        })
    }
}

/// Column and height of a point; exact, since the reciprocal's estimate is at most one too small.
#[inline]
fn split(point: u64, layer: &Layer) -> (u64, u64) {
    let column = ((u128::from(point) * u128::from(layer.reciprocal)) >> 64) as u64;
    let height = point.wrapping_sub(column.wrapping_mul(layer.height));
    if height >= layer.height {
        (column.wrapping_add(1), height.wrapping_sub(layer.height))
    } else {
        (column, height)
    }
}

#[inline]
#[expect(clippy::cast_possible_wrap, reason = "columns stay below 2^46")]
fn signed(column: u64, negative: bool) -> i64 {
    if negative {
        (column as i64).wrapping_neg()
    } else {
        column as i64
    }
}

/// Rectangles that cover the curve from `from` on: an eighth of a sigma wide until the curve is
/// below one point, then one that is one point high, up to 38 sigma.
fn staircase(curve: &Curve, from: u64) -> Vec<Step> {
    let width = curve.sigma / 8;
    let limit = 38 * curve.sigma;
    let (mut steps, mut first, mut start) = (Vec::new(), from, 0_u64);
    while first < limit {
        let height = curve.points_above(first);
        let columns = if height > 1 { width } else { limit - first };
        let end = start.saturating_add(columns.saturating_mul(height));
        steps.push(Step {
            first,
            height,
            start,
            end,
        });
        (first, start) = (first + columns, end);
    }
    steps
}
