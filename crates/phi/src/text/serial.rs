//! Numbers of people and events that no format names: groups of letters and digits joined by
//! hyphens, `S61-86468`, `92-KD-68102`, `7706-2326-27`.
//!
//! 45 CFR 164.514(b)(2)(i)(R) names any unique number, so a chain of groups with enough digits is
//! one unless it has the shape of a code of a terminology, a range or a catalogue number.

use crate::{finding::Finding, label::Label};

use super::{
    page::Page,
    token::{Gap, Kind, Token},
};

/// Adds the chain that the token at a place opens; the last byte of it, if it is an identifier.
pub(crate) fn chain(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let chain = Chain::read(page, place)?;
    if !chain.is_identifier(page) {
        return None;
    }
    let finding = page.finding(place, chain.last, Label::OtherId, 0.5, "serial");
    found.push(finding);
    Some(finding.end)
}

/// Groups joined by single hyphens or underscores.
struct Chain {
    first: usize,
    last: usize,
    groups: usize,
    digits: usize,
    letters: usize,
    /// Groups that hold a digit.
    numbered: usize,
}

impl Chain {
    fn read(page: &Page<'_>, first: usize) -> Option<Self> {
        if !is_joint(page, first + 1) || is_joined_before(page, first) {
            return None;
        }
        let mut chain = Self {
            first,
            last: first,
            groups: 0,
            digits: 0,
            letters: 0,
            numbered: 0,
        };
        chain.take(page, first);
        while is_joint(page, chain.last + 1) && is_group(page.at(chain.last + 2)) {
            chain.last += 2;
            chain.take(page, chain.last);
        }
        (chain.groups > 1).then_some(chain)
    }

    fn take(&mut self, page: &Page<'_>, place: usize) {
        let bytes = page.bytes(place);
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        self.groups += 1;
        self.digits += digits;
        self.letters += bytes.len() - digits;
        self.numbered += usize::from(digits > 0);
    }

    fn is_identifier(&self, page: &Page<'_>) -> bool {
        if is_catalogued(page, self.first) || page.at(self.last + 1).is_sign(b'%') {
            return false;
        }
        match (self.letters, self.groups) {
            (0, 2) => self.is_split_number(page),
            (0, _) => self.digits >= 6 && (page.at(self.last).len() > 1 || self.digits > 8),
            (_, 2) => self.digits >= 5 && !self.is_standard(page),
            _ => self.digits >= 5 || self.digits == 4 && self.numbered > 1,
        }
    }

    /// Two numbers that are no range, no LOINC code (`2345-7`) and no procedure with its modifier
    /// (`99213-25`): the second opens with a zero or is the smaller one.
    fn is_split_number(&self, page: &Page<'_>) -> bool {
        let (first, second) = (page.bytes(self.first), page.bytes(self.last));
        let falls = second.len() < first.len() || second.len() == first.len() && second < first;
        self.digits >= 7
            && second.len() > 2
            && (second.starts_with(b"0") || first.starts_with(b"0") || falls)
            || self.digits >= 8 && second.len() == 2 && first.len() != 5
    }

    /// `ISO-13485`: a standard's number.
    fn is_standard(&self, page: &Page<'_>) -> bool {
        page.is_any(page.at(self.first), &["iso", "iec", "en", "astm", "ansi", "nct", "rs"])
    }
}

/// A hyphen or underscore with something right after it.
fn is_joint(page: &Page<'_>, place: usize) -> bool {
    let (joint, next) = (page.at(place), page.at(place + 1));
    matches!(joint.kind, Kind::Sign(b'-' | b'_')) && joint.gap == Gap::None && next.gap == Gap::None
}

/// Whether this token goes on from another one, so that the chain does not begin here.
fn is_joined_before(page: &Page<'_>, place: usize) -> bool {
    place > 0
        && page.at(place).gap == Gap::None
        && !matches!(
            page.before(place, 1).kind,
            Kind::Sign(b'#' | b':' | b'(' | b'[' | b'"' | b'\'' | b'=' | b'<' | b'|' | b',' | b';')
        )
}

fn is_group(token: &Token) -> bool {
    match token.kind {
        Kind::Number | Kind::Code | Kind::Upper | Kind::Initial => true,
        Kind::Lower | Kind::Title => token.len() <= 3,
        _ => false,
    }
}

/// A catalogue of drugs or substances is named right before: `NDC 0002-8215-01`.
fn is_catalogued(page: &Page<'_>, place: usize) -> bool {
    const CATALOGUES: &[&str] = &[
        "ndc", "cas", "loinc", "cpt", "hcpcs", "snomed", "icd", "rxnorm", "ref", "sku", "rfc",
        "cvx", "din", "pmid", "doi", "isbn", "issn",
    ];
    (1..=3).any(|back| page.is_any(page.before(place, back), CATALOGUES))
}

#[cfg(test)]
mod tests {
    use crate::{label::Label, text::TextEngine};

    fn taken(text: &str) -> Vec<String> {
        let engine = TextEngine::without_tagger();
        let found = engine.scan(text, None);
        found
            .iter()
            .filter(|finding| finding.label != Label::Name)
            .map(|finding| text[finding.range()].to_string())
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
        ] {
            assert_eq!(taken(text), Vec::<String>::new(), "{text}");
        }
    }
}
