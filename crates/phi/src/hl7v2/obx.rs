//! The result of an observation, by its data type.

use super::{data_type, rule::Rule};
use crate::kind::Kind;

/// What is done with OBX-5 of the type in OBX-2 (HL7 table 0125); nothing for an unknown type.
pub(super) fn result(data_type: &str) -> Option<Rule> {
    Some(match data_type {
        "NM" | "SI" => Rule::Number,
        "SN" => data_type::STRUCTURED,
        "CE" | "CWE" | "CNE" | "CF" | "ID" | "IS" | "CQ" | "MO" | "CP" | "NA" | "MA" | "CSU"
        | "NR" | "TM" => Rule::Coded,
        "TX" | "FT" | "ST" | "GTS" | "" => Rule::Text,
        "DT" | "TS" | "DTM" => data_type::DATE,
        "DR" => data_type::DATES,
        "XPN" | "PN" => data_type::OTHER,
        "XCN" | "CN" | "CNN" => Rule::Person,
        "XAD" | "AD" | "SAD" => data_type::ADDRESS,
        "XTN" | "TN" => data_type::TELECOM,
        "CX" | "CK" => Rule::Id(Kind::Mrn),
        "EI" => data_type::ENTITY,
        "EIP" => data_type::ENTITIES,
        "HD" => data_type::FACILITY,
        "XON" => data_type::ORGANIZATION,
        "PL" => data_type::LOCATION,
        "ED" => data_type::DATA,
        "RP" => data_type::POINTER,
        _ => return None,
    })
}

/// Whether a unit is years, so that the value may be an age.
pub(super) fn is_years(unit: &str) -> bool {
    let code = unit.split('^').next().unwrap_or(unit).trim();
    ["a", "yr", "yrs", "y", "year", "years", "a_j", "{age}"]
        .iter()
        .any(|years| code.eq_ignore_ascii_case(years))
}
