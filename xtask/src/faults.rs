//! The nightly run of faults: the same tests as ever, at ten times as many points.

use crate::command::{at_root, succeeds};

/// Points that all groups together visit by night.
const POINTS: u64 = 20_000;

/// Runs the fault tests of the store over many points.
pub(crate) fn run(points: Option<u64>) -> bool {
    let points = points.unwrap_or(POINTS);
    println!("{points} points of failure; the test command visits a tenth of them");
    // The whole workspace, as in the test command: the same artefacts serve both.
    let arguments = [
        "test",
        "--release",
        "--workspace",
        "--lib",
        "--locked",
        "--",
        "points_",
    ];
    let mut command = at_root("cargo", &arguments);
    command.env("CLOISTER_FAULT_POINTS", points.to_string());
    succeeds(&mut command)
}
