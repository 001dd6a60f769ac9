use super::{faulty::Fault, *};
use crate::train::{
    ModelKind, Privacy, fit,
    tests::{Stream, plan},
};

const PERSONS: u32 = 2000;

fn tested() -> TrainingPlan {
    TrainingPlan {
        epochs: 5.0,
        batch: 100,
        ..plan(Some(Privacy { sigma: 0.8 }))
    }
}

fn audit(fault: Fault, seed: u64) -> TrainerAudit {
    let mut trainer = |design: &Design, plan: &TrainingPlan, entropy: &mut dyn Entropy| {
        Ok(faulty::fit_with(fault, design, plan, entropy))
    };
    audited(&mut trainer, &tested(), seed)
}

fn audited(trainer: &mut Trainer<'_>, plan: &TrainingPlan, seed: u64) -> TrainerAudit {
    let delta = Delta::new(1e-5).unwrap();
    audit_trainer(trainer, plan, PERSONS, 300, delta, &mut Stream::new(seed)).unwrap()
}

#[track_caller]
fn is_found(fault: Fault, by: &str) {
    let audit = audit(fault, 1);
    let alarms: Vec<&str> = audit
        .alarms()
        .iter()
        .map(|found| found.test.as_str())
        .collect();
    assert!(!audit.holds());
    assert!(alarms.contains(&by), "{alarms:?}");
}

#[test]
fn a_bias_without_noise_is_found() {
    is_found(Fault::SilentBias, "noise floor");
}

#[test]
fn a_wrong_sampling_rate_is_found() {
    is_found(Fault::WrongRate, "participation");
}

#[test]
fn clipping_after_the_sum_is_found() {
    is_found(Fault::ClipAfterSum, "clip of a row");
}

#[test]
fn a_reused_seed_is_found() {
    is_found(Fault::ReusedSeed, "independence");
}

#[test]
fn noise_that_is_the_same_every_step_is_found() {
    is_found(Fault::SameNoiseEveryStep, "noise floor");
}

#[test]
fn a_normaliser_that_follows_the_batch_is_found() {
    is_found(Fault::ByBatchDrawn, "constant scale");
}

#[test]
fn shuffling_billed_as_poisson_is_found() {
    is_found(Fault::Shuffled, "participation");
}

#[test]
fn rows_of_a_person_clipped_one_by_one_are_found() {
    is_found(Fault::RowsUnbundled, "clip of a person");
}

#[test]
fn an_unpaid_search_for_hyper_parameters_is_found() {
    let event = |rate| TrainingPlan {
        learning_rate: rate,
        ..tested()
    };
    let runs: Vec<_> = [0.1, 0.2, 0.5]
        .iter()
        .filter_map(|rate| event(*rate).event(PERSONS))
        .collect();
    let searched = privacy::attack::faults::unpaid(&runs, &runs[..1]);
    assert!(
        searched.alarm && searched.measured.contains("2 of 3"),
        "{searched:?}"
    );
    assert!(!privacy::attack::faults::unpaid(&runs, &runs).alarm);
}

#[test]
fn twenty_clean_runs_of_our_trainer_raise_no_alarm() {
    let mut trainer = |design: &Design, plan: &TrainingPlan, entropy: &mut dyn Entropy| {
        fit(design, plan, entropy, &mut |_, _| ())
    };
    for seed in 0..20 {
        let plan = TrainingPlan {
            model: if seed % 2 == 0 {
                ModelKind::Logistic
            } else {
                ModelKind::Mlp { hidden: vec![8, 4] }
            },
            ..tested()
        };
        let audit = audited(&mut trainer, &plan, seed);
        assert!(audit.holds(), "{seed}: {audit:?}");
    }
}

#[test]
fn clean_runs_of_the_rebuilt_trainer_raise_no_alarm() {
    for seed in 100..103 {
        let audit = audit(Fault::None, seed);
        assert!(audit.holds(), "{seed}: {audit:?}");
    }
}

#[test]
fn the_lower_bound_reaches_half_of_the_true_epsilon_at_four() {
    // One full-batch release: mu = 1 / sigma. Epsilon 4.0 at delta 1e-5 is mu 0.93.
    let plan = TrainingPlan {
        epochs: 1.0,
        batch: 1000,
        ..plan(Some(Privacy { sigma: 1.075 }))
    };
    let mut trainer = |design: &Design, plan: &TrainingPlan, entropy: &mut dyn Entropy| {
        fit(design, plan, entropy, &mut |_, _| ())
    };
    let delta = Delta::new(1e-5).unwrap();
    let truth = privacy::accountant::gaussian_epsilon(1.075, delta).unwrap();
    let audit = audit_trainer(&mut trainer, &plan, 1000, 1000, delta, &mut Stream::new(3)).unwrap();
    assert!((truth - 4.0).abs() < 0.1, "{truth}");
    assert!(
        audit.one_run.epsilon_lower_gaussian > 0.5 * truth,
        "{:?}",
        audit.one_run
    );
    assert!(audit.holds(), "{audit:?}");
}

#[test]
fn a_plan_without_privacy_cannot_be_audited() {
    let mut trainer = |design: &Design, plan: &TrainingPlan, entropy: &mut dyn Entropy| {
        fit(design, plan, entropy, &mut |_, _| ())
    };
    let delta = Delta::new(1e-5).unwrap();
    let refused = audit_trainer(
        &mut trainer,
        &plan(None),
        100,
        50,
        delta,
        &mut Stream::new(1),
    );
    assert!(matches!(
        refused,
        Err(FitError::Plan {
            field: "privacy",
            ..
        })
    ));
}
