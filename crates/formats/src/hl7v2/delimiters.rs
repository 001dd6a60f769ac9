/// The delimiters a message declares in MSH-1 and MSH-2.
///
/// ```
/// use cloister_formats::hl7v2::Delimiters;
/// let usual = Delimiters::default();
/// assert_eq!((usual.field, usual.component, usual.escape), (b'|', b'^', Some(b'\\')));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Between fields, usually `|`.
    pub field: u8,
    /// Between components, usually `^`.
    pub component: u8,
    /// Between repetitions, usually `~`.
    pub repetition: u8,
    /// Around escapes, usually `\`; a message may declare none.
    pub escape: Option<u8>,
    /// Between subcomponents, usually `&`; a message may declare none.
    pub subcomponent: Option<u8>,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self {
            field: b'|',
            component: b'^',
            repetition: b'~',
            escape: Some(b'\\'),
            subcomponent: Some(b'&'),
        }
    }
}

impl Delimiters {
    /// The delimiters of a header line, or what is wrong with them.
    pub(super) fn of(line: &[u8]) -> Result<Self, &'static str> {
        let field = *line.get(3).ok_or(NO_FIELD)?;
        if !may_delimit(field) {
            return Err(NO_FIELD);
        }
        let rest = line.get(4..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| *byte == field || matches!(byte, b'\r' | b'\n'))
            .unwrap_or(rest.len());
        let declared = rest.get(..end).unwrap_or_default();
        if declared.is_empty() && !line.starts_with(b"MSH") {
            return Ok(Self {
                field,
                ..Self::default()
            });
        }
        Self::declared(field, declared)
    }

    fn declared(field: u8, declared: &[u8]) -> Result<Self, &'static str> {
        let sound = (2..=5).contains(&declared.len())
            && declared.iter().all(|byte| may_delimit(*byte))
            && (0..declared.len()).all(|at| {
                let byte = declared.get(at);
                !declared
                    .get(..at)
                    .unwrap_or_default()
                    .iter()
                    .any(|earlier| Some(earlier) == byte)
            })
            && !declared.contains(&field);
        if !sound {
            return Err(NOT_DELIMITERS);
        }
        let usual = Self::default();
        Ok(Self {
            field,
            component: declared.first().copied().unwrap_or(usual.component),
            repetition: declared.get(1).copied().unwrap_or(usual.repetition),
            escape: declared.get(2).copied(),
            subcomponent: declared.get(3).copied(),
        })
    }
}

/// Whether a byte can be a delimiter: a visible mark of ASCII that is neither letter nor digit.
pub(super) const fn may_delimit(byte: u8) -> bool {
    byte.is_ascii_punctuation()
}

const NO_FIELD: &str = "the header declares no field delimiter";
const NOT_DELIMITERS: &str = "the header declares no usable delimiters";
