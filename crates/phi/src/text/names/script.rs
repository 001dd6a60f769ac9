//! Names in other scripts, met in a text in Latin letters.

use crate::{finding::Finding, label::Label};

use super::super::{page::Page, token::Gap};

/// The run of up to four words in one other script that begins at `place`: in a text in Latin
/// letters it is hardly anything but a name. Gives its last token.
pub(super) fn foreign(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) -> Option<usize> {
    let script = script(page, place)?;
    if place > 0 && self::script(page, place - 1).is_some() && page.at(place).gap <= Gap::Space {
        return None;
    }
    let mut last = place;
    while self::script(page, last + 1) == Some(script) && page.at(last + 1).gap <= Gap::Line {
        last += 1;
    }
    let letters: usize = (place..=last)
        .filter_map(|at| str::from_utf8(page.bytes(at)).ok())
        .map(|word| word.chars().count())
        .sum();
    let fits = last < place + MOST_WORDS
        && match script {
            Script::Cased => {
                letters > 2
                    && (place..=last).all(|at| page.at(at).is_capital() && page.at(at).len() > 2)
            }
            Script::Plain => (2..=24).contains(&letters),
        };
    if !fits {
        return None;
    }
    found.push(page.finding(place, last, Label::Name, 0.5, "foreign-script"));
    Some(last)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Greek, Cyrillic, Armenian: a name has a capital.
    Cased,
    /// Hebrew, Arabic, Indian, Thai, Chinese, Japanese, Korean.
    Plain,
}

/// The script of the word at a place, if it is another than Latin.
fn script(page: &Page<'_>, place: usize) -> Option<Script> {
    let token = page.at(place);
    // Bytes read in the wrong encoding look like letters of other scripts between signs.
    let letters = |word: &str| word.chars().all(char::is_alphanumeric);
    if !token.is_word() || page.byte(token.start as usize) < 0xCD {
        return None;
    }
    let word = str::from_utf8(page.slice(token)).ok();
    match word.filter(|word| letters(word))?.chars().next()? {
        '\u{370}'..='\u{58F}' => Some(Script::Cased),
        '\u{590}'..='\u{6FF}'
        | '\u{900}'..='\u{E7F}'
        | '\u{10A0}'..='\u{11FF}'
        | '\u{3041}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' => Some(Script::Plain),
        _ => None,
    }
}

const MOST_WORDS: usize = 4;
