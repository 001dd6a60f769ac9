use crate::{Patient, draw::Draw, people::Name, registration::phone};

#[derive(Clone, Debug)]
pub(super) struct Relative {
    pub(super) name: Name,
    pub(super) relation: &'static str,
    pub(super) phone: String,
}

/// Numbers that stand in this note only.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) account: String,
    pub(super) device: String,
    pub(super) plate: String,
    pub(super) licence: String,
    pub(super) accession: String,
    pub(super) address: String,
    pub(super) pager: String,
    pub(super) clinic: String,
    pub(super) fax: String,
    pub(super) heart: u32,
    pub(super) breath: u32,
    pub(super) oxygen: u32,
    pub(super) diastolic: u32,
    pub(super) weight: u32,
    pub(super) fever: u32,
}

impl Numbers {
    pub(super) fn draw(draw: &mut Draw, state: &str) -> Self {
        Self {
            account: format!("40{}", draw.digits(7)),
            device: format!("PJN{}{}", draw.digits(6), draw.pick(&['H', 'S', 'K'])),
            plate: format!(
                "{} {}",
                draw.pick(&["KTR", "BWN", "HXA", "LMV"]),
                draw.digits(4)
            ),
            licence: format!("{}{}", draw.pick(&["NHL", "S", "D", "TX"]), draw.digits(8)),
            accession: format!("A{}-{}", draw.between(21, 24), draw.digits(6)),
            address: format!(
                "10.{}.{}.{}",
                draw.below(250),
                draw.below(250),
                draw.between(2, 250)
            ),
            pager: format!("7{}", draw.digits(3)),
            clinic: phone(draw, state),
            fax: phone(draw, state),
            heart: draw.between(52, 118),
            breath: draw.between(12, 26),
            oxygen: draw.between(89, 100),
            diastolic: draw.between(52, 68),
            weight: draw.between(46, 131),
            fever: draw.between(2, 48),
        }
    }
}

/// The emergency contact of the patient table.
pub(super) fn contact(patient: &Patient, of: &Name) -> Relative {
    let full = &patient.emergency_contact_name;
    let (first, last) = split(full, of);
    Relative {
        name: Name {
            first,
            last,
            rare: patient.rare_contact,
        },
        relation: patient.emergency_contact_relation,
        phone: patient.emergency_contact_phone.clone(),
    }
}

/// Given name and surname of a full name; the patient's surname may hold blanks.
fn split(full: &str, of: &Name) -> (String, String) {
    let shared = full
        .strip_suffix(of.last.as_str())
        .map(|first| (first.trim_end(), of.last.as_str()));
    let (first, last) = shared
        .or_else(|| full.split_once(' '))
        .unwrap_or((full, ""));
    (first.to_owned(), last.to_owned())
}

/// A relative who stands in no table.
pub(super) fn other_relative(draw: &mut Draw, patient: &Patient, of: &Name) -> Relative {
    let (relation, female) = draw.pick(&[
        ("niece", true),
        ("nephew", false),
        ("daughter-in-law", true),
        ("cousin", false),
    ]);
    Relative {
        name: Name::relative(draw, female, of),
        relation,
        phone: phone(draw, patient.state),
    }
}
