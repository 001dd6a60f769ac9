//! Versions that nobody can open any more: their record stays, their key is destroyed.

use domain::ModelId;
use serde::Serialize;
use store::StoreError;

use super::{ModelVersion, all};
use crate::{
    Desk, StageError, Study,
    model_key::{self, Sealings},
    operate::disposal::{self, Subject},
};

/// A registered version as it is listed.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// The version.
    #[serde(flatten)]
    pub version: ModelVersion,
    /// Whether its key is destroyed: nobody can open it any more.
    pub disposed: bool,
}

impl Listed {
    /// Where it stands, or that it is gone.
    pub fn standing(&self) -> &'static str {
        if self.disposed {
            "keys destroyed"
        } else {
            self.version.stage()
        }
    }

    pub(super) fn all(desk: &Desk<'_>) -> Result<Vec<Self>, StageError> {
        let sealings = Sealings::read(desk)?;
        let listed = all(desk)?.into_iter().map(|version| Self {
            disposed: sealings.is_gone(&version),
            version,
        });
        Ok(listed.collect())
    }
}

/// Refuses a version whose key is destroyed.
pub(crate) fn check_there(desk: &Desk<'_>, version: &ModelVersion) -> Result<(), StageError> {
    match model_key::key(desk, &version.object) {
        Ok(_) => Ok(()),
        Err(StoreError::KeyDestroyed { .. }) => Err(disposed(&version.model)),
        Err(other) => Err(other.into()),
    }
}

/// Refuses a name whose model was disposed of: a certificate says that nothing of that name opens.
pub(crate) fn check_name(desk: &Desk<'_>, model: &ModelId) -> Result<(), StageError> {
    match disposal::certificate_of(desk, &Subject::Model(model.clone()))? {
        None => Ok(()),
        Some(_) => Err(disposed(model)),
    }
}

/// Refuses a study that would register such a name, before it spends anything.
pub(crate) fn check_asked(desk: &Desk<'_>, study: &Study) -> Result<(), StageError> {
    match &study.register {
        None => Ok(()),
        Some(section) => check_name(desk, &section.name),
    }
}

fn disposed(model: &ModelId) -> StageError {
    StageError::ModelDisposed {
        model: model.to_string(),
    }
}
