use cloister_evidence::pack::{
    AlertRow, AttackResult, AttackRow, Bin, BudgetSpend, CardSection, CategoryRow, ControlRow,
    ControlState, Controls, Deidentification, DriftRow, Encryption, EpsilonPoint, FairnessRow,
    FieldRow, GateRow, HistoryRow, Interval, Ledger, LogCheckpoint, Measure, Model, Outcome, Pack,
    ProbeRow, Risk, RiskPicture, Serving, Source, StageRow, Study, SubgroupRow, Training,
    Validation,
};
use domain::{
    Digest, Identifier, LegalBasis, ModelId, Purpose, Sensitivity, Stage, Timestamp, VersionId,
};

/// A pack as a study of the synthetic hospital would fill it.
pub(crate) fn pack() -> Pack {
    Pack {
        study: study(),
        stages: stages(),
        sources: sources(),
        field_map: field_map(),
        encryption: Some(encryption()),
        deidentification: Some(deidentification()),
        risk: Some(risk()),
        training: Some(training()),
        ledger: Some(ledger()),
        validation: Some(validation()),
        model: Some(model()),
        serving: Some(Serving {
            predictions: 412,
            refused: 1,
            output_filter: "scores rounded to 0.05".into(),
            limits: "1,000 rows a call".into(),
        }),
        drift: drift(),
        drift_basis: String::new(),
        alerts: vec![AlertRow {
            at: at(58),
            severity: "warning".into(),
            what: "PSI of hba1c crossed its threshold".into(),
            log_index: Some(60),
        }],
        controls: Some(controls()),
        log: log(),
        not_shown: vec![
            "Who was at the keyboard: this instance has one local operator, and sign-in by a second factor is not built.".into(),
            "Recall of de-identification on real notes: the truth is known for synthetic notes only.".into(),
            "Backup, restore and disaster recovery: not built.".into(),
        ],
    }
}

/// The same study when it stops before a model: most sections absent.
pub(crate) fn bare() -> Pack {
    Pack {
        field_map: Vec::new(),
        encryption: None,
        deidentification: None,
        risk: None,
        training: None,
        ledger: None,
        validation: None,
        model: None,
        serving: None,
        drift: Vec::new(),
        drift_basis: String::new(),
        alerts: Vec::new(),
        controls: None,
        not_shown: Vec::new(),
        ..pack()
    }
}

fn study() -> Study {
    Study {
        title: "Readmission within thirty days".into(),
        id: "readmission".parse().unwrap(),
        owner: "Chief Medical Information Officer".into(),
        purpose: Purpose::Demonstration,
        legal_basis: LegalBasis::DeIdentified,
        run: "run-0001".parse().unwrap(),
        started: at(0),
        finished: at(61),
        program: "cloister 0.1.0".into(),
        synthetic: true,
    }
}

fn stages() -> Vec<StageRow> {
    let told = [
        (
            "5 dataset versions, 27,481 rows",
            "source hashes, 2,000 persons; 9 columns left outside",
        ),
        (
            "field map of 52 fields",
            "14 of 18 identifier categories found",
        ),
        ("11 sealed objects", "all read back; none unencrypted"),
        (
            "3 de-identified versions",
            "certificate signed; 96,214 identifiers out",
        ),
        ("risk report", "k = 11 after, 1 before"),
        (
            "logistic regression, 640 steps",
            "epsilon 2.97 at delta 1e-5, by RDP",
        ),
        (
            "scores on 848 held-out rows",
            "4 of 4 gates hold; twin caught",
        ),
        (
            "readmission version 1",
            "ECDSA P-256 signature; card; lineage",
        ),
        ("412 predictions", "one log entry a call"),
        ("drift of 6 features", "1 alert"),
    ];
    (0_u32..)
        .zip(Stage::ALL)
        .zip(told)
        .map(|((index, stage), (produced, proved))| StageRow {
            stage,
            outcome: Outcome::Done,
            seconds: Some(0.37 + 0.913 * f64::from(index)),
            produced: produced.into(),
            proved: proved.into(),
            log_index: Some(12 + u64::from(index) * 4),
        })
        .collect()
}

fn sources() -> Vec<Source> {
    let source = |dataset: &str, file: &str, format: &str, rows, dropped: &[&str]| Source {
        dataset: dataset.parse().unwrap(),
        version: VersionId::from(digest(7)),
        file: file.into(),
        format: format.into(),
        sha256: seal::digest(file.as_bytes()),
        bytes: rows * 97,
        rows,
        persons: Some(2_000),
        columns_taken: ["patient_id", "birth_date", "sex", "zip", "race"]
            .map(String::from)
            .to_vec(),
        columns_dropped: dropped.iter().map(|it| (*it).to_owned()).collect(),
    };
    vec![
        source(
            "patients",
            "patients.csv",
            "csv",
            2_000,
            &["marital_status", "email"],
        ),
        source(
            "encounters",
            "encounters.csv",
            "csv",
            4_241,
            &["attending_physician"],
        ),
        source("notes", "notes.jsonl", "jsonl", 6_740, &[]),
    ]
}

fn field_map() -> Vec<FieldRow> {
    let field =
        |field: &str, category, sensitivity, confidence, because: &str, handling: &str| FieldRow {
            dataset: "patients".parse().unwrap(),
            field: field.into(),
            category,
            sensitivity,
            confidence,
            because: because.into(),
            handling: handling.into(),
        };
    vec![
        field(
            "first_name",
            Some(Identifier::Name),
            Sensitivity::Direct,
            0.99,
            "name; dictionary",
            "replaced by a random code",
        ),
        field(
            "mrn",
            Some(Identifier::MedicalRecord),
            Sensitivity::Direct,
            1.0,
            "name; format; unique",
            "replaced by a random code",
        ),
        field(
            "birth_date",
            Some(Identifier::Date),
            Sensitivity::Direct,
            1.0,
            "name; format",
            "year; none over 89",
        ),
        field(
            "zip",
            Some(Identifier::Geography),
            Sensitivity::Direct,
            0.98,
            "name; table of ZIPs",
            "three digits, 000 where 20,000 people or fewer",
        ),
        field(
            "sex",
            None,
            Sensitivity::Quasi,
            0.97,
            "name; two values",
            "kept",
        ),
        field(
            "text",
            None,
            Sensitivity::FreeText,
            1.0,
            "length; words",
            "searched",
        ),
    ]
}

fn encryption() -> Encryption {
    Encryption {
        cipher: "AES-256-GCM, one nonce a segment".into(),
        key_wrapping: "AES-256-GCM under the key-encryption key".into(),
        keystore: "Argon2id, 64 MiB, 3 passes, 1 lane".into(),
        key: "kek-1".parse().unwrap(),
        data_keys: 5,
        objects: 11,
        bytes: 14_310_992,
        verified: 11,
        plaintext_found: 0,
    }
}

fn deidentification() -> Deidentification {
    let row = |category, in_tables, in_text, transform: &str| CategoryRow {
        category,
        in_tables,
        in_text,
        transform: transform.into(),
    };
    Deidentification {
        plan: "Safe Harbor".into(),
        citation: "45 CFR 164.514(b)(2)".into(),
        categories: vec![
            row(Identifier::Name, 6_000, 30_911, "one surrogate a person"),
            row(
                Identifier::Geography,
                8_000,
                11_204,
                "state; ZIP to three digits or 000",
            ),
            row(Identifier::Date, 10_482, 21_377, "year; nothing over 89"),
            row(Identifier::Phone, 4_000, 7_919, "removed"),
            row(Identifier::MedicalRecord, 2_000, 4_321, "random code"),
        ],
        unexamined: 0,
        persons_mapped: 2_000,
        manifest: digest(1),
        certificate: digest(2),
        signed_by: "sign-1".parse().unwrap(),
        zip_table: "Census 2020, 33,774 areas".into(),
        recall: Some(measure(0.9962, 0.9957, 0.9967)),
    }
}

fn risk() -> Risk {
    let bins = |shares: [f64; 6]| {
        ["1", "2–4", "5–10", "11–50", "51–200", "over 200"]
            .into_iter()
            .zip(shares)
            .map(|(label, share)| Bin {
                label: label.into(),
                share,
            })
            .collect()
    };
    Risk {
        quasi_identifiers: ["birth_date", "sex", "zip", "race"]
            .map(String::from)
            .to_vec(),
        before: RiskPicture {
            rows: 2_000,
            classes: 1_987,
            k: 1,
            uniqueness: 0.987,
            prosecutor_max: 1.0,
            prosecutor_average: 0.9935,
            marketer: 0.9935,
            histogram: bins([0.987, 0.013, 0.0, 0.0, 0.0, 0.0]),
        },
        after: Some(RiskPicture {
            rows: 1_961,
            classes: 61,
            k: 11,
            uniqueness: 0.0,
            prosecutor_max: 0.0909,
            prosecutor_average: 0.0311,
            marketer: 0.0311,
            histogram: bins([0.0, 0.0, 0.0, 0.61, 0.31, 0.08]),
        }),
        k_required: Some(11),
        max_risk_allowed: Some(0.0909),
        rows_suppressed: 39,
    }
}

fn training() -> Training {
    let point = |epsilon, accuracy, chosen| EpsilonPoint {
        epsilon,
        accuracy,
        chosen,
    };
    Training {
        estimator: "logistic regression".into(),
        target: "readmitted_30d".into(),
        features: [
            "age_at_admission",
            "length_of_stay_days",
            "prior_admissions_12m",
            "emergency",
            "hba1c",
            "creatinine",
        ]
        .map(String::from)
        .to_vec(),
        rows: 3_393,
        persons: 1_600,
        epochs: 20.0,
        batch: 50.0,
        learning_rate: 0.25,
        clip_norm: 1.0,
        sigma: 1.105,
        sampling_rate: 0.031_25,
        steps: 640,
        epsilon: Some(2.974),
        delta: Some(1e-5),
        adjacency: "add or remove one person with all their rows".into(),
        unit: "person".into(),
        accountant: "RDP, Poisson-subsampled Gaussian".into(),
        noise: "integer grid, exact discrete Gaussian, system entropy".into(),
        accuracy_against_epsilon: Some(vec![
            point(Some(0.5), 0.8021, false),
            point(Some(1.0), 0.8184, false),
            point(Some(2.974), 0.8353, true),
            point(Some(8.0), 0.8392, false),
            point(None, 0.8411, false),
        ]),
    }
}

fn ledger() -> Ledger {
    let spend = |what: &str, epsilon, delta, index| BudgetSpend {
        what: what.into(),
        epsilon,
        delta,
        state: "committed".into(),
        log_index: Some(index),
    };
    Ledger {
        dataset: "encounters".parse().unwrap(),
        cap_epsilon: 10.0,
        cap_delta: 5e-5,
        spends: vec![
            spend("training, run-0001", 2.974, 1e-5, 33),
            spend("curve, 3 models", 4.5, 2e-5, 35),
        ],
        remaining_epsilon: 2.526,
        remaining_delta: 2e-5,
    }
}

fn validation() -> Validation {
    let group = |attribute: &str, group: &str, rows, auc: (f64, f64, f64)| SubgroupRow {
        attribute: attribute.into(),
        group: group.into(),
        rows: Some(rows),
        accuracy: Some(measure(auc.0 + 0.02, auc.1 + 0.02, auc.2 + 0.02)),
        auc: Some(measure(auc.0, auc.1, auc.2)),
        selection_rate: Some(0.11),
        true_positive_rate: Some(0.36),
        suppressed: None,
    };
    let small = SubgroupRow {
        attribute: "race".into(),
        group: "Other <Pacific>".into(),
        rows: None,
        accuracy: None,
        auc: None,
        selection_rate: None,
        true_positive_rate: None,
        suppressed: Some("fewer than 11 rows".into()),
    };
    let attack = |name: &str, auc, tpr, bound| AttackResult {
        attack: name.into(),
        trials: 1_600,
        auc,
        tpr_at_one_percent: Some(tpr),
        epsilon_lower_bound: Some(bound),
    };
    Validation {
        basis: String::new(),
        rows: 848,
        accuracy: Some(measure(0.8353, 0.8089, 0.8587)),
        majority_accuracy: Some(0.7972),
        auc: Some(measure(0.8129, 0.7743, 0.8515)),
        subgroups: vec![
            group("sex", "F", 441, (0.8204, 0.7691, 0.8717)),
            group("sex", "M", 407, (0.8046, 0.7461, 0.8631)),
            group("age", "18–64", 390, (0.8311, 0.7660, 0.8962)),
            group("age", "65–89", 421, (0.7984, 0.7433, 0.8535)),
            group("age", "90+", 37, (0.7412, 0.5511, 0.9313)),
            small,
        ],
        smallest_cell: 11,
        membership: Some(attack(
            "loss threshold",
            measure(0.5094, 0.4811, 0.5377),
            0.012,
            0.0,
        )),
        positive_control: Some(attack(
            "loss threshold",
            measure(0.9233, 0.9101, 0.9365),
            0.31,
            2.1,
        )),
        attacks: vec![AttackRow {
            attack: "likelihood ratio (LiRA)".into(),
            trials: 32_000,
            found: measure(0.0012, 0.0009, 0.0015),
            found_in_model: Some(measure(0.0009, 0.0001, 0.0034)),
            found_in_control: measure(0.41, 0.38, 0.44),
            limit: 0.0154,
            verdict: "held".into(),
        }],
        probes: vec![ProbeRow {
            probe: "noise floor".into(),
            measured: "deviation 1.001 of the promised one".into(),
            against: "no alarm".into(),
            holds: Some(true),
        }],
        fairness: vec![
            FairnessRow {
                attribute: "sex".into(),
                measure: "demographic parity difference".into(),
                value: Some(measure(0.021, -0.02, 0.06)),
                equality: 0.0,
            },
            FairnessRow {
                attribute: "race".into(),
                measure: "demographic parity ratio".into(),
                value: None,
                equality: 1.0,
            },
        ],
        gates: vec![
            gate("AUC", "at least 0.75", "0.8129", true),
            gate("epsilon", "at most 3", "2.974", true),
            gate("membership AUC, upper end", "at most 0.60", "0.5377", true),
            gate("positive control AUC", "at least 0.70", "0.9233", true),
        ],
    }
}

pub(crate) fn gate(gate: &str, bound: &str, measured: &str, holds: bool) -> GateRow {
    GateRow {
        gate: gate.into(),
        bound: bound.into(),
        measured: measured.into(),
        holds,
    }
}

fn model() -> Model {
    Model {
        name: ModelId::new("readmission").unwrap(),
        version: 1,
        sha256: digest(3),
        signed_by: "sign-1".parse().unwrap(),
        scheme: "ECDSA P-256, OpenSSF model signing v1.0".into(),
        stage: "registered".into(),
        history: vec![HistoryRow {
            stage: "registered".into(),
            at: at(49),
            by: "operator-1".into(),
            log_index: Some(41),
        }],
        card: vec![CardSection {
            heading: "Uses and directions".into(),
            rows: vec![
                (
                    "Intended use".into(),
                    "Demonstration of the pipeline on synthetic data.".into(),
                ),
                ("Users".into(), "Engineers who evaluate the program.".into()),
                (
                    "Out of scope".into(),
                    "Any decision about a real patient.".into(),
                ),
                ("Clinical risk level".into(), String::new()),
            ],
        }],
    }
}

fn drift() -> Vec<DriftRow> {
    let row = |feature: &str, statistic: &str, value: f64, threshold| DriftRow {
        feature: feature.into(),
        statistic: statistic.into(),
        value: measure(value, (value - 0.02).max(0.0), value + 0.03),
        threshold,
        crossed: value > threshold,
    };
    vec![
        row("age_at_admission", "PSI", 0.031, 0.2),
        row("hba1c", "PSI", 0.284, 0.2),
        row("creatinine", "PSI", 0.022, 0.2),
        row("score", "KS", 0.061, 0.1),
    ]
}

fn controls() -> Controls {
    let row =
        |id: &str, title: &str, citation: &str, mode: &str, state, evidence: &str| ControlRow {
            id: id.into(),
            title: title.into(),
            citation: citation.into(),
            mode: mode.into(),
            state,
            evidence: evidence.into(),
        };
    Controls {
        catalogue: "Cloister catalogue of 2026-11".into(),
        holds: 41,
        partly: 37,
        needs_people: 114,
        not_covered: 157,
        rows: vec![
            row(
                "AUD-001",
                "Every access to PHI leaves an entry",
                "45 CFR 164.312(b)",
                "enforced",
                ControlState::Holds,
                "log entries #12 to #60; test denied_read_is_logged",
            ),
            row(
                "ENC-002",
                "PHI is encrypted at rest",
                "45 CFR 164.312(a)(2)(iv)",
                "enforced",
                ControlState::Holds,
                "11 objects read back",
            ),
            row(
                "TRN-004",
                "Staff complete privacy training",
                "45 CFR 164.530(b)",
                "attested",
                ControlState::NeedsPeople,
                "no attestation recorded",
            ),
            row(
                "BCK-001",
                "Restorable copies exist",
                "45 CFR 164.308(a)(7)(ii)(A)",
                "evidenced",
                ControlState::NotCovered,
                "nothing",
            ),
        ],
    }
}

fn log() -> LogCheckpoint {
    LogCheckpoint {
        size: 64,
        root: digest(9),
        at: at(61),
        signed_by: "log-1".parse().unwrap(),
        signature: "ed25519:bm90IGEgcmVhbCBzaWduYXR1cmUsIGp1c3QgYSBzYW1wbGU=".into(),
        public_key_pem: "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n".into(),
        entries: Some((11, 63)),
    }
}

fn measure(value: f64, low: f64, high: f64) -> Measure {
    Measure {
        value,
        interval: Some(Interval {
            low,
            high,
            level: 0.95,
        }),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_359_600_000 + seconds * 1_000)
}

fn digest(seed: u8) -> Digest {
    seal::digest(&[seed])
}
