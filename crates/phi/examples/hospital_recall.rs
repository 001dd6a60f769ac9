//! Measures recall on the synthetic hospital: `cargo run --release -p cloister-phi --example
//! hospital_recall [MISSES] [FAMILY]` prints the share found by family and the first misses of the
//! families rules may be tuned on; misses of the held-out family are never printed.
#![expect(clippy::print_stdout, reason = "the result of a measurement")]

use std::{collections::BTreeMap, env};

use cloister_phi::{known::KnownPerson, label::Label, text::TextEngine};
use hospital::{Hospital, Note, Patient, TruthSpan};

/// Spans found and spans in all.
type Tally = BTreeMap<(String, String), (usize, usize)>;

fn main() {
    let mut arguments = env::args().skip(1);
    let misses = arguments
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    let family = arguments.next();
    for with_record in [false, true] {
        println!("record known: {with_record}");
        measure(
            with_record,
            if with_record { 0 } else { misses },
            family.as_deref(),
        );
    }
}

fn measure(with_record: bool, misses: usize, family: Option<&str>) {
    let engine = TextEngine::new();
    let hospital = Hospital::generate(11, 400);
    let patients: BTreeMap<_, _> = hospital
        .patients
        .iter()
        .map(|patient| (patient.patient_id.as_str(), patient))
        .collect();
    let (mut tally, mut shown, mut false_alarms, mut words) = (Tally::new(), 0, 0, 0);
    for note in &hospital.notes {
        let person = patients
            .get(note.patient_id.as_str())
            .filter(|_| with_record)
            .map(|patient| known(patient));
        let findings = engine.scan(&note.text, person.as_ref());
        for span in &note.truth {
            let covered = is_covered(note, span, &findings);
            count(&mut tally, note, span, covered);
            let wanted = family.is_none_or(|family| family == note.family.word());
            if !covered && !note.family.held_out() && wanted && shown < misses {
                shown += 1;
                println!(
                    "{} {} {}",
                    note.family.word(),
                    span.kind,
                    context(note, span)
                );
            }
        }
        if !note.family.held_out() {
            words += note.text.split_whitespace().count();
            let alarms = findings.iter().filter(|finding| {
                !note
                    .truth
                    .iter()
                    .any(|span| span.start < finding.end && finding.start < span.end)
            });
            for alarm in alarms {
                false_alarms += 1;
                if env::var_os("ALARMS").is_some() && !with_record {
                    println!(
                        "alarm {} {}",
                        alarm.detector,
                        around(note, alarm.start, alarm.end)
                    );
                }
            }
        }
    }
    for ((family, what), (found, all)) in &tally {
        println!(
            "{family:8}{what:14}{found:6} of {all:6} {:.2} %",
            *found as f64 * 100.0 / *all as f64
        );
    }
    println!("{false_alarms} findings outside the truth in {words} words");
}

/// Whether every letter and digit of the span lies in a finding.
fn is_covered(note: &Note, span: &TruthSpan, findings: &[cloister_phi::finding::Finding]) -> bool {
    note.text
        .bytes()
        .enumerate()
        .skip(span.start)
        .take(span.end - span.start)
        .filter(|(_, byte)| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        .all(|(at, _)| findings.iter().any(|finding| finding.range().contains(&at)))
}

fn count(tally: &mut Tally, note: &Note, span: &TruthSpan, covered: bool) {
    let mut add = |family: &str, what: &str| {
        let entry = tally
            .entry((family.to_owned(), what.to_owned()))
            .or_default();
        entry.0 += usize::from(covered);
        entry.1 += 1;
    };
    let family = note.family.word();
    add(family, "(all)");
    add(family, if span.rare { "(rare)" } else { "(common)" });
    if !note.family.held_out() {
        add("~kinds", span.kind);
        add("dev", "(all)");
        add("dev", if span.rare { "(rare)" } else { "(common)" });
    }
}

fn context(note: &Note, span: &TruthSpan) -> String {
    around(note, span.start, span.end)
}

fn around(note: &Note, start: usize, end: usize) -> String {
    let text = &note.text;
    let head = text.floor_char_boundary(start.saturating_sub(45));
    let tail = text.ceil_char_boundary((end + 30).min(text.len()));
    format!(
        "{}[[{}]]{}",
        text.get(head..start).unwrap_or_default(),
        text.get(start..end).unwrap_or_default(),
        text.get(end..tail).unwrap_or_default()
    )
    .replace('\n', "\\n")
}

fn known(patient: &Patient) -> KnownPerson {
    KnownPerson::builder()
        .name(&format!("{} {}", patient.first_name, patient.last_name))
        .relative_name(&patient.emergency_contact_name)
        .date(&patient.birth_date.to_string())
        .phone(&patient.phone)
        .phone(&patient.emergency_contact_phone)
        .address(&format!(
            "{}, {}, {} {}",
            patient.street, patient.city, patient.state, patient.zip
        ))
        .identifier(Label::Mrn, &patient.mrn)
        .identifier(Label::Ssn, &patient.ssn)
        .identifier(Label::Email, &patient.email)
        .identifier(Label::HealthPlan, &patient.health_plan_id)
        .build()
}
