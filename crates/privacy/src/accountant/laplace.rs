//! Laplace noise: its losses on the integers, and its Rényi divergence.

/// The losses of Laplace noise on the integers with `P(x)` proportional to `e^(-|x| / scale)`, for a
/// sum that one person moves by `sensitivity` steps: mass and loss, from the lowest up.
///
/// Outputs at or beyond the two centres have the losses `± sensitivity / scale`; the `sensitivity - 1`
/// outputs between have one each.
pub(super) fn laplace_atoms(scale: f64, sensitivity: u32) -> Vec<(f64, f64)> {
    let decay = libm::exp(-1.0 / scale);
    let centre = -libm::expm1(-1.0 / scale) / (1.0 + decay);
    let most = f64::from(sensitivity) / scale;
    // The first distribution has its centre at 0, the second at `sensitivity`.
    let beyond = 1.0 / (1.0 + decay);
    let mut atoms = vec![(beyond * libm::exp(-most), -most)];
    for output in (1..sensitivity).rev() {
        let away = f64::from(output) / scale;
        atoms.push((centre * libm::exp(-away), most - 2.0 * away));
    }
    atoms.push((beyond, most));
    atoms
}

/// The Rényi divergence of Laplace noise of scale `1 / epsilon` on a sensitivity of 1
/// (Mironov 2017, Proposition 6).
pub(super) fn laplace_divergence(epsilon: f64, order: f64) -> f64 {
    // ln( a/(2a-1) e^{(a-1) e} + (a-1)/(2a-1) e^{-a e} ) / (a-1), with the first power taken out.
    let rest = (order - 1.0) * libm::expm1(-(2.0 * order - 1.0) * epsilon) / (2.0 * order - 1.0);
    let divergence = epsilon + libm::log1p(rest) / (order - 1.0);
    divergence.clamp(0.0, epsilon)
}

/// The Rényi divergence of a finite list of losses: `ln E_P[e^((order - 1) loss)] / (order - 1)`.
pub(super) fn atoms_divergence(atoms: &[(f64, f64)], order: f64) -> f64 {
    let tilt = order - 1.0;
    let top = atoms.iter().map(|(_, loss)| tilt * loss);
    let shift = top.fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = atoms
        .iter()
        .map(|(mass, loss)| mass * libm::exp(tilt * loss - shift))
        .sum();
    ((libm::log(sum) + shift) / tilt).max(0.0)
}
