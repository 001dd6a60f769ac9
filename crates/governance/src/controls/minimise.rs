//! Purpose, minimum necessary and labels: 164.502(b), 164.514(d).

use crate::{Control, Coverage::Partial, EvidenceKind};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "min-necessary",
        coverage: Partial,
        satisfied_by: "a study declares its columns; a column it does not declare is not taken \
                       in, and each act is decided for the declared purpose",
        evidence: &[EvidenceKind::DatasetIngested, EvidenceKind::AccessPermitted],
        tests: &[
            "journeys::undeclared_column_is_not_taken_in",
            "journeys::denied_act_exits_3",
        ],
        limits: "rows and periods are not bound to the purpose, and there is no query \
                 planner yet",
    },
    Control {
        requirement: "min-necessary-staff",
        coverage: Partial,
        satisfied_by: "six roles by data state, decided at every act by the policies and \
                       printed as `cloister access matrix`",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "access::nothing_is_permitted_that_the_matrix_does_not_show",
            "journeys::denied_act_exits_3",
        ],
        limits: "the one local operator who holds the passphrase can take another role; \
                 the change is logged, not prevented",
    },
    Control {
        requirement: "min-exposure-combined",
        coverage: Partial,
        satisfied_by: "a study stacks de-identification, a risk gate, private training and \
                       sealed storage",
        evidence: &[
            EvidenceKind::ManifestSigned,
            EvidenceKind::RiskReport,
            EvidenceKind::GuaranteeStated,
            EvidenceKind::DatasetSealed,
        ],
        tests: &["journeys::identified_data_cannot_be_exported"],
        limits: "no sandbox, no federation, and no score of the remaining exposure before \
                 a project starts",
    },
    Control {
        requirement: "min-training-data",
        coverage: Partial,
        satisfied_by: "columns that the study does not declare are dropped at ingest and listed \
                       in the dataset version",
        evidence: &[EvidenceKind::DatasetIngested],
        tests: &["journeys::undeclared_column_is_not_taken_in"],
        limits: "columns that matter little to the model are not flagged",
    },
    Control {
        requirement: "min-purpose-record",
        coverage: Partial,
        satisfied_by: "no ingest, training, reading or export without a declared purpose, owner \
                       and legal basis",
        evidence: &[EvidenceKind::DatasetIngested, EvidenceKind::AccessPermitted],
        tests: &[
            "journeys::study_without_purpose_is_refused",
            "access::no_stage_that_needs_purpose_and_basis_runs_without_them",
        ],
        limits: "the purpose is a word out of a list, not a text, and it does not expire",
    },
    Control {
        requirement: "min-phi-inventory",
        coverage: Partial,
        satisfied_by: "the list of datasets is what was ingested: a dataset that is not listed \
                       cannot be used",
        evidence: &[EvidenceKind::DatasetIngested, EvidenceKind::LineageRecorded],
        tests: &[],
        limits: "no export of the inventory as CSV or OSCAL",
    },
    Control {
        requirement: "class-sensitivity-levels",
        coverage: Partial,
        satisfied_by: "columns carry a sensitivity and datasets a data state; the state decides \
                       who may use and export them",
        evidence: &[EvidenceKind::FieldMap, EvidenceKind::AccessPermitted],
        tests: &["journeys::identified_data_cannot_be_exported"],
        limits: "no label for synthetic or specially protected data, and storage does not \
                 differ by label",
    },
    Control {
        requirement: "class-anonymous-not-safe",
        coverage: Partial,
        satisfied_by: "data counts as identified until a Safe Harbor run certifies otherwise, \
                       or its legal basis declares it de-identified and classification finds no \
                       direct identifier",
        evidence: &[
            EvidenceKind::FieldMap,
            EvidenceKind::RiskReport,
            EvidenceKind::AccessPermitted,
        ],
        tests: &[
            "access::a_claim_of_de_identification_does_not_open_identified_data_for_training",
            "journeys::a_false_claim_of_de_identification_is_refused",
        ],
        limits: "the declaration is checked by classification of a sample and not by a \
                 risk limit, and a recorded expert determination has no place",
    },
    Control {
        requirement: "legal-basis-training",
        coverage: Partial,
        satisfied_by: "training needs a declared legal basis that fits purpose and data state",
        evidence: &[
            EvidenceKind::DatasetIngested,
            EvidenceKind::AccessPermitted,
            EvidenceKind::GuaranteeStated,
        ],
        tests: &[
            "journeys::study_without_purpose_is_refused",
            "access::research_on_identified_data_needs_more_than_operations",
        ],
        limits: "no documents behind the basis, no expiry, and no revocation by a patient",
    },
    Control {
        requirement: "risk-reid-outputs",
        coverage: Partial,
        satisfied_by: "small cells of reports are hidden with complements; predictions can be \
                       rounded and randomised",
        evidence: &[
            EvidenceKind::ValidationReport,
            EvidenceKind::PredictionLogged,
        ],
        tests: &[
            "disclosure::no_hidden_cell_can_be_worked_out",
            "journeys::printed_small_cells_are_suppressed",
        ],
        limits: "outputs are not searched for rare combinations or verbatim identifiers",
    },
    Control {
        requirement: "gov-triad",
        coverage: Partial,
        satisfied_by: "the catalogue covers administrative, physical and technical duties and \
                       prints a state for each",
        evidence: &[EvidenceKind::ReportWritten],
        tests: &[],
        limits: "no coverage table by kind of safeguard and life-cycle stage",
    },
    Control {
        requirement: "vendor-research-partners",
        coverage: Partial,
        satisfied_by: "only de-identified data can be exported, whoever the recipient",
        evidence: &[EvidenceKind::ManifestSigned, EvidenceKind::AccessPermitted],
        tests: &[
            "access::identified_data_leaves_with_nobody",
            "journeys::identified_data_cannot_be_exported",
        ],
        limits: "no register of data use agreements, so a limited data set cannot be \
                 released even where it may",
    },
];
