use access::DataState;
use domain::{
    DatasetId, Explain, KeyId, LegalBasis, ModelId, OperatorId, Purpose, Role, RunId, StudyId,
};
use learn::{FeatureSpec, Target, drift::Baseline};
use seal::{Argon2Cost, Passphrase};
use store::Store;

use super::*;
use crate::{
    codes,
    model_key::{self, Sealings},
    record::Dataset,
    register::{self, ModelStage, ModelVersion, StageChange},
    site::Site,
    study::Serve,
};

/// An instance in a temporary folder with an administrator, and bob who approves.
fn site() -> (Site, Store) {
    let (site, store) = Site::new();
    let (name, own) = bob();
    let approver = (&name, Role::Administrator);
    key::approval::register(&ada(&site, &store), approver, &own, Argon2Cost::light()).unwrap();
    (site, store)
}

fn ada<'a>(site: &'a Site, store: &'a Store) -> Desk<'a> {
    site.desk(store, "ada", Role::Administrator)
}

fn bob() -> (OperatorId, Passphrase) {
    let name = OperatorId::new("bob").unwrap();
    (name, Passphrase::new("a phrase of bob's own"))
}

fn dataset(name: &str) -> DatasetId {
    DatasetId::new(name).unwrap()
}

fn model(name: &str) -> ModelId {
    ModelId::new(name).unwrap()
}

/// A dataset with a key and an object.
fn take_in(desk: &Desk<'_>, name: &str) {
    let record = Dataset {
        id: dataset(name),
        root: dataset(name),
        owner: "office".to_owned(),
        created: desk.now(),
    };
    let mut transaction = desk.store.begin().unwrap();
    transaction.insert(Noun::Dataset, name, &record).unwrap();
    let (id, key) = transaction.create_key(&dataset(name)).unwrap();
    let place = format!("dataset/{name}/notes");
    let object = desk
        .store
        .write_object(&key, &place, |out| out.write_all(b"rows"))
        .unwrap();
    transaction.keep_object(&object, &id, &place).unwrap();
    transaction.commit(line(desk)).unwrap();
}

/// A registered version whose weights are sealed under the key of this name, made when missing.
fn register_under(desk: &Desk<'_>, key: &DatasetId, of: &str, number: u64) -> ModelVersion {
    let mut transaction = desk.store.begin().unwrap();
    let (id, key) = match transaction.data_key(key) {
        Ok(found) => found,
        Err(_) => transaction.create_key(key).unwrap(),
    };
    let context = format!("dataset/visits/fitted/{of}.{number}");
    let object = desk
        .store
        .write_object(&key, &context, |out| out.write_all(of.as_bytes()))
        .unwrap();
    transaction.keep_object(&object, &id, &context).unwrap();
    let version = ModelVersion {
        model: model(of),
        number,
        study: StudyId::new("study").unwrap(),
        run: RunId::new(format!("study.{number}")).unwrap(),
        purpose: Purpose::Research,
        basis: LegalBasis::Waiver,
        registered: desk.now(),
        digest: seal::digest(of.as_bytes()),
        object,
        context,
        lineage: Vec::new(),
        dataset: dataset("visits"),
        state: DataState::Identified,
        bundle: String::new(),
        card_json: String::new(),
        card_markdown: String::new(),
        serve: Serve::default(),
        baseline: Baseline {
            spec: FeatureSpec {
                features: Vec::new(),
                target: Target {
                    column: "outcome".to_owned(),
                    positive: "yes".to_owned(),
                },
            },
            rows: 0,
            columns: Vec::new(),
            deviation: 0.0,
        },
        features_json: None,
        noisy_baseline: None,
        psi_alert: 0.25,
        auc: None,
        history: vec![StageChange {
            stage: ModelStage::Registered,
            at: desk.now(),
            by: desk.operator.id.clone(),
        }],
    };
    let id = format!("{of}/{number}");
    transaction
        .insert(Noun::ModelVersion, &id, &version)
        .unwrap();
    transaction.commit(line(desk)).unwrap();
    version
}

fn line(desk: &Desk<'_>) -> audit::Event {
    let permit = desk
        .permit(Action::ManageKeys, access::Resource::keys(), None)
        .unwrap();
    desk.event(&permit, None).unwrap()
}

fn own_key(run: &str) -> DatasetId {
    model_key::of_run(&RunId::new(run).unwrap()).unwrap()
}

fn early(subject: Subject) -> Wanted {
    Wanted {
        subject,
        early: true,
        folders: Vec::new(),
    }
}

fn of_model(name: &str) -> Wanted {
    early(Subject::Model(model(name)))
}

/// The request that a refusal names.
fn request(refused: StageError) -> String {
    match refused {
        StageError::Keys(key::KeyError::NeedsApproval { request }) => request,
        other => panic!("{other}"),
    }
}

fn approve(desk: &Desk<'_>, request: &str) {
    let (name, own) = bob();
    key::approval::approve(desk, request, &name, &own).unwrap();
}

/// Asks, lets bob approve, and disposes.
fn dispose_by_two(desk: &Desk<'_>, wanted: &Wanted) -> Certificate {
    approve(desk, &request(dispose(desk, wanted).unwrap_err()));
    dispose(desk, wanted).unwrap().certificate().unwrap()
}

fn weights(desk: &Desk<'_>, version: &ModelVersion) -> Result<Vec<u8>, StageError> {
    model_key::read(desk, &version.object, &version.context)
}

#[test]
fn a_model_goes_alone_and_everything_else_stays() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    let first = register_under(&desk, &own_key("study.1"), "income", 1);
    let second = register_under(&desk, &own_key("study.2"), "income", 2);
    let other = register_under(&desk, &own_key("study.3"), "stay", 1);
    assert_eq!(weights(&desk, &second).unwrap(), b"income");

    let certificate = dispose_by_two(&desk, &of_model("income"));
    assert!(certificate.complete);
    assert_eq!(certificate.subject, Subject::Model(model("income")));
    assert_eq!(certificate.versions, ["1", "2"]);
    assert_eq!(certificate.learnt_from_not_covered, ["visits"]);
    assert_eq!((certificate.keys.len(), certificate.objects), (2, 2));
    assert_eq!(certificate.tried, 2);
    assert!(matches!(certificate.search, Search::Made { .. }));
    assert!(
        certificate
            .open
            .iter()
            .any(|line| line.contains("exported"))
    );

    for gone in [&first, &second] {
        let refused = register::check_there(&desk, gone).unwrap_err();
        assert_eq!(refused.code(), codes::MODEL_DISPOSED);
    }
    assert_eq!(weights(&desk, &other).unwrap(), b"stay");
    assert!(store.data_key(&dataset("visits")).is_ok());
    let twice = dispose(&desk, &of_model("income")).unwrap_err();
    assert_eq!(twice.code(), codes::DISPOSED);
    let anew = register::check_name(&desk, &model("income")).unwrap_err();
    assert_eq!(anew.code(), codes::MODEL_DISPOSED);
}

#[test]
fn a_model_of_before_opens_and_is_not_disposed_of_alone() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    let old = register_under(&desk, &dataset("visits"), "income", 1);
    assert_eq!(weights(&desk, &old).unwrap(), b"income");

    let refused = dispose(&desk, &of_model("income")).unwrap_err();
    assert_eq!(refused.code(), codes::NOT_ALONE);
    assert!(refused.to_string().contains("`visits`"), "{refused}");
    assert!(refused.help().contains("dispose of the dataset"));
    assert!(store.data_key(&dataset("visits")).is_ok());
    let nobody_asked = key::approval::newest_used(&desk, |_| true).unwrap();
    assert!(nobody_asked.is_none());

    let taken = dispose_by_two(&desk, &early(Subject::Dataset(dataset("visits"))));
    assert_eq!(taken.models, ["income 1"]);
    let gone = dispose(&desk, &of_model("income")).unwrap_err();
    assert_eq!(gone.code(), codes::DISPOSED);
    assert!(gone.to_string().contains("went with"), "{gone}");
}

#[test]
fn a_key_that_seals_another_model_is_named_and_left() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    register_under(&desk, &own_key("study.1"), "income", 1);
    let other = register_under(&desk, &own_key("study.1"), "stay", 4);

    let refused = dispose(&desk, &of_model("income")).unwrap_err();
    assert_eq!(refused.code(), codes::NOT_ALONE);
    assert!(
        refused.to_string().contains("`stay` version 4"),
        "{refused}"
    );
    assert!(weights(&desk, &other).is_ok());
}

#[test]
fn a_dataset_takes_its_models_along_in_one_change() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    take_in(&desk, "other");
    let own = register_under(&desk, &own_key("study.1"), "income", 1);

    let certificate = dispose_by_two(&desk, &early(Subject::Dataset(dataset("visits"))));
    assert!(certificate.complete);
    assert_eq!(certificate.models, ["income 1"]);
    assert_eq!((certificate.keys.len(), certificate.objects), (2, 2));
    assert!(weights(&desk, &own).is_err());
    assert!(store.data_key(&dataset("other")).is_ok());
    let sealings = Sealings::read(&desk).unwrap();
    assert!(sealings.models_gone().contains(&model("income")));
    let listed = retention::standings(&desk).unwrap();
    let of = |name: &str| listed.iter().find(|one| one.name == name).unwrap().disposed;
    assert!(of("income") && of("visits") && !of("other"));
}

#[test]
fn a_hold_on_a_model_holds_its_dataset() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    register_under(&desk, &own_key("study.1"), "income", 1);
    let officer = site.desk(&store, "ada", Role::PrivacyOfficer);
    retention::hold(&officer, Class::Model, "income", "case-1").unwrap();

    let wanted = early(Subject::Dataset(dataset("visits")));
    for refused in [
        dispose(&desk, &wanted).unwrap_err(),
        dispose(&desk, &of_model("income")).unwrap_err(),
        key::destroy(&desk, &dataset("visits")).unwrap_err(),
    ] {
        assert_eq!(refused.code(), codes::HELD, "{refused}");
    }
}

#[test]
fn an_approval_is_for_the_keys_that_were_there() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    register_under(&desk, &own_key("study.1"), "income", 1);
    let asked = request(dispose(&desk, &of_model("income")).unwrap_err());
    approve(&desk, &asked);

    let later = register_under(&desk, &own_key("study.2"), "income", 2);
    let anew = request(dispose(&desk, &of_model("income")).unwrap_err());
    assert_ne!(anew, asked);
    assert!(weights(&desk, &later).is_ok());
}

#[test]
fn the_key_of_a_registered_model_is_not_destroyed_by_its_name() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    register_under(&desk, &own_key("study.1"), "income", 1);

    let refused = key::destroy(&desk, &own_key("study.1")).unwrap_err();
    assert_eq!(refused.code(), codes::KEY_ACT);
    assert!(
        refused.help().contains("--model income"),
        "{}",
        refused.help()
    );
}

#[test]
fn a_key_that_was_gone_before_is_purged_from_backups_and_never_called_searched() {
    let (site, store) = site();
    let desk = ada(&site, &store);
    take_in(&desk, "visits");
    let backups = site.path("backups");
    super::super::backup::back_up(&desk, &backups, &mut |_, _| {}).unwrap();
    let asked = request(key::destroy(&desk, &dataset("visits")).unwrap_err());
    approve(&desk, &asked);
    let destroyed: KeyId = key::destroy(&desk, &dataset("visits")).unwrap().key;

    let certificate = dispose(&desk, &early(Subject::Dataset(dataset("visits"))));
    let certificate = certificate.unwrap().certificate().unwrap();
    assert_eq!(certificate.keys, [destroyed.to_string()]);
    assert_eq!(certificate.search, Search::NotMade);
    assert!(!certificate.complete);
    let left = Backup::open(&backups)
        .unwrap()
        .sets_with_keys(&store, &certificate.keys);
    assert!(left.unwrap().is_empty());
}
