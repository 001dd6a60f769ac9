//! The report as one page: sections in the order of the life of data, then markup by a template.

mod governing;
mod headline;
mod incoming;
mod modelling;
mod outgoing;
mod protecting;
mod validation;

use askama::Template;

use crate::{
    Pack,
    block::{Block, Cell, Column, Section, Table, Tone},
    figures::moment,
};
use headline::{Tile, tiles};

/// The page with everything it needs.
#[derive(Debug, Template)]
#[template(path = "report.html")]
struct Page<'a> {
    title: &'a str,
    subtitle: String,
    synthetic: bool,
    facts: Vec<(&'static str, String)>,
    tiles: Vec<Tile>,
    sections: Vec<Section>,
    program: &'a str,
    finished: String,
}

/// The whole page.
pub(crate) fn html(pack: &Pack) -> Result<String, askama::Error> {
    let study = &pack.study;
    let page = Page {
        title: &study.title,
        subtitle: format!("Evidence pack of study {}, run {}", study.id, study.run),
        synthetic: study.synthetic,
        facts: vec![
            ("Owner", study.owner.clone()),
            ("Purpose", study.purpose.to_string()),
            (
                "Legal basis",
                format!("{} ({})", study.legal_basis, study.legal_basis.citation()),
            ),
            ("Started", moment(study.started)),
            ("Finished", moment(study.finished)),
            ("Written by", study.program.clone()),
        ],
        tiles: tiles(pack),
        sections: sections(pack),
        program: &study.program,
        finished: moment(study.finished),
    };
    page.render()
}

fn sections(pack: &Pack) -> Vec<Section> {
    vec![
        headline::stages(pack),
        incoming::sources(pack),
        incoming::field_map(pack),
        incoming::encryption(pack),
        protecting::deidentification(pack),
        protecting::risk(pack),
        modelling::training(pack),
        modelling::ledger(pack),
        validation::quality(pack),
        validation::leakage(pack),
        outgoing::model(pack),
        outgoing::serving(pack),
        outgoing::monitoring(pack),
        governing::controls(pack),
        governing::log(pack),
        governing::not_shown(pack),
        governing::verification(pack),
    ]
}

/// A section of something the study did not do.
fn absent(id: &'static str, title: &'static str, what: &str) -> Section {
    Section {
        id,
        title,
        lead: format!("Not part of this study: {what}."),
        blocks: Vec::new(),
    }
}

fn table(caption: impl Into<String>, columns: &[Column], rows: Vec<Vec<Cell>>) -> Block {
    Block::Table(Table {
        caption: caption.into(),
        columns: columns.to_vec(),
        rows,
    })
}

fn figure(svg: String, caption: impl Into<String>) -> Block {
    Block::Figure {
        svg,
        caption: caption.into(),
    }
}

/// `1 row`, `2 rows`.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        crate::figures::count(number),
        if number == 1 { one } else { many }
    )
}
