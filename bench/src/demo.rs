//! The demo from end to end, by the built program.
#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the clock")]

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use serde_json::Value;

use crate::{Outcome, material, sheet::Sheet, stopwatch::Spread, words::Words};

const GROUP: &str = "demo";

/// Fills the lines of the demo; tells when the program is not built.
pub fn measure(words: &Words, sheet: &mut Sheet) -> Outcome {
    let program = material::root().join("target/release/cloister");
    if !program.exists() {
        return Err(
            "target/release/cloister is not built: cargo build --release -p cloister".into(),
        );
    }
    let mut stages: BTreeMap<usize, (String, Vec<f64>)> = BTreeMap::new();
    let mut whole = Vec::new();
    for _ in 0..words.repetitions {
        let started = Instant::now();
        let document = run(&program)?;
        whole.push(started.elapsed().as_secs_f64());
        let told = document.get("stages").and_then(Value::as_array);
        for (at, stage) in told.into_iter().flatten().enumerate() {
            let name = stage.get("stage").and_then(Value::as_str).unwrap_or("");
            let seconds = stage
                .get("seconds")
                .and_then(Value::as_f64)
                .unwrap_or(f64::NAN);
            let place = stages
                .entry(at)
                .or_insert_with(|| (name.to_owned(), Vec::new()));
            place.1.push(seconds);
        }
    }
    for (name, seconds) in stages.into_values() {
        line(sheet, &format!("stage {name}"), seconds, "");
    }
    line(
        sheet,
        "whole, program start to end",
        whole,
        "2,000 patients; goal: below 60",
    );
    Ok(())
}

fn line(sheet: &mut Sheet, name: &str, seconds: Vec<f64>, note: &str) {
    let value = Spread::of(seconds);
    sheet.push(GROUP, name, value, "s (wall)", Some(value.median), note);
}

fn run(program: &Path) -> Result<Value, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(material::root().join("target"))?;
    let output = Command::new(program)
        .args(["demo", "--json", "--into"])
        .arg(folder.path().join("demo"))
        .stderr(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err("the demo did not run to its end".into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
