//! Finding identifiers and taking them out.

use std::sync::OnceLock;

use formats::{Format, Input, Limits, dicom::DicomFile};
use phi::{
    columns::FieldMap, crosswalk::Crosswalk, dates, dicom::Imaging, plan::Plan, text::TextEngine,
    transform::Deidentifier,
};
use seal::SeededEntropy;

/// Findings come in order, without overlaps, on character boundaries.
pub(crate) fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut end = 0;
    for finding in engine().scan(text, None) {
        assert!(finding.start >= end && finding.start < finding.end);
        assert!(text.get(finding.start..finding.end).is_some());
        end = finding.end;
    }
}

/// A text that is a date has a year.
pub(crate) fn dates(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let parts = dates::parse(text);
        assert!(parts.is_some() || dates::to_year(text).is_none());
        dates::is_finer_than_year(text);
    }
}

/// Learning from a resource and taking its identifiers out.
pub(crate) fn fhir(data: &[u8]) {
    let input = Input::Bytes(data.to_vec());
    let limits = Limits::default();
    let Ok(resources) = formats::fhir::resources("x", Format::FhirNdjson, input, &limits) else {
        return;
    };
    let mut entropy = SeededEntropy::new(1);
    let mut work = work(&mut entropy);
    for resource in resources.flatten() {
        drop(work.learn_resource(&resource));
        drop(work.resource(&resource));
    }
}

/// Reading a DICOM file, taking its identifiers out, and reading what was written.
pub(crate) fn dicom(data: &[u8]) {
    drop(Format::detect("x", data));
    let Ok(file) = DicomFile::parse("x", data) else {
        return;
    };
    let mut entropy = SeededEntropy::new(1);
    let mut work = work(&mut entropy);
    let imaging = Imaging {
        burned_in_accepted: true,
        ..Imaging::default()
    };
    if let Ok(output) = work.dicom(file, &imaging) {
        DicomFile::parse("x", &output.bytes).expect("what was written can be read");
    }
}

/// Messages without their identifiers are messages again, with as many segments.
pub(crate) fn hl7v2(data: &[u8]) {
    let Ok(messages) = read_hl7v2(data.to_vec()).collect::<Result<Vec<_>, _>>() else {
        return;
    };
    let mut entropy = SeededEntropy::new(1);
    let mut work = work(&mut entropy);
    let mut out = Vec::new();
    for message in &messages {
        work.learn_hl7v2(message);
        out.extend_from_slice(message.lead());
        work.hl7v2(message, &mut out);
    }
    let count = |messages: &[formats::hl7v2::Message]| -> usize {
        messages.iter().map(|one| one.segments().count()).sum()
    };
    let again: Vec<_> = read_hl7v2(out).flatten().collect();
    assert_eq!(count(&again), count(&messages));
}

fn read_hl7v2(bytes: Vec<u8>) -> formats::hl7v2::Messages<'static> {
    formats::hl7v2::messages("x", Input::Bytes(bytes), &Limits::default())
}

/// A document without its identifiers is a document again.
pub(crate) fn ccda(data: &[u8]) {
    let Some(document) = read_ccda(data.to_vec()) else {
        return;
    };
    let mut entropy = SeededEntropy::new(1);
    let mut work = work(&mut entropy);
    work.learn_ccda(&document);
    let out = work.ccda(&document);
    assert!(read_ccda(out).is_some());
}

fn read_ccda(bytes: Vec<u8>) -> Option<formats::ccda::Document> {
    formats::ccda::Document::read("x", Input::Bytes(bytes), &Limits::default()).ok()
}

/// A de-identifier by Safe Harbor that knows nobody yet.
fn work(entropy: &mut SeededEntropy) -> Deidentifier<'_> {
    static RULES: OnceLock<(Plan, FieldMap)> = OnceLock::new();
    let (plan, map) = RULES.get_or_init(|| (Plan::safe_harbor(), FieldMap::default()));
    Deidentifier::new(plan, map, engine(), Crosswalk::new(), entropy, 2024)
        .expect("a Safe Harbor plan")
}

fn engine() -> &'static TextEngine {
    static ENGINE: OnceLock<TextEngine> = OnceLock::new();
    ENGINE.get_or_init(TextEngine::new)
}
