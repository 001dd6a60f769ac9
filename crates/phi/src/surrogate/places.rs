//! Streets, towns, facilities and employers that do not exist.

use super::{
    Workshop,
    names::folded,
    pool::{TOWN_HEADS, TOWN_TAILS},
};
use crate::{label::Label, zip3::Zip3Table};

impl Workshop<'_> {
    /// A place or company of the same form: kinds of streets, houses and companies stay, states
    /// too; other words and all numbers are invented.
    pub(super) fn place(&mut self, label: Label, found: &str) -> Option<String> {
        let mut made = String::with_capacity(found.len());
        let words: Vec<&str> = found
            .split_inclusive([' ', ',', '\n', '\t', '/', '(', ')'])
            .collect();
        let mut run: Vec<&str> = Vec::new();
        for word in words {
            let plain = word.trim_end_matches([' ', ',', '\n', '\t', '/', '(', ')', '.']);
            let is_invented = plain.chars().any(char::is_alphabetic)
                && !plain.bytes().any(|byte| byte.is_ascii_digit())
                && !stays(plain);
            if is_invented {
                run.push(word);
                if word.trim_end().ends_with([',', ')', '/']) || word.contains('\n') {
                    self.end_run(label, &mut run, &mut made)?;
                }
                continue;
            }
            self.end_run(label, &mut run, &mut made)?;
            if plain.bytes().any(|byte| byte.is_ascii_digit()) {
                let fresh = self.house(label, plain);
                made.push_str(&fresh);
                made.push_str(word.get(plain.len()..).unwrap_or(""));
            } else {
                made.push_str(word);
            }
        }
        self.end_run(label, &mut run, &mut made)?;
        (made != found).then_some(made)
    }

    /// Words in a row are one name: `San Antonio`.
    fn end_run(&mut self, label: Label, run: &mut Vec<&str>, made: &mut String) -> Option<()> {
        let words = std::mem::take(run);
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return Some(());
        };
        let key: Vec<String> = words.iter().map(|word| folded(word)).collect();
        let count = words.len().min(2);
        let original = words.concat();
        let drawn = self.kept_or_drawn(label, &key.join(" "), &original, |shop| {
            let towns: Vec<String> = (0..count).map(|_| shop.town_word()).collect();
            towns.join(" ")
        });
        // A pool that is spent gives two towns in one name.
        let drawn = drawn.or_else(|| {
            self.kept_or_drawn(label, &key.join(" "), &original, |shop| {
                format!("{} {}", shop.town_word(), shop.town_word())
            })
        })?;
        made.push_str(&in_case_of(&drawn, first));
        let plain = last.trim_end_matches([' ', ',', '\n', '\t', '/', '(', ')', '.']);
        made.push_str(last.get(plain.len()..).unwrap_or(""));
        Some(())
    }

    /// The number of a house or room; of a ZIP code only what the rule lets stand.
    fn house(&mut self, label: Label, number: &str) -> String {
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if number.len() == 5 && is_digits(number)
            || number
                .split_once('-')
                .is_some_and(|(five, four)| five.len() == 5 && four.len() == 4 && is_digits(five))
        {
            return Zip3Table::census_2020().generalize(number).to_owned();
        }
        let key = format!("no {}", number.to_uppercase());
        if let Some(known) = self.book.find(label, &key) {
            return known.to_owned();
        }
        let mut fresh = String::new();
        for _ in 0..8 {
            let mut is_first = true;
            fresh.clear();
            for old in number.chars() {
                if old.is_ascii_digit() {
                    fresh.push(self.digit(u8::from(is_first)));
                    is_first = false;
                } else if old.is_alphabetic() && number.len() <= 4 && !is_ordinal(number) {
                    let place = self.below(LETTERS.len());
                    fresh.push_str(LETTERS.get(place..=place).unwrap_or("B"));
                } else {
                    fresh.push(old);
                }
            }
            if fresh != number {
                break;
            }
        }
        self.book.add(label, &key, &fresh);
        fresh
    }

    /// A word for a town that is in no list and not in the input, capitalised.
    pub(super) fn town_word(&mut self) -> String {
        let mut word = String::new();
        for _ in 0..TOWN_DRAWS {
            let (head, tail) = (self.pick(TOWN_HEADS), self.pick(TOWN_TAILS));
            word = format!("{}{}", head.unwrap_or("elm"), tail.unwrap_or("holm"));
            if !self.engine.is_town(&word) && !self.seen.has(&word) {
                break;
            }
        }
        word
    }
}

/// `21st`.
fn is_ordinal(number: &str) -> bool {
    ["st", "nd", "rd", "th"]
        .iter()
        .any(|end| number.to_ascii_lowercase().ends_with(end))
}

/// Whether a word says what sort of place it is, and not which.
fn stays(word: &str) -> bool {
    let lower = folded(word);
    KINDS.split(' ').any(|kind| kind == lower)
        || word.len() == 2 && STATES.split(' ').any(|state| state == word)
        || STATE_NAMES.split(' ').any(|state| state == lower)
}

/// Every word as the first one is written.
fn in_case_of(words: &str, like: &str) -> String {
    let letters = || like.chars().filter(|letter| letter.is_alphabetic());
    if letters().count() > 1 && letters().all(char::is_uppercase) {
        return words.to_uppercase();
    }
    if letters().next().is_some_and(char::is_lowercase) {
        return words.to_owned();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    words.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

const TOWN_DRAWS: usize = 40;
const LETTERS: &str = "ABCDEFGH";

const KINDS: &str = "street st avenue ave av road rd drive dr lane ln court ct boulevard blvd way \
    place pl terrace ter circle cir highway hwy route rte parkway pkwy square sq trail trl alley \
    row loop turnpike north south east west n s e w ne nw se sw northeast northwest southeast \
    southwest apartment apt suite ste room rm unit floor fl building bldg bed ward wing po box \
    city town village county parish hospital hospitals clinic clinics medical center centre health \
    healthcare care memorial general regional community university college school high elementary \
    hospice pharmacy rehabilitation rehab nursing home institute laboratory laboratories lab \
    church park bridge airport station of the and at in inc llc ltd llp corp corporation company \
    co group holdings partners associates bank services systems solutions technologies insurance \
    police department fire restaurant cafe store supermarket zip usa us department icu er ed";
const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO \
    MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR";
const STATE_NAMES: &str = "alabama alaska arizona arkansas california colorado connecticut \
    delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine \
    maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio \
    oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming";
