//! Dates: every element more precise than the year (45 CFR 164.514(b)(2)(i)(C)).

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    formats::{Format, Formats},
    page::Page,
    token::{Gap, Kind},
};

/// Whether the digits of a numeric date can be one: one of the two leading numbers a month.
pub(crate) fn is_plausible(text: &[u8]) -> bool {
    let mut numbers = [0_u32; 3];
    let mut at = 0;
    for part in text
        .split(|byte| !byte.is_ascii_digit())
        .filter(|part| !part.is_empty())
    {
        if let Some(number) = numbers.get_mut(at) {
            *number = part
                .iter()
                .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        }
        at += 1;
    }
    let [first, second, _] = numbers;
    at == 3 && (1..=31).contains(&first) && (1..=31).contains(&second) && first.min(second) <= 12
}

/// Whether `3/14` at a place is a day rather than a score, a pulse or a fraction.
///
/// Any month and day count unless what stands around them measures or counts something. The few
/// shapes that are scores more often than days (`4/10`, `2/6`, `1/2`) need a sign of a day.
pub(crate) fn is_month_day(page: &Page<'_>, place: usize, end: usize) -> bool {
    let next_place = page.place_from(place, end);
    let next = page.at(next_place);
    if next.gap == Gap::None && (matches!(page.byte(end), b'/' | b'%' | b'+') || next.is_word())
        || counts_behind(page, next_place)
    {
        return false;
    }
    let back = opening(page, place);
    let previous = page.before(place, back);
    let is_strict = page.is_any(previous, STRICT);
    let bytes = page
        .text
        .get(page.at(place).start as usize..end)
        .unwrap_or_default();
    if is_score(bytes) && !is_strict {
        return is_day_here(page, place, next_place) && !measures_before(page, place, back);
    }
    is_strict
        || previous.class.has(Class::WEEKDAY)
        || previous.class.has(Class::DATE_CUE) && !previous.class.has(Class::MEASURE)
        || !measures_before(page, place, back)
}

/// Steps back over the brackets and points between a number and the word before it.
fn opening(page: &Page<'_>, place: usize) -> usize {
    let mut back = 1;
    while matches!(
        page.before(place, back).kind,
        Kind::Sign(b'(' | b':' | b',' | b'~' | b'.')
    ) && back < 3
    {
        back += 1;
    }
    back
}

/// Something counted or measured follows: `1/12 nodes`, `1/2 tablet`, `3/7 days`, `8/30 points`.
fn counts_behind(page: &Page<'_>, next_place: usize) -> bool {
    let next = page.at(next_place);
    let hyphen = usize::from(next.is_sign(b'-') && next.gap == Gap::None);
    let word = page.at(next_place + hyphen);
    let unit = word.class.has(Class::MEASURE.or(Class::UNIT))
        && !page.is(word, "in")
        && !(word.kind == Kind::Upper && word.len() == 1);
    (word.gap <= Gap::Space && unit || word.gap <= Gap::Line && page.is_any(word, COUNTED))
        && !(page.is_any(word, &["time", "times"]) && page.at(next_place + 1).kind == Kind::Number)
}

/// A word for a measurement in the few words before, within the same sentence.
fn measures_before(page: &Page<'_>, place: usize, back: usize) -> bool {
    let mut step = 1;
    while step <= back + 3 {
        let token = page.before(place, step);
        let ends = matches!(
            token.kind,
            Kind::Edge | Kind::Sign(b'.' | b';' | b'!' | b'?')
        );
        if ends && step >= back
            || page.before(place, step.saturating_sub(1)).gap >= Gap::Line && step > 1
        {
            return false;
        }
        if token.class.has(Class::MEASURE) && !page.is_any(token, &["type", "class", "stage", "o2"])
            || page.is_any(token, SCORED)
            || token.class.has(Class::CODE) && step == 1
        {
            return true;
        }
        let ratio = token.is_sign(b'/') && page.before(place, step + 1).kind == Kind::Number;
        if ratio && step <= 3 && !is_range_sign(page, place) {
            return true;
        }
        step += 1;
    }
    matches!(
        page.before(place, 1).kind,
        Kind::Sign(b'+' | b'<' | b'>' | b'=' | b'~')
    )
}

/// `3/14 - 3/20`, `3/14 and 3/20`.
fn is_range_sign(page: &Page<'_>, place: usize) -> bool {
    let previous = page.before(place, 1);
    matches!(previous.kind, Kind::Sign(b'-' | b',' | b'&'))
        || page.is_any(previous, &["to", "and", "through", "or", "thru", "until"])
}

/// What makes a day of a shape that is a score more often: it opens a line or stands between bars,
/// a time follows, or a word that days follow stands before.
fn is_day_here(page: &Page<'_>, place: usize, next_place: usize) -> bool {
    let token = page.at(place);
    let next = page.at(next_place);
    let previous = page.before(place, 1);
    let clock = |at: usize| {
        page.at(at).kind == Kind::Number
            && page.at(at).len() <= 2
            && page.at(at + 1).is_sign(b':')
            && page.at(at + 1).gap == Gap::None
            && page.at(at + 2).len() == 2
    };
    let at = next_place + usize::from(page.is_any(next, &["at", "time"]) || next.is_sign(b'@'));
    let timed =
        clock(at) || page.at(at).kind == Kind::Number && page.at(at).len() == 4 && at > next_place;
    let opens_line = token.gap >= Gap::Line
        && (next.is_sign(b':') || next.is_sign(b'-') || next.is_capital() || next.gap >= Gap::Line);
    let closes_line = next.gap >= Gap::Line
        && (previous.is_capital() && page.at(place).gap == Gap::Space
            || previous.class.has(Class::CREDENTIAL));
    let shortened = previous.is_word()
        && previous.gap == Gap::None
        && page.before(place, 2).is_sign(b'/')
        && page.before(place, 3).len() == 1
        && page.before(place, 3).is_word();
    let joined = is_range_sign(page, place)
        && page.before(place, 2).kind == Kind::Number
        && (page.before(place, 3).is_sign(b'/') || page.before(place, 3).is_word());
    let word = page.before(place, opening(page, place));
    timed
        || opens_line
        || closes_line
        || shortened
        || joined
        || previous.is_sign(b'|')
        || word.class.has(Class::WEEKDAY)
        || page.is_any(word, DAY_CUES)
        || page.is_any(word, &["with", "to"]) && page.is(page.before(place, 2), "compared")
        || word.class.has(Class::DATE_CUE)
            && !word.class.has(Class::MEASURE)
            && !page.is_any(
                word,
                &["to", "of", "and", "about", "between", "around", "through"],
            )
}

/// The shapes in which scores and pulses are written: x/10, x/5 and x/6, halves and quarters.
fn is_score(bytes: &[u8]) -> bool {
    matches!(
        bytes.split(|&byte| byte == b'/').nth(1),
        Some(b"10" | b"4" | b"5" | b"6" | b"2" | b"3")
    ) || bytes.starts_with(b"1/")
}

/// A date that the month at `place` opens, or a month that stands for a date by itself.
pub(crate) fn month(page: &Page<'_>, formats: &Formats, place: usize, found: &mut Vec<Finding>) {
    let token = page.at(place);
    let is_verb = page.is_any(token, &["may", "march", "mar", "dec", "sep", "jan"])
        && token.kind == Kind::Lower;
    let previous = page.before(place, 1);
    if let Some(end) = formats.month(page.text, token.start as usize)
        && !(is_verb && page.is(token, "may") && !page.is_any(previous, PREPOSITIONS))
        && !is_dose(page, place, end)
    {
        let start = weekday_start(page, ordinal_start(page, place));
        found.push(Finding {
            start,
            end,
            label: Label::Date,
            score: 0.9,
            detector: "month-date",
        });
        return;
    }
    let ordinal = ordinal_start(page, place);
    if ordinal < token.start as usize {
        let (_, end) = page.span(place, place);
        found.push(Finding {
            start: ordinal,
            end,
            label: Label::Date,
            score: 0.8,
            detector: "ordinal-date",
        });
    } else if !is_verb && token.gap <= Gap::Line && is_bare_month(page, place) {
        found.push(page.finding(place, place, Label::Date, 0.7, "month"));
    }
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
        && next.len() < 4
        && !page.is(next, "in")
}

fn is_bare_month(page: &Page<'_>, place: usize) -> bool {
    let token = page.at(place);
    let previous = page.before(place, 1);
    let ambiguous = page.is_any(token, &["may", "march"]);
    let capital = token.is_capital() && !page.is_shouted;
    let full = token.len() > 4 || page.is_any(token, &["june", "july"]);
    let cue = page.is_any(previous, PREPOSITIONS)
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

/// Where a weekday right before the date begins: `Monday, March 3`.
pub(crate) fn weekday_start(page: &Page<'_>, start: usize) -> usize {
    let place = page
        .tokens
        .partition_point(|token| (token.start as usize) < start);
    let comma = usize::from(matches!(
        page.before(place, 1).kind,
        Kind::Sign(b',' | b'.')
    ));
    let day = page.before(place, 1 + comma);
    if day.class.has(Class::WEEKDAY) && day.is_capital() && page.at(place).gap <= Gap::Line {
        day.start as usize
    } else {
        start
    }
}

/// `on the 3rd`: a day without its month.
pub(crate) fn ordinal_day(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let bytes = page.bytes(place);
    let Some((digits, ending)) = bytes.split_at_checked(bytes.len().saturating_sub(2)) else {
        return;
    };
    let is_day = matches!(ending, b"st" | b"nd" | b"rd" | b"th")
        && matches!(
            digits,
            [b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1']
        );
    let next = page.at(place + 1);
    let follows = |words: &[&str]| page.is_any(next, words);
    let of_month = follows(&["of"])
        && page.is_any(page.at(place + 2), &["the", "this", "last", "next", "each"])
        && page.is(page.at(place + 3), "month");
    let ends = !next.is_word() && next.kind != Kind::Sign(b'-')
        || next.gap >= Gap::Blank
        || of_month
        || follows(&[
            "at", "and", "for", "with", "to", "when", "because", "but", "she", "he",
        ]);
    if is_day
        && page.is(page.before(place, 1), "the")
        && page.is_any(page.before(place, 2), STRICT)
        && ends
    {
        found.push(page.finding(place, place, Label::Date, 0.6, "ordinal-day"));
    }
}

/// A feast that tells the day: `since Christmas`, `on New Year's Day`.
pub(crate) fn holiday(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let next = page.at(place + 1);
    let last = place + usize::from(page.is_any(next, &["day", "eve"]));
    if page.at(place).is_capital() && page.is_any(page.before(place, 1), PREPOSITIONS) {
        found.push(page.finding(place, last, Label::Date, 0.6, "holiday"));
    }
}

/// Whether a format is a date that needs no context.
pub(crate) const fn is_date(format: Format) -> bool {
    matches!(
        format,
        Format::IsoDate
            | Format::YearFirst
            | Format::Slashed
            | Format::Dotted
            | Format::DayMonthYear
            | Format::MonthYear
    )
}

const STRICT: &[&str] = &[
    "on",
    "since",
    "until",
    "till",
    "dated",
    "date",
    "dob",
    "from",
    "before",
    "after",
    "by",
    "born",
    "seen",
    "admitted",
    "discharged",
    "through",
    "starting",
    "started",
    "beginning",
    "around",
    "between",
    "last",
    "next",
];

const PREPOSITIONS: &[&str] = &[
    "in",
    "since",
    "last",
    "this",
    "next",
    "until",
    "till",
    "by",
    "early",
    "late",
    "mid",
    "from",
    "through",
    "during",
    "on",
    "before",
    "after",
    "around",
    "past",
    "over",
    "at",
    "between",
    "of",
    "every",
    "previous",
    "end",
    "beginning",
];

const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "thirtieth",
];

/// Words before a day that is written like a score.
const DAY_CUES: &[&str] = &[
    "bm",
    "rtc",
    "draw",
    "appt",
    "appointment",
    "comparison",
    "note",
    "prior",
    "previous",
    "x-ray",
    "clinic",
    "today",
    "tomorrow",
    "yesterday",
    "dos",
    "doa",
    "lmp",
    "pm",
    "am",
    "filled",
    "refill",
    "refilled",
    "updated",
    "given",
    "taken",
    "called",
    "left",
    "visit",
    "study",
    "planned",
];

/// Words for what is counted after a fraction.
const COUNTED: &[&str] = &[
    "nodes",
    "node",
    "lymph",
    "ln",
    "lns",
    "cores",
    "core",
    "bottles",
    "bottle",
    "sets",
    "set",
    "cultures",
    "points",
    "point",
    "positive",
    "negative",
    "strength",
    "bilaterally",
    "throughout",
    "joints",
    "teeth",
    "criteria",
    "patients",
    "samples",
    "specimens",
    "sites",
    "cases",
    "visits",
    "sessions",
    "cycles",
    "episodes",
    "dilution",
    "dilutions",
    "ratio",
    "systolic",
    "diastolic",
    "sem",
    "murmur",
    "pain",
    "normal",
    "strips",
    "slices",
    "segments",
    "ns",
    "saline",
    "questions",
    "items",
    "correct",
    "recall",
    "words",
    "objects",
    "tries",
    "attempts",
    "bags",
    "way",
    "of",
    "ppd",
    "pack",
    "bottle",
    "thickness",
    "size",
    "intensity",
    "severity",
    "intermittent",
    "glasses",
    "courses",
    "chairs",
    "nares",
    "nights",
    "weekly",
    "wheezes",
    "reflexes",
    "pulses",
    "edema",
    "dose",
    "doses",
    "scale",
    "dyspnea",
    "radiating",
];

/// Words for scores and grades that stand before `x/y`.
const SCORED: &[&str] = &[
    "mmse",
    "moca",
    "gcs",
    "phq",
    "gad",
    "apgar",
    "apgars",
    "scored",
    "scores",
    "scoring",
    "esi",
    "braden",
    "morse",
    "epworth",
    "ratio",
    "titer",
    "nodes",
    "gleason",
    "bishop",
    "wells",
    "curb",
    "murmur",
    "grade",
    "vas",
    "nrs",
    "pain",
    "flacc",
    "tab",
    "tablet",
    "strength",
    "motor",
    "sensitivity",
    "dilution",
    "power",
    "reflex",
    "jvp",
    "cranial",
    "severity",
    "intensity",
    "rates",
    "rating",
    "trace",
    "orientation",
    "recalled",
    "slump",
    "slums",
    "cdr",
    "fev1",
    "percocet",
    "norco",
    "vicodin",
    "lortab",
    "sinemet",
    "exforge",
    "lotrel",
    "augmentin",
    "vytorin",
    "bactrim",
    "azor",
    "symbicort",
    "advair",
    "dulera",
    "breo",
    "novolin",
    "humulin",
    "humalog",
    "mix",
    "oxycodone",
    "hydrocodone",
    "acetaminophen",
    "apap",
    "carbidopa",
    "levodopa",
    "hctz",
    "hydrochlorothiazide",
    "lisinopril",
    "losartan",
    "amlodipine",
    "valsartan",
    "benazepril",
    "insulin",
    "dress",
    "jaeger",
    "snellen",
    "dilated",
    "effaced",
    "station",
    "cervix",
    "quadrant",
    "extremity",
    "extremities",
    "biceps",
    "triceps",
    "deltoid",
    "grip",
    "quadriceps",
    "hamstrings",
    "flexion",
    "extension",
    "dorsiflexion",
    "achilles",
    "patellar",
    "brachioradialis",
    "hr",
    "bpp",
    "biophysical",
    "sepsis",
    "sirs",
    "qsofa",
    "points",
    "level",
    "levels",
    "depression",
    "anxiety",
    "mood",
    "cd",
    "c/d",
    "cup",
    "disc",
    "normal",
    "d5",
    "ns",
    "saline",
    "pulses",
    "radial",
    "dorsalis",
    "pedis",
    "femoral",
];
