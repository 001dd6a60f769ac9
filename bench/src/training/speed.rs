//! Processor time of training, private and plain, and of the noise alone.

use learn::{ModelKind, TrainingPlan, fit};
use privacy::DiscreteGaussian;
use seal::SystemEntropy;

use super::{census::Census, opacus::Opacus, private};
use crate::{
    Outcome,
    sheet::Sheet,
    stopwatch::{Job, Spread, interleaved},
    words::Words,
};

const GROUP: &str = "train";

/// Ten epochs of batches of 512, numbers as they are, as the recorded peers did it.
pub fn measure(census: &Census, words: &Words, sheet: &mut Sheet) -> Outcome {
    let mlp = ModelKind::Mlp {
        hidden: vec![128, 64],
    };
    let kinds = [("logistic", ModelKind::Logistic), ("MLP 128-64", mlp)];
    let mut plans = Vec::new();
    for (name, kind) in kinds {
        let plain = TrainingPlan {
            knots: 0,
            learning_rate: 0.5,
            ..TrainingPlan::new(kind)
        };
        plans.push((name, plain.clone()));
        plans.push((name, private(plain, 3.0, census.train.persons)?));
    }
    let jobs = plans.iter().map(|(name, plan)| {
        let mark = if plan.privacy.is_some() {
            ", private"
        } else {
            ", plain"
        };
        Job::new(format!("{name}{mark}"), 1.0, move || {
            fit(
                &census.train,
                plan,
                &mut SystemEntropy::new(),
                &mut |_, _| (),
            )?;
            Ok(())
        })
    });
    let laps = interleaved(words.repetitions.min(5), jobs.collect())?;
    let opacus = Opacus::seconds();
    for (laps, (name, plan)) in laps.iter().zip(&plans) {
        let peer = opacus.of(name).filter(|_| plan.privacy.is_some());
        let middle = Spread::of(laps.each.iter().map(|lap| lap.cpu)).median;
        let beside = peer.map_or_else(String::new, |seconds| {
            format!(
                "; Opacus 1.6 ({}) {seconds} s: {:.1} times less",
                opacus.source,
                seconds / middle
            )
        });
        let note = format!("{}, 10 epochs{beside}", census.which);
        sheet.time(GROUP, ("s", 1.0), laps, note);
    }
    for pair in laps.chunks(2) {
        if let [plain, private] = pair {
            let pairs = private.each.iter().zip(&plain.each);
            let ratio = Spread::of(pairs.map(|(private, plain)| private.cpu / plain.cpu));
            let name = format!("{} over plain", private.name);
            sheet.ratio(GROUP, &name, ratio, "processor time; goal 1.5, MLP 1.8");
        }
    }
    noise(words, sheet)
}

/// Discrete Gaussian samples from the approved generator, added to sums as training does.
fn noise(words: &Words, sheet: &mut Sheet) -> Outcome {
    let noise = DiscreteGaussian::new(1 << 30)?;
    let mut sums = vec![0_i64; 1_000_000];
    let job = Job::new("noise, millions of samples", 1.0, || {
        noise.add_to(&mut sums, &mut SystemEntropy::new());
        Ok(())
    });
    for laps in interleaved(words.repetitions.min(5), vec![job])? {
        sheet.rate(
            GROUP,
            "M/s",
            &laps,
            "discrete Gaussian, sigma 2^30, system generator; goal 50",
        );
    }
    Ok(())
}
