//! Gradients against finite differences, for every kind that has one.

use domain::Entropy as _;

use super::{
    ModelKind,
    convolution::Convolution,
    network::Network,
    rows::SparseRows,
    sum::{CLIP_UNITS, ClippedSum},
    tests::{Stream, design, numbers},
};

const STEP: f32 = 1.0 / 128.0;

/// Compares a gradient with `(loss(w + h) - loss(w - h)) / 2h`, weight by weight.
fn check(name: &str, gradient: &[f64], mut loss: impl FnMut(usize, f32) -> f32) {
    for (at, found) in gradient.iter().enumerate() {
        let slope = f64::from(loss(at, STEP) - loss(at, -STEP)) / f64::from(2.0 * STEP);
        let error = (slope - found).abs();
        assert!(
            error < 2e-3 + 0.01 * slope.abs(),
            "{name}, weight {at}: {slope} and {found}"
        );
    }
    assert!(
        gradient.iter().any(|slope| slope.abs() > 0.01),
        "{name}: all zero"
    );
}

fn stir(weights: &mut [f32], entropy: &mut Stream) {
    for weight in weights {
        *weight += (entropy.below(4096) as f32 - 2048.0) / 4096.0;
    }
}

#[test]
fn dense_gradients_are_the_finite_differences() {
    let kinds = [
        ModelKind::Logistic,
        ModelKind::Linear { min: 0.0, max: 1.0 },
        ModelKind::Mlp { hidden: vec![6, 4] },
    ];
    for (kind, knots) in kinds.iter().flat_map(|kind| [(kind, 0), (kind, 5)]) {
        let mut entropy = Stream::new(11);
        let design = numbers(3, 4, &mut entropy);
        let rows = SparseRows::for_kind(&design, knots, kind).unwrap();
        let mut network = Network::new(rows.dim(), kind, &mut entropy);
        stir(network.weights_mut(), &mut entropy);
        let mut gradient = vec![0.0; network.parameters()];
        let mut trace = network.trace();
        network.add_gradient(&rows, 1, &mut trace, &mut gradient);
        check(kind.name(), &gradient, |at, step| {
            let mut moved = network.clone();
            moved.weights_mut()[at] += step;
            let mut trace = moved.trace();
            moved.run(&rows, 1, &mut trace);
            trace.loss
        });
    }
}

#[test]
fn convolution_gradients_are_the_finite_differences() {
    for (height, kernel) in [(1, 3), (2, 2)] {
        let kind = ModelKind::Cnn {
            height,
            kernel,
            channels: 3,
        };
        let mut entropy = Stream::new(5);
        let design = numbers(3, 6, &mut entropy);
        let rows = SparseRows::of(&design, 0).unwrap();
        let mut network = Convolution::new(&design.spec, &kind, &mut entropy).unwrap();
        stir(network.weights_mut(), &mut entropy);
        let mut gradient = vec![0.0; network.weights().len()];
        network.add_gradient(&rows, 1, &mut gradient);
        let count = network.weights().len();
        check("convolution", &gradient, |at, step| {
            let mut moved = network.clone();
            moved.weights_mut()[at] += step;
            moved.add_gradient(&rows, 1, &mut vec![0.0; count])
        });
    }
}

#[test]
fn the_sum_of_outer_products_is_the_gradient_laid_out() {
    for kind in [ModelKind::Logistic, ModelKind::Mlp { hidden: vec![5, 3] }] {
        let mut entropy = Stream::new(4);
        let design = design(20, 6, |_| 0, &mut entropy);
        let rows = SparseRows::of(&design, 0).unwrap();
        let network = Network::new(rows.dim(), &kind, &mut entropy);
        let mut sum = ClippedSum::new(&network, None);
        sum.add_person(&network, &rows, 0);
        let mut gradient = vec![0.0; network.parameters()];
        let mut trace = network.trace();
        for row in 0..20 {
            network.add_gradient(&rows, row, &mut trace, &mut gradient);
        }
        for (unit, slope) in sum.total().iter().zip(&gradient) {
            assert!((*unit as f64 / CLIP_UNITS - slope).abs() < 1e-2, "{slope}");
        }
    }
}
