use super::*;

#[test]
fn every_category_of_the_rule_is_acted_on() {
    let plan = Plan::safe_harbor();
    for kind in Kind::ALL
        .into_iter()
        .filter(|kind| kind.category().is_some())
    {
        assert_ne!(plan.action(kind), Action::Keep, "{kind}");
    }
    assert!(plan.is_safe_harbor());
}

#[test]
fn a_plan_tightens_and_never_loosens() {
    let plan = Plan::safe_harbor();
    let drop_states = Tightening {
        actions: [(Kind::State, Action::Suppress)].into(),
    };
    let tight = plan.tightened_by(&drop_states).unwrap();
    assert_eq!(tight.action(Kind::State), Action::Suppress);
    assert!(tight.is_safe_harbor());

    let keep_zip = Tightening {
        actions: [(Kind::Zip, Action::Keep)].into(),
    };
    let refused = plan.tightened_by(&keep_zip).unwrap_err();
    assert_eq!(refused.code(), codes::LOOSENED);
    assert_eq!(
        refused.to_string(),
        "`zip = keep` shows more than `zip = zip3` of the plan"
    );
}

#[test]
fn a_plan_reads_back_and_refuses_unknown_keys() {
    let plan = Plan::safe_harbor();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    let odd = json.replacen("\"version\"", "\"verison\"", 1);
    assert!(serde_json::from_str::<Plan>(&odd).is_err());
}

#[test]
fn a_plan_that_keeps_a_category_is_not_safe_harbor() {
    let mut plan = Plan::safe_harbor();
    plan.actions.insert(Kind::Zip, Action::Keep);
    assert!(!plan.is_safe_harbor());
    plan.actions.remove(&Kind::Zip);
    assert!(plan.is_safe_harbor(), "an absent kind is suppressed");
}

#[test]
fn every_pair_that_shows_more_is_refused() {
    for plan in [
        Plan::safe_harbor(),
        Plan::limited_data_set(),
        Plan::expert(),
    ] {
        for kind in Kind::ALL {
            for wanted in Action::ALL {
                let tightening = Tightening {
                    actions: [(kind, wanted)].into(),
                };
                let given = plan.action(kind);
                match plan.tightened_by(&tightening) {
                    Ok(tight) => {
                        assert!(
                            wanted.shows_no_more_than(given),
                            "{kind} {given:?} {wanted:?}"
                        );
                        assert!(
                            tight.method() as u8 <= plan.method() as u8,
                            "{kind} {wanted:?}"
                        );
                        assert_eq!(tight.verify(), Ok(()));
                    }
                    Err(refused) => {
                        assert_ne!(wanted, given);
                        assert_ne!(wanted, Action::Suppress);
                        assert_eq!(refused.code(), codes::LOOSENED);
                    }
                }
            }
        }
    }
}

#[test]
fn showing_no_more_is_an_order() {
    for a in Action::ALL {
        assert!(a.shows_no_more_than(a));
        for b in Action::ALL {
            let both = a.shows_no_more_than(b) && b.shows_no_more_than(a);
            assert!(a == b || !both, "{a:?} {b:?}");
            for c in Action::ALL {
                if a.shows_no_more_than(b) && b.shows_no_more_than(c) {
                    assert!(a.shows_no_more_than(c), "{a:?} {b:?} {c:?}");
                }
            }
        }
    }
}

#[test]
fn the_method_is_told_by_the_actions_and_not_by_the_name() {
    assert_eq!(Plan::safe_harbor().method(), Method::SafeHarbor);
    assert_eq!(Plan::limited_data_set().method(), Method::LimitedDataSet);
    assert_eq!(Plan::expert().method(), Method::Expert);
    let mut named = Plan::safe_harbor();
    named.actions.insert(Kind::Date, Action::Shift);
    assert_eq!(named.method(), Method::Expert);
    let refused = Plan::from_toml(&named.to_toml()).unwrap_err();
    assert_eq!(refused.code(), codes::PLAN_NAME);
    assert_eq!(
        refused.to_string(),
        "`date = shift` is not allowed in a plan called `safe-harbor`"
    );
    named.name = "ours".to_owned();
    assert_eq!(Plan::from_toml(&named.to_toml()), Ok(named));
}

#[test]
fn a_limited_data_set_keeps_none_of_the_sixteen() {
    // 45 CFR 164.514(e)(2)(i) to (xvi): names, addresses but for town, State and ZIP code, and the
    // numbers; dates, ages and other codes are not among them.
    let sixteen = [
        Kind::PersonName,
        Kind::OtherName,
        Kind::Place,
        Kind::Phone,
        Kind::Fax,
        Kind::Email,
        Kind::Ssn,
        Kind::Mrn,
        Kind::HealthPlan,
        Kind::Account,
        Kind::License,
        Kind::Vehicle,
        Kind::Device,
        Kind::Url,
        Kind::Ip,
        Kind::Biometric,
        Kind::Photo,
    ];
    for kind in sixteen {
        let mut plan = Plan::limited_data_set();
        assert!(matches!(plan.action(kind), Action::Code | Action::Suppress));
        plan.actions.insert(kind, Action::Keep);
        assert!(!plan.is_limited_data_set(), "{kind}");
    }
}

#[test]
fn every_plan_is_one_readable_file() {
    for plan in [
        Plan::safe_harbor(),
        Plan::limited_data_set(),
        Plan::expert(),
    ] {
        let text = plan.to_toml();
        assert_eq!(Plan::from_toml(&text).as_ref(), Ok(&plan), "{text}");
        assert_eq!(Plan::named(&plan.name), Some(plan));
    }
    for (text, code) in [
        (
            "name = \"x\"\nversion = 1\ncolour = 2\n[actions]\n",
            codes::PLAN,
        ),
        (
            "name = \"x\"\nversion = 1\n[actions]\nname = \"code\"\n",
            codes::PLAN,
        ),
        (
            "name = \"x\"\nversion = 1\n[actions]\ndate = \"zip3\"\n",
            codes::PLAN,
        ),
        (
            "name = \"x\"\nversion = 1\nshift_days_max = 0\n[actions]\n",
            codes::PLAN,
        ),
        ("name = ", codes::PLAN),
    ] {
        assert_eq!(Plan::from_toml(text).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn remarks_and_changes_are_sentences() {
    let expert = Plan::expert();
    let remarks: Vec<String> = expert.check().iter().map(ToString::to_string).collect();
    assert!(remarks[0].contains("this program gives no such determination"));
    assert!(
        remarks[1].starts_with("birth dates: shifted by up to 365 days a person ("),
        "{}",
        remarks[1]
    );
    let changes: Vec<String> = diff(&expert, &Plan::limited_data_set())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(changes.contains(&"towns: removed -> kept as they are: shows more".to_owned()));
    let back = diff(&Plan::limited_data_set(), &Plan::safe_harbor());
    assert!(back.iter().all(|change| change.effect == Effect::Less));
}
