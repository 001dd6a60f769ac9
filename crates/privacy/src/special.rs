//! The few special functions that bounds and tests need.

/// The standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The standard normal quantile; infinite at 0 and 1, not a number outside.
///
/// A rational start (Acklam) and two Halley steps on [`normal_cdf`]: about 1e-14 relative.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 || p.is_nan() {
        return edge(p);
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let mut x = start(p);
    for _ in 0..2 {
        let error = normal_cdf(x) - p;
        let slope = libm::exp(-0.5 * x * x) / libm::sqrt(2.0 * std::f64::consts::PI);
        let newton = error / slope;
        x -= newton / (1.0 + 0.5 * x * newton);
    }
    x
}

/// The regularised incomplete beta function (continued fraction, Lentz's method).
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(1.0 - x, b, a);
    }
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta) / a;
    front * beta_fraction(x, a, b)
}

/// The Clopper-Pearson interval for `hits` of `trials`, each side at `(1 - confidence) / 2`.
///
/// Exact coverage: the true rate lies inside with at least the stated confidence
/// (Clopper, Pearson 1934). Without trials it is `(0, 1)`.
///
/// ```
/// let (low, high) = cloister_privacy::special::clopper_pearson(0, 10, 0.95);
/// assert_eq!(low, 0.0);
/// assert!((high - 0.3085).abs() < 1e-4);
/// ```
pub fn clopper_pearson(hits: u64, trials: u64, confidence: f64) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (hits, trials) = (hits.min(trials) as f64, trials as f64);
    let side = (1.0 - confidence) / 2.0;
    let low = if hits > 0.0 {
        beta_quantile(side, hits, trials - hits + 1.0)
    } else {
        0.0
    };
    let high = if hits < trials {
        beta_quantile(1.0 - side, hits + 1.0, trials - hits)
    } else {
        1.0
    };
    (low, high)
}

fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if beta_cdf(middle, a, b) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[expect(clippy::many_single_char_names, reason = "the names of Lentz's method")]
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let tiny = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / tiny(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / tiny(1.0 + even * d);
        c = tiny(1.0 + even / c);
        result *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / tiny(1.0 + odd * d);
        c = tiny(1.0 + odd / c);
        result *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    result
}

fn edge(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p < 0.5 {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    }
}

/// Acklam's rational approximation for `0 < p <= 0.5`, good to 1e-9.
fn start(p: f64) -> f64 {
    if p < 0.02425 {
        let q = libm::sqrt(-2.0 * libm::log(p));
        return polynomial(&TAIL_TOP, q) / (polynomial(&TAIL_BOTTOM, q) * q + 1.0);
    }
    let q = p - 0.5;
    let r = q * q;
    polynomial(&CENTRE_TOP, r) * q / (polynomial(&CENTRE_BOTTOM, r) * r + 1.0)
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

const CENTRE_TOP: [f64; 6] = [
    -39.696_830_286_653_76,
    220.946_098_424_520_5,
    -275.928_510_446_968_7,
    138.357_751_867_269,
    -30.664_798_066_147_16,
    2.506_628_277_459_239,
];
const CENTRE_BOTTOM: [f64; 5] = [
    -54.476_098_798_224_06,
    161.585_836_858_040_9,
    -155.698_979_859_886_6,
    66.801_311_887_719_72,
    -13.280_681_552_885_72,
];
const TAIL_TOP: [f64; 6] = [
    -0.007_784_894_002_430_293,
    -0.322_396_458_041_136_5,
    -2.400_758_277_161_838,
    -2.549_732_539_343_734,
    4.374_664_141_464_968,
    2.938_163_982_698_783,
];
const TAIL_BOTTOM: [f64; 4] = [
    0.007_784_695_709_041_462,
    0.322_467_129_070_039_8,
    2.445_134_137_142_996,
    3.754_408_661_907_416,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_inverts_the_distribution() {
        for p in [1e-12, 1e-5, 0.001, 0.02, 0.3, 0.5, 0.9, 0.999_99] {
            assert!(
                (normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-11,
                "{p}"
            );
        }
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn clopper_pearson_matches_printed_tables() {
        let (low, high) = clopper_pearson(5, 10, 0.95);
        assert!((low - 0.1871).abs() < 1e-4 && (high - 0.8129).abs() < 1e-4);
        assert_eq!(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
        assert_eq!(clopper_pearson(7, 7, 0.95).1, 1.0);
    }
}
