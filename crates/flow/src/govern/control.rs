//! The honest state of the catalogue, computed from what the log holds.

use access::Resource;
use audit::{Event, Outcome};
use domain::Action;
use governance::{EvidenceIndex, EvidenceKind, Requirement, Standing, catalogue, standing};

use crate::{Desk, StageError, govern::log};

/// A requirement and how it stands in this instance.
#[derive(Debug)]
pub struct Stand {
    /// The requirement.
    pub requirement: &'static Requirement,
    /// Its state with the reasons.
    pub standing: Standing,
}

/// How every requirement of the catalogue stands.
///
/// Evidence is counted from the log alone: an act that was done left its record and its line in
/// one transaction, so a line without its record cannot be.
pub fn stands(desk: &Desk<'_>) -> Result<Vec<Stand>, StageError> {
    let permit = desk.permit(Action::ReadCatalogue, Resource::catalogue(), None)?;
    desk.note(&permit, None)?;
    let index = evidence(&log::events(&permit, desk)?);
    let now = desk.now();
    let requirements = catalogue().requirements().iter();
    Ok(requirements
        .map(|requirement| Stand {
            requirement,
            standing: standing(requirement, &index, now),
        })
        .collect())
}

/// The evidence that a log holds.
pub fn evidence(events: &[(u64, Event)]) -> EvidenceIndex {
    let mut index = EvidenceIndex::new();
    for (position, event) in events {
        let digest = event
            .digest
            .unwrap_or_else(|| seal::digest(event.encode().as_bytes()));
        let mut record = |kind| index.record(kind, event.time, digest, *position);
        if event.outcome == Outcome::Refused {
            record(EvidenceKind::AccessRefused);
        }
        if event.outcome == Outcome::Done {
            kinds(event.action).iter().copied().for_each(&mut record);
            if event.decision.is_some() {
                record(EvidenceKind::AccessPermitted);
            }
        }
    }
    index
}

/// What a done act leaves as evidence.
const fn kinds(action: Action) -> &'static [EvidenceKind] {
    match action {
        Action::Ingest => &[EvidenceKind::DatasetIngested],
        Action::Classify => &[EvidenceKind::FieldMap],
        Action::Encrypt => &[EvidenceKind::DatasetSealed],
        Action::Deidentify => &[EvidenceKind::ManifestSigned],
        Action::Assess => &[EvidenceKind::RiskReport],
        Action::Train => &[EvidenceKind::GuaranteeStated, EvidenceKind::SpendCommitted],
        Action::Validate => &[EvidenceKind::ValidationReport, EvidenceKind::LeakageTest],
        Action::Register => &[
            EvidenceKind::ModelSigned,
            EvidenceKind::ModelCard,
            EvidenceKind::LineageRecorded,
        ],
        Action::Predict => &[EvidenceKind::PredictionLogged],
        Action::MeasureDrift => &[EvidenceKind::DriftReport],
        Action::VerifyAudit => &[EvidenceKind::LogVerified],
        Action::WriteReport => &[EvidenceKind::ReportWritten],
        _ => &[],
    }
}
