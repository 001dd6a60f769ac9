//! A real process, really killed.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

use super::*;
use crate::{Noun, Record};

const HOME: &str = "CLOISTER_STORE_TEST_HOME";

/// The process that is killed: it saves for ever and tells each number after it was saved. Does
/// nothing when it is run as an ordinary test.
#[test]
fn writer_process() {
    let Some(home) = env::var_os(HOME).map(PathBuf::from) else {
        return;
    };
    let store = Store::open(&home, &passphrase(), &CLOCK).unwrap();
    let from = store.list::<u64>(Noun::Step).unwrap().len() as u64;
    for number in from.. {
        let id = format!("step-{number:06}");
        let mut transaction = store.begin().unwrap();
        transaction.insert(Noun::Step, &id, &number).unwrap();
        transaction.commit(event(number)).unwrap();
        writeln!(io::stdout(), "saved {number}").unwrap();
        store.record_all(&[event(number), event(number)]).unwrap();
    }
}

/// Lets a process write until it has told of some numbers, kills it, and says the last one.
fn kill_after(home: &Path, lines: usize, grace: u32) -> u64 {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "tests::killed::writer_process", "--nocapture"])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.split("saved ").nth(1)?.trim().parse().ok())
        .take(lines)
        .last();
    for _ in 0..grace {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    told.expect("the process saves something before it is killed")
}

#[test]
pub(super) fn a_killed_process_loses_nothing_it_told_of() {
    let (mut site, store) = Site::new();
    drop(store);
    for round in 0..12_u32 {
        let told = kill_after(&site.home(), 1 + round as usize % 4, round * 700);

        let store = site.restart();
        let records: Vec<Record<u64>> = store.list(Noun::Step).unwrap();
        assert!(records.len() as u64 > told);
        let numbers: Vec<u64> = records.iter().map(|record| record.body).collect();
        assert!(numbers.iter().copied().eq(0..records.len() as u64));
        store.verify_log().unwrap();
        store.verify_rows().unwrap();
    }
}
