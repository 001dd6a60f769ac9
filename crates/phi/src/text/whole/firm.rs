//! Firms of several partners, and the short words that close a firm's name in many countries.

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    places,
};

/// Adds a finding for each firm that others are parts of.
pub(super) fn firms(page: &Page<'_>, found: &mut Vec<Finding>) {
    for finding in found.iter_mut() {
        closed(page, finding);
    }
    let count = found.len();
    let mut read = 0;
    for at in 0..count {
        let Some(finding) = found.get(at).copied() else {
            break;
        };
        if !matches!(
            finding.label,
            Label::Name | Label::Geo | Label::Employer | Label::Date
        ) || finding.start < read
        {
            continue;
        }
        let (first, _) = places(page, &finding);
        if let Some(whole) = partners(page, first) {
            read = whole.end;
            found.push(whole);
        }
    }
}

/// `Moran, Padilla and Bautista` behind a word of work or before what only a firm does: the partners
/// from the first to the last. The finding is of any of them.
fn partners(page: &Page<'_>, place: usize) -> Option<Finding> {
    let first = (0..=4)
        .filter_map(|back| place.checked_sub(back))
        .find(|first| is_partners(page, *first))?;
    let last = first + 4;
    let surnames = [first, first + 2, last];
    let given_only = surnames
        .iter()
        .filter(|at| {
            let class = page.at(**at).class;
            class.has(Class::GIVEN) && !class.has(Class::SURNAME)
        })
        .count();
    let before = page.before(first, 1);
    let near = page.at(first).gap <= Gap::Line;
    let cued = near
        && (page.is_any(before, CUES)
            || before.class.has(Class::WORKS)
            || before.is_sign(b',')
            || before.is_sign(b':')
                && page.is_any(
                    page.before(first, 2),
                    &["employer", "company", "firm", "to"],
                ));
    let next = page.at(last + 1);
    let acts = page.is_any(
        next,
        &[
            "is",
            "has",
            "was",
            "orchestra",
            "group",
            "llp",
            "ltd",
            "inc",
            "plc",
            "llc",
            "announced",
            "said",
            "called",
        ],
    ) && page.opens(first);
    let own_line = page.at(first).gap >= Gap::Line && next.gap >= Gap::Line;
    let owns = next.kind == Kind::Possessive;
    (given_only < 2 && (cued || acts || own_line || owns))
        .then(|| page.finding(first, last, Label::Employer, FIRM, "partners"))
}

fn is_partners(page: &Page<'_>, first: usize) -> bool {
    let (comma, and) = (page.at(first + 1), page.at(first + 3));
    let behind = page.at(first + 5);
    let closes =
        behind.class.has(Class::COMPANY.or(Class::FACILITY)) || page.is(behind, "orchestra");
    let goes_on = behind.is_capital() && behind.gap == Gap::Space && !closes;
    comma.is_sign(b',')
        && comma.gap == Gap::None
        && (page.is(and, "and") || and.is_sign(b'&'))
        && is_surname(page, first)
        && is_surname(page, first + 2)
        && is_surname(page, first + 4)
        && page.at(first + 2).gap == Gap::Space
        && page.at(first + 4).gap == Gap::Space
        && opens_list(page, first)
        && !goes_on
}

/// No member of a longer list stands before, unless the word before names an employer.
fn opens_list(page: &Page<'_>, first: usize) -> bool {
    let before = page.before(first, 1);
    if before.is_sign(b',') {
        return page.is_any(page.before(first, 2), &["employer", "company", "firm"]);
    }
    page.at(first).gap > Gap::Space
        || !before.is_capital()
        || before.class.has(Class::WORKS)
        || page.is_any(before, CUES)
}

fn is_surname(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    matches!(token.kind, Kind::Title | Kind::Mixed)
        && (token.class.has(Class::SURNAME.or(Class::GIVEN)) || token.class == Class::NONE)
        && token.len() > 1
}

/// Carries a name on over the short words that make it a firm's: `d.o.o.`, `& Co. KG`, `and Sons`. Two
/// letters close none where medicine is spoken of: `AB`, `HB`.
fn closed(page: &Page<'_>, finding: &mut Finding) {
    if !matches!(finding.label, Label::Name | Label::Geo | Label::Employer) {
        return;
    }
    let Some(rest) = page.text.get(finding.end..) else {
        return;
    };
    let gap = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b','))
        .count();
    let tail = rest.get(gap..).unwrap_or_default();
    let closing = CLOSINGS.iter().find(|closing| {
        let after = tail.get(closing.len()).copied().unwrap_or(b' ');
        let ends = !after.is_ascii_alphanumeric() && after < 0x80;
        let abbreviation = closing.len() == 2 && page.is_clinical;
        tail.starts_with(closing.as_bytes()) && ends && !abbreviation
    });
    let Some(closing) = closing.filter(|_| (1..=2).contains(&gap)) else {
        return;
    };
    let closing = gap + closing.len();
    finding.end += closing;
    if page.byte(finding.end) == b'.' && page.byte(finding.end - 2) == b'.' {
        finding.end += 1;
    }
    finding.label = Label::Employer;
    finding.score = finding.score.max(FIRM);
    finding.detector = "firm";
}

/// Words before a firm.
const CUES: &[&str] = &[
    "at", "for", "from", "of", "by", "with", "employer", "to", "joined", "contact", "firm",
    "company", "infusion", "then",
];

/// What closes a firm's name; longer ones first.
const CLOSINGS: &[&str] = &[
    "GmbH & Co. KGaA",
    "GmbH & Co. OHG",
    "GmbH & Co. KG",
    "AG & Co. KGaA",
    "AG & Co. OHG",
    "AG & Co. KG",
    "Stiftung & Co. KGaA",
    "Stiftung & Co. KG",
    "& Co. KGaA",
    "& Co. OHG",
    "& Co. KG",
    "& Co",
    "& co",
    "& Sons",
    "& sons",
    "and Sons",
    "and sons",
    "e Hijos",
    "y asociados S.A",
    "y asociados",
    "Hermanos",
    "e figli",
    "et Fils",
    "Sp. z o.o",
    "sp. z o.o",
    "Sp.k",
    "Sp.j",
    "S.A.S",
    "S.A.U",
    "S.L.L",
    "S.L.U",
    "S.p.A",
    "S.r.l",
    "s.p.a",
    "s.r.l",
    "s.n.c",
    "s.r.o",
    "v.o.s",
    "k.s",
    "a.s",
    "d.o.o",
    "d.d",
    "d.n.o",
    "s.p",
    "j.d.o.o",
    "S.A",
    "S.L",
    "S.C",
    "s.c",
    "B.V",
    "N.V",
    "V.O.F",
    "A.Ş",
    "A/S",
    "ApS",
    "ASA",
    "SARL",
    "SAS",
    "SpA",
    "SRL",
    "Oyj",
    "Oy",
    "AB",
    "HB",
    "KB",
    "Kft",
    "Zrt",
    "Nyrt",
    "Bt",
    "Kkt",
    "Tbk",
    "Ltda",
    "Ltd",
    "ltd",
    "GmbH",
    "mbH",
    "OHG",
    "KGaA",
    "e.V",
    "TNHH",
    "LLC",
    "PLLC",
    "LLP",
    "PLC",
    "plc",
    "Inc",
    "inc",
    "llc",
    "Group",
    "group",
    "Holdings",
    "Orchestra",
];

/// How sure a firm is: surer than the names of its partners.
const FIRM: f32 = 0.96;

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn firms(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        let firms = findings.iter().filter(|one| one.label.word() == "EMPLOYER");
        firms.map(|one| text.get(one.range()).unwrap()).collect()
    }

    #[test]
    fn partners_are_one_firm() {
        assert_eq!(
            firms("He works for Moran, Padilla and Bautista downtown."),
            ["Moran, Padilla and Bautista"]
        );
        assert_eq!(
            firms("Employer: Wilson, Williams and Miles | Plan 2"),
            ["Wilson, Williams and Miles"]
        );
        assert!(firms("We met Anna, Betty and Carol there.").is_empty());
    }

    #[test]
    fn closings_of_many_countries_belong_to_the_firm() {
        assert_eq!(firms("Contact Lesjak d.d., please."), ["Lesjak d.d."]);
        assert_eq!(
            firms("Ms. Ali from Jespersen A/S called."),
            ["Jespersen A/S"]
        );
        assert_eq!(
            firms("Employer Kusek Sp. z o.o. was told."),
            ["Kusek Sp. z o.o."]
        );
    }
}
