//! Dates that a word opens: months, feasts, seasons, quarters, days of the week.

use crate::{
    dictionary::{class::Class, hash},
    finding::Finding,
    label::Label,
    text::{
        formats::Formats,
        ocr,
        page::Page,
        token::{Gap, Kind},
    },
};

use super::{
    cues::{ORDINALS, PREPOSITIONS, STRICT, WEEKDAY_CUES},
    lead_start,
};

/// A date that the month at `place` opens, or a month that stands for a date by itself; gives
/// where the date ends.
pub(crate) fn month(
    page: &Page<'_>,
    formats: &Formats,
    place: usize,
    found: &mut Vec<Finding>,
) -> Option<usize> {
    let token = page.at(place);
    let is_verb = token.kind == Kind::Lower
        && page.is_any(token, &["may", "march", "mar", "dec", "sep", "jan"]);
    let previous = page.before(place, 1);
    let can_open = !(is_verb && page.is_any(token, &["may", "march"]))
        || page.is_any(previous, PREPOSITIONS)
        || is_day_of_may(page, place);
    if let Some(end) = formats
        .month(page.text, token.start as usize)
        .filter(|_| can_open)
        .and_then(|end| without_dose(page, formats, place, end))
    {
        let start = lead_start(page, ordinal_start(page, place));
        found.push(date(start, end, 0.9, "month-date"));
        return Some(end);
    }
    let (_, end) = page.span(place, place);
    let ordinal = ordinal_start(page, place);
    let misread = may_be_misread(page, place)
        .then(|| ocr::month(page, formats, place))
        .flatten();
    if let Some(end) = misread.filter(|_| can_open) {
        found.push(date(lead_start(page, ordinal), end, 0.7, "month-date"));
        return Some(end);
    }
    if ordinal < token.start as usize {
        found.push(date(lead_start(page, ordinal), end, 0.8, "ordinal-date"));
        Some(end)
    } else if !is_verb && is_bare_month(page, place) {
        month_alone(page, place, found);
        Some(end)
    } else {
        None
    }
}

/// `may 7, 1972`, `on the board may 3`: a day follows and nothing that is counted.
fn is_day_of_may(page: &Page<'_>, place: usize) -> bool {
    let (day, next) = (page.at(place + 1), page.at(place + 2));
    let is_day = matches!(day.kind, Kind::Number | Kind::Code) && day.len() <= 4;
    let asks = page.is_any(
        page.before(place, 1),
        &[
            "you", "they", "we", "it", "he", "she", "i", "that", "which", "patients", "who",
        ],
    );
    is_day
        && !asks
        && !next.class.has(Class::UNIT)
        && (!next.is_word() || page.is_any(next, AFTER_DAYS))
}

/// Words that go on after a day.
const AFTER_DAYS: &[&str] = &[
    "at", "and", "to", "with", "for", "by", "in", "from", "until", "till", "when", "but",
    "because", "he", "she", "i", "after", "before", "through", "off", "am", "pm",
];

/// A month that stands for a date by itself.
fn month_alone(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (start, end) = page.span(place, place);
    found.push(date(lead_start(page, start), end, 0.7, "month"));
}

/// Letters that look like digits stand where the day or year would.
fn may_be_misread(page: &Page<'_>, place: usize) -> bool {
    (1..=4).any(|step| {
        let token = page.at(place + step);
        token.kind == Kind::Code && token.gap <= Gap::Line && ocr::is_suspect(page, place + step)
    })
}

fn date(start: usize, end: usize, score: f32, detector: &'static str) -> Finding {
    Finding {
        start,
        end,
        label: Label::Date,
        score,
        detector,
    }
}

/// Where the date ends once a last number that counts something is taken off it: `March 3 and 2
/// days later`; nothing if the whole is a dose, `May 5 mg`.
fn without_dose(page: &Page<'_>, formats: &Formats, place: usize, end: usize) -> Option<usize> {
    if !is_dose(page, place, end) {
        return Some(end);
    }
    let last = page.at(page.place_from(place, end).saturating_sub(1)).start as usize;
    let start = page.at(place).start as usize;
    let shorter = formats.month(page.text.get(..last)?, start)?;
    (shorter > page.at(place).end as usize).then_some(shorter)
}

/// `May 5 mg`: a verb or a drug list, not a day.
fn is_dose(page: &Page<'_>, place: usize, end: usize) -> bool {
    let next = page.at(page.place_from(place, end));
    let start = page.at(place).start as usize;
    let matched = page.text.get(start..end).unwrap_or_default();
    let has_year = matched.iter().filter(|byte| byte.is_ascii_digit()).count() > 2;
    !has_year
        && next.gap <= Gap::Space
        && next.class.has(Class::UNIT)
        && next.kind == Kind::Lower
        && (next.len() < 4 || page.is_any(next, COUNTED_UNITS))
        && !page.is_any(next, &["in", "x", "c", "t", "f", "l"])
}

/// Whether a month without day and year stands for a date.
fn is_bare_month(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let previous = page.before(place, 1);
    if token.kind == Kind::Title && !page.is_shouted && page.is_any(token, ALWAYS_MONTHS) {
        let next = page.at(place + 1);
        return !(next.is_word() && next.is_capital()) || page.is(next, "i");
    }
    if token.kind == Kind::Title && !page.is_shouted && page.is_any(token, SHORT_MONTHS) {
        let next = page.at(place + 1);
        return !next.is_word() && next.kind != Kind::Number;
    }
    if token.kind == Kind::Lower && page.is_any(token, ALWAYS_MONTHS) {
        let recurring = page.is_any(previous, &["every", "each", "in", "by", "to", "through"]);
        return !recurring && !page.at(place + 1).is_word();
    }
    if token.gap > Gap::Line {
        return false;
    }
    let ambiguous = page.is_any(token, &["may", "march"]);
    let capital = token.is_capital() && !page.is_shouted;
    let full = token.len() > 4 || page.is_any(token, &["june", "july"]);
    let cue = page.is_any(previous, PREPOSITIONS)
        || page.is_any(previous, &["middle"])
        || previous.is_sign(b'-') && page.is_any(page.before(place, 2), &["mid"]);
    let name_follows = page.at(place + 1).kind == Kind::Title
        && page.at(place + 1).class.has(Class::SURNAME)
        && page.at(place + 1).gap == Gap::Space;
    cue && !name_follows && if ambiguous { capital } else { capital || full }
}

/// Where `the third of` before a month begins; the month itself if there is none.
fn ordinal_start(page: &Page<'_>, place: usize) -> usize {
    let month = page.at(place).start as usize;
    let of = usize::from(page.is(page.before(place, 1), "of"));
    let day = page.before(place, 1 + of);
    let is_ordinal = page.is_any(day, ORDINALS)
        || of == 1
            && day.kind == Kind::Code
            && page.slice(day).first().is_some_and(u8::is_ascii_digit);
    if !is_ordinal {
        return month;
    }
    let tens = page.before(place, 2 + of);
    let more = page.before(place, 3 + of);
    if tens.is_sign(b'-') && page.is_any(more, &["twenty", "thirty"]) {
        more.start as usize
    } else {
        day.start as usize
    }
}

/// `on the 3rd`: a day without its month.
pub(crate) fn ordinal_day(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let bytes = page.bytes(place);
    let is_day = is_ordinal(bytes);
    let next = page.at(place + 1);
    let follows = |words: &[&str]| page.is_any(next, words);
    let of_month = follows(&["of"])
        && page.is_any(page.at(place + 2), &["the", "this", "last", "next", "each"])
        && page.is(page.at(place + 3), "month");
    let pairs = (follows(&["and", "to", "through", "or"])
        || matches!(next.kind, Kind::Sign(b'-' | b',' | b'/')))
        && page.at(place + 2).kind == Kind::Code
        && page.at(place + 3).is_word();
    let ends = !next.is_word() && next.kind != Kind::Sign(b'-')
        || next.gap >= Gap::Blank
        || next.kind == Kind::Lower && next.class.has(Class::STOP)
        || of_month
        || follows(&[
            "by", "in", "after", "before", "at", "and", "for", "with", "to", "when", "because",
            "but", "she", "he", "showed", "shows", "grew", "was", "were", "had", "is", "works",
            "got", "would", "will", "can", "if", "so", "please", "pls",
        ])
        || next.kind == Kind::Lower
            && next.class.has(Class::COMMON)
            && page.slice(next).ends_with(b"ed");
    let before = page.before(place, 2);
    let cued = page.is_any(before, STRICT)
        || before.class.has(Class::WEEKDAY)
        || before.is_sign(b',') && page.before(place, 3).class.has(Class::WEEKDAY)
        || page.is(before, "for") && page.is_any(page.before(place, 3), PLANNED);
    let article = page.is(page.before(place, 1), "the");
    if is_day
        && article
        && ends
        && !pairs
        && (cued
            || tells_day(page, place)
            || closes(page, place)
            || opens_sentence(page, place)
            || is_next_day(page, place))
    {
        let start = lead_start(page, page.at(place).start as usize);
        let (_, end) = page.span(place, place);
        found.push(date(start, end, 0.6, "ordinal-day"));
    }
}

/// `The 11th is fine`: nothing stands before the day, and something is said of it.
fn opens_sentence(page: &Page<'_>, place: usize) -> bool {
    page.opens(place - 1)
        && page.is_any(page.at(place + 1), &["is", "works", "would", "will", "was"])
}

/// `the 14th or the 15th`: another day stands before, over a word that joins them.
fn is_next_day(page: &Page<'_>, place: usize) -> bool {
    page.is_any(page.before(place, 2), &["or", "and", "to", "through"])
        && page.before(place, 3).kind == Kind::Code
        && is_ordinal(page.slice(page.before(place, 3)))
        && page.is(page.before(place, 4), "the")
}

/// `home the 6th;`, `he had it the 4th`: the sentence ends or halts behind the day, and nothing of
/// the body or of a list stands before it.
fn closes(page: &Page<'_>, place: usize) -> bool {
    let (next, word) = (page.at(place + 1), page.before(place, 2));
    let ends = matches!(
        next.kind,
        Kind::Edge | Kind::Sign(b'.' | b';' | b'?' | b'!' | b')')
    );
    let listed = (2..6).any(|back| {
        let token = page.before(place, back);
        token.kind == Kind::Code
            || token.class.has(Class::MEDICAL)
            || page.is_any(
                token,
                &[
                    "between", "both", "of", "than", "finger", "toe", "rib", "digit",
                ],
            )
    });
    ends && word.is_word() && !listed
}

/// Whether a word before `the 3rd` leaves nothing but a day to be meant: `drawn the 3rd`, `start the
/// 7th`, `out the 2nd`, `Monday the 9th`.
fn tells_day(page: &Page<'_>, place: usize) -> bool {
    let word = page.before(place, 2);
    let did = word.kind == Kind::Lower
        && word.len() > 4
        && page.slice(word).ends_with(b"ed")
        && page.at(place + 1).kind != Kind::Lower;
    did || page.is_any(word, DAY_TELLERS)
        || word.kind == Kind::Number && page.before(place, 3).is_sign(b':')
}

/// Words before a day without its month.
const DAY_TELLERS: &[&str] = &[
    "drawn",
    "start",
    "starts",
    "starting",
    "out",
    "off",
    "come",
    "came",
    "show",
    "due",
    "left",
    "vm",
    "visit",
    "was",
    "is",
    "til",
    "till",
    "until",
    "since",
    "from",
    "gone",
    "back",
    "away",
    "seen",
    "sent",
    "given",
    "appointment",
    "appt",
    "slot",
    "fri",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thurs",
    "sat",
    "sun",
];

/// `on the twenty-third`.
pub(crate) fn ordinal_in_words(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let hyphen = usize::from(page.at(place + 1).is_sign(b'-'));
    let last = place + 1 + hyphen;
    if page.is_any(page.at(last), ORDINALS)
        && page.is(page.before(place, 1), "the")
        && page.is_any(page.before(place, 2), STRICT)
        && !page.at(last + 1).is_word()
    {
        found.push(page.finding(place - 1, last, Label::Date, 0.6, "ordinal-day"));
    }
}

/// A feast that tells the day: `since Christmas`, `Thanksgiving 2019`, `Halloween night`; not `the
/// Christmas tree` or `Christmas disease`.
pub(crate) fn holiday(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let next = page.at(place + 1);
    if token.kind == Kind::Lower && page.is_any(token, ALSO_WORDS) {
        return;
    }
    let has_part = page.is_any(next, DAY_PARTS) && next.gap == Gap::Space;
    let last = place + usize::from(has_part);
    let timed = has_part || year_behind(page, last) > last;
    let cued = page.is_any(page.before(place, 1), PREPOSITIONS);
    let goes_on = !next.is_word() || page.is_any(next, AFTER_DAYS);
    let alone = token.len() > 6 && goes_on;
    if timed || alone || cued && (goes_on || token.is_capital()) {
        found.push(page.finding(place, year_behind(page, last), Label::Date, 0.6, "holiday"));
    }
}

/// Feasts that are words as well when they are written in small letters.
const ALSO_WORDS: &[&str] = &["lent", "advent", "carnival", "holi", "tet", "epiphany"];

/// `Lunar New Year`, `the New Year's party`, `since new year`, from `new` on; `Day` and `Eve` behind
/// it are [`holiday_day`]'s.
pub(crate) fn new_year(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let year = place + 1;
    let owner = usize::from(matches!(
        page.at(year + 1).kind,
        Kind::Possessive | Kind::Sign(b'\'')
    ));
    let next = page.at(year + 1 + owner);
    let named = page.is_any(
        page.before(place, 1),
        &["lunar", "chinese", "tamil", "persian", "jewish", "bengali"],
    );
    let titled = page.at(place).kind == Kind::Title && page.at(year).kind == Kind::Title;
    let cued = page.is_any(
        page.before(place, 1),
        &[
            "since", "before", "after", "over", "until", "till", "by", "around", "at",
        ],
    );
    let day = page.is_any(next, &["day", "eve"]);
    if !page.is_any(page.at(year), &["year", "years"]) || page.at(year).gap != Gap::Space || day {
        return;
    }
    if named || titled && (owner == 1 || cued) || cued && next.gap > Gap::None && !next.is_word() {
        found.push(page.finding(
            place - usize::from(named),
            year,
            Label::Date,
            0.6,
            "holiday",
        ));
    }
}

/// `14NOV`, `06Feb`, `3jun`: a day and its month written together, no year behind.
pub(crate) fn glued_day(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let text = page.bytes(place);
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (day, month) = text.split_at_checked(digits).unwrap_or_default();
    let is_day = matches!(
        day,
        [b'1'..=b'9'] | [b'0', b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1']
    );
    let is_month = page.dictionary.class(hash(month)).has(Class::MONTH);
    if is_day && is_month {
        let start = lead_start(page, page.at(place).start as usize);
        let (_, end) = page.span(place, place);
        found.push(date(start, end, 0.75, "glued-day"));
    }
}

/// Parts of a feast.
const DAY_PARTS: &[&str] = &[
    "monday",
    "friday",
    "saturday",
    "sunday",
    "day",
    "eve",
    "night",
    "morning",
    "weekend",
    "dinner",
    "afternoon",
    "evening",
    "break",
    "week",
];

/// `Labor Day`, `New Year's Eve`, `St. Patrick's Day`, from its last word.
pub(crate) fn holiday_day(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let owner = usize::from(matches!(
        page.before(place, 1).kind,
        Kind::Possessive | Kind::Sign(b'\'')
    ));
    let word = page.before(place, 1 + owner);
    if !(page.is_any(word, FEASTS) || page.is_any(word, EVERYDAY_FEASTS)) {
        return;
    }
    let first = place - 1 - owner;
    let new = usize::from(page.is_any(page.before(first, 1), &["new", "all"]));
    let last = year_behind(page, place);
    let cue = page.before(first - new, 1);
    let sure = page.is_any(word, SURE_FEASTS) || new == 1;
    let everyday = page.is_any(word, EVERYDAY_FEASTS) && new == 0;
    let doubtful = everyday || !word.is_capital() && !sure;
    if last == place && !page.is_any(cue, FEAST_CUES) && doubtful {
        return;
    }
    found.push(page.finding(first - new, last, Label::Date, 0.6, "holiday"));
}

/// `summer of 2019`, `in early spring 2018`: a season is finer than the year.
pub(crate) fn season(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let last = year_behind(page, place);
    let token = page.at(place);
    let previous = page.before(place, 1);
    let doubtful = page.is(token, "fall")
        && token.kind != Kind::Title
        && !(page.is_any(
            previous,
            &[
                "in", "since", "early", "late", "during", "last", "until", "by",
            ],
        ) || page.is(previous, "the")
            && page.is_any(
                page.before(place, 2),
                &["in", "during", "since", "until", "by"],
            )
            && page.is(page.at(place + 1), "of"));
    if last > place && !doubtful {
        found.push(page.finding(place, last, Label::Date, 0.7, "season"));
    }
}

/// `Q3 2019`, `third quarter of 2019`.
pub(crate) fn quarter(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let last = year_behind(page, place);
    if last == place {
        return;
    }
    let spelled = page.at(place).is_word();
    if !spelled {
        found.push(page.finding(place, last, Label::Date, 0.7, "quarter"));
    } else if page.is_any(page.before(place, 1), ORDINALS) {
        found.push(page.finding(place - 1, last, Label::Date, 0.7, "quarter"));
    }
}

/// A day of the week beside a date, or one that tells when something was; days of a weekly plan
/// (`Monday, Wednesday and Friday`, `every Tuesday`) stay.
pub(crate) fn weekday(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    if let Some(last) = ordinal_behind(page, place) {
        found.push(page.finding(place, last, Label::Date, 0.7, "weekday-day"));
        return;
    }
    if page.is_any(page.before(place, 1), HOLY) && is_holy(page, place) {
        found.push(page.finding(
            place - 1,
            year_behind(page, place),
            Label::Date,
            0.6,
            "holiday",
        ));
        return;
    }
    let beside = found.last().is_some_and(|last| {
        last.label == Label::Date
            && last.end <= token.start as usize
            && page
                .text
                .get(last.end..token.start as usize)
                .is_some_and(|gap| gap.len() <= 3 && gap.iter().all(|byte| b" ,(".contains(byte)))
    });
    let habit = page.is_any(
        page.at(place + 1),
        &["mornings", "afternoons", "evenings", "nights"],
    );
    if habit {
        return;
    }
    if beside && token.is_capital() || token.len() >= 6 && is_told_day(page, place) {
        found.push(page.finding(place, place, Label::Date, 0.5, "weekday"));
    }
}

/// `in 1977`, `since 2014`, `a 1973 film`: a year by itself, in a text that is not of medicine. Safe
/// Harbor lets it stand, 164.514(b)(2)(i)(C), and what rewrites dates keeps it; other rules of
/// privacy count it.
pub(crate) fn year(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (token, previous, next) = (page.at(place), page.before(place, 1), page.at(place + 1));
    let digits = page.bytes(place);
    let shaped = matches!(
        digits,
        [b'1', b'8' | b'9', ..] | [b'2', b'0', b'0'..=b'3', _]
    ) && token.gap == Gap::Space;
    let goes_on = next.gap == Gap::None
        && (matches!(next.kind, Kind::Sign(b'-' | b'/' | b'%' | b'\'')) || next.is_word())
        || next.class.has(Class::UNIT) && next.gap == Gap::Space;
    let told = page.is_any(
        previous,
        &[
            "in", "of", "during", "since", "until", "from", "before", "after", "by", "around",
        ],
    );
    let described = page.is_any(previous, &["a", "an", "the"])
        && next.gap == Gap::Space
        && next.is_word()
        && !next.class.has(Class::STOP);
    if shaped && !goes_on && (told || described) {
        found.push(page.finding(place, place, Label::Date, 0.5, "year"));
    }
}

/// `weds 3rd`, `Monday the 27th`, `Friday 13th`: the last token of the day of the month.
fn ordinal_behind(page: &Page<'_>, place: usize) -> Option<usize> {
    let sign = usize::from(matches!(page.at(place + 1).kind, Kind::Sign(b'.' | b',')));
    let article = usize::from(page.is(page.at(place + 1 + sign), "the"));
    let last = place + 1 + sign + article;
    let next = page.at(last + 1);
    let goes_on = page.is_any(next, &["of", "day", "week", "visit", "dose"])
        || next.class.has(Class::MONTH)
        || next.is_sign(b'-') && next.gap == Gap::None;
    (page.at(last).gap == Gap::Space && is_ordinal(page.bytes(last)) && !goes_on).then_some(last)
}

/// `1st` to `31st`.
fn is_ordinal(bytes: &[u8]) -> bool {
    let (digits, ending) = bytes
        .split_at_checked(bytes.len().saturating_sub(2))
        .unwrap_or_default();
    [&b"st"[..], b"nd", b"rd", b"th"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
        && matches!(
            digits,
            [b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1']
        )
}

/// `Good Friday`, `Ash Wednesday`, `black friday`.
fn is_holy(page: &Page<'_>, place: usize) -> bool {
    let word = page.before(place, 1);
    page.at(place).len() >= 6
        && (word.is_capital()
            || page.is_any(word, &["black", "ash", "palm", "cyber", "maundy", "shrove"]))
        || page.is(word, "ash")
}

/// Words before the day of the week in the name of a feast.
const HOLY: &[&str] = &[
    "good", "black", "palm", "ash", "easter", "maundy", "shrove", "cyber", "holy", "whit",
];

fn is_told_day(page: &Page<'_>, place: usize) -> bool {
    let previous = page.before(place, 1);
    let next = page.at(place + 1);
    let part = page.is_any(next, &["morning", "afternoon", "evening", "night"]);
    let planned = |back: usize| {
        page.before(place, back).class.has(Class::WEEKDAY)
            || page.is_any(page.before(place, back), &["every", "each"])
    };
    let comes = |step: usize| page.at(place + step).class.has(Class::WEEKDAY);
    let weekly = (1..=3).any(planned) || (2..=3).any(comes) || comes(1);
    let counted = page.is_any(previous, &["last", "next", "following"])
        && page.is_any(page.before(place, 2), &["the", "a", "each"]);
    let cued = !counted && page.is_any(previous, WEEKDAY_CUES) || part && previous.is_word();
    cued && !weekly && !next.is_sign(b'-') && !next.is_sign(b'/')
}

/// The last token of a year behind `last`, over `of` and a comma; `last` itself if there is none.
fn year_behind(page: &Page<'_>, last: usize) -> usize {
    let of = usize::from(page.is(page.at(last + 1), "of") || page.at(last + 1).is_sign(b','));
    let token = page.at(last + 1 + of);
    let bytes = page.slice(token);
    let is_year = token.kind == Kind::Number
        && token.gap <= Gap::Line
        && token.len() == 4
        && (bytes.starts_with(b"19") || bytes.starts_with(b"20"));
    if is_year { last + 1 + of } else { last }
}

/// Words before a feast without a year that tell when something was.
const FEAST_CUES: &[&str] = &[
    "on", "since", "until", "till", "around", "at", "over", "by", "during", "last", "this", "next",
    "past",
];

/// Words before `for the 3rd`.
const PLANNED: &[&str] = &[
    "scheduled",
    "set",
    "booked",
    "planned",
    "appointment",
    "surgery",
    "rescheduled",
    "slated",
];

/// Units that are longer than an abbreviation and never follow a day.
const COUNTED_UNITS: &[&str] = &[
    "tablets", "tablet", "days", "weeks", "months", "years", "hours", "minutes", "units", "puffs",
    "drops", "times", "doses", "capsules", "miles", "pounds",
];

/// Short forms of months that are nobody's name and no other word.
const SHORT_MONTHS: &[&str] = &["feb", "aug", "sept", "oct", "nov"];

/// Months that are nobody's name and no other word.
const ALWAYS_MONTHS: &[&str] = &[
    "january",
    "february",
    "july",
    "september",
    "october",
    "november",
    "december",
];

/// Feasts that are meant in lower case too.
const SURE_FEASTS: &[&str] = &[
    "christmas",
    "xmas",
    "thanksgiving",
    "boxing",
    "easter",
    "halloween",
    "valentine",
    "valentines",
    "veterans",
    "patrick",
    "patricks",
    "groundhog",
    "midsummer",
    "saints",
    "souls",
];

/// Words before `Day` that have other meanings as well.
const EVERYDAY_FEASTS: &[&str] = &[
    "mother",
    "mothers",
    "father",
    "fathers",
    "king",
    "president",
    "year",
    "years",
    "flag",
    "earth",
    "election",
    "victory",
    "martin",
    "heart",
    "leap",
    "heritage",
    "republic",
    "unity",
    "constitution",
    "children",
    "teachers",
    "women",
    "pioneer",
    "patriots",
    "evacuation",
];

/// Further words before `Day` and `Eve` in the names of feasts.
const FEASTS: &[&str] = &[
    "christmas",
    "thanksgiving",
    "year",
    "years",
    "labor",
    "labour",
    "memorial",
    "independence",
    "veterans",
    "valentine",
    "valentines",
    "mother",
    "mothers",
    "father",
    "fathers",
    "columbus",
    "presidents",
    "president",
    "mlk",
    "patrick",
    "patricks",
    "boxing",
    "groundhog",
    "xmas",
    "saints",
    "souls",
    "leap",
    "heart",
    "midsummer",
    "indigenous",
    "peoples",
    "martin",
    "epiphany",
    "flag",
    "earth",
    "election",
    "easter",
    "canada",
    "australia",
    "anzac",
    "bastille",
    "halloween",
    "king",
    "victoria",
    "victory",
    "armistice",
    "remembrance",
    "arbor",
    "ascension",
    "chavez",
];
