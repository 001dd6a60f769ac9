//! What happened, provably: 164.312(b), 164.308(a)(1)(ii)(D).

use crate::{
    Control,
    Coverage::{Full, Partial},
    EvidenceKind,
};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "aud-phi-access",
        coverage: Partial,
        satisfied_by: "no act on data returns before its entry (who, what, why, how much) is in \
                       the log",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::LogVerified],
        tests: &[
            "store::a_failing_medium_stops_all_writing",
            "journeys::denied_act_is_logged",
        ],
        limits: "the records are not analysed",
    },
    Control {
        requirement: "aud-attempts",
        coverage: Full,
        satisfied_by: "refusals are entries of the log with the rule that refused",
        evidence: &[EvidenceKind::AccessRefused, EvidenceKind::LogVerified],
        tests: &["journeys::denied_act_is_logged"],
        limits: "attempts on the files of the instance that go past the program are not seen",
    },
    Control {
        requirement: "aud-personnel",
        coverage: Partial,
        satisfied_by: "every entry names operator and role",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::LogVerified],
        tests: &["journeys::denied_act_is_logged"],
        limits: "one local operator, and no report per person",
    },
    Control {
        requirement: "aud-immutable",
        coverage: Partial,
        satisfied_by: "an append-only Merkle log (RFC 6962) with signed checkpoints and a \
                       verifier that names the first bad entry",
        evidence: &[EvidenceKind::LogVerified],
        tests: &[
            "journeys::edited_log_entry_is_named",
            "journeys::truncated_log_is_detected",
        ],
        limits: "no anchor outside the instance: who holds the passphrase could write a \
                 new log",
    },
    Control {
        requirement: "aud-model-phi",
        coverage: Partial,
        satisfied_by: "training, evaluation and each prediction are logged with the model \
                       version",
        evidence: &[
            EvidenceKind::GuaranteeStated,
            EvidenceKind::ValidationReport,
            EvidenceKind::PredictionLogged,
            EvidenceKind::LogVerified,
        ],
        tests: &["journeys::every_prediction_is_logged"],
        limits: "a model is named in the entries about it and is not an actor of its own; \
                 training is an entry about the dataset",
    },
    Control {
        requirement: "aud-ml-activity",
        coverage: Partial,
        satisfied_by: "one log over data, training, registration, promotion and prediction, \
                       with a read-only auditor role",
        evidence: &[
            EvidenceKind::AccessPermitted,
            EvidenceKind::ModelSigned,
            EvidenceKind::LogVerified,
        ],
        tests: &[
            "access::an_auditor_changes_nothing",
            "journeys::edited_log_entry_is_named",
        ],
        limits: "the one local operator who holds the passphrase can take another role; \
                 the change is logged, not prevented",
    },
    Control {
        requirement: "aud-data-interactions",
        coverage: Partial,
        satisfied_by: "each reading of a dataset for training is an entry with rows and columns",
        evidence: &[EvidenceKind::GuaranteeStated, EvidenceKind::LogVerified],
        tests: &["journeys::denied_act_is_logged"],
        limits: "batches are not counted one by one, and there is no data API for other \
                 frameworks",
    },
    Control {
        requirement: "aud-realtime",
        coverage: Partial,
        satisfied_by: "states are computed from the newest evidence whenever they are asked \
                       for, and its age counts",
        evidence: &[EvidenceKind::LogVerified],
        tests: &[],
        limits: "controls are not re-tested on events",
    },
    Control {
        requirement: "mon-compliance",
        coverage: Partial,
        satisfied_by: "`cloister control status` computes each requirement's state from \
                       evidence and its age",
        evidence: &[EvidenceKind::ReportWritten, EvidenceKind::LogVerified],
        tests: &[],
        limits: "no owner and no trend",
    },
    Control {
        requirement: "asm-effectiveness",
        coverage: Partial,
        satisfied_by: "measured leakage and remaining risk are part of the evidence pack",
        evidence: &[
            EvidenceKind::LeakageTest,
            EvidenceKind::RiskReport,
            EvidenceKind::AccessRefused,
            EvidenceKind::ReportWritten,
        ],
        tests: &["journeys::edited_report_fails_verification"],
        limits: "refused acts are in the log and not counted in the pack",
    },
    Control {
        requirement: "asm-evidence-collection",
        coverage: Partial,
        satisfied_by: "evidence is hashed, logged and linked to requirements as the work goes \
                       on, and packed by one command",
        evidence: &[EvidenceKind::LogVerified, EvidenceKind::ReportWritten],
        tests: &["journeys::edited_report_fails_verification"],
        limits: "no collection on a schedule",
    },
    Control {
        requirement: "doc-audit-ready",
        coverage: Partial,
        satisfied_by: "`cloister report` writes checklist, evidence and manifest as HTML and \
                       JSON, verifiable offline",
        evidence: &[EvidenceKind::ReportWritten],
        tests: &["journeys::edited_report_fails_verification"],
        limits: "no policies in the pack, and no PDF, DOCX or OSCAL",
    },
    Control {
        requirement: "doc-phi-activities",
        coverage: Partial,
        satisfied_by: "the evidence pack lists what was done with which data, out of log and \
                       lineage",
        evidence: &[EvidenceKind::LineageRecorded, EvidenceKind::ReportWritten],
        tests: &[],
        limits: "per study, not as a record of processing of the organisation",
    },
    Control {
        requirement: "doc-compliance-reports",
        coverage: Partial,
        satisfied_by: "an evidence pack per study on request",
        evidence: &[EvidenceKind::ReportWritten],
        tests: &[],
        limits: "not monthly or quarterly, and not for the organisation",
    },
    Control {
        requirement: "doc-lifecycle",
        coverage: Partial,
        satisfied_by: "the evidence pack has a chapter for each of the ten stages",
        evidence: &[EvidenceKind::ReportWritten],
        tests: &[],
        limits: "no completeness score per stage",
    },
];
