//! DICOM headers of which it is known what identifies and what does not.
#![expect(
    clippy::disallowed_methods,
    reason = "the files are for other programs to read"
)]

use std::{collections::BTreeMap, fs, path::Path};

use formats::dicom::{DataSet, DicomFile, Element, Syntax, Tag, Vr};

use super::run::Head;
use crate::Outcome;

/// What became of the files at somebody's hands.
#[derive(Debug)]
pub struct Rewritten {
    /// What it is called in the table.
    pub title: String,
    /// Packages with their versions.
    pub version: String,
    /// Files in a processor second.
    pub speed: f64,
    /// Values still there, of all, by kind; the kind `kept` should be there.
    pub left: BTreeMap<&'static str, (u64, u64)>,
}

impl Rewritten {
    /// Counts what is left in the files, which come in the order of [`files`].
    pub fn new(title: &str, version: &str, speed: f64, out: &[Vec<u8>]) -> Self {
        let mut left: BTreeMap<&'static str, (u64, u64)> = BTreeMap::new();
        for (number, bytes) in out.iter().enumerate() {
            for (kind, value) in Header::new(number).planted() {
                let (there, all) = left.entry(kind).or_default();
                *there += u64::from(holds(bytes, value.as_bytes()));
                *all += 1;
            }
        }
        Self {
            title: title.to_owned(),
            version: version.to_owned(),
            speed,
            left,
        }
    }
}

/// What the peer made of the files, from its folder of results.
pub fn peer(folder: &Path) -> Result<Rewritten, Box<dyn std::error::Error>> {
    let head = Head::read(folder)?;
    let seconds = head.seconds.get("dicom").ok_or("the peer tells no time")?;
    let mut out = Vec::new();
    for number in 0..FILES {
        out.push(fs::read(folder.join(name(number)))?);
    }
    let speed = FILES as f64 / seconds;
    Ok(Rewritten::new(
        &head.title,
        &head.versions.join(", "),
        speed,
        &out,
    ))
}

/// Writes every file into a folder.
pub fn write(folder: &Path) -> Outcome {
    fs::create_dir_all(folder)?;
    for (number, bytes) in files().iter().enumerate() {
        fs::write(folder.join(name(number)), bytes)?;
    }
    println!("{}  {FILES} DICOM files", folder.display());
    Ok(())
}

/// Every file, in order.
pub fn files() -> Vec<Vec<u8>> {
    (0..FILES)
        .map(|number| Header::new(number).file().write())
        .collect()
}

fn name(number: usize) -> String {
    format!("{number:05}.dcm")
}

fn holds(bytes: &[u8], value: &[u8]) -> bool {
    bytes.windows(value.len()).any(|window| window == value)
}

/// A CT header of about 140 elements, without pixels.
struct Header {
    instance: String,
    texts: Vec<(&'static str, Tag, Vr, String)>,
}

impl Header {
    fn new(number: usize) -> Self {
        let study = number / SLICES;
        let own = |(kind, tag, vr, value): &(&'static str, Tag, Vr, &str)| {
            let value = value.replace('#', &(10_000 + study).to_string());
            (*kind, *tag, *vr, value)
        };
        let mut texts: Vec<_> = TEXTS.iter().map(own).collect();
        for element in 0x10..0x30_u16 {
            let value = format!("maker's own {element} of {}", 10_000 + study);
            texts.push((
                "private elements",
                Tag(0x0021, 0x1000 + element),
                Vr::Lo,
                value,
            ));
        }
        Self {
            instance: format!("{ROOT}.{}.1.{number}", 10_000 + study),
            texts,
        }
    }

    /// Kind and value of everything that is looked for afterwards.
    fn planted(&self) -> Vec<(&'static str, String)> {
        let texts = self.texts.iter().filter(|(kind, ..)| !kind.is_empty());
        let mut planted: Vec<_> = texts
            .map(|(kind, _, _, value)| (*kind, value.clone()))
            .collect();
        planted.push(("UIDs", format!("{}.5", self.instance)));
        planted.push(("inside sequences", format!("{}.9", self.instance)));
        planted.push(("inside sequences", format!("{SHARED_NAME}{}", self.study())));
        planted
    }

    fn study(&self) -> &str {
        self.instance.split('.').rev().nth(2).unwrap_or_default()
    }

    fn file(&self) -> DicomFile<'static> {
        let instance = format!("{}.5", self.instance);
        let mut file = DicomFile::new(Syntax::EXPLICIT_LITTLE, CT, &instance);
        for (_, tag, vr, value) in &self.texts {
            file.data.put(Element::text(*tag, *vr, value));
        }
        for offset in 0..60_u16 {
            let value = Element::bytes(Tag(0x0018, 0x9000 + offset), Vr::Us, vec![1, 0]);
            file.data.put(value);
        }
        let mut item = DataSet::default();
        item.put(Element::text(Tag(0x0008, 0x1150), Vr::Ui, CT));
        item.put(Element::text(
            Tag(0x0008, 0x1155),
            Vr::Ui,
            &format!("{}.9", self.instance),
        ));
        file.data
            .put(Element::sequence(Tag(0x0008, 0x1140), vec![item]));
        let mut request = DataSet::default();
        let physician = format!("{SHARED_NAME}{}^Ilse", self.study());
        request.put(Element::text(Tag(0x0032, 0x1032), Vr::Pn, &physician));
        request.put(Element::text(Tag(0x0032, 0x1060), Vr::Lo, "CT thorax"));
        file.data
            .put(Element::sequence(Tag(0x0040, 0x0275), vec![request]));
        file
    }
}

/// Files of a run.
const FILES: usize = 1_000;
/// Slices of one series share their patient, as in a scanner's output.
const SLICES: usize = 40;
const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const ROOT: &str = "1.2.826.0.1.3680043.9.77";
const SHARED_NAME: &str = "Sandgrouse";

/// Kind, tag, representation, value (`#` is the study's number); no kind is not looked for.
#[rustfmt::skip]
const TEXTS: &[(&str, Tag, Vr, &str)] = &[
    ("kept", Tag(0x0008, 0x0008), Vr::Cs, "ORIGINAL\\PRIMARY\\AXIAL"),
    ("dates", Tag(0x0008, 0x0020), Vr::Da, "20210314"),
    ("dates", Tag(0x0008, 0x0021), Vr::Da, "20210315"),
    ("dates", Tag(0x0008, 0x0022), Vr::Da, "20210316"),
    ("dates", Tag(0x0008, 0x0023), Vr::Da, "20210317"),
    ("", Tag(0x0008, 0x0030), Vr::Tm, "101112"),
    ("", Tag(0x0008, 0x0031), Vr::Tm, "101112"),
    ("numbers", Tag(0x0008, 0x0050), Vr::Sh, "ACC#"),
    ("", Tag(0x0008, 0x0060), Vr::Cs, "CT"),
    ("", Tag(0x0008, 0x0070), Vr::Lo, "SIEMENS"),
    ("places", Tag(0x0008, 0x0080), Vr::Lo, "Larkspur Valley Hospital"),
    ("places", Tag(0x0008, 0x0081), Vr::St, "12 Elmhurst Lane, Cambridge"),
    ("names", Tag(0x0008, 0x0090), Vr::Pn, "Nightjarson#^Hesper"),
    ("places", Tag(0x0008, 0x1010), Vr::Sh, "CTROOM7"),
    ("", Tag(0x0008, 0x1030), Vr::Lo, "CT chest without contrast"),
    ("", Tag(0x0008, 0x103e), Vr::Lo, "Axial 5mm lung"),
    ("names", Tag(0x0008, 0x1048), Vr::Pn, "Wagtailer#^Orla"),
    ("names", Tag(0x0008, 0x1070), Vr::Pn, "Oystercatcher#^Rae"),
    ("kept", Tag(0x0008, 0x1090), Vr::Lo, "Sensation 64"),
    ("names", Tag(0x0010, 0x0010), Vr::Pn, "Quillfeather#^Ada"),
    ("numbers", Tag(0x0010, 0x0020), Vr::Lo, "MRN#77"),
    ("dates", Tag(0x0010, 0x0030), Vr::Da, "19800307"),
    ("", Tag(0x0010, 0x0040), Vr::Cs, "F"),
    ("", Tag(0x0010, 0x1010), Vr::As, "041Y"),
    ("names in comments", Tag(0x0010, 0x21b0), Vr::Lt, "Ada Quillfeather# seen by Hesper Nightjarson#. Stable nodule."),
    ("kept", Tag(0x0018, 0x0015), Vr::Cs, "CHEST"),
    ("kept", Tag(0x0018, 0x0050), Vr::Ds, "5.0003"),
    ("kept", Tag(0x0018, 0x0060), Vr::Ds, "120.25"),
    ("numbers", Tag(0x0018, 0x1000), Vr::Lo, "SN-88123"),
    ("", Tag(0x0018, 0x1020), Vr::Lo, "VB20B"),
    ("", Tag(0x0018, 0x1030), Vr::Lo, "Thorax routine"),
    ("kept", Tag(0x0018, 0x1210), Vr::Sh, "B30f"),
    ("UIDs", Tag(0x0020, 0x000d), Vr::Ui, "1.2.826.0.1.3680043.9.78.#.1"),
    ("UIDs", Tag(0x0020, 0x000e), Vr::Ui, "1.2.826.0.1.3680043.9.78.#.2"),
    ("", Tag(0x0020, 0x0010), Vr::Sh, "4471"),
    ("", Tag(0x0020, 0x0011), Vr::Is, "2"),
    ("", Tag(0x0020, 0x0013), Vr::Is, "17"),
    ("kept", Tag(0x0020, 0x0032), Vr::Ds, "-180.0\\-180.0\\-512.5"),
    ("kept", Tag(0x0020, 0x0037), Vr::Ds, "1\\0\\0\\0\\1\\0"),
    ("UIDs", Tag(0x0020, 0x0052), Vr::Ui, "1.2.826.0.1.3680043.9.78.#.3"),
    ("", Tag(0x0020, 0x1041), Vr::Ds, "-512.5"),
    ("kept", Tag(0x0028, 0x0004), Vr::Cs, "MONOCHROME2"),
    ("kept", Tag(0x0028, 0x1050), Vr::Ds, "40.125"),
    ("kept", Tag(0x0028, 0x1051), Vr::Ds, "400.75"),
    ("kept", Tag(0x0028, 0x1052), Vr::Ds, "-1024"),
    ("dates", Tag(0x0040, 0x0244), Vr::Da, "20210318"),
    ("", Tag(0x0040, 0x0254), Vr::Lo, "CT thorax"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_planted_value_stands_in_its_file() {
        for number in [0, SLICES, FILES - 1] {
            let header = Header::new(number);
            let bytes = header.file().write();
            for (kind, value) in header.planted() {
                assert!(holds(&bytes, value.as_bytes()), "{kind} of file {number}");
            }
        }
    }

    #[test]
    fn untouched_files_have_everything_left() {
        let rewritten = Rewritten::new("nobody", "0", 1.0, &files()[..3]);
        assert!(
            rewritten
                .left
                .values()
                .all(|(there, all)| there == all && *all > 0)
        );
    }
}
