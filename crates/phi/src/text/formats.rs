//! Formats that a number opens: one multi-pattern automaton, anchored where the number begins.

use regex_automata::{Anchored, Input, PatternID, meta::Regex, util::syntax};

/// What a number may open, in order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `2021-03-14`, `2021-03-14T10:00:00Z`.
    IsoDate,
    /// `2021/3/14`.
    YearFirst,
    /// `123-45-6789`.
    Ssn,
    /// `3/14/2021`, `14-3-21`.
    Slashed,
    /// `14.3.2021`.
    Dotted,
    /// `14 March 2021`, `14-Mar-21`.
    DayMonthYear,
    /// `14 March`, `14th of March`.
    DayMonth,
    /// `4111 1111 1111 1111`.
    Card,
    /// `(212) 555-0123 ext. 4`.
    Phone,
    /// `+49 30 1234567`.
    Abroad,
    /// `10.0.0.1`.
    Ip,
    /// `62701-1234`.
    ZipPlus,
    /// `2021-03`, `3/2021`.
    MonthYear,
    /// `3/14`.
    MonthDay,
    /// `555-0123`.
    Local,
    /// `(01)00844588003288(17)141120(10)7654321D`.
    Udi,
    /// `1EG4-TE5-MK73`.
    Mbi,
}

/// The automaton over all formats, and the one for dates that a month opens.
#[derive(Debug)]
pub(crate) struct Formats {
    numbers: Option<Regex>,
    months: Option<Regex>,
}

impl Formats {
    /// Builds both automata.
    pub(crate) fn new() -> Self {
        let numbers: Vec<String> = NUMBERS.iter().map(|(_, pattern)| expand(pattern)).collect();
        Self {
            numbers: build(&numbers),
            months: build(&[expand(MONTH_FIRST)]),
        }
    }

    /// The format that opens at byte `start`, and where it ends.
    pub(crate) fn number(&self, text: &[u8], start: usize) -> Option<(Format, usize)> {
        let (pattern, end) = anchored(self.numbers.as_ref()?, text, start)?;
        let (format, _) = NUMBERS.get(pattern.as_usize())?;
        Some((*format, end))
    }

    /// Where the date that the month at byte `start` opens ends: `March 3rd, 2021`, `Mar 2021`.
    pub(crate) fn month(&self, text: &[u8], start: usize) -> Option<usize> {
        anchored(self.months.as_ref()?, text, start).map(|(_, end)| end)
    }
}

fn anchored(regex: &Regex, text: &[u8], start: usize) -> Option<(PatternID, usize)> {
    let end = text.len().min(start + REACH_BYTES);
    let input = Input::new(text).range(start..end).anchored(Anchored::Yes);
    let half = regex.search_half(&input)?;
    Some((half.pattern(), half.offset()))
}

fn build(patterns: &[String]) -> Option<Regex> {
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    let config = Regex::config().utf8_empty(false);
    let built = Regex::builder()
        .syntax(syntax)
        .configure(config)
        .build_many(patterns);
    debug_assert!(built.is_ok(), "the patterns are constants");
    built.ok()
}

fn expand(pattern: &str) -> String {
    pattern
        .replace("MONTH", MONTH)
        .replace("YEAR", "(?:18|19|20)[0-9]{2}")
        .replace("DAY", "(?:0?[1-9]|[12][0-9]|3[01])")
        .replace("MM", "(?:0?[1-9]|1[0-2])")
        .replace('~', BREAK)
}

/// No format is longer.
const REACH_BYTES: usize = 96;

/// A blank or a line break inside an identifier.
const BREAK: &str = r"[ \t]?(?:\r?\n[ \t]*)?";

const MONTH: &str = "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

const MONTH_FIRST: &str = r"MONTH\b(?:\.?,?[ \t]*\r?\n?[ \t]*[-/]?(?:the )?DAY(?i:st|nd|rd|th)?(?:[ \t]?(?:-|to|through|and|&|or)[ \t]?DAY(?i:st|nd|rd|th)?\b)?(?:,?[ \t]*\r?\n?[ \t]*(?:of )?YEAR\b|,?[ \t]?'[0-9]{2}\b|[-/][0-9]{2}\b)?\b|\.?,?[ \t]*\r?\n?[ \t]*(?:of )?(?:'[0-9]{2}|[-/]?YEAR|-[0-9]{2})\b)";

const NUMBERS: &[(Format, &str)] = &[
    (
        Format::IsoDate,
        r"YEAR-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?| [0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?)?\b",
    ),
    (Format::YearFirst, r"YEAR~[-/.]~MM~[-/.]~DAY\b"),
    (
        Format::Ssn,
        r"(?:[0-9]{3}~-~[0-9]{2}~-~[0-9]{4}|[0-9]{3}[ .][0-9]{2}[ .][0-9]{4})\b",
    ),
    (
        Format::Slashed,
        r"[0-3]?[0-9]~[-/]~[0-3]?[0-9]~[-/]~(?:YEAR|'?[0-9]{2})\b",
    ),
    (Format::Ip, r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
    (
        Format::Dotted,
        r"[0-3]?[0-9]\. ?[0-3]?[0-9]\. ?(?:YEAR|[0-9]{2})\b",
    ),
    (
        Format::DayMonthYear,
        r"DAY(?i:st|nd|rd|th)?[-/., \t]*\r?\n?[ \t]*(?:(?:day )?of )?MONTH\b\.?,?[-/ \t]*\r?\n?[ \t]*(?:of )?(?:YEAR|'[0-9]{2})\b",
    ),
    (
        Format::DayMonthYear,
        r"DAY[-/]?MONTH[-/]?[0-9]{2}(?:[0-9]{2})?\b",
    ),
    (
        Format::DayMonth,
        r"DAY(?i:st|nd|rd|th)?[- \t]\r?\n?[ \t]*(?:(?:day )?of )?MONTH\b",
    ),
    (
        Format::Card,
        r"[0-9]{4}(?:[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{1,7}|[ -][0-9]{6}[ -][0-9]{5})\b",
    ),
    (
        Format::Phone,
        r"\+?(?:1~[-. ]?~)?(?:\([0-9]{3}\)~[-. ]?~|[0-9]{3}~[-./ ]~)[0-9]{3}~[-. ]~[0-9]{4}(?:[ ,;]*(?i:x|ext|extension)[ .:]*[0-9]{1,6})?\b",
    ),
    (
        Format::Abroad,
        r"\+[0-9]{1,3}(?:[ .\-]?(?:\([0-9]{1,5}\)|[0-9]{1,5})){2,6}\b",
    ),
    (Format::ZipPlus, r"[0-9]{5}-[0-9]{4}\b"),
    (
        Format::MonthYear,
        r"(?:YEAR[-/](?:0[1-9]|1[0-2])|MM[-/]YEAR)\b",
    ),
    (Format::MonthDay, r"MM/DAY\b"),
    (
        Format::Local,
        r"[0-9]{3}(?:[-.]|-\r?\n[ \t]*)[0-9]{4}(?:[ ,]*(?i:x|ext|extension)[ .:]*[0-9]{1,6})?\b",
    ),
    (
        Format::Udi,
        r"\(01\)[0-9]{14}(?:\([0-9]{2}\)[0-9A-Za-z]{1,20})*",
    ),
    (
        Format::Mbi,
        r"[1-9][A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z]{2}[0-9]{2}\b",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_told_from_its_first_digit() {
        let formats = Formats::new();
        let cases = [
            ("2021-03-14T10:00Z.", Format::IsoDate, 17),
            ("123-45-6789", Format::Ssn, 11),
            ("3/14/2021,", Format::Slashed, 9),
            ("14-Mar-21", Format::DayMonthYear, 9),
            ("3rd of May", Format::DayMonth, 10),
            ("(212) 555-\n0123", Format::Phone, 15),
            ("4111 1111 1111 1111", Format::Card, 19),
            ("10.0.0.1", Format::Ip, 8),
            ("3/2021", Format::MonthYear, 6),
            ("3/14 at", Format::MonthDay, 4),
            ("1EG4-TE5-MK73", Format::Mbi, 13),
        ];
        for (text, format, end) in cases {
            assert_eq!(
                formats.number(text.as_bytes(), 0),
                Some((format, end)),
                "{text}"
            );
        }
        assert_eq!(formats.number(b"120/80 mmHg", 0), None);
        assert_eq!(formats.month(b"March 3rd, 2021.", 0), Some(15));
        assert_eq!(formats.month(b"may be", 0), None);
    }
}
