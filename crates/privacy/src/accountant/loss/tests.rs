use domain::{Delta, Epsilon};
use proptest::prelude::*;

use super::*;
use crate::{MechanismEvent, RdpCurve, accountant::gaussian_epsilon};

fn delta(value: f64) -> Delta {
    Delta::new(value).unwrap()
}

fn bracket(sigma: f64, rate: f64, steps: u64, at: f64) -> Bracket {
    let plan = DeclaredPlan::subsampled_gaussian(sigma, rate, steps).unwrap();
    plan.epsilon(delta(at))
}

/// dp-accounting 0.6.0, privacy loss distributions at interval 1e-5, pessimistic: sigma, rate, steps,
/// delta, epsilon.
const REFERENCE: [(f64, f64, u64, f64, f64); 12] = [
    (1.1, 256.0 / 60000.0, 3510, 1e-5, 1.132_863_705_525_970_7),
    (0.6, 256.0 / 60000.0, 14040, 1e-5, 10.756_934_282_253_255),
    (1.0, 0.016, 625, 1e-5, 2.425_687_343_647_563_7),
    (2.0, 0.016, 625, 1e-5, 0.811_161_755_441_472_8),
    (1.0, 0.001, 10000, 1e-6, 0.555_142_188_618_484_6),
    (10.0, 0.1, 1000, 1e-6, 1.379_450_541_543_202_6),
    (20.0, 1.0, 100, 1e-5, 1.993_091_404_462_202_8),
    (4.0, 1.0, 1, 1e-5, 0.926_341_504_096_506),
    (0.5, 0.01, 1000, 1e-5, 13.360_824_005_399_717),
    (1.3, 0.01, 100_000, 1e-7, 18.324_188_386_809_418),
    (1.5, 0.032, 310, 1e-4, 1.501_295_045_267_505_8),
    (3.0, 0.5, 100, 1e-5, 8.387_476_037_618_995),
];

#[test]
fn the_twelve_reference_plans_lie_in_their_brackets() {
    for (sigma, rate, steps, at, expected) in REFERENCE {
        let found = bracket(sigma, rate, steps, at);
        // The reference is rounded up by at most 2e-5; the bracket must hold the truth under it.
        assert!(found.lower <= expected && found.upper >= expected - 2e-5);
        assert!(
            (found.upper / expected - 1.0).abs() < 3e-4,
            "{sigma} {rate}"
        );
        let width = found.upper - found.lower;
        assert!(
            width <= 3e-4 * expected.max(1.0),
            "{sigma} {rate}: {width:e}"
        );
    }
}

#[test]
fn gaussians_alone_are_exact() {
    let plan = DeclaredPlan::new(&[
        MechanismEvent::Gaussian {
            sigma: 4.0,
            releases: 2,
        },
        MechanismEvent::SubsampledGaussian {
            sigma: 8.0,
            sampling_rate: 1.0,
            steps: 8,
        },
    ])
    .unwrap();
    let found = plan.epsilon(delta(1e-5));
    assert!((found.upper - 1.993_091_404_415_117_3).abs() < 1e-12);
    assert_eq!(found.lower, found.upper);
    assert!((plan.gaussian_mu().unwrap() - 0.5).abs() < 1e-15);
}

#[test]
fn the_lattice_encloses_the_analytic_gaussian() {
    // Laplace noise of a huge scale adds next to nothing, but sends the Gaussian over the lattice.
    for sigma in [0.7, 2.0, 9.0] {
        let plan = DeclaredPlan::new(&[
            MechanismEvent::Gaussian { sigma, releases: 1 },
            MechanismEvent::Laplace {
                scale: 1e9,
                releases: 1,
            },
        ])
        .unwrap();
        let found = plan.epsilon(delta(1e-5));
        let exact = gaussian_epsilon(sigma, delta(1e-5)).unwrap();
        assert!(found.lower <= exact + 2e-9 && exact <= found.upper + 1e-9);
        assert!(found.upper - found.lower < 2e-4 * exact.max(1.0), "{sigma}");
    }
}

#[test]
fn one_randomised_response_costs_what_its_definition_says() {
    // delta(e) = p (1 - exp(e - epsilon)) for one answer over two categories, p = e^2 / (1 + e^2).
    let plan = DeclaredPlan::new(&[MechanismEvent::RandomizedResponse {
        categories: 2,
        epsilon: 2.0,
        releases: 1,
    }])
    .unwrap();
    let truth = libm::exp(2.0) / (1.0 + libm::exp(2.0));
    let expected = 2.0 + libm::log1p(-1e-3 / truth);
    let found = plan.epsilon(delta(1e-3));
    let near = [found.lower, found.upper].map(|end| (end - expected).abs() < 1e-6);
    assert_eq!(near, [true, true], "{found:?} {expected}");
}

#[test]
fn many_laplace_releases_cost_less_than_their_sum() {
    let plan = DeclaredPlan::new(&[MechanismEvent::Laplace {
        scale: 20.0,
        releases: 100,
    }])
    .unwrap();
    let found = plan.epsilon(delta(1e-6));
    assert!(found.upper < 2.6 && found.lower > 2.0 && found.upper - found.lower < 1e-3);
}

#[test]
fn integer_noise_of_many_steps_is_as_good_as_continuous_noise() {
    let plan = |event| DeclaredPlan::new(&[event]).unwrap().epsilon(delta(1e-5));
    let grid = plan(MechanismEvent::DiscreteGaussian {
        sigma: 30.0,
        releases: 400,
    });
    let smooth = plan(MechanismEvent::Gaussian {
        sigma: 30.0,
        releases: 400,
    });
    assert!(grid.lower <= smooth.upper && (grid.upper / smooth.upper - 1.0).abs() < 2e-4);
}

#[test]
fn mixtures_cost_more_than_their_parts_and_less_than_the_renyi_bound() {
    let training = MechanismEvent::SubsampledGaussian {
        sigma: 1.2,
        sampling_rate: 0.02,
        steps: 400,
    };
    let counts = MechanismEvent::DiscreteLaplace {
        scale: 10.0,
        sensitivity: 1,
        releases: 5,
    };
    let alone = DeclaredPlan::new(std::slice::from_ref(&training)).unwrap();
    let whole = DeclaredPlan::new(&[training, counts]).unwrap();
    let (alone, both) = (alone.epsilon(delta(1e-5)), whole.epsilon(delta(1e-5)));
    assert!(both.lower > alone.upper && both.upper < whole.rdp_epsilon(delta(1e-5)));
    assert!(both.upper - both.lower < 2e-3);
}

#[test]
fn the_best_attack_on_a_gaussian_is_bounded_by_its_trade_off() {
    let exact = crate::attack::Ceiling::Gaussian { mu: 0.5 }.true_positive_rate(0.001);
    let nearly = DeclaredPlan::new(&[
        MechanismEvent::Gaussian {
            sigma: 2.0,
            releases: 1,
        },
        MechanismEvent::Laplace {
            scale: 1e9,
            releases: 1,
        },
    ])
    .unwrap();
    let found = nearly.true_positive_rate(0.001);
    assert!(
        found >= exact * (1.0 - 1e-6) && found < exact * 1.001,
        "{found} {exact}"
    );
}

#[test]
fn private_selection_has_no_distribution() {
    let run = Box::new(MechanismEvent::Pure { epsilon: 0.1 });
    let event = MechanismEvent::PrivateSelection {
        run,
        shape: 0.0,
        gamma: 0.1,
    };
    assert_eq!(DeclaredPlan::new(&[event]), Err(LossError::RenyiOnly));
}

#[test]
fn declared_plans_need_less_noise_than_the_ledger() {
    let at = delta(1e-5);
    for (epsilon, expected) in [(1.0, 1.693), (3.0, 0.904)] {
        let budget = Epsilon::new(epsilon).unwrap();
        let sigma = calibrate_sigma_declared(budget, at, 1.0 / 64.0, 640, None).unwrap();
        assert!((sigma - expected).abs() < 1e-3, "{sigma}");
        assert!(bracket(sigma, 1.0 / 64.0, 640, 1e-5).upper <= epsilon);
        let grid = Grid {
            units: 1_073_741_824.0,
            draws: 2e7,
        };
        let on_grid = calibrate_sigma_declared(budget, at, 1.0 / 64.0, 640, Some(grid)).unwrap();
        assert!((on_grid / sigma - 1.0).abs() < 1e-4);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_bracket_is_never_inverted_and_never_above_the_renyi_bound(
        sigma in 0.4_f64..12.0, log_rate in -7.0_f64..0.0, doublings in 0_u32..14, exponent in 3_i32..10,
    ) {
        let (rate, steps) = (libm::exp(log_rate), (1_u64 << doublings) + 1);
        let at = 10_f64.powi(-exponent);
        let found = bracket(sigma, rate, steps, at);
        let rdp = RdpCurve::subsampled_gaussian(sigma, rate, steps).unwrap().epsilon(delta(at)).0;
        prop_assert!(found.lower >= 0.0 && found.lower <= found.upper && found.upper <= rdp);
    }
}

#[test]
fn a_response_asked_beyond_its_reach_is_still_enclosed() {
    // Above delta 0.88 the answer alone keeps epsilon 0; next to it, and far below, the curve is known.
    for (epsilon, at) in [
        (2.0, 0.8),
        (2.0, 1e-12),
        (0.01, 1e-3),
        (8.0, 1e-6),
        (30.0, 1e-9),
    ] {
        let plan = DeclaredPlan::new(&[MechanismEvent::Pure { epsilon }]).unwrap();
        let truth = 1.0 / (1.0 + libm::exp(-epsilon));
        let expected = (epsilon + libm::log1p(-at / truth)).max(0.0);
        let found = plan.epsilon(delta(at));
        assert!(found.lower <= expected + 1e-9 && found.upper >= expected - 1e-9);
        assert!(
            found.upper <= epsilon * (1.0 + 1e-9),
            "{epsilon} {at}: {found:?}"
        );
    }
}
