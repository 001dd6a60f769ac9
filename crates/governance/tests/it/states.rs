use cloister_governance::{
    Attested, EvidenceIndex, EvidenceKind, Mode, State, catalogue, control, standing, summary,
};
use domain::{Digest, Timestamp};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;
const TODAY: i64 = 20_000;

fn day(day: i64) -> Timestamp {
    Timestamp::from_millis(day * DAY)
}

fn digest(byte: u8) -> Digest {
    Digest([byte; 32])
}

fn everything(at: Timestamp) -> EvidenceIndex {
    let mut index = EvidenceIndex::new();
    for (position, kind) in EvidenceKind::ALL.into_iter().enumerate() {
        index.record(kind, at, digest(1), position as u64);
    }
    index
}

#[test]
fn without_evidence_nothing_holds_and_nothing_is_even_partly_so() {
    let summary = summary(
        catalogue().requirements(),
        &EvidenceIndex::new(),
        day(TODAY),
    );
    assert_eq!(summary.total(), 349);
    assert_eq!(summary.of_state(State::Holds), 0);
    assert_eq!(summary.of_state(State::Partly), 0);
    let attested = catalogue().of_mode(Mode::Attested).count();
    assert_eq!(summary.count(Mode::Attested, State::NeedsPeople), attested);
}

/// The honest table of today's product with every kind of evidence fresh.
#[test]
fn with_all_evidence_fresh_the_counts_are_those_we_publish() {
    let table = |requirements: Vec<_>| {
        let summary = summary(requirements, &everything(day(TODAY)), day(TODAY));
        State::ALL.map(|state| summary.of_state(state))
    };
    assert_eq!(table(catalogue().main().collect()), [11, 74, 91, 131]);
    assert_eq!(table(catalogue().beyond().collect()), [2, 0, 20, 20]);
}

#[test]
fn old_evidence_makes_partly_of_holds() {
    let requirement = catalogue().get("aud-attempts").unwrap();
    let fresh = standing(requirement, &everything(day(TODAY)), day(TODAY));
    let old = standing(requirement, &everything(day(TODAY - 91)), day(TODAY));
    let ancient = standing(requirement, &everything(day(TODAY - 366)), day(TODAY));
    assert_eq!(fresh.state, State::Holds);
    assert_eq!(old.state, State::Partly);
    assert_eq!(old.stale, [EvidenceKind::LogVerified]);
    assert_eq!(old.fresh, [EvidenceKind::AccessRefused]);
    assert_eq!((ancient.state, ancient.stale.len()), (State::Partly, 2));
}

#[test]
fn the_limit_of_freshness_is_the_whole_last_day() {
    let kind = EvidenceKind::LogVerified;
    assert!(kind.is_fresh(day(TODAY - 90), day(TODAY)));
    assert!(!kind.is_fresh(Timestamp::from_millis((TODAY - 90) * DAY - 1), day(TODAY)));
}

#[test]
fn some_of_the_evidence_is_partly() {
    let requirement = catalogue().get("aud-attempts").unwrap();
    let mut index = EvidenceIndex::new();
    index.record(EvidenceKind::AccessRefused, day(TODAY), digest(1), 1);
    let standing = standing(requirement, &index, day(TODAY));
    assert_eq!(standing.state, State::Partly);
    assert_eq!(standing.missing, [EvidenceKind::LogVerified]);
}

#[test]
fn a_signed_statement_counts_until_it_expires() {
    let requirement = catalogue().get("gov-committee").unwrap();
    let mut index = everything(day(TODAY));
    assert_eq!(
        standing(requirement, &index, day(TODAY)).state,
        State::NeedsPeople
    );
    index.attest(
        "gov-committee",
        Attested {
            digest: digest(2),
            expires: day(TODAY + 365),
        },
    );
    index.attest(
        "gov-committee",
        Attested {
            digest: digest(3),
            expires: day(TODAY - 1),
        },
    );
    assert_eq!(
        standing(requirement, &index, day(TODAY)).state,
        State::Holds
    );
    assert_eq!(
        standing(requirement, &index, day(TODAY + 365)).state,
        State::NeedsPeople
    );
}

#[test]
fn a_statement_by_people_does_not_stand_in_for_an_enforced_requirement() {
    let requirement = catalogue().get("aud-attempts").unwrap();
    let mut index = EvidenceIndex::new();
    index.attest(
        "aud-attempts",
        Attested {
            digest: digest(2),
            expires: day(TODAY + 365),
        },
    );
    assert_eq!(
        standing(requirement, &index, day(TODAY)).state,
        State::NotCovered
    );
}

#[test]
fn the_index_keeps_the_newest_and_counts_all() {
    let mut index = EvidenceIndex::new();
    index.record(EvidenceKind::LogVerified, day(5), digest(5), 50);
    index.record(EvidenceKind::LogVerified, day(3), digest(3), 30);
    let entry = index.get(EvidenceKind::LogVerified).unwrap();
    assert_eq!(
        (entry.count, entry.newest, entry.log_index),
        (2, day(5), 50)
    );
    assert_eq!(entry.digest, digest(5));
}

fn pieces() -> impl Strategy<Value = Vec<(EvidenceKind, i64)>> {
    let kind = prop::sample::select(EvidenceKind::ALL.to_vec());
    prop::collection::vec((kind, TODAY - 800..TODAY), 0..25)
}

fn index(pieces: &[(EvidenceKind, i64)]) -> EvidenceIndex {
    let mut index = EvidenceIndex::new();
    for (position, &(kind, at)) in pieces.iter().enumerate() {
        index.record(kind, day(at), digest(1), position as u64);
    }
    index
}

proptest! {
    #[test]
    fn more_evidence_never_lowers_a_state(before in pieces(), more in pieces()) {
        let after = [before.clone(), more].concat();
        let (before, after) = (index(&before), index(&after));
        for requirement in catalogue().requirements() {
            let before = standing(requirement, &before, day(TODAY)).state;
            let after = standing(requirement, &after, day(TODAY)).state;
            prop_assert!(after >= before, "{}", requirement.id);
        }
    }

    #[test]
    fn what_holds_has_a_full_control_and_all_its_evidence_fresh(pieces in pieces()) {
        let index = index(&pieces);
        for requirement in catalogue().requirements() {
            let standing = standing(requirement, &index, day(TODAY));
            if standing.state == State::Holds {
                let control = control(requirement.id).unwrap();
                prop_assert_eq!(standing.fresh.as_slice(), control.evidence);
                prop_assert!(standing.stale.is_empty() && standing.missing.is_empty());
                prop_assert!(requirement.mode != Mode::Enforced || !control.tests.is_empty());
            }
        }
    }
}
