//! The process is killed at fifty points of the demo: the instance opens, verifies, and either has
//! the step or does not.

use std::{
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    house::House,
    program::{self, Said},
};

#[test]
fn a_demo_killed_at_any_point_opens_verifies_and_finishes() {
    let whole = how_long_a_demo_takes();
    let (even, odd): (Vec<u64>, Vec<u64>) = (0..KILLS).partition(|kill| kill % 2 == 0);
    let workers = [even, odd].map(|kills| {
        thread::spawn(move || {
            kills
                .into_iter()
                .filter(|kill| survives(*kill, whole))
                .count()
        })
    });
    let seen: usize = workers
        .into_iter()
        .map(|worker| worker.join().expect("no kill did harm"))
        .sum();
    eprintln!("a demo takes {whole:?}; of {KILLS} kills {seen} left an instance behind");
    assert!(
        seen > 10,
        "the kills came while the instance was at work: {seen}"
    );
}

/// Kills one demo and looks at what is left; says whether there was an instance.
fn survives(kill: u64, whole: Duration) -> bool {
    let house = House::empty();
    let mut demo = start(&house);
    thread::sleep(whole.mul_f64(share(kill)));
    demo.kill().expect("a process");
    demo.wait().expect("a process");
    let there = house.path("demo/instance").exists();
    if there {
        look(&house, kill);
    }
    if kill.is_multiple_of(10) {
        finishes(&house, kill);
    }
    there
}

/// An instance that is there is a whole one.
fn look(house: &House, kill: u64) {
    // Opening repairs what the killed process left; the log holds afterwards.
    for words in [
        ["doctor"].as_slice(),
        &["audit", "verify"],
        &["study", "list"],
    ] {
        let said = on_demo(house, words);
        assert_eq!(said.code, 0, "after kill {kill}: {words:?}: {said:?}");
    }
}

/// The same command takes it up and ends well, or says clearly that the budget is spent.
fn finishes(house: &House, kill: u64) {
    let ended = start(house).wait_with_output().expect("the demo ends");
    let stderr = String::from_utf8_lossy(&ended.stderr);
    let over_budget = ended.status.code() == Some(3) && stderr.contains("code: CL40");
    assert!(
        ended.status.success() || over_budget,
        "after kill {kill}: {:?} {stderr}",
        ended.status
    );
    for words in [["audit", "verify"].as_slice(), &["doctor"]] {
        on_demo(house, words).done();
    }
}

fn how_long_a_demo_takes() -> Duration {
    let house = House::empty();
    let began = Instant::now();
    let ended = start(&house).wait_with_output().expect("the demo ends");
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    began.elapsed()
}

fn start(house: &House) -> Child {
    let mut command = program::command();
    command
        .current_dir(house.path("."))
        .args(["demo", "--into", "demo", "--patients", PATIENTS])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

fn on_demo(house: &House, words: &[&str]) -> Said {
    let mut command = program::command();
    command.current_dir(house.path(".")).args([
        "--home",
        "demo/instance",
        "--passphrase-file",
        "demo/passphrase",
    ]);
    program::said(command.args(words))
}

/// The same fifty points every time: SplitMix64 of the number of the kill, between 0 and 1.
fn share(kill: u64) -> f64 {
    let mut mixed = kill.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

const KILLS: u64 = 50;

/// Enough for the gates on risk and on the membership attack to hold.
const PATIENTS: &str = "1000";
