//! A synthetic hospital whose truth is known exactly.
//!
//! [`Hospital::generate`] invents patients, encounters, diagnoses, laboratory results and
//! free-text notes from a seed. Every identifying piece of text in a note is listed with its byte
//! range, so that what a detector finds can be compared with the truth. Nobody in it is real.
//!
//! ```
//! use cloister_hospital::Hospital;
//! let hospital = Hospital::generate(7, 50);
//! assert_eq!(hospital.patients.len(), 50);
//! ```

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::struct_field_names,
    reason = "every number is drawn from a small range; the fields carry the names of the columns"
)]

pub mod examination;

mod census;
mod export;
mod fhir;
mod hospital;
mod note;
mod record;

mod admission;
mod registration;
mod writing;

mod clinical;
mod names;
mod people;
mod region;

pub mod prose;
pub mod written;

mod date;
mod draw;

pub use census::census;
pub use date::Date;
pub use hospital::{Hospital, Table};
pub use note::{Family, Note, Role, TruthSpan};
pub use people::{HELD_OUT_GIVEN, HELD_OUT_SURNAMES};
pub use record::{Diagnosis, Encounter, Lab, Patient};
