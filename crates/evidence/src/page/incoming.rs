use super::{Block, Cell, Column, Section, absent, counted, table};
use crate::{
    Pack,
    figures::{bytes, count, percent},
    pack::{FieldRow, Source},
};

pub(super) fn sources(pack: &Pack) -> Section {
    let dropped: usize = pack
        .sources
        .iter()
        .map(|source| source.columns_dropped.len())
        .sum();
    let columns = [
        Column::text("File"),
        Column::text("Format"),
        Column::number("Size"),
        Column::number("Rows"),
        Column::number("Persons"),
        Column::number("Columns taken"),
        Column::number("Left outside"),
        Column::text("SHA-256 of the file"),
    ];
    let mut blocks = vec![table(
        "The files as they were read; the hash says which bytes",
        &columns,
        pack.sources.iter().map(source).collect(),
    )];
    blocks.push(Block::Heading("Minimum necessary".to_owned()));
    blocks.push(table(
        "Columns taken in and columns the study did not declare (45 CFR 164.502(b))",
        &[
            Column::text("Dataset"),
            Column::text("Taken in"),
            Column::text("Left outside"),
        ],
        pack.sources.iter().map(necessary).collect(),
    ));
    Section {
        id: "sources",
        title: "What came in",
        lead: format!(
            "{}; {} stayed outside because the study does not need them.",
            counted(pack.sources.len() as u64, "file", "files"),
            counted(dropped as u64, "column", "columns")
        ),
        blocks,
    }
}

fn source(source: &Source) -> Vec<Cell> {
    vec![
        Cell::code(&*source.file),
        Cell::plain(&*source.format),
        Cell::plain(bytes(source.bytes)),
        Cell::plain(count(source.rows)),
        Cell::maybe(source.persons.map(count)),
        Cell::plain(count(source.columns_taken.len() as u64)),
        Cell::plain(count(source.columns_dropped.len() as u64)),
        Cell::hash(source.sha256.to_string()),
    ]
}

fn necessary(source: &Source) -> Vec<Cell> {
    let names = |names: &[String]| {
        if names.is_empty() {
            Cell::muted("none")
        } else {
            Cell::code(names.join(", "))
        }
    };
    vec![
        Cell::plain(source.dataset.as_str()),
        names(&source.columns_taken),
        names(&source.columns_dropped),
    ]
}

pub(super) fn field_map(pack: &Pack) -> Section {
    if pack.field_map.is_empty() {
        return absent(
            "fields",
            "What the fields are",
            "columns and text were not classified",
        );
    }
    let identifiers = pack
        .field_map
        .iter()
        .filter(|row| row.category.is_some())
        .count();
    let columns = [
        Column::text("Field"),
        Column::text("Dataset"),
        Column::text("Safe Harbor category"),
        Column::text("Grade"),
        Column::number("Confidence"),
        Column::text("Because of"),
        Column::text("Handling"),
    ];
    Section {
        id: "fields",
        title: "What the fields are",
        lead: format!(
            "{} of {} fields hold identifiers in the sense of 45 CFR 164.514(b)(2)(i).",
            count(identifiers as u64),
            count(pack.field_map.len() as u64)
        ),
        blocks: vec![table(
            "Each column or text field; no value from the data stands here",
            &columns,
            pack.field_map.iter().map(field).collect(),
        )],
    }
}

fn field(row: &FieldRow) -> Vec<Cell> {
    let grade = serde_json::to_value(row.sensitivity);
    let grade = grade.ok().and_then(|word| word.as_str().map(str::to_owned));
    vec![
        Cell::code(&*row.field),
        Cell::plain(row.dataset.as_str()),
        Cell::maybe(row.category.map(|category| category.to_string())),
        Cell::maybe(grade),
        Cell::plain(percent(row.confidence)),
        Cell::plain(&*row.because),
        Cell::plain(&*row.handling),
    ]
}

pub(super) fn encryption(pack: &Pack) -> Section {
    let Some(facts) = &pack.encryption else {
        return absent("sealing", "How it is sealed", "no object was sealed");
    };
    Section {
        id: "sealing",
        title: "How it is sealed",
        lead: format!(
            "{} sealed, {} read back and authenticated, {} found unencrypted.",
            counted(facts.objects, "object", "objects"),
            count(facts.verified),
            count(facts.plaintext_found)
        ),
        blocks: vec![Block::Facts(vec![
            ("Cipher", Cell::plain(&*facts.cipher)),
            (
                "Data keys",
                Cell::plain(format!("{}, one a dataset", count(facts.data_keys))),
            ),
            ("Key wrapping", Cell::plain(&*facts.key_wrapping)),
            ("Key-encryption key", Cell::code(facts.key.as_str())),
            ("Keystore", Cell::plain(&*facts.keystore)),
            ("Sealed", Cell::plain(bytes(facts.bytes))),
            (
                "Unencrypted objects",
                Cell::verdict(facts.plaintext_found == 0, count(facts.plaintext_found)),
            ),
        ])],
    }
}
