//! Other people's de-identifiers beside ours: `cargo xtask bench --peers`.
//!
//! The Python peers live in a virtual environment of their own, the Rust peers in a workspace of
//! their own; both are made under `target/peers` on first use, which needs the network. The
//! material is written and the results are read by `bench`; here is only the order of things.

use std::path::{Path, PathBuf};

use crate::{
    command::{at_root, cargo, root, succeeds},
    python::{self, Environment},
};

/// Measures everybody and prints the tables; further words go to `bench`.
pub(crate) fn run(words: &[&str]) -> bool {
    match compare(words) {
        Ok(()) => true,
        Err(reason) => {
            println!("the peers were not measured: {reason}");
            false
        }
    }
}

fn compare(words: &[&str]) -> Result<(), &'static str> {
    let home = root().join("target/peers");
    let python = python::ready(&environment(&home))?;
    let rust = build_rust(&home)?;
    // Results of an earlier run must not stand in for a peer that fails now.
    for stale in ["results", "texts", "dicom"] {
        drop(std::fs::remove_dir_all(home.join(stale)));
    }
    bench("peers-material", &home, words)?;
    for system in ["presidio-patterns", "presidio-model", "scrubadub"] {
        let script = root().join("bench/peers/detect.py");
        let words = [script.as_path(), Path::new(system)];
        read(Path::new(&python), &words, &home, ("texts", system))?;
    }
    read(&rust, &[Path::new("text")], &home, ("texts", "redact-core"))?;
    let dicom = ("dicom", "dicom-anonymization");
    read(&rust, &[Path::new("dicom")], &home, dicom)?;
    bench("peers", &home, words)
}

fn environment(home: &Path) -> Environment {
    Environment {
        home: home.join("python"),
        lists: vec![
            ("bench/peers/requirements.txt", &[]),
            ("bench/peers/model.txt", &MODEL),
        ],
    }
}

/// One job: building the peers is nobody's hurry.
fn build_rust(home: &Path) -> Result<PathBuf, &'static str> {
    let mut build = at_root("cargo", &["build", "--release", "--locked", "-j1"]);
    build.args(["--manifest-path", "bench/peers/rust/Cargo.toml"]);
    build.arg("--target-dir").arg(home.join("rust"));
    if succeeds(&mut build) {
        Ok(home.join("rust/release/peers"))
    } else {
        Err("the Rust peers could not be built (offline?)")
    }
}

/// Lets a peer read a folder of the material and write into its folder of results.
fn read(
    program: &Path,
    words: &[&Path],
    home: &Path,
    (material, results): (&str, &str),
) -> Result<(), &'static str> {
    let mut command = std::process::Command::new(program);
    command.current_dir(root()).args(words);
    command
        .arg(home.join(material))
        .arg(home.join("results").join(results));
    // One thread for the matrices: figures are by core.
    for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
        command.env(threads, "1");
    }
    if succeeds(&mut command) {
        Ok(())
    } else {
        Err("a peer failed; what it said stands above")
    }
}

fn bench(task: &str, home: &Path, words: &[&str]) -> Result<(), &'static str> {
    let home = home
        .to_str()
        .ok_or("the path to the source tree is not UTF-8")?;
    let mut arguments = vec!["run", "--release", "--quiet", "--package", "bench", "--"];
    arguments.extend([task, home]);
    arguments.extend_from_slice(words);
    if cargo(&arguments) {
        Ok(())
    } else {
        Err("our own measurement failed; what it said stands above")
    }
}

/// The model's package asks for a newer interpreter than its data need, and for nothing else.
const MODEL: [&str; 3] = ["--no-deps", "--ignore-requires-python", "--require-hashes"];
