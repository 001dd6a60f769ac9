use super::{
    Half,
    culture::Culture,
    piece::{Mark, Segment},
};
use crate::draw::Draw;

/// A name for a place: one in three is invented.
fn place(draw: &mut Draw, culture: &Culture, half: Half) -> (String, bool) {
    if draw.below(3) > 0 {
        return (culture.town(draw, half), false);
    }
    let mut word = culture.invented(draw);
    if draw.chance(0.4) {
        word += draw.pick(&[
            "ville", "ton", "burg", " Falls", " Springs", " Heights", "field",
        ]);
    }
    (word, true)
}

fn street(draw: &mut Draw, culture: &Culture, half: Half, at_home: bool) -> (String, bool) {
    if !at_home || draw.below(3) > 0 {
        return (culture.street(draw, half), false);
    }
    let kind = draw.pick(&[
        "Street", "Rd", "Avenue", "Ln", "Blvd", "Dr.", "Court", "Place",
    ]);
    (format!("{} {kind}", culture.invented(draw)), true)
}

fn geo(kind: &'static str, invented: bool) -> Mark {
    Mark {
        invented,
        ..Mark::new("GEO", kind)
    }
}

pub(super) fn town(draw: &mut Draw, culture: &Culture, half: Half) -> Segment {
    let (word, invented) = place(draw, culture, half);
    Segment::marked(word, geo("town", invented))
}

pub(super) fn county(draw: &mut Draw, culture: &Culture, half: Half) -> Segment {
    let (word, invented) = place(draw, culture, half);
    let kind = draw.pick(&["County", "County", "Parish", "Township"]);
    Segment::marked(format!("{word} {kind}"), geo("county", invented))
}

/// Number and street only.
pub(super) fn line(draw: &mut Draw, culture: &Culture, half: Half) -> Segment {
    let number = draw.between(3, 9_899);
    let (word, invented) = street(draw, culture, half, true);
    Segment::marked(format!("{number} {word}"), geo("street", invented))
}

/// A whole address in a form of the culture; its parts are marked one by one.
pub(super) fn address(draw: &mut Draw, culture: &Culture, half: Half, home: bool) -> Vec<Segment> {
    if culture.addresses.is_empty() {
        return Vec::new();
    }
    let form = draw.one_of(&culture.addresses).clone();
    let mut made = Vec::new();
    for piece in form.split_inclusive([']', '[']) {
        match piece.strip_suffix(']') {
            Some(inner) => {
                let (text, invented) = fill(draw, culture, half, home, inner);
                made.push(Segment::marked(text, geo("address", invented)));
            }
            None => outside(draw, &mut made, piece.trim_end_matches('[')),
        }
    }
    made
}

fn outside(draw: &mut Draw, made: &mut Vec<Segment>, text: &str) {
    match text.split_once("{state}") {
        Some((before, after)) => {
            made.push(Segment::plain(before));
            made.push(state(draw));
            made.push(Segment::plain(after));
        }
        None => made.push(Segment::plain(text)),
    }
}

fn fill(draw: &mut Draw, culture: &Culture, half: Half, home: bool, form: &str) -> (String, bool) {
    let (mut text, mut is_invented) = (digits(draw, form), false);
    if text.contains("{s}") {
        let (word, invented) = street(draw, culture, half, home);
        text = text.replace("{s}", &word);
        is_invented |= invented;
    }
    if text.contains("{t}") {
        let (word, invented) = place(draw, culture, half);
        text = text.replace("{t}", &word);
        is_invented |= invented;
    }
    (text, is_invented)
}

/// Every `#` becomes a digit; the first of a run is not zero.
pub(super) fn digits(draw: &mut Draw, form: &str) -> String {
    let mut before = ' ';
    let mut made = String::new();
    for letter in form.chars() {
        if letter == '#' {
            let low = u32::from(before != '#');
            made += &draw.between(low, 9).to_string();
        } else {
            made.push(letter);
        }
        before = letter;
    }
    made
}

pub(super) fn zip(draw: &mut Draw) -> Segment {
    let form = draw.pick(&["#####", "#####", "#####", "#####-####"]);
    Segment::marked(digits(draw, form), geo("zip", false))
}

pub(super) fn room(draw: &mut Draw) -> Segment {
    let form = draw.pick(&["###", "###", "###-#", "#-##A", "###B", "####"]);
    Segment::marked(digits(draw, form), geo("room", false))
}

pub(super) fn state(draw: &mut Draw) -> Segment {
    let state = draw.pick(&[
        "OH", "Ohio", "TX", "Texas", "PA", "Montana", "GA", "Oregon", "MN",
    ]);
    Segment::marked(state, Mark::new(super::IGNORE, "state"))
}

pub(super) fn country(draw: &mut Draw) -> Segment {
    let name = draw.pick(&[
        "Canada", "Ghana", "Vietnam", "Mexico", "Poland", "Germany", "Haiti",
    ]);
    Segment::marked(name, Mark::new(super::IGNORE, "country"))
}

/// A hospital, clinic, nursing home or pharmacy.
pub(super) fn facility(draw: &mut Draw, culture: &Culture, half: Half) -> Segment {
    let (word, invented) = place(draw, culture, half);
    let forms = match half {
        Half::Development => FACILITIES_DEVELOPMENT,
        Half::HeldOut => FACILITIES_HELD_OUT,
    };
    let name = draw.pick(forms).replace('*', &word);
    Segment::marked(name, geo("facility", invented))
}

/// A firm, shop, school or parish that points at somebody.
pub(super) fn employer(draw: &mut Draw, culture: &Culture, half: Half, forms: Kind) -> Segment {
    let (word, invented) = match (draw.below(2), draw.below(3)) {
        (_, 0) => (culture.invented(draw), true),
        (0, _) => (culture.surname(draw, half), false),
        _ => (culture.town(draw, half), false),
    };
    let (forms, kind) = match (forms, half) {
        (Kind::Firm, Half::Development) => (FIRMS_DEVELOPMENT, "firm"),
        (Kind::Firm, Half::HeldOut) => (FIRMS_HELD_OUT, "firm"),
        (Kind::School, _) => (SCHOOLS, "school"),
        (Kind::Parish, _) => (PARISHES, "parish"),
    };
    let mark = Mark {
        invented,
        third_party: true,
        ..Mark::new("EMPLOYER", kind)
    };
    Segment::marked(draw.pick(forms).replace('*', &word), mark)
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Firm,
    School,
    Parish,
}

const FACILITIES_DEVELOPMENT: &[&str] = &[
    "* General Hospital",
    "* Medical Center",
    "* Memorial Hospital",
    "St. * Hospital",
    "* Family Medicine",
    "* Regional Medical Center",
    "* Nursing Home",
    "* Rehab",
    "* Dialysis Center",
    "* Women's Clinic",
    "* Pharmacy",
];
const FACILITIES_HELD_OUT: &[&str] = &[
    "* Community Hospital",
    "Mount * Medical Center",
    "* Health",
    "University of * Hospital",
    "* Care and Rehabilitation",
    "Our Lady of * Hospital",
    "* Urgent Care",
    "* Infirmary",
    "* Orthopedic Associates",
    "* Hospice House",
    "* Drug Store",
    "* VA Medical Center",
];
const FIRMS_DEVELOPMENT: &[&str] = &[
    "* Logistics",
    "* Foods",
    "* & Sons",
    "* Manufacturing",
    "* Trucking Co.",
    "* Insurance Group",
    "* Steel",
    "* Auto Body",
    "* Construction",
    "* Bakery",
    "* Electric",
];
const FIRMS_HELD_OUT: &[&str] = &[
    "* Poultry",
    "* Brothers Roofing",
    "* Industries",
    "* Freight Lines",
    "* Cabinet Works",
    "* LLC",
    "* Landscaping",
    "* Paper Mill",
    "* Credit Union",
    "* Textiles",
    "* Hardware",
];
const SCHOOLS: &[&str] = &[
    "* High School",
    "* Elementary",
    "* Community College",
    "* Academy",
];
const PARISHES: &[&str] = &[
    "* Baptist Church",
    "St. * Parish",
    "* Islamic Center",
    "Temple *",
];
