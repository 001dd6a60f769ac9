//! The fuzz targets, for a short time each.

use std::{env, fs, path::PathBuf, process::Command};

use crate::{
    command::{at_root, root, succeeds},
    test::Count,
};

/// Seconds for each target in the test command.
pub(crate) const SECONDS: u32 = 4;

const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing -Ccodegen-units=1";

/// Builds the targets and runs each from its seeds; the error holds the count as well.
pub(crate) fn run(seconds: u32) -> Result<Count, Count> {
    let Some(program) = build() else {
        if compiler_present() {
            println!("the fuzz targets did not build; what cargo said stands above");
            return Err(Count::of(false));
        }
        println!("skipped: the fuzz targets need a C++ compiler");
        return Ok(Count::skip());
    };
    let mut count = Count::default();
    for target in targets() {
        let held = smoke(&program, &target, seconds);
        println!("{} {target}", if held { "held  " } else { "FAILED" });
        count.passed += u64::from(held);
        count.failed += u64::from(!held);
    }
    if count.failed == 0 {
        Ok(count)
    } else {
        Err(count)
    }
}

fn compiler_present() -> bool {
    crate::command::present("c++", &["--version"])
}

/// Every folder of seeds is a target.
fn targets() -> Vec<String> {
    let folders = fs::read_dir(root().join("fuzz/seeds"))
        .into_iter()
        .flatten()
        .flatten();
    let mut names: Vec<String> = folders
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// Coverage needs `--target`, so that build scripts stay without instruments.
fn build() -> Option<PathBuf> {
    let host = host()?;
    let mut command = at_root(
        "cargo",
        &["build", "--release", "--locked", "--manifest-path"],
    );
    command
        .arg("fuzz/Cargo.toml")
        .args(["--target", &host, "--target-dir", "fuzz/target"]);
    command.env("RUSTFLAGS", FLAGS);
    let program = root().join("fuzz/target").join(&host).join("release/fuzz");
    succeeds(&mut command)
        .then_some(program)
        .filter(|program| program.exists())
}

fn host() -> Option<String> {
    let said = Command::new("rustc").arg("-vV").output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
}

/// Runs a target and shows what it said only when it fell.
fn is_quiet_success(command: &mut Command) -> bool {
    let Ok(said) = command.output() else {
        return false;
    };
    if !said.status.success() {
        println!("{}", String::from_utf8_lossy(&said.stderr));
    }
    said.status.success()
}

fn smoke(program: &PathBuf, target: &str, seconds: u32) -> bool {
    let corpus = env::temp_dir().join(format!("cloister-fuzz-{}-{target}", std::process::id()));
    let artifacts = root().join("fuzz/artifacts");
    let ready = fs::create_dir_all(&corpus).is_ok() && fs::create_dir_all(&artifacts).is_ok();
    let mut command = Command::new(program);
    command.current_dir(root()).env("FUZZ_TARGET", target);
    command
        .arg(&corpus)
        .arg(root().join("fuzz/seeds").join(target));
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args([
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-verbosity=0",
        "-print_final_stats=0",
    ]);
    let held = ready && is_quiet_success(&mut command);
    // A leftover corpus in the temporary folder harms nobody.
    drop(fs::remove_dir_all(&corpus));
    held
}
