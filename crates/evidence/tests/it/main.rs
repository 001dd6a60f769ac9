//! What holds for every evidence pack.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the sample is our own"
)]

mod sample;

use cloister_evidence::{
    File, Manifest, Pack, PackError, pack::Outcome, render, summary_screen, verify, verify_hashes,
};
use domain::Explain;
use seal::{Algorithm, Argon2Cost, Keyring, Passphrase, PublicKey, SeededEntropy, Signature};

fn files(pack: &Pack) -> Vec<(String, Vec<u8>)> {
    render(pack)
        .unwrap()
        .into_iter()
        .map(|File { name, bytes }| (name, bytes))
        .collect()
}

fn page(pack: &Pack) -> String {
    String::from_utf8(files(pack).remove(0).1).unwrap()
}

#[test]
fn the_same_pack_gives_the_same_bytes() {
    assert_eq!(files(&sample::pack()), files(&sample::pack()));
}

#[test]
fn a_pack_is_a_page_a_document_and_a_manifest_of_both() {
    let files = files(&sample::pack());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["report.html", "report.json", "manifest.json"]);

    let manifest: Manifest = serde_json::from_slice(&files[2].1).unwrap();
    for (entry, (name, bytes)) in manifest.files.iter().zip(&files) {
        assert_eq!(&entry.name, name);
        assert_eq!(entry.length, bytes.len() as u64);
        assert_eq!(entry.sha256, seal::digest(bytes));
    }
}

#[test]
fn the_document_reads_back_as_the_same_pack_with_sorted_keys() {
    let pack = sample::pack();
    let text = files(&pack).remove(1).1;
    assert_eq!(serde_json::from_slice::<Pack>(&text).unwrap(), pack);
    let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let keys: Vec<_> = value.as_object().unwrap().keys().collect();
    assert!(keys.is_sorted());
}

#[test]
fn sections_stand_in_the_order_of_the_life_of_data() {
    let page = page(&sample::pack());
    let ids = [
        "run",
        "sources",
        "fields",
        "sealing",
        "deidentification",
        "risk",
        "training",
        "ledger",
        "quality",
        "leakage",
        "model",
        "serving",
        "monitoring",
        "controls",
        "log",
        "not-shown",
        "verification",
    ];
    let places: Vec<usize> = ids
        .iter()
        .map(|id| page.find(&format!("<section id=\"{id}\"")).unwrap())
        .collect();
    assert!(places.is_sorted());
    for id in ids {
        assert!(
            page.contains(&format!("href=\"#{id}\"")),
            "{id} is missing from the contents"
        );
    }
}

#[test]
fn the_page_stands_alone() {
    let page = page(&sample::pack());
    assert!(!page.contains("<script"));
    for outside in ["src=", "@import", "url(", "<link", "<iframe", "<object"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let links: Vec<&str> = page.split("href=\"").skip(1).collect();
    assert!(links.iter().all(|link| link.starts_with('#')));
}

#[test]
fn every_element_closes_and_every_id_is_unique() {
    let page = page(&sample::pack());
    let mut open: Vec<&str> = Vec::new();
    for tag in page
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
    {
        let name = tag.split([' ', '\n']).next().unwrap();
        let void = ["!DOCTYPE", "meta", "br"].contains(&name) || tag.ends_with('/');
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if !void => open.push(name),
            None => {}
        }
    }
    assert!(open.is_empty());

    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn the_page_can_be_read_without_seeing_it() {
    let page = page(&sample::pack());
    assert!(page.contains("<html lang=\"en\">"));
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("<caption>").count()
    );
    let drawings = page.matches("<svg ").count();
    assert_eq!(drawings, 7);
    assert_eq!(page.matches("<desc ").count(), drawings);
    assert_eq!(page.matches("role=\"img\"").count(), drawings);
    assert_eq!(page.matches("<h1>").count(), 1);
}

#[test]
fn text_from_a_study_is_escaped_in_tables_and_drawings() {
    let mut pack = sample::pack();
    pack.study.title = "<script>alert(1)</script>".to_owned();
    pack.study.owner = "a \"quoted\" & odd <owner>".to_owned();
    let page = page(&pack);
    assert!(!page.contains("<script>"));
    assert!(!page.contains("<owner>"));
    assert!(!page.contains("<Pacific>"));
}

#[test]
fn what_was_not_measured_is_said_and_not_drawn() {
    let page = page(&sample::bare());
    assert!(!page.contains("<svg "));
    for absent in [
        "no model was trained",
        "risk was not measured",
        "no model was attacked",
    ] {
        assert!(page.contains(absent), "{absent}");
    }

    let mut single = sample::pack();
    single.training.as_mut().unwrap().accuracy_against_epsilon = None;
    assert!(self::page(&single).contains("a curve needs several"));
}

#[test]
fn a_gate_that_does_not_hold_is_seen_at_the_top_in_the_table_and_on_the_screen() {
    let mut pack = sample::pack();
    let gates = &mut pack.validation.as_mut().unwrap().gates;
    gates.push(sample::gate("k", "at least 11", "3", false));
    let page = page(&pack);
    assert!(page.contains("not all hold"));
    assert!(page.contains("<td class=\"bad\">does not hold</td>"));
    assert!(summary_screen(&pack).contains("gates: 4 of 5 hold; not: k"));
}

#[test]
fn a_positive_control_that_is_not_caught_is_not_called_caught() {
    let mut pack = sample::pack();
    assert!(page(&pack).contains("so it can see leakage"));

    let validation = pack.validation.as_mut().unwrap();
    validation.positive_control = validation.membership.clone();
    let page = page(&pack);
    assert!(!page.contains("so it can see leakage"));
    assert!(page.contains("a low figure proves nothing"));
}

#[test]
fn suppressed_cells_show_no_number() {
    let page = page(&sample::pack());
    let row = page
        .split("<th scope=\"row\" class=\"plain\">race: Other")
        .nth(1)
        .unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert!(row.contains("fewer than 11 rows"));
    assert_eq!(row.matches(">–<").count(), 5);
}

#[test]
fn figures_that_stay_inside_are_named_as_such_and_not_as_nothing() {
    let mut pack = sample::pack();
    let validation = pack.validation.as_mut().unwrap();
    let shown = validation.auc.unwrap().value;
    validation.basis = "not shown: they stay".into();
    validation.accuracy = None;
    validation.majority_accuracy = None;
    validation.auc = None;
    validation.subgroups.clear();
    validation.fairness.clear();
    validation.attacks.clear();
    validation.membership = None;
    validation.positive_control = None;
    for gate in &mut validation.gates {
        gate.measured = "not shown".into();
    }
    pack.drift.clear();
    pack.alerts.clear();
    pack.drift_basis = "not shown: they stay".into();
    let page = page(&pack);
    assert!(page.matches("not shown: they stay").count() >= 2);
    assert!(page.contains("how well it ranks them is not shown"));
    assert!(!page.contains(&format!("{shown:.4}")));
    assert!(page.contains("Gates of the study"));
}

#[test]
fn the_page_never_promises_compliance() {
    let page = page(&sample::pack()).to_lowercase();
    assert!(!page.contains("hipaa compliant"));
    assert!(page.contains("not a certificate"));
}

#[test]
fn the_screen_is_the_golden_one() {
    assert_eq!(summary_screen(&sample::pack()), include_str!("screen.txt"));
}

#[test]
fn the_screen_keeps_to_a_hundred_columns_whatever_it_is_told() {
    let mut pack = sample::pack();
    pack.study.title = "x".repeat(300);
    for (stage, outcome) in
        pack.stages
            .iter_mut()
            .zip([Outcome::Refused, Outcome::Skipped, Outcome::Failed])
    {
        stage.outcome = outcome;
        stage.seconds = Some(12_345.6);
        stage.produced = format!("{} \u{1b}[31m and\nmore", "y".repeat(90));
        stage.proved = "many words ".repeat(20);
    }
    let screen = summary_screen(&pack);
    assert!(
        screen
            .lines()
            .all(|line| line.chars().count() <= 100 && line == line.trim_end())
    );
    assert!(!screen.contains('\u{1b}'));
    assert!(screen.contains("refused") && screen.contains("skipped") && screen.contains("failed"));
}

struct Signed {
    files: Vec<(String, Vec<u8>)>,
    signature: Signature,
    key: PublicKey,
}

fn signed() -> Signed {
    let files = files(&sample::pack());
    let keyring = keyring(1);
    Signed {
        signature: keyring.sign_statement(&files[2].1),
        key: keyring.statement_key(),
        files,
    }
}

fn keyring(seed: u64) -> Keyring {
    let passphrase = Passphrase::new("a passphrase for tests");
    let mut entropy = SeededEntropy::new(seed);
    Keyring::create(&passphrase, Argon2Cost::light(), &mut entropy)
        .unwrap()
        .0
}

#[test]
fn a_signed_pack_verifies_and_names_its_key() {
    let Signed {
        mut files,
        signature,
        key,
    } = signed();
    files.push((
        "manifest.sig".to_owned(),
        signature.to_string().into_bytes(),
    ));
    files.push(("public-key.pem".to_owned(), key.to_pem().into_bytes()));
    let verified = verify(&files, &signature, &key).unwrap();
    assert_eq!(verified.files, ["report.html", "report.json"]);
    assert_eq!(verified.key, Some(key.fingerprint()));
    assert_eq!(verified.run.as_str(), "run-0001");
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let Signed {
        files,
        signature,
        key,
    } = signed();
    for index in 0..files.len() {
        for at in [0, files[index].1.len() / 2, files[index].1.len() - 1] {
            let mut changed = files.clone();
            changed[index].1[at] ^= 1;
            let expected = match index {
                2 => PackError::Signature,
                _ => PackError::Changed {
                    name: files[index].0.clone(),
                },
            };
            assert_eq!(verify(&changed, &signature, &key), Err(expected));
        }
    }
}

#[test]
fn missing_extra_and_repeated_files_are_found() {
    let Signed {
        files,
        signature,
        key,
    } = signed();
    let without: Vec<_> = files[1..].to_vec();
    let name = "report.html".to_owned();
    assert_eq!(
        verify(&without, &signature, &key),
        Err(PackError::Missing { name: name.clone() })
    );

    let mut extra = files.clone();
    extra.push(("report.pdf".to_owned(), vec![1]));
    let name_extra = "report.pdf".to_owned();
    assert_eq!(
        verify(&extra, &signature, &key),
        Err(PackError::Extra { name: name_extra })
    );

    let mut twice = files.clone();
    twice.push(files[0].clone());
    assert_eq!(
        verify(&twice, &signature, &key),
        Err(PackError::Twice { name })
    );

    assert_eq!(
        verify(&files[..2], &signature, &key),
        Err(PackError::Manifest)
    );
}

#[test]
fn another_key_and_another_signature_are_refused() {
    let Signed {
        files,
        signature,
        key,
    } = signed();
    let stranger = keyring(2);
    assert_eq!(
        verify(&files, &signature, &stranger.statement_key()),
        Err(PackError::Signature)
    );
    let forged = stranger.sign_statement(&files[2].1);
    assert_eq!(verify(&files, &forged, &key), Err(PackError::Signature));
    let nonsense = Signature::new(Algorithm::EcdsaP256, vec![0; 70]);
    assert_eq!(verify(&files, &nonsense, &key), Err(PackError::Signature));
}

#[test]
fn hashes_alone_find_damage_and_newer_formats_are_named() {
    let mut files = files(&sample::pack());
    assert_eq!(verify_hashes(&files).unwrap().key, None);
    let newer = String::from_utf8(files[2].1.clone())
        .unwrap()
        .replace("\"format\": 1", "\"format\": 2");
    files[2].1 = newer.into_bytes();
    assert_eq!(verify_hashes(&files), Err(PackError::Format { found: 2 }));
    files[2].1 = b"{}".to_vec();
    assert_eq!(verify_hashes(&files), Err(PackError::Manifest));
}

#[test]
fn every_refusal_has_its_own_code_in_the_range_and_a_help() {
    let name = || "report.html".to_owned();
    let errors = [
        PackError::Manifest,
        PackError::Format { found: 9 },
        PackError::Missing { name: name() },
        PackError::Extra { name: name() },
        PackError::Changed { name: name() },
        PackError::Twice { name: name() },
        PackError::Signature,
    ];
    let mut codes: Vec<u16> = errors.iter().map(|error| error.code().number()).collect();
    assert!(codes.iter().all(|code| (7100..7200).contains(code)));
    assert!(
        errors
            .iter()
            .all(|error| cloister_evidence::CODES.contains(&error.code()))
    );
    assert!(
        errors
            .iter()
            .all(|error| !error.help().is_empty() && !error.help().ends_with('.'))
    );
    codes.dedup();
    assert_eq!(codes.len(), 7);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Engines promise finite numbers; the page survives it when one breaks the promise.
    #[test]
    fn odd_numbers_never_break_the_page(
        value in proptest::num::f64::ANY,
        other in proptest::num::f64::ANY,
    ) {
        let mut pack = sample::pack();
        let training = pack.training.as_mut().unwrap();
        training.epsilon = Some(value);
        for point in training.accuracy_against_epsilon.as_mut().unwrap() {
            point.epsilon = Some(value);
            point.accuracy = other;
        }
        let ledger = pack.ledger.as_mut().unwrap();
        ledger.cap_epsilon = value;
        ledger.remaining_epsilon = other;
        pack.risk.as_mut().unwrap().before.uniqueness = value;
        pack.drift[0].value.value = value;
        pack.drift[0].threshold = other;
        pack.stages[0].seconds = Some(value);
        proptest::prop_assert!(page(&pack).ends_with("</html>\n") || page(&pack).ends_with("</html>"));
        proptest::prop_assert!(!summary_screen(&pack).is_empty());
    }
}
