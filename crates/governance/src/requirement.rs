use serde::Serialize;

/// One duty, in our own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Short stable name, such as `aud-immutable`.
    pub id: &'static str,
    /// Subject area, such as `audit`.
    pub area: &'static str,
    /// When in the life of a system it matters: design, prepare, train, validate, deploy, operate
    /// or govern.
    pub stage: &'static str,
    /// What is asked.
    pub text: &'static str,
    /// The paragraphs behind it, as written; empty for good practice without a paragraph.
    pub citations: Vec<&'static str>,
    /// How it can be shown.
    pub mode: Mode,
    /// What the finished product is to do about it: the measure for [`crate::Coverage::Full`].
    pub software: &'static str,
    /// Which table it comes from.
    pub origin: Origin,
}

/// How a requirement can be shown to be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The software makes the opposite impossible, and a test tries it.
    Enforced,
    /// The software collects proof by itself.
    Evidenced,
    /// People do it and sign for it; the software keeps the record.
    Attested,
}

/// The table a requirement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The 307 requirements of the product.
    Main,
    /// The 42 that HIPAA or its neighbours ask for besides.
    Beyond,
}

impl Mode {
    /// All modes, the strongest first.
    pub const ALL: [Self; 3] = [Self::Enforced, Self::Evidenced, Self::Attested];

    /// The word of the tables and of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Evidenced => "evidenced",
            Self::Attested => "attested",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
