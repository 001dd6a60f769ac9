use crate::draw::Draw;

use super::invention::Invention;

/// The lists a lexicon is made of, in lower case, the most frequent first.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    /// Given names.
    pub given: &'a [&'a str],
    /// Surnames.
    pub surnames: &'a [&'a str],
    /// Towns.
    pub towns: &'a [&'a str],
    /// Everyday words.
    pub words: &'a [&'a str],
    /// Drugs.
    pub drugs: &'a [&'a str],
    /// Names that stand in medical terms.
    pub eponyms: &'a [&'a str],
}

/// Lends names and places to the grammars; about a third are invented letter by letter.
#[derive(Debug)]
pub struct Lexicon {
    given: Drawer,
    surnames: Drawer,
    towns: Drawer,
    drugs: Drawer,
    words: Vec<String>,
    eponyms: Vec<String>,
}

#[derive(Debug)]
struct Drawer {
    listed: Vec<String>,
    invention: Invention,
}

impl Lexicon {
    /// A lexicon over these lists.
    pub fn new(lists: &Lists<'_>) -> Self {
        Self {
            given: Drawer::new(lists.given),
            surnames: Drawer::new(lists.surnames),
            towns: Drawer::new(lists.towns),
            drugs: Drawer::new(lists.drugs),
            words: owned(lists.words),
            eponyms: owned(lists.eponyms),
        }
    }

    /// What fills a slot, and whether it was invented; nothing for an unknown slot.
    pub(super) fn draw(&self, slot: &str, draw: &mut Draw) -> Option<(String, bool)> {
        let named = |drawer: &Drawer, draw: &mut Draw| {
            let (word, invented) = drawer.draw(draw);
            (accented(&capitalised(&word), draw), invented)
        };
        Some(match slot {
            "given" => named(&self.given, draw),
            "sur" => named(&self.surnames, draw),
            "town" => named(&self.towns, draw),
            "GIVEN" => upper(named(&self.given, draw)),
            "SUR" => upper(named(&self.surnames, draw)),
            "TOWN" => upper(named(&self.towns, draw)),
            "initial" => (char::from(b'A' + draw.below(26) as u8).to_string(), false),
            "word" => (draw.one_of::<String>(&self.words).clone(), false),
            "Word" => (capitalised(draw.one_of::<String>(&self.words)), false),
            "WORD" => (draw.one_of::<String>(&self.words).to_uppercase(), false),
            "eponym" => (capitalised(draw.one_of::<String>(&self.eponyms)), false),
            "drug" => (draw.one_of::<String>(&self.drugs.listed).clone(), false),
            "Drug" => (
                capitalised(draw.one_of::<String>(&self.drugs.listed)),
                false,
            ),
            "Brand" => (capitalised(&self.drugs.invention.invent(draw)), false),
            "Camel" => (self.camel(draw), false),
            "acronym" => (acronym(draw), false),
            "Term" => (capitalised(&self.term(draw)), false),
            "term" => (self.term(draw), false),
            "firm" => (capitalised(&self.firm(draw)), true),
            _ => return None,
        })
    }

    #[cfg(test)]
    pub(super) fn knows(slot: &str) -> bool {
        const SLOTS: &[&str] = &[
            "given", "sur", "town", "GIVEN", "SUR", "TOWN", "initial", "word", "Word", "WORD",
            "eponym", "drug", "Drug", "Brand", "firm", "Camel", "acronym", "Term", "term",
        ];
        SLOTS.contains(&slot)
    }

    /// A made-up device or brand such as `CyberKnife` or `Accu-Chek`.
    fn camel(&self, draw: &mut Draw) -> String {
        let first = capitalised(draw.one_of::<String>(&self.words));
        let second = capitalised(&self.drugs.invention.invent(draw));
        let first = first.get(..5).unwrap_or(&first);
        let second = second.get(..5).unwrap_or(&second);
        format!("{first}{}{second}", draw.pick(&["", "-"]))
    }

    /// A made-up medical term that no list has.
    fn term(&self, draw: &mut Draw) -> String {
        let stem = self.drugs.invention.invent(draw);
        let stem = stem.get(..6).unwrap_or(&stem);
        format!("{stem}{}", draw.pick(ENDINGS))
    }

    /// A made-up brand of a firm: spelled like a drug, a surname, or two words run together.
    fn firm(&self, draw: &mut Draw) -> String {
        match draw.below(3) {
            0 => self.drugs.invention.invent(draw),
            1 => self.surnames.invention.invent(draw),
            _ => {
                let second = draw.one_of::<String>(&self.words).clone();
                let first = draw.one_of::<String>(&self.words);
                format!("{}{second}", first.get(..4).unwrap_or(first))
            }
        }
    }
}

impl Drawer {
    fn new(list: &[&str]) -> Self {
        Self {
            listed: owned(list),
            invention: Invention::learn(list),
        }
    }

    /// Half of the listed words drawn come from the first tenth of the list.
    fn draw(&self, draw: &mut Draw) -> (String, bool) {
        if draw.chance(0.33) {
            return (self.invention.invent(draw), true);
        }
        let count = self.listed.len() as u32;
        let bound = if draw.chance(0.5) {
            count / 10 + 1
        } else {
            count
        };
        let word = self.listed.get(draw.below(bound) as usize);
        (word.cloned().unwrap_or_default(), false)
    }
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

fn upper((word, invented): (String, bool)) -> (String, bool) {
    (word.to_uppercase(), invented)
}

/// Two to four capitals, now and then in the plural or with a small letter.
fn acronym(draw: &mut Draw) -> String {
    let count = draw.between(2, 4);
    let letters = (0..count).map(|_| draw.pick(LETTERS));
    let mut word: String = letters.collect();
    word.push_str(draw.pick(&["", "", "", "", "s", "x"]));
    word
}

/// The first letter of each word in upper case, small joining words aside.
fn capitalised(text: &str) -> String {
    let mut opens = true;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if opens {
            out.extend(letter.to_uppercase());
        } else {
            out.push(letter);
        }
        opens = matches!(letter, ' ' | '-' | '\'');
    }
    out
}

/// One name in eight gets a diacritic back, as the lists have none.
fn accented(name: &str, draw: &mut Draw) -> String {
    if !draw.chance(0.125) {
        return name.to_owned();
    }
    let accents = name.chars().map(|letter| {
        let (_, others) = ACCENTS.iter().find(|(plain, _)| *plain == letter)?;
        draw.chance(0.4).then(|| draw.pick(others))
    });
    let accents: Vec<Option<char>> = accents.collect();
    let pairs = name.chars().zip(accents);
    pairs
        .map(|(letter, accent)| accent.unwrap_or(letter))
        .collect()
}

const ENDINGS: &[&str] = &[
    "itis", "osis", "emia", "ectomy", "oma", "opathy", "openia", "oscopy", "ogram", "uria",
    "algia", "oplasty", "otomy", "ia", "ism", "oid", "ic", "al", "iasis", "ectasis",
];

const LETTERS: &[char] = &[
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'L', 'M', 'N', 'O', 'P', 'R', 'S', 'T', 'U', 'V',
];

const ACCENTS: &[(char, &[char])] = &[
    ('a', &['á', 'ä', 'ã', 'å', 'ă', 'à']),
    ('c', &['ç', 'č', 'ć']),
    ('e', &['é', 'è', 'ê', 'ě', 'ë']),
    ('i', &['í', 'ï', 'î']),
    ('l', &['ł']),
    ('n', &['ñ', 'ń', 'ň']),
    ('o', &['ó', 'ö', 'ø', 'ô', 'õ']),
    ('s', &['š', 'ś', 'ş']),
    ('u', &['ú', 'ü', 'û', 'ů']),
    ('y', &['ý']),
    ('z', &['ž', 'ż']),
];
