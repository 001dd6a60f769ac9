use std::io::Cursor;

use dicom_object::FileDicomObject;
use proptest::prelude::*;

use super::*;
use crate::Format;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const NAME: Tag = Tag(0x0010, 0x0010);
const SEQUENCE: Tag = Tag(0x0008, 0x1115);
const COMMENT: Tag = Tag(0x0010, 0x4000);

fn rich(syntax: Syntax) -> DicomFile<'static> {
    let big = syntax.is_big_endian();
    let short = |number: u16| {
        if big {
            number.to_be_bytes().to_vec()
        } else {
            number.to_le_bytes().to_vec()
        }
    };
    let mut inner = DataSet::default();
    inner.put(Element::text(Tag(0x0008, 0x1155), Vr::Ui, "2.25.99"));
    let mut item = DataSet::default();
    item.put(Element::sequence(Tag(0x0008, 0x1199), vec![inner]));
    item.put(Element::text(Tag(0x0020, 0x000e), Vr::Ui, "2.25.8"));
    let mut file = DicomFile::new(syntax, CT, "2.25.7");
    file.data
        .put(Element::text(Tag(0x0008, 0x0060), Vr::Cs, "CT"));
    file.data
        .put(Element::sequence(SEQUENCE, vec![item, DataSet::default()]));
    file.data.put(Element::text(NAME, Vr::Pn, "Example^Ada"));
    file.data.put(Element::text(COMMENT, Vr::Lt, "odd"));
    file.data
        .put(Element::bytes(Tag(0x0028, 0x0010), Vr::Us, short(2)));
    file.data
        .put(Element::bytes(Tag(0x0028, 0x0011), Vr::Us, short(2)));
    file.data.put(Element::bytes(
        Tag(0x7fe0, 0x0010),
        Vr::Ow,
        vec![1, 2, 3, 4],
    ));
    file
}

fn parsed(bytes: &[u8]) -> DicomFile<'_> {
    DicomFile::parse("x.dcm", bytes).unwrap()
}

#[test]
fn what_is_written_is_read_again_in_every_syntax() {
    for syntax in [
        Syntax::EXPLICIT_LITTLE,
        Syntax::IMPLICIT_LITTLE,
        Syntax::EXPLICIT_BIG,
    ] {
        let bytes = rich(syntax.clone()).write();
        assert_eq!(Format::detect("x", &bytes).unwrap(), Format::Dicom);
        let file = parsed(&bytes);
        assert_eq!(file.syntax, syntax);
        assert_eq!(file.data.string(NAME).as_deref(), Some("Example^Ada"));
        assert_eq!(
            file.data
                .unsigned_short(Tag(0x0028, 0x0010), syntax.is_big_endian()),
            Some(2)
        );
        assert_eq!(file.write(), bytes, "{}", syntax.uid());
    }
}

#[test]
fn an_independent_reader_sees_the_same() {
    for syntax in [Syntax::EXPLICIT_LITTLE, Syntax::IMPLICIT_LITTLE] {
        let bytes = rich(syntax.clone()).write();
        let other = FileDicomObject::from_reader(Cursor::new(&bytes)).unwrap();
        assert_eq!(other.meta().transfer_syntax(), syntax.uid());
        assert_eq!(other.meta().media_storage_sop_instance_uid(), "2.25.7");
        let name = other.element_by_name("PatientName").unwrap();
        assert_eq!(name.to_str().unwrap(), "Example^Ada");
        let items = other.element_by_name("ReferencedSeriesSequence").unwrap();
        assert_eq!(items.items().unwrap().len(), 2);
        let pixels = other.element_by_name("PixelData").unwrap();
        assert_eq!(pixels.to_bytes().unwrap().as_ref(), [1, 2, 3, 4]);
    }
}

#[test]
fn what_an_independent_writer_wrote_is_read() {
    let bytes = rich(Syntax::EXPLICIT_LITTLE).write();
    let other = FileDicomObject::from_reader(Cursor::new(&bytes)).unwrap();
    let mut theirs = Vec::new();
    other.write_all(&mut theirs).unwrap();
    assert_eq!(parsed(&theirs), parsed(&bytes));
}

#[test]
fn a_bare_data_set_is_known_and_read() {
    for syntax in [
        Syntax::EXPLICIT_LITTLE,
        Syntax::IMPLICIT_LITTLE,
        Syntax::EXPLICIT_BIG,
    ] {
        let bytes = rich(syntax.clone()).write();
        let meta =
            usize::try_from(u32::from_le_bytes(bytes[140..144].try_into().unwrap())).unwrap();
        let bare = &bytes[144 + meta..];
        assert_eq!(Format::detect("x", bare).unwrap(), Format::Dicom);
        assert_eq!(parsed(bare).write(), bytes);
        let without_preamble = &bytes[132..];
        if !syntax.is_big_endian() {
            assert_eq!(
                Format::detect("x", without_preamble).unwrap(),
                Format::Dicom
            );
        }
        assert_eq!(parsed(without_preamble).write(), bytes);
    }
}

#[test]
fn defined_lengths_and_unknown_representations_are_read() {
    // (0008,1115) as UN of defined length, holding one implicit item of defined length.
    let mut item = vec![0x08, 0x00, 0x18, 0x00, 4, 0, 0, 0];
    item.extend(b"2.2\0");
    let mut sequence = vec![0xfe, 0xff, 0x00, 0xe0];
    sequence.extend(u32::try_from(item.len()).unwrap().to_le_bytes());
    sequence.extend(item);
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    file.data.put(Element::bytes(SEQUENCE, Vr::Un, sequence));
    let bytes = file.write();
    let back = parsed(&bytes);
    let Value::Items(items) = &back.data.find(SEQUENCE).unwrap().value else {
        panic!("a sequence");
    };
    assert_eq!(items[0].string(Tag(0x0008, 0x0018)).as_deref(), Some("2.2"));
    assert_eq!(parsed(&back.write()), back);
}

#[test]
fn fragments_of_pixel_data_stay_as_they_are() {
    let mut fragments = Vec::new();
    for part in [&b""[..], b"JPEG", b"stream"] {
        fragments.extend([0xfe, 0xff, 0x00, 0xe0]);
        fragments.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
        fragments.extend(part);
    }
    fragments.extend([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
    let mut file = rich(Syntax::of("1.2.840.10008.1.2.4.70"));
    file.data.put(Element {
        tag: tags::PIXEL_DATA,
        vr: Vr::Ob,
        value: Value::Fragments(&fragments),
    });
    let bytes = file.write();
    let back = parsed(&bytes);
    assert!(back.syntax.is_encapsulated());
    assert_eq!(
        back.data.find(tags::PIXEL_DATA),
        file.data.find(tags::PIXEL_DATA)
    );
    assert_eq!(back.write(), bytes);
}

#[test]
fn text_is_read_and_written_in_its_character_set() {
    for (set, bytes, text) in [
        ("ISO_IR 100", &b"M\xfcller^J\xf6rg"[..], "Müller^Jörg"),
        ("ISO_IR 192", "Müller^Łucja".as_bytes(), "Müller^Łucja"),
        ("ISO_IR 144", b"\xbb\xee\xdac\xd1", "Люкcб"),
        ("\\ISO 2022 IR 149", b"Kim\x1b$)C\xb1\xe8", "Kim김"),
        (
            "\\ISO 2022 IR 149",
            b"A^\x1b$)C\xb1\xe8^\x1b$)C\xb1\xe8",
            "A^김^김",
        ),
        (
            "ISO 2022 IR 6\\ISO 2022 IR 87",
            b"Y=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
            "Y=山田^太郎",
        ),
        ("GB18030", b"Wang=\xcd\xf5", "Wang=王"),
    ] {
        let charset = Charset::read(set.as_bytes()).unwrap();
        assert_eq!(charset.decode(bytes).unwrap(), text, "{set}");
        let written = charset.encode(text);
        assert_eq!(charset.decode(&written).unwrap(), text, "{set} written");
    }
    assert_eq!(Charset::default().decode(b"M\xfcller"), None);
    assert_eq!(Charset::default().encode("Müller"), b"M?ller");
    assert_eq!(Charset::read(b"ISO_IR 999"), None);
}

#[test]
fn a_private_creator_is_found() {
    let mut data = DataSet::default();
    data.put(Element::text(Tag(0x0009, 0x0011), Vr::Lo, "ACME 1.0"));
    assert_eq!(
        data.private_creator(Tag(0x0009, 0x1101)).as_deref(),
        Some("ACME 1.0")
    );
    assert_eq!(data.private_creator(Tag(0x0009, 0x1201)), None);
}

#[test]
fn a_malformed_file_is_refused_with_its_place() {
    let bytes = rich(Syntax::EXPLICIT_LITTLE).write();
    let refused = |bytes: &[u8]| DicomFile::parse("x.dcm", bytes).unwrap_err().to_string();
    let cut = &bytes[..bytes.len() - 3];
    assert!(refused(cut).contains("byte "), "{}", refused(cut));
    assert!(refused(cut).contains("runs over the end of the file"));
    let place = bytes
        .windows(4)
        .rposition(|window| window == b"\x28\0\x10\0")
        .unwrap();
    let mut odd = bytes.clone();
    odd[place + 4] = b'?';
    assert_eq!(
        refused(&odd),
        format!(
            "`x.dcm`, byte {}: malformed DICOM: an unknown value representation",
            place + 4
        )
    );
    let mut twice = bytes.clone();
    twice[place + 8 + 2 + 2] = 0x10;
    assert!(refused(&twice).contains("an element stands twice"));
    assert!(refused(b"").contains("SOP class or instance UID is missing"));
    let class = b"\x08\0\x16\0UI\x08\x001.2.840\0";
    let instance = |vr: &[u8]| [&class[..], b"\x08\0\x18\0", vr, b"\x04\x001.23"].concat();
    assert!(DicomFile::parse("x.dcm", &instance(b"UI")).is_ok());
    assert!(refused(&instance(b"LO")).contains("instance UID is missing"));
}

#[test]
fn sequences_too_deep_are_refused() {
    let mut data = DataSet::default();
    for _ in 0..=LEVELS_MAX {
        let item = std::mem::take(&mut data);
        data.put(Element::sequence(SEQUENCE, vec![item]));
    }
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    file.data.elements.extend(data.elements.pop());
    file.data.elements.sort_by_key(|element| element.tag);
    file.data.elements.dedup_by_key(|element| element.tag);
    file.data.put(Element::sequence(SEQUENCE, {
        let mut data = DataSet::default();
        for _ in 0..LEVELS_MAX {
            let item = std::mem::take(&mut data);
            data.put(Element::sequence(SEQUENCE, vec![item]));
        }
        vec![data]
    }));
    let error = DicomFile::parse("x", &file.write()).unwrap_err();
    assert!(error.to_string().contains("too deeply"));
}

#[test]
fn directories_and_deflated_files_are_refused_with_a_way_out() {
    let directory = DicomFile::new(Syntax::EXPLICIT_LITTLE, "1.2.840.10008.1.3.10", "2.25.1");
    let deflated = rich(Syntax::of("1.2.840.10008.1.2.1.99"));
    for file in [directory, deflated] {
        let error = DicomFile::parse("x", &file.write()).unwrap_err();
        assert_eq!(domain::Explain::code(&error).to_string(), "CL1004");
    }
}

#[test]
fn a_value_too_long_for_its_representation_is_still_written() {
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    let long = "x".repeat(70_000);
    file.data.put(Element::text(COMMENT, Vr::Lt, &long));
    assert_eq!(parsed(&file.write()).data.string(COMMENT).unwrap(), long);
}

proptest! {
    #[test]
    fn changed_bytes_are_read_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
        implicit in any::<bool>(),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let syntax = if implicit { Syntax::IMPLICIT_LITTLE } else { Syntax::EXPLICIT_LITTLE };
        let mut bytes = rich(syntax).write();
        for (place, byte) in changes {
            *place.get_mut(&mut bytes[128..]) = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(file) = DicomFile::parse("x", &bytes) {
            let written = file.write();
            let again = DicomFile::parse("x", &written).unwrap();
            prop_assert_eq!(again.write(), written);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(DicomFile::parse("x", &bytes));
        drop(Format::detect("x", &bytes));
    }

    #[test]
    fn any_text_survives_its_character_set(text in "\\PC{0,20}") {
        let charset = Charset::read(b"ISO_IR 192").unwrap();
        let bytes = charset.encode(&text);
        prop_assert_eq!(charset.decode(&bytes).unwrap(), text);
    }
}
