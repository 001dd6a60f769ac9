//! What the peers call what they find, in our words.
//!
//! Only the share of right labels depends on this table: recall and precision count what is
//! covered, under whatever name.

use phi::label::Label;

/// Our label for a peer's; what has no counterpart among ours is another identifier.
pub fn label(theirs: &str) -> Label {
    let row = ROWS
        .iter()
        .find(|(_, theirs_all)| theirs_all.contains(&theirs));
    row.map_or(Label::OtherId, |(label, _)| *label)
}

/// Ours, and what Presidio and redact-core (capitals) and scrubadub (small letters) call it.
const ROWS: [(Label, &[&str]); 13] = [
    (Label::Name, &["PERSON", "name"]),
    (
        Label::Geo,
        &[
            "LOCATION",
            "US_ZIP_CODE",
            "UK_POSTCODE",
            "PO_BOX",
            "address",
            "postalcode",
        ],
    ),
    (Label::Employer, &["ORGANIZATION", "organization"]),
    (Label::Date, &["DATE_TIME", "date_of_birth"]),
    (Label::Age, &["AGE"]),
    (
        Label::Phone,
        &[
            "PHONE_NUMBER",
            "UK_PHONE_NUMBER",
            "UK_MOBILE_NUMBER",
            "phone",
        ],
    ),
    (Label::Email, &["EMAIL_ADDRESS", "email"]),
    (Label::Ssn, &["US_SSN", "social_security_number"]),
    (Label::Mrn, &["MEDICAL_RECORD_NUMBER", "UK_NHS"]),
    (
        Label::Account,
        &[
            "CREDIT_CARD",
            "IBAN",
            "IBAN_CODE",
            "US_BANK_NUMBER",
            "UK_SORT_CODE",
            "CRYPTO",
            "CRYPTO_WALLET",
            "BTC_ADDRESS",
            "ETH_ADDRESS",
            "credit_card",
        ],
    ),
    (
        Label::License,
        &[
            "US_DRIVER_LICENSE",
            "UK_DRIVER_LICENSE",
            "MEDICAL_LICENSE",
            "drivers_licence",
        ],
    ),
    (Label::Url, &["URL", "DOMAIN_NAME", "url"]),
    (Label::Ip, &["IP_ADDRESS"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_peers_word_for_a_mail_address_is_ours() {
        assert_eq!(label("EMAIL_ADDRESS"), Label::Email);
        assert_eq!(label("email"), Label::Email);
    }

    #[test]
    fn what_we_have_no_word_for_is_another_identifier() {
        assert_eq!(label("NRP"), Label::OtherId);
        assert_eq!(label("US_PASSPORT"), Label::OtherId);
    }

    #[test]
    fn no_word_of_a_peer_stands_in_two_rows() {
        let mut all: Vec<&str> = ROWS
            .iter()
            .flat_map(|(_, words)| words.iter().copied())
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
