//! The profile on whole files.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[test]
fn no_identifier_of_a_rich_file_survives_in_any_syntax() {
    for syntax in [Syntax::EXPLICIT_LITTLE, Syntax::IMPLICIT_LITTLE] {
        let output = output(&rich(syntax).write());
        for identifier in IDENTIFIERS {
            assert!(!holds(&output, identifier), "{identifier}");
        }
        parsed(&output);
    }
}

#[test]
fn what_is_clinical_or_technical_stays() {
    let output = output(&rich(Syntax::EXPLICIT_LITTLE).write());
    let data = parsed(&output).data;
    for (group, element, value) in [
        (0x0008, 0x0016, CT),
        (0x0008, 0x0060, "CT"),
        (0x0008, 0x0070, "SIEMENS"),
        (0x0008, 0x103e, "Axial 5mm lung"),
        (0x0010, 0x0040, "F"),
        (0x0010, 0x1010, "041Y"),
        (0x0010, 0x1030, "61.5"),
        (0x0018, 0x0050, "5.0"),
        (0x0018, 0x1210, "B30f"),
        (0x0028, 0x0004, "MONOCHROME2"),
    ] {
        assert_eq!(shown(&data, group, element).as_deref(), Some(value));
    }
    assert!(
        shown(&data, 0x0010, 0x21b0)
            .unwrap()
            .ends_with("Stable nodule.")
    );
    assert!(
        shown(&data, 0x0008, 0x1030)
            .unwrap()
            .starts_with("CT chest for ")
    );
    let code = &items(&data, 0x0008, 0x2218)[0];
    assert_eq!(shown(code, 0x0008, 0x0100).as_deref(), Some("T-28000"));
    assert_eq!(shown(code, 0x0008, 0x0104).as_deref(), Some("Lung"));
    let pixels: Vec<u8> = (1..=32).collect();
    assert_eq!(
        data.find(Tag(0x7fe0, 0x0010)).unwrap().value,
        Value::Bytes(pixels.into())
    );
}

#[test]
fn what_was_done_is_written_into_the_file() {
    let output = output(&rich(Syntax::EXPLICIT_LITTLE).write());
    let data = parsed(&output).data;
    assert_eq!(shown(&data, 0x0012, 0x0062).as_deref(), Some("YES"));
    assert!(
        shown(&data, 0x0012, 0x0063)
            .unwrap()
            .starts_with("Cloister ")
    );
    assert_eq!(shown(&data, 0x0028, 0x0303).as_deref(), Some("REMOVED"));
    let codes: Vec<_> = items(&data, 0x0012, 0x0064)
        .iter()
        .map(|code| shown(code, 0x0008, 0x0100).unwrap())
        .collect();
    assert_eq!(codes, ["113100", "113103", "113104", "113105", "113108"]);
}

#[test]
fn one_person_has_one_surrogate_and_one_uid_one_uid() {
    let bytes = rich(Syntax::EXPLICIT_LITTLE).write();
    let (first, _, crosswalk) = run(&bytes, Crosswalk::new(), &Imaging::default()).unwrap();
    let sealed = serde_json::to_vec(&crosswalk).unwrap();
    let crosswalk = serde_json::from_slice(&sealed).unwrap();
    let mut other = rich(Syntax::IMPLICIT_LITTLE);
    text(
        &mut other.data,
        0x0008,
        0x0018,
        Vr::Ui,
        "1.2.826.0.1.3680043.9.77.9",
    );
    let (second, ..) = run(&other.write(), crosswalk, &Imaging::default()).unwrap();
    let (first, second) = (parsed(&first).data, parsed(&second).data);
    for (group, element) in [
        (0x0010, 0x0010),
        (0x0010, 0x0020),
        (0x0020, 0x000d),
        (0x0008, 0x0050),
    ] {
        let value = shown(&first, group, element).unwrap();
        assert_eq!(shown(&second, group, element).as_ref(), Some(&value));
    }
    assert_ne!(
        shown(&first, 0x0008, 0x0018),
        shown(&second, 0x0008, 0x0018)
    );
    let id = shown(&first, 0x0010, 0x0020).unwrap();
    let name = shown(&first, 0x0010, 0x0010).unwrap();
    assert_eq!(id.strip_prefix("PERSON-"), name.strip_prefix("NAME-"));
    let nested = items(&items(&first, 0x0008, 0x1115)[0], 0x0008, 0x1199)[0].clone();
    let study = shown(&first, 0x0020, 0x000d);
    assert_eq!(
        shown(&nested, 0x0008, 0x1155),
        study,
        "the same UID in a reference"
    );
    assert_eq!(shown(&nested, 0x0008, 0x1150).as_deref(), Some(CT));
    let uid = study.unwrap();
    assert!(uid.starts_with("2.25.") && uid.len() <= 64);
}

#[test]
fn doing_it_again_changes_nothing() {
    for syntax in [
        Syntax::EXPLICIT_LITTLE,
        Syntax::IMPLICIT_LITTLE,
        Syntax::EXPLICIT_BIG,
    ] {
        let mut file = rich(syntax);
        if file.syntax.is_big_endian() {
            file.data
                .elements
                .retain(|element| element.vr != Vr::Us && element.vr != Vr::Ow);
        }
        let (once, _, crosswalk) =
            run(&file.write(), Crosswalk::new(), &Imaging::default()).unwrap();
        let (twice, ..) = run(&once, crosswalk, &Imaging::default()).unwrap();
        assert_eq!(parsed(&once), parsed(&twice));
        assert_eq!(once, twice);
    }
}

#[test]
fn the_oldest_are_drawn_together() {
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    text(&mut file.data, 0x0010, 0x1010, Vr::As, "097Y");
    let output = output(&file.write());
    assert_eq!(
        shown(&parsed(&output).data, 0x0010, 0x1010).as_deref(),
        Some("090Y")
    );
}

#[test]
fn a_listed_private_element_stays_and_no_other() {
    let imaging = Imaging {
        safe_private: vec![SafePrivate {
            creator: "ACME PRIVATE".to_owned(),
            group: 0x0009,
            element: 0x02,
        }],
        ..Imaging::default()
    };
    let bytes = rich(Syntax::EXPLICIT_LITTLE).write();
    let (output, ..) = run(&bytes, Crosswalk::new(), &imaging).unwrap();
    let data = parsed(&output).data;
    let private: Vec<Tag> = data
        .elements
        .iter()
        .map(|element| element.tag)
        .filter(|tag| tag.is_private())
        .collect();
    assert_eq!(private, [Tag(0x0009, 0x0010), Tag(0x0009, 0x1002)]);
    assert_eq!(shown(&data, 0x0009, 0x1002).as_deref(), Some("1.25"));
}

#[test]
fn a_structured_report_keeps_its_tree_and_loses_its_names() {
    let mut file = DicomFile::new(
        Syntax::EXPLICIT_LITTLE,
        "1.2.840.10008.5.1.4.1.1.88.22",
        "1.2.826.0.1.3680043.9.78.1",
    );
    text(&mut file.data, 0x0008, 0x0060, Vr::Cs, "SR");
    text(&mut file.data, 0x0010, 0x0010, Vr::Pn, "Quillfeather^Ada");
    text(&mut file.data, 0x0010, 0x0020, Vr::Lo, "MRN0099887");
    let mut items = Vec::new();
    for (kind, element, vr, value) in [
        ("TEXT", 0xa160, Vr::Ut, "Quillfeather has a 4 mm nodule"),
        ("PNAME", 0xa123, Vr::Pn, "Nightjarson^Hesper"),
        ("DATETIME", 0xa120, Vr::Dt, "20210314101112"),
        ("UIDREF", 0xa124, Vr::Ui, "1.2.826.0.1.3680043.9.78.2"),
    ] {
        let mut item = DataSet::default();
        text(&mut item, 0x0040, 0xa040, Vr::Cs, kind);
        text(&mut item, 0x0040, element, vr, value);
        items.push(item);
    }
    let mut root = DataSet::default();
    text(&mut root, 0x0040, 0xa040, Vr::Cs, "CONTAINER");
    root.put(Element::sequence(Tag(0x0040, 0xa730), items));
    file.data
        .put(Element::sequence(Tag(0x0040, 0xa730), vec![root]));
    let output = output(&file.write());
    for gone in ["Quillfeather", "Nightjarson", "20210314", "1.2.826"] {
        assert!(!holds(&output, gone), "{gone}");
    }
    let data = parsed(&output).data;
    let root = &super::items(&data, 0x0040, 0xa730)[0];
    let items = super::items(root, 0x0040, 0xa730);
    assert!(
        shown(&items[0], 0x0040, 0xa160)
            .unwrap()
            .ends_with(" has a 4 mm nodule")
    );
    assert!(
        shown(&items[1], 0x0040, 0xa123)
            .unwrap()
            .starts_with("NAME-")
    );
    assert_eq!(shown(&items[2], 0x0040, 0xa120).as_deref(), Some("2021"));
    assert!(
        shown(&items[3], 0x0040, 0xa124)
            .unwrap()
            .starts_with("2.25.")
    );
}

#[test]
fn text_in_other_character_sets_is_read_and_stays_readable() {
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    text(&mut file.data, 0x0008, 0x0005, Vr::Cs, "ISO_IR 100");
    let name = b"M\xfclleringer^J\xf6rg".to_vec();
    let note = b"J\xf6rg M\xfclleringer, L\xe4sion stabil".to_vec();
    file.data
        .put(Element::bytes(Tag(0x0010, 0x0010), Vr::Pn, name));
    file.data
        .put(Element::bytes(Tag(0x0010, 0x21b0), Vr::Lt, note));
    let output = output(&file.write());
    assert!(!output.windows(6).any(|window| window == b"M\xfcller"));
    let data = parsed(&output).data;
    assert!(
        shown(&data, 0x0010, 0x21b0)
            .unwrap()
            .ends_with("Läsion stabil")
    );
}

#[test]
fn text_that_cannot_be_decoded_is_emptied() {
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    file.data.put(Element::bytes(
        Tag(0x0008, 0x1030),
        Vr::Lo,
        b"M\xfcller".to_vec(),
    ));
    let output = output(&file.write());
    let data = parsed(&output).data;
    assert!(data.find(Tag(0x0008, 0x1030)).unwrap().is_empty());
}

#[test]
fn what_no_table_lists_is_denied() {
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    let data = &mut file.data;
    // Not in the dictionary.
    text(data, 0x0010, 0x9998, Vr::Lo, "Quillfeather");
    // A name that is declared to be numbers, and one where a code should stand.
    data.put(Element::bytes(
        Tag(0x0018, 0x0060),
        Vr::Un,
        b"Quillfeather".to_vec(),
    ));
    data.put(Element::bytes(
        Tag(0x0018, 0x9004),
        Vr::Cs,
        b"Quillfeather".to_vec(),
    ));
    // A URL, an application entity, a thumbnail, a document.
    text(
        data,
        0x0008,
        0x1190,
        Vr::Ur,
        "https://pacs.example/Quillfeather",
    );
    data.put(Element::bytes(
        Tag(0x0042, 0x0011),
        Vr::Ob,
        b"%PDF Quillfeather".to_vec(),
    ));
    let mut icon = DataSet::default();
    icon.put(Element::bytes(
        Tag(0x7fe0, 0x0010),
        Vr::Ow,
        b"Quillfeather".to_vec(),
    ));
    data.put(Element::sequence(Tag(0x0088, 0x0200), vec![icon.clone()]));
    data.put(Element::sequence(Tag(0x0008, 0x1140), vec![icon]));
    let output = output(&file.write());
    assert!(!holds(&output, "Quillfeather"));
    let data = parsed(&output).data;
    assert!(data.find(Tag(0x0010, 0x9998)).is_none());
    assert!(items(&data, 0x0008, 0x1140)[0].elements.is_empty());
}

#[test]
fn the_manifest_counts_and_shows_no_value() {
    let bytes = rich(Syntax::EXPLICIT_LITTLE).write();
    let (_, manifest, crosswalk) = run(&bytes, Crosswalk::new(), &Imaging::default()).unwrap();
    let record = &manifest.documents["DICOM CT"];
    assert_eq!(record.documents, 1);
    assert!(record.kept > 10 && record.suppressed[&'C'] >= 2 && record.changed[&'R'] >= 3);
    let json = String::from_utf8(manifest.to_canonical_json()).unwrap();
    for identifier in IDENTIFIERS {
        assert!(!json.contains(identifier), "{identifier}");
        assert!(!format!("{crosswalk:?}").contains(identifier));
    }
}

#[test]
fn a_plan_that_keeps_dates_keeps_them_in_full_and_says_so() {
    let (mut plan, map) = (Plan::safe_harbor(), FieldMap::default());
    plan.actions
        .insert(crate::kind::Kind::Date, crate::plan::Action::Keep);
    let mut entropy = Stirred(5);
    let mut work =
        Deidentifier::new(&plan, &map, &ENGINE, Crosswalk::new(), &mut entropy, YEAR).unwrap();
    let bytes = rich(Syntax::EXPLICIT_LITTLE).write();
    let output = work
        .dicom(parsed(&bytes), &Imaging::default())
        .unwrap()
        .bytes;
    let data = parsed(&output).data;
    assert_eq!(shown(&data, 0x0008, 0x0020).as_deref(), Some("20210314"));
    assert_eq!(shown(&data, 0x0008, 0x0030).as_deref(), Some("101112"));
    assert_eq!(shown(&data, 0x0028, 0x0303).as_deref(), Some("UNMODIFIED"));
    let codes: BTreeSet<_> = items(&data, 0x0012, 0x0064)
        .iter()
        .filter_map(|code| shown(code, 0x0008, 0x0100))
        .collect();
    assert!(codes.contains("113106"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_bytes_never_panic_and_what_comes_out_parses(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12),
        implicit in any::<bool>(),
    ) {
        let syntax = if implicit { Syntax::IMPLICIT_LITTLE } else { Syntax::EXPLICIT_LITTLE };
        let mut bytes = rich(syntax).write();
        for (place, byte) in changes {
            *place.get_mut(&mut bytes[132..]) = byte;
        }
        if let Ok(file) = DicomFile::parse("x", &bytes) {
            let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
            let mut entropy = Stirred(3);
            let book = Crosswalk::new();
            let mut work = Deidentifier::new(&plan, &map, &ENGINE, book, &mut entropy, YEAR).unwrap();
            let imaging = Imaging { burned_in_accepted: true, ..Imaging::default() };
            if let Ok(output) = work.dicom(file, &imaging) {
                prop_assert!(DicomFile::parse("x", &output.bytes).is_ok());
            }
        }
    }

    #[test]
    fn no_patient_survives(family in "[A-Z][a-z]{5,12}", given in "[A-Z][a-z]{5,12}", number in "[0-9]{7,10}") {
        let mut file = rich(Syntax::EXPLICIT_LITTLE);
        let (family, given) = (format!("{family}quill"), format!("{given}feather"));
        text(&mut file.data, 0x0010, 0x0010, Vr::Pn, &format!("{family}^{given}"));
        text(&mut file.data, 0x0010, 0x0020, Vr::Lo, &number);
        text(&mut file.data, 0x0010, 0x21b0, Vr::Lt, &format!("{given} {family}, number {number}, is well."));
        let output = output(&file.write());
        for gone in [&family, &given, &number] {
            prop_assert!(!holds(&output, gone));
        }
    }
}
