//! Study files and data for the journeys, small enough to run in a blink.

use hospital::{Hospital, Table};

use crate::house::House;

/// A census table and the study `census.toml` that learns from it under epsilon 3 of a budget of 4.
pub(crate) fn census(house: &House) {
    house.write("census.csv", hospital::census(7, 4_000));
    house.write("census.toml", census_study());
}

/// The study text: register the model `income`.
pub(crate) fn census_study() -> String {
    format!("{CENSUS_DATA}{CENSUS_TRAIN}{CENSUS_VALIDATE}{CENSUS_REGISTER}")
}

/// A house in which the study `census` ran and the model `income` is registered.
pub(crate) fn house_with_model() -> House {
    let house = House::of("data-scientist");
    census(&house);
    house.study("census.toml").done();
    house
}

/// A small hospital's files and the study `clinic.toml` that takes identifiers out.
pub(crate) fn clinic(house: &House) -> Hospital {
    let hospital = Hospital::generate(11, 40);
    house.write("patients.csv", hospital.csv(Table::Patients));
    house.write(
        "clinic.toml",
        format!("{CLINIC_DATA}\n[deidentify]\nplan = \"safe-harbor\"\n"),
    );
    hospital
}

/// Everything in the patient table that tells who somebody is.
pub(crate) fn identifiers(hospital: &Hospital) -> Vec<String> {
    let of = |patient: &hospital::Patient| {
        [
            patient.mrn.clone(),
            patient.ssn.clone(),
            patient.phone.clone(),
            patient.email.clone(),
            patient.street.clone(),
            patient.health_plan_id.clone(),
            patient.emergency_contact_name.clone(),
            patient.emergency_contact_phone.clone(),
            patient.birth_date.to_string(),
            format!("{} {}", patient.first_name, patient.last_name),
        ]
    };
    hospital.patients.iter().flat_map(of).collect()
}

/// The head of a study on the patient table, without a plan.
pub(crate) const CLINIC_DATA: &str = r#"
[study]
name = "clinic"
title = "A clinic's patients"
purpose = "research"
legal_basis = "waiver"
owner = "Clinical informatics"

[[source]]
path = "patients.csv"
table = "patients"
person = "patient_id"
unique = ["patient_id"]
columns = [
  "patient_id", "mrn", "first_name", "last_name", "birth_date", "sex", "ssn", "phone", "email",
  "street", "city", "state", "zip", "health_plan_id", "emergency_contact_name",
  "emergency_contact_phone",
]
"#;

/// The head of a study on the census table.
pub(crate) const CENSUS_DATA: &str = r#"
[study]
name = "census"
title = "Income from a census table"
purpose = "research"
legal_basis = "de-identified"
owner = "Methods group"

[[source]]
path = "census.csv"
table = "census"
columns = [
  "age", "workclass", "education", "education-num", "marital-status", "occupation",
  "relationship", "race", "sex", "hours-per-week", "native-country", "classification",
]

[budget]
epsilon = 4.0
delta = 1e-5
"#;

/// How the census study learns.
pub(crate) const CENSUS_TRAIN: &str = r#"
[train]
table = "census"
target = { column = "classification", positive = ">50K" }
model = "logistic"
epsilon = 3.0
delta = 1e-5
epochs = 5.0
batch = 256
learning_rate = 0.5
features = [
  { kind = "number", column = "age", min = 17.0, max = 90.0 },
  { kind = "number", column = "education-num", min = 1.0, max = 16.0 },
  { kind = "number", column = "hours-per-week", min = 1.0, max = 99.0 },
  { kind = "category", column = "marital-status", values = ["Married-civ-spouse", "Never-married", "Divorced"] },
  { kind = "category", column = "sex", values = ["Female", "Male"] },
  { kind = "category", column = "workclass", values = ["Private", "Self-emp-not-inc", "Self-emp-inc", "Federal-gov", "Local-gov", "State-gov"] },
  { kind = "category", column = "education", values = ["Bachelors", "Some-college", "11th", "HS-grad", "Assoc-acdm", "Assoc-voc", "9th", "7th-8th", "Masters", "10th", "Doctorate"] },
  { kind = "category", column = "occupation", values = ["Tech-support", "Craft-repair", "Other-service", "Sales", "Exec-managerial", "Prof-specialty", "Handlers-cleaners", "Machine-op-inspct", "Adm-clerical", "Farming-fishing", "Transport-moving", "Protective-serv"] },
  { kind = "category", column = "relationship", values = ["Wife", "Own-child", "Husband", "Not-in-family", "Other-relative", "Unmarried"] },
  { kind = "category", column = "race", values = ["White", "Asian-Pac-Islander", "Amer-Indian-Eskimo", "Other", "Black"] },
  { kind = "category", column = "native-country", values = ["United-States", "Mexico", "Philippines", "Germany", "Canada"] },
]
"#;

/// How its model is tested.
pub(crate) const CENSUS_VALIDATE: &str = r#"
[validate]
subgroups = ["sex", "native-country"]
accuracy_min = 0.7
"#;

/// Under which name it is registered.
pub(crate) const CENSUS_REGISTER: &str = r#"
[register]
name = "income"
intended_use = "A journey through the program."

[serve]
decimals = 2

[monitor]
psi_alert = 0.25
"#;
