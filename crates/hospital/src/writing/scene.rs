use domain::Identifier;

use super::{
    cast::{Numbers, Relative, contact, other_relative},
    library::Library,
    moment::{in_words, spell, spell_month, spell_with_year},
    spelling::{in_a_sentence, name_slot, portal, spell_phone, with_article},
    writer::{Mark, Writer},
};
use crate::{
    Date, Family, Patient, Role, admission::Stay, draw::Draw, people::Name, region::FACILITIES,
    registration::Staff,
};

/// Who and what one note is about; fills the slots of a template.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    patient: &'a Patient,
    stay: &'a Stay,
    family: Family,
    name: Name,
    relatives: [Relative; 2],
    physicians: [Name; 2],
    nurses: [Name; 2],
    facilities: [&'static str; 2],
    numbers: Numbers,
    day: Date,
    follow: Date,
    past: Date,
    clock: String,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(
        draw: &mut Draw,
        patient: &'a Patient,
        stay: &'a Stay,
        staff: &Staff,
        note_type: &str,
        family: Family,
    ) -> Self {
        let name = Name {
            first: patient.first_name.clone(),
            last: patient.last_name.clone(),
            rare: patient.rare_name,
        };
        let encounter = &stay.encounter;
        let day = match note_type {
            "discharge-summary" | "referral-letter" => encounter.discharge_date,
            _ => encounter
                .admit_date
                .plus(draw.below(encounter.length_of_stay_days + 1) as i32),
        };
        Self {
            patient,
            stay,
            family,
            relatives: [
                contact(patient, &name),
                other_relative(draw, patient, &name),
            ],
            name,
            physicians: [
                stay.attending.clone(),
                draw.one_of(&staff.physicians).clone(),
            ],
            nurses: [
                draw.one_of(&staff.nurses).clone(),
                draw.one_of(&staff.nurses).clone(),
            ],
            facilities: [draw.pick(FACILITIES), draw.pick(FACILITIES)],
            numbers: Numbers::draw(draw, patient.state),
            day,
            follow: encounter.discharge_date.plus(draw.between(5, 60) as i32),
            past: encounter.admit_date.plus(-(draw.between(20, 700) as i32)),
            clock: format!("{:02}:{:02}", draw.between(0, 23), draw.below(60)),
        }
    }

    /// When the note was written.
    pub(crate) fn written_at(&self) -> String {
        format!("{}T{}", self.day, self.clock)
    }

    /// Writes a template: text between the slots, each slot filled.
    pub(crate) fn write(
        &mut self,
        writer: &mut Writer<'_>,
        library: &Library,
        template: &'static str,
        depth: u32,
    ) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            writer.literal(before);
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            match slot.strip_prefix('@') {
                Some(pool) if depth < 3 => {
                    let phrase = writer.phrase(library.phrases(self.family, pool));
                    self.write(writer, library, phrase, depth + 1);
                }
                _ => self.fill(writer, slot),
            }
            rest = after;
        }
        writer.literal(rest);
    }

    fn fill(&self, writer: &mut Writer<'_>, slot: &'static str) {
        let (about, what) = slot.split_once('.').unwrap_or((slot, ""));
        match about {
            "pt" => self.patient_slot(writer, what),
            "rel" => relative_slot(writer, &self.relatives[0], what),
            "rel2" => relative_slot(writer, &self.relatives[1], what),
            "dr" => self.clinician_slot(writer, &self.physicians[0], what),
            "dr2" => self.clinician_slot(writer, &self.physicians[1], what),
            "rn" => self.clinician_slot(writer, &self.nurses[0], what),
            "rn2" => self.clinician_slot(writer, &self.nurses[1], what),
            "fac" | "fac2" => self.facility_slot(writer, about, what),
            "date" => self.date_slot(writer, what),
            _ => self.clinical_slot(writer, slot),
        }
    }

    fn patient_slot(&self, writer: &mut Writer<'_>, what: &'static str) {
        let patient = self.patient;
        let female = patient.sex == "F";
        let word = |woman: &'static str, man: &'static str| if female { woman } else { man };
        match what {
            "he" => writer.plain(word("she", "he")),
            "He" => writer.plain(word("She", "He")),
            "his" => writer.plain(word("her", "his")),
            "His" => writer.plain(word("Her", "His")),
            "him" => writer.plain(word("her", "him")),
            "man" => writer.plain(word("woman", "man")),
            "hon" => writer.plain(word("Mrs.", "Mr.")),
            "sex" => writer.plain(patient.sex),
            "state" => writer.plain(patient.state),
            "trade" => writer.plain(patient.occupation),
            "occupation" => writer.plain(&with_article(patient.occupation)),
            "works" => writer.plain(if self.age_years() < 70 {
                "works"
            } else {
                "worked"
            }),
            "age" => self.age(writer, &self.age_years().to_string()),
            "ageword" => self.age(writer, &in_words(self.age_years())),
            "birthyear" => self.birth_year(writer),
            "dob" => {
                let (text, form) = spell_with_year(writer.draw, self.family, patient.birth_date);
                writer.marked(&text, of_patient(Identifier::Date, form));
            }
            _ => self.patient_number(writer, what),
        }
    }

    fn patient_number(&self, writer: &mut Writer<'_>, what: &'static str) {
        let patient = self.patient;
        let numbers = &self.numbers;
        let (text, category, kind) = match what {
            "mrn" => (patient.mrn.clone(), Identifier::MedicalRecord, "mrn"),
            "ssn" => (patient.ssn.clone(), Identifier::SocialSecurity, "ssn"),
            "ssn4" => {
                let last = patient.ssn.get(7..).unwrap_or_default().to_owned();
                (last, Identifier::SocialSecurity, "ssn-last-four")
            }
            "plan" => (
                patient.health_plan_id.clone(),
                Identifier::HealthPlan,
                "health-plan",
            ),
            "account" => (numbers.account.clone(), Identifier::Account, "account"),
            "device" => (numbers.device.clone(), Identifier::Device, "device-serial"),
            "plate" | "plate2" => (numbers.plate.clone(), Identifier::Vehicle, "plate"),
            "licence" => (numbers.licence.clone(), Identifier::License, "licence"),
            "ip" => (numbers.address.clone(), Identifier::IpAddress, "ip-address"),
            "email" => (patient.email.clone(), Identifier::Email, "email"),
            "url" => (portal(patient), Identifier::Url, "url"),
            "phone" => (
                spell_phone(writer.draw, &patient.phone),
                Identifier::Phone,
                "phone",
            ),
            "street" => (patient.street.clone(), Identifier::Geography, "street"),
            "city" => (patient.city.to_owned(), Identifier::Geography, "city"),
            "zip" => (patient.zip.to_owned(), Identifier::Geography, "zip"),
            "employer" => {
                let mark = Mark {
                    category: Identifier::Name,
                    kind: "employer",
                    of: Role::Employer,
                    rare: false,
                };
                return writer.marked(patient.employer, mark);
            }
            _ => return name_slot(writer, &self.name, what, Role::Patient),
        };
        writer.marked(
            &text,
            Mark {
                category,
                kind,
                of: Role::Patient,
                rare: false,
            },
        );
    }

    fn clinician_slot(&self, writer: &mut Writer<'_>, name: &Name, what: &'static str) {
        let (number, kind) = match what {
            "phone" => (&self.numbers.clinic, "phone"),
            "pager" => (&self.numbers.pager, "pager"),
            _ => return name_slot(writer, name, what, Role::Clinician),
        };
        let mark = Mark {
            category: Identifier::Phone,
            kind,
            of: Role::Clinician,
            rare: false,
        };
        writer.marked(number, mark);
    }

    fn facility_slot(&self, writer: &mut Writer<'_>, about: &str, what: &str) {
        let (text, category, kind) = match (about, what) {
            (_, "fax") => (self.numbers.fax.as_str(), Identifier::Fax, "fax"),
            (_, "phone") => (self.numbers.clinic.as_str(), Identifier::Phone, "phone"),
            ("fac", _) => (self.facilities[0], Identifier::Geography, "facility"),
            _ => (self.facilities[1], Identifier::Geography, "facility"),
        };
        writer.marked(
            text,
            Mark {
                category,
                kind,
                of: Role::Facility,
                rare: false,
            },
        );
    }

    fn date_slot(&self, writer: &mut Writer<'_>, what: &str) {
        match what {
            "admit" => self.date(writer, self.stay.encounter.admit_date),
            "discharge" => self.date(writer, self.stay.encounter.discharge_date),
            "follow" => self.date(writer, self.follow),
            "past" => self.date(writer, self.past),
            "monthyear" => {
                writer.marked(
                    &spell_month(self.past),
                    of_patient(Identifier::Date, "date-month"),
                );
            }
            _ => self.date(writer, self.day),
        }
    }

    fn clinical_slot(&self, writer: &mut Writer<'_>, slot: &str) {
        let encounter = &self.stay.encounter;
        let numbers = &self.numbers;
        let text = match slot {
            "dx" => self.condition(0),
            "dx2" => self.condition(1),
            "code" => encounter.diagnosis_code.to_owned(),
            "drug" => writer.phrase(DRUGS).to_owned(),
            "note.department" => encounter.department.to_owned(),
            "hba1c" => format!("{:.1}", encounter.hba1c),
            "creatinine" => format!("{:.1}", encounter.creatinine),
            "bmi" => format!("{:.1}", encounter.bmi),
            "sodium" => encounter.sodium.to_string(),
            "sbp" => encounter.systolic_bp.to_string(),
            "dbp" => (encounter.systolic_bp * numbers.diastolic / 100).to_string(),
            "hr" => numbers.heart.to_string(),
            "rr" => numbers.breath.to_string(),
            "spo2" => numbers.oxygen.to_string(),
            "temp" => format!("{}.{}", 97 + numbers.fever / 10, numbers.fever % 10),
            "wt" => numbers.weight.to_string(),
            "los" => encounter.length_of_stay_days.to_string(),
            "hd" => (self.day.since(encounter.admit_date) + 1).to_string(),
            "time" => self.clock.clone(),
            "accession" => {
                let mark = of_patient(Identifier::Other, "accession");
                return writer.marked(&numbers.accession, mark);
            }
            _ => String::new(),
        };
        writer.plain(&text);
    }

    fn condition(&self, index: usize) -> String {
        let conditions = &self.stay.conditions;
        let display = conditions
            .get(index)
            .map_or("Mixed hyperlipidemia", |it| it.display);
        let brief = display.split(", ").next().unwrap_or(display);
        in_a_sentence(brief)
    }

    fn date(&self, writer: &mut Writer<'_>, date: Date) {
        let (text, form) = spell(writer.draw, self.family, date);
        writer.marked(&text, of_patient(Identifier::Date, form));
    }

    fn age_years(&self) -> u32 {
        self.day.age_since(self.patient.birth_date)
    }

    /// Ages up to 89 may stay; those over 89 are identifying.
    fn age(&self, writer: &mut Writer<'_>, text: &str) {
        if self.age_years() > 89 {
            writer.marked(text, of_patient(Identifier::Date, "age-over-89"));
        } else {
            writer.plain(text);
        }
    }

    fn birth_year(&self, writer: &mut Writer<'_>) {
        let year = self.patient.birth_date.year().to_string();
        if self.age_years() > 89 {
            writer.marked(&year, of_patient(Identifier::Date, "birth-year-over-89"));
        } else {
            writer.plain(&year);
        }
    }
}

fn of_patient(category: Identifier, kind: &'static str) -> Mark {
    Mark {
        category,
        kind,
        of: Role::Patient,
        rare: false,
    }
}

fn relative_slot(writer: &mut Writer<'_>, relative: &Relative, what: &'static str) {
    match what {
        "rel" => writer.plain(relative.relation),
        "Rel" => {
            let capital = relative
                .relation
                .get(..1)
                .unwrap_or_default()
                .to_uppercase();
            let rest = relative.relation.get(1..).unwrap_or_default();
            writer.plain(&format!("{capital}{rest}"));
        }
        "phone" => {
            let text = spell_phone(writer.draw, &relative.phone);
            let mark = Mark {
                category: Identifier::Phone,
                kind: "phone",
                of: Role::Relative,
                rare: false,
            };
            writer.marked(&text, mark);
        }
        _ => name_slot(writer, &relative.name, what, Role::Relative),
    }
}

const DRUGS: &[&str] = &[
    "metformin 1000 mg BID",
    "lisinopril 10 mg daily",
    "atorvastatin 40 mg at bedtime",
    "metoprolol succinate 50 mg daily",
    "furosemide 40 mg daily",
    "apixaban 5 mg BID",
    "insulin glargine 18 units at bedtime",
    "gabapentin 300 mg TID",
    "amlodipine 5 mg daily",
    "omeprazole 20 mg daily",
    "levothyroxine 88 mcg daily",
    "sertraline 50 mg daily",
    "prednisone 20 mg daily for 5 days",
    "tamsulosin 0.4 mg daily",
    "albuterol 2 puffs q4h PRN",
    "warfarin 5 mg daily",
    "aspirin 81 mg daily",
    "acetaminophen 650 mg q6h PRN",
    "tiotropium 18 mcg daily",
    "spironolactone 25 mg daily",
];
