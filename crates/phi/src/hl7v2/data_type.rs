//! The data types of chapter 2A, part by part. Parts beyond the list are removed.
//!
//! Older types have the parts of the newer in the same places: CK as CX, CN as XCN, PN as XPN, AD
//! as XAD, TN as XTN, TS as DTM.

use super::rule::{
    Part::{self, Coded, Gone, Number, Of, State, Table, Text, Type},
    Rule::{self, Id, Name, Parts},
};
use crate::kind::Kind;

/// Removed whatever the plan says: text about an identifier, check digits, authorities.
const GONE: Part = Gone;

pub(super) const MRN: Rule = Id(Kind::Mrn);
pub(super) const ACCOUNT: Rule = Id(Kind::Account);
pub(super) const PLAN: Rule = Id(Kind::HealthPlan);
pub(super) const NUMBER_OF: Rule = Id(Kind::RecordId);
pub(super) const OWN: Rule = Name(Kind::PersonName);
pub(super) const OTHER: Rule = Name(Kind::OtherName);

pub(super) const DATE: Rule = Parts(&[Of(Kind::Date), GONE]);
pub(super) const BIRTH: Rule = Parts(&[Of(Kind::BirthDate), GONE]);
pub(super) const DATES: Rule = Parts(&[Of(Kind::Date), Of(Kind::Date)]);
pub(super) const SSN: Rule = Parts(&[Of(Kind::Ssn)]);
pub(super) const LICENSE: Rule = Parts(&[Of(Kind::License), State, Of(Kind::Date)]);
/// PLN: number, type, state, dates.
pub(super) const PRACTITIONER: Rule = Parts(&[
    Of(Kind::License),
    Type,
    State,
    Of(Kind::Date),
    Of(Kind::Date),
    Of(Kind::Date),
]);
pub(super) const RECORD: Rule = Parts(&[Of(Kind::RecordId)]);
/// EI: number, namespace, its universal id and type.
pub(super) const ENTITY: Rule = Parts(&[Of(Kind::RecordId), GONE, GONE, Type]);
/// EIP: the placer's and the filler's number.
pub(super) const ENTITIES: Rule = Parts(&[Of(Kind::RecordId), Of(Kind::RecordId)]);
pub(super) const DEVICE: Rule = Parts(&[Of(Kind::Device), GONE, GONE, Type]);
pub(super) const POLICY: Rule = Parts(&[Of(Kind::HealthPlan), GONE, GONE, Type]);
/// AUI: number, date, source.
pub(super) const AUTHORIZATION: Rule = Parts(&[Of(Kind::HealthPlan), Of(Kind::Date), GONE]);
/// HD of a program, and of a facility.
pub(super) const PROGRAM: Rule = Parts(&[Of(Kind::RecordId), GONE, Type]);
pub(super) const FACILITY: Rule = Parts(&[Of(Kind::Employer), GONE, Type]);
/// XON: name, type, number, check digit and scheme, authority, type of number, facility,
/// representation, identifier.
pub(super) const ORGANIZATION: Rule = Parts(&[
    Of(Kind::Employer),
    Type,
    Of(Kind::RecordId),
    GONE,
    Type,
    GONE,
    Type,
    GONE,
    Type,
    Of(Kind::RecordId),
]);
/// An organisation in a coded field: its code names it.
pub(super) const CODED_ORGANIZATION: Rule =
    Parts(&[Of(Kind::Employer), GONE, Type, GONE, GONE, Type]);
pub(super) const PLACE: Rule = Parts(&[Of(Kind::Place)]);
/// PL: point of care, room, bed, facility, status, type, building, floor, description.
pub(super) const LOCATION: Rule = Parts(&[
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
    Type,
    Type,
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
]);
/// DLD: where to, and when.
pub(super) const DISCHARGED_TO: Rule = Parts(&[Of(Kind::Place), Of(Kind::Date)]);
/// XAD: street, other, city, state, ZIP, country, type, other geography, county, tract,
/// representation, validity, from, to.
pub(super) const ADDRESS: Rule = Parts(&[
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
    State,
    Of(Kind::Zip),
    State,
    Type,
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
    Type,
    GONE,
    Of(Kind::Date),
    Of(Kind::Date),
]);
/// XTN: number, use, equipment, e-mail, its parts, text, extension, and the number again.
pub(super) const TELECOM: Rule = Parts(&[
    Of(Kind::Phone),
    Type,
    Type,
    Of(Kind::Email),
    GONE,
    GONE,
    GONE,
    GONE,
    GONE,
    GONE,
    GONE,
    Of(Kind::Phone),
    Of(Kind::Date),
    Of(Kind::Date),
]);
/// PPN: a person, and when they acted.
pub(super) const PERFORMED: Rule = Parts(&[
    Of(Kind::RecordId),
    Of(Kind::OtherName),
    GONE,
    GONE,
    GONE,
    GONE,
    GONE,
    Type,
    GONE,
    Type,
    GONE,
    Type,
    Type,
    GONE,
    Of(Kind::Date),
    Type,
]);
/// NDL: a person in subcomponents, from, to, and a location.
pub(super) const INTERPRETER: Rule = Parts(&[
    Of(Kind::OtherName),
    Of(Kind::Date),
    Of(Kind::Date),
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
    Of(Kind::Place),
    Type,
    Type,
    Of(Kind::Place),
    Of(Kind::Place),
]);
/// TQ: quantity, interval, duration, start, end, priority, condition, text, conjunction.
pub(super) const TIMING: Rule = Parts(&[
    Coded,
    Coded,
    Coded,
    Of(Kind::Date),
    Of(Kind::Date),
    Table,
    Text,
    Text,
    Type,
    GONE,
    Coded,
    Number,
]);
/// A code and a date: FC, OCD.
pub(super) const CODE_AND_DATE: Rule = Parts(&[Table, Of(Kind::Date)]);
/// OSP: a code and two dates.
pub(super) const CODE_AND_DATES: Rule = Parts(&[Table, Of(Kind::Date), Of(Kind::Date)]);
/// SPS: specimen, additives, method, site, modifier, role.
pub(super) const SPECIMEN: Rule = Parts(&[Coded, Table, Text, Coded, Coded, Table, Table]);
/// PRL: the parent's observation, its sub-id, its value.
pub(super) const PARENT: Rule = Parts(&[Coded, Type, Text]);
/// A serial, model or lot number.
pub(super) const SERIAL: Rule = Parts(&[Of(Kind::Device), GONE, Type]);
pub(super) const EMAIL: Rule = Parts(&[Of(Kind::Email)]);
/// ED: application, type, subtype, encoding, and the data themselves, which go.
pub(super) const DATA: Rule = Parts(&[GONE, Type, Type, Type, GONE]);
/// RP: pointer, application, type, subtype.
pub(super) const POINTER: Rule = Parts(&[GONE, GONE, Type, Type]);
/// SN: comparator, number, separator, number.
pub(super) const STRUCTURED: Rule = Parts(&[Number, Number, Number, Number]);
pub(super) const REMOVED: Rule = Parts(&[]);

/// CX beside its number: check digit, scheme, authority, type, facility, from, to.
pub(super) const AFTER_ID: &[Part] =
    &[GONE, Type, GONE, Type, GONE, Of(Kind::Date), Of(Kind::Date)];
/// XPN beside its name: given, second, suffix, prefix, degree, type, representation, context,
/// validity, order, from, to.
pub(super) const AFTER_NAME: &[Part] = &[
    GONE,
    GONE,
    GONE,
    GONE,
    GONE,
    Type,
    Type,
    GONE,
    GONE,
    Type,
    Of(Kind::Date),
    Of(Kind::Date),
];
/// XCN beside number and name: given, second, suffix, prefix, degree, source table, authority,
/// type of name, check digit and scheme, type of number, facility, representation, context,
/// validity, order, from, to.
pub(super) const AFTER_PERSON: &[Part] = &[
    GONE,
    GONE,
    GONE,
    GONE,
    GONE,
    Type,
    GONE,
    Type,
    GONE,
    Type,
    Type,
    GONE,
    Type,
    GONE,
    GONE,
    Type,
    Of(Kind::Date),
    Of(Kind::Date),
];
