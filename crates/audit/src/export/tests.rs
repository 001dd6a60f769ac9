use domain::{Action, OperatorId, Role, Timestamp};
use seal::{Argon2Cost, Keyring, Passphrase, SeededEntropy};

use super::*;
use crate::{Broken, Checkpoint, Object, ObjectKind, Outcome, Tree, inclusion_proof};

fn keyring() -> Keyring {
    let passphrase = Passphrase::new("correct horse battery staple");
    let entropy = &mut SeededEntropy::new(1);
    Keyring::create(&passphrase, Argon2Cost::light(), entropy)
        .unwrap()
        .0
}

fn entries(count: u64) -> Vec<String> {
    let event = |row: u64| {
        Event::new(
            Timestamp::from_millis(1_000),
            OperatorId::new("ada").unwrap(),
            Role::Auditor,
            Action::ReadAudit,
            Object::new(ObjectKind::Log, "main").unwrap(),
            Outcome::Done,
        )
        .rows(row)
    };
    (0..count).map(|row| event(row).encode()).collect()
}

fn exported(count: u64) -> String {
    let entries = entries(count);
    let tree = Tree::of(entries.iter().map(|entry| leaf_hash(entry.as_bytes())));
    let checkpoint = Checkpoint::of("log", &tree).unwrap().sign(&keyring());
    export(&entries, &checkpoint).unwrap()
}

fn verify(text: &str) -> Result<Verified, ExportError> {
    verify_export(text, &keyring().checkpoint_key())
}

#[test]
fn an_export_holds_and_so_does_one_that_other_tools_wrote_anew() {
    for count in [0, 1, 7] {
        let text = exported(count);
        assert_eq!(verify(&text).unwrap().size, count);
        assert_eq!(text.lines().count() as u64, count + 1);
        let rewritten: Vec<String> = text
            .lines()
            .map(|line| line.replace("\":", "\" : "))
            .collect();
        assert_eq!(verify(&rewritten.join("\n")).unwrap().size, count);
    }
}

#[test]
fn a_line_of_an_export_never_changes_its_shape() {
    let text = exported(1);
    let entry = &entries(1)[0];
    let leaf = leaf_hash(entry.as_bytes());
    let line = format!("{{\"origin\":\"log\",\"index\":0,\"leaf\":\"{leaf}\",\"event\":{entry}}}");
    assert_eq!(text.lines().next(), Some(line.as_str()));
    assert!(
        text.lines()
            .next_back()
            .unwrap()
            .starts_with(r#"{"checkpoint":"log\n1\n"#)
    );
}

#[test]
fn missing_moved_edited_and_forged_lines_are_told_apart() {
    let text = exported(4);
    let lines: Vec<&str> = text.lines().collect();
    let without = |gone: usize| {
        let mut left = lines.clone();
        left.remove(gone);
        verify(&left.join("\n")).unwrap_err()
    };
    assert!(matches!(
        without(1),
        ExportError::Order {
            line: 2,
            expected: 1
        }
    ));
    assert!(matches!(
        without(3),
        ExportError::Log(Broken::Missing {
            entries: 3,
            signed: 4
        })
    ));
    assert!(matches!(without(4), ExportError::NoCheckpoint));

    let edited = text.replacen("\"rows\":2", "\"rows\":3", 1);
    assert!(matches!(
        verify(&edited).unwrap_err(),
        ExportError::Leaf { line: 3 }
    ));

    let mut forged = entries(4);
    forged[2] = forged[3].clone();
    let checkpoint: Trailer = serde_json::from_str(lines[4]).unwrap();
    let forged = export(&forged, &checkpoint.checkpoint).unwrap();
    assert!(matches!(
        verify(&forged).unwrap_err(),
        ExportError::Log(Broken::Changed { first: 0, last: 3 })
    ));

    let resized = text.replacen("log\\n4", "log\\n3", 1);
    assert!(matches!(
        verify(&resized).unwrap_err(),
        ExportError::Checkpoint { .. }
    ));
}

#[test]
fn nonsense_neither_holds_nor_panics() {
    for text in ["", "\n", "{}", "null\nnull", "{\"checkpoint\":\"\"}"] {
        assert!(verify(text).is_err());
    }
    assert!(matches!(
        export(["not an event"], "").unwrap_err(),
        ExportError::Event { index: 0, .. }
    ));
}

fn in_format(format: ExportFormat, chosen: &[u64], count: u64) -> String {
    let entries = entries(count);
    let leaves: Vec<Digest> = entries
        .iter()
        .map(|entry| leaf_hash(entry.as_bytes()))
        .collect();
    let tree = Tree::of(leaves.iter().copied());
    let checkpoint = Checkpoint::of("log", &tree).unwrap().sign(&keyring());
    let mut exporter = Exporter::new(format, "log");
    let mut text = exporter.head();
    for index in chosen {
        let entry = &entries[usize::try_from(*index).unwrap()];
        text.push_str(&exporter.record(*index, entry.as_bytes()).unwrap());
    }
    let trailer = if chosen.len() as u64 == count {
        Trailer::whole(checkpoint)
    } else {
        let proofs = chosen
            .iter()
            .map(|index| (*index, inclusion_proof(&leaves, *index).unwrap()));
        Trailer::selection(checkpoint, proofs)
    };
    text + &exporter.tail(&trailer)
}

#[test]
fn every_format_verifies_whole_and_as_a_selection() {
    let key = keyring().checkpoint_key();
    for format in ExportFormat::ALL {
        let whole = in_format(format, &[0, 1, 2, 3, 4], 5);
        let verified = verify_export_as(format, &whole, &key).unwrap();
        assert!(verified.whole && verified.records == 5, "{format}");
        let some = in_format(format, &[1, 4], 5);
        let verified = verify_export_as(format, &some, &key).unwrap();
        assert!(!verified.whole && verified.records == 2, "{format}");
        let none = in_format(format, &[], 0);
        assert_eq!(verify_export_as(format, &none, &key).unwrap().records, 0);
        for other in ExportFormat::ALL
            .into_iter()
            .filter(|other| *other != format)
        {
            assert!(
                verify_export_as(other, &whole, &key).is_err(),
                "{format} as {other}"
            );
        }
    }
}

/// No byte of a record can be another one: what a format shows in its own fields is bound to the
/// entry as the entry itself is. Spaces between JSON tokens are nobody's field.
#[test]
fn every_changed_byte_of_every_format_is_found() {
    let key = keyring().checkpoint_key();
    for format in ExportFormat::ALL {
        let text = in_format(format, &[0, 1], 2);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let Ok(verified) = verify_export_as(format, &changed, &key) else {
                continue;
            };
            let around = text.get(at.saturating_sub(20)..(at + 20).min(text.len()));
            panic!("{format} holds with another byte at {at}: {around:?} ({verified:?})");
        }
    }
}

#[test]
fn records_left_out_moved_or_doubled_are_found_in_every_format() {
    let key = keyring().checkpoint_key();
    for format in ExportFormat::ALL
        .into_iter()
        .filter(|it| *it != ExportFormat::Fhir)
    {
        let text = in_format(format, &[0, 1, 2, 3], 4);
        let head = usize::from(format == ExportFormat::Csv);
        let lines: Vec<&str> = text.lines().collect();
        let verify = |lines: &[&str]| verify_export_as(format, &(lines.join("\n") + "\n"), &key);
        assert!(verify(&lines).is_ok());
        for at in head..lines.len() {
            let mut changed = lines.clone();
            changed.remove(at);
            assert!(verify(&changed).is_err(), "{format} {at} left out");
            let mut changed = lines.clone();
            changed.insert(at, lines[at]);
            assert!(verify(&changed).is_err(), "{format} {at} doubled");
        }
        let mut changed = lines.clone();
        changed.swap(head, head + 1);
        assert!(verify(&changed).is_err(), "{format} moved");
    }
}
