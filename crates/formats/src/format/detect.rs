//! Content first, name as tie-breaker.

use super::Format;
use crate::{ReadError, ReadErrorKind, ccda, csv::Shape, dicom, encoding, hl7v2};

pub(super) fn detect(name: &str, head: &[u8]) -> Result<Format, ReadError> {
    if head.is_empty() {
        return Err(ReadError::new(name, ReadErrorKind::Empty));
    }
    if head.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if head.starts_with(b"PARE") {
        return Err(ReadError::new(name, ReadErrorKind::Encrypted));
    }
    if hl7v2::is_head(head) {
        return Ok(Format::Hl7v2);
    }
    if dicom::is_dicom(head) {
        return Ok(Format::Dicom);
    }
    if ccda::is_head(head) {
        return Ok(Format::Ccda);
    }
    refuse_not_text(name, head)?;
    let body = head.strip_prefix(encoding::BOM).unwrap_or(head);
    let body = body.trim_ascii_start();
    match body.first() {
        None => Err(ReadError::new(name, ReadErrorKind::Empty)),
        Some(b'{') => json(name, body),
        _ => {
            refuse_unread(name, body)?;
            Ok(table_or_text(name, head))
        }
    }
}

/// Refuses binary and other encodings; a character cut off at the end of the head is no fault.
fn refuse_not_text(name: &str, head: &[u8]) -> Result<(), ReadError> {
    encoding::refuse_binary(name, head, 0)?;
    match std::str::from_utf8(head) {
        Err(fault) if fault.error_len().is_some() => {
            Err(encoding::not_utf8(name, head, 0, fault.valid_up_to()))
        }
        _ => Ok(()),
    }
}

fn refuse_unread(name: &str, body: &[u8]) -> Result<(), ReadError> {
    let array = body
        .strip_prefix(b"[")
        .map(<[u8]>::trim_ascii_start)
        .is_some_and(|rest| rest.starts_with(b"{"));
    if array {
        let instead = "write one object per line, for example with jq -c '.[]'";
        return Err(unread(name, "a JSON array", instead));
    }
    match UNREAD.iter().find(|(mark, ..)| body.starts_with(mark)) {
        Some((_, what, instead)) => Err(unread(name, what, instead)),
        None => Ok(()),
    }
}

fn unread(name: &str, what: &'static str, instead: &'static str) -> ReadError {
    ReadError::new(name, ReadErrorKind::Format { what, instead }).at(0)
}

/// An object: FHIR if it says its resource type, JSON lines if it ends on its line.
fn json(name: &str, body: &[u8]) -> Result<Format, ReadError> {
    let outline = Outline::of(body);
    let name_says = ending(name);
    match (outline.resource_type, outline.object) {
        (Some(_), Object::Lines) => Ok(Format::FhirNdjson),
        (Some(_), Object::Spread) => Ok(Format::FhirBundle),
        (Some(kind), Object::Line | Object::Cut) => Ok(match (kind, name_says) {
            (_, "ndjson" | "jsonl") => Format::FhirNdjson,
            (b"Bundle", _) | (_, "json") => Format::FhirBundle,
            _ => Format::FhirNdjson,
        }),
        (None, Object::Lines) => Ok(Format::Jsonl),
        (None, Object::Line) if name_says != "json" || !outline.cut => Ok(Format::Jsonl),
        (None, Object::Line | Object::Cut) if name_says == "jsonl" => Ok(Format::Jsonl),
        (None, Object::Line | Object::Cut) if name_says == "ndjson" => Ok(Format::FhirNdjson),
        (None, _) if outline.cut && name_says == "json" => Ok(Format::FhirBundle),
        (None, _) => Err(unread(
            name,
            "a JSON document that is neither FHIR nor JSON lines",
            "write one object per line, for example with jq -c",
        )),
    }
}

/// CSV if the lines have evenly many fields, else text; the name decides where there is little.
fn table_or_text(name: &str, head: &[u8]) -> Format {
    let body = head.strip_prefix(encoding::BOM).unwrap_or(head);
    let shape = Shape::of(body);
    match ending(name) {
        "csv" | "tsv" | "psv" => Format::Csv,
        "txt" | "text" | "md" | "note" => {
            if shape.lines >= 4 && is_header(body, &shape) && shape.even && shape.fields >= 3 {
                Format::Csv
            } else {
                Format::Text
            }
        }
        _ => {
            if shape.even && shape.fields >= 2 && shape.lines >= 2 && is_header(body, &shape) {
                Format::Csv
            } else {
                Format::Text
            }
        }
    }
}

/// Whether the first line could be names of columns: none empty, none long, none a sentence.
fn is_header(body: &[u8], shape: &Shape) -> bool {
    let line = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.split(|byte| *byte == shape.dialect.delimiter)
        .map(<[u8]>::trim_ascii)
        .all(|field| !field.is_empty() && field.len() <= 64 && !field.ends_with(b"."))
}

fn ending(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(ending))
        .unwrap_or("")
}

/// What the first object of a JSON head looks like, read tolerantly since the head may be cut.
struct Outline<'b> {
    /// The text of the top-level key `resourceType`.
    resource_type: Option<&'b [u8]>,
    object: Object,
    /// The head ends inside the object.
    cut: bool,
}

/// How the first object stands on its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    /// On one line, and another object follows.
    Lines,
    /// On one line, alone.
    Line,
    /// Over several lines.
    Spread,
    /// On one line as far as the head goes.
    Cut,
}

impl<'b> Outline<'b> {
    fn of(body: &'b [u8]) -> Self {
        let (mut depth, mut spread, mut resource_type) = (0_usize, false, None);
        let (mut at, mut end) = (0, None);
        while let Some(byte) = body.get(at) {
            match byte {
                b'"' => {
                    let text = string(body, at + 1);
                    if depth == 1 && text == RESOURCE_TYPE && resource_type.is_none() {
                        resource_type = value_after(body, at + 2 + text.len());
                    }
                    at += text.len() + 1;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'\n' => spread = true,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                end = Some(at);
                break;
            }
        }
        let after = end.and_then(|end| body.get(end..)).unwrap_or_default();
        Self {
            resource_type,
            object: match (spread, end, after.trim_ascii().is_empty()) {
                (true, ..) => Object::Spread,
                (false, None, _) => Object::Cut,
                (false, Some(_), true) => Object::Line,
                (false, Some(_), false) => Object::Lines,
            },
            cut: end.is_none(),
        }
    }
}

/// The raw text of the JSON string that begins at `start`, without its quotes.
fn string(body: &[u8], start: usize) -> &[u8] {
    let rest = body.get(start..).unwrap_or_default();
    let mut escaped = false;
    let length = rest.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    rest.get(..length.unwrap_or(rest.len())).unwrap_or_default()
}

/// The raw text of the string value that follows a colon at `start`.
fn value_after(body: &[u8], start: usize) -> Option<&[u8]> {
    let rest = body.get(start..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b":")?.trim_ascii_start();
    rest.strip_prefix(b"\"").map(|rest| string(rest, 0))
}

const RESOURCE_TYPE: &[u8] = b"resourceType";
const ENDINGS: [&str; 11] = [
    "csv", "tsv", "psv", "txt", "text", "md", "note", "json", "jsonl", "ndjson", "parquet",
];
const UNREAD: &[(&[u8], &str, &str)] =
    &[(b"<", "XML or HTML", "export it as C-CDA, CSV, JSON or text")];

#[cfg(test)]
mod tests {
    use domain::Explain;

    use super::*;

    fn seen(name: &str, head: &[u8]) -> Format {
        Format::detect(name, head).unwrap()
    }

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(seen("a.csv", b"PAR1...."), Format::Parquet);
        assert_eq!(seen("a.txt", b"{\"a\":1}\n{\"a\":2}\n"), Format::Jsonl);
        assert_eq!(
            seen("a.txt", b"{\"resourceType\":\"Bundle\",\"entry\":["),
            Format::FhirBundle
        );
        assert_eq!(
            seen(
                "a",
                b"{\"id\":\"1\",\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}\n"
            ),
            Format::FhirNdjson
        );
        assert_eq!(
            seen("a", b"{\n \"resourceType\" : \"Patient\",\n"),
            Format::FhirBundle
        );
        assert_eq!(seen("people", b"a;b\n1;2\n"), Format::Csv);
    }

    #[test]
    fn hl7_is_known_by_its_header_whatever_frames_it() {
        for head in [
            &b"MSH|^~\\&|A|B\rPID|1\r"[..],
            b"\x0bMSH|^~\\&|\r",
            b"\xef\xbb\xbfMSH|^~\\&|\r",
            b"\r\nFHS|^~\\&|\nBHS|^~\\&|\n",
            b"BHS*:;\\+*A\r",
            b"MSH|^~\\&|caf\xe9|\r",
        ] {
            assert_eq!(seen("x.txt", head), Format::Hl7v2);
        }
        assert_eq!(seen("x", b"MSHA is a name.\n"), Format::Text);
    }

    #[test]
    fn clinical_documents_are_known_by_their_root() {
        for head in [
            &b"<ClinicalDocument xmlns=\"urn:hl7-org:v3\">"[..],
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- caf\xe9 -->\n<ClinicalDocument>",
        ] {
            assert_eq!(seen("x.txt", head), Format::Ccda);
        }
    }

    #[test]
    fn prose_is_text_even_with_commas() {
        let note = b"Seen today, stable.\nNo pain, no fever.\n";
        assert_eq!(seen("n1.txt", note), Format::Text);
        assert_eq!(seen("n1", note), Format::Text);
    }

    #[test]
    fn the_name_breaks_a_tie() {
        assert_eq!(seen("a.csv", b"id\n1\n2\n"), Format::Csv);
        assert_eq!(seen("a.txt", b"id\n1\n2\n"), Format::Text);
        assert_eq!(
            seen("a.ndjson", b"{\"resourceType\":\"Patient\"}"),
            Format::FhirNdjson
        );
    }

    #[test]
    fn what_is_not_read_is_refused_with_a_way_out() {
        for (head, code) in [
            (&b""[..], "CL1001"),
            (b" \n\t", "CL1001"),
            (b"\xff\xfea\0b\0", "CL1002"),
            (b"a,b\n\xe9,1\n", "CL1002"),
            (b"a\0b", "CL1003"),
            (b"%PDF-1.4", "CL1003"),
            (b"\x1f\x8b\x08", "CL1004"),
            (b"[ {\"a\":1}]", "CL1004"),
            (b"<?xml version=\"1.0\"?>", "CL1004"),
            (b"{\n \"a\": 1\n}\n", "CL1004"),
            (b"PARE....", "CL1020"),
        ] {
            let error = Format::detect("x", head).unwrap_err();
            assert_eq!(error.code().to_string(), code);
            assert!(!error.help().is_empty());
        }
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_head_is_no_fault() {
        assert_eq!(
            seen("n.txt", "caf\u{e9}".as_bytes().get(..4).unwrap()),
            Format::Text
        );
    }
}
