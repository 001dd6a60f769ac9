use domain::Delta;
use privacy::{calibrate_sigma, ranking::Auc};

use super::*;
use crate::features::{Feature, FeatureSpec, Target};

/// A small deterministic generator (`SplitMix64`); for tests only.
#[derive(Debug)]
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Entropy for Stream {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// A feature list of `dim` words of one category.
pub(crate) fn spec(dim: usize) -> FeatureSpec {
    let values = (0..dim).map(|index| format!("word {index}")).collect();
    FeatureSpec {
        features: vec![Feature::Category {
            column: "word".into(),
            values,
        }],
        target: Target {
            column: "label".into(),
            positive: "yes".into(),
        },
    }
}

/// Random rows whose label follows the first three numbers.
pub(crate) fn design(
    rows: usize,
    dim: usize,
    person: impl Fn(usize) -> usize,
    entropy: &mut Stream,
) -> Design {
    let x: Vec<f32> = (0..rows * dim)
        .map(|_| entropy.below(4097) as f32 / 4096.0)
        .collect();
    let label = |row: &[f32]| {
        let score = f64::from(row[0] + row[1] - row[2]) - 0.5;
        u8::from(score + 0.1 * (entropy.unit() - 0.5) > 0.0)
    };
    let y = x.chunks(dim).map(label).collect();
    let person_of_row: Vec<u32> = (0..rows)
        .map(|row| u32::try_from(person(row)).unwrap())
        .collect();
    let persons = person_of_row.iter().max().map_or(0, |last| last + 1);
    Design {
        rows,
        dim,
        x,
        y,
        targets: Vec::new(),
        person_of_row,
        persons,
        spec: spec(dim),
    }
}

/// Rows of so many numbers and a category of two words; the label is whether the first number lies
/// in the middle, which no straight line can tell.
pub(crate) fn numbers(rows: usize, numbers: usize, entropy: &mut Stream) -> Design {
    let mut features: Vec<Feature> = (0..numbers)
        .map(|at| Feature::Number {
            column: format!("number {at}"),
            min: 0.0,
            max: 1.0,
            scale: crate::features::Scale::Linear,
        })
        .collect();
    features.push(Feature::Category {
        column: "word".into(),
        values: vec!["a".into(), "b".into()],
    });
    let spec = FeatureSpec {
        features,
        ..spec(1)
    };
    let (mut x, mut y, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rows {
        let first = entropy.below(4097) as f32 / 4096.0;
        y.push(u8::from((0.25..0.75).contains(&first)));
        targets.push(0.25 + first / 2.0);
        x.extend([first, 0.0]);
        x.extend((1..numbers).flat_map(|_| [entropy.below(4097) as f32 / 4096.0, 0.0]));
        let word = entropy.below(2) as f32;
        x.extend([word, 1.0 - word]);
    }
    let count = u32::try_from(rows).unwrap();
    Design {
        rows,
        dim: spec.dimension(),
        x,
        y,
        targets,
        person_of_row: (0..count).collect(),
        persons: count,
        spec,
    }
}

pub(crate) fn plan(privacy: Option<Privacy>) -> TrainingPlan {
    TrainingPlan {
        model: ModelKind::Logistic,
        epochs: 10.0,
        batch: 64,
        clip: 1.0,
        learning_rate: 0.5,
        momentum: 0.9,
        privacy,
        knots: 0,
        averaging: false,
    }
}

fn accuracy(model: &Model, design: &Design) -> f64 {
    let right = |(probability, label): (&f64, &u8)| u8::from(*probability > 0.5) == *label;
    let probabilities = model.predict(design).unwrap();
    let count = probabilities
        .iter()
        .zip(&design.y)
        .filter(|pair| right(*pair))
        .count();
    count as f64 / design.rows as f64
}

#[test]
fn private_training_beats_the_majority_class_clearly() {
    let mut entropy = Stream::new(1);
    let (train, test) = (
        design(6000, 6, |row| row, &mut entropy),
        design(2000, 6, |row| row, &mut entropy),
    );
    let majority = test.y.iter().map(|label| f64::from(*label)).sum::<f64>() / 2000.0;
    let majority = majority.max(1.0 - majority);
    for model in [
        ModelKind::Logistic,
        ModelKind::Mlp {
            hidden: vec![16, 8],
        },
    ] {
        let mut plan = TrainingPlan {
            model,
            ..plan(None)
        };
        let epsilon = domain::Epsilon::new(3.0).unwrap();
        let sigma = calibrate_sigma(
            epsilon,
            Delta::new(1e-5).unwrap(),
            plan.sampling_rate(train.persons),
            plan.steps(train.persons),
        );
        plan.privacy = Some(Privacy {
            sigma: sigma.unwrap(),
        });
        let fitted = fit(&train, &plan, &mut entropy, &mut |_, _| ()).unwrap();
        let reached = accuracy(&fitted, &test);
        assert!(
            reached > majority + 0.2,
            "{:?}: {reached} over {majority}",
            plan.model
        );
    }
}

#[test]
fn rows_of_one_person_are_learnt_from_too() {
    let mut entropy = Stream::new(2);
    let train = design(6000, 6, |row| row / 5, &mut entropy);
    let plan = plan(Some(Privacy { sigma: 1.0 }));
    let fitted = fit(&train, &plan, &mut entropy, &mut |_, _| ()).unwrap();
    assert!(accuracy(&fitted, &train) > 0.8);
}

#[test]
fn the_same_entropy_gives_the_same_bytes() {
    let train = design(300, 5, |row| row, &mut Stream::new(3));
    let plan = plan(Some(Privacy { sigma: 0.8 }));
    let bytes = || {
        fit(&train, &plan, &mut Stream::new(4), &mut |_, _| ())
            .unwrap()
            .to_bytes()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn every_step_reports_and_is_charged() {
    let train = design(1000, 5, |row| row / 2, &mut Stream::new(3));
    let plan = plan(Some(Privacy { sigma: 2.0 }));
    let mut seen = Vec::new();
    fit(&train, &plan, &mut Stream::new(4), &mut |step, steps| {
        seen.push((step, steps));
    })
    .unwrap();
    let charged = privacy::MechanismEvent::SubsampledGaussian {
        sigma: 2.0,
        sampling_rate: 64.0 / 500.0,
        steps: 78,
    };
    assert_eq!((seen.len(), seen.last()), (78, Some(&(78, 78))));
    assert_eq!(plan.event(train.persons), Some(charged));
}

#[test]
fn an_empty_sample_still_moves_the_weights_by_noise() {
    let mut train = design(1, 5, |_| 0, &mut Stream::new(3));
    train.persons = 1_000_000;
    let plan = TrainingPlan {
        batch: 1,
        epochs: 1e-6,
        ..plan(Some(Privacy { sigma: 1.0 }))
    };
    let fitted = fit(&train, &plan, &mut Stream::new(4), &mut |_, _| ()).unwrap();
    assert!(fitted.layers[0].weights.iter().all(|weight| *weight != 0.0));
}

#[test]
fn noise_has_the_planned_size() {
    let mut train = design(1, 2000, |_| 0, &mut Stream::new(3));
    train.persons = 1_000_000;
    let plan = TrainingPlan {
        batch: 10,
        epochs: 1e-5,
        clip: 0.5,
        learning_rate: 1.0,
        ..plan(Some(Privacy { sigma: 3.0 }))
    };
    let fitted = fit(&train, &plan, &mut Stream::new(4), &mut |_, _| ()).unwrap();
    let squares: f64 = fitted.layers[0]
        .weights
        .iter()
        .map(|w| f64::from(*w) * f64::from(*w))
        .sum();
    let deviation = libm::sqrt(squares / 2000.0);
    assert!(
        (deviation / (3.0 * 0.5 / 10.0) - 1.0).abs() < 0.06,
        "{deviation}"
    );
}

#[test]
fn plans_out_of_range_are_refused() {
    let train = design(10, 5, |row| row, &mut Stream::new(3));
    for broken in [
        TrainingPlan {
            clip: 0.0,
            ..plan(None)
        },
        TrainingPlan {
            momentum: 1.0,
            ..plan(None)
        },
        TrainingPlan {
            batch: 0,
            ..plan(None)
        },
        TrainingPlan {
            learning_rate: f64::NAN,
            ..plan(None)
        },
        plan(Some(Privacy { sigma: 0.0 })),
    ] {
        let refused = fit(&train, &broken, &mut Stream::new(1), &mut |_, _| ());
        assert!(matches!(refused, Err(FitError::Plan { .. })));
    }
    let empty = Design {
        rows: 0,
        x: vec![],
        y: vec![],
        targets: vec![],
        person_of_row: vec![],
        persons: 0,
        ..train
    };
    assert_eq!(
        fit(&empty, &plan(None), &mut Stream::new(1), &mut |_, _| ()),
        Err(FitError::Empty)
    );
}

#[test]
fn scores_rank_as_well_as_they_classify() {
    let mut entropy = Stream::new(8);
    let train = design(3000, 6, |row| row, &mut entropy);
    let fitted = fit(&train, &plan(None), &mut entropy, &mut |_, _| ()).unwrap();
    let scores = fitted.predict(&train).unwrap();
    let of = |class: u8| -> Vec<f64> {
        scores
            .iter()
            .zip(&train.y)
            .filter(|(_, y)| **y == class)
            .map(|(s, _)| *s)
            .collect()
    };
    assert!(Auc::of(&of(1), &of(0)).unwrap().value > 0.95);
}

#[test]
fn plans_and_events_are_read_from_their_words() {
    let text = r#"{"model": {"kind": "mlp", "hidden": [8]}, "epochs": 1, "batch": 2, "clip": 1,
        "learning_rate": 0.1, "momentum": 0}"#;
    let plan: TrainingPlan = serde_json::from_str(text).unwrap();
    assert_eq!((plan.model.hidden(), plan.privacy), (&[8][..], None));
    assert!(serde_json::from_str::<ModelKind>(r#"{"kind": "logistic"}"#).is_ok());

    let event = TrainingPlan {
        privacy: Some(Privacy { sigma: 1.0 }),
        ..plan
    }
    .event(4)
    .unwrap();
    let written = serde_json::to_string(&event).unwrap();
    assert!(written.contains(r#""kind":"subsampled-gaussian""#));
    assert_eq!(
        serde_json::from_str::<privacy::MechanismEvent>(&written).unwrap(),
        event
    );

    let curve = event.curve().unwrap();
    let copy: privacy::RdpCurve =
        serde_json::from_str(&serde_json::to_string(&curve).unwrap()).unwrap();
    let delta = Delta::new(1e-5).unwrap();
    assert!((copy.epsilon(delta).0 / curve.epsilon(delta).0 - 1.0).abs() < 1e-12);
}
