use cloister_access::{DataState, Policies, PolicyError, Reason, ResourceKind, authorize};
use domain::{Action, Exit, Explain, LegalBasis, Purpose, Role};
use proptest::prelude::*;

use crate::{ask, policies};

const ROWS: [Action; 12] = [
    Action::Ingest,
    Action::Classify,
    Action::Encrypt,
    Action::Deidentify,
    Action::Assess,
    Action::Train,
    Action::TrainWithoutPrivacy,
    Action::Validate,
    Action::Predict,
    Action::MeasureDrift,
    Action::ReadData,
    Action::ExportData,
];

#[test]
fn the_built_in_policies_pass_strict_validation_and_cite_a_paragraph_each() {
    let policies = policies();
    assert!(policies.rules().len() >= 15);
    for rule in policies.rules() {
        assert!(
            policies.citation(&rule).unwrap().starts_with("45 CFR 16"),
            "{rule}"
        );
    }
}

#[test]
fn administrator_officer_and_auditor_never_see_rows() {
    let policies = policies();
    for role in [Role::Administrator, Role::PrivacyOfficer, Role::Auditor] {
        for action in ROWS {
            for kind in ResourceKind::ALL {
                for state in DataState::ALL {
                    let request = ask(role, action, kind, state)
                        .declaring(Purpose::Operations, LegalBasis::Authorization);
                    assert!(authorize(&policies, request).is_err(), "{role} {action}");
                }
            }
        }
    }
}

#[test]
fn identified_data_leaves_with_nobody() {
    let policies = policies();
    for role in Role::ALL {
        for state in [DataState::Identified, DataState::LimitedDataSet] {
            for kind in [ResourceKind::Dataset, ResourceKind::Model] {
                let request = ask(role, Action::ExportData, kind, state)
                    .declaring(Purpose::Treatment, LegalBasis::Authorization);
                let refusal = authorize(&policies, request).unwrap_err();
                assert!(
                    refusal
                        .rules()
                        .contains(&"only-de-identified-data-leaves".to_owned())
                );
                assert_eq!(refusal.code().exit(), Exit::Refused);
            }
        }
    }
}

#[test]
fn an_auditor_changes_nothing() {
    let policies = policies();
    let reads = [
        Action::ReadLedger,
        Action::WriteReport,
        Action::ReadAudit,
        Action::VerifyAudit,
        Action::ReadCatalogue,
    ];
    for action in Action::ALL
        .into_iter()
        .filter(|action| !reads.contains(action))
    {
        for kind in ResourceKind::ALL {
            let request = ask(Role::Auditor, action, kind, DataState::NoData)
                .declaring(Purpose::Operations, LegalBasis::Authorization);
            assert!(authorize(&policies, request).is_err(), "{action} {kind}");
        }
    }
}

#[test]
fn no_stage_that_needs_purpose_and_basis_runs_without_them() {
    let policies = policies();
    let stages = [
        (Action::Ingest, ResourceKind::Dataset),
        (Action::Classify, ResourceKind::Dataset),
        (Action::Encrypt, ResourceKind::Dataset),
        (Action::Deidentify, ResourceKind::Dataset),
        (Action::Assess, ResourceKind::Dataset),
        (Action::Train, ResourceKind::Dataset),
        (Action::Validate, ResourceKind::Model),
        (Action::Register, ResourceKind::Model),
        (Action::Predict, ResourceKind::Model),
        (Action::MeasureDrift, ResourceKind::Model),
    ];
    for (action, kind) in stages {
        let bare = ask(Role::DataScientist, action, kind, DataState::Identified);
        let declared = bare
            .clone()
            .declaring(Purpose::Research, LegalBasis::Waiver);
        assert!(authorize(&policies, declared).is_ok(), "{action}");
        let needs = !matches!(
            action,
            Action::Encrypt | Action::Register | Action::Predict | Action::MeasureDrift
        );
        assert_eq!(authorize(&policies, bare).is_err(), needs, "{action}");
    }
}

#[test]
fn a_claim_of_de_identification_does_not_open_identified_data_for_training() {
    let policies = policies();
    let train = |state| {
        ask(
            Role::DataScientist,
            Action::Train,
            ResourceKind::Dataset,
            state,
        )
        .declaring(Purpose::Research, LegalBasis::DeIdentified)
    };
    assert!(authorize(&policies, train(DataState::Identified)).is_err());
    assert!(authorize(&policies, train(DataState::LimitedDataSet)).is_err());
    assert!(authorize(&policies, train(DataState::DeIdentified)).is_ok());
}

#[test]
fn research_on_identified_data_needs_more_than_operations() {
    let policies = policies();
    let train = |basis| {
        let request = ask(
            Role::DataScientist,
            Action::Train,
            ResourceKind::Dataset,
            DataState::Identified,
        );
        authorize(&policies, request.declaring(Purpose::Research, basis)).is_ok()
    };
    assert!(!train(LegalBasis::Operations));
    assert!(!train(LegalBasis::LimitedDataSet));
    assert!(train(LegalBasis::Waiver));
    assert!(train(LegalBasis::Authorization));
}

#[test]
fn a_researcher_trains_on_de_identified_data_only_and_brings_nothing_in() {
    let policies = policies();
    let ask = |action, state| {
        let request = ask(Role::Researcher, action, ResourceKind::Dataset, state);
        authorize(
            &policies,
            request.declaring(Purpose::Research, LegalBasis::Waiver),
        )
    };
    assert!(ask(Action::Train, DataState::DeIdentified).is_ok());
    assert!(ask(Action::Train, DataState::LimitedDataSet).is_err());
    assert!(ask(Action::Train, DataState::Identified).is_err());
    assert!(ask(Action::Ingest, DataState::DeIdentified).is_err());
    assert!(ask(Action::ExportData, DataState::DeIdentified).is_err());
}

#[test]
fn a_permit_carries_what_was_decided() {
    let policies = policies();
    let request = ask(
        Role::DataScientist,
        Action::Train,
        ResourceKind::Dataset,
        DataState::DeIdentified,
    )
    .declaring(Purpose::Research, LegalBasis::DeIdentified);

    let permit = authorize(&policies, request.clone()).unwrap();

    assert!(permit.covers(Action::Train));
    assert!(!permit.covers(Action::ExportData));
    assert_eq!(permit.resource(), &request.resource);
    assert_eq!(permit.rules(), ["data-scientist-runs-studies"]);
    assert_eq!(
        permit.decision(),
        authorize(&policies, request).unwrap().decision()
    );
}

#[test]
fn a_refusal_says_who_what_and_why_and_not_which_thing() {
    let mut request = ask(
        Role::Researcher,
        Action::ReadData,
        ResourceKind::Dataset,
        DataState::Identified,
    );
    request.resource.id = "secret-name".to_owned();
    let refusal = authorize(&policies(), request).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the role `researcher` may not `read-data` (dataset, identified): forbidden by \
         `purpose-and-basis-are-declared`, `researcher-never-sees-phi` (45 CFR 164.502(a)-(b), 45 \
         CFR 164.514(d)(2))"
    );
    assert_eq!(refusal.code().to_string(), "CL3302");
}

#[test]
fn an_act_that_is_not_defined_for_its_resource_is_refused() {
    let policies = policies();
    let nonsense = ask(
        Role::Administrator,
        Action::ManageKeys,
        ResourceKind::Catalogue,
        DataState::NoData,
    );
    assert_eq!(
        authorize(&policies, nonsense).unwrap_err().reason(),
        &Reason::Malformed
    );
    let impossible = ask(
        Role::Auditor,
        Action::ReadAudit,
        ResourceKind::Log,
        DataState::Identified,
    );
    assert_eq!(
        authorize(&policies, impossible).unwrap_err().reason(),
        &Reason::Malformed
    );
}

#[test]
fn policies_with_a_stranger_word_or_without_a_name_are_not_taken() {
    let schema = include_str!("../../policies/cloister.cedarschema");
    let parse = |rules: &str| Policies::parse(rules, schema).unwrap_err();
    let stranger = r#"@id("a") @cites("b") permit (principal, action == Action::"fly", resource);"#;
    assert!(matches!(parse(stranger), PolicyError::Invalid(_)));
    let typo = r#"@id("a") @cites("b") permit (principal, action, resource)
        when { principal.role == Role::"reseacher" };"#;
    assert!(matches!(parse(typo), PolicyError::Invalid(_)));
    let nameless = "permit (principal, action, resource);";
    assert!(matches!(parse(nameless), PolicyError::Nameless(1)));
    let twice = r#"@id("a") @cites("b") permit (principal, action, resource);
        @id("a") @cites("b") forbid (principal, action, resource);"#;
    assert!(matches!(parse(twice), PolicyError::Repeated(_)));
    assert!(matches!(parse("permit everything"), PolicyError::Syntax(_)));
    let schema = Policies::parse("", "entity").unwrap_err();
    assert!(matches!(schema, PolicyError::Schema(_)));
}

#[test]
fn a_rule_that_fails_when_applied_refuses() {
    // 2^63 - 1 plus 1 overflows: validation cannot see it, so evaluation must fail closed.
    let rules = r#"
        @id("a") @cites("b") permit (principal, action, resource);
        @id("c") @cites("d") forbid (principal, action, resource)
        when { 9223372036854775807 + 1 == 0 };"#;
    let schema = include_str!("../../policies/cloister.cedarschema");
    let policies = Policies::parse(rules, schema).unwrap();
    let request = ask(
        Role::Auditor,
        Action::ReadAudit,
        ResourceKind::Log,
        DataState::NoData,
    );
    assert_eq!(
        authorize(&policies, request).unwrap_err().reason(),
        &Reason::Undecided
    );
}

proptest! {
    #[test]
    fn another_request_has_another_decision(left in "\\PC{0,12}", right in "\\PC{0,12}") {
        prop_assume!(left != right);
        let policies = policies();
        let decision = |id: String| {
            let mut request =
                ask(Role::Auditor, Action::ReadAudit, ResourceKind::Log, DataState::NoData);
            request.resource.id = id;
            authorize(&policies, request).unwrap().decision()
        };
        prop_assert_ne!(decision(left), decision(right));
    }
}

#[test]
fn only_de_identified_data_is_trained_on_without_a_guarantee() {
    let policies = policies();
    for role in Role::ALL {
        for state in DataState::ALL {
            let request = ask(
                role,
                Action::TrainWithoutPrivacy,
                ResourceKind::Dataset,
                state,
            )
            .declaring(Purpose::Research, LegalBasis::DeIdentified);
            let expected = role == Role::DataScientist && state == DataState::DeIdentified;
            assert_eq!(authorize(&policies, request).is_ok(), expected, "{role}");
        }
    }
}
