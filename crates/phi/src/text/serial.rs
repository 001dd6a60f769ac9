//! Numbers of people and events that no format names: groups of letters and digits that belong
//! together, joined by signs (`S61-86468`, `92-KD-68102`, `MR.26.004418`) or set apart by blanks
//! (`BCX 559 012 774`).
//!
//! 45 CFR 164.514(b)(2)(i)(R) names any unique number, so groups with enough digits are one unless
//! they have the shape of a code of a terminology, a range or a catalogue number.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind, Token},
};

/// Adds the groups that the token at a place opens; the last byte of them, if they are an
/// identifier.
pub(crate) fn groups(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    if is_joined_before(page, place) {
        return None;
    }
    let groups = Groups::joined(page, place)
        .filter(|groups| groups.is_joined_number(page))
        .or_else(|| Groups::spaced(page, place).filter(|groups| groups.is_spaced_number(page)))?;
    if is_catalogued(page, place) || page.at(groups.last + 1).is_sign(b'%') {
        return None;
    }
    let first = if groups.letters == 0 {
        prefix_start(page, place)
    } else {
        place
    };
    let finding = page.finding(first, groups.last, Label::OtherId, 0.5, "serial");
    found.push(finding);
    Some(finding.end)
}

/// The first token of a number's own prefix: the unlisted capitals of `HSP 3300418`.
pub(crate) fn prefix_start(page: &Page<'_>, place: usize) -> usize {
    let prefix = page.before(place, 1);
    let is_prefix = prefix.kind == Kind::Upper
        && prefix.len() <= 4
        && prefix.class.without(ANY_WORD) == Class::NONE
        && !(page.is_shouted && prefix.class != Class::NONE)
        && page.at(place).gap == Gap::Space;
    place - usize::from(is_prefix)
}

/// Groups of letters and digits that may belong together.
struct Groups {
    first: usize,
    last: usize,
    count: usize,
    digits: usize,
    letters: usize,
    /// Groups that hold a digit.
    numbered: usize,
    /// Bytes of the longest run of digits.
    longest: usize,
    /// Joined by a point or a stroke somewhere, as versions, doses and ratios are.
    is_dotted: bool,
    /// Joined by a colon somewhere, as times and labels are.
    has_colon: bool,
}

impl Groups {
    fn new(page: &Page<'_>, first: usize) -> Self {
        let mut groups = Self {
            first,
            last: first,
            count: 0,
            digits: 0,
            letters: 0,
            numbered: 0,
            longest: 0,
            is_dotted: false,
            has_colon: false,
        };
        groups.take(page, first);
        groups
    }

    /// Groups with one sign between them and no blank.
    fn joined(page: &Page<'_>, first: usize) -> Option<Self> {
        joint(page, first + 1)?;
        let mut groups = Self::new(page, first);
        while let Some(sign) = joint(page, groups.last + 1)
            && is_group(page.at(groups.last + 2))
        {
            groups.is_dotted |= matches!(sign, b'.' | b'/');
            groups.has_colon |= sign == b':';
            groups.take(page, groups.last + 2);
        }
        (groups.count > 1).then_some(groups)
    }

    /// Groups with one blank between them: capitals or letters with digits first, or a long
    /// number, then numbers.
    fn spaced(page: &Page<'_>, first: usize) -> Option<Self> {
        let head = page.at(first);
        let can_open = match head.kind {
            Kind::Code => head.len() > 2,
            Kind::Number => (2..=6).contains(&head.len()),
            Kind::Upper | Kind::Initial => {
                head.len() <= 4 && (!head.class.has(SPOKEN) || page.before(first, 1).is_sign(b'#'))
            }
            _ => false,
        };
        if !can_open || !is_spaced_group(page, first + 1) {
            return None;
        }
        let mut groups = Self::new(page, first);
        while is_spaced_group(page, groups.last + 1) {
            groups.take(page, groups.last + 1);
        }
        let tail = page.at(groups.last + 1);
        if tail.kind == Kind::Initial && tail.gap == Gap::Space && groups.letters > 0 {
            groups.last += 1;
        }
        Some(groups)
    }

    fn take(&mut self, page: &Page<'_>, place: usize) {
        let bytes = page.bytes(place);
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        self.last = place;
        self.count += 1;
        self.digits += digits;
        self.letters += bytes.len() - digits;
        self.numbered += usize::from(digits > 0);
        self.longest = self.longest.max(digits);
    }

    fn is_joined_number(&self, page: &Page<'_>) -> bool {
        if self.has_colon && !self.is_dotted {
            let lettered = page.at(self.first).kind == Kind::Code
                || page.at(self.first).kind == Kind::Number && self.letters > 0;
            return lettered && self.digits >= 5;
        }
        if self.is_dotted {
            return self.is_dotted_number(page);
        }
        match (self.letters, self.count) {
            (0, 2) => self.is_split_number(page),
            (0, _) => {
                self.digits >= 6
                    && (page.at(self.last).len() > 1 || self.digits > 8)
                    && !(self.longest <= 2 && self.count > 3)
            }
            (_, 2) => {
                self.digits >= 5 && !self.is_standard(page) || self.digits == 4 && self.is_tag(page)
            }
            _ => self.digits >= 5 || self.digits == 4 && self.numbered > 1,
        }
    }

    /// `MR.26.004418`, `US/26/9914`, `RPH.03441827`: letters first; and object identifiers other
    /// than those of the standards (HL7 below 2.16.840.1.113883).
    fn is_dotted_number(&self, page: &Page<'_>) -> bool {
        if self.letters == 0 && prefix_start(page, self.first) < self.first {
            return self.digits >= 6 && self.longest >= 4;
        }
        if self.letters == 0 {
            let (start, end) = page.span(self.first, self.last);
            let text = page.text.get(start..end).unwrap_or_default();
            return self.count >= 7
                && text
                    .iter()
                    .all(|&byte| byte == b'.' || byte.is_ascii_digit())
                && !text.starts_with(b"2.16.840.1.113883.");
        }
        let head = page.at(self.first);
        if self.has_colon {
            return head.kind == Kind::Code && self.digits >= 5;
        }
        let opens_with_letters = head.is_word() && head.len() >= 2 && !head.class.has(SPOKEN);
        match self.count {
            2 => opens_with_letters && self.digits >= 5,
            _ => {
                self.digits >= 5 && self.longest >= 3
                    || opens_with_letters && self.digits >= 4 && self.longest >= 2
            }
        }
    }

    /// Two numbers that are no range, no LOINC code (`2345-7`) and no procedure with its modifier
    /// (`99213-25`): the second opens with a zero or is the smaller one.
    fn is_split_number(&self, page: &Page<'_>) -> bool {
        let (first, second) = (page.bytes(self.first), page.bytes(self.last));
        if is_time(first) && is_time(second) {
            return false;
        }
        let falls = second.len() < first.len() || second.len() == first.len() && second < first;
        self.digits >= 7
            && second.len() > 2
            && (second.starts_with(b"0") || first.starts_with(b"0") || falls)
            || self.digits >= 8 && second.len() == 2 && first.len() != 5
            || self.digits >= 7 && second.len() >= first.len() + 3
            || self.digits >= 6 && first.starts_with(b"0")
            || self.digits >= 5
                && second.len() >= first.len() + 2
                && prefix_start(page, self.first) < self.first
    }

    /// `XR-0091`: unlisted capitals and four digits that are no year.
    fn is_tag(&self, page: &Page<'_>) -> bool {
        let (head, number) = (page.at(self.first), page.bytes(self.last));
        head.kind == Kind::Upper
            && head.len() <= 4
            && !head.class.has(SPOKEN.without(Class::UNIT))
            && number.len() == 4
            && !number.starts_with(b"19")
            && !number.starts_with(b"20")
    }

    /// `ISO-13485`, `20610-RT`: a standard's number, a procedure with the side it was done on.
    fn is_standard(&self, page: &Page<'_>) -> bool {
        page.is_any(page.at(self.first), STANDARDS)
            || page.at(self.first).len() == 5
                && page.at(self.first).kind == Kind::Number
                && page.at(self.last).len() == 2
    }

    fn is_spaced_number(&self, page: &Page<'_>) -> bool {
        let next = page.at(self.last + 1);
        let counts = next.gap <= Gap::Space
            && (next.class.has(Class::UNIT) && !page.is_any(next, &["in", "unit", "x"])
                || matches!(next.kind, Kind::Sign(b'/' | b'.' | b':' | b'-'))
                    && page.at(self.last + 2).gap == Gap::None);
        let before = page.before(self.first, 1);
        let measured = self.letters == 0 && before.class.has(Class::MEASURE.or(Class::UNIT))
            || matches!(
                before.kind,
                Kind::Sign(b'/' | b'.' | b'-' | b'<' | b'>' | b'=')
            ) && page.at(self.first).gap == Gap::None;
        let bare = self.letters == 0 && self.longest < 4;
        let procedures = (self.first..=self.last).all(|place| page.at(place).len() == 5);
        let standard = [page.at(self.first), page.before(self.first, 1)]
            .iter()
            .any(|token| page.is_any(token, STANDARDS));
        if bare || procedures || standard {
            return false;
        }
        let prefixed = page.at(self.first).is_word() && self.numbered > 2
            || page.at(self.first).is_word() && self.last > self.first + self.numbered;
        let enough = match self.letters {
            0 => 8,
            _ if prefixed => 5,
            _ => 6,
        };
        self.digits >= enough
            && self.numbered > 1
            && (self.longest >= 3 || prefixed)
            && !counts
            && !measured
    }
}

/// `0930`: a time of day.
pub(crate) fn is_time(digits: &[u8]) -> bool {
    matches!(
        digits,
        [b'0' | b'1', b'0'..=b'9', b'0'..=b'5', b'0'..=b'9']
            | [b'2', b'0'..=b'3', b'0'..=b'5', b'0'..=b'9']
    )
}

/// The sign between two groups, if there is one with something right after it.
fn joint(page: &Page<'_>, place: usize) -> Option<u8> {
    let (joint, next) = (page.at(place), page.at(place + 1));
    match joint.kind {
        Kind::Sign(sign @ (b'-' | b'_' | b'.' | b'/' | b':'))
            if joint.gap == Gap::None && next.gap == Gap::None =>
        {
            Some(sign)
        }
        _ => None,
    }
}

/// Whether this token goes on from another one, so that no number begins here.
fn is_joined_before(page: &Page<'_>, place: usize) -> bool {
    place > 0
        && page.at(place).gap == Gap::None
        && !matches!(
            page.before(place, 1).kind,
            Kind::Edge
                | Kind::Sign(
                    b'#' | b':' | b'(' | b'[' | b'"' | b'\'' | b'=' | b'<' | b'|' | b',' | b';'
                )
        )
}

fn is_group(token: &Token) -> bool {
    match token.kind {
        Kind::Number | Kind::Code | Kind::Upper | Kind::Initial => true,
        Kind::Lower | Kind::Title => token.len() <= 4,
        _ => false,
    }
}

/// A number of two digits or more, or a code, after one blank.
fn is_spaced_group(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    token.gap == Gap::Space
        && match token.kind {
            Kind::Number => token.len() <= 7,
            Kind::Code => {
                (3..=8).contains(&token.len()) && page.bytes(place).iter().copied().all(is_plain)
            }
            _ => false,
        }
}

/// A digit or a capital.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

/// A catalogue of drugs, substances or terms is named right before: `NDC 0002-8215-01`.
fn is_catalogued(page: &Page<'_>, place: usize) -> bool {
    (1..=3).any(|back| page.is_any(page.before(place, back), CATALOGUES))
        || (1..=2).any(|back| {
            page.before(place, back).class.has(Class::CODE)
                && page.before(place, back).kind != Kind::Number
        })
}

/// What a prefix may be besides: a word, a name, a state. Cues, measures and units are none.
const ANY_WORD: Class = Class::COMMON
    .or(Class::RARE)
    .or(Class::STOP)
    .or(Class::STATE_CODE)
    .or(Class::GIVEN)
    .or(Class::SURNAME);

const CATALOGUES: &[&str] = &[
    "ndc", "cas", "loinc", "cpt", "hcpcs", "snomed", "icd", "rxnorm", "sku", "rfc", "cvx", "din",
    "pmid", "doi", "isbn", "issn",
];

const STANDARDS: &[&str] = &[
    "cms", "hcfa", "clsi", "fips", "nfpa", "iso", "iec", "en", "astm", "ansi", "nct", "rs", "din",
    "bs", "ieee", "ora", "cve", "kb", "rfc",
];

/// Words that open a measurement or a code and no number of somebody.
const SPOKEN: Class = Class::MEASURE
    .or(Class::UNIT)
    .or(Class::CODE)
    .or(Class::MONTH)
    .or(Class::WEEKDAY)
    .or(Class::COMMON)
    .or(Class::STOP);

#[cfg(test)]
mod tests {
    use crate::{label::Label, text::TextEngine};

    fn taken(text: &str) -> Vec<String> {
        let engine = TextEngine::without_tagger();
        let found = engine.scan(text, None);
        found
            .iter()
            .filter(|finding| finding.label != Label::Name)
            .map(|finding| text.get(finding.range()).unwrap_or_default().to_string())
            .collect()
    }

    #[test]
    fn joined_groups_are_identifiers_without_a_label() {
        for (text, id) in [
            ("Pathology S61-86468 was signed out.", "S61-86468"),
            ("Pathology 92-KD-68102 was signed out.", "92-KD-68102"),
            ("the stub says 7706-2326-27 on it", "7706-2326-27"),
            ("trend potassium for 46-60-87 please", "46-60-87"),
            ("see cr37-8872 from the lab", "cr37-8872"),
            ("compare to MR.26.004418 please", "MR.26.004418"),
            ("who ordered US/26/9914?", "US/26/9914"),
            ("the disc says JO-0418", "JO-0418"),
            (
                "study 1.2.840.113619.2.55.3.4418827.771 is gone",
                "1.2.840.113619.2.55.3.4418827.771",
            ),
        ] {
            assert_eq!(taken(text), [id], "{text}");
        }
    }

    #[test]
    fn groups_set_apart_by_blanks_are_one_identifier() {
        for (text, id) in [
            ("the card says BCX 559 012 774 on it", "BCX 559 012 774"),
            ("the bag W0382 25 104477 was stopped", "W0382 25 104477"),
            ("he read out 1013 887 402V to me", "1013 887 402V"),
            ("void the charge on HSP 3300418 twice", "HSP 3300418"),
        ] {
            assert_eq!(taken(text), [id], "{text}");
        }
    }

    #[test]
    fn codes_ranges_and_standards_are_left_alone() {
        for text in [
            "White cells 4500-11000 per microlitre.",
            "LOINC 2345-7 and 99213-25 were billed.",
            "NDC 0002-8215-01 was dispensed.",
            "SARS-CoV-2 and COVID-19 in 2020-2021.",
            "Cleaned to ISO-13485, pressure 110-120 over 60-80.",
            "Platelets 150000-450000.",
            "HR 88 RR 18 BP 120/80 TV 450 PEEP 8",
            "Template 2.16.840.1.113883.10.20.22.2.6.1 and S72.001A.",
            "Sugars 180 200 211 this week.",
        ] {
            assert_eq!(taken(text), Vec::<String>::new(), "{text}");
        }
    }
}
