//! What the name of a column says about its values.

use crate::kind::Kind;

/// What a column's name says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Named {
    pub(super) kind: Kind,
    /// The name alone decides; otherwise the values must agree.
    pub(super) strong: bool,
}

/// Which part of a name a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamePart {
    /// One part of several: to be joined with its neighbours.
    Part,
    /// A whole name.
    Whole,
    /// A name of a relative, household member or guarantor.
    Relative,
}

/// What the name of a column says about its values; nothing when it says nothing.
pub(super) fn kind_named(table: &str, column: &str) -> Option<Named> {
    let words = words(column);
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    if words.len() == 1 && has(ID) {
        let kind = if is_table_of_persons(table) {
            Kind::PersonId
        } else {
            Kind::RecordId
        };
        return Some(Named { kind, strong: true });
    }
    RULES
        .iter()
        .find(|rule| rule.all.iter().all(|any| has(any)) && !has(rule.none))
        .or_else(|| {
            ALONE
                .iter()
                .find(|rule| words.len() == 1 && rule.all.iter().all(|any| has(any)))
        })
        .map(|rule| Named {
            kind: rule.kind,
            strong: rule.strong,
        })
}

impl NamePart {
    pub(crate) fn of(column: &str) -> Self {
        let words = words(column);
        let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
        if has(RELATIVE) {
            Self::Relative
        } else if has(PART) {
            Self::Part
        } else {
            Self::Whole
        }
    }
}

/// The lower-case words of a column name: `DateOfBirth`, `date_of_birth` and `DOB1` alike.
fn words(column: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in column.chars() {
        let turns = before.is_lowercase() && letter.is_uppercase();
        if (!letter.is_alphanumeric() || turns) && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
        .into_iter()
        .flat_map(|word| split_compound(&word))
        .collect()
}

/// `birthdate` is `birth date`, `address1` is `address`.
fn split_compound(word: &str) -> Vec<String> {
    let bare = word.trim_end_matches(|mark: char| mark.is_ascii_digit());
    let bare = if bare.is_empty() || KEEPS_DIGITS.contains(&word) {
        word
    } else {
        bare
    };
    COMPOUNDS
        .iter()
        .find(|(compound, _)| *compound == bare)
        .map_or_else(
            || vec![bare.to_owned()],
            |(_, parts)| parts.split(' ').map(str::to_owned).collect(),
        )
}

fn is_table_of_persons(table: &str) -> bool {
    words(table)
        .iter()
        .any(|word| PERSON.contains(&word.as_str()))
}

/// A column is of this kind if its words have one of each list in `all` and none of `none`.
struct Rule {
    all: &'static [&'static [&'static str]],
    none: &'static [&'static str],
    kind: Kind,
    strong: bool,
}

const fn strong(all: &'static [&'static [&'static str]], kind: Kind) -> Rule {
    Rule {
        all,
        none: &[],
        kind,
        strong: true,
    }
}

const fn weak(all: &'static [&'static [&'static str]], kind: Kind) -> Rule {
    Rule {
        all,
        none: &[],
        kind,
        strong: false,
    }
}

impl Rule {
    const fn unless(self, none: &'static [&'static str]) -> Self {
        Self { none, ..self }
    }
}

const ID: &[&str] = &[
    "id",
    "uuid",
    "guid",
    "key",
    "identifier",
    "uid",
    "pk",
    "oid",
];
const NUMBER: &[&str] = &[
    "id",
    "no",
    "nr",
    "num",
    "number",
    "identifier",
    "key",
    "code",
    "uuid",
];
const PERSON: &[&str] = &[
    "patient",
    "patients",
    "person",
    "persons",
    "people",
    "subject",
    "subjects",
    "participant",
    "participants",
    "pt",
    "individual",
    "individuals",
    "client",
    "beneficiaries",
    "members",
];
const RELATIVE: &[&str] = &[
    "mother",
    "father",
    "parent",
    "spouse",
    "husband",
    "wife",
    "partner",
    "son",
    "daughter",
    "brother",
    "sister",
    "sibling",
    "guardian",
    "guarantor",
    "emergency",
    "relative",
    "kin",
    "contact",
    "caregiver",
    "child",
];
const CLINICIAN: &[&str] = &[
    "provider",
    "physician",
    "doctor",
    "nurse",
    "surgeon",
    "attending",
    "clinician",
    "referring",
    "author",
    "practitioner",
    "prescriber",
    "radiologist",
    "pathologist",
    "performer",
    "signed",
    "requester",
    "operator",
    "pcp",
    "interpreter",
];
const PART: &[&str] = &[
    "first", "given", "middle", "last", "family", "surname", "prefix", "suffix",
];
const NAME: &[&str] = &["name", "names", "surname", "initials", "alias", "nickname"];
const DAY: &[&str] = &["date", "dates", "dt", "datetime", "timestamp", "dttm"];
const SPAN: &[&str] = &[
    "days", "since", "until", "duration", "los", "length", "weeks", "months", "years", "hours",
];
const BODY: &[&str] = &[
    "body",
    "anatomical",
    "specimen",
    "tumor",
    "lesion",
    "injection",
];
const THING: &[&str] = &[
    "drug",
    "test",
    "lab",
    "procedure",
    "product",
    "medication",
    "med",
    "analyte",
    "item",
    "brand",
    "generic",
    "gene",
    "vaccine",
    "organism",
    "antibiotic",
    "allergen",
    "component",
    "panel",
    "measure",
    "measurement",
    "variable",
    "feature",
    "diagnosis",
    "condition",
    "file",
    "table",
    "column",
    "study",
    "plan",
    "code",
    "class",
    "category",
    "event",
];

/// In this order; the first that holds decides.
const RULES: &[Rule] = &[
    // Before the rules of dates: `age_at_admission` is an age.
    strong(&[&["age", "ages"]], Kind::Age),
    strong(&[&["ssn", "socialsecurity", "ssnumber", "itin"]], Kind::Ssn),
    strong(&[&["social"], &["security", "sec"]], Kind::Ssn),
    strong(&[&["mrn", "mrns", "empi", "mpi"]], Kind::Mrn),
    strong(
        &[
            &["medical", "chart", "hospital", "health"],
            &["record", "chart"],
            NUMBER,
        ],
        Kind::Mrn,
    ),
    strong(&[&["medical"], &["record"]], Kind::Mrn),
    strong(&[&["chart"], NUMBER], Kind::Mrn),
    strong(&[&["fax", "telefax"]], Kind::Fax),
    strong(&[&["email", "emails", "mail"]], Kind::Email).unless(&["address", "mailing"]),
    strong(&[&["email", "mail"], &["address"]], Kind::Email).unless(&["street", "line"]),
    strong(&[&["ip", "ipv4", "ipv6", "ipaddr", "ipaddress"]], Kind::Ip),
    strong(&[&["mac"], &["address", "addr"]], Kind::Device),
    strong(
        &[&["url", "urls", "uri", "website", "homepage", "www", "link"]],
        Kind::Url,
    ),
    strong(
        &[&[
            "photo",
            "photos",
            "photograph",
            "picture",
            "portrait",
            "headshot",
            "selfie",
        ]],
        Kind::Photo,
    ),
    strong(
        &[&["face", "facial"], &["image", "file", "path", "scan"]],
        Kind::Photo,
    ),
    strong(
        &[&[
            "fingerprint",
            "fingerprints",
            "voiceprint",
            "biometric",
            "faceprint",
        ]],
        Kind::Biometric,
    ),
    strong(
        &[&["retina", "retinal", "iris"], &["template", "print", "id"]],
        Kind::Biometric,
    ),
    strong(
        &[&[
            "phone",
            "telephone",
            "tel",
            "mobile",
            "cellphone",
            "pager",
            "telecom",
        ]],
        Kind::Phone,
    ),
    strong(&[&["contact", "cell"], &["no", "number"]], Kind::Phone),
    strong(
        &[&["zip", "zipcode", "postal", "postcode", "zcta"]],
        Kind::Zip,
    ),
    strong(
        &[&["birth"], &["weight", "length", "order", "score"]],
        Kind::Clinical,
    ),
    strong(&[&["birth"], &["sex", "gender"]], Kind::Quasi),
    strong(&[&["birth"], &["country", "state"]], Kind::State),
    strong(
        &[&["birth"], &["place", "city", "town", "hospital"]],
        Kind::Place,
    ),
    strong(
        &[&["dob", "birth", "birthday", "born", "yob"]],
        Kind::BirthDate,
    )
    .unless(&["name", "age"]),
    strong(&[&["vin", "vehicle", "plate", "plates"]], Kind::Vehicle)
        .unless(&["growth", "type", "platelet", "metal"]),
    strong(&[&["udi", "imei", "serial"]], Kind::Device),
    strong(&[&["device", "implant", "pacemaker"], NUMBER], Kind::Device),
    strong(
        &[&[
            "npi",
            "dea",
            "passport",
            "license",
            "licence",
            "licenses",
            "drivers",
            "certificate",
        ]],
        Kind::License,
    ),
    strong(
        &[&["mbi", "hicn", "policy", "beneficiary", "subscriber"]],
        Kind::HealthPlan,
    )
    .unless(&["type", "relationship"]),
    strong(
        &[
            &[
                "member",
                "insurance",
                "medicaid",
                "medicare",
                "plan",
                "coverage",
                "payer",
            ],
            NUMBER,
        ],
        Kind::HealthPlan,
    ),
    strong(&[&["account", "acct", "iban", "routing"]], Kind::Account).unless(&["type", "status"]),
    strong(&[&["card"], &["credit", "number", "no"]], Kind::Account),
    strong(
        &[&[
            "lat",
            "latitude",
            "lon",
            "lng",
            "longitude",
            "geocode",
            "geohash",
            "coordinates",
            "gps",
        ]],
        Kind::Place,
    ),
    strong(&[&["city", "town"]], Kind::City).unless(&[
        "street", "address", "addr", "county", "line", "ward", "room", "hall", "id",
    ]),
    strong(
        &[&[
            "street",
            "address",
            "addr",
            "city",
            "town",
            "county",
            "fips",
            "precinct",
            "village",
            "district",
            "neighborhood",
            "neighbourhood",
            "tract",
            "birthplace",
            "ward",
            "room",
            "bed",
            "residence",
            "location",
            "municipality",
            "borough",
        ]],
        Kind::Place,
    )
    .unless(BODY),
    strong(
        &[&["state", "province", "country", "nation", "nationality"]],
        Kind::State,
    )
    .unless(&["disease", "mental", "health", "solid", "status"]),
    strong(&[PERSON, NUMBER], Kind::PersonId),
    strong(
        &[&[
            "pid",
            "patid",
            "patientid",
            "personid",
            "subjectid",
            "mpiid",
            "ptid",
        ]],
        Kind::PersonId,
    ),
    strong(&[&["username", "login", "userid"]], Kind::RecordId),
    strong(&[&["user"], NAME], Kind::RecordId),
    strong(&[&["deceased", "death", "dod", "died"], DAY], Kind::Date),
    strong(&[&["dod"]], Kind::Date),
    strong(&[DAY], Kind::Date).unless(SPAN),
    strong(&[&["year", "yr"]], Kind::Date).unless(&["pack", "per", "old", "ago"]),
    weak(
        &[&[
            "admit",
            "admission",
            "discharge",
            "death",
            "died",
            "onset",
            "start",
            "stop",
            "end",
            "begin",
            "effective",
            "issued",
            "recorded",
            "created",
            "updated",
            "collected",
            "performed",
            "time",
            "day",
            "expires",
            "period",
            "occurrence",
        ]],
        Kind::Date,
    )
    .unless(SPAN),
    strong(&[RELATIVE, NAME], Kind::OtherName),
    strong(&[RELATIVE, PART], Kind::OtherName),
    strong(&[CLINICIAN, NAME], Kind::OtherName),
    strong(&[CLINICIAN, PART], Kind::OtherName),
    strong(&[CLINICIAN, ID], Kind::RecordId),
    strong(&[CLINICIAN], Kind::OtherName).unless(&["type", "specialty", "role", "count"]),
    strong(&[&["guarantor", "kin", "guardian"]], Kind::OtherName).unless(&["relationship", "type"]),
    strong(
        &[&[
            "employer",
            "company",
            "organization",
            "organisation",
            "hospital",
            "facility",
            "clinic",
            "school",
            "workplace",
            "pharmacy",
            "payor",
        ]],
        Kind::Employer,
    )
    .unless(&["type", "expire", "days", "mortality"]),
    strong(
        &[
            &[
                "first",
                "given",
                "middle",
                "last",
                "family",
                "sur",
                "full",
                "preferred",
                "legal",
                "maiden",
                "nick",
                "display",
                "patient",
                "person",
                "subject",
                "member",
            ],
            NAME,
        ],
        Kind::PersonName,
    )
    .unless(THING),
    strong(
        &[&[
            "surname", "fname", "lname", "mname", "maiden", "alias", "nickname", "initials",
            "forename",
        ]],
        Kind::PersonName,
    ),
    strong(
        &[&[
            "concept", "loinc", "snomed", "rxnorm", "icd", "cpt", "hcpcs", "ndc", "atc", "cvx",
        ]],
        Kind::Clinical,
    ),
    strong(
        &[&["accession", "barcode", "csn", "hadm", "fin"]],
        Kind::RecordId,
    ),
    strong(
        &[
            &[
                "encounter",
                "visit",
                "order",
                "claim",
                "specimen",
                "case",
                "invoice",
                "episode",
                "study",
                "series",
                "instance",
                "referral",
                "sample",
                "prescription",
                "record",
                "stay",
                "icustay",
                "report",
                "document",
                "note",
                "family",
                "household",
            ],
            NUMBER,
        ],
        Kind::RecordId,
    ),
    strong(
        &[&["id", "uuid", "guid", "identifier", "uid", "oid"]],
        Kind::RecordId,
    )
    .unless(THING),
    weak(
        &[&[
            "note",
            "notes",
            "comment",
            "comments",
            "narrative",
            "text",
            "report",
            "impression",
            "findings",
            "history",
            "hpi",
            "summary",
            "remarks",
            "remark",
            "message",
            "body",
            "complaint",
            "letter",
            "transcript",
            "conclusion",
            "memo",
        ]],
        Kind::Text,
    )
    .unless(&[
        "type",
        "mass",
        "index",
        "temperature",
        "weight",
        "height",
        "surface",
        "site",
        "category",
    ]),
    strong(
        &[&[
            "sex",
            "gender",
            "race",
            "ethnicity",
            "ethnic",
            "ethnicgroup",
            "marital",
            "occupation",
            "job",
            "profession",
            "education",
            "language",
            "religion",
            "workclass",
            "relationship",
            "income",
            "salary",
            "household",
            "citizenship",
            "veteran",
            "insurance",
            "payer",
            "orientation",
            "pronouns",
            "employment",
        ]],
        Kind::Quasi,
    ),
    strong(THING_NAMED, Kind::Clinical),
    strong(
        &[&[
            "code",
            "codes",
            "diagnosis",
            "diagnoses",
            "dx",
            "description",
            "desc",
            "result",
            "results",
            "value",
            "values",
            "unit",
            "units",
            "lab",
            "labs",
            "test",
            "drug",
            "medication",
            "med",
            "dose",
            "dosage",
            "route",
            "frequency",
            "procedure",
            "status",
            "type",
            "class",
            "category",
            "severity",
            "stage",
            "grade",
            "height",
            "weight",
            "bmi",
            "bp",
            "systolic",
            "diastolic",
            "pulse",
            "heart",
            "glucose",
            "cholesterol",
            "creatinine",
            "hemoglobin",
            "outcome",
            "flag",
            "score",
            "priority",
            "count",
            "cost",
            "amount",
            "charge",
            "percent",
            "ratio",
            "reaction",
            "allergy",
            "vaccine",
            "system",
            "version",
            "condition",
            "symptom",
            "smoker",
            "smoking",
            "specialty",
            "modality",
            "site",
            "laterality",
            "department",
            "service",
            "reason",
            "disposition",
            "label",
            "target",
            "interpretation",
            "range",
            "method",
            "organism",
            "sodium",
            "potassium",
            "readmitted",
            "mortality",
            "deceased",
            "hours",
            "gain",
            "loss",
            "temperature",
        ]],
        Kind::Clinical,
    ),
];

/// `drug_name`, `test name`: the name of a thing.
const THING_NAMED: &[&[&str]] = &[THING, NAME];

/// Names that speak only when they stand alone: `FIRST`, `patient`, `encounter`.
const ALONE: &[Rule] = &[
    strong(
        &[&[
            "first", "last", "middle", "given", "family", "name", "names",
        ]],
        Kind::PersonName,
    ),
    strong(
        &[&["patient", "person", "subject", "participant", "beneficiary"]],
        Kind::PersonId,
    ),
    strong(
        &[&["encounter", "visit", "claim", "episode", "specimen"]],
        Kind::RecordId,
    ),
    strong(
        &[&["mother", "father", "spouse", "contact"]],
        Kind::OtherName,
    ),
];

const KEEPS_DIGITS: &[&str] = &["ipv4", "ipv6"];

const COMPOUNDS: &[(&str, &str)] = &[
    ("birthdate", "birth date"),
    ("dateofbirth", "birth date"),
    ("birthyear", "birth year"),
    ("yearofbirth", "birth year"),
    ("deathdate", "death date"),
    ("dateofdeath", "death date"),
    ("birthplace", "birth place"),
    ("birthsex", "birth sex"),
    ("firstname", "first name"),
    ("lastname", "last name"),
    ("middlename", "middle name"),
    ("fullname", "full name"),
    ("givenname", "given name"),
    ("familyname", "family name"),
    ("patientname", "patient name"),
    ("maidenname", "maiden name"),
    ("phonenumber", "phone number"),
    ("homephone", "phone"),
    ("workphone", "phone"),
    ("mobilephone", "phone"),
    ("emailaddress", "email address"),
    ("faxnumber", "fax number"),
    ("streetaddress", "street address"),
    ("zipcode", "zip"),
    ("postalcode", "postal"),
    ("patientid", "patient id"),
    ("personid", "person id"),
    ("subjectid", "subject id"),
    ("memberid", "member id"),
    ("encounterid", "encounter id"),
    ("visitid", "visit id"),
    ("accountnumber", "account number"),
    ("recordnumber", "record number"),
    ("medicalrecordnumber", "medical record number"),
    ("admitdate", "admit date"),
    ("admissiondate", "admission date"),
    ("dischargedate", "discharge date"),
    ("servicedate", "service date"),
    ("startdate", "start date"),
    ("enddate", "end date"),
    ("admittime", "admit time"),
    ("dischtime", "discharge time"),
    ("charttime", "time"),
    ("licenseplate", "plate"),
    ("serialnumber", "serial number"),
    ("deviceid", "device id"),
    ("providername", "provider name"),
    ("providerid", "provider id"),
    ("socialsecuritynumber", "ssn"),
    ("reasoncode", "reason code"),
    ("ipaddress", "ip"),
    ("policynumber", "policy number"),
    ("licensenumber", "license number"),
    ("maritalstatus", "marital status"),
    ("nativecountry", "country"),
    ("countryofbirth", "birth country"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(column: &str) -> Option<Kind> {
        kind_named("visits", column).map(|named| named.kind)
    }

    #[test]
    fn names_of_identifying_columns_are_known() {
        for (column, expected) in [
            ("SSN", Kind::Ssn),
            ("mrn", Kind::Mrn),
            ("dob", Kind::BirthDate),
            ("BirthDate", Kind::BirthDate),
            ("BIRTHDATE", Kind::BirthDate),
            ("birth_year", Kind::BirthDate),
            ("admit_date", Kind::Date),
            ("dischargeDate", Kind::Date),
            ("zip", Kind::Zip),
            ("postal_code", Kind::Zip),
            ("city", Kind::City),
            ("address_line_1", Kind::Place),
            ("address1", Kind::Place),
            ("home_phone", Kind::Phone),
            ("fax", Kind::Fax),
            ("email_address", Kind::Email),
            ("ip_address", Kind::Ip),
            ("account_no", Kind::Account),
            ("policy_number", Kind::HealthPlan),
            ("member_id", Kind::HealthPlan),
            ("drivers_license", Kind::License),
            ("npi", Kind::License),
            ("vin", Kind::Vehicle),
            ("license_plate", Kind::Vehicle),
            ("device_serial", Kind::Device),
            ("udi", Kind::Device),
            ("photo", Kind::Photo),
            ("fingerprint_hash", Kind::Biometric),
            ("first_name", Kind::PersonName),
            ("FIRST", Kind::PersonName),
            ("maiden", Kind::PersonName),
            ("provider_name", Kind::OtherName),
            ("mother_name", Kind::OtherName),
            ("emergency_contact_name", Kind::OtherName),
            ("patient_id", Kind::PersonId),
            ("patientId", Kind::PersonId),
            ("encounter_id", Kind::RecordId),
            ("age", Kind::Age),
            ("age_at_admission", Kind::Age),
            ("state", Kind::State),
            ("url", Kind::Url),
            ("PATIENT", Kind::PersonId),
            ("mailing_address", Kind::Place),
            ("employer", Kind::Employer),
            ("name", Kind::PersonName),
        ] {
            assert_eq!(kind(column), Some(expected), "{column}");
        }
        assert_eq!(
            kind_named("patients", "id").map(|named| named.kind),
            Some(Kind::PersonId)
        );
    }

    #[test]
    fn names_of_clinical_columns_stay_harmless() {
        for (column, expected) in [
            ("icd10_code", Kind::Clinical),
            ("drug_name", Kind::Clinical),
            ("hours-per-week", Kind::Clinical),
            ("capital-gain", Kind::Clinical),
            ("marital-status", Kind::Quasi),
            ("native-country", Kind::State),
            ("race", Kind::Quasi),
            ("birth_weight", Kind::Clinical),
            ("body_site", Kind::Clinical),
            ("sex", Kind::Quasi),
            ("body_weight", Kind::Clinical),
            ("loinc", Kind::Clinical),
            ("unit", Kind::Clinical),
            ("concept_id", Kind::Clinical),
            ("test_name", Kind::Clinical),
        ] {
            assert_eq!(kind(column), Some(expected), "{column}");
        }
        assert_eq!(kind("fnlwgt"), None);
    }
}
