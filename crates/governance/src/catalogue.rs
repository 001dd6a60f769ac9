use std::sync::LazyLock;

use domain::{Code, Explain};
use thiserror::Error;

use crate::{Citation, Duty, Mode, Origin, Requirement, codes};

/// The requirements and the citations behind them, in the order of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    requirements: Vec<Requirement>,
    citations: Vec<Citation>,
}

/// Why a catalogue cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogueError {
    /// A line with too few or too many fields, or an unknown word in one.
    #[error("line {line} of table `{table}` cannot be read")]
    Line {
        /// Which table.
        table: &'static str,
        /// Which line, counted from 1.
        line: usize,
    },
    /// No requirement has this id.
    #[error("no requirement has this id")]
    Unknown,
}

/// The catalogue of the product, parsed once.
///
/// ```
/// use cloister_governance::catalogue;
/// let requirement = catalogue().get("aud-immutable").unwrap();
/// assert_eq!(requirement.mode.word(), "enforced");
/// assert_eq!(catalogue().main().count(), 307);
/// ```
pub fn catalogue() -> &'static Catalogue {
    #[expect(
        clippy::expect_used,
        reason = "the tables are compiled in and a test reads them"
    )]
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read().expect("the compiled-in tables"));
    &CATALOGUE
}

impl Catalogue {
    /// Every requirement: the 307, then the 42.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// The 307 requirements of the product.
    pub fn main(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements
            .iter()
            .filter(|requirement| requirement.origin == Origin::Main)
    }

    /// The 42 that HIPAA or its neighbours ask for besides.
    pub fn beyond(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements
            .iter()
            .filter(|requirement| requirement.origin == Origin::Beyond)
    }

    /// The requirement with an id.
    pub fn get(&self, id: &str) -> Result<&Requirement, CatalogueError> {
        self.requirements
            .iter()
            .find(|requirement| requirement.id == id)
            .ok_or(CatalogueError::Unknown)
    }

    /// The requirements of an area.
    pub fn of_area(&self, area: &str) -> impl Iterator<Item = &Requirement> {
        self.requirements
            .iter()
            .filter(move |requirement| requirement.area == area)
    }

    /// The requirements of a mode.
    pub fn of_mode(&self, mode: Mode) -> impl Iterator<Item = &Requirement> {
        self.requirements
            .iter()
            .filter(move |requirement| requirement.mode == mode)
    }

    /// The areas, in alphabetical order.
    pub fn areas(&self) -> Vec<&'static str> {
        let mut areas: Vec<_> = self
            .requirements
            .iter()
            .map(|requirement| requirement.area)
            .collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// The 149 paragraphs.
    pub fn citations(&self) -> &[Citation] {
        &self.citations
    }

    /// The paragraphs that a reference such as `164.308(a)(4)(ii)(B)-(C)` means; none for a
    /// reference outside the HIPAA rules.
    pub fn paragraphs(&self, reference: &str) -> impl Iterator<Item = &Citation> {
        self.citations
            .iter()
            .filter(move |citation| citation.is_meant_by(reference))
    }

    /// The requirements that answer a paragraph.
    pub fn answering(&self, paragraph: &Citation) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(|requirement| {
            requirement
                .citations
                .iter()
                .any(|reference| paragraph.is_meant_by(reference))
        })
    }

    fn read() -> Result<Self, CatalogueError> {
        let main = rows("requirements", REQUIREMENTS, |fields| {
            requirement(fields, Origin::Main)
        })?;
        let beyond = rows("beyond", BEYOND, |fields| {
            requirement(fields, Origin::Beyond)
        })?;
        Ok(Self {
            requirements: [main, beyond].concat(),
            citations: rows("hipaa", HIPAA, citation)?,
        })
    }
}

impl Explain for CatalogueError {
    fn code(&self) -> Code {
        match self {
            Self::Line { .. } => codes::CATALOGUE,
            Self::Unknown => codes::UNKNOWN,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Line { .. } => "use the tables that come with Cloister".to_owned(),
            Self::Unknown => "see `cloister control list` for the ids".to_owned(),
        }
    }
}

/// The lines of a table after its heading.
fn rows<T>(
    table: &'static str,
    text: &'static str,
    row: impl Fn(&[&'static str]) -> Option<T>,
) -> Result<Vec<T>, CatalogueError> {
    text.lines()
        .enumerate()
        .skip(1)
        .map(|(position, line)| {
            let fields: Vec<_> = line.split('\t').collect();
            row(&fields).ok_or(CatalogueError::Line {
                table,
                line: position + 1,
            })
        })
        .collect()
}

fn requirement(fields: &[&'static str], origin: Origin) -> Option<Requirement> {
    let &[id, area, stage, text, hipaa, mode, software] = fields else {
        return None;
    };
    if [id, area, stage, text, software].contains(&"") {
        return None;
    }
    Some(Requirement {
        id,
        area,
        stage,
        text,
        citations: references(hipaa),
        mode: Mode::parse(mode)?,
        software,
        origin,
    })
}

fn references(hipaa: &'static str) -> Vec<&'static str> {
    hipaa
        .split(';')
        .map(str::trim)
        .filter(|reference| !reference.is_empty())
        .collect()
}

fn citation(fields: &[&'static str]) -> Option<Citation> {
    let &[paragraph, title, duty, text] = fields else {
        return None;
    };
    Some(Citation {
        paragraph,
        title,
        duty: Duty::parse(duty)?,
        text,
    })
}

const REQUIREMENTS: &str = include_str!("../data/requirements.tsv");
const BEYOND: &str = include_str!("../data/beyond.tsv");
const HIPAA: &str = include_str!("../data/hipaa.tsv");
