//! Prints how many DICOM header files a second one core de-identifies, and how many megabytes:
//! `cargo run --release -p cloister-phi --example dicom_speed`, on generated files of 150 elements.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads a clock")]

use std::time::Instant;

use cloister_phi::{
    columns::FieldMap, crosswalk::Crosswalk, dicom::Imaging, plan::Plan, text::TextEngine,
    transform::Deidentifier,
};
use domain::Entropy;
use formats::dicom::{DataSet, DicomFile, Element, Syntax, Tag, Vr};

const FILES: usize = 2_000;
/// Slices of one series share their patient, as in a scanner's output.
const SLICES: usize = 40;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<Vec<u8>> = (0..FILES).map(|number| header(number).write()).collect();
    let bytes: usize = files.iter().map(Vec::len).sum();
    let (engine, plan, map) = (TextEngine::new(), Plan::safe_harbor(), FieldMap::default());
    let mut entropy = Counter(1);
    let book = Crosswalk::new();
    let mut work = Deidentifier::new(&plan, &map, &engine, book, &mut entropy, 2026)?;
    let started = Instant::now();
    let mut written = 0;
    for file in &files {
        let file = DicomFile::parse("x.dcm", file)?;
        written += work.dicom(file, &Imaging::default())?.bytes.len();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{FILES} files, {:.1} MB in, {:.1} MB out, in {seconds:.2} s: {:.0} files/s, {:.1} MB/s",
        bytes as f64 / 1e6,
        written as f64 / 1e6,
        FILES as f64 / seconds,
        bytes as f64 / 1e6 / seconds
    );
    Ok(())
}

/// A CT header of about 150 elements, without pixels.
fn header(number: usize) -> DicomFile<'static> {
    let (patient, study) = (number / SLICES, number / SLICES);
    let root = "1.2.826.0.1.3680043.9.77";
    let instance = format!("{root}.{study}.1.{number}");
    let mut file = DicomFile::new(
        Syntax::EXPLICIT_LITTLE,
        "1.2.840.10008.5.1.4.1.1.2",
        &instance,
    );
    let data = &mut file.data;
    for (group, element, vr, value) in TEXTS {
        data.put(Element::text(Tag(*group, *element), *vr, value));
    }
    for (tag, vr, value) in [
        (
            Tag(0x0010, 0x0010),
            Vr::Pn,
            format!("Quillfeather{patient}^Ada"),
        ),
        (
            Tag(0x0010, 0x0020),
            Vr::Lo,
            format!("MRN{:07}", 10_000 + patient),
        ),
        (Tag(0x0020, 0x000d), Vr::Ui, format!("{root}.{study}")),
        (Tag(0x0020, 0x000e), Vr::Ui, format!("{root}.{study}.1")),
        (Tag(0x0008, 0x0050), Vr::Sh, format!("ACC{study:06}")),
    ] {
        data.put(Element::text(tag, vr, &value));
    }
    for offset in 0..60_u16 {
        let bytes = vec![1, 0];
        data.put(Element::bytes(Tag(0x0018, 0x9000 + offset), Vr::Us, bytes));
    }
    for element in 0x10..0x30_u16 {
        data.put(Element::text(
            Tag(0x0021, 0x1000 + element),
            Vr::Lo,
            "vendor text",
        ));
    }
    let mut item = DataSet::default();
    item.put(Element::text(
        Tag(0x0008, 0x1150),
        Vr::Ui,
        "1.2.840.10008.5.1.4.1.1.2",
    ));
    item.put(Element::text(
        Tag(0x0008, 0x1155),
        Vr::Ui,
        &format!("{instance}.1"),
    ));
    data.put(Element::sequence(Tag(0x0008, 0x1140), vec![item]));
    file
}

struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

const TEXTS: &[(u16, u16, Vr, &str)] = &[
    (0x0008, 0x0008, Vr::Cs, "ORIGINAL\\PRIMARY\\AXIAL"),
    (0x0008, 0x0020, Vr::Da, "20210314"),
    (0x0008, 0x0021, Vr::Da, "20210314"),
    (0x0008, 0x0022, Vr::Da, "20210314"),
    (0x0008, 0x0023, Vr::Da, "20210314"),
    (0x0008, 0x0030, Vr::Tm, "101112"),
    (0x0008, 0x0031, Vr::Tm, "101112"),
    (0x0008, 0x0032, Vr::Tm, "101112"),
    (0x0008, 0x0033, Vr::Tm, "101112"),
    (0x0008, 0x0060, Vr::Cs, "CT"),
    (0x0008, 0x0070, Vr::Lo, "SIEMENS"),
    (0x0008, 0x0080, Vr::Lo, "Larkspur Valley Hospital"),
    (0x0008, 0x0081, Vr::St, "12 Elmhurst Lane, Cambridge"),
    (0x0008, 0x0090, Vr::Pn, "Nightjarson^Hesper"),
    (0x0008, 0x1010, Vr::Sh, "CTROOM7"),
    (0x0008, 0x1030, Vr::Lo, "CT chest without contrast"),
    (0x0008, 0x103e, Vr::Lo, "Axial 5mm lung"),
    (0x0008, 0x1048, Vr::Pn, "Wagtailer^Orla"),
    (0x0008, 0x1070, Vr::Pn, "Oystercatcher^Rae"),
    (0x0008, 0x1090, Vr::Lo, "Sensation 64"),
    (0x0010, 0x0030, Vr::Da, "19800307"),
    (0x0010, 0x0040, Vr::Cs, "F"),
    (0x0010, 0x1010, Vr::As, "041Y"),
    (0x0010, 0x1030, Vr::Ds, "61.5"),
    (
        0x0010,
        0x21b0,
        Vr::Lt,
        "Ada Quillfeather seen by Hesper Nightjarson on 3/14/2021. Stable nodule.",
    ),
    (0x0018, 0x0015, Vr::Cs, "CHEST"),
    (0x0018, 0x0050, Vr::Ds, "5.0"),
    (0x0018, 0x0060, Vr::Ds, "120"),
    (0x0018, 0x1000, Vr::Lo, "SN-88123"),
    (0x0018, 0x1020, Vr::Lo, "VB20B"),
    (0x0018, 0x1030, Vr::Lo, "Thorax routine"),
    (0x0018, 0x1210, Vr::Sh, "B30f"),
    (0x0020, 0x0010, Vr::Sh, "4471"),
    (0x0020, 0x0011, Vr::Is, "2"),
    (0x0020, 0x0013, Vr::Is, "17"),
    (0x0020, 0x0032, Vr::Ds, "-180.0\\-180.0\\-512.5"),
    (0x0020, 0x0037, Vr::Ds, "1\\0\\0\\0\\1\\0"),
    (0x0020, 0x0052, Vr::Ui, "1.2.826.0.1.3680043.9.77.99"),
    (0x0020, 0x1041, Vr::Ds, "-512.5"),
    (0x0028, 0x0004, Vr::Cs, "MONOCHROME2"),
    (0x0028, 0x1050, Vr::Ds, "40"),
    (0x0028, 0x1051, Vr::Ds, "400"),
    (0x0028, 0x1052, Vr::Ds, "-1024"),
    (0x0028, 0x1053, Vr::Ds, "1"),
    (0x0040, 0x0244, Vr::Da, "20210314"),
    (0x0040, 0x0254, Vr::Lo, "CT thorax"),
];
