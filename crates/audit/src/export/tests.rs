use domain::{Action, OperatorId, Role, Timestamp};
use seal::{Argon2Cost, Keyring, Passphrase, SeededEntropy};

use super::*;
use crate::{Object, ObjectKind, Outcome};

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
    let line = format!("{{\"index\":0,\"leaf\":\"{leaf}\",\"event\":{entry}}}");
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
    let checkpoint: CheckpointLine = serde_json::from_str(lines[4]).unwrap();
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
