use super::{Block, Cell, Column, Section, Tone, absent, table};
use crate::{
    KEY_FILE, MANIFEST_FILE, Pack, SIGNATURE_FILE,
    figures::{count, moment},
    pack::{ControlRow, ControlState, Controls},
};

pub(super) fn controls(pack: &Pack) -> Section {
    let title = "Which duties this answers";
    let Some(facts) = &pack.controls else {
        return absent(
            "controls",
            title,
            "the catalogue of duties was not consulted",
        );
    };
    let total = facts.holds + facts.partly + facts.needs_people + facts.not_covered;
    Section {
        id: "controls",
        title,
        lead: format!(
            "Of {} requirements in the {}, {} hold on the evidence there is. A requirement without evidence is never counted as holding.",
            count(total),
            facts.catalogue,
            count(facts.holds)
        ),
        blocks: vec![states(facts, total), rows(facts)],
    }
}

fn states(facts: &Controls, total: u64) -> Block {
    let row = |state: ControlState, number: u64, meaning: &str| {
        let share = if total == 0 {
            0.0
        } else {
            number as f64 / total as f64
        };
        vec![
            verdict(state),
            Cell::plain(count(number)),
            Cell::plain(crate::figures::percent(share)),
            Cell::plain(meaning),
        ]
    };
    table(
        "Requirements by state",
        &[
            Column::text("State"),
            Column::number("Requirements"),
            Column::number("Share"),
            Column::text("Meaning"),
        ],
        vec![
            row(
                ControlState::Holds,
                facts.holds,
                "evidence shows that it holds",
            ),
            row(
                ControlState::Partly,
                facts.partly,
                "evidence shows a part of it",
            ),
            row(
                ControlState::NeedsPeople,
                facts.needs_people,
                "only people can do it and attest it",
            ),
            row(
                ControlState::NotCovered,
                facts.not_covered,
                "nothing answers it yet",
            ),
        ],
    )
}

fn rows(facts: &Controls) -> Block {
    if facts.rows.is_empty() {
        return Block::Note("This run adds no evidence to single requirements.".to_owned());
    }
    table(
        "Requirements to which this run speaks",
        &[
            Column::text("Id"),
            Column::text("Requirement"),
            Column::text("Citation"),
            Column::text("Mode"),
            Column::text("State"),
            Column::text("Rests on"),
        ],
        facts.rows.iter().map(control).collect(),
    )
}

fn control(row: &ControlRow) -> Vec<Cell> {
    vec![
        Cell {
            text: row.id.clone(),
            tone: Tone::Id,
        },
        Cell::plain(&*row.title),
        Cell::plain(&*row.citation),
        Cell::plain(&*row.mode),
        verdict(row.state),
        Cell::plain(&*row.evidence),
    ]
}

fn verdict(state: ControlState) -> Cell {
    let tone = match state {
        ControlState::Holds => Tone::Good,
        ControlState::NotCovered => Tone::Bad,
        ControlState::Partly | ControlState::NeedsPeople => Tone::Plain,
    };
    Cell {
        text: state.word().to_owned(),
        tone,
    }
}

pub(super) fn log(pack: &Pack) -> Section {
    let facts = &pack.log;
    let entries = facts
        .entries
        .map(|(first, last)| format!("#{} to #{}", count(first), count(last)));
    Section {
        id: "log",
        title: "The audit log",
        lead: format!(
            "The signed checkpoint covers {} entries. Whoever keeps it can check the log against it later and see whether an entry was changed, taken out or cut off.",
            count(facts.size)
        ),
        blocks: vec![
            Block::Facts(vec![
                ("Entries under the root", Cell::plain(count(facts.size))),
                ("Entries of this run", Cell::maybe(entries)),
                ("Merkle root (RFC 6962)", Cell::hash(facts.root.to_string())),
                ("Signed", Cell::plain(moment(facts.at))),
                ("Signed by", Cell::code(facts.signed_by.as_str())),
                ("Signature", Cell::hash(&*facts.signature)),
            ]),
            Block::Verbatim {
                caption: "Public key of the checkpoint",
                text: facts.public_key_pem.clone(),
            },
        ],
    }
}

pub(super) fn not_shown(pack: &Pack) -> Section {
    let mut items = pack.not_shown.clone();
    items.push(
        "Whether the law is met: that is for people to judge, and this page is evidence for them, not a certificate."
            .to_owned(),
    );
    Section {
        id: "not-shown",
        title: "What this pack does not show",
        lead: "Read this before relying on the rest.".to_owned(),
        blocks: vec![Block::List(items)],
    }
}

pub(super) fn verification(pack: &Pack) -> Section {
    Section {
        id: "verification",
        title: "How to check this pack",
        lead: "The check needs no network and no trust in whoever handed the pack over, only the signer's public key from another source.".to_owned(),
        blocks: vec![
            Block::List(vec![
                format!("{MANIFEST_FILE} lists every file with its SHA-256; {SIGNATURE_FILE} signs it; {KEY_FILE} is the key, whose fingerprint is to be compared with one from elsewhere."),
                "report.json holds every figure of this page, letter for letter the same data.".to_owned(),
                "The same inputs give the same bytes, so a pack can be made again and compared.".to_owned(),
            ]),
            Block::Verbatim {
                caption: "On a machine with the program",
                text: format!("cloister report verify DIR    # study {}, run {}", pack.study.id, pack.study.run),
            },
        ],
    }
}
