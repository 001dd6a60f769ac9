//! Every kind of model: it learns, it survives its file, and bad input is refused.

use super::{
    tests::{Stream, design, numbers, plan},
    *,
};
use crate::model::ModelError;

fn kinds() -> Vec<ModelKind> {
    vec![
        ModelKind::Logistic,
        ModelKind::Linear { min: 0.0, max: 1.0 },
        ModelKind::Mlp { hidden: vec![8] },
        ModelKind::Cnn {
            height: 1,
            kernel: 2,
            channels: 4,
        },
        ModelKind::Gbdt { trees: 8, depth: 3 },
    ]
}

fn trained(kind: &ModelKind, sigma: Option<f64>, design: &Design) -> Model {
    let plan = TrainingPlan {
        privacy: sigma.map(|sigma| Privacy { sigma }),
        batch: 64,
        ..TrainingPlan::new(kind.clone())
    };
    fit(design, &plan, &mut Stream::new(6), &mut |_, _| ()).unwrap()
}

fn right(model: &Model, design: &Design) -> f64 {
    let predicted = model.predict(design).unwrap();
    let right = predicted
        .iter()
        .zip(&design.y)
        .filter(|(p, y)| u8::from(**p > 0.5) == **y)
        .count();
    right as f64 / design.rows as f64
}

#[test]
fn every_kind_survives_its_file_and_predicts_the_same() {
    let design = numbers(400, 4, &mut Stream::new(2));
    for kind in kinds() {
        for sigma in [None, Some(1.0)] {
            let model = trained(&kind, sigma, &design);
            let read = Model::from_bytes(&model.to_bytes()).unwrap();
            assert_eq!(read, model);
            assert_eq!(read.predict(&design), model.predict(&design));
            assert!(model.predict_row(&[0.0]).is_err());
        }
    }
}

#[test]
fn damaged_trees_and_knots_are_refused_and_none_panics() {
    let design = numbers(100, 4, &mut Stream::new(2));
    for kind in [ModelKind::Logistic, kinds().remove(4), kinds().remove(3)] {
        let bytes = trained(&kind, None, &design).to_bytes();
        for length in 0..bytes.len() {
            assert!(Model::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        for position in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[position] ^= 0x10;
            match Model::from_bytes(&damaged) {
                Ok(read) => drop(read.predict(&design)),
                Err(ModelError::Format { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn knots_and_trees_learn_what_no_straight_line_tells() {
    let design = numbers(4000, 3, &mut Stream::new(2));
    let straight = TrainingPlan {
        knots: 0,
        batch: 64,
        ..TrainingPlan::new(ModelKind::Logistic)
    };
    let straight = fit(&design, &straight, &mut Stream::new(1), &mut |_, _| ()).unwrap();
    assert!(right(&straight, &design) < 0.7);
    for kind in [kinds().remove(0), kinds().remove(4)] {
        let found = right(&trained(&kind, None, &design), &design);
        assert!(found > 0.9, "{}: {found}", kind.name());
    }
    let private = right(&trained(&ModelKind::Logistic, Some(1.0), &design), &design);
    assert!(private > 0.85, "{private}");
}

#[test]
fn private_trees_learn_too() {
    let design = numbers(8000, 3, &mut Stream::new(2));
    let kind = ModelKind::Gbdt {
        trees: 60,
        depth: 4,
    };
    let found = right(&trained(&kind, Some(20.0), &design), &design);
    assert!(found > 0.8, "{found}");
}

#[test]
fn a_number_is_predicted_in_its_own_units() {
    let design = numbers(4000, 3, &mut Stream::new(2));
    let kind = ModelKind::Linear {
        min: 10.0,
        max: 30.0,
    };
    for sigma in [None, Some(1.0)] {
        let model = trained(&kind, sigma, &design);
        let predicted = model.predict(&design).unwrap();
        let errors = predicted.iter().zip(&design.targets);
        let worst = errors
            .map(|(p, target)| (p - f64::from(*target)).abs())
            .sum::<f64>()
            / 4000.0;
        assert!(worst < 0.04, "{worst}");
        assert_eq!(model.in_units(0.5), 20.0);
    }
}

#[test]
fn the_shown_loss_is_near_the_true_one_and_never_exact() {
    let design = numbers(4000, 3, &mut Stream::new(2));
    let mut shown = Vec::new();
    for privacy in [None, Some(Privacy { sigma: 1.0 })] {
        let plan = TrainingPlan {
            privacy,
            batch: 256,
            ..TrainingPlan::new(ModelKind::Logistic)
        };
        let mut last = None;
        let mut watch = |now: Progress| last = now.loss;
        let model = fit_watched(&design, &plan, &mut Stream::new(3), &mut watch).unwrap();
        let losses = model.losses(&design).unwrap();
        let truth = losses.iter().sum::<f64>() / losses.len() as f64;
        assert!((last.unwrap() - truth).abs() < 0.15, "{last:?} and {truth}");
        shown.push(last);
    }
    assert_ne!(shown[0], shown[1]);
}

#[test]
fn bad_tables_are_refused_before_the_first_step() {
    let design = design(50, 5, |row| row, &mut Stream::new(3));
    let refused = |design: &Design| check(design, &plan(None));
    let one_class = Design {
        y: vec![1; 50],
        ..design.clone()
    };
    assert_eq!(refused(&one_class), Err(FitError::OneClass));
    let mut nan = design.clone();
    nan.x[7] = f32::NAN;
    assert_eq!(refused(&nan), Err(FitError::Shape));
    let numberless = TrainingPlan::new(kinds().remove(1));
    assert_eq!(check(&design, &numberless), Err(FitError::Shape));
    let gridless = TrainingPlan::new(kinds().remove(3));
    assert!(matches!(
        check(&design, &gridless),
        Err(FitError::Grid { .. })
    ));
}

#[test]
fn a_constant_column_and_more_inputs_than_persons_do_no_harm() {
    let mut wide = design(20, 40, |row| row, &mut Stream::new(3));
    for row in wide.x.chunks_mut(40) {
        row[39] = 1.0;
    }
    for privacy in [None, Some(Privacy { sigma: 1.0 })] {
        let fitted = fit(&wide, &plan(privacy), &mut Stream::new(1), &mut |_, _| ()).unwrap();
        assert!(
            fitted
                .losses(&wide)
                .unwrap()
                .iter()
                .all(|loss| loss.is_finite())
        );
    }
}
