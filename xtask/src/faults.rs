//! The nightly run of faults: the same tests as ever, at ten times as many points.

use crate::command::{at_root, succeeds};

/// Points that all groups together visit by night.
const POINTS: u64 = 20_000;

/// Runs the fault tests of the store over many points.
pub(crate) fn run(points: Option<u64>) -> bool {
    let points = points.unwrap_or(POINTS);
    println!("{points} points of failure; the test command visits a tenth of them");
    let arguments = [
        "test",
        "--release",
        "--package",
        "cloister-store",
        "--lib",
        "--",
        "points_",
    ];
    let mut command = at_root("cargo", &arguments);
    command.env("CLOISTER_FAULT_POINTS", points.to_string());
    succeeds(&mut command)
}
