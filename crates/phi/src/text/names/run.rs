//! A run of words that may be one name.

use crate::dictionary::class::Class;

use super::{
    super::{
        page::Page,
        token::{Gap, Kind},
    },
    context::record_behind,
    weight::{Weight, weigh},
};

/// Neighbouring words that fit into a name, counted by weight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) words: u8,
    pub(super) strong: u8,
    pub(super) frequent: u8,
    pub(super) ambiguous: u8,
    pub(super) unknown: u8,
    /// Of the unknown, those built like names.
    pub(super) likely: u8,
    pub(super) initials: u8,
    /// The first word is a listed given name.
    pub(super) opens_given: bool,
    /// All its words are in capitals.
    pub(super) is_upper: bool,
}

impl Run {
    /// Collects the run that begins at `first`; in a sure context any capitalised word that is not
    /// everyday language may belong.
    pub(super) fn from(page: &Page<'_>, first: usize, is_sure: bool) -> Option<Self> {
        let mut run = Self {
            first,
            last: first,
            words: 0,
            strong: 0,
            frequent: 0,
            ambiguous: 0,
            unknown: 0,
            likely: 0,
            initials: 0,
            opens_given: page.at(first).class.has(Class::GIVEN),
            is_upper: true,
        };
        let mut at = first;
        while run.words < 6 {
            let Some(taken) = run.take(page, at, is_sure) else {
                break;
            };
            run.last = taken;
            at = run.next_place(page, taken, is_sure)?;
            if at == 0 {
                break;
            }
        }
        run.add_suffix(page);
        (run.words > 0).then_some(run)
    }

    /// Takes the word or initial at `at`; gives its last token.
    fn take(&mut self, page: &Page<'_>, at: usize, is_sure: bool) -> Option<usize> {
        let token = page.at(at);
        if token.kind == Kind::Initial {
            let dot = page.at(at + 1).is_sign(b'.') && page.at(at + 1).gap == Gap::None;
            let named = self.words > 0 || dot && is_name_after(page, at + 2);
            if !named
                || !dot
                    && (self.strong + self.unknown == 0
                        || page.is_any(token, &["i"])
                        || page.at(at + 1).gap == Gap::None)
            {
                return None;
            }
            self.initials += 1;
            return Some(at + usize::from(dot));
        }
        let hyphened = self.words > 0 && token.gap == Gap::None && page.before(at, 1).is_sign(b'-');
        let listed = self.strong + self.unknown > 0;
        let weight = match weigh(page, at) {
            Weight::None | Weight::Word | Weight::Ambiguous if hyphened && listed => {
                Weight::Unknown
            }
            Weight::None | Weight::Word if is_capital_particle(page, at) => Weight::Unknown,
            Weight::None | Weight::Word | Weight::Ambiguous
                if self.words == 1 && is_surname_month(page, at) =>
            {
                Weight::Name
            }
            Weight::None if is_sure && token.class == Class::NONE && token.kind == Kind::Title => {
                Weight::Unknown
            }
            Weight::None | Weight::Word | Weight::Ambiguous
                if self.words == 1
                    && self.opens_given
                    && listed
                    && token.kind != Kind::Initial
                    && !token.class.has(Class::STOP.or(Class::CREDENTIAL))
                    && record_behind(page, at) =>
            {
                Weight::Name
            }
            weight => weight,
        };
        let fits = match weight {
            Weight::None => false,
            Weight::Word => {
                is_sure
                    && self.words < 2
                    && !token
                        .class
                        .has(Class::COMMON.or(Class::PERSON_VERB).or(Class::FACILITY))
            }
            Weight::Unknown => !page.is_shouted || is_sure,
            Weight::Ambiguous => {
                self.words == 0
                    || !token.class.has(Class::STOP.or(Class::FACILITY))
                    || is_sure && !page.is_shouted
            }
            Weight::Likely | Weight::Name | Weight::Frequent => true,
        };
        let cased = self.words == 0
            || page.is_shouted
            || (token.kind == Kind::Upper) == self.is_upper
            || is_sure;
        if !fits || !cased {
            return None;
        }
        self.words += 1;
        self.is_upper &= token.kind == Kind::Upper;
        self.frequent += u8::from(token.class.has(Class::FREQUENT));
        match weight {
            Weight::Likely => {
                self.unknown += 1;
                self.likely += 1;
            }
            Weight::Unknown | Weight::Word => self.unknown += 1,
            Weight::Ambiguous => self.ambiguous += 1,
            _ => self.strong += 1,
        }
        Some(at)
    }

    /// Where the next word of the run may stand; 0 if the run ends here.
    #[expect(clippy::unnecessary_wraps, reason = "joins the chain of the caller")]
    fn next_place(&self, page: &Page<'_>, last: usize, is_sure: bool) -> Option<usize> {
        if is_hyphened(page, last) {
            return Some(last + 2);
        }
        let mut at = last + 1;
        while page.at(at).class.has(Class::PARTICLE)
            && page.at(at).kind == Kind::Lower
            && page.at(at).gap == Gap::Space
            && at < last + 4
        {
            at += 1;
        }
        let token = page.at(at);
        let named = weigh(page, at) >= Weight::Name;
        let near = token.gap == Gap::Space
            || token.gap == Gap::Line
                && named
                && (is_sure || self.strong > 0)
                && self.words < 2
                && !page.is_shouted
            || token.gap == Gap::None && page.before(at, 1).is_sign(b'.') && token.is_capital();
        Some(if near && token.is_capital() { at } else { 0 })
    }

    fn add_suffix(&mut self, page: &Page<'_>) {
        let comma = usize::from(page.at(self.last + 1).is_sign(b','));
        let token = page.at(self.last + 1 + comma);
        if self.words > 0
            && token.class.has(Class::SUFFIX)
            && token.is_capital()
            && token.gap == Gap::Space
        {
            self.last += 1 + comma;
        }
    }

    /// `Foley catheter`, `Crohn's disease`, `Swan-Ganz`.
    pub(super) fn is_eponym(&self, page: &Page<'_>) -> bool {
        let eponym = (self.first..=self.last).any(|at| page.at(at).class.has(Class::EPONYM));
        let next = page.at(self.last + 1);
        let (possessive, head) = if next.kind == Kind::Possessive {
            (true, page.at(self.last + 2))
        } else {
            (false, next)
        };
        let headed = head.class.has(Class::HEAD)
            && (head.gap <= Gap::Space || head.gap == Gap::Line && !head.is_capital())
            && !(possessive && page.at(self.last).class.has(Class::GIVEN) && !eponym);
        let owned = page.at(self.last + 2);
        let cared = possessive
            && self.words == 1
            && page.at(self.first).class.has(Class::SURNAME)
            && page.at(self.first).class.has(Class::FREQUENT)
            && owned.class.has(Class::MEDICAL)
            && owned.kind == Kind::Lower
            && owned.len() > 5
            && !owned.class.has(Class::HEAD);
        if cared {
            return false;
        }
        let unowned = possessive
            && eponym
            && self.words == 1
            && !page.at(self.first).class.has(Class::GIVEN)
            && !page.at(self.last + 2).class.has(Class::RELATION);
        let firm = unowned
            || possessive
                && self.words == 1
                && eponym
                && !page.at(self.first).class.has(Class::FREQUENT);
        let joined = (self.first + 1..=self.last).all(|at| page.at(at).gap == Gap::None);
        let eponyms = (self.first..=self.last)
            .filter(|at| page.at(*at).is_word())
            .all(|at| page.at(at).class.has(Class::EPONYM));
        let first = page.at(self.first).class;
        let led = first.has(Class::EPONYM) && !first.has(Class::GIVEN);
        let rare = (self.first..=self.last).any(|at| {
            let class = page.at(at).class;
            class.has(Class::EPONYM)
                && !class.has(Class::GIVEN.or(Class::FREQUENT).or(Class::SURNAME))
        });
        let compound = self.words > 1 && joined && (eponyms || led || rare);
        let hyphened = eponym
            && self.words == 1
            && !page.at(self.first).class.has(Class::GIVEN)
            && page.at(self.first).class.has(Class::FREQUENT)
            && next.is_sign(b'-');
        headed && eponym || firm || hyphened || compound && !after_title(page, self.first)
    }

    /// `Zorvex 5 mg`: a drug, not a person.
    pub(super) fn is_dosed(&self, page: &Page<'_>) -> bool {
        let number = page.at(self.last + 1);
        let unit = page.at(self.last + 2);
        number.gap <= Gap::Space
            && (number.kind == Kind::Number
                && (unit.class.has(Class::UNIT)
                    || unit.is_sign(b'/')
                        && !(self.words > 1 && is_day_after(page, self.last + 1))
                    || !(self.words > 1 && self.opens_given && self.strong > 0)
                        && unit.is_sign(b'.')
                        && page.at(self.last + 3).kind == Kind::Number
                        && page.at(self.last + 3).gap == Gap::None
                        && page.at(self.last + 3).len() < 3
                    || unit.is_sign(b'%'))
                || number.kind == Kind::Code && page.slice(number).ends_with(b"mg"))
    }

    /// `Fisher 4`, `Gustilo II`, `Braden 11`: an eponym and its grade; `April-June`: two months.
    pub(super) fn is_graded(&self, page: &Page<'_>) -> bool {
        let words = || (self.first..=self.last).filter(|at| page.at(*at).is_word());
        if self.words > 1 && words().all(|at| page.at(at).class.has(Class::MONTH)) {
            return true;
        }
        let own = page.at(self.last).class.has(Class::EPONYM);
        let grade = page.at(self.last + 1);
        let digit = grade.kind == Kind::Number && grade.len() < 3
            || grade.kind == Kind::Upper && page.is_any(grade, &["ii", "iii", "iv", "vi"]);
        let unit = page.at(self.last + 2);
        let else_ = matches!(unit.kind, Kind::Sign(b'/' | b':' | b'-')) && unit.gap == Gap::None
            || page.is_any(
                unit,
                &["yo", "y", "yr", "year", "years", "m", "f", "male", "female"],
            );
        let formal = after_title(page, self.first)
            || page
                .before(self.first, 1)
                .class
                .has(Class::PERSON.or(Class::RELATION));
        // `Scheltens 3.`, `Goligher II,`, `Fugl-Meyer 28/66`: whoever stands before a grade that the
        // sentence ends with or halts at gave it the name.
        let closed = matches!(
            unit.kind,
            Kind::Edge | Kind::Sign(b',' | b'.' | b';' | b')' | b'+')
        ) || unit.gap >= Gap::Line;
        let ratio = unit.is_sign(b'/') && page.at(self.last + 3).kind == Kind::Number;
        let alone = self.words == 1
            && self.initials == 0
            && page.is_clinical
            && !(self.frequent > 0 && page.at(self.first).class.has(Class::GIVEN));
        if alone && digit && grade.gap == Gap::Space && (closed || ratio) && !formal {
            return true;
        }
        own && digit && grade.gap == Gap::Space && !else_ && !formal && self.frequent < 2
    }

    /// `North Carolina`, `United States`.
    pub(super) fn is_state(&self, page: &Page<'_>) -> bool {
        let state = Class::STATE.or(Class::COUNTRY);
        self.last > self.first && page.phrase(self.first, self.last + 1).has(state)
            || page
                .phrase(self.first.saturating_sub(1), self.last + 1)
                .has(state)
                && page.before(self.first, 1).is_capital()
    }

    /// Persons' names that are terms of medicine: `Ramsay Hunt`, `Marcus Gunn`.
    pub(super) fn is_term(&self, page: &Page<'_>) -> bool {
        self.last > self.first && page.phrase(self.first, self.last + 1).has(Class::MEDICAL)
    }

    /// A listed place rather than a person.
    pub(super) fn is_place(&self, page: &Page<'_>) -> bool {
        page.phrase(self.first, self.last + 1)
            .has(Class::CITY.or(Class::STATE).or(Class::COUNTRY))
    }
}

/// `Smith-Jones`, `Soo-jin`: a part joined by a hyphen, in lower case if it is no word.
fn is_hyphened(page: &Page<'_>, last: usize) -> bool {
    const WORDS: Class = Class::STOP
        .or(Class::MEDICAL)
        .or(Class::HEAD)
        .or(Class::UNIT);
    let (hyphen, part) = (page.at(last + 1), page.at(last + 2));
    let joined = hyphen.is_sign(b'-') && hyphen.gap == Gap::None && part.gap == Gap::None;
    let syllable = part.kind == Kind::Lower
        && matches!(page.at(last).kind, Kind::Title)
        && page.at(last).len() < 7
        && !page.at(last).class.has(WORDS)
        && page.is_any(part, SYLLABLES);
    let lower = syllable
        || part.kind == Kind::Lower
            && part.len() > 1
            && part.len() < 8
            && part.class.has(Class::GIVEN.or(Class::SURNAME))
            && !part.class.has(WORDS.or(Class::COMMON))
            && page.at(last).class.has(Class::GIVEN);
    joined && (part.is_capital() || lower)
}

/// Second syllables of Korean and Chinese given names, which are no English words.
const SYLLABLES: &[&str] = &[
    "woo", "wook", "ho", "hyun", "hyung", "jin", "joo", "jun", "joon", "jung", "jeong", "hee",
    "hwan", "hwa", "kyu", "kyung", "gyu", "mi", "min", "myung", "na", "rae", "ri", "seo", "seok",
    "seon", "seong", "seung", "sik", "soo", "sook", "sub", "suk", "sun", "sung", "tae", "taek",
    "uk", "won", "yeon", "yeong", "yong", "yoon", "young", "yul", "yun", "yeol", "chul", "chan",
    "eun", "geun", "hoon", "hyeon", "ja", "jae", "ting", "ling", "ming", "ying", "hui", "hua",
    "mei", "ping", "qing", "wei", "wen", "yan", "yi", "yu", "yuan", "zhen", "fen", "fang", "hong",
    "jie", "jian", "juan", "keung", "kit", "lan", "lun", "shan", "shu", "siu", "tsai", "tung",
    "wah", "wai", "yin", "ying", "yuen", "chi", "chih", "hao", "heng", "hsiang", "hsin", "jen",
    "kai", "liang", "lin", "nan", "pei", "rong", "ru", "xia", "xin",
];

/// `Dos Santos`, `De la Cruz`: a particle with a capital before a name.
fn is_capital_particle(page: &Page<'_>, at: usize) -> bool {
    let mut next = at + 1;
    while page.at(next).class.has(Class::PARTICLE)
        && page.at(next).gap == Gap::Space
        && next < at + 3
    {
        next += 1;
    }
    let token = page.at(at);
    token.class.has(Class::PARTICLE)
        && matches!(token.kind, Kind::Title | Kind::Upper)
        && page.is_any(
            token,
            &[
                "de", "dos", "das", "da", "la", "van", "von", "der", "del", "di", "du", "el", "le",
            ],
        )
        && page.at(next).gap == Gap::Space
        && weigh(page, next) >= Weight::Name
}

/// `Rajesh May`: a surname that is a month elsewhere, with no day behind it. After a word that no
/// list knows, a credential or the end of the line must follow.
fn is_surname_month(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    let next = page.at(at + 1);
    let shaped = token.kind == Kind::Title
        && token.class.has(Class::MONTH)
        && token.gap == Gap::Space
        && !matches!(next.kind, Kind::Number | Kind::Code);
    let given = weigh(page, at.saturating_sub(1));
    shaped
        && (given >= Weight::Name
            || matches!(given, Weight::Unknown | Weight::Likely)
                && (next.gap >= Gap::Line || record_behind(page, at)))
}

/// The number at `place` begins a day and month rather than a strength: `Ana Lopez 5/16`.
fn is_day_after(page: &Page<'_>, place: usize) -> bool {
    let number = |at: usize| {
        str::from_utf8(page.bytes(at))
            .ok()
            .and_then(|digits| digits.parse::<u32>().ok())
            .unwrap_or(0)
    };
    (1..=12).contains(&number(place))
        && (1..=31).contains(&number(place + 2))
        && !page.at(place + 3).class.has(Class::UNIT)
}

fn after_title(page: &Page<'_>, first: usize) -> bool {
    page.before(first, 1).class.has(Class::TITLE)
        || page.before(first, 1).is_sign(b'.') && page.before(first, 2).class.has(Class::TITLE)
}

/// A surname follows an initial, or another initial and then a surname.
fn is_name_after(page: &Page<'_>, at: usize) -> bool {
    let token = page.at(at);
    if token.gap > Gap::Line {
        return false;
    }
    if token.kind == Kind::Initial && page.at(at + 1).is_sign(b'.') {
        return weigh(page, at + 2) >= Weight::Unknown && page.at(at + 2).gap <= Gap::Line;
    }
    weigh(page, at) >= Weight::Unknown
}
