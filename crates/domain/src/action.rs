use serde::{Deserialize, Serialize};

/// One of the six roles; `access` decides what each may do, the log records it with every act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Brings data in, classifies, seals and de-identifies it; trains nothing.
    DataEngineer,
    /// Runs whole studies on the datasets of a declared purpose, training included.
    DataScientist,
    /// Reads and trains on de-identified datasets only.
    Researcher,
    /// Oversees: reads risk, evidence, budgets and the log; promotes models; assigns roles.
    PrivacyOfficer,
    /// Runs the machine and the keys; reads no data.
    Administrator,
    /// Reads the log, the catalogue and the evidence, and verifies them; changes nothing.
    Auditor,
}

/// An act that needs a permit and leaves a line in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Make a new instance with its keys.
    CreateInstance,
    /// Start a study's run.
    RunStudy,
    /// Take files in as a dataset version.
    Ingest,
    /// Map columns and text to identifier categories.
    Classify,
    /// Check that every object is sealed and opens only with its key.
    Encrypt,
    /// Take identifiers out.
    Deidentify,
    /// Measure re-identification risk.
    Assess,
    /// Fit a model.
    Train,
    /// Fit a model without a privacy guarantee.
    TrainWithoutPrivacy,
    /// Test and attack a model.
    Validate,
    /// Make a model an immutable, signed version.
    Register,
    /// Accept a model that has no privacy guarantee.
    ApproveModel,
    /// Move a model version to another stage.
    Promote,
    /// Score records with a registered model.
    Predict,
    /// Compare new data with the data a model was trained on.
    MeasureDrift,
    /// Raise an alert record.
    RaiseAlert,
    /// Read rows of a dataset.
    ReadData,
    /// Release a statistic of a dataset with noise, under its budget.
    ReleaseStatistic,
    /// Write rows of a dataset to a file outside the instance.
    ExportData,
    /// Set privacy budget aside before it is spent.
    ReserveBudget,
    /// Confirm that reserved budget is spent.
    CommitBudget,
    /// Set or lower the cap of a budget.
    CapBudget,
    /// Read budgets and spends.
    ReadLedger,
    /// Write the evidence pack of a study.
    WriteReport,
    /// Read the log.
    ReadAudit,
    /// Recompute and check the log.
    VerifyAudit,
    /// Read the catalogue of requirements and its state.
    ReadCatalogue,
    /// Give an operator a role.
    AssignRole,
    /// Create, rotate or destroy keys.
    ManageKeys,
    /// Write down that records of a person were disclosed: 45 CFR 164.528.
    Disclose,
    /// Say how long the log is kept, hold it, and approve that its oldest part is pruned.
    KeepAudit,
    /// Take the oldest part of the log away, as approved.
    PruneAudit,
    /// Cosign checkpoints of other logs, and have ours cosigned.
    WitnessAudit,
    /// Note that an interrupted act left nothing behind.
    Recover,
    /// Copy the instance, sealed as it is, to a backup folder.
    BackUp,
    /// Make an instance again from a backup.
    Restore,
    /// Say how long something is kept, place or lift a legal hold.
    Retain,
    /// Destroy the keys of data whose time is over, or that is no longer wanted.
    Dispose,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::DataEngineer,
        Self::DataScientist,
        Self::Researcher,
        Self::PrivacyOfficer,
        Self::Administrator,
        Self::Auditor,
    ];
}

impl Action {
    /// All acts, in the order of the life of data.
    pub const ALL: [Self; 38] = [
        Self::CreateInstance,
        Self::RunStudy,
        Self::Ingest,
        Self::Classify,
        Self::Encrypt,
        Self::Deidentify,
        Self::Assess,
        Self::Train,
        Self::TrainWithoutPrivacy,
        Self::Validate,
        Self::Register,
        Self::ApproveModel,
        Self::Promote,
        Self::Predict,
        Self::MeasureDrift,
        Self::RaiseAlert,
        Self::ReadData,
        Self::ReleaseStatistic,
        Self::ExportData,
        Self::ReserveBudget,
        Self::CommitBudget,
        Self::CapBudget,
        Self::ReadLedger,
        Self::WriteReport,
        Self::ReadAudit,
        Self::VerifyAudit,
        Self::ReadCatalogue,
        Self::AssignRole,
        Self::ManageKeys,
        Self::Disclose,
        Self::KeepAudit,
        Self::PruneAudit,
        Self::WitnessAudit,
        Self::Recover,
        Self::BackUp,
        Self::Restore,
        Self::Retain,
        Self::Dispose,
    ];
}

crate::purpose::words!(Role,
    "data-engineer, data-scientist, researcher, privacy-officer, administrator, auditor",
    Self::DataEngineer => "data-engineer", Self::DataScientist => "data-scientist",
    Self::Researcher => "researcher", Self::PrivacyOfficer => "privacy-officer",
    Self::Administrator => "administrator", Self::Auditor => "auditor");
crate::purpose::words!(Action, "an act of the command line's table",
    Self::CreateInstance => "create-instance", Self::RunStudy => "run-study",
    Self::Ingest => "ingest", Self::Classify => "classify", Self::Encrypt => "encrypt",
    Self::Deidentify => "deidentify", Self::Assess => "assess", Self::Train => "train",
    Self::TrainWithoutPrivacy => "train-without-privacy",
    Self::Validate => "validate", Self::Register => "register",
    Self::ApproveModel => "approve-model", Self::Promote => "promote",
    Self::Predict => "predict", Self::MeasureDrift => "measure-drift",
    Self::RaiseAlert => "raise-alert", Self::ReadData => "read-data",
    Self::ReleaseStatistic => "release-statistic", Self::ExportData => "export-data", Self::ReserveBudget => "reserve-budget",
    Self::CommitBudget => "commit-budget", Self::CapBudget => "cap-budget", Self::ReadLedger => "read-ledger",
    Self::WriteReport => "write-report", Self::ReadAudit => "read-audit",
    Self::VerifyAudit => "verify-audit", Self::ReadCatalogue => "read-catalogue",
    Self::AssignRole => "assign-role", Self::ManageKeys => "manage-keys",
    Self::Disclose => "disclose", Self::KeepAudit => "keep-audit",
    Self::PruneAudit => "prune-audit", Self::WitnessAudit => "witness-audit",
    Self::Recover => "recover", Self::BackUp => "back-up", Self::Restore => "restore",
    Self::Retain => "retain", Self::Dispose => "dispose");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_parses_back_and_matches_its_stored_form() {
        for action in Action::ALL {
            assert_eq!(action.word().parse(), Ok(action));
            assert_eq!(
                serde_json::to_string(&action).unwrap(),
                format!("\"{action}\"")
            );
        }
        for role in Role::ALL {
            assert_eq!(role.word().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
    }
}
