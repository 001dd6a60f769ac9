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
    /// `3/14`, `11/98`.
    MonthDay,
    /// `11-02`, `on 11-19`.
    HyphenDay,
    /// `21/09`, which needs a word before it.
    DayFirst,
    /// `3/3-3/7`, `3/3 - 3/7/2021`.
    DayRange,
    /// `03 14 1950`, which needs a word before it.
    Spaced,
    /// `14 de marzo de 2021`, `1er avril`, `3. Oktober`.
    Foreign,
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
            months: build(
                &MONTH_FIRST
                    .iter()
                    .map(|pattern| expand(pattern))
                    .collect::<Vec<_>>(),
            ),
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
        .replace("STAMP", STAMP)
        .replace("FOREIGN", FOREIGN)
        .replace("MONTH", MONTH)
        .replace("NTH", NTH)
        .replace("YEAR", "(?:18|19|20)[0-9]{2}")
        .replace("DAY", "(?:0?[1-9]|[12][0-9]|3[01])")
        .replace("MM", "(?:0?[1-9]|1[0-2])")
        .replace('~', BREAK)
}

/// No format is longer.
pub(crate) const REACH_BYTES: usize = 96;

/// A blank or a line break inside an identifier.
const BREAK: &str = r"[ \t]?(?:\r?\n[ \t]*)?";

const MONTH: &str = "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

/// Months in Spanish, French, German, Italian, Portuguese and Dutch, where they are not as in
/// English.
const FOREIGN: &str = r"(?i:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janvier|f(?:\xC3[\xA9\x89]|e)vrier|mars|avril|mai|juin|juillet|ao(?:\xC3[\xBB\x9B]|u)t|septembre|octobre|novembre|d(?:\xC3[\xA9\x89]|e)cembre|januar|februar|j(?:\xC3[\xA4\x84]|ae)nner|m(?:\xC3[\xA4\x84]|ae)rz|juni|juli|oktober|dezember|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|mar(?:\xC3[\xA7\x87]|c)o|maio|junho|julho|setembro|outubro|novembro|dezembro|januari|februari|maart|mei|augustus|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze(?:\xC5[\x9B\x9A]|s)nia|pa(?:\xC5[\xBA\xB9]|z)dziernika|listopada|grudnia|ocak|(?:\xC5[\x9F\x9E]|s)ubat|nisan|may(?:\xC4\xB1|i)s|haziran|temmuz|a(?:\xC4[\x9F\x9E]|g)ustos|eyl(?:\xC3[\xBC\x9C]|u)l|ekim|kas(?:\xC4\xB1|i)m|aral(?:\xC4\xB1|i)k|marts|maj|augusti|desember|tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kes(?:\xC3\xA4|a)kuuta|hein(?:\xC3\xA4|a)kuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta|ledna|(?:\xC3\xBA|u)nora|b(?:\xC5\x99|r)ezna|dubna|kv(?:\xC4\x9B|e)tna|(?:\xC4\x8D|c)ervna|(?:\xC4\x8D|c)ervence|srpna|z(?:\xC3\xA1|a)(?:\xC5\x99|r)(?:\xC3\xAD|i)|(?:\xC5\x99|r)(?:\xC3\xAD|i)jna|prosince|ianuarie|februarie|martie|aprilie|iunie|iulie|noiembrie|decembrie|muharram|safar|rajab|sha'?ban|ramadan|shawwal|tishrei|cheshvan|kislev|tevet|shevat|adar|iyar|sivan|tammuz|elul)";

/// `st`, `nd`, `rd`, `th`.
const NTH: &str = "(?i:st|nd|rd|th)";

/// The time of day that is glued to a whole date by a blank or a `T`.
const STAMP: &str = r"(?:(?:T|,?[ \t])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?:[ \t]?[AaPp]\.?[Mm]\b)?(?:Z\b|[ \t]?[+-][0-9]{2}:?[0-9]{2}\b)?)?";

const MONTH_FIRST: &[&str] = &[
    r"MONTH\.?[ \t]DAY,?[ \t][0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?:[ \t][A-Z]{2,4})?[ \t]YEAR\b",
    r"MONTH\b\.?,?[ \t]*\r?\n?[ \t]*[-/.]?(?:the )?DAY(?:NTH)?(?:(?:,[ \t]?DAY(?:NTH)?)*,?[ \t]?(?:-|to|through|and|&|or)[ \t]?DAY(?:NTH)?\b)?(?:(?:[-/.]|,?[ \t]*\r?\n?[ \t]*(?:of )?)YEARSTAMP\b|,?[ \t]?'[0-9]{2}\b|[-/][0-9]{2}\b)?\b",
    r"MONTH\b\.?,?[ \t]*\r?\n?[ \t]*(?:of )?(?:'[0-9]{2}|[-/]?YEAR|-[0-9]{2})\b",
    r"MONTH[ \t](?:the[ \t])?(?i:(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)\b(?:,?[ \t]YEAR\b)?",
];

const NUMBERS: &[(Format, &str)] = &[
    (
        Format::IsoDate,
        r"YEAR-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\b|STAMP)",
    ),
    (Format::YearFirst, r"YEAR~[-/.]~MM~[-/.]~DAY\bSTAMP"),
    (
        Format::YearFirst,
        r"YEAR(?:[-/]|,?[ \t])MONTH\.?[-/ \t]DAY(?:NTH)?\b",
    ),
    (
        Format::Ssn,
        r"(?:[0-9]{3}~-~[0-9]{2}~-~[0-9]{4}|[0-9]{3}[ .][0-9]{2}[ .][0-9]{4})\b",
    ),
    (
        Format::Slashed,
        r"MM/DAY/(?:YEAR|[0-9]{2})~-~MM/DAY/(?:YEAR|[0-9]{2}\b)",
    ),
    (
        Format::DayRange,
        r"MM/DAY[ \t]?-[ \t]?MM/DAY(?:/(?:YEAR|[0-9]{2}))?\b",
    ),
    (
        Format::Slashed,
        r"(?:0[ \t])?[0-3]?[0-9]~[-/]~[0-3]?[0-9]~[-/]~(?:YEARSTAMP|'?[0-9]{2}\bSTAMP)",
    ),
    (
        Format::Slashed,
        r"MM[-/](?i:xx|dd|\?\?)[-/](?:YEAR|[0-9]{2}\b)",
    ),
    (
        Format::Ip,
        r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b(?::[0-9]{1,5}\b)?(?:/[0-9]{1,2}\b)?",
    ),
    (
        Format::Dotted,
        r"[0-3]?[0-9]\. ?[0-3]?[0-9]\. ?(?:YEARSTAMP|[0-9]{2})\b",
    ),
    (
        Format::DayMonthYear,
        r"DAY(?:NTH)?[-/., \t]*\r?\n?[ \t]*(?:(?:day )?of )?MONTH\b\.?,?[-/ \t]*\r?\n?[ \t]*(?:of )?(?:YEARSTAMP|'[0-9]{2})\b",
    ),
    (
        Format::DayMonthYear,
        r"DAY[-/]?MONTH[-/]?[0-9]{2}(?:[0-9]{2})?\b",
    ),
    (
        Format::DayMonthYear,
        r"[0-3]?[0-9][ \t](?:JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)[ \t][0-4][0-9]\b",
    ),
    (
        Format::DayMonthYear,
        r"DAY(?:NTH)?[ \t]?(?:-|to|and|&|through)[ \t]?DAY(?:NTH)?[ \t](?:of[ \t])?MONTH\b(?:\.?,?[ \t]YEAR\b)?",
    ),
    (
        Format::Foreign,
        r"DAY(?:\.|er|ro|\xC2[\xBA\xB0])?[ \t](?:de[ \t]|d'|di[ \t])?FOREIGN\b(?:,?[ \t](?:del?[ \t]|di[ \t])?YEAR\b)?",
    ),
    (
        Format::Foreign,
        r"DAY\.[ \t](?i:april|august|september|november)[ \t]YEAR\b",
    ),
    (
        Format::DayMonth,
        r"DAY(?:NTH)?[- \t]\r?\n?[ \t]*(?:(?:day )?of )?MONTH\b",
    ),
    (
        Format::Card,
        r"[0-9]{4}(?:[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{1,7}|[ -][0-9]{6}[ -][0-9]{5})\b",
    ),
    (
        Format::Phone,
        r"\+?(?:1~[-. ]?~)?(?:\([0-9]{3}\)~[-. ]?~|[0-9]{3}~[-./ ]~)[0-9]{3}~[-./ ]~[0-9]{4}(?:[ ,;]*(?i:x|ext|extension)[ .:]*[0-9]{1,6})?\b",
    ),
    (
        Format::Abroad,
        r"\+[0-9]{1,3}(?:[ .\-/]?(?:\([0-9]{1,5}\)|[0-9]{1,12})){2,6}(?:[ ,;]*(?i:x|ext)[ .:]*[0-9]{1,6})?\b",
    ),
    (Format::ZipPlus, r"[0-9]{5}-[0-9]{4}\b"),
    (
        Format::MonthYear,
        r"(?:YEAR[-/](?:0[1-9]|1[0-2])|MM[-/]YEAR)\b",
    ),
    (Format::MonthDay, r"MM/(?:DAY|[4-9][0-9])\b"),
    (
        Format::HyphenDay,
        r"(?:0?[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\b",
    ),
    (Format::DayFirst, r"(?:1[3-9]|2[0-9]|3[01])/MM\b"),
    (
        Format::Spaced,
        r"(?:[0-3]?[0-9][ \t][0-3]?[0-9][ \t](?:YEAR|[0-9]{2})|YEAR[ \t]MM[ \t]DAY)\b",
    ),
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
