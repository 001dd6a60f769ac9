//! Find identifiers and take them out.
//!
//! Text: [`text`] finds [`finding`]s with a [`label`], helped by what is [`known`] about a person.
//! Tables and documents: [`columns`] says what a column holds (a [`kind`]), a [`plan`] what is done
//! with it, [`transform`] does it, with codes from a [`crosswalk`] and the rules of [`zip3`],
//! [`dates`] and [`age`]; [`fhir`] and [`dicom`] are documents. A [`manifest`], a [`certificate`] and a search for [`residual`]
//! identifiers say what was done.

pub mod classifier;
pub mod finding;
pub mod known;
pub mod label;
pub mod tagger;
pub mod text;
pub mod validators;

mod dictionary;

pub mod age;
pub mod dates;
pub mod kind;
pub mod zip3;

pub mod columns;
pub mod crosswalk;
mod hashed;
pub mod plan;
mod rewrite;
pub mod surrogate;
pub mod transform;

pub mod ccda;
pub mod dicom;
pub mod fhir;
pub mod hl7v2;

pub mod evaluate;
pub mod review;

pub mod certificate;
pub mod manifest;
pub mod positions;
pub mod residual;

pub mod codes;
