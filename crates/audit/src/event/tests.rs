use proptest::{option, prelude::*};

use super::*;

fn event() -> Event {
    Event::new(
        Timestamp::from_millis(1_795_359_604_123),
        OperatorId::new("ada").unwrap(),
        Role::DataScientist,
        Action::Train,
        Object::new(ObjectKind::ModelVersion, "income-1").unwrap(),
        Outcome::Refused,
    )
}

#[test]
fn the_encoding_of_a_full_event_never_changes() {
    let (dd, ee) = ("dd".repeat(32), "ee".repeat(32));
    let first = format!(
        concat!(
            r#"{{"v":1,"time":"2026-11-22T15:00:04.123Z","actor":"ada","role":"data-scientist","#,
            r#""action":"train","object":{{"kind":"model-version","id":"income-1"}},"#,
            r#""study":"adult","run":"r1","purpose":"research","basis":"waiver","#,
            r#""outcome":"refused","code":"CL3201","decision":"{}","rows":10,"persons":9,"#,
            r#""digest":"{}","transaction":"t-1"}}"#
        ),
        dd, ee
    );
    let old = Event::decode(first.as_bytes()).unwrap();
    assert_eq!((old.version(), old.encode()), (1, first.clone()));
    let newer = first.replacen(r#""t-1""#, r#""t-1","session":"passphrase""#, 1);
    assert_eq!(
        Event::decode(newer.as_bytes()),
        Err(EventError::NotCanonical)
    );

    let full = event()
        .study(StudyId::new("adult").unwrap())
        .run(RunId::new("r1").unwrap())
        .purpose(Purpose::Research)
        .basis(LegalBasis::Waiver)
        .code(codes::EVENT)
        .decision(Digest([0xdd; 32]))
        .rows(10)
        .persons(9)
        .digest(Digest([0xee; 32]))
        .transaction(Word::new("t-1").unwrap())
        .session(Strength::Passphrase)
        .policy(Digest([0xaa; 32]))
        .person(PersonRef([0xbb; 16]))
        .set(Digest([0xcc; 32]))
        .recipient(Word::new("registry").unwrap())
        .device(Word::new("desk-1").unwrap());
    let expected = format!(
        concat!(
            r#"{{"v":2,"time":"2026-11-22T15:00:04.123Z","actor":"ada","role":"data-scientist","#,
            r#""action":"train","object":{{"kind":"model-version","id":"income-1"}},"#,
            r#""study":"adult","run":"r1","purpose":"research","basis":"waiver","#,
            r#""outcome":"refused","code":"CL3201","decision":"{}","rows":10,"persons":9,"#,
            r#""digest":"{}","transaction":"t-1","session":"passphrase","policy":"{}","#,
            r#""person":"{}","set":"{}","recipient":"registry","device":"desk-1"}}"#
        ),
        dd,
        ee,
        "aa".repeat(32),
        "bb".repeat(16),
        "cc".repeat(32)
    );
    assert_eq!(full.encode(), expected);
    assert_eq!(Event::decode(expected.as_bytes()), Ok(full));
}

#[test]
fn other_writings_of_the_same_event_are_refused() {
    let line = event().encode();
    let spaced = line.replacen(':', ": ", 1);
    assert_eq!(
        Event::decode(spaced.as_bytes()),
        Err(EventError::NotCanonical)
    );
    let spaced = line.replacen("\",\"", "\", \"", 1);
    assert_eq!(
        Event::decode(spaced.as_bytes()),
        Err(EventError::NotCanonical)
    );
    let later = line.replacen(r#""v":2"#, r#""v":3"#, 1);
    assert_eq!(Event::decode(later.as_bytes()), Err(EventError::Version));
    let twice = format!("{line}{line}");
    for refused in [
        line.replacen(r#""actor""#, r#""actress""#, 1),
        line.replacen('}', r#","note":"free text"}"#, 1),
        line.replacen(r#""ada""#, r#""Ada Example""#, 1),
        twice,
        String::new(),
        "null".to_owned(),
        "[".repeat(10_000),
    ] {
        assert!(Event::decode(refused.as_bytes()).is_err());
    }
}

prop_compose! {
    fn events()(
        millis in 0..253_000_000_000_000_i64, action in 0..Action::ALL.len(), role in 0..Role::ALL.len(),
        actor in "[a-z0-9][a-z0-9._-]{0,63}", id in "[a-z0-9][a-z0-9._-]{0,63}",
        rows: Option<u64>, persons: Option<u64>, digest: Option<[u8; 32]>,
        transaction in option::of("[a-z0-9]{1,64}"), code in option::of(0_u16..10_000),
    ) -> Event {
        let mut event = Event::new(
            Timestamp::from_millis(millis),
            OperatorId::new(actor).unwrap(),
            Role::ALL[role],
            Action::ALL[action],
            Object::new(ObjectKind::Dataset, id).unwrap(),
            Outcome::Done,
        );
        event.rows = rows;
        event.persons = persons;
        event.digest = digest.map(Digest);
        event.transaction = transaction.map(|text| Word::new(text).unwrap());
        event.code = code.map(|code| format!("CL{code:04}").parse().unwrap());
        event
    }
}

proptest! {
    #[test]
    fn every_event_reads_back_from_one_line(event in events()) {
        let line = event.encode();
        prop_assert!(!line.contains('\n') && line.len() <= 2048);
        prop_assert_eq!(Event::decode(line.as_bytes()), Ok(event));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        prop_assert!(Event::decode(&bytes).is_err());
    }
}
