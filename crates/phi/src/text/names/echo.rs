//! A name that was sure in one place, met again elsewhere on the page.

use crate::{
    dictionary::{class::Class, hash},
    finding::Finding,
    label::Label,
};

use super::{
    super::{
        page::Page,
        token::{Gap, Kind, Token},
    },
    neighbours,
};

/// Adds the capitalised words that belong to a sure name elsewhere: those of no everyday language
/// anywhere, those of everyday language where they are no word that opens a sentence.
pub(crate) fn echo(page: &Page<'_>, found: &mut Vec<Finding>) {
    let (mut words, mut plain) = (Vec::new(), Vec::new());
    for finding in found
        .iter()
        .filter(|finding| finding.label == Label::Name && finding.score >= SURE)
    {
        collect(page, finding, &mut words, &mut plain);
    }
    if words.is_empty() && plain.is_empty() {
        return;
    }
    words.sort_unstable();
    plain.sort_unstable();
    let echoes = page.tokens.iter().enumerate().filter(|(place, token)| {
        let known = |list: &[u64]| list.binary_search(&hash(page.slice(token))).is_ok();
        let again = is_telling(page, token) && known(&words)
            || is_plain(page, token) && known(&plain) && stands_as_name(page, *place);
        again && !(token.class.has(Class::EPONYM) && page.at(place + 1).class.has(Class::HEAD))
    });
    found.extend(
        echoes.map(|(place, _)| page.finding(place, place, Label::Name, 0.45, "name-again")),
    );
}

/// The words of a sure name; everyday ones only of a name of several words.
fn collect(page: &Page<'_>, finding: &Finding, words: &mut Vec<u64>, plain: &mut Vec<u64>) {
    let first = page
        .tokens
        .partition_point(|token| (token.start as usize) < finding.start);
    let tokens = page.tokens.iter().skip(first);
    let tokens = tokens.take_while(|token| (token.end as usize) <= finding.end);
    let several = tokens
        .clone()
        .filter(|token| token.is_word() && token.len() > 1)
        .count()
        > 1;
    for token in tokens {
        if is_telling(page, token) {
            words.push(hash(page.slice(token)));
        } else if several && is_plain(page, token) {
            plain.push(hash(page.slice(token)));
        }
    }
}

fn is_telling(page: &Page<'_>, token: &Token) -> bool {
    const PLAIN: Class = Class::COMMON
        .or(Class::RARE)
        .or(Class::STOP)
        .or(Class::MEDICAL)
        .or(Class::MONTH)
        .or(Class::STATE)
        .or(Class::COUNTRY);
    token.is_capital()
        && token.len() > 2
        && !token.class.has(PLAIN)
        && !page.is_any(token, &["i'm", "i'd"])
}

/// An everyday word that is a name as well, with the capital of one: `June`, `Best`.
fn is_plain(page: &Page<'_>, token: &Token) -> bool {
    const NEVER: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::STATE)
        .or(Class::COUNTRY)
        .or(Class::TITLE)
        .or(Class::PERSON)
        .or(Class::RELATION);
    token.kind == Kind::Title
        && !page.is_shouted
        && token.len() > 2
        && token.class.has(Class::GIVEN.or(Class::SURNAME))
        && !token.class.has(NEVER)
}

/// In the middle of a sentence, or before what only people do; a month also away from numbers, and
/// never as part of a phrase with capitals of its own: `Best Practice`.
fn stands_as_name(page: &Page<'_>, place: usize) -> bool {
    const THING: Class = Class::HEAD
        .or(Class::FACILITY)
        .or(Class::COMPANY)
        .or(Class::STREET)
        .or(Class::GREETING);
    let (token, next) = (page.at(place), page.at(place + 1));
    let owns = next.kind == Kind::Possessive;
    let opens = page.opens(place);
    // A surname that opens a sentence may be the word: `Best seen at night`.
    let acts = neighbours::acts(page, place + 1) && (!opens || token.class.has(Class::GIVEN));
    if acts || owns {
        return true;
    }
    let capital = next.is_capital() && next.gap == Gap::Space;
    let thing = next.class.has(THING) && next.gap <= Gap::Space;
    !opens && !capital && !thing && !token.class.has(Class::MONTH)
}

/// Scores of names that a title, a label or a relation vouches for.
const SURE: f32 = 0.8;

#[cfg(test)]
mod tests {
    use crate::text::TextEngine;

    fn names(text: &str) -> Vec<&str> {
        let findings = TextEngine::without_tagger().scan(text, None);
        let names = findings.iter().filter(|one| one.label.word() == "NAME");
        names.map(|one| text.get(one.range()).unwrap()).collect()
    }

    #[test]
    fn everyday_words_of_a_sure_name_are_met_again() {
        assert_eq!(
            names(
                "Patient: June Best\n\nShe slept well. June reports no pain. I spoke to Best and left."
            ),
            ["June Best", "June", "Best"]
        );
    }

    #[test]
    fn the_same_words_as_words_stay() {
        assert_eq!(
            names(
                "Patient: June Best\n\nBest seen in the morning. Return in June. Use Best Practice."
            ),
            ["June Best"]
        );
    }
}
