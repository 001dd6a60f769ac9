//! Every row of Table E.1-1, against outcomes that were written down apart from the code.

use super::*;

/// `tag`, value representation, and what must become of a value.
fn rows() -> Vec<(String, Vr, &'static str)> {
    include_str!("outcomes.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split('\t').collect();
            let vr = Vr::read(fields[1].as_bytes().try_into().unwrap()).unwrap();
            (fields[0].to_owned(), vr, fields[2])
        })
        .collect()
}

/// A tag that the row covers.
fn covered(pattern: &str) -> Tag {
    match pattern {
        "odd" => Tag(0x0019, 0x1001),
        "50XX,XXXX" => Tag(0x5002, 0x3000),
        pattern => table::tag(&pattern.replace("60XX", "6004")).unwrap(),
    }
}

/// A value that must not come through, of the row's representation.
fn planted(vr: Vr) -> Value<'static> {
    let bytes = match vr {
        Vr::Ae => &b"QUILLFEATHERAE"[..],
        Vr::As => b"041Y",
        Vr::Cs => b"QUILLFEATHER",
        Vr::Da => b"19770912",
        Vr::Ds => b"77.09128",
        Vr::Dt => b"19770912091277.091277",
        Vr::Is => b"770912",
        Vr::Lo | Vr::Lt | Vr::Sh | Vr::St | Vr::Uc | Vr::Ut => b"Mr. Quillfeather",
        Vr::Pn => b"Quillfeather^Ada",
        Vr::Tm => b"091277",
        Vr::Ui => b"1.2.826.0.1.3680043.770912",
        Vr::Ur => b"https://quillfeather.example/",
        Vr::Sq => {
            let mut item = DataSet::default();
            text(&mut item, 0x0008, 0x0104, Vr::Lo, "Mr. Quillfeather");
            text(
                &mut item,
                0x0008,
                0x1155,
                Vr::Ui,
                "1.2.826.0.1.3680043.770912",
            );
            text(&mut item, 0x0010, 0x0010, Vr::Pn, "Quillfeather^Ada");
            text(&mut item, 0x0018, 0x0050, Vr::Ds, "5.0");
            return Value::Items(vec![item]);
        }
        _ => b"quillfeather",
    };
    Value::Bytes(bytes.into())
}

/// A file with one element, alone or two sequences down.
fn file_with(element: Element<'static>, is_nested: bool) -> DicomFile<'static> {
    let mut file = DicomFile::new(Syntax::EXPLICIT_LITTLE, CT, "1.2.826.0.1.3680043.9.77.3");
    text(&mut file.data, 0x0010, 0x0010, Vr::Pn, "Quillfeather^Ada");
    text(&mut file.data, 0x0010, 0x0020, Vr::Lo, "MRN0099887");
    if !is_nested {
        file.data.put(element);
        return file;
    }
    let mut item = DataSet::default();
    item.put(element);
    let mut outer = DataSet::default();
    outer.put(Element::sequence(Tag(0x0008, 0x1199), vec![item]));
    file.data
        .put(Element::sequence(Tag(0x0008, 0x1115), vec![outer]));
    file
}

fn check(element: Option<&Element<'_>>, planted: &Value<'_>, outcome: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(what.to_owned());
    let Some(element) = element else {
        return if outcome == "removed" {
            Ok(())
        } else {
            wrong("gone")
        };
    };
    let text = element
        .decode(formats::dicom::Charset::default())
        .unwrap_or_default();
    let text = text.trim_end_matches([' ', '\0']);
    let is_same = element.value == *planted;
    let holds = match outcome {
        "removed" => return wrong("still there"),
        "emptied" => element.is_empty(),
        "kept" => is_same,
        "mapped" => text.starts_with("2.25.") && text.len() <= 64,
        "cleaned" => !is_same && text.starts_with("Mr. [NAME"),
        "coded" => !is_same && text.contains('-') && !element.is_empty(),
        "person" => text.starts_with("PERSON-") || text.starts_with("NAME-"),
        "dummy" => !is_same && !element.is_empty(),
        "walked" | "dummied" => {
            let Value::Items(items) = &element.value else {
                return wrong("no sequence");
            };
            let uid = shown(&items[0], 0x0008, 0x1155).unwrap_or_default();
            let meaning = shown(&items[0], 0x0008, 0x0104).unwrap_or_default();
            let cleaned = meaning.starts_with("Mr. [NAME");
            uid.starts_with("2.25.")
                && shown(&items[0], 0x0018, 0x0050).as_deref() == Some("5.0")
                && cleaned == (outcome == "walked")
        }
        _ => return wrong("an unknown outcome"),
    };
    if holds {
        Ok(())
    } else {
        wrong("another outcome")
    }
}

fn every_row(is_nested: bool) {
    let rows = rows();
    assert_eq!(rows.len(), 621);
    let mut wrong = Vec::new();
    for (pattern, vr, outcome) in rows {
        let tag = covered(&pattern);
        if tag.0 == 0x0002 {
            // File meta information is made anew: see below.
            continue;
        }
        let planted = planted(vr);
        let element = Element {
            tag,
            vr,
            value: planted.clone(),
        };
        let mut file = file_with(element, is_nested);
        if pattern == "0010,0010" && !is_nested {
            text(&mut file.data, 0x0010, 0x0010, Vr::Pn, "Quillfeather^Ada");
        }
        let bytes = output(&file.write());
        let back = parsed(&bytes);
        let data = if is_nested {
            &items(&items(&back.data, 0x0008, 0x1115)[0], 0x0008, 0x1199)[0]
        } else {
            &back.data
        };
        if let Err(why) = check(data.find(tag), &planted, outcome) {
            wrong.push(format!("{pattern} {vr:?} {outcome}: {why}"));
        }
        let secrets = ["uillfeather", "QUILLFEATHER", "770912", "091277", "77.0912"];
        if outcome != "kept" && secrets.iter().any(|secret| holds(&bytes, secret)) {
            wrong.push(format!("{pattern} {vr:?} {outcome}: the value survives"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_has_its_outcome() {
    every_row(false);
}

#[test]
fn every_row_has_its_outcome_inside_sequences() {
    every_row(true);
}

#[test]
fn the_file_meta_information_names_the_new_instance() {
    let file = file_with(Element::text(Tag(0x0018, 0x0050), Vr::Ds, "5.0"), false);
    let bytes = output(&file.write());
    let instance = shown(&parsed(&bytes).data, 0x0008, 0x0018).unwrap();
    let named = bytes
        .windows(instance.len())
        .filter(|window| *window == instance.as_bytes());
    assert_eq!(named.count(), 2, "in (0002,0003) and in (0008,0018)");
    assert!(!holds(&bytes, "1.2.826"));
}

#[test]
fn all_rows_at_once_leave_nothing_and_stay_valid() {
    let mut file = DicomFile::new(Syntax::EXPLICIT_LITTLE, CT, "1.2.826.0.1.3680043.770912");
    for (pattern, vr, outcome) in rows() {
        let tag = covered(&pattern);
        if tag.0 != 0x0002 && outcome != "kept" && tag != Tag(0x0008, 0x0018) {
            let value = planted(vr);
            file.data.put(Element { tag, vr, value });
        }
    }
    let (bytes, _, crosswalk) = run(&file.write(), Crosswalk::new(), &Imaging::default()).unwrap();
    for secret in ["uillfeather", "QUILLFEATHER", "770912", "091277", "77.0912"] {
        assert!(!holds(&bytes, secret), "{secret}");
    }
    let (again, ..) = run(&bytes, crosswalk, &Imaging::default()).unwrap();
    assert_eq!(again, bytes);
}
