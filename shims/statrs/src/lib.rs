//! The error functions that opendp 0.16 names of `statrs` 0.13 (decision 8).
//!
//! All of `statrs` would bring a linear algebra library and the whole of `rand` 0.7 for them.

/// Special functions.
pub mod function {
    /// The error function and its relatives.
    pub mod erf {
        /// `2/sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`.
        pub fn erf(x: f64) -> f64 {
            libm::erf(x)
        }

        /// `1 - erf(x)`, without the loss of digits for large `x`.
        pub fn erfc(x: f64) -> f64 {
            libm::erfc(x)
        }

        /// The `x` with `erf(x) = y`; infinite at -1 and 1, not a number beyond.
        ///
        /// Starts from Winitzki's approximation and takes Newton's steps on whichever of `erf` and
        /// `erfc` keeps its digits.
        pub fn erf_inv(y: f64) -> f64 {
            if y.is_nan() || y.abs() > 1.0 {
                return f64::NAN;
            }
            if y.abs() >= 1.0 {
                return f64::INFINITY.copysign(y);
            }
            let target = y.abs();
            let mut x = winitzki(target);
            for _ in 0..4 {
                let error = if target < 0.5 {
                    libm::erf(x) - target
                } else {
                    (1.0 - target) - libm::erfc(x)
                };
                let slope = core::f64::consts::FRAC_2_SQRT_PI * libm::exp(-x * x);
                if slope <= 0.0 {
                    break;
                }
                x -= error / slope;
            }
            x.copysign(y)
        }

        fn winitzki(y: f64) -> f64 {
            const A: f64 = 0.147;
            let log = libm::log1p(-y * y);
            let half = 2.0 / (core::f64::consts::PI * A) + log / 2.0;
            libm::sqrt((libm::sqrt(half * half - log / A) - half).max(0.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::function::erf::{erf, erf_inv, erfc};

    #[test]
    fn the_inverse_undoes_the_function() {
        for step in -59..=59 {
            let x = f64::from(step) / 10.0;
            if x.abs() < 4.0 {
                assert!((erf_inv(erf(x)) - x).abs() < 1e-6 * (1.0 + x.abs()), "{x}");
            }
            assert!((erf(x) + erfc(x) - 1.0).abs() < 1e-15);
        }
        assert!((erf_inv(0.5) - 0.476_936_276_204_469_9).abs() < 1e-15);
        assert!((erf_inv(0.95) - 1.385_903_824_349_678).abs() < 1e-14);
        assert!(erf_inv(1.0).is_infinite() && erf_inv(1.1).is_nan());
    }
}
