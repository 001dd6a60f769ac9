use std::{path::Path, sync::OnceLock};

use formats::{
    Input, Limits,
    ccda::{Document, Element},
};
use proptest::prelude::*;

use crate::{
    columns::FieldMap,
    crosswalk::{Crosswalk, tests::Stirred},
    manifest::Manifest,
    plan::Plan,
    text::TextEngine,
    transform::Deidentifier,
};

/// A document de-identified in 2026 under Safe Harbor, with the crosswalk of an earlier run.
fn run(bytes: &[u8], crosswalk: Crosswalk) -> Option<(Vec<u8>, Crosswalk, Manifest)> {
    static ENGINE: OnceLock<TextEngine> = OnceLock::new();
    let engine = ENGINE.get_or_init(TextEngine::new);
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = Stirred(7 + crosswalk.len() as u64);
    let mut work = Deidentifier::new(&plan, &map, engine, crosswalk, &mut entropy, 2026).unwrap();
    let document = read(bytes)?;
    work.learn_ccda(&document);
    let out = work.ccda(&document);
    let (manifest, crosswalk) = work.finish();
    Some((out, crosswalk, manifest))
}

fn read(bytes: &[u8]) -> Option<Document> {
    Document::read("x.xml", Input::Bytes(bytes.to_vec()), &Limits::default()).ok()
}

fn deidentified(text: &str) -> String {
    String::from_utf8(run(text.as_bytes(), Crosswalk::new()).unwrap().0).unwrap()
}

/// The elements with their depth, and what they say in codes.
fn outline(document: &Document) -> Vec<(usize, String)> {
    fn add(element: &Element<'_>, depth: usize, outline: &mut Vec<(usize, String)>) {
        outline.push((depth, element.qualified_name().to_owned()));
        for child in element.contents().elements() {
            add(&child, depth + 1, outline);
        }
    }
    let mut elements = Vec::new();
    add(&document.root().unwrap(), 0, &mut elements);
    elements
}

/// Every standard code with its display name, and every unit with its value.
fn clinical(document: &Document) -> Vec<String> {
    fn add(element: &Element<'_>, found: &mut Vec<String>) {
        let value = |name| super::rules::value(element, name).to_owned();
        if super::coded::is_standard(&value("codeSystem")) {
            found.push([value("code"), value("displayName"), value("codeSystem")].join("|"));
        }
        let is_age = value("unit") == "a";
        if !value("unit").is_empty() && !is_age {
            found.push([value("value"), value("unit")].join("|"));
        }
        if element.name() == "templateId" {
            found.push([value("root"), value("extension")].join("|"));
        }
        for child in element.contents().elements() {
            add(&child, found);
        }
    }
    let mut found = Vec::new();
    add(&document.root().unwrap(), &mut found);
    found
}

const GOLDEN: [(&str, &str, &[&str]); 3] = [
    (
        include_str!("../../tests/data/ccda/summary.xml"),
        include_str!("../../tests/data/ccda/summary.expected.xml"),
        &[
            "Orla",
            "Wren",
            "uillfeather",
            "feather<",
            "774410",
            "219-09",
            "Tallow",
            "Eastwick",
            "Middlesex",
            "02139",
            "555-01",
            "555.01",
            "example.org",
            "0718",
            "0314",
            "0312",
            "03/12",
            "3/14",
            "March 14",
            "Thaddeus",
            "Brackenshaw",
            "Saltmarsh",
            "Hollowbrook",
            "Lakemoor",
            "1629384756",
            "1098765432",
            "Rufus",
            "Penhallow",
            "558120",
            "West Wing",
            "Ambrose",
            "Wrenfield",
            "LOT88123X",
            "Brightwater",
            "7b1f3d8e",
            "cdbd33f0",
            "\"93\"",
        ],
    ),
    (
        include_str!("../../tests/data/ccda/discharge.xml"),
        include_str!("../../tests/data/ccda/discharge.expected.xml"),
        &[
            "Ferncastle",
            "FERNCASTLE",
            "Leopold",
            "9081726",
            "S-4471",
            "Marrowby",
            "Juniper",
            "Elmsgate",
            "0188",
            "1931",
            "0602",
            "June",
            "Isolde",
            "Wexcombe",
            "Northfen",
            "GRP-5590",
            "M00817735",
            "00844588003288",
            "Harrowgate",
        ],
    ),
    (
        include_str!("../../tests/data/ccda/unstructured.xml"),
        include_str!("../../tests/data/ccda/unstructured.expected.xml"),
        &[
            "Abelard",
            "Junia",
            "300771",
            "RIVERHOLT",
            "JVBER",
            "scan.pdf",
            "0119",
        ],
    ),
];

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "writes the expected documents when asked to"
)]
fn golden_documents_come_out_as_written_down() {
    for (number, (source, expected, gone)) in GOLDEN.iter().enumerate() {
        let output = deidentified(source);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let name = ["summary", "discharge", "unstructured"][number];
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ccda");
            std::fs::write(folder.join(format!("{name}.expected.xml")), &output).unwrap();
        } else {
            assert_eq!(output, *expected, "document {number}");
        }
        for identifier in *gone {
            assert!(!output.contains(identifier), "{identifier} is left");
        }
    }
}

#[test]
fn elements_and_codes_are_those_of_the_source() {
    for (source, ..) in GOLDEN {
        let (before, after) = (read(source.as_bytes()).unwrap(), deidentified(source));
        let after = read(after.as_bytes()).unwrap();
        assert_eq!(outline(&before), outline(&after));
        assert_eq!(clinical(&before), clinical(&after));
    }
}

#[test]
fn doing_it_again_changes_nothing() {
    for (source, ..) in GOLDEN {
        let (once, crosswalk, _) = run(source.as_bytes(), Crosswalk::new()).unwrap();
        let (twice, ..) = run(&once, crosswalk).unwrap();
        assert_eq!(first_difference(&once, &twice), None);
        assert_eq!(once.len(), twice.len());
    }
}

#[test]
fn one_person_has_one_surrogate_in_name_and_number() {
    let output = deidentified(GOLDEN[0].0);
    let code = |mark: &str| {
        let at = output.find(mark).unwrap() + mark.len();
        output.get(at..at + 8).unwrap().to_owned()
    };
    assert_eq!(code("PERSON-"), code("<family>NAME-"));
    assert!(output.contains(&format!("[NAME-{}]", code("PERSON-"))));
}

#[test]
fn a_document_in_latin_letters_stays_in_them() {
    let source =
        b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ClinicalDocument><title>Caf\xe9 \
        \x96 seen on 3/4/2019</title><value code=\"\xb5\" codeSystem=\"2.16.840.1.113883.6.8\"/>\
        </ClinicalDocument>";
    let (out, ..) = run(source, Crosswalk::new()).unwrap();
    assert!(out.windows(6).any(|part| part == b"Caf\xe9 \x96"));
    assert!(!out.windows(8).any(|part| part == b"3/4/2019"));
    assert!(out.windows(8).any(|part| part == b"code=\"\xb5\""));
}

#[test]
fn what_no_rule_knows_is_removed_and_counted() {
    let output = deidentified(
        "<ClinicalDocument a='Ada'><x:who xmlns:x='urn:x' name='Ada'>Ada Quill</x:who>\
         <!-- Ada --><?who Ada?><entry>Ada<value value='Ada'/></entry></ClinicalDocument>",
    );
    assert!(!output.contains("Ada"), "{output}");
    assert!(output.contains("<value nullFlavor=\"MSK\"/>"));
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "reads samples beside the project"
)]
#[expect(clippy::print_stdout, reason = "says that it checked nothing")]
fn sample_documents_keep_elements_and_codes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut samples = here.map(|folder| folder.join("shared/data/ccda"));
    let Some(samples) = samples.find(|folder| folder.is_dir()) else {
        println!("skipped: no sample documents are here");
        return;
    };
    for entry in std::fs::read_dir(samples).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let Some(before) = read(&bytes) else { continue };
        let (once, ..) = run(&bytes, Crosswalk::new()).unwrap();
        let after = read(&once).unwrap();
        assert_eq!(outline(&before), outline(&after));
        assert_eq!(clinical(&before), clinical(&after));
    }
}

/// The first line that differs.
fn first_difference(one: &[u8], other: &[u8]) -> Option<(String, String)> {
    let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
    let mut lines = one.lines().zip(other.lines());
    let (one, other) = lines.find(|(one, other)| one != other)?;
    Some((one.to_owned(), other.to_owned()))
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(run(&bytes, Crosswalk::new()));
    }

    #[test]
    fn pieces_of_documents_in_any_order_do_no_harm(
        places in proptest::collection::vec((0_usize..6000, 1_usize..80), 0..20)
    ) {
        let source = GOLDEN[0].0;
        let mut text = String::from("<ClinicalDocument xmlns:xsi='x' xmlns:v='v' xmlns:sdtc='s'>");
        for (start, length) in places {
            text.push_str(source.get(start..start + length).unwrap_or(""));
        }
        text.push_str("</ClinicalDocument>");
        if let Some((out, ..)) = run(text.as_bytes(), Crosswalk::new()) {
            prop_assert!(read(&out).is_some());
        }
    }

    #[test]
    fn a_name_is_gone_wherever_its_markup_cuts_it(
        given in "[A-Z][a-z]{4,8}", family in "[A-Z][b-z]{6,9}ov", cut in 1_usize..5
    ) {
        let (head, tail) = family.split_at(cut);
        let source = format!(
            "<ClinicalDocument><recordTarget><patientRole><id extension='MR-1' root='1.2.3'/>\
             <patient><name><given>{given}</given><family>{family}</family></name></patient>\
             </patientRole></recordTarget><text><table><tr><td>{given}</td><td>{head}<b>{tail}</b>\
             </td></tr></table>{family} came.</text></ClinicalDocument>"
        );
        let output = deidentified(&source);
        prop_assert!(!output.contains(&family), "{}", output);
        let emptied = format!("{head}<b>{tail}");
        prop_assert!(!output.contains(&emptied), "{}", output);
    }
}
