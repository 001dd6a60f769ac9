//! The reference sampler for small sigma: discrete Laplace, thinned (Canonne, Kamath, Steinke 2020,
//! Algorithms 1 to 3), in integers only.

use domain::Entropy;

/// One discrete Gaussian sample for `sigma` up to 2^16.
pub(super) fn sample(sigma: u64, entropy: &mut dyn Entropy) -> i64 {
    let scale = sigma + 1;
    loop {
        let candidate = laplace(scale, entropy);
        // (|y| - sigma^2/t)^2 / (2 sigma^2) over the common denominator 2 sigma^2 t^2.
        let (square, scale) = (u128::from(sigma) * u128::from(sigma), u128::from(scale));
        let distance = (u128::from(candidate.unsigned_abs()) * scale).abs_diff(square);
        let numerator = distance.saturating_mul(distance);
        if bernoulli_exp(numerator, 2 * square * scale * scale, entropy) {
            return candidate;
        }
    }
}

/// Discrete Laplace with probability proportional to `exp(-|x| / scale)` (Algorithm 2).
pub(super) fn laplace(scale: u64, entropy: &mut dyn Entropy) -> i64 {
    loop {
        let rest = entropy.below(scale);
        if !bernoulli_exp(u128::from(rest), u128::from(scale), entropy) {
            continue;
        }
        let mut whole = 0_u64;
        while bernoulli_exp(1, 1, entropy) {
            whole += 1;
        }
        let size = i64::try_from(rest.saturating_add(scale.saturating_mul(whole)));
        let negative = entropy.next_u64() & 1 == 1;
        match size {
            Ok(0) if negative => {}
            Ok(size) => return if negative { -size } else { size },
            Err(_) => {}
        }
    }
}

/// True with probability `exp(-numerator / denominator)` (Algorithm 1).
fn bernoulli_exp(numerator: u128, denominator: u128, entropy: &mut dyn Entropy) -> bool {
    let mut whole = numerator / denominator;
    while whole > 0 {
        if !bernoulli_exp_unit(1, 1, entropy) {
            return false;
        }
        whole -= 1;
    }
    bernoulli_exp_unit(numerator % denominator, denominator, entropy)
}

/// The same for a fraction of at most one: the parity of a run of shrinking coin flips.
fn bernoulli_exp_unit(numerator: u128, denominator: u128, entropy: &mut dyn Entropy) -> bool {
    let mut k = 1_u128;
    loop {
        let flip = below(denominator.saturating_mul(k), entropy) < numerator;
        if !flip {
            return k % 2 == 1;
        }
        k += 1;
    }
}

/// A uniform number below `bound`, by rejection.
fn below(bound: u128, entropy: &mut dyn Entropy) -> u128 {
    if let Ok(small) = u64::try_from(bound) {
        return u128::from(entropy.below(small));
    }
    let mask = u128::MAX >> bound.leading_zeros();
    loop {
        let high = u128::from(entropy.next_u64()) << 64;
        let draw = (high | u128::from(entropy.next_u64())) & mask;
        if draw < bound {
            return draw;
        }
    }
}
