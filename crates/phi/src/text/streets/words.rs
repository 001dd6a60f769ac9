//! The words of wards: units, beds and the services before them, by their first letter.

use super::super::{
    page::Page,
    token::{Kind, Token},
};
use crate::dictionary::class::Class;

/// A unit that takes a bed's number: `MICU 9`, `PACU 3`, `tele 8`.
pub(super) fn is_unit(page: &Page<'_>, token: &Token) -> bool {
    token.is_word()
        && matches!(token.len(), 2..=9)
        && page.is_any(token, units(initial(page, token)))
}

/// A word that is a unit behind `in`, `to`, `from` only: `OR 5`, `ER 9`, `trauma 2`.
pub(super) fn is_cued_unit(page: &Page<'_>, token: &Token) -> bool {
    token.is_word()
        && page.is_any(token, cued(initial(page, token)))
        && (token.kind != Kind::Lower || !page.is_any(token, &["or", "ir", "obs", "em"]))
}

/// A word for a bed, a room, or a part of a building that takes a number or a letter.
pub(super) fn is_designator(page: &Page<'_>, token: &Token) -> bool {
    token.is_word()
        && matches!(token.len(), 2..=10)
        && page.is_any(token, designators(initial(page, token)))
}

/// A service or kind of care before a room: `Trauma Bay`, `Geriatrics Unit`, `fast track chair`.
pub(super) fn is_service(page: &Page<'_>, token: &Token) -> bool {
    token.is_word()
        && (page.is_any(token, services(initial(page, token)))
            || token.is_capital()
                && !page.is_shouted
                && token.class.has(Class::CARE.or(Class::GENERIC))
                && !token.class.has(Class::STOP))
}

/// The first letter of a word, small.
fn initial(page: &Page<'_>, token: &Token) -> u8 {
    page.byte(token.start as usize) | 0x20
}

/// Units that begin with a letter.
fn units(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["aicu", "amu"],
        b'b' => &["bicu", "bmtu", "burn"],
        b'c' => &[
            "cvicu", "ccu", "cticu", "cicu", "csicu", "cvu", "cdu", "ccicu",
        ],
        b'e' => &["eicu", "edou"],
        b'h' => &["hdu"],
        b'i' => &["icu", "imcu", "imc", "itu"],
        b'l' => &["ldr", "ldrp"],
        b'm' => &["micu", "msicu", "mau"],
        b'n' => &["nicu", "nsicu", "nccu", "neuroicu"],
        b'p' => &["pacu", "picu", "pcu", "pcicu", "preop"],
        b's' => &["sicu", "stepdown", "sdu", "scn", "scbu", "sticu"],
        b't' => &["ticu", "tele", "telemetry"],
        _ => &[],
    }
}

/// Units behind a preposition that begin with a letter.
fn cued(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["angio"],
        b'c' => &["cath", "ct"],
        b'd' => &["delivery"],
        b'e' => &["er", "ed", "endo"],
        b'f' => &["fluoro"],
        b'h' => &["holding", "heme"],
        b'i' => &["ir"],
        b'l' => &["lab"],
        b'm' => &["medsurg", "medicine", "mri"],
        b'n' => &["neuro", "nursery"],
        b'o' => &["or", "obs", "ortho", "onc", "overflow"],
        b'p' => &["peds", "postpartum"],
        b'r' => &["resus"],
        b't' => &["trauma", "triage", "theatre", "theater", "track"],
        _ => &[],
    }
}

/// Words for beds and parts of buildings that begin with a letter.
fn designators(first: u8) -> &'static [&'static str] {
    match first {
        b'b' => &[
            "bed", "bay", "bldg", "block", "bassinet", "bedspace", "berth", "booth", "bunk",
        ],
        b'c' => &["chair", "cell", "crib", "cubicle", "cabin"],
        b'd' => &["dorm", "desk", "dormitory"],
        b'g' => &["gurney"],
        b'h' => &["hall", "hallway", "holding"],
        b'i' => &["isolette"],
        b'l' => &["locker", "lvl"],
        b'o' => &["obs", "overflow"],
        b'p' => &["pod", "pavilion"],
        b'r' => &["room", "resus", "rm"],
        b's' => &["slot", "stretcher", "stall", "suite", "space", "stairwell"],
        b't' => &["tower", "team", "theatre", "theater", "trailer"],
        b'u' => &["unit"],
        b'w' => &["wing", "ward", "wd"],
        _ => &[],
    }
}

/// Services that begin with a letter.
fn services(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["angio"],
        b'b' => &["birthing", "block", "burn"],
        b'c' => &[
            "cath",
            "cell",
            "consult",
            "conference",
            "cardiac",
            "checkout",
        ],
        b'd' => &["delivery", "dialysis"],
        b'e' => &["exam", "endoscopy", "endo", "ed", "er"],
        b'f' => &["fast", "family", "fluoro"],
        b'g' => &["geriatrics", "geriatric"],
        b'h' => &["hall", "hallway", "hybrid", "holding", "heme"],
        b'i' => &["ir", "isolation", "infusion", "icu"],
        b'l' => &["labor", "lab"],
        b'm' => &["medicine", "med"],
        b'n' => &["neuro"],
        b'o' => &["ortho", "obs", "operating", "onc"],
        b'p' => &[
            "peds",
            "preop",
            "procedure",
            "psych",
            "pacu",
            "postop",
            "pre-op",
            "postpartum",
        ],
        b'r' => &["resus", "recovery", "registration", "reception"],
        b's' => &[
            "surgery", "surgical", "stepdown", "side", "shared", "sluice",
        ],
        b't' => &["trauma", "track", "tele", "triage", "treatment"],
        b'w' => &["waiting", "ward"],
        b'v' => &["vip"],
        _ => &[],
    }
}
