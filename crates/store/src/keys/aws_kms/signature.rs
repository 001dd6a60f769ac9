//! AWS Signature Version 4 ("Signing AWS API requests", AWS General Reference).

use domain::Timestamp;
use seal::{digest, hmac_sha256};
use zeroize::Zeroizing;

use super::AwsCredentials;
use crate::store::keys::hex;

/// What a request is signed for.
pub(super) struct Signing<'a> {
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) credentials: &'a AwsCredentials,
    pub(super) now: Timestamp,
}

impl Signing<'_> {
    /// The moment as the field `x-amz-date` has it.
    pub(super) fn date(&self) -> String {
        let digits: String = self
            .now
            .to_string()
            .chars()
            .filter(|letter| !matches!(letter, '-' | ':'))
            .take(15)
            .collect();
        format!("{digits}Z")
    }

    /// The field `authorization` for a request without a query. The fields, all of them signed, are
    /// in the order of their names, which are in small letters.
    pub(super) fn authorization(
        &self,
        (method, path): (&str, &str),
        fields: &[(&str, String)],
        body: &[u8],
    ) -> String {
        let date = self.date();
        let day: String = date.chars().take(8).collect();
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: String = fields
            .iter()
            .map(|(name, value)| [name, ":", value.trim(), "\n"].concat())
            .collect();
        let canonical = format!("{method}\n{path}\n\n{lines}\n{names}\n{}", digest(body));
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
            digest(canonical.as_bytes())
        );
        let first = Zeroizing::new(format!("AWS4{}", self.credentials.secret.as_str()));
        let mut key = Zeroizing::new(hmac_sha256(first.as_bytes(), day.as_bytes()));
        for part in [self.region, self.service, "aws4_request"] {
            *key = hmac_sha256(key.as_slice(), part.as_bytes());
        }
        let signature = hex(&hmac_sha256(key.as_slice(), to_sign.as_bytes()));
        let id = &self.credentials.access_key;
        format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `get-vanilla` and `post-vanilla` of the AWS Signature Version 4 test suite.
    #[test]
    fn signatures_are_those_of_the_test_suite() {
        let credentials = AwsCredentials {
            access_key: "AKIDEXAMPLE".to_owned(),
            secret: Zeroizing::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned()),
            session: None,
        };
        let signing = Signing {
            region: "us-east-1",
            service: "service",
            credentials: &credentials,
            now: "2015-08-30T12:36:00Z".parse().unwrap(),
        };
        let fields = [
            ("host", "example.amazonaws.com".to_owned()),
            ("x-amz-date", signing.date()),
        ];
        for (method, signature) in [
            (
                "GET",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "POST",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
        ] {
            assert_eq!(
                signing.authorization((method, "/"), &fields, b""),
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                     SignedHeaders=host;x-amz-date, Signature={signature}"
                )
            );
        }
    }
}
