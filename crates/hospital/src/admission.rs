use crate::{
    Date, Diagnosis, Encounter, Lab, Patient,
    clinical::{CONDITIONS, Condition, INSURANCE},
    draw::{Draw, logistic},
    people::Name,
    registration::{Staff, TODAY},
};

/// One stay with everything that was recorded during it.
#[derive(Debug)]
pub(crate) struct Stay {
    pub(crate) encounter: Encounter,
    pub(crate) diagnoses: Vec<Diagnosis>,
    pub(crate) labs: Vec<Lab>,
    pub(crate) attending: Name,
    pub(crate) conditions: Vec<Condition>,
}

/// The stays of one patient, in order of time; `before` encounters exist already.
pub(crate) fn stays(draw: &mut Draw, patient: &Patient, staff: &Staff, before: usize) -> Vec<Stay> {
    let frailty = draw.normal();
    let insurance = insurance(draw, patient);
    let mut admissions: Vec<Date> = Vec::new();
    let mut admit = Date::new(2021, 1, 4).plus(draw.below(1000) as i32);
    for _ in 0..number_of_stays(draw, frailty) {
        if admit > TODAY.plus(-30) {
            break;
        }
        admissions.push(admit);
        admit = admit.plus(draw.between(35, 420) as i32);
    }
    (0..admissions.len())
        .map(|index| {
            let mut stay = stay(draw, patient, staff, frailty, &admissions, index);
            let (class, weight) = insurance;
            finish(draw, &mut stay, class, weight, before + index + 1);
            stay
        })
        .collect()
}

/// One to six; the frail come more often.
fn number_of_stays(draw: &mut Draw, frailty: f64) -> usize {
    let likely = if frailty > 0.6 { 0.72 } else { 0.5 };
    let mut stays = 1;
    while stays < 6 && draw.chance(likely) {
        stays += 1;
    }
    stays
}

fn insurance(draw: &mut Draw, patient: &Patient) -> (&'static str, i32) {
    if TODAY.age_since(patient.birth_date) >= 66 && draw.chance(0.9) {
        ("medicare", 10)
    } else {
        draw.weighted(INSURANCE)
    }
}

#[expect(clippy::indexing_slicing, reason = "`index` runs over `admissions`")]
fn stay(
    draw: &mut Draw,
    patient: &Patient,
    staff: &Staff,
    frailty: f64,
    admissions: &[Date],
    index: usize,
) -> Stay {
    let admit = admissions[index];
    let conditions = conditions(draw, patient.sex);
    let main = conditions[0];
    let age = admit.age_since(patient.birth_date);
    let emergency = draw.chance(if matches!(main.group, "joints") {
        0.1
    } else {
        0.62
    });
    let length = stay_length(draw, frailty, emergency);
    let attending = draw.one_of(&staff.physicians).clone();
    Stay {
        encounter: Encounter {
            encounter_id: String::new(),
            patient_id: patient.patient_id.clone(),
            admit_date: admit,
            discharge_date: admit.plus(length as i32),
            department: main.department,
            attending_physician: attending.full(),
            age_at_admission: age,
            sex: patient.sex,
            length_of_stay_days: length,
            prior_admissions_12m: prior(admissions, admit) + unseen_prior(draw, frailty),
            emergency,
            hba1c: tenth(hba1c(draw, main), 4.3, 14.5),
            creatinine: tenth(creatinine(draw, main, age), 0.4, 9.5),
            systolic_bp: whole(132.0 + 17.0 * draw.normal() - 4.0 * frailty, 82, 220),
            bmi: tenth(28.5 + 5.6 * draw.normal(), 15.5, 58.0),
            sodium: whole(138.6 + 3.4 * draw.normal() - 1.2 * frailty, 116, 152),
            diagnosis_code: main.code,
            diagnosis_group: main.group,
            insurance_class: "",
            readmitted_30d: "no",
        },
        diagnoses: Vec::new(),
        labs: Vec::new(),
        attending,
        conditions,
    }
}

/// Fills in what depends on the whole stay: its number, its outcome, diagnoses and results.
fn finish(draw: &mut Draw, stay: &mut Stay, class: &'static str, class_weight: i32, number: usize) {
    stay.encounter.encounter_id = format!("E{number:07}");
    stay.encounter.insurance_class = class;
    let main = stay
        .conditions
        .first()
        .map_or(0, |condition| condition.weight);
    let chance = readmission(&stay.encounter, main + class_weight);
    stay.encounter.readmitted_30d = if draw.chance(chance) { "yes" } else { "no" };
    stay.diagnoses = stay
        .conditions
        .iter()
        .map(|it| diagnosis(draw, &stay.encounter, *it))
        .collect();
    stay.labs = labs(draw, &stay.encounter);
}

/// The truth a model can learn: the probability of coming back within thirty days.
///
/// Linear in the columns of the encounter table on the log-odds scale, so that logistic
/// regression can reach the best possible model.
pub(crate) fn readmission(encounter: &Encounter, weights: i32) -> f64 {
    let age = f64::from(encounter.age_at_admission);
    let linear = 0.022 * (age - 65.0)
        + 0.13 * (f64::from(encounter.length_of_stay_days) - 5.0)
        + 0.62 * (f64::from(encounter.prior_admissions_12m) - 1.0)
        + if encounter.emergency { 0.75 } else { 0.0 }
        + 0.16 * (encounter.hba1c - 6.4)
        + 0.38 * (encounter.creatinine - 1.2)
        - 0.010 * (f64::from(encounter.systolic_bp) - 132.0)
        - 0.085 * (f64::from(encounter.sodium) - 138.6)
        + f64::from(weights) / 100.0;
    logistic(linear * SHARPNESS + INTERCEPT)
}

fn prior(admissions: &[Date], admit: Date) -> u32 {
    admissions
        .iter()
        .filter(|earlier| **earlier < admit && admit.since(**earlier) <= 365)
        .count() as u32
}

/// Stays in other hospitals during the year before.
fn unseen_prior(draw: &mut Draw, frailty: f64) -> u32 {
    let likely = if frailty > 0.5 { 0.55 } else { 0.2 };
    let mut stays = 0;
    while stays < 5 && draw.chance(likely) {
        stays += 1;
    }
    stays
}

/// Main condition first, then up to three others.
fn conditions(draw: &mut Draw, sex: &str) -> Vec<Condition> {
    let wanted = 1 + draw.below(4) as usize;
    let mut chosen: Vec<Condition> = Vec::new();
    while chosen.len() < wanted {
        let candidate = draw.weighted(CONDITIONS);
        let fits = sex == "F" || !candidate.display.contains("female");
        if fits && chosen.iter().all(|earlier| earlier.code != candidate.code) {
            chosen.push(candidate);
        }
    }
    chosen
}

fn stay_length(draw: &mut Draw, frailty: f64, emergency: bool) -> u32 {
    let base = if emergency { 5.6 } else { 3.4 };
    let skew = draw.normal();
    whole(
        base + 1.1 * frailty + 2.0 * draw.normal() + 1.2 * skew * skew,
        1,
        38,
    )
}

fn hba1c(draw: &mut Draw, main: Condition) -> f64 {
    let diabetic = main.code.starts_with("E1") || draw.chance(0.2);
    if diabetic {
        8.3 + 1.5 * draw.normal()
    } else {
        5.8 + 0.6 * draw.normal()
    }
}

fn creatinine(draw: &mut Draw, main: Condition, age: u32) -> f64 {
    let base = if main.group == "kidneys" { 2.3 } else { 1.0 };
    let skew = draw.normal();
    base + 0.004 * (f64::from(age) - 60.0) + 0.18 * draw.normal() + 0.22 * skew * skew
}

fn diagnosis(draw: &mut Draw, encounter: &Encounter, condition: Condition) -> Diagnosis {
    Diagnosis {
        patient_id: encounter.patient_id.clone(),
        encounter_id: encounter.encounter_id.clone(),
        code: condition.code,
        display: condition.display,
        onset_date: encounter.admit_date.plus(-(draw.below(900) as i32)),
    }
}

/// The panel of the first day, and creatinine and sodium again on the last.
fn labs(draw: &mut Draw, encounter: &Encounter) -> Vec<Lab> {
    let first = encounter.admit_date;
    let last = encounter.discharge_date;
    let haemoglobin = tenth(12.8 + 1.9 * draw.normal(), 5.5, 18.5);
    let potassium = tenth(4.1 + 0.45 * draw.normal(), 2.4, 6.9);
    let later = tenth(encounter.creatinine * (0.8 + 0.3 * draw.unit()), 0.4, 9.5);
    let sodium = f64::from(encounter.sodium);
    [
        ("4548-4", "Hemoglobin A1c", encounter.hba1c, "%", first),
        ("2160-0", "Creatinine", encounter.creatinine, "mg/dL", first),
        ("2951-2", "Sodium", sodium, "mmol/L", first),
        ("2823-3", "Potassium", potassium, "mmol/L", first),
        ("718-7", "Hemoglobin", haemoglobin, "g/dL", first),
        ("2160-0", "Creatinine", later, "mg/dL", last),
        (
            "2951-2",
            "Sodium",
            f64::from(whole(sodium + 1.5 * draw.normal(), 116, 152)),
            "mmol/L",
            last,
        ),
    ]
    .into_iter()
    .map(|(loinc, test, value, unit, day)| Lab {
        patient_id: encounter.patient_id.clone(),
        encounter_id: encounter.encounter_id.clone(),
        loinc,
        test,
        value,
        unit,
        collected_at: format!("{day}T{:02}:{:02}", draw.between(5, 21), draw.below(60)),
    })
    .collect()
}

/// Rounded to one decimal within bounds.
fn tenth(value: f64, low: f64, high: f64) -> f64 {
    (value.clamp(low, high) * 10.0).round() / 10.0
}

/// Rounded to a whole number within bounds.
fn whole(value: f64, low: u32, high: u32) -> u32 {
    value.clamp(f64::from(low), f64::from(high)).round() as u32
}

const SHARPNESS: f64 = 1.15;
const INTERCEPT: f64 = -3.1;

#[cfg(test)]
mod tests {
    use crate::Hospital;

    use super::*;

    #[test]
    fn a_fifth_comes_back_and_the_best_model_is_good_but_not_perfect() {
        let hospital = Hospital::generate(11, 4_000);
        let truth: Vec<(f64, bool)> = hospital
            .encounters
            .iter()
            .map(|encounter| {
                let condition = weight(CONDITIONS, |it| {
                    (it.code == encounter.diagnosis_code).then_some(it.weight)
                });
                let class = match encounter.insurance_class {
                    "medicare" => 10,
                    other => weight(INSURANCE, |it| (it.0 == other).then_some(it.1)),
                };
                (
                    readmission(encounter, condition + class),
                    encounter.readmitted_30d == "yes",
                )
            })
            .collect();

        let base = truth.iter().filter(|(_, yes)| *yes).count() as f64 / truth.len() as f64;
        assert!((0.18..0.22).contains(&base), "{base}");
        let auc = auc(&truth);
        assert!((0.80..0.86).contains(&auc), "{auc}");
    }

    fn weight<T: Copy>(table: &[(u32, T)], of: impl Fn(T) -> Option<i32>) -> i32 {
        table.iter().find_map(|(_, item)| of(*item)).unwrap()
    }

    fn auc(truth: &[(f64, bool)]) -> f64 {
        let mut ranked = truth.to_vec();
        ranked.sort_by(|left, right| left.0.total_cmp(&right.0));
        let (mut below, mut wins) = (0_u64, 0_u64);
        for (_, yes) in &ranked {
            if *yes {
                wins += below;
            } else {
                below += 1;
            }
        }
        wins as f64 / (below * (ranked.len() as u64 - below)) as f64
    }
}
