use crate::kind::Kind;

/// The kind of a number by its type (HL7 table 0203).
pub(super) fn kind_of(code: &str, otherwise: Kind) -> Kind {
    match code {
        "SS" | "SSN" | "PRC" | "TAX" | "SIN" => Kind::Ssn,
        "MR" | "MRN" | "MRT" | "PI" | "PT" | "PATID" | "EPI" | "MPI" => Kind::Mrn,
        "AN" | "AM" | "ANON_ACC" | "ACCT" | "BA" | "BC" | "DI" | "AX" | "MC_ACC" | "VISA"
        | "ANC" | "GN" => Kind::Account,
        "MA" | "MC" | "MCR" | "MCD" | "PN" | "MB" | "SN" | "HC" | "NIIP" | "PPIN" | "WC"
        | "WCN" | "CZ" | "JHN" | "MI" | "HP" => Kind::HealthPlan,
        "DL" | "LN" | "MD" | "DO" | "DN" | "NPI" | "DEA" | "UPIN" | "LI" | "PPN" | "RN" | "LR"
        | "NP" | "PA" | "SL" | "BR" | "EN_LIC" => Kind::License,
        "PVL" | "VIN" => Kind::Vehicle,
        "SR" | "UDI" | "SNO" => Kind::Device,
        "VN" | "VISIT" | "U" | "XX" | "ANON" | "PLAC" | "FILL" | "ACSN" | "EI" | "EN" | "FI" => {
            Kind::RecordId
        }
        _ => otherwise,
    }
}
