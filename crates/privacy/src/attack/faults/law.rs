//! The chi-square law, by the regularised incomplete gamma function.

/// The chance of a chi-square value at most `x`.
pub fn chi_square_lower(x: f64, degrees: f64) -> f64 {
    if x <= 0.0 || degrees <= 0.0 {
        return 0.0;
    }
    let (a, x) = (degrees / 2.0, x / 2.0);
    if x < a + 1.0 {
        series(a, x)
    } else {
        1.0 - fraction(a, x)
    }
}

/// The chance of a chi-square value above `x`.
pub fn chi_square_upper(x: f64, degrees: f64) -> f64 {
    if x <= 0.0 || degrees <= 0.0 {
        return 1.0;
    }
    let (a, x) = (degrees / 2.0, x / 2.0);
    if x < a + 1.0 {
        1.0 - series(a, x)
    } else {
        fraction(a, x)
    }
}

fn front(a: f64, x: f64) -> f64 {
    libm::exp(a * libm::log(x) - x - libm::lgamma(a))
}

/// DLMF 8.11.4.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for step in 1..100_000 {
        term *= x / (a + f64::from(step));
        sum += term;
        if term < sum * 1e-16 {
            break;
        }
    }
    (sum * front(a, x)).min(1.0)
}

/// DLMF 8.9.2, by Lentz's method.
#[expect(clippy::many_single_char_names, reason = "the names of Lentz's method")]
fn fraction(a: f64, x: f64) -> f64 {
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut value = d;
    for step in 1..100_000 {
        let step = f64::from(step);
        let an = -step * (step - a);
        b += 2.0;
        d = 1.0 / keep_off_zero(an * d + b, tiny);
        c = keep_off_zero(b + an / c, tiny);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (value * front(a, x)).min(1.0)
}

fn keep_off_zero(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chi_square_matches_printed_quantiles() {
        for (x, degrees, upper) in [
            (3.841_459, 1.0, 0.05),
            (18.307_04, 10.0, 0.05),
            (135.807, 100.0, 0.01),
        ] {
            assert!((chi_square_upper(x, degrees) - upper).abs() < 1e-5, "{x}");
            assert!((chi_square_lower(x, degrees) + upper - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn far_tails_keep_their_size() {
        // Two degrees: the upper tail is e^(-x/2).
        assert!((chi_square_upper(100.0, 2.0) / libm::exp(-50.0) - 1.0).abs() < 1e-10);
        assert_eq!(chi_square_lower(0.0, 24.0), 0.0);
    }
}
