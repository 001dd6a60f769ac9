//! The change request that an alert opens. Nothing is retrained here: people decide.

use domain::{Action, ModelId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Noun, Transaction};

use super::Monitored;
use crate::{Desk, StageError, register::ModelVersion};

/// A request that a model version be changed: retrained, retired, or kept with a reason.
///
/// There is one open request a version; later alerts add to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeRequest {
    /// When it was opened.
    pub opened: Timestamp,
    /// The model.
    pub model: ModelId,
    /// Its version.
    pub number: u64,
    /// What was measured, one line for each crossing, without a value of a row.
    pub reasons: Vec<String>,
    /// How many measurements added to it.
    pub measurements: u64,
}

/// Opens a request, or adds to the open one, when a measurement crossed a threshold; gives its id.
pub(super) fn ask(
    transaction: &mut Transaction<'_>,
    desk: &Desk<'_>,
    version: &ModelVersion,
    monitored: &Monitored,
) -> Result<Option<String>, StageError> {
    if monitored.alerts.is_empty() {
        return Ok(None);
    }
    let id = format!("{}/{}", version.model, version.number);
    let reasons = monitored.alerts.iter().map(|alert| {
        let what = &alert.what;
        format!("{what}, measured on {}", monitored.against)
    });
    let kept = transaction.find::<ChangeRequest>(Noun::ChangeRequest, &id)?;
    if let Some(kept) = kept {
        let mut request = kept.body;
        request.reasons.extend(reasons);
        request.measurements += 1;
        transaction.replace(Noun::ChangeRequest, &id, kept.revision, &request)?;
    } else {
        let request = ChangeRequest {
            opened: desk.now(),
            model: version.model.clone(),
            number: version.number,
            reasons: reasons.collect(),
            measurements: 1,
        };
        transaction.insert(Noun::ChangeRequest, &id, &request)?;
    }
    Ok(Some(id))
}

/// The change requests of a model, oldest version first; reading them needs the permit to measure
/// drift.
pub fn changes(desk: &Desk<'_>, model: &ModelId) -> Result<Vec<ChangeRequest>, StageError> {
    let version = crate::register::newest(desk, model)?;
    let cause = version.cause();
    let permit = desk.permit(Action::MeasureDrift, version.resource(), Some(&cause))?;
    let mut requests: Vec<ChangeRequest> = desk
        .store
        .list::<ChangeRequest>(Noun::ChangeRequest)?
        .into_iter()
        .map(|record| record.body)
        .filter(|request| request.model == *model)
        .collect();
    requests.sort_by_key(|request| request.number);
    desk.note(&permit, Some(&cause))?;
    Ok(requests)
}
