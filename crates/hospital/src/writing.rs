use crate::{Note, Patient, admission::Stay, draw::Draw, registration::Staff};

/// The notes of one stay.
pub(crate) fn notes(
    _draw: &mut Draw,
    _patient: &Patient,
    _stay: &Stay,
    _staff: &Staff,
    _first: usize,
) -> Vec<Note> {
    Vec::new()
}
