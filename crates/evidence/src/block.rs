//! The pieces a page is made of: what a section says, before any markup.

/// One numbered section of the report.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Anchor.
    pub(crate) id: &'static str,
    /// Heading.
    pub(crate) title: &'static str,
    /// What the reader should take from it, one or two sentences.
    pub(crate) lead: String,
    /// Its content.
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// Name and value, in pairs.
    Facts(Vec<(&'static str, Cell)>),
    /// A table with its caption.
    Table(Table),
    /// A drawing made by `chart`, with its caption.
    Figure { svg: String, caption: String },
    /// A heading below the section's.
    Heading(String),
    /// A sentence to the reader.
    Note(String),
    /// Sentences, one an item.
    List(Vec<String>),
    /// Text kept letter by letter, such as a key.
    Verbatim { caption: &'static str, text: String },
}

/// A table; the first column holds the row's heading.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The heading of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    pub(crate) numeric: bool,
}

/// One cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

/// How a cell is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
    Muted,
    Code,
    Hash,
    Id,
}

impl Tone {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Muted => "muted",
            Self::Code => "code",
            Self::Hash => "code hash",
            Self::Id => "code id",
        }
    }
}

impl Column {
    /// A column of words.
    pub(crate) const fn text(title: &'static str) -> Self {
        Self {
            title,
            numeric: false,
        }
    }

    /// A column of numbers.
    pub(crate) const fn number(title: &'static str) -> Self {
        Self {
            title,
            numeric: true,
        }
    }
}

impl Cell {
    /// Plain text.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Tone::Plain,
        }
    }

    /// A key or the name of a column.
    pub(crate) fn code(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Tone::Code,
        }
    }

    /// A long row of digits that may break anywhere.
    pub(crate) fn hash(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Tone::Hash,
        }
    }

    /// Something that is not there.
    pub(crate) fn muted(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Tone::Muted,
        }
    }

    /// A verdict.
    pub(crate) fn verdict(good: bool, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: if good { Tone::Good } else { Tone::Bad },
        }
    }

    /// The value, or the sign for nothing.
    pub(crate) fn maybe(value: Option<String>) -> Self {
        value.map_or_else(|| Self::muted(crate::figures::NOTHING), Self::plain)
    }

    /// An index in the audit log.
    pub(crate) fn log(index: Option<u64>) -> Self {
        Self::maybe(index.map(|index| format!("#{}", crate::figures::count(index))))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}
