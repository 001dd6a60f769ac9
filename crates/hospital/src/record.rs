use serde::Serialize;

use crate::Date;

/// One invented patient: a row of the patient table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Patient {
    /// Internal key such as `P000123`.
    pub patient_id: String,
    /// Medical record number.
    pub mrn: String,
    /// Given name.
    pub first_name: String,
    /// Surname.
    pub last_name: String,
    /// Date of birth.
    pub birth_date: Date,
    /// `F` or `M`.
    pub sex: &'static str,
    /// Race in the words of the 2020 census.
    pub race: &'static str,
    /// Ethnicity in the words of the 2020 census.
    pub ethnicity: &'static str,
    /// Marital status.
    pub marital_status: &'static str,
    /// Social security number from the range 900-999 that is never issued.
    pub ssn: String,
    /// Telephone number with the fictional exchange 555.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// House number and street.
    pub street: String,
    /// Town.
    pub city: &'static str,
    /// State, two letters.
    pub state: &'static str,
    /// Five-digit ZIP.
    pub zip: &'static str,
    /// Beneficiary number in the form of a Medicare beneficiary identifier.
    pub health_plan_id: String,
    /// The relative to call.
    pub emergency_contact_name: String,
    /// How that person is related.
    pub emergency_contact_relation: &'static str,
    /// Telephone number of that person.
    pub emergency_contact_phone: String,
    /// Employer, in notes and FHIR only.
    #[serde(skip)]
    pub employer: &'static str,
    /// Occupation, in notes only.
    #[serde(skip)]
    pub occupation: &'static str,
    /// Whether the name is built from held-out names.
    #[serde(skip)]
    pub rare_name: bool,
    /// Whether the emergency contact's name is built from held-out names.
    #[serde(skip)]
    pub rare_contact: bool,
}

/// One stay of one patient: a row of the encounter table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Encounter {
    /// Internal key such as `E0000123`.
    pub encounter_id: String,
    /// The patient.
    pub patient_id: String,
    /// Day of admission.
    pub admit_date: Date,
    /// Day of discharge, at least one day later.
    pub discharge_date: Date,
    /// Department.
    pub department: &'static str,
    /// Physician in charge, given name and surname.
    pub attending_physician: String,
    /// Age on the day of admission, in whole years, not capped.
    pub age_at_admission: u32,
    /// `F` or `M`.
    pub sex: &'static str,
    /// Days between admission and discharge.
    pub length_of_stay_days: u32,
    /// Stays of the same patient in the year before.
    pub prior_admissions_12m: u32,
    /// Whether the patient came through the emergency department.
    pub emergency: bool,
    /// Haemoglobin A1c, per cent.
    pub hba1c: f64,
    /// Creatinine, mg/dL.
    pub creatinine: f64,
    /// Systolic blood pressure, mmHg.
    pub systolic_bp: u32,
    /// Body mass index, kg/m2.
    pub bmi: f64,
    /// Sodium, mmol/L.
    pub sodium: u32,
    /// Main diagnosis, ICD-10-CM.
    pub diagnosis_code: &'static str,
    /// Group of the main diagnosis.
    pub diagnosis_group: &'static str,
    /// Insurance class.
    pub insurance_class: &'static str,
    /// `yes` or `no`: the outcome to learn.
    pub readmitted_30d: &'static str,
}

/// One diagnosis of one stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The patient.
    pub patient_id: String,
    /// The stay.
    pub encounter_id: String,
    /// ICD-10-CM code.
    pub code: &'static str,
    /// The code in words.
    pub display: &'static str,
    /// When it began.
    pub onset_date: Date,
}

/// One laboratory result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lab {
    /// The patient.
    pub patient_id: String,
    /// The stay.
    pub encounter_id: String,
    /// LOINC code.
    pub loinc: &'static str,
    /// Name of the test.
    pub test: &'static str,
    /// The result.
    pub value: f64,
    /// UCUM unit.
    pub unit: &'static str,
    /// When the sample was taken, local time, such as `2023-04-02T07:15`.
    pub collected_at: String,
}
