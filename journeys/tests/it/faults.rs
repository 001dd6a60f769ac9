//! The machine fails: a full disk, a second process, a closed pipe. Nothing is lost or half-written.

use std::{
    fs::{self, File},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{
    house::House,
    program::{self, Said, word},
    studies::{self, clinic, identifiers},
};

#[test]
fn a_second_process_is_turned_away_while_one_runs() {
    let house = House::of("data-scientist");
    let pipe = house.path("slow.csv");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    house.write(
        "slow.toml",
        studies::CENSUS_DATA.replace("census.csv", "slow.csv"),
    );
    let mut first: Child = house
        .command()
        .args(["study", "run", "slow.toml"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    // Opening the pipe waits until the first process reads its source, with the instance in hand.
    let writer = File::options().write(true).open(&pipe).expect("the pipe");
    house
        .run(&["dataset", "list"])
        .ended(1, "CL3103")
        .tells("another cloister process");
    house.run(&["audit", "verify"]).ended(1, "CL3103");
    drop(writer);
    let ended = first.wait().expect("the program ends");
    assert_eq!(ended.code(), Some(1), "an empty source is refused");
    house.is_sound();
}

#[test]
fn a_full_disk_is_told_and_a_rerun_finishes() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.is_sound();
    let mut stopped = 0;
    for kilobytes in [4_u32, 16, 48, 80, 100, 120] {
        let said = within_size(&house, kilobytes, &["study", "run", "clinic.toml"]);
        if said.code == 0 {
            break;
        }
        assert_eq!(said.code, 1, "at {kilobytes} KiB a file: {said:?}");
        said.ended(1, "CL").keeps_back(&identifiers(&hospital));
        stopped += 1;
        house.run(&["doctor"]).done();
        house.is_sound();
    }
    assert!(stopped > 0, "the limit was felt");
    house.study("clinic.toml").done();
    house.is_sound();
    assert_eq!(house.versions(), 2);
}

#[test]
fn an_export_to_a_full_disk_leaves_no_half_file() {
    let house = House::of("data-engineer");
    clinic(&house);
    house.study("clinic.toml").done();
    let said = within_size(
        &house,
        1,
        &[
            "dataset",
            "export",
            "clinic-deid",
            "patients",
            "-o",
            "out.csv",
        ],
    );
    assert_eq!(said.code, 1, "{said:?}");
    assert!(!house.path("out.csv").exists());
    let said = within_size(&house, 1, &["deid", "patients.csv", "-o", "out.csv"]);
    assert_eq!(said.code, 1, "{said:?}");
    let left: Vec<String> = fs::read_dir(house.path("."))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("out.csv"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    house.export("clinic-deid", "patients", "out.csv");
}

#[test]
fn a_full_file_system_is_told_and_a_rerun_finishes() {
    let house = House::empty();
    clinic(&house);
    let Some(disk) = SmallDisk::mounted(&house) else {
        eprintln!(
            "note: no file system may be mounted here; the limit on file size stands in for it"
        );
        return;
    };
    let home = disk.0.join("instance");
    let on_disk = |words: &[&str]| {
        let mut command = program::command();
        command
            .current_dir(house.path("."))
            .arg("--home")
            .arg(&home);
        program::said(command.args(words))
    };
    on_disk(&["init", "--role", "data-engineer"]).done();
    disk.fill();
    on_disk(&["study", "run", "clinic.toml"])
        .ended(1, "CL")
        .tells("no space left");
    disk.make_room();
    on_disk(&["audit", "verify"]).done();
    on_disk(&["doctor"]).done();
    on_disk(&["study", "run", "clinic.toml"]).done();
    on_disk(&["doctor"]).done();
}

#[test]
fn a_reader_who_leaves_is_no_failure() {
    let house = House::empty();
    let mut child = house
        .command()
        .args(["access", "matrix"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("the program ends");
    assert_eq!(ended.status.code(), Some(0));
    assert!(
        ended.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

/// Runs the program where no file may grow beyond so many KiB; the excess is an error, not a signal.
fn within_size(house: &House, kilobytes: u32, words: &[&str]) -> Said {
    let blocks = kilobytes * 2;
    let mut shell = Command::new("sh");
    program::prepare(&mut shell);
    shell
        .current_dir(house.path("."))
        .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\""])
        .arg(blocks.to_string())
        .arg(program::path())
        .arg("--home")
        .arg(house.home());
    program::said(shell.args(words))
}

/// A file system of two megabytes in memory, unmounted at the end.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mounted(house: &House) -> Option<Self> {
        let place = house.path("disk");
        fs::create_dir(&place).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=80m", "tmpfs", word(&place)]);
        let mounted = mount
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        mounted.then_some(Self(place))
    }

    fn ballast(&self) -> std::path::PathBuf {
        self.0.join("ballast")
    }

    /// Leaves no block free.
    fn fill(&self) {
        let chunk = vec![0_u8; 4_096];
        let mut file = File::create(self.ballast()).expect("a file");
        while std::io::Write::write_all(&mut file, &chunk).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.ballast()).expect("the ballast");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        for _ in 0..20 {
            let unmounted = Command::new("umount").arg(&self.0).status();
            if unmounted.is_ok_and(|status| status.success()) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}
