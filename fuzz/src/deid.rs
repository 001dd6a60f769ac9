//! Finding identifiers and taking them out.

use std::sync::OnceLock;

use formats::{
    Format, Input, Limits,
    dicom::DicomFile,
    fhir::{Document, Element, Member, Tape, documents},
};
use phi::{
    classifier::{Classifier, LabelMap, ModelFiles, ModelIdentity, TokenizerFiles},
    columns::FieldMap,
    crosswalk::Crosswalk,
    dates,
    dicom::Imaging,
    evaluate::{Evaluation, read_gold, read_predictions},
    plan::Plan,
    review::Review,
    tagger::Weights,
    text::TextEngine,
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

/// Resources without their identifiers are JSON again, and what has nothing to identify anybody
/// is the same bytes.
pub(crate) fn fhir(data: &[u8]) {
    let input = Input::Bytes(data.to_vec());
    let limits = Limits::default();
    let Ok(mut documents) = documents("x", Format::FhirNdjson, input, &limits) else {
        return;
    };
    let mut entropy = SeededEntropy::new(1);
    let mut work = work(&mut entropy);
    while let Ok(Some(document)) = documents.next() {
        let mut out = Vec::new();
        if work.learn_fhir(document).is_err() || work.fhir(document, &mut out).is_err() {
            assert!(out.is_empty());
            continue;
        }
        let out = String::from_utf8(out).expect("letters stay letters");
        let mut tape = Tape::default();
        let again = tape
            .read("x", &out, 0, &limits)
            .expect("what is written can be read");
        let kind =
            |document: Document<'_>| document.root().text_of("resourceType").map(String::from);
        assert_eq!(kind(again), kind(document));
        if is_harmless(document.root()) {
            assert_eq!(out, document.root().raw());
        }
    }
}

/// A resource of codes only.
fn is_harmless(resource: Element<'_>) -> bool {
    let of_codes = |member: Member<'_>| match member.key {
        "resourceType" => member.value.raw() == "\"Observation\"",
        "status" => member.value.raw() == "\"final\"",
        _ => false,
    };
    resource.members().all(of_codes)
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

/// Gold and predictions in one file: what both readers take can be compared.
pub(crate) fn evaluate(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let (Ok(gold), Ok(found)) = (read_gold("x", text), read_predictions("x", text)) {
        let evaluation = Evaluation::of(&gold, &found).expect("the same ids and places");
        assert!(evaluation.recall().hits() <= evaluation.recall().all());
        drop(evaluation.text(0.01, true));
    }
}

/// A sheet that is read can be reported, and its gold is gold.
pub(crate) fn review(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(review) = Review::read("x", text) {
        drop(review.text(0.01).expect("a prediction for every document"));
        read_gold("x", &review.gold()).expect("gold");
    }
}

/// A plan that is read is written and read again as the same.
pub(crate) fn plan(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(plan) = Plan::from_toml(text) {
        assert_eq!(Plan::from_toml(&plan.to_toml()).as_ref(), Ok(&plan));
        drop(plan.check());
    }
}

/// Weights that are read can be written and read again.
pub(crate) fn tagger_weights(data: &[u8]) {
    if let Ok(weights) = Weights::read(data) {
        assert!(Weights::read(&weights.bytes()).is_ok());
    }
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

/// A model that is read reads a text without stopping the program. The bytes are two lengths (u16,
/// little endian), `config.json` and `vocab.txt` of these lengths, then the weights; a vocabulary
/// that begins with `{` is a `tokenizer.json`.
pub(crate) fn classifier(data: &[u8]) {
    let Some((config, words, weights)) = model_parts(data) else {
        return;
    };
    let is_whole = words.first() == Some(&b'{');
    let files = ModelFiles {
        config,
        weights,
        tokenizer: TokenizerFiles {
            whole: is_whole.then_some(words),
            words: (!is_whole).then_some(words),
            ..TokenizerFiles::default()
        },
    };
    let identity = ModelIdentity {
        name: "x".to_owned(),
        weights: seal::digest(weights),
        labels: None,
    };
    let map = LabelMap::built_in().expect("the built-in meanings");
    if let Ok(classifier) = Classifier::read(&files, identity, map) {
        let text = "Dr. Lee, seen on Monday: zorblax é 12.";
        for reading in classifier.readings(text) {
            assert!(text.get(reading.range).is_some_and(|own| !own.is_empty()));
        }
    }
}

fn model_parts(data: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (first, rest) = data.split_first_chunk::<2>()?;
    let (second, rest) = rest.split_first_chunk::<2>()?;
    let (config, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*first)))?;
    let (words, weights) = rest.split_at_checked(usize::from(u16::from_le_bytes(*second)))?;
    Some((config, words, weights))
}

/// A file of meanings is read or refused.
pub(crate) fn classifier_labels(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        drop(LabelMap::edited(text));
    }
}
