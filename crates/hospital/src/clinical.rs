/// One diagnosis the hospital knows: ICD-10-CM code, words, group and department, and what it
/// adds to the log-odds of coming back within thirty days, in hundredths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Condition {
    pub(crate) code: &'static str,
    pub(crate) display: &'static str,
    pub(crate) group: &'static str,
    pub(crate) department: &'static str,
    pub(crate) weight: i32,
}

const fn condition(
    code: &'static str,
    display: &'static str,
    group: &'static str,
    department: &'static str,
    weight: i32,
) -> Condition {
    Condition {
        code,
        display,
        group,
        department,
        weight,
    }
}

/// Conditions with how often they are the reason of a stay.
pub(crate) const CONDITIONS: &[(u32, Condition)] = &[
    (
        9,
        condition(
            "I50.23",
            "Acute on chronic systolic heart failure",
            "heart",
            "Cardiology",
            110,
        ),
    ),
    (
        6,
        condition(
            "I50.33",
            "Acute on chronic diastolic heart failure",
            "heart",
            "Cardiology",
            100,
        ),
    ),
    (
        6,
        condition(
            "I21.4",
            "Non-ST elevation myocardial infarction",
            "heart",
            "Cardiology",
            20,
        ),
    ),
    (
        6,
        condition(
            "I48.91",
            "Unspecified atrial fibrillation",
            "heart",
            "Cardiology",
            10,
        ),
    ),
    (
        4,
        condition(
            "I25.10",
            "Atherosclerotic heart disease of native coronary artery",
            "heart",
            "Cardiology",
            -20,
        ),
    ),
    (
        3,
        condition(
            "I10",
            "Essential (primary) hypertension",
            "heart",
            "Internal Medicine",
            -40,
        ),
    ),
    (
        3,
        condition(
            "I63.9",
            "Cerebral infarction, unspecified",
            "brain",
            "Neurology",
            10,
        ),
    ),
    (
        2,
        condition(
            "G45.9",
            "Transient cerebral ischemic attack, unspecified",
            "brain",
            "Neurology",
            -50,
        ),
    ),
    (
        2,
        condition(
            "G20.A1",
            "Parkinson's disease without dyskinesia",
            "brain",
            "Neurology",
            10,
        ),
    ),
    (
        2,
        condition(
            "G30.9",
            "Alzheimer's disease, unspecified",
            "brain",
            "Neurology",
            30,
        ),
    ),
    (
        2,
        condition(
            "G40.909",
            "Epilepsy, unspecified, not intractable",
            "brain",
            "Neurology",
            -10,
        ),
    ),
    (
        8,
        condition(
            "J44.1",
            "Chronic obstructive pulmonary disease with acute exacerbation",
            "lungs",
            "Pulmonology",
            90,
        ),
    ),
    (
        7,
        condition(
            "J18.9",
            "Pneumonia, unspecified organism",
            "lungs",
            "Pulmonology",
            20,
        ),
    ),
    (
        2,
        condition(
            "J45.901",
            "Unspecified asthma with acute exacerbation",
            "lungs",
            "Pulmonology",
            -10,
        ),
    ),
    (
        2,
        condition(
            "J96.01",
            "Acute respiratory failure with hypoxia",
            "lungs",
            "Pulmonology",
            70,
        ),
    ),
    (
        2,
        condition(
            "I26.99",
            "Other pulmonary embolism without acute cor pulmonale",
            "lungs",
            "Pulmonology",
            10,
        ),
    ),
    (
        6,
        condition(
            "E11.65",
            "Type 2 diabetes mellitus with hyperglycemia",
            "metabolism",
            "Internal Medicine",
            30,
        ),
    ),
    (
        3,
        condition(
            "E11.22",
            "Type 2 diabetes mellitus with diabetic chronic kidney disease",
            "metabolism",
            "Nephrology",
            60,
        ),
    ),
    (
        2,
        condition(
            "E10.10",
            "Type 1 diabetes mellitus with ketoacidosis without coma",
            "metabolism",
            "Internal Medicine",
            50,
        ),
    ),
    (
        2,
        condition(
            "E87.1",
            "Hypo-osmolality and hyponatremia",
            "metabolism",
            "Internal Medicine",
            30,
        ),
    ),
    (
        2,
        condition(
            "E66.01",
            "Morbid (severe) obesity due to excess calories",
            "metabolism",
            "Surgery",
            -60,
        ),
    ),
    (
        4,
        condition(
            "N17.9",
            "Acute kidney failure, unspecified",
            "kidneys",
            "Nephrology",
            60,
        ),
    ),
    (
        3,
        condition(
            "N18.4",
            "Chronic kidney disease, stage 4 (severe)",
            "kidneys",
            "Nephrology",
            70,
        ),
    ),
    (
        5,
        condition(
            "N39.0",
            "Urinary tract infection, site not specified",
            "kidneys",
            "Internal Medicine",
            0,
        ),
    ),
    (
        6,
        condition(
            "A41.9",
            "Sepsis, unspecified organism",
            "infection",
            "Internal Medicine",
            60,
        ),
    ),
    (
        4,
        condition(
            "L03.115",
            "Cellulitis of right lower limb",
            "infection",
            "Internal Medicine",
            -10,
        ),
    ),
    (
        2,
        condition(
            "B20",
            "Human immunodeficiency virus [HIV] disease",
            "infection",
            "Internal Medicine",
            40,
        ),
    ),
    (
        4,
        condition(
            "S72.001A",
            "Fracture of unspecified part of neck of right femur, initial encounter",
            "injury",
            "Orthopedics",
            0,
        ),
    ),
    (
        3,
        condition(
            "M17.11",
            "Unilateral primary osteoarthritis, right knee",
            "joints",
            "Orthopedics",
            -90,
        ),
    ),
    (
        2,
        condition(
            "M16.12",
            "Unilateral primary osteoarthritis, left hip",
            "joints",
            "Orthopedics",
            -90,
        ),
    ),
    (
        2,
        condition(
            "M54.16",
            "Radiculopathy, lumbar region",
            "joints",
            "Orthopedics",
            -50,
        ),
    ),
    (
        3,
        condition(
            "K35.80",
            "Unspecified acute appendicitis",
            "abdomen",
            "Surgery",
            -80,
        ),
    ),
    (
        3,
        condition(
            "K80.00",
            "Calculus of gallbladder with acute cholecystitis",
            "abdomen",
            "Surgery",
            -50,
        ),
    ),
    (
        3,
        condition(
            "K92.2",
            "Gastrointestinal hemorrhage, unspecified",
            "abdomen",
            "Gastroenterology",
            30,
        ),
    ),
    (
        2,
        condition(
            "K50.90",
            "Crohn's disease, unspecified, without complications",
            "abdomen",
            "Gastroenterology",
            20,
        ),
    ),
    (
        2,
        condition(
            "K74.60",
            "Unspecified cirrhosis of liver",
            "abdomen",
            "Gastroenterology",
            90,
        ),
    ),
    (
        2,
        condition(
            "C34.90",
            "Malignant neoplasm of unspecified part of bronchus or lung",
            "cancer",
            "Oncology",
            90,
        ),
    ),
    (
        2,
        condition(
            "C50.911",
            "Malignant neoplasm of unspecified site of right female breast",
            "cancer",
            "Oncology",
            20,
        ),
    ),
    (
        2,
        condition(
            "C18.9",
            "Malignant neoplasm of colon, unspecified",
            "cancer",
            "Oncology",
            40,
        ),
    ),
    (
        3,
        condition(
            "F32.9",
            "Major depressive disorder, single episode, unspecified",
            "mind",
            "Psychiatry",
            20,
        ),
    ),
    (
        2,
        condition(
            "F10.239",
            "Alcohol dependence with withdrawal, unspecified",
            "mind",
            "Psychiatry",
            80,
        ),
    ),
    (
        3,
        condition(
            "D64.9",
            "Anemia, unspecified",
            "blood",
            "Internal Medicine",
            20,
        ),
    ),
];

/// Insurance classes with how common each is below 65 years of age, and their log-odds in
/// hundredths.
pub(crate) const INSURANCE: &[(u32, (&str, i32))] = &[
    (50, ("commercial", -15)),
    (18, ("medicaid", 35)),
    (6, ("medicare", 10)),
    (8, ("uninsured", 40)),
    (8, ("military", -10)),
];
