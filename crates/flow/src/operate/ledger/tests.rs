use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use access::{Operator, Policies};
use domain::{Delta, Epsilon, Explain, LegalBasis, OperatorId, Purpose, Role, StudyId};
use store::Store;

use super::*;
use crate::site::{CLOCK, Site, passphrase};

const HOME: &str = "CLOISTER_LEDGER_TEST_HOME";

fn dataset(name: &str) -> DatasetId {
    DatasetId::new(name).unwrap()
}

fn cause(study: &str) -> Cause {
    Cause {
        study: StudyId::new(study).unwrap(),
        run: None,
        purpose: Purpose::Demonstration,
        basis: LegalBasis::DeIdentified,
    }
}

fn cap_of(epsilon: f64) -> Cap {
    Cap {
        epsilon: Epsilon::new(epsilon).unwrap(),
        delta: Delta::new(1e-5).unwrap(),
    }
}

const COUNT: MechanismEvent = MechanismEvent::Gaussian {
    sigma: 20.0,
    releases: 1,
};

/// The cap that bears so many counts and no more.
fn cap_for(counts: u64) -> Cap {
    let curve = COUNT.curve().unwrap().times(counts);
    cap_of(curve.epsilon(Delta::new(1e-5).unwrap()).0 * 1.0001)
}

fn ask<'a>(dataset: &'a DatasetId, cause: &'a Cause, cap: Option<Cap>, id: &'a str) -> Ask<'a> {
    Ask {
        dataset,
        state: DataState::DeIdentified,
        cause: Some(cause),
        cap,
        id,
        spending: Spending::Statistics,
        event: &COUNT,
    }
}

#[test]
fn a_budget_for_ten_admits_exactly_ten_of_a_thousand_at_once() {
    let (site, store) = Site::new();
    let adult = dataset("adult");
    let admitted = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for thread in 0..20 {
            let (site, store, adult, admitted) = (&site, &store, &adult, &admitted);
            scope.spawn(move || {
                let desk = site.desk(store, "ada", Role::DataScientist);
                let cause = cause("counts");
                for request in 0..50 {
                    let id = format!("count-{thread}-{request}");
                    match set_aside(&desk, &ask(adult, &cause, Some(cap_for(10)), &id)) {
                        Ok(()) => {
                            admitted.fetch_add(1, Ordering::SeqCst);
                        }
                        Err(error) => assert_eq!(error.code(), privacy::codes::EXCEEDED),
                    }
                }
            });
        }
    });
    assert_eq!(admitted.load(Ordering::SeqCst), 10);
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let kept = statement(&desk, &adult).unwrap();
    assert_eq!(kept.spends.len(), 10);
    assert!(kept.spent_epsilon <= kept.cap_epsilon);
}

#[test]
fn several_spends_are_set_aside_together_or_not_at_all() {
    let (site, store) = Site::new();
    let (adult, cause, cap) = (dataset("adult"), cause("figures"), Some(cap_for(3)));
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let two = [
        ask(&adult, &cause, cap, "card"),
        ask(&adult, &cause, cap, "fairness"),
    ];
    set_aside_all(&desk, &two).unwrap();

    // One more would fit, two do not.
    let refused = set_aside_all(&desk, &two).unwrap_err();
    assert_eq!(refused.code(), privacy::codes::EXCEEDED);
    assert_eq!(statement(&desk, &adult).unwrap().spends.len(), 2);

    set_aside(&desk, &ask(&adult, &cause, cap, "drift")).unwrap();
    assert_eq!(statement(&desk, &adult).unwrap().spends.len(), 3);
}

#[test]
fn analysts_who_share_a_dataset_share_its_budget() {
    let (site, store) = Site::new();
    let (adult, cause) = (dataset("adult"), cause("counts"));
    let cap = cap_for(3);
    for (turn, name) in ["ada", "bob", "ada", "bob"].into_iter().enumerate() {
        let desk = site.desk(&store, name, Role::DataScientist);
        let id = format!("count-{turn}");
        let done = set_aside(&desk, &ask(&adult, &cause, Some(cap), &id));
        assert_eq!(done.is_ok(), turn < 3, "{turn}");
    }
}

#[test]
fn a_derived_dataset_inherits_what_was_spent_on_its_parent() {
    let (site, store) = Site::new();
    let (adult, view) = (dataset("adult"), dataset("adult-view"));
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let mut transaction = store.begin().unwrap();
    let derived = Dataset {
        id: view.clone(),
        root: adult.clone(),
        owner: "registry".to_owned(),
        created: desk.now(),
    };
    transaction
        .insert(Noun::Dataset, view.as_str(), &derived)
        .unwrap();
    let permit = desk
        .permit(
            Action::ReserveBudget,
            Resource::budget(&adult, DataState::DeIdentified),
            None,
        )
        .unwrap();
    transaction
        .commit(desk.event(&permit, None).unwrap())
        .unwrap();

    let (cause, cap) = (cause("counts"), Some(cap_for(2)));
    set_aside(&desk, &ask(&adult, &cause, cap, "one")).unwrap();
    set_aside(&desk, &ask(&view, &cause, cap, "two")).unwrap();

    let refused = set_aside(&desk, &ask(&view, &cause, cap, "three")).unwrap_err();
    assert_eq!(refused.code(), privacy::codes::EXCEEDED);
    assert_eq!(statement(&desk, &view).unwrap().spends.len(), 2);
}

#[test]
fn the_caps_of_study_and_analyst_hold_over_all_datasets_and_for_the_past() {
    let (site, store) = Site::new();
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let officer = site.desk(&store, "olga", Role::PrivacyOfficer);
    let (adult, other, counts) = (dataset("adult"), dataset("other"), cause("counts"));
    let wide = Some(cap_for(10));
    set_aside(&desk, &ask(&adult, &counts, wide, "one")).unwrap();

    let ada = Scope::Analyst(OperatorId::new("ada").unwrap());
    cap(&officer, &ada, cap_for(2)).unwrap();

    // One was spent before the cap stood; the second fits, in whichever dataset.
    set_aside(&desk, &ask(&other, &counts, wide, "two")).unwrap();
    let refused = set_aside(&desk, &ask(&adult, &counts, wide, "three")).unwrap_err();
    assert_eq!(refused.code(), crate::codes::SCOPE_BUDGET);
    // The refusal of one budget leaves the others as they were.
    assert_eq!(statement(&desk, &adult).unwrap().spends.len(), 1);
    // Another analyst is not held by it, but the study's cap, once set, holds for all.
    let bob = site.desk(&store, "bob", Role::DataScientist);
    set_aside(&bob, &ask(&adult, &counts, wide, "four")).unwrap();
    let study = Scope::Study(StudyId::new("counts").unwrap());
    cap(&officer, &study, cap_for(3)).unwrap();
    let refused = set_aside(&bob, &ask(&adult, &counts, wide, "five")).unwrap_err();
    assert_eq!(refused.code(), crate::codes::SCOPE_BUDGET);
    let all = scoped(&officer).unwrap();
    assert_eq!(all.iter().map(|one| one.spends).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn a_cap_is_lowered_by_an_officer_and_raised_by_nobody() {
    let (site, store) = Site::new();
    let officer = site.desk(&store, "olga", Role::PrivacyOfficer);
    let scope = Scope::Dataset(dataset("adult"));
    cap(&officer, &scope, cap_of(2.0)).unwrap();
    cap(&officer, &scope, cap_of(1.0)).unwrap();
    let raised = cap(&officer, &scope, cap_of(1.5)).unwrap_err();
    assert_eq!(raised.code(), crate::codes::CAP_RAISED);
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let refused = cap(&desk, &scope, cap_of(0.5)).unwrap_err();
    assert!(matches!(refused, StageError::Refused(_)));
    // A study's own wish does not raise it either.
    let adult = dataset("adult");
    let cause = cause("counts");
    set_aside(&desk, &ask(&adult, &cause, Some(cap_of(9.0)), "one")).unwrap();
    assert!((statement(&desk, &adult).unwrap().cap_epsilon - 1.0).abs() < 1e-12);
}

#[test]
fn what_is_planned_is_answered_and_not_charged() {
    let (site, store) = Site::new();
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let (adult, cause) = (dataset("adult"), cause("counts"));
    let unknown = outlook(&desk, &adult, None, &COUNT).unwrap_err();
    assert_eq!(unknown.code(), crate::codes::NO_BUDGET);
    set_aside(&desk, &ask(&adult, &cause, Some(cap_for(2)), "one")).unwrap();

    let first = outlook(&desk, &adult, None, &COUNT).unwrap();
    assert_eq!(outlook(&desk, &adult, None, &COUNT).unwrap(), first);
    assert!(first.admitted && first.pld.unwrap().upper <= first.epsilon);

    set_aside(&desk, &ask(&adult, &cause, None, "two")).unwrap();
    let last = outlook(&desk, &adult, None, &COUNT).unwrap();
    assert!(!last.admitted && last.budgets[0].after_epsilon.is_none());
}

#[test]
fn every_change_stands_in_the_history_with_its_line_of_the_log() {
    let (site, store) = Site::new();
    let desk = site.desk(&store, "ada", Role::DataScientist);
    let (adult, cause) = (dataset("adult"), cause("counts"));
    for id in ["one", "two"] {
        set_aside(&desk, &ask(&adult, &cause, Some(cap_for(5)), id)).unwrap();
    }
    burn(
        &desk,
        &adult,
        DataState::DeIdentified,
        Some(&cause),
        &["one".to_owned()],
    )
    .unwrap();

    let changes = history(&desk, Some(&adult)).unwrap();

    let told: Vec<(&str, Option<&str>)> = changes
        .iter()
        .map(|change| (change.what, change.id.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("opened", None),
            ("reserved", Some("one")),
            ("reserved", Some("two")),
            ("burned", Some("one")),
        ]
    );
    assert!(changes.is_sorted_by_key(|change| change.log_index));
    // Burned stays spent.
    assert!((changes[3].spent_epsilon - changes[2].spent_epsilon).abs() < 1e-15);
}

/// The process that is killed: it reserves, tells of it as noise would be drawn, and confirms, for
/// ever. Does nothing when it is run as an ordinary test.
#[test]
fn spender_process() {
    let Some(home) = env::var_os(HOME).map(PathBuf::from) else {
        return;
    };
    let store = Store::open(&home, &passphrase(), &CLOCK).unwrap();
    let policies = Policies::built_in().unwrap();
    let ada = Operator::new(OperatorId::new("ada").unwrap(), Role::DataScientist);
    let desk = Desk::new(&store, &policies, ada, &CLOCK);
    let (adult, cause) = (dataset("adult"), cause("counts"));
    let from = std::process::id();
    for number in 0.. {
        let id = format!("count-{from}-{number}");
        set_aside(&desk, &ask(&adult, &cause, Some(cap_of(900.0)), &id)).unwrap();
        writeln!(io::stdout(), "drew {id}").unwrap();
        let mut transaction = store.begin().unwrap();
        confirm(&mut transaction, &adult, std::slice::from_ref(&id)).unwrap();
        let resource = Resource::budget(&adult, DataState::DeIdentified);
        let permit = desk
            .permit(Action::CommitBudget, resource, Some(&cause))
            .unwrap();
        transaction
            .commit(desk.event(&permit, Some(&cause)).unwrap())
            .unwrap();
        writeln!(io::stdout(), "kept {id}").unwrap();
    }
}

/// Lets a process spend, kills it after some lines, and says what it told.
fn kill_after(home: &Path, lines: usize, grace: usize) -> Vec<String> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "operate::ledger::tests::spender_process",
            "--nocapture",
        ])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    let words = |line: String| {
        ["drew ", "kept "].iter().find_map(|word| {
            line.find(word)
                .and_then(|at| Some(line.get(at..)?.trim().to_owned()))
        })
    };
    while told.len() < lines {
        let Some(Ok(line)) = said.next() else { break };
        told.extend(words(line));
    }
    for _ in 0..grace {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    // What it told before it died counts too.
    told.extend(said.map_while(Result::ok).filter_map(words));
    child.wait().unwrap();
    told
}

#[test]
fn a_killed_process_never_leaves_noise_unpaid() {
    let (site, store) = Site::new();
    drop(store);
    for round in 0..KILLS {
        let told = kill_after(&site.home(), 1 + round % 5, round * 37 % 400);

        let store = Store::open(&site.home(), &passphrase(), &CLOCK).unwrap();
        let account = store
            .find::<Account>(Noun::Budget, "adult")
            .unwrap()
            .unwrap();
        for line in &told {
            let (word, id) = line.split_once(' ').unwrap();
            let entry = account.body.entries.iter().find(|entry| entry.id == id);
            let entry = entry.expect("noise was drawn that the ledger does not know");
            assert!(word == "drew" || entry.state == EntryState::Committed);
        }
        assert!(told.len() > round % 5);
    }
}

const KILLS: usize = 12;
