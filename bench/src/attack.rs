//! What attacks and audits cost and what they can see, on the census table.

mod census;

use domain::{Delta, Entropy, Epsilon};
use learn::{
    Design, ModelKind, Privacy, TrainingPlan, fit,
    leakage::{self, audit_trainer},
};
use privacy::attack::{Attack, Ceiling};
use seal::SystemEntropy;

use crate::{
    Outcome,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

const GROUP: &str = "attack";
/// Shadows that are trained for the time of 64.
const TRAINED: u32 = 4;

/// Fills the lines of attacks.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let (train, test, which) = census::designs()?;
    time(words, sheet, &train, &test, which)?;
    power(sheet, &train)?;
    audit(sheet)
}

/// Processor time of 64 shadows of the census MLP, scores included.
fn time(
    words: &Words,
    sheet: &mut Sheet,
    train: &Design,
    test: &Design,
    which: &'static str,
) -> Outcome {
    let pool = leakage::pool(train, test)?;
    let mlp = ModelKind::Mlp {
        hidden: vec![128, 64],
    };
    let plan = plan(mlp, 10.0, 512);
    let amount = f64::from(TRAINED) / 64.0;
    let job = Job::new("64 shadows of an MLP 128-64", amount, || {
        leakage::shadows(
            &pool,
            &plan,
            train.persons,
            TRAINED,
            &mut SystemEntropy::new(),
            &mut |_, _| (),
        )?;
        Ok(())
    });
    for laps in interleaved(words.repetitions.min(2), vec![job])? {
        let note = format!("{which}, 10 epochs, from {TRAINED}; goal: at most 60");
        sheet.time(GROUP, ("s", 1.0), &laps, note);
    }
    Ok(())
}

/// LiRA with 96 models on pools of 200 rows, logistic regression: members found at 0.1 %, 1 % and
/// 10 % false positives, beside the ceiling of the guarantee.
fn power(sheet: &mut Sheet, train: &Design) -> Outcome {
    for epsilon in [None, Some(8.0), Some(3.0), Some(1.0)] {
        let (mut rates, mut areas) = ([Vec::new(), Vec::new(), Vec::new()], Vec::new());
        let mut ceilings = [1.0; 3];
        for _ in 0..2 {
            let mut entropy = SystemEntropy::new();
            let start = entropy.below(u64::from(train.persons - 200));
            let near = |person: u32| (start..start + 200).contains(&u64::from(person));
            let pool = train.of_persons(near);
            let plan = private(plan(ModelKind::Logistic, 100.0, 25), epsilon, 100)?;
            if let Some(event) = plan.event(100) {
                let ceiling = Ceiling::of_event(&event)?;
                ceilings = RATES.map(|rate| ceiling.true_positive_rate(rate));
            }
            let shadows = leakage::shadows(&pool, &plan, 100, 96, &mut entropy, &mut |_, _| ())?;
            let attack: Attack = shadows.lira().attack()?;
            for (rates, point) in rates.iter_mut().zip(&attack.points) {
                rates.push(100.0 * point.true_positive_rate);
            }
            areas.push(attack.auc.value);
        }
        let name = epsilon.map_or_else(|| "no privacy".to_owned(), |e: f64| format!("epsilon {e}"));
        for ((rates, target), ceiling) in rates.into_iter().zip(RATES).zip(ceilings) {
            let note = if epsilon.is_some() {
                format!("allowed: {:.2} %", 100.0 * ceiling)
            } else {
                "two pools of 200 rows, 96 models each".to_owned()
            };
            let what = format!("LiRA, {name}: found at {} %", 100.0 * target);
            sheet.push(GROUP, &what, Spread::of(rates), "%", None, note);
        }
        let what = format!("LiRA, {name}: AUC");
        sheet.push(GROUP, &what, Spread::of(areas), "", None, "");
    }
    Ok(())
}

const RATES: [f64; 3] = [0.001, 0.01, 0.1];

/// The lower bound that the one-run audit reaches on one Gaussian sum of epsilon 4.
fn audit(sheet: &mut Sheet) -> Outcome {
    let delta = Delta::new(1e-5)?;
    let mut shares = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let mut plan = plan(ModelKind::Logistic, 1.0, 2000);
        plan.privacy = Some(Privacy { sigma: 1.075 });
        let truth = privacy::accountant::gaussian_epsilon(1.075, delta)?;
        let mut trainer = |design: &Design, plan: &TrainingPlan, entropy: &mut dyn Entropy| {
            fit(design, plan, entropy, &mut |_, _| ())
        };
        let audit = audit_trainer(
            &mut trainer,
            &plan,
            2000,
            2000,
            delta,
            &mut SystemEntropy::new(),
        )?;
        shares.0.push(100.0 * audit.one_run.epsilon_lower / truth);
        shares
            .1
            .push(100.0 * audit.one_run.epsilon_lower_gaussian / truth);
    }
    let note = "of the true epsilon 4.0, one full batch, 2,000 canaries, 99.9 % confidence";
    sheet.push(
        GROUP,
        "one-run audit, any mechanism",
        Spread::of(shares.0),
        "%",
        None,
        note,
    );
    sheet.push(
        GROUP,
        "one-run audit, Gaussian noise",
        Spread::of(shares.1),
        "%",
        None,
        format!("{note}; goal: at least 50"),
    );
    Ok(())
}

fn plan(model: ModelKind, epochs: f64, batch: u32) -> TrainingPlan {
    TrainingPlan {
        model,
        epochs,
        batch,
        clip: 1.0,
        learning_rate: 0.2,
        momentum: 0.9,
        knots: 0,
        averaging: false,
        privacy: None,
    }
}

fn private(
    mut plan: TrainingPlan,
    epsilon: Option<f64>,
    persons: u32,
) -> Result<TrainingPlan, Box<dyn std::error::Error>> {
    if let Some(epsilon) = epsilon {
        let (rate, steps) = (plan.sampling_rate(persons), plan.steps(persons));
        let sigma =
            privacy::calibrate_sigma(Epsilon::new(epsilon)?, Delta::new(1e-5)?, rate, steps)?;
        plan.privacy = Some(Privacy { sigma });
    }
    Ok(plan)
}
