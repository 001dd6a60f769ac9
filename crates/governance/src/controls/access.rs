//! Who may do what: 164.308(a)(4), 164.312(a)(1).

use crate::{
    Control,
    Coverage::{Full, Partial},
    EvidenceKind,
};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "acc-rbac",
        coverage: Partial,
        satisfied_by: "six roles decided by Cedar at study, dataset, model and budget level",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "journeys::denied_act_exits_3",
            "access::nothing_is_permitted_that_the_matrix_does_not_show",
        ],
        limits: "no log-in, so the local operator can take another role; no grants, no \
                 rights by row or column, and no API",
    },
    Control {
        requirement: "acc-role-researcher",
        coverage: Partial,
        satisfied_by: "the role `researcher` reads, measures and trains on de-identified data \
                       only, brings nothing in and takes nothing out",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "journeys::researcher_cannot_use_identified_data",
            "access::a_researcher_trains_on_de_identified_data_only_and_brings_nothing_in",
        ],
        limits: "the one local operator who holds the passphrase can take another role; \
                 the change is logged, not prevented; the role may train, so it writes \
                 models and spends budget",
    },
    Control {
        requirement: "acc-role-data-scientist",
        coverage: Partial,
        satisfied_by: "the role `data-scientist` trains on datasets of a declared purpose and \
                       legal basis",
        evidence: &[EvidenceKind::AccessPermitted],
        tests: &["journeys::study_without_purpose_is_refused"],
        limits: "no grants dataset by dataset",
    },
    Control {
        requirement: "acc-role-sysadmin",
        coverage: Partial,
        satisfied_by: "the role `administrator` runs machine and keys; every act that sees rows \
                       is forbidden to it",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "journeys::administrator_cannot_read_rows",
            "access::administrator_officer_and_auditor_never_see_rows",
        ],
        limits: "the one local operator who holds the passphrase can take another role; \
                 the change is logged, not prevented",
    },
    Control {
        requirement: "acc-least-privilege",
        coverage: Partial,
        satisfied_by: "nothing is permitted that no rule permits",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "journeys::denied_act_exits_3",
            "access::every_capital_of_the_matrix_is_permitted_without_a_declaration",
        ],
        limits: "unused rights are not reported and not removed",
    },
    Control {
        requirement: "acc-abac",
        coverage: Partial,
        satisfied_by: "role, act, data state, purpose and legal basis decide together, well \
                       under a millisecond",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "access::research_on_identified_data_needs_more_than_operations",
            "journeys::study_without_purpose_is_refused",
        ],
        limits: "device and time are not weighed, nor credentials",
    },
    Control {
        requirement: "acc-decision-trace",
        coverage: Partial,
        satisfied_by: "each act and each refusal is logged with its rules and a digest of \
                       policies, request and answer",
        evidence: &[
            EvidenceKind::AccessPermitted,
            EvidenceKind::AccessRefused,
            EvidenceKind::LogVerified,
        ],
        tests: &["journeys::denied_act_is_logged"],
        limits: "no command that replays a past decision",
    },
    Control {
        requirement: "x-access-policy",
        coverage: Full,
        satisfied_by: "the policies are one readable file with paragraphs; the matrix is \
                       computed from them",
        evidence: &[EvidenceKind::AccessPermitted],
        tests: &["access::the_matrix_is_the_golden_one"],
        limits: "the roles of persons are not part of it",
    },
];
