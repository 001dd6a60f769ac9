//! Models, their papers and their behaviour.

use crate::{
    Control,
    Coverage::{Full, Partial},
    EvidenceKind,
};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "reg-versions",
        coverage: Full,
        satisfied_by: "a model version is named by its content and cannot be replaced; its \
                       stage has a history",
        evidence: &[EvidenceKind::ModelSigned],
        tests: &["journeys::registered_model_cannot_be_replaced"],
        limits: "",
    },
    Control {
        requirement: "reg-checksums",
        coverage: Full,
        satisfied_by: "SHA-256 per file in a signed manifest (OpenSSF model signing), verified \
                       after writing, by `model verify` and at every load",
        evidence: &[EvidenceKind::ModelSigned, EvidenceKind::DatasetSealed],
        tests: &[
            "journeys::tampered_model_is_refused",
            "journeys::flipped_byte_is_found_and_named",
        ],
        limits: "",
    },
    Control {
        requirement: "reg-validation",
        coverage: Partial,
        satisfied_by: "a model without a passed validation cannot be registered",
        evidence: &[
            EvidenceKind::ValidationReport,
            EvidenceKind::LeakageTest,
            EvidenceKind::ModelSigned,
        ],
        tests: &["journeys::unvalidated_model_cannot_be_registered"],
        limits: "the list of tests is fixed, not set by the organisation",
    },
    Control {
        requirement: "reg-secure-update",
        coverage: Partial,
        satisfied_by: "only registered versions load, and only with the digest that was \
                       registered",
        evidence: &[EvidenceKind::ModelSigned, EvidenceKind::PredictionLogged],
        tests: &["journeys::tampered_model_is_refused"],
        limits: "the signature is not verified again at load, and an approval by a second \
                 person is not needed to predict",
    },
    Control {
        requirement: "reg-doc-standard",
        coverage: Partial,
        satisfied_by: "a model card in JSON and Markdown is filled from the run",
        evidence: &[EvidenceKind::ModelCard],
        tests: &[],
        limits: "the card is not in the CHAI or CycloneDX schema, and promotion does not \
                 wait for its fields",
    },
    Control {
        requirement: "reg-algorithm-doc",
        coverage: Partial,
        satisfied_by: "the card states algorithm, parameters and data as they were in the run",
        evidence: &[EvidenceKind::ModelCard],
        tests: &["journeys::model_card_states_what_the_run_did"],
        limits: "the versions of program and libraries are not on the card",
    },
    Control {
        requirement: "reg-decision-log",
        coverage: Partial,
        satisfied_by: "each prediction call is logged with model version, input digest, \
                       operator and time",
        evidence: &[EvidenceKind::PredictionLogged, EvidenceKind::LogVerified],
        tests: &["journeys::every_prediction_is_logged"],
        limits: "no explanation is stored, and outputs are logged as counts",
    },
    Control {
        requirement: "reg-change-docs",
        coverage: Partial,
        satisfied_by: "the card is written anew for each version",
        evidence: &[EvidenceKind::ModelCard, EvidenceKind::ModelSigned],
        tests: &[],
        limits: "no review task for documents written by hand",
    },
    Control {
        requirement: "reg-change-audit",
        coverage: Partial,
        satisfied_by: "registration, promotion and prediction are entries of the log",
        evidence: &[EvidenceKind::ModelSigned, EvidenceKind::LogVerified],
        tests: &["journeys::edited_log_entry_is_named"],
        limits: "no command that says what was live at a past moment",
    },
    Control {
        requirement: "reg-change-compliance",
        coverage: Full,
        satisfied_by: "every version passes validation and attack by itself; no pass is \
                       inherited",
        evidence: &[
            EvidenceKind::ValidationReport,
            EvidenceKind::LeakageTest,
            EvidenceKind::ModelSigned,
        ],
        tests: &["journeys::unvalidated_model_cannot_be_registered"],
        limits: "",
    },
    Control {
        requirement: "reg-performance",
        coverage: Partial,
        satisfied_by: "drift is reported as aggregates; small cells are hidden",
        evidence: &[EvidenceKind::DriftReport, EvidenceKind::ValidationReport],
        tests: &["journeys::printed_small_cells_are_suppressed"],
        limits: "performance in use is not measured, since true outcomes do not come back",
    },
    Control {
        requirement: "lin-pipeline",
        coverage: Partial,
        satisfied_by: "lineage from source file to dataset version to model version",
        evidence: &[EvidenceKind::LineageRecorded],
        tests: &[],
        limits: "not by column, and not as OpenLineage or W3C PROV",
    },
    Control {
        requirement: "lin-sources",
        coverage: Partial,
        satisfied_by: "a model version links its dataset versions and their source digests",
        evidence: &[EvidenceKind::LineageRecorded, EvidenceKind::ModelCard],
        tests: &[],
        limits: "no code commit, and no Croissant export",
    },
    Control {
        requirement: "lin-transforms",
        coverage: Partial,
        satisfied_by: "plan and parameters of each step with input and output digests",
        evidence: &[EvidenceKind::LineageRecorded, EvidenceKind::ManifestSigned],
        tests: &[],
        limits: "a step cannot be replayed by one command",
    },
    Control {
        requirement: "data-validate",
        coverage: Partial,
        satisfied_by: "malformed input is refused with file and place; nothing half-read is \
                       kept",
        evidence: &[EvidenceKind::DatasetIngested],
        tests: &["journeys::malformed_input_leaves_nothing_behind"],
        limits: "no checks declared by the study, and no quarantine",
    },
    Control {
        requirement: "fair-detect-mitigate",
        coverage: Partial,
        satisfied_by: "metrics by subgroup with intervals, small groups hidden",
        evidence: &[EvidenceKind::ValidationReport],
        tests: &[],
        limits: "no mitigation is offered",
    },
    Control {
        requirement: "fair-metrics-doc",
        coverage: Full,
        satisfied_by: "the card has a section on subgroups, filled from the validation",
        evidence: &[EvidenceKind::ValidationReport, EvidenceKind::ModelCard],
        tests: &["journeys::model_card_states_what_the_run_did"],
        limits: "",
    },
    Control {
        requirement: "drift-detect",
        coverage: Partial,
        satisfied_by: "PSI and KS with intervals between new data and the data trained on",
        evidence: &[EvidenceKind::DriftReport],
        tests: &[],
        limits: "computed from rows inside the instance, not from stored sketches, and \
                 without noise",
    },
    Control {
        requirement: "drift-degradation",
        coverage: Partial,
        satisfied_by: "a threshold on drift raises an alert record",
        evidence: &[EvidenceKind::DriftReport],
        tests: &["journeys::drift_above_the_threshold_raises_an_alert"],
        limits: "alerts on drift of inputs and scores, not on performance",
    },
];
