mod pixels;
mod profile;
mod rows;

use formats::dicom::{DataSet, DicomFile, Element, Syntax, Tag, Value, Vr};

use super::*;
use crate::{
    columns::FieldMap,
    crosswalk::{Crosswalk, tests::Stirred},
    manifest::Manifest,
    plan::Plan,
    text::TextEngine,
};

const YEAR: i32 = 2026;
const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

/// Rules alone: what is in these texts is about attributes, not about the tagger, which knows English.
static ENGINE: std::sync::LazyLock<TextEngine> =
    std::sync::LazyLock::new(TextEngine::without_tagger);

/// A file through the default plan.
fn run(
    bytes: &[u8],
    crosswalk: Crosswalk,
    imaging: &Imaging,
) -> Result<(Vec<u8>, Manifest, Crosswalk), DeidError> {
    let (plan, map) = (Plan::safe_harbor(), FieldMap::default());
    let mut entropy = Stirred(29);
    let mut work = Deidentifier::new(&plan, &map, &ENGINE, crosswalk, &mut entropy, YEAR)?;
    let output = work.dicom(parsed(bytes), imaging)?;
    let (manifest, crosswalk) = work.finish();
    Ok((output.bytes, manifest, crosswalk))
}

fn output(bytes: &[u8]) -> Vec<u8> {
    run(bytes, Crosswalk::new(), &Imaging::default()).unwrap().0
}

fn parsed(bytes: &[u8]) -> DicomFile<'_> {
    DicomFile::parse("x.dcm", bytes).unwrap()
}

fn text(data: &mut DataSet<'_>, group: u16, element: u16, vr: Vr, value: &str) {
    data.put(Element::text(Tag(group, element), vr, value));
}

fn short(data: &mut DataSet<'_>, group: u16, element: u16, value: u16) {
    let bytes = value.to_le_bytes().to_vec();
    data.put(Element::bytes(Tag(group, element), Vr::Us, bytes));
}

fn shown(data: &DataSet<'_>, group: u16, element: u16) -> Option<String> {
    data.string(Tag(group, element))
}

fn items<'d, 'b>(data: &'d DataSet<'b>, group: u16, element: u16) -> &'d [DataSet<'b>] {
    match &data.find(Tag(group, element)).unwrap().value {
        Value::Items(items) => items,
        _ => panic!("a sequence"),
    }
}

/// A CT image that says much about its patient, in many places.
fn rich(syntax: Syntax) -> DicomFile<'static> {
    let mut file = DicomFile::new(syntax, CT, "1.2.826.0.1.3680043.9.77.3");
    let data = &mut file.data;
    text(data, 0x0008, 0x0020, Vr::Da, "20210314");
    text(data, 0x0008, 0x0023, Vr::Da, "20210315");
    text(data, 0x0008, 0x0030, Vr::Tm, "101112");
    text(data, 0x0008, 0x0050, Vr::Sh, "ACC-4471");
    text(data, 0x0008, 0x0060, Vr::Cs, "CT");
    text(data, 0x0008, 0x0070, Vr::Lo, "SIEMENS");
    text(data, 0x0008, 0x0080, Vr::Lo, "Larkspur Valley Hospital");
    text(data, 0x0008, 0x0081, Vr::St, "12 Elmhurst Lane, Cambridge");
    text(data, 0x0008, 0x0090, Vr::Pn, "Nightjarson^Hesper");
    text(data, 0x0008, 0x1010, Vr::Sh, "CTROOM7");
    text(data, 0x0008, 0x1030, Vr::Lo, "CT chest for Quillfeather");
    text(data, 0x0008, 0x103e, Vr::Lo, "Axial 5mm lung");
    text(data, 0x0010, 0x0010, Vr::Pn, "Quillfeather^Ada^Berenice");
    text(data, 0x0010, 0x0020, Vr::Lo, "MRN0099887");
    text(data, 0x0010, 0x0030, Vr::Da, "19800307");
    text(data, 0x0010, 0x0040, Vr::Cs, "F");
    text(data, 0x0010, 0x1010, Vr::As, "041Y");
    text(data, 0x0010, 0x1030, Vr::Ds, "61.5");
    text(data, 0x0010, 0x2154, Vr::Sh, "617-555-0142");
    text(
        data,
        0x0010,
        0x21b0,
        Vr::Lt,
        "Ada Quillfeather, MRN0099887, seen by Hesper Nightjarson on 3/14/2021. Stable nodule.",
    );
    text(data, 0x0018, 0x0050, Vr::Ds, "5.0");
    text(data, 0x0018, 0x1000, Vr::Lo, "SN-88123");
    text(data, 0x0018, 0x1210, Vr::Sh, "B30f");
    text(data, 0x0020, 0x000d, Vr::Ui, "1.2.826.0.1.3680043.9.77.1");
    text(data, 0x0020, 0x000e, Vr::Ui, "1.2.826.0.1.3680043.9.77.2");
    text(data, 0x0020, 0x0010, Vr::Sh, "STUDY-4471");
    text(data, 0x0009, 0x0010, Vr::Lo, "ACME PRIVATE");
    text(data, 0x0009, 0x1001, Vr::Lo, "Quillfeather private");
    text(data, 0x0009, 0x1002, Vr::Ds, "1.25");
    text(data, 0x0010, 0x4000, Vr::Lt, "Quillfeather comment");
    data.put(Element::bytes(
        Tag(0x6000, 0x3000),
        Vr::Ow,
        b"Quillfeather".to_vec(),
    ));
    short(data, 0x6000, 0x0010, 2);
    let mut code = DataSet::default();
    text(&mut code, 0x0008, 0x0100, Vr::Sh, "T-28000");
    text(&mut code, 0x0008, 0x0102, Vr::Sh, "SRT");
    text(&mut code, 0x0008, 0x0104, Vr::Lo, "Lung");
    let mut deep = DataSet::default();
    text(&mut deep, 0x0008, 0x1150, Vr::Ui, CT);
    text(
        &mut deep,
        0x0008,
        0x1155,
        Vr::Ui,
        "1.2.826.0.1.3680043.9.77.1",
    );
    text(&mut deep, 0x0010, 0x0010, Vr::Pn, "Quillfeather^Ada");
    text(&mut deep, 0x0011, 0x1001, Vr::Lo, "Quillfeather private");
    let mut middle = DataSet::default();
    middle.put(Element::sequence(Tag(0x0008, 0x1199), vec![deep]));
    data.put(Element::sequence(Tag(0x0008, 0x1115), vec![middle]));
    data.put(Element::sequence(Tag(0x0008, 0x2218), vec![code]));
    short(data, 0x0028, 0x0002, 1);
    text(data, 0x0028, 0x0004, Vr::Cs, "MONOCHROME2");
    short(data, 0x0028, 0x0010, 4);
    short(data, 0x0028, 0x0011, 4);
    short(data, 0x0028, 0x0100, 16);
    let pixels: Vec<u8> = (1..=32).collect();
    data.put(Element::bytes(Tag(0x7fe0, 0x0010), Vr::Ow, pixels));
    file
}

/// What must not be in the output of [`rich`].
const IDENTIFIERS: [&str; 20] = [
    "Quillfeather",
    "Berenice",
    "Nightjarson",
    "Hesper",
    "MRN0099887",
    "0099887",
    "19800307",
    "20210314",
    "20210315",
    "3/14/2021",
    "101112",
    "ACC-4471",
    "STUDY-4471",
    "Larkspur",
    "Elmhurst",
    "617-555-0142",
    "SN-88123",
    "CTROOM7",
    "1.2.826.0.1.3680043",
    "ACME PRIVATE",
];

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
