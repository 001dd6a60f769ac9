//! Opacus on the same table: figures of `bench/peers/opacus_adult.py`, taken now or recorded.
//!
//! `CLOISTER_OPACUS` names a Python that has PyTorch and Opacus: then their processor time is taken in
//! this run, and the ratio is of one machine and one hour. Without it the figures recorded below
//! stand beside ours.

use std::process::Command;

use crate::material;

/// Processor seconds of one training at epsilon 3 in Opacus' best mode.
pub struct Opacus {
    seconds: Vec<(String, f64)>,
    /// Where the figures are from.
    pub source: &'static str,
}

/// Recorded on 28 November 2026, Opacus 1.6.0 on PyTorch 2.15, one thread: model, processor seconds.
const SECONDS: [(&str, f64); 2] = [("logistic", 1.47), ("MLP 128-64", 3.74)];

/// Recorded with them, means of ten seeds on the test table: model, epsilon, figures with 91 one-hot
/// inputs and with Cloister's own encoding.
const ACCURACY: [(&str, f64, &str); 4] = [
    (
        "logistic",
        1.0,
        "one-hot .8468, AUC .8987; our encoding .8581, .9086",
    ),
    (
        "logistic",
        3.0,
        "one-hot .8473, AUC .8991; our encoding .8590, .9096",
    ),
    (
        "MLP 128-64",
        1.0,
        "one-hot .8517, AUC .9004; our encoding .8589, .9066",
    ),
    (
        "MLP 128-64",
        3.0,
        "one-hot .8527, AUC .9034; our encoding .8598, .9099",
    ),
];

/// What Opacus reached with a model at an epsilon, as it was recorded.
pub fn accuracy(model: &str, epsilon: f64) -> Option<&'static str> {
    let mut recorded = ACCURACY.iter();
    let found =
        recorded.find(|(name, at, _)| *name == model && (at - epsilon).abs() < f64::EPSILON);
    found.map(|(_, _, figures)| *figures)
}

impl Opacus {
    /// Taken now where the environment names a Python for it, recorded otherwise.
    pub fn seconds() -> Self {
        now().unwrap_or_else(|| Self {
            seconds: SECONDS.map(|(model, it)| (model.to_owned(), it)).to_vec(),
            source: "recorded",
        })
    }

    /// Of a model.
    pub fn of(&self, model: &str) -> Option<f64> {
        let mut all = self.seconds.iter();
        all.find(|(name, _)| name == model).map(|(_, it)| *it)
    }
}

fn now() -> Option<Opacus> {
    let python = std::env::var_os("CLOISTER_OPACUS")?;
    let root = material::root();
    let said = Command::new(python)
        .arg(root.join("bench/peers/opacus_adult.py"))
        .arg("speed")
        .arg(root.join("../shared/data/adult-uci"))
        .output()
        .ok()
        .filter(|output| output.status.success());
    let Some(said) = said else {
        println!("train: Opacus did not run; its recorded figures are used");
        return None;
    };
    let said = String::from_utf8(said.stdout).ok()?;
    let names = [("logistic", "logistic"), ("mlp", "MLP 128-64")];
    let seconds = names.map(|(theirs, ours)| (ours.to_owned(), best(&said, theirs)));
    Some(Opacus {
        seconds: seconds.to_vec(),
        source: "in this run",
    })
}

/// The fewest seconds of any private mode in lines of model, mode, seconds.
fn best(said: &str, model: &str) -> f64 {
    let lines = said.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (name, mode, seconds) = (words.next()?, words.next()?, words.next()?);
        (name == model && mode != "plain").then(|| seconds.parse::<f64>().ok())?
    });
    lines.fold(f64::INFINITY, f64::min)
}
