//! The other ways in which a known date, phone number or address is written.

/// Lower case, Latin letters without diacritics; other letters as they are.
pub(super) fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        let mut room = [0_u8; 64];
        let base = crate::text::token::plain_letters(letter.encode_utf8(&mut [0; 4]), &mut room)
            .and_then(|base| str::from_utf8(base).ok())
            .map(str::to_owned);
        match base {
            Some(base) => plain.push_str(&base),
            None => plain.push(letter),
        }
    }
    plain
}

/// The layouts of a date: numeric in the three orders, written with the month in full or short.
pub(super) fn date(date: &str) -> Vec<String> {
    let Some((year, month, day)) = parse(date) else {
        return vec![date.to_owned()];
    };
    let short = year % 100;
    let mut variants = vec![
        format!("{year}{month:02}{day:02}"),
        format!("{month:02}{day:02}{year}"),
        format!("{day:02}{month:02}{year}"),
        format!("{month}-{day}-{year}"),
        format!("{day}-{month}-{year}"),
        format!("{month:02}{day:02}{short:02}"),
        format!("{day:02}{month:02}{short:02}"),
        format!("{month}-{day}-{short:02}"),
    ];
    let name = usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month - 1))
        .copied()
        .unwrap_or("");
    for name in [name, name.get(..3).unwrap_or(name)] {
        for day in [
            format!("{day}"),
            format!("{day:02}"),
            format!("{day}{}", ending(day)),
        ] {
            variants.push(format!("{name}{day}{year}"));
            variants.push(format!("{day}{name}{year}"));
            variants.push(format!("{day}of{name}{year}"));
            variants.push(format!("{day}{name}{short:02}"));
            variants.push(format!("{name}{day}{short:02}"));
            variants.push(format!("{year}{name}{day}"));
            variants.push(format!("{day}dayof{name}{year}"));
            variants.push(format!("{name}{day}"));
            variants.push(format!("{day}{name}"));
            variants.push(format!("{day}of{name}"));
        }
    }
    variants
}

/// The forms of a number in which an identifier is written: whole, without letters before it,
/// without leading zeros, without what follows its last separator.
pub(super) fn identifier(value: &str) -> Vec<String> {
    let mut variants = vec![value.to_owned()];
    let number = value.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    variants.push(number.to_owned());
    variants.push(number.trim_start_matches('0').to_owned());
    if let Some((head, tail)) = value.rsplit_once(|letter: char| !letter.is_alphanumeric()) {
        variants.push(head.to_owned());
        variants.push(tail.to_owned());
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let all = digits(value);
    let mut first = true;
    variants.retain(|variant| {
        std::mem::take(&mut first) || digits(variant) >= 5 && digits(variant) * 2 > all
    });
    variants
}

/// The words of a name with `ae`, `oe`, `ue` for letters with two dots, `ss` is one already.
pub(super) fn umlauts(name: &str) -> Vec<String> {
    name.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.contains(['ä', 'ö', 'ü', 'ø', 'å']))
        .map(|word| {
            let spelled = word
                .replace(['ä'], "ae")
                .replace(['ö', 'ø'], "oe")
                .replace('ü', "ue")
                .replace('å', "aa");
            plain(&spelled)
        })
        .collect()
}

/// The ten digits and the last seven of a phone number of the North American plan; of any other
/// the digits with the country and without it.
pub(super) fn phone(phone: &str) -> Vec<String> {
    let lower = phone.to_lowercase();
    let own = lower
        .find(['x', 'e', ';'])
        .and_then(|at| lower.get(..at))
        .unwrap_or(&lower);
    let digits: String = own.chars().filter(char::is_ascii_digit).collect();
    let whole: String = phone.chars().filter(char::is_ascii_digit).collect();
    let abroad =
        own.trim_start().starts_with('+') && !digits.starts_with('1') || digits.starts_with("00");
    let mut variants = vec![whole, digits.clone()];
    if abroad {
        let digits = digits.trim_start_matches('0');
        variants.push(digits.to_owned());
        for country in 1..=3 {
            let rest = digits
                .get(country..)
                .unwrap_or_default()
                .trim_start_matches('0');
            if rest.len() >= 7 {
                variants.push(rest.to_owned());
                variants.push(format!("0{rest}"));
            }
            if let (Some(head), true) = (digits.get(..country), rest.len() >= 7) {
                variants.push(format!("{head}0{rest}"));
            }
        }
    } else if let Some(rest) = digits.strip_prefix('0') {
        variants.push(rest.to_owned());
    }
    let ten = if digits.len() == 11 {
        digits.strip_prefix('1').unwrap_or(&digits)
    } else {
        &digits
    };
    variants.push(ten.to_owned());
    let local = if ten.len() == 10 { ten.get(3..) } else { None };
    variants.extend(local.map(str::to_owned));
    variants
}

/// The parts of an address that give a place away.
pub(super) fn address(address: &str) -> Vec<String> {
    let mut variants = Vec::new();
    for part in address.split([',', '\n', ';']).map(str::trim) {
        let lower = plain(part).replace('.', "");
        let words: Vec<&str> = lower.split_whitespace().collect();
        match words.first() {
            Some(first)
                if first.starts_with(|letter: char| letter.is_ascii_digit()) && words.len() > 1 =>
            {
                street(&words, &mut variants);
            }
            Some(_) => town(&words, &mut variants),
            None => {}
        }
    }
    variants
}

/// `12 n oak street`: the whole, with the kind of street in its other form, and without number.
fn street(words: &[&str], variants: &mut Vec<String>) {
    let other = |word: &&str| -> String {
        STREETS
            .iter()
            .find_map(|(full, short)| {
                if word == full {
                    Some(*short)
                } else if word == short {
                    Some(*full)
                } else {
                    None
                }
            })
            .unwrap_or(word)
            .to_owned()
    };
    let swapped: Vec<String> = words.iter().map(other).collect();
    let unit = words
        .iter()
        .skip(2)
        .position(|word| UNITS.contains(word))
        .map(|at| at + 2);
    if let Some(unit) = unit {
        variants.push(words.get(unit..).unwrap_or_default().concat());
        variants.push(words.get(..unit).unwrap_or_default().concat());
        variants.push(swapped.get(..unit).unwrap_or_default().concat());
    }
    let turned: Vec<String> = words.iter().map(|word| turned(word)).collect();
    if turned != *words {
        let kinds: Vec<String> = turned.iter().map(|word| other(&word.as_str())).collect();
        variants.push(turned.concat());
        variants.push(kinds.concat());
        variants.push(turned.get(1..).unwrap_or_default().concat());
        variants.push(kinds.get(1..).unwrap_or_default().concat());
    }
    variants.push(words.concat());
    variants.push(swapped.concat());
    let is_kind = |word: &&str| -> bool {
        STREETS
            .iter()
            .any(|(full, short)| word == full || word == short)
    };
    if let Some(kind) = words.iter().skip(1).rposition(is_kind) {
        variants.push(words.get(..=kind).unwrap_or_default().concat());
        variants.push(words.get(..kind + 2).unwrap_or_default().concat());
        variants.push(swapped.get(..kind + 2).unwrap_or_default().concat());
        variants.push(words.get(1..kind + 2).unwrap_or_default().concat());
        variants.push(swapped.get(1..kind + 2).unwrap_or_default().concat());
    }
}

/// A direction in its other form: `n` and `north`.
fn turned(word: &str) -> String {
    DIRECTIONS
        .iter()
        .find_map(|(full, short)| match word {
            word if word == *full => Some(*short),
            word if word == *short => Some(*full),
            _ => None,
        })
        .unwrap_or(word)
        .to_owned()
}

/// `troy ny 12180`: town and postal code apart; a state alone is no identifier.
fn town(words: &[&str], variants: &mut Vec<String>) {
    let is_digit = |word: &&&str| word.starts_with(|letter: char| letter.is_ascii_digit());
    variants.extend(words.iter().filter(is_digit).map(|word| (*word).to_owned()));
    variants.extend(
        words
            .iter()
            .filter(is_digit)
            .filter_map(|word| word.split_once('-'))
            .map(|(zip, _)| zip.to_owned()),
    );
    let is_unit = words.first().is_some_and(|first| UNITS.contains(first));
    if is_unit && words.len() > 1 {
        variants.push(words.concat());
        return;
    }
    let name: Vec<&str> = words
        .iter()
        .filter(|word| !is_digit(word) && word.len() > 2)
        .copied()
        .collect();
    let name = name.concat();
    if name.len() > 3 && !STATES.split(' ').any(|state| state == name) {
        variants.push(name);
    }
}

fn parse(date: &str) -> Option<(u32, u32, u32)> {
    let written = crate::dates::parse(date).and_then(|parts| {
        let year = u32::try_from(parts.year).ok()?;
        Some((year, u32::from(parts.month?), u32::from(parts.day?)))
    });
    if written.is_some() {
        return written;
    }
    let date = date
        .get(..10)
        .filter(|_| date.as_bytes().get(10) == Some(&b'T'))
        .unwrap_or(date)
        .trim();
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let number = |text: &str| text.parse::<u32>().ok();
    let (year, month, day) = match parts[..] {
        [year, month, day] if year.len() == 4 => (number(year)?, number(month)?, number(day)?),
        [month, day, year] if year.len() == 4 => (number(year)?, number(month)?, number(day)?),
        [compact] if compact.len() == 8 => (
            number(compact.get(..4)?)?,
            number(compact.get(4..6)?)?,
            number(compact.get(6..)?)?,
        ),
        _ => return None,
    };
    let (month, day) = if month > 12 {
        (day, month)
    } else {
        (month, day)
    };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

const fn ending(day: u32) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const STREETS: &[(&str, &str)] = &[
    ("street", "st"),
    ("avenue", "ave"),
    ("road", "rd"),
    ("drive", "dr"),
    ("boulevard", "blvd"),
    ("lane", "ln"),
    ("court", "ct"),
    ("place", "pl"),
    ("terrace", "ter"),
    ("circle", "cir"),
    ("parkway", "pkwy"),
    ("highway", "hwy"),
    ("square", "sq"),
    ("trail", "trl"),
    ("way", "way"),
    ("alley", "aly"),
    ("crossing", "xing"),
    ("freeway", "fwy"),
    ("ridge", "rdg"),
    ("heights", "hts"),
    ("point", "pt"),
    ("turnpike", "tpke"),
    ("pike", "pike"),
    ("loop", "loop"),
    ("run", "run"),
    ("path", "path"),
    ("row", "row"),
    ("plaza", "plz"),
    ("expressway", "expy"),
];

const DIRECTIONS: &[(&str, &str)] = &[
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("northeast", "ne"),
    ("northwest", "nw"),
    ("southeast", "se"),
    ("southwest", "sw"),
];

/// Words that open a part of a house.
const UNITS: &[&str] = &[
    "apt",
    "apartment",
    "unit",
    "suite",
    "ste",
    "floor",
    "room",
    "#",
];

const STATES: &str = "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada newhampshire newjersey newmexico newyork northcarolina northdakota ohio oklahoma oregon pennsylvania rhodeisland southcarolina southdakota tennessee texas utah vermont virginia washington westvirginia wisconsin wyoming unitedstates";
