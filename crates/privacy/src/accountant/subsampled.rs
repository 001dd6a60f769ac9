//! The Rényi divergence of the Poisson-subsampled Gaussian (Mironov, Talwar, Zhang 2019).

/// The divergence at one order for continuous noise.
pub(super) fn continuous(sigma: f64, rate: f64, order: f64) -> f64 {
    if let Some(simple) = simple(sigma, rate, order) {
        return simple;
    }
    if is_whole(order) {
        return log_moment_whole(sigma, rate, order) / (order - 1.0);
    }
    let line = between_integers(sigma, rate, order);
    // Where the moment is close to 1, the series' rounding, about 1e-13, must be counted.
    let rounding = if line < 1e-7 { ROUNDING } else { 0.0 };
    match log_moment_fraction(sigma, rate, order) {
        Some(series) => (series + rounding).max(0.0).min(line) / (order - 1.0),
        None => line / (order - 1.0),
    }
}

/// The divergence at one order, valid for noise on an integer grid too.
pub(super) fn grid(sigma: f64, rate: f64, order: f64) -> f64 {
    if let Some(simple) = simple(sigma, rate, order) {
        return simple;
    }
    between_integers(sigma, rate, order) / (order - 1.0)
}

fn simple(sigma: f64, rate: f64, order: f64) -> Option<f64> {
    if rate <= 0.0 {
        Some(0.0)
    } else if rate >= 1.0 {
        Some(order / (2.0 * sigma * sigma))
    } else {
        None
    }
}

/// The log-moment on the line between the integers around `order`; it is convex and 0 at order 1.
fn between_integers(sigma: f64, rate: f64, order: f64) -> f64 {
    let below = libm::floor(order);
    let part = order - below;
    let low = log_moment_whole(sigma, rate, below);
    if part > 0.0 {
        (1.0 - part) * low + part * log_moment_whole(sigma, rate, below + 1.0)
    } else {
        low
    }
}

/// `ln E[((1-q) + q L)^order]` at an integer order, equation (4) with the leading 1 taken out, so
/// that every term is positive and nothing cancels.
fn log_moment_whole(sigma: f64, rate: f64, order: f64) -> f64 {
    let (log_rate, log_rest) = (libm::log(rate), libm::log1p(-rate));
    let mut log_choose = libm::log(order);
    let mut log_sum = f64::NEG_INFINITY;
    let mut k = 2.0;
    while k <= order {
        log_choose += libm::log((order - k + 1.0) / k);
        let growth = log_expm1((k * k - k) / (2.0 * sigma * sigma));
        log_sum = log_add(
            log_sum,
            log_choose + k * log_rate + (order - k) * log_rest + growth,
        );
        k += 1.0;
    }
    log_add(0.0, log_sum)
}

/// `ln E[((1-q) + q L)^order]` at a fractional order, section 3.3, with every term of the two
/// alternating series taken positive, as dp-accounting 0.6 does: an upper bound without
/// cancellation. `None` when a thousand terms are not enough.
fn log_moment_fraction(sigma: f64, rate: f64, order: f64) -> Option<f64> {
    let (log_rate, log_rest) = (libm::log(rate), libm::log1p(-rate));
    let double = 2.0 * sigma * sigma;
    let split = sigma * sigma * libm::log(1.0 / rate - 1.0) + 0.5;
    let scale = std::f64::consts::SQRT_2 * sigma;
    let mut sum = f64::NEG_INFINITY;
    let mut last = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    let mut log_choose = 0.0;
    for step in 0..SERIES_LIMIT {
        let i = f64::from(step);
        let j = order - i;
        let tail_low = log_erfc((i - split) / scale) - std::f64::consts::LN_2;
        let tail_high = log_erfc((split - j) / scale) - std::f64::consts::LN_2;
        let low = log_choose + i * log_rate + j * log_rest + (i * i - i) / double + tail_low;
        let high = log_choose + j * log_rate + i * log_rest + (j * j - j) / double + tail_high;
        sum = log_add(log_add(sum, low), high);
        if low < last.0 && high < last.1 && low.max(high) < sum - 30.0 {
            return Some(sum);
        }
        last = (low, high);
        log_choose += libm::log(((order - i) / (i + 1.0)).abs());
    }
    None
}

/// `ln(e^one + e^two)`.
pub(super) fn log_add(one: f64, two: f64) -> f64 {
    let (small, large) = if one < two { (one, two) } else { (two, one) };
    if small.is_finite() {
        large + libm::log1p(libm::exp(small - large))
    } else {
        large
    }
}

fn log_expm1(x: f64) -> f64 {
    if x > 1.0 {
        x + libm::log1p(-libm::exp(-x))
    } else {
        libm::log(libm::expm1(x))
    }
}

fn log_erfc(x: f64) -> f64 {
    // Beyond, the function nears the smallest numbers and loses digits; the series is exact to 1e-12.
    if x < 25.0 {
        return libm::log(libm::erfc(x));
    }
    let square = x * x;
    let series = -0.5 + (0.625 - (37.0 / 24.0 - 353.0 / 64.0 / square) / square) / square;
    -libm::log(std::f64::consts::PI) / 2.0 - libm::log(x) - square + series / square
}

#[expect(clippy::float_cmp, reason = "a whole number equals its floor exactly")]
fn is_whole(order: f64) -> bool {
    order == libm::floor(order)
}

/// More than a series of positive terms around 1 is off by rounding.
const ROUNDING: f64 = 1e-12;
const SERIES_LIMIT: u32 = 1000;
