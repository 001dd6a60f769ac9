//! Guarantees, and measurements of leakage.

use crate::{
    Control,
    Coverage::{Full, Partial},
    EvidenceKind,
};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "dp-quantified",
        coverage: Full,
        satisfied_by: "DP-SGD with a verified accountant; each training run states epsilon, \
                       delta and the person as unit",
        evidence: &[EvidenceKind::GuaranteeStated, EvidenceKind::SpendCommitted],
        tests: &[
            "journeys::budget_overspend_exits_3",
            "privacy::the_twelve_reference_plans_agree_to_a_billionth",
        ],
        limits: "predictions are randomised only when asked for, and then state their own \
                 guarantee",
    },
    Control {
        requirement: "dp-training-retention",
        coverage: Partial,
        satisfied_by: "DP-SGD for logistic regression and a small network, with a ledger and \
                       the guarantee on the card",
        evidence: &[
            EvidenceKind::GuaranteeStated,
            EvidenceKind::SpendCommitted,
            EvidenceKind::ModelCard,
        ],
        tests: &["journeys::budget_overspend_exits_3"],
        limits: "no private trees",
    },
    Control {
        requirement: "dp-gradient",
        coverage: Full,
        satisfied_by: "gradients are clipped per person and noised under Poisson sampling, \
                       checked by the accountant",
        evidence: &[EvidenceKind::GuaranteeStated, EvidenceKind::SpendCommitted],
        tests: &[
            "learn::a_person_never_adds_more_than_the_clip",
            "privacy::the_twelve_reference_plans_agree_to_a_billionth",
            "journeys::budget_overspend_exits_3",
        ],
        limits: "",
    },
    Control {
        requirement: "dp-output",
        coverage: Partial,
        satisfied_by: "randomised response on predicted classes as an option",
        evidence: &[EvidenceKind::PredictionLogged],
        tests: &["privacy::randomised_response_never_costs_more_than_its_epsilon"],
        limits: "no noisy aggregates, and predictions draw on no budget",
    },
    Control {
        requirement: "dp-budget-monitor",
        coverage: Partial,
        satisfied_by: "a ledger per dataset reserves before it spends, inherits spend to \
                       derived datasets and refuses what exceeds the budget",
        evidence: &[EvidenceKind::SpendCommitted],
        tests: &[
            "journeys::budget_overspend_exits_3",
            "journeys::derived_dataset_inherits_spend",
            "privacy::burned_and_reserved_entries_stay_spent",
        ],
        limits: "no budget per project and no alert before the budget is used up",
    },
    Control {
        requirement: "dp-tradeoff",
        coverage: Partial,
        satisfied_by: "the evidence pack plots accuracy against epsilon",
        evidence: &[EvidenceKind::ReportWritten, EvidenceKind::ValidationReport],
        tests: &[],
        limits: "no decision is stored with the curve",
    },
    Control {
        requirement: "leak-output-filter",
        coverage: Partial,
        satisfied_by: "predictions are rounded and can be randomised",
        evidence: &[EvidenceKind::PredictionLogged],
        tests: &["journeys::predictions_are_rounded"],
        limits: "models give numbers and classes only; there is no filter for text",
    },
    Control {
        requirement: "leak-phi-test",
        coverage: Partial,
        satisfied_by: "a membership-inference test with its positive control before a model is \
                       registered",
        evidence: &[EvidenceKind::LeakageTest],
        tests: &["learn::the_twin_is_caught_and_a_plain_model_is_not"],
        limits: "no canaries and no extraction test",
    },
    Control {
        requirement: "leak-adversarial",
        coverage: Partial,
        satisfied_by: "membership inference with intervals and a positive control, stored with \
                       the version",
        evidence: &[EvidenceKind::LeakageTest],
        tests: &["learn::the_twin_is_caught_and_a_plain_model_is_not"],
        limits: "no inversion and no attribute inference",
    },
    Control {
        requirement: "leak-memorisation",
        coverage: Partial,
        satisfied_by: "the membership test compares persons trained on with persons held out",
        evidence: &[EvidenceKind::LeakageTest],
        tests: &["learn::the_twin_is_caught_and_a_plain_model_is_not"],
        limits: "not per group of records, and no warning from set size and capacity",
    },
    Control {
        requirement: "reg-model-phi-eval",
        coverage: Partial,
        satisfied_by: "each model is attacked before it is registered",
        evidence: &[EvidenceKind::LeakageTest, EvidenceKind::ModelSigned],
        tests: &["journeys::unvalidated_model_cannot_be_registered"],
        limits: "the result does not set the model's label",
    },
    Control {
        requirement: "reg-model-as-phi",
        coverage: Partial,
        satisfied_by: "a model has the data state of the data it was trained on",
        evidence: &[EvidenceKind::ModelSigned, EvidenceKind::AccessPermitted],
        tests: &["access::a_researcher_trains_on_de_identified_data_only_and_brings_nothing_in"],
        limits: "no evidence lowers the label, and models cannot be shared",
    },
];
