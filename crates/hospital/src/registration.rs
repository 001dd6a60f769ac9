use std::collections::BTreeSet;

use crate::{
    Date, Patient,
    draw::Draw,
    people::Name,
    region::{EMPLOYERS, STREETS, TOWNS, area_code},
};

/// The day the hospital's records end.
pub(crate) const TODAY: Date = Date::new(2024, 12, 31);

/// Who works at the hospital.
#[derive(Debug)]
pub(crate) struct Staff {
    pub(crate) physicians: Vec<Name>,
    pub(crate) nurses: Vec<Name>,
}

/// Forty physicians and forty nurses.
pub(crate) fn staff(draw: &mut Draw) -> Staff {
    let mut people = |count| {
        (0..count)
            .map(|_| {
                let female = draw.chance(0.5);
                Name::draw(draw, female)
            })
            .collect()
    };
    Staff {
        physicians: people(40),
        nurses: people(40),
    }
}

/// The patient table.
pub(crate) fn patients(seed: u64, count: u32) -> Vec<Patient> {
    let mut taken = BTreeSet::new();
    (1..=count)
        .map(|number| {
            let mut draw = Draw::new(seed, u64::from(number));
            patient(&mut draw, number, &mut taken)
        })
        .collect()
}

fn patient(draw: &mut Draw, number: u32, taken: &mut BTreeSet<String>) -> Patient {
    let female = draw.chance(0.53);
    let name = Name::draw(draw, female);
    let birth_date = birth_date(draw);
    let town = draw.weighted(TOWNS);
    let (employer, occupation) = draw.pick(EMPLOYERS);
    let married = draw.chance(0.5);
    let old = TODAY.age_since(birth_date) > 70;
    let (relation, relation_female) = relation(draw, female, married, old);
    let contact = Name::relative(draw, relation_female, &name);
    Patient {
        patient_id: format!("P{number:06}"),
        mrn: unique(taken, || draw.between(10_000_000, 98_999_999).to_string()),
        ssn: unique(taken, || ssn(draw)),
        health_plan_id: unique(taken, || beneficiary(draw)),
        email: unique(taken, || email(draw, &name)),
        phone: mostly_unique(taken, || phone(draw, town.state)),
        emergency_contact_phone: mostly_unique(taken, || phone(draw, town.state)),
        emergency_contact_name: contact.full(),
        emergency_contact_relation: relation,
        sex: if female { "F" } else { "M" },
        race: draw.weighted(RACES),
        ethnicity: draw.weighted(ETHNICITIES),
        marital_status: if married {
            "married"
        } else {
            draw.pick(UNMARRIED)
        },
        street: format!("{} {}", draw.between(1, 2400), draw.pick(STREETS)),
        city: town.city,
        state: town.state,
        zip: draw.pick(town.zips),
        first_name: name.first,
        last_name: name.last,
        rare_name: name.rare,
        rare_contact: contact.rare,
        birth_date,
        employer,
        occupation,
    }
}

/// Ages of adults in a hospital: most between 45 and 85, about one in twenty over 89.
fn birth_date(draw: &mut Draw) -> Date {
    let age = match draw.below(100) {
        0..25 => draw.between(18, 44),
        25..50 => draw.between(45, 64),
        50..80 => draw.between(65, 79),
        80..95 => draw.between(80, 89),
        _ => draw.between(90, 101),
    };
    TODAY.plus(-(age as i32 * 1461 / 4) - draw.below(365) as i32)
}

fn relation(draw: &mut Draw, female: bool, married: bool, old: bool) -> (&'static str, bool) {
    let spouse = if female {
        ("husband", false)
    } else {
        ("wife", true)
    };
    let others = [
        ("daughter", true),
        ("son", false),
        ("sister", true),
        ("brother", false),
        if old {
            ("granddaughter", true)
        } else {
            ("mother", true)
        },
        ("partner", !female),
    ];
    if married && draw.chance(0.7) {
        spouse
    } else {
        draw.pick(&others)
    }
}

fn unique(taken: &mut BTreeSet<String>, mut next: impl FnMut() -> String) -> String {
    loop {
        let candidate = next();
        if taken.insert(candidate.clone()) {
            return candidate;
        }
    }
}

/// There are 10,000 fictitious numbers in an area: in a large hospital people share theirs, as
/// households do.
fn mostly_unique(taken: &mut BTreeSet<String>, mut next: impl FnMut() -> String) -> String {
    let mut candidate = next();
    for _ in 0..DRAWS {
        if taken.insert(candidate.clone()) {
            break;
        }
        candidate = next();
    }
    candidate
}

/// Draws after which a telephone number is shared.
const DRAWS: u32 = 64;

/// Area numbers from 900 up are never given out as social security numbers.
fn ssn(draw: &mut Draw) -> String {
    format!(
        "9{:02}-{:02}-{:04}",
        draw.below(100),
        draw.between(10, 69),
        draw.between(1, 9999)
    )
}

/// Exchange 555 is kept for fiction.
pub(crate) fn phone(draw: &mut Draw, state: &str) -> String {
    format!("{}-555-{:04}", area_code(state), draw.below(10_000))
}

/// The form of a Medicare beneficiary identifier: C A AN N A AN N A A N N.
fn beneficiary(draw: &mut Draw) -> String {
    const LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUVWXY";
    const EITHER: &[u8] = b"0123456789ACDEFGHJKMNPQRTUVWXY";
    "1A*0A*0AA00"
        .bytes()
        .map(|place| {
            char::from(match place {
                b'1' => b'1' + draw.below(9) as u8,
                b'0' => b'0' + draw.below(10) as u8,
                b'A' => draw.pick(LETTERS),
                _ => draw.pick(EITHER),
            })
        })
        .collect()
}

fn email(draw: &mut Draw, name: &Name) -> String {
    let plain = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_lowercase()
    };
    let (first, last) = (plain(&name.first), plain(&name.last));
    let host = draw.pick(&[
        "example.com",
        "example.org",
        "example.net",
        "mail.example.com",
    ]);
    // People of the same name tell their addresses apart by a number.
    let number = draw.below(1_000);
    match draw.below(3) {
        0 => format!("{first}.{last}{number}@{host}"),
        1 => format!("{}{last}{number}@{host}", first.get(..1).unwrap_or("x")),
        _ => format!("{last}_{first}{number}@{host}"),
    }
}

const RACES: &[(u32, &str)] = &[
    (62, "White"),
    (15, "Black or African American"),
    (8, "Asian"),
    (2, "American Indian or Alaska Native"),
    (1, "Native Hawaiian or Other Pacific Islander"),
    (12, "Other"),
];

const ETHNICITIES: &[(u32, &str)] = &[(81, "Not Hispanic or Latino"), (19, "Hispanic or Latino")];

const UNMARRIED: &[&str] = &["single", "divorced", "widowed", "separated"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hospital_may_have_more_patients_than_there_are_telephone_numbers() {
        let many = patients(3, 22_000);
        let distinct = |of: fn(&Patient) -> &str| {
            let all: BTreeSet<&str> = many.iter().map(of).collect();
            all.len()
        };
        assert_eq!(distinct(|one| &one.mrn), many.len());
        assert_eq!(distinct(|one| &one.ssn), many.len());
        assert_eq!(distinct(|one| &one.health_plan_id), many.len());
        assert_eq!(distinct(|one| &one.email), many.len());
        let phones = distinct(|one| &one.phone);
        assert!(phones > 10_000 && phones < many.len(), "{phones}");
    }
}
