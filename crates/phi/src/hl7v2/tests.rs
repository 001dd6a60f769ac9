use std::{path::Path, sync::OnceLock};

use formats::{Input, Limits, hl7v2::messages};
use proptest::prelude::*;

use super::*;
use crate::{
    columns::FieldMap,
    crosswalk::{Crosswalk, tests::Stirred},
    manifest::Manifest,
    plan::Plan,
    text::TextEngine,
};

/// A file de-identified in 2026 under Safe Harbor, with the crosswalk of an earlier run.
fn run(bytes: &[u8], crosswalk: Crosswalk, learns: bool) -> (Vec<u8>, Crosswalk, Manifest) {
    static ENGINE: OnceLock<TextEngine> = OnceLock::new();
    let engine = ENGINE.get_or_init(TextEngine::new);
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = Stirred(7 + crosswalk.len() as u64);
    let mut work = Deidentifier::new(&plan, &map, engine, crosswalk, &mut entropy, 2026).unwrap();
    let read = || messages("x.hl7", Input::Bytes(bytes.to_vec()), &Limits::default());
    if learns {
        read()
            .flatten()
            .for_each(|message| work.learn_hl7v2(&message));
    }
    let mut out = Vec::new();
    for message in read().flatten() {
        out.extend_from_slice(message.lead());
        work.hl7v2(&message, &mut out);
    }
    let (manifest, crosswalk) = work.finish();
    (out, crosswalk, manifest)
}

fn deidentified(text: &str) -> String {
    String::from_utf8(run(text.as_bytes(), Crosswalk::new(), false).0).unwrap()
}

/// The segments and how many fields each has.
fn outline(bytes: &[u8]) -> Vec<(String, usize)> {
    let mut outline = Vec::new();
    for message in messages("x", Input::Bytes(bytes.to_vec()), &Limits::default()).flatten() {
        let field = message.delimiters().field;
        for segment in message.segments() {
            outline.push((segment.id.to_owned(), segment.fields(field).count()));
        }
    }
    outline
}

const GOLDEN: [(&str, &str, &[&str]); 6] = [
    (
        include_str!("../../tests/data/hl7v2/adt_a01_v25.hl7"),
        "adt_a01_v25",
        &[
            "Quillfeather",
            "Ada",
            "Feather",
            "774410",
            "219-09-9999",
            "Tallow",
            "Eastwick",
            "02139",
            "Middlesex",
            "555-01",
            "ada.q",
            "99812",
            "S55512345",
            "Rufus",
            "Hollowbrook",
            "Penhallow",
            "1629384756",
            "LAKEMOOR",
            "V-558120",
            "0407",
            "0314",
            "Brackenshaw",
        ],
    ),
    (
        include_str!("../../tests/data/hl7v2/oru_r01_v23.hl7"),
        "oru_r01_v23",
        &[
            "OKONJO",
            "Okonjo",
            "Reed",
            "55120",
            "1934",
            "Saltmarsh",
            "SALTMARSH",
            "NED",
            "0199",
            "0912",
            "JVBER",
        ],
    ),
    (
        include_str!("../../tests/data/hl7v2/adt_a40_v24.hl7"),
        "adt_a40_v24",
        &["300771", "299014", "Abelard", "Junia", "RIVERHOLT", "0119"],
    ),
    (
        include_str!("../../tests/data/hl7v2/mdm_t02_v26_own_delimiters.hl7"),
        "mdm_t02_v26_own_delimiters",
        &[
            "Ferncastle",
            "Leopold",
            "9081726",
            "WESTBAY",
            "0518",
            "June 11",
            "Wrenfield",
        ],
    ),
    (
        include_str!("../../tests/data/hl7v2/vxu_v04_v251.hl7"),
        "vxu_v04_v251",
        &[
            "K-77120",
            "Thistledown",
            "Percival",
            "Orchard",
            "Maplecross",
            "05401",
            "Nightingale",
            "LOT88121",
        ],
    ),
    (
        include_str!("../../tests/data/hl7v2/batch_v21.hl7"),
        "batch_v21",
        &[
            "E-7710",
            "44120",
            "MARSHWIGGLE",
            "GRIMBLE",
            "0101",
            "FEN ST",
            "DAMPTON",
            "83201",
            "KOOT",
            "0123",
            "file7",
        ],
    ),
];

/// With `UPDATE_GOLDEN=1` the outputs are written, to be reviewed as a change.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "golden files are read and written"
)]
fn golden_messages_come_out_as_reviewed_and_without_their_identifiers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hl7v2");
    for (input, name, identifiers) in GOLDEN {
        let output = deidentified(input);
        let golden = folder.join(format!("{name}.expected.hl7"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &output).unwrap();
        }
        assert_eq!(output, std::fs::read_to_string(golden).unwrap());
        for identifier in identifiers {
            assert!(!output.contains(identifier), "{identifier}");
        }
    }
}

#[test]
fn doing_it_again_with_the_same_crosswalk_changes_nothing() {
    for (input, ..) in GOLDEN {
        let (once, crosswalk, _) = run(input.as_bytes(), Crosswalk::new(), true);
        let given = crosswalk.len();
        let (twice, crosswalk, _) = run(&once, crosswalk, true);
        assert_eq!(
            String::from_utf8_lossy(&once),
            String::from_utf8_lossy(&twice)
        );
        assert_eq!(crosswalk.len(), given, "no new code was drawn");
        assert_eq!(outline(&once), outline(input.as_bytes()));
    }
}

#[test]
fn codes_units_and_results_stay_byte_for_byte() {
    let kept = [
        "OBX|1|NM|2345-7^Glucose^LN||110.5|mg/dL^milligram per deciliter^UCUM|70-99|H",
        "OBX|2|CE|600-7^Bacteria identified^LN||112283007^Escherichia coli^SCT~3^C.^L",
        "OBX|3|SN|8-1^Titer^L||>^1^:^128",
        "DG1|1||I50.9^Heart failure, unspecified^I10",
        "RXA|0|1||2022|49281021588^TENIVAC^NDC|0.5|mL^mL^UCUM",
        "PR1|1||76164006^Biopsy of colon (procedure)^SCT",
        "SPM|1|||119297000^BLD^SCT^^^^^^BLD",
    ];
    let input = format!("MSH|^~\\&|\r{}\r", kept.join("\r"));
    let output = deidentified(&input);
    for line in kept.iter().filter(|line| !line.starts_with("RXA")) {
        assert!(output.contains(line), "{line}\n{output}");
    }
    assert!(output.contains("|49281021588^TENIVAC^NDC|0.5|mL^mL^UCUM"));
}

#[test]
fn what_no_rule_knows_is_emptied_and_counted() {
    let input = "MSH|^~\\&|||||||ADT^A01\rZAB|1|Secret^Thing~More|\"\"\rPID|1|||||||||||||||||||||||||||||||||||||||||x\r";
    let (output, _, manifest) = run(input.as_bytes(), Crosswalk::new(), false);
    let output = String::from_utf8(output).unwrap();
    assert!(output.contains("\rZAB|||\"\"\r"), "{output}");
    assert!(!output.contains('x'));
    let record = &manifest.documents["HL7 ADT^A01"];
    assert_eq!(
        (record.documents, record.suppressed.get(&'-')),
        (1, Some(&3))
    );
    assert_eq!(manifest.undecided, 3);
}

#[test]
fn deletions_and_empty_values_stay() {
    let output = deidentified("MSH|^~\\&|\rPID|1||7^^^A^MR||\"\"|||\"\"||||\"\"~\"\"\r");
    assert!(output.contains("||\"\"|||\"\"||||\"\"~\"\"\r"), "{output}");
}

#[test]
fn a_merged_number_means_the_same_person_even_in_earlier_messages() {
    let input =
        "MSH|^~\\&|\rPID|||11^^^A^MR||Doe^Jo\rMSH|^~\\&|\rPID|||22^^^A^MR||Doe^Jo\rMRG|11^^^A^MR\r";
    let (output, crosswalk, _) = run(input.as_bytes(), Crosswalk::new(), true);
    let output = String::from_utf8(output).unwrap();
    assert_eq!(crosswalk.persons(), 1, "{output}");
}

#[test]
fn escapes_do_not_hide_an_identifier() {
    let output = deidentified(
        "MSH|^~\\&|\rPID|||811^^^A^MR||Quillfeather^Ada\rNTE|||\\H\\Quill\\N\\feather and \\X517569\\llfeather \\Zsecret\\ 5 \\T\\ 6\r",
    );
    assert!(
        !output.contains("feather") && !output.contains("secret"),
        "{output}"
    );
    assert!(output.contains("5 \\T\\ 6"), "{output}");
}

#[test]
fn one_byte_character_sets_come_back_as_they_were() {
    let input = b"MSH|^~\\&|A||||||ORU^R01|1|P|2.5||||||8859/1\rPID|||1^^^A^MR||M\xfcller^J\xf6rg\rNTE|||M\xfcller: gr\xf6\xdfer 3 cm\r";
    let (output, ..) = run(input, Crosswalk::new(), false);
    assert!(!output.windows(3).any(|word| word == b"M\xfcl"));
    assert!(output.windows(5).any(|word| word == b"gr\xf6\xdfe"));
}

/// Messages of strangers, where they are at hand.
#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "looks for files and says if there are none"
)]
fn messages_of_others_keep_their_outline_and_lose_their_names() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .flat_map(|folder| [folder.join("shared/data/hl7v2"), folder.join("data/hl7v2")])
        .find(|folder| folder.is_dir());
    let Some(folder) = found else {
        eprintln!("note: no messages of others at hand, nothing was tried");
        return;
    };
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let (output, crosswalk, _) = run(&bytes, Crosswalk::new(), false);
        assert_eq!(outline(&output), outline(&bytes), "{:?}", entry.path());
        let text = String::from_utf8(output.clone()).unwrap();
        for name in [
            "EVERYMAN",
            "Aniston",
            "2222 HOME",
            "444333333",
            "Woolfson",
            "Duck",
            "DUCK",
        ] {
            assert!(!text.contains(name), "{name} in {:?}", entry.path());
        }
        let (twice, ..) = run(&output, crosswalk, false);
        assert_eq!(
            text,
            String::from_utf8(twice).unwrap(),
            "{:?}",
            entry.path()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_message_panics_and_every_outline_stays(
        lines in prop::collection::vec("(PID|OBX|NTE|MRG|PV1|ZXX|IN1|TXA)[|][|^~&\\\\A-Za-z0-9. \"-]{0,60}", 0..6),
    ) {
        let input = format!("MSH|^~\\&|A|B\r{}\r", lines.join("\r"));
        let (output, ..) = run(input.as_bytes(), Crosswalk::new(), false);
        prop_assert_eq!(outline(&output), outline(input.as_bytes()));
    }

    #[test]
    fn a_name_of_the_patient_survives_nowhere(
        family in "[B-Z][b-z]{6,9}",
        before in "[a-z ]{0,12}",
    ) {
        let input = format!(
            "MSH|^~\\&|A|B\rPID|1||Q{family}77^^^A^MR||{family}^Jo\rNK1|1|{family}^Al\rNTE|1||{before} {family} came\rOBX|1|TX|1^R^L||{before} seen {family}~Mr {family}\r"
        );
        prop_assert!(!deidentified(&input).contains(&family));
    }
}
