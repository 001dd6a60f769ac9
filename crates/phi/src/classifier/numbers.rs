//! Elementary functions from additions and multiplications only, so that they vectorise.

/// What stands between the two halves of a feed-forward layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    /// x times the normal distribution function (Hendrycks and Gimpel 2016), exact.
    Gelu,
    /// The same, approximated with tanh.
    GeluTanh,
    /// The positive part.
    Relu,
}

impl Activation {
    /// By the name that `config.json` gives it.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "gelu" => Some(Self::Gelu),
            "gelu_new" | "gelu_pytorch_tanh" => Some(Self::GeluTanh),
            "relu" => Some(Self::Relu),
            _ => None,
        }
    }

    /// Applied to each of these.
    pub(super) fn apply(self, values: &mut [f32]) {
        match self {
            Self::Gelu => values.iter_mut().for_each(|x| *x = gelu(*x)),
            Self::GeluTanh => values.iter_mut().for_each(|x| *x = gelu_tanh(*x)),
            Self::Relu => values.iter_mut().for_each(|x| *x = x.max(0.0)),
        }
    }
}

/// e to the x, to about 2e-7 of itself; cut at e to the -87 and e to the 88.
pub(super) fn exp(x: f32) -> f32 {
    /// Adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let r = x - whole * LN_2_HIGH - whole * LN_2_LOW;
    let series = 1.0 / 120.0 + r * (1.0 / 720.0);
    let series = 1.0 / 6.0 + r * (1.0 / 24.0 + r * series);
    let series = 1.0 + r * (1.0 + r * (0.5 + r * series));
    let power = rounded
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127)
        << 23;
    series * f32::from_bits(power)
}

/// Scores as shares that add up to one.
pub(super) fn softmax(row: &mut [f32]) {
    let top = row.iter().fold(f32::NEG_INFINITY, |top, x| top.max(*x));
    let mut total = 0.0;
    for x in row.iter_mut() {
        *x = exp(*x - top);
        total += *x;
    }
    for x in row {
        *x /= total;
    }
}

fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

fn gelu_tanh(x: f32) -> f32 {
    const SQRT_2_OVER_PI: f32 = 0.797_884_6;
    0.5 * x * (1.0 + tanh(SQRT_2_OVER_PI * (x + 0.044_715 * x * x * x)))
}

fn tanh(x: f32) -> f32 {
    let decay = exp(-2.0 * x.abs());
    ((1.0 - decay) / (1.0 + decay)).copysign(x)
}

/// The error function to 5e-7: Abramowitz and Stegun 1964, formula 7.1.26.
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let series = -1.453_152_1 + t * 1.061_405_4;
    let series = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_8 + t * series)));
    (1.0 - series * exp(-x * x)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_the_exponential() {
        for step in -860..880 {
            let x = step as f32 * 0.1;
            let share = f64::from(exp(x)) / f64::from(x).exp();
            assert!((share - 1.0).abs() < 1e-6, "{x}: {share}");
        }
    }

    /// Values of the error function: Abramowitz and Stegun 1964, table 7.1.
    #[test]
    fn erf_has_the_values_of_the_table() {
        for (x, value) in [
            (0.0, 0.0),
            (0.5, 0.520_499_9),
            (1.0, 0.842_700_8),
            (2.0, 0.995_322_3),
        ] {
            assert!((erf(x) - value).abs() < 1e-6);
            assert!((erf(-x) + value).abs() < 1e-6);
        }
    }

    #[test]
    fn both_forms_of_gelu_agree_roughly() {
        for step in -50..50 {
            let x = step as f32 * 0.1;
            assert!((gelu(x) - gelu_tanh(x)).abs() < 1e-3);
        }
    }

    #[test]
    fn shares_add_up_to_one() {
        let mut row = [1000.0, -3.0, 999.0];
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(row[0] > row[2] && row[2] > row[1]);
    }

    #[test]
    fn what_is_not_finite_stays_so() {
        let mut row = [f32::NAN, 1.0];
        softmax(&mut row);
        assert!(row.iter().any(|share| share.is_nan()));
    }
}
