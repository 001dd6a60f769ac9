//! Finding identifiers and taking them out: 164.514(a)-(c).

use crate::{
    Control,
    Coverage::{Full, Partial},
    EvidenceKind,
};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "class-detect-contact",
        coverage: Partial,
        satisfied_by: "names, addresses and contact details are found in columns and text and \
                       labelled; what is not de-identified cannot leave",
        evidence: &[EvidenceKind::FieldMap],
        tests: &[
            "journeys::planted_identifiers_are_found",
            "journeys::identified_data_cannot_be_exported",
        ],
        limits: "in running text the recall is measured on generated notes, not guaranteed",
    },
    Control {
        requirement: "class-detect-record-numbers",
        coverage: Full,
        satisfied_by: "record, plan and account numbers are found by column name, format, \
                       checksum and known numbers",
        evidence: &[EvidenceKind::FieldMap],
        tests: &[
            "journeys::planted_identifiers_are_found",
            "journeys::identified_data_cannot_be_exported",
        ],
        limits: "numbers without a format of their own are found only by their column or \
                 as known numbers of the patient",
    },
    Control {
        requirement: "class-detect-demographics-dates",
        coverage: Full,
        satisfied_by: "dates, ages over 89, geography and demographic columns are labelled",
        evidence: &[EvidenceKind::FieldMap],
        tests: &[
            "journeys::planted_identifiers_are_found",
            "phi::the_eighteen_small_areas_of_2020_are_hidden_and_no_others_of_the_table",
        ],
        limits: "relative dates in running text are left as they are",
    },
    Control {
        requirement: "deid-first",
        coverage: Partial,
        satisfied_by: "a study de-identifies before it trains unless its legal basis covers \
                       identified data",
        evidence: &[EvidenceKind::ManifestSigned, EvidenceKind::AccessPermitted],
        tests: &["journeys::a_false_claim_of_de_identification_is_refused"],
        limits: "asking for identified data needs no written reason and no approval",
    },
    Control {
        requirement: "deid-training-required",
        coverage: Partial,
        satisfied_by: "training on data of the basis `de-identified` needs a de-identified \
                       version; researchers train on nothing else",
        evidence: &[
            EvidenceKind::ManifestSigned,
            EvidenceKind::AccessPermitted,
            EvidenceKind::GuaranteeStated,
        ],
        tests: &[
            "journeys::a_false_claim_of_de_identification_is_refused",
            "access::a_researcher_trains_on_de_identified_data_only_and_brings_nothing_in",
        ],
        limits: "data that is declared de-identified when it comes in is believed unless \
                 classification finds a direct identifier; a project cannot state a \
                 stricter rule of its own",
    },
    Control {
        requirement: "deid-two-methods",
        coverage: Partial,
        satisfied_by: "Safe Harbor with its checks and a signed certificate",
        evidence: &[EvidenceKind::ManifestSigned],
        tests: &["journeys::planted_identifiers_do_not_survive"],
        limits: "expert determination has a risk report but no pipeline and no certificate",
    },
    Control {
        requirement: "deid-safe-harbor",
        coverage: Partial,
        satisfied_by: "rules for the eighteen categories in tables, text and FHIR, with a \
                       signed certificate",
        evidence: &[EvidenceKind::ManifestSigned],
        tests: &[
            "journeys::planted_identifiers_do_not_survive",
            "phi::the_eighteen_small_areas_of_2020_are_hidden_and_no_others_of_the_table",
        ],
        limits: "the absence of actual knowledge, 164.514(b)(2)(ii), is for a person to \
                 state, and nothing collects the statement; images are not handled",
    },
    Control {
        requirement: "deid-quasi",
        coverage: Partial,
        satisfied_by: "k, uniqueness and record risk before and after, with the study's \
                       threshold as a gate",
        evidence: &[EvidenceKind::RiskReport],
        tests: &["journeys::risk_gate_exits_4"],
        limits: "no l-diversity and no t-closeness, and generalisation is chosen by hand",
    },
    Control {
        requirement: "deid-dates",
        coverage: Partial,
        satisfied_by: "dates become years, and ages over 89 become 90+",
        evidence: &[EvidenceKind::ManifestSigned],
        tests: &["journeys::planted_identifiers_do_not_survive"],
        limits: "no shift per person and no intervals, so the order of events within a \
                 year is lost",
    },
    Control {
        requirement: "deid-documented",
        coverage: Full,
        satisfied_by: "each run writes plan, versions, counts and checks into a signed manifest \
                       and certificate",
        evidence: &[EvidenceKind::ManifestSigned],
        tests: &["seal::signatures_hold_for_their_message_and_key_only"],
        limits: "the sample check searches for the patient's known identifiers; nobody \
                 reads a sample",
    },
    Control {
        requirement: "deid-masking",
        coverage: Partial,
        satisfied_by: "consistent random surrogates per person with an encrypted crosswalk",
        evidence: &[EvidenceKind::ManifestSigned],
        tests: &["phi::one_person_has_one_surrogate_in_tables_and_notes"],
        limits: "not offered as functions in SQL or Python, and no format-preserving tokens",
    },
    Control {
        requirement: "x-reid-codes",
        coverage: Full,
        satisfied_by: "replacement codes are random, not derived from the person, and kept in \
                       an encrypted crosswalk",
        evidence: &[EvidenceKind::ManifestSigned],
        tests: &[
            "phi::a_code_tells_nothing_of_its_value",
            "journeys::nothing_on_disk_is_readable",
        ],
        limits: "",
    },
];
