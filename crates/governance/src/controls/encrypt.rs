//! Encryption and keys: 164.312(a)(2)(iv), 164.312(c).

use crate::{
    Control,
    Coverage::{Full, Partial},
    EvidenceKind,
};

pub(super) const CONTROLS: &[Control] = &[
    Control {
        requirement: "enc-at-rest",
        coverage: Full,
        satisfied_by: "datasets, models, crosswalks and temporary files are sealed with \
                       AES-256-GCM; what is not sealed is refused",
        evidence: &[EvidenceKind::DatasetSealed],
        tests: &[
            "journeys::nothing_on_disk_is_readable",
            "seal::arbitrary_bytes_never_open",
            "journeys::flipped_byte_is_found_and_named",
        ],
        limits: "the row store, which holds names, counts and digests and no values, is \
                 not encrypted; evidence packs and exports are plain on purpose; the \
                 product makes no backups yet",
    },
    Control {
        requirement: "enc-aes256",
        coverage: Partial,
        satisfied_by: "AES-256-GCM is the only cipher, one data key per dataset, wrapped by the \
                       keyring",
        evidence: &[EvidenceKind::DatasetSealed],
        tests: &[
            "seal::the_cipher_is_aes_256_gcm",
            "journeys::flipped_byte_is_found_and_named",
        ],
        limits: "the envelope does not commit to its key, and known-answer tests run in \
                 the test suite, not at start",
    },
    Control {
        requirement: "enc-training-storage",
        coverage: Partial,
        satisfied_by: "training reads sealed objects into memory and writes sealed objects",
        evidence: &[EvidenceKind::DatasetSealed, EvidenceKind::ModelSigned],
        tests: &["journeys::nothing_on_disk_is_readable"],
        limits: "no sandbox around the training process",
    },
    Control {
        requirement: "enc-documented",
        coverage: Partial,
        satisfied_by: "the evidence pack names ciphers, keys and formats of the objects in use",
        evidence: &[EvidenceKind::DatasetSealed, EvidenceKind::ReportWritten],
        tests: &[],
        limits: "no encryption statement as a document of its own",
    },
    Control {
        requirement: "enc-decrypt-window",
        coverage: Partial,
        satisfied_by: "a permit and a log entry before each opening; keys are zeroised after \
                       use",
        evidence: &[EvidenceKind::DatasetSealed, EvidenceKind::AccessPermitted],
        tests: &["journeys::denied_act_exits_3"],
        limits: "plain data in memory is neither locked nor zeroised, and core dumps are \
                 not switched off",
    },
    Control {
        requirement: "enc-storage-measures",
        coverage: Partial,
        satisfied_by: "sealed, content-addressed, immutable versions with a check on every read",
        evidence: &[EvidenceKind::DatasetSealed],
        tests: &["journeys::flipped_byte_is_found_and_named"],
        limits: "no backup and no retention rule",
    },
    Control {
        requirement: "keys-procedures",
        coverage: Partial,
        satisfied_by: "an envelope of data keys under a passphrase-sealed keyring (Argon2id)",
        evidence: &[EvidenceKind::DatasetSealed],
        tests: &["store::opening_needs_an_instance_and_its_passphrase"],
        limits: "no rotation schedule, no dual control, no escrow and no key ledger",
    },
    Control {
        requirement: "keys-access-limited",
        coverage: Partial,
        satisfied_by: "managing keys and using data are different rights of different roles",
        evidence: &[EvidenceKind::AccessPermitted, EvidenceKind::AccessRefused],
        tests: &[
            "journeys::administrator_cannot_read_rows",
            "access::administrator_officer_and_auditor_never_see_rows",
        ],
        limits: "whoever knows the instance's passphrase can open its keyring",
    },
    Control {
        requirement: "data-integrity-verify",
        coverage: Partial,
        satisfied_by: "a digest per object and per dataset version, checked on every read",
        evidence: &[EvidenceKind::DatasetSealed],
        tests: &["journeys::flipped_byte_is_found_and_named"],
        limits: "no check on a schedule",
    },
];
