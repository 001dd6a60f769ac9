use crate::{
    Diagnosis, Encounter, Lab, Note, Patient, admission, draw::Draw, registration, writing,
};

/// A synthetic hospital: five tables that belong together, and the truth about the notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Hospital {
    /// The seed it was made from.
    pub seed: u64,
    /// The patient table.
    pub patients: Vec<Patient>,
    /// The encounter table; one to six stays a patient, ordered by patient and day.
    pub encounters: Vec<Encounter>,
    /// The diagnosis table; one to four a stay.
    pub diagnoses: Vec<Diagnosis>,
    /// The laboratory table.
    pub labs: Vec<Lab>,
    /// The notes with their truth; one or two a stay.
    pub notes: Vec<Note>,
}

/// A table that [`Hospital::csv`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// `patients.csv`.
    Patients,
    /// `encounters.csv`.
    Encounters,
    /// `diagnoses.csv`.
    Diagnoses,
    /// `labs.csv`.
    Labs,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 4] = [
        Self::Patients,
        Self::Encounters,
        Self::Diagnoses,
        Self::Labs,
    ];

    /// The file's stem.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patients => "patients",
            Self::Encounters => "encounters",
            Self::Diagnoses => "diagnoses",
            Self::Labs => "labs",
        }
    }
}

impl Hospital {
    /// Invents a hospital. The same seed and number of patients give the same bytes everywhere;
    /// each patient depends on the seed and the patient's own number only.
    pub fn generate(seed: u64, patients: u32) -> Self {
        let staff = registration::staff(&mut Draw::new(seed, 0));
        let library = writing::Library::new();
        let mut hospital = Self {
            seed,
            patients: registration::patients(seed, patients),
            encounters: Vec::new(),
            diagnoses: Vec::new(),
            labs: Vec::new(),
            notes: Vec::new(),
        };
        for (number, patient) in (1_u64..).zip(&hospital.patients) {
            let mut draw = Draw::new(seed, 1_000_000_000 + number);
            let stays = admission::stays(&mut draw, patient, &staff, hospital.encounters.len());
            for stay in &stays {
                let first = hospital.notes.len();
                hospital.notes.extend(writing::notes(
                    &mut draw, &library, patient, stay, &staff, first,
                ));
            }
            for stay in stays {
                hospital.encounters.push(stay.encounter);
                hospital.diagnoses.extend(stay.diagnoses);
                hospital.labs.extend(stay.labs);
            }
        }
        hospital
    }
}
