use super::*;

fn read(text: &[u8]) -> Result<Document, ReadError> {
    Document::read("x.xml", Input::Bytes(text.to_vec()), &Limits::default())
}

#[test]
fn every_piece_knows_its_place() {
    let text = "<?xml version='1.0'?><!-- c --><ClinicalDocument xmlns:s='u'><s:id root = \"1&amp;2\" />\
                <t>a &lt; b<![CDATA[c]]></t></ClinicalDocument>\n";
    let document = read(text.as_bytes()).unwrap();
    let root = document.root().unwrap();
    let id = root.child("id").unwrap();
    let attribute = id.attribute("root").unwrap();
    assert_eq!(attribute.value, "1&amp;2");
    assert_eq!(
        text.get(attribute.start..attribute.end()).unwrap(),
        " root = \"1&amp;2\""
    );
    assert!(
        text.get(id.end_of_attributes()..)
            .unwrap()
            .starts_with(" /><")
    );
    let inner = root.child("t").unwrap();
    assert_eq!(text.get(inner.inner()).unwrap(), "a &lt; b<![CDATA[c]]>");
    let mut plain = Plain::default();
    for piece in inner.contents() {
        match piece {
            Piece::Text(span) => plain.push(span.text, span.start),
            Piece::CData(span) => plain.push_cdata(span.text, span.start),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(plain.text(), "a < bc");
    let found: Vec<_> = plain
        .places(2, 6)
        .iter()
        .map(|place| (text.get(place.start..place.end).unwrap(), place.is_cdata))
        .collect();
    assert_eq!(found, [("&lt; b", false), ("c", true)]);
}

#[test]
fn what_is_not_sound_is_refused_with_its_place() {
    for text in [
        "<!DOCTYPE ClinicalDocument [<!ENTITY a 'b'>]><ClinicalDocument/>",
        "<ClinicalDocument>&a;</ClinicalDocument>",
        "<ClinicalDocument>&#0;</ClinicalDocument>",
        "<ClinicalDocument a='&b;'/>",
        "<ClinicalDocument a=b/>",
        "<ClinicalDocument><a></ClinicalDocument>",
        "<ClinicalDocument>",
        "<ClinicalDocument/>text",
        "<ClinicalDocument/><ClinicalDocument/>",
        "<Bundle/>",
        "<ClinicalDocument>< a='b'></ClinicalDocument>",
        "<ClinicalDocument><1/></ClinicalDocument>",
        "<!-- only -->",
        "<ClinicalDocument><!-- ",
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert!(matches!(error.kind, ReadErrorKind::Ccda { .. }), "{text}");
        assert!(error.offset.is_some());
    }
    let deep = format!("<ClinicalDocument>{}", "<a>".repeat(DEPTH_MAX));
    assert!(read(deep.as_bytes()).is_err());
    assert!(read(b"\xff\xfe<\0").is_err());
    let other = b"<?xml version='1.0' encoding='Shift_JIS'?><ClinicalDocument/>";
    assert!(read(other).is_err());
}

#[test]
fn latin_documents_are_read_and_written_in_their_own_encoding() {
    let bytes = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ClinicalDocument>Jos\xe9</ClinicalDocument>";
    let document = read(bytes).unwrap();
    assert!(document.text().contains("José"));
    assert_eq!(document.encode(document.text()).1.as_ref(), bytes);
    assert!(read(&bytes[43..]).is_err(), "not UTF-8");
}

#[test]
fn the_root_is_found_after_the_prolog() {
    assert!(is_head(
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a > b -->\n<?x y?><n:ClinicalDocument\n"
    ));
    assert!(is_head(b"<ClinicalDocument>"));
    for other in [
        &b"<html>"[..],
        b"<ClinicalDocumentation/>",
        b"<!-- cut",
        b"",
        b"ClinicalDocument",
    ] {
        assert!(!is_head(other));
    }
}
