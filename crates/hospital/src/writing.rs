//! From a stay to its notes.

use crate::{Family, Note, Patient, admission::Stay, draw::Draw, registration::Staff};

mod cast;
mod library;
mod moment;
mod scene;
mod spelling;
mod writer;

pub(crate) use library::Library;
use scene::Scene;
use writer::Writer;

/// The notes of one stay: one always, a second and a third sometimes.
pub(crate) fn notes(
    draw: &mut Draw,
    library: &Library,
    patient: &Patient,
    stay: &Stay,
    staff: &Staff,
    before: usize,
) -> Vec<Note> {
    let count = 1 + usize::from(draw.chance(0.5)) + usize::from(draw.chance(0.1));
    (1..=count)
        .map(|index| note(draw, library, patient, stay, staff, before + index))
        .collect()
}

fn note(
    draw: &mut Draw,
    library: &Library,
    patient: &Patient,
    stay: &Stay,
    staff: &Staff,
    number: usize,
) -> Note {
    let family = draw.weighted(FAMILIES);
    let (note_type, template) = library.template(draw, family);
    let mut scene = Scene::new(draw, patient, stay, staff, note_type, family);
    let written_at = scene.written_at();
    let mut writer = Writer::new(draw, family);
    scene.write(&mut writer, library, template, 0);
    let (text, truth) = writer.finish();
    Note {
        note_id: format!("N{number:07}"),
        patient_id: patient.patient_id.clone(),
        encounter_id: stay.encounter.encounter_id.clone(),
        note_type,
        written_at,
        text,
        family,
        truth,
    }
}

const FAMILIES: &[(u32, Family)] = &[
    (35, Family::Ward),
    (25, Family::Letter),
    (25, Family::Desk),
    (15, Family::Field),
];
