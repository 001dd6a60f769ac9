//! Numbers of the same shape that are nobody's.

use super::{Workshop, bare, over};
use crate::{label::Label, validators};

impl Workshop<'_> {
    /// A telephone or fax number; the punctuation stays.
    pub(super) fn phone(&mut self, label: Label, found: &str) -> Option<String> {
        let end = extension(found);
        let (main, more) = found.split_at_checked(end)?;
        let digits: String = main.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 7 {
            return self.number(label, found);
        }
        let has_one = digits.len() == 11 && digits.starts_with('1');
        let key = digits.get(usize::from(has_one)..)?;
        // One line is one number, whether it is called a telephone or a fax.
        let drawn = self
            .kept_or_drawn(Label::Phone, key, main, |shop| shop.phone_digits(key))
            .unwrap_or_else(|| self.phone_digits(key));
        let lead = if has_one { "1" } else { "" };
        let mut written = over(main, &format!("{lead}{drawn}"));
        let number = more.find(|letter: char| letter.is_ascii_digit());
        let (mark, number) = more.split_at(number.unwrap_or(more.len()));
        written.push_str(mark);
        if !number.is_empty() {
            let fresh: String = number.chars().map(|_| self.digit(0)).collect();
            let key = format!("{key}X{}", bare(number));
            let kept = self.kept_or_drawn(Label::Phone, &key, number, |_| fresh.clone());
            written.push_str(&over(number, &kept.unwrap_or(fresh)));
        }
        Some(written)
    }

    /// 555-0100 to 555-0199 are set aside for fiction in every area (NANPA); 07700 900000 to
    /// 900999 in Britain (Ofcom). Elsewhere no number begins with 0 after its first two digits.
    fn phone_digits(&mut self, key: &str) -> String {
        let mut drawn = String::with_capacity(key.len());
        let fiction = match key.len() {
            7 => "55501",
            10 => {
                drawn.push(self.digit(2));
                drawn.push(char::from(b'0' + u8::try_from(self.below(9)).unwrap_or(0)));
                drawn.push(self.digit(2));
                "55501"
            }
            11 if key.starts_with("07") => "07700900",
            12 if key.starts_with("447") => "447700900",
            _ => {
                drawn.extend(key.chars().take(2));
                "0"
            }
        };
        drawn.push_str(fiction);
        while drawn.len() < key.len() {
            drawn.push(self.digit(0));
        }
        drawn
    }

    /// A number of the same letters and digits; nothing for words without a digit.
    pub(super) fn number(&mut self, label: Label, found: &str) -> Option<String> {
        let key = bare(found);
        let digits = key.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0 && found.contains(' ') || key.is_empty() || !is_long_enough(label, &key) {
            return None;
        }
        let drawn = self.kept_or_drawn(label, &key, found, |shop| shop.shaped(label, &key))?;
        Some(over(found, &drawn))
    }

    fn shaped(&mut self, label: Label, key: &str) -> String {
        if label == Label::Ssn && key.len() == 9 && key.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.never_issued();
        }
        let mut drawn = String::new();
        for _ in 0..SHAPE_DRAWS {
            drawn = self.scrambled(key);
            if validators::mbi(key) {
                // The first place of a real one is 1 to 9.
                drawn.replace_range(..1, "0");
            }
            if drawn != key && !is_sound(&drawn) {
                break;
            }
        }
        drawn
    }

    /// Areas over 899 were never issued; groups from 50 on are those of tax numbers.
    fn never_issued(&mut self) -> String {
        let (area, group) = (900 + self.below(100), 1 + self.below(49));
        let serial = 1 + self.below(9_999);
        format!("{area:03}{group:02}{serial:04}")
    }

    /// Digits for digits, letters for letters; zeros in front stay.
    fn scrambled(&mut self, key: &str) -> String {
        let is_hex = key.len() >= 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let letters = if is_hex { HEX } else { LETTERS };
        let mut is_leading = true;
        let mut drawn = String::with_capacity(key.len());
        for old in key.chars() {
            if !old.is_ascii_digit() {
                let place = self.below(letters.len());
                drawn.push_str(letters.get(place..=place).unwrap_or("X"));
            } else if is_leading && old == '0' {
                drawn.push('0');
            } else {
                drawn.push(self.digit(u8::from(is_leading)));
                is_leading = false;
            }
        }
        drawn
    }
}

/// Keys of records that are too short for their shape to have room become codes.
fn is_long_enough(label: Label, key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    label != Label::OtherId || key.len() >= 6 && digits >= 3
}

/// Whether check digits agree: then the number may be real.
fn is_sound(number: &str) -> bool {
    number.len() >= 12 && validators::luhn(number)
        || validators::npi(number)
        || validators::dea(number)
        || validators::vin(number)
        || validators::iban(number)
        || validators::mbi(number)
}

/// Where the extension of a telephone number begins: at the first letter after seven digits.
fn extension(found: &str) -> usize {
    let mut digits = 0;
    for (at, letter) in found.char_indices() {
        if letter.is_ascii_digit() {
            digits += 1;
        } else if digits >= 7 && (letter.is_alphabetic() || letter == '#' || letter == ',') {
            return at;
        }
    }
    found.len()
}

const SHAPE_DRAWS: usize = 200;
const LETTERS: &str = "ABCDEFGHJKLMNPRSTUVWXYZ";
const HEX: &str = "ABCDEF";
