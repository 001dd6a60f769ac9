//! `cloister validate exposure` and `reconstruction`.

use std::path::Path;

use domain::Entropy;
use privacy::{
    DiscreteGaussian,
    attack::{Exposure, reconstruct},
};
use seal::SystemEntropy;
use serde_json::{Value, json};

use super::{columns, gate, labels, numbers};
use crate::{
    failure::Failure,
    screen::{self, Screen},
};

pub(super) fn exposure(
    file: &Path,
    loss: &str,
    canary: &str,
    screen: Screen,
) -> Result<(), Failure> {
    let table = columns(file, &[loss.to_owned(), canary.to_owned()])?;
    let (losses, marks) = (numbers(&table, loss)?, labels(&table, canary, "1")?);
    let of = |mark: u8| -> Vec<f64> {
        let pairs = losses.iter().zip(&marks);
        pairs
            .filter(|(_, own)| **own == mark)
            .map(|(loss, _)| *loss)
            .collect()
    };
    let references = of(0);
    let mut found = Vec::new();
    for loss in of(1) {
        found.push(Exposure::of(loss, &references)?);
    }
    let mut rows = vec![
        ["canary", "rank", "of", "exposure, bits", "remembered"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend((1..).zip(&found).map(|(number, one): (u64, &Exposure)| {
        vec![
            number.to_string(),
            one.rank.to_string(),
            (one.references + 1).to_string(),
            format!("{:.2}", one.bits),
            if one.is_remembered() { "yes" } else { "no" }.to_owned(),
        ]
    }));
    let documents: Vec<Value> = found
        .iter()
        .map(|one| json!({ "exposure": one, "remembered": one.is_remembered() }))
        .collect();
    screen.result(&screen::table(&rows), &Value::from(documents));
    let remembered = found.iter().filter(|one| one.is_remembered()).count();
    if remembered == 0 {
        Ok(())
    } else {
        Err(gate(
            format!(
                "the model remembers {remembered} of {} canaries",
                found.len()
            ),
            "train with privacy, or with fewer passes, and test again",
        ))
    }
}

pub(super) fn reconstruction(
    persons: u32,
    answers: u32,
    sigma: u64,
    screen: Screen,
) -> Result<(), Failure> {
    let mut entropy = SystemEntropy::new();
    let noise = (sigma > 0)
        .then(|| DiscreteGaussian::new(sigma))
        .transpose()?;
    let secrets: Vec<bool> = (0..persons).map(|_| entropy.below(3) == 0).collect();
    let mut answer = |count: f64, entropy: &mut dyn Entropy| {
        let drawn = noise.as_ref().map_or(0, |noise| noise.sample(entropy));
        count + drawn as f64
    };
    let found = reconstruct(&secrets, answers as usize, &mut entropy, &mut answer)?;
    // The positive control: exact counts, which must give the table away.
    let control = reconstruct(&secrets, answers as usize, &mut entropy, &mut |count, _| {
        count
    })?;
    // Chance of the baseline, and three deviations of it.
    let spread = (found.baseline * (1.0 - found.baseline) / f64::from(persons)).sqrt();
    let works = found.right > found.baseline + 3.0 * spread;
    let controlled = control.right > control.baseline + 3.0 * spread;
    screen.result(
        &format!(
            "{:.1} % of {persons} secrets rebuilt from {answers} counts ({:.1} % by least squares, {:.1} % by linear programming); {:.1} % by always guessing the more frequent one\n\
             control: {:.1} % from exact counts",
            100.0 * found.right,
            100.0 * found.by_least_squares,
            100.0 * found.by_linear_program,
            100.0 * found.baseline,
            100.0 * control.right
        ),
        &json!({ "reconstruction": found, "control": control, "works": works }),
    );
    if !controlled {
        return Err(gate(
            "no evidence: so few exact counts do not give the table away either".to_owned(),
            "try with more answers, at least four for each person",
        ));
    }
    if works {
        Err(gate(
            "the counts give the table away".to_owned(),
            "answer fewer counts or add more noise, within one budget for all of them",
        ))
    } else {
        Ok(())
    }
}
