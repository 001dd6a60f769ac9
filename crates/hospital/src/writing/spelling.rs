use domain::Identifier;

use super::writer::{Mark, Writer, swap};
use crate::{Patient, Role, draw::Draw, people::Name};

/// A name in one of its forms: `full`, `first`, `last`, `lastfirst`, `nick`, `initials`, `typo`,
/// `flast`, each also in capitals.
pub(super) fn name_slot(writer: &mut Writer<'_>, name: &Name, what: &'static str, of: Role) {
    let Name { first, last, rare } = name;
    let initial = |text: &str| text.chars().next().unwrap_or('X');
    let (text, kind) = match what {
        "FULL" => (name.full().to_uppercase(), "full-name-capitals"),
        "first" | "First" => (first.clone(), "first-name"),
        "FIRST" => (first.to_uppercase(), "first-name-capitals"),
        "last" | "Last" => (last.clone(), "last-name"),
        "LAST" => (last.to_uppercase(), "last-name-capitals"),
        "lastfirst" => (format!("{last}, {first}"), "last-first"),
        "LASTFIRST" => (
            format!("{last}, {first}").to_uppercase(),
            "last-first-capitals",
        ),
        "nick" | "Nick" => (name.nickname().to_owned(), "nickname"),
        "initials" => (format!("{}.{}.", initial(first), initial(last)), "initials"),
        "typo" => (swap(writer.draw, last), "misspelt-name"),
        "flast" => (format!("{}. {last}", initial(first)), "initial-last"),
        _ => (name.full(), "full-name"),
    };
    writer.marked(
        &text,
        Mark {
            category: Identifier::Name,
            kind,
            of,
            rare: *rare,
        },
    );
}

/// A telephone number in one of its usual forms.
pub(super) fn spell_phone(draw: &mut Draw, phone: &str) -> String {
    let mut parts = phone.split('-');
    let mut part = || parts.next().unwrap_or_default();
    let (area, exchange, line) = (part(), part(), part());
    match draw.below(6) {
        0 => format!("({area}) {exchange}-{line}"),
        1 => format!("{area}.{exchange}.{line}"),
        2 => format!("{area} {exchange} {line}"),
        3 => format!("1-{area}-{exchange}-{line}"),
        _ => phone.to_owned(),
    }
}

/// The patient's page on the hospital's portal.
pub(super) fn portal(patient: &Patient) -> String {
    let user = patient.email.split('@').next().unwrap_or_default();
    format!("https://portal.mercyvalley.example/u/{user}")
}

/// A diagnosis as it stands within a sentence: eponyms keep their capital.
pub(super) fn in_a_sentence(display: &str) -> String {
    let keeps = display
        .split(' ')
        .next()
        .is_some_and(|word| word.ends_with("'s"));
    match display.get(..1) {
        Some(first) if !keeps => first.to_lowercase() + display.get(1..).unwrap_or_default(),
        _ => display.to_owned(),
    }
}

/// `a machinist`, `an assembler`.
pub(super) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
