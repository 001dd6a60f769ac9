//! Plates of vehicles: behind the state they are from, or behind what carries them
//! (45 CFR 164.514(b)(2)(i)(L)).

use crate::{dictionary::class::Class, finding::Finding, label::Label};

use super::{
    labelled::digits,
    page::Page,
    token::{Gap, Kind},
};

/// The number on a plate behind the state it is from: `tag CA 9LMR330`, `motorcycle FL 3QK P81`,
/// `grey sedan NY JKR-4418`.
pub(crate) fn of_state(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let first = page.at(place + 1);
    if first.gap != Gap::Space
        || !matches!(first.kind, Kind::Code | Kind::Upper | Kind::Number)
        || !(2..=8).contains(&first.len())
    {
        return;
    }
    if !is_driven(page, place) {
        return;
    }
    let hyphen =
        usize::from(page.at(place + 2).is_sign(b'-') && page.at(place + 2).gap == Gap::None);
    let second = page.at(place + 2 + hyphen);
    let joined = matches!(second.kind, Kind::Code | Kind::Upper | Kind::Number)
        && second.gap <= Gap::Space
        && (2..=5).contains(&second.len());
    let last = if joined {
        place + 2 + hyphen
    } else {
        place + 1
    };
    if digits(page, place + 1, last) >= 2 {
        found.push(page.finding(place, last, Label::Vehicle, 0.8, "plate"));
    }
}

/// Whether something with a plate is named in the words before.
fn is_driven(page: &Page<'_>, place: usize) -> bool {
    (1..=5)
        .take_while(|&back| !page.before(place, back).is_sign(b'.'))
        .any(|back| page.is_any(page.before(place, back), DRIVEN))
}

/// Whether the code at a place is a plate: `a silver Camry 8XKZ114`.
pub(crate) fn is_code(page: &Page<'_>, place: usize) -> bool {
    let bytes = page.bytes(place);
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let next = page.at(place + 1);
    let paired = next.gap == Gap::Space
        && (next.kind == Kind::Number && matches!(next.len(), 2..=4)
            || next.is_word() && next.len() == 3 && next.class == Class::NONE);
    ((5..=8).contains(&bytes.len()) && digits >= 2 || (3..=4).contains(&bytes.len()) && paired)
        && bytes.len() - digits >= 2
        && is_driven(page, place)
}

/// The last token of the plate whose first is at a place.
pub(crate) fn end(page: &Page<'_>, place: usize) -> usize {
    let next = page.at(place + 1);
    let paired = next.gap == Gap::Space
        && page.at(place).len() <= 4
        && (next.kind == Kind::Number || next.len() == 3);
    place + usize::from(paired)
}

/// Letters and digits of a plate behind what carries it: `plate on the car kdx 4471`.
pub(crate) fn lettered(page: &Page<'_>, place: usize, found: &mut Vec<Finding>) {
    let (letters, number) = (page.at(place), page.at(place + 1));
    let shaped = letters.len() <= 4
        && letters.class == Class::NONE
        && number.kind == Kind::Number
        && number.gap == Gap::Space
        && (2..=5).contains(&number.len());
    if shaped && is_driven(page, place) {
        found.push(page.finding(place, place + 1, Label::Vehicle, 0.7, "plate"));
    }
}

/// What has a plate.
const DRIVEN: &[&str] = &[
    "plate",
    "plates",
    "tag",
    "tags",
    "car",
    "truck",
    "motorcycle",
    "motorbike",
    "vehicle",
    "sedan",
    "suv",
    "van",
    "pickup",
    "jeep",
    "minivan",
    "trailer",
    "scooter",
    "moped",
    "bike",
    "rv",
    "taxi",
    "cab",
    "honda",
    "toyota",
    "ford",
    "chevy",
    "chevrolet",
    "nissan",
    "hyundai",
    "kia",
    "subaru",
    "tesla",
    "bmw",
    "mazda",
    "dodge",
    "altima",
    "camry",
    "corolla",
    "civic",
    "accord",
    "prius",
    "tacoma",
    "silverado",
    "f-150",
    "rav4",
    "harley",
    "kawasaki",
    "yamaha",
    "volvo",
    "audi",
    "lexus",
    "buick",
    "gmc",
    "registration",
    "license",
    "licence",
    "drives",
    "driving",
];
