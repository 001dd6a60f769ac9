//! Which logs and which witnesses a verifier trusts, and how many of them must agree.
//!
//! Source: C2SP tlog-policy (<https://c2sp.org/tlog-policy>).

use std::collections::{BTreeMap, BTreeSet};

use domain::{Code, Explain};
use thiserror::Error;

use crate::{
    Checkpoint, CheckpointError, KeyKind, Note, VerifierKey, codes, cosignature::cosigned_at,
};

/// A trust policy for checkpoints.
///
/// ```
/// use cloister_audit::TrustPolicy;
/// let policy = TrustPolicy::parse("# nobody yet\nquorum none\n")?;
/// assert_eq!(policy.logs().count(), 0);
/// # Ok::<(), cloister_audit::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustPolicy {
    logs: Vec<Party>,
    members: BTreeMap<String, Member>,
    quorum: Option<String>,
}

/// A log or witness of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its key.
    pub key: VerifierKey,
    /// Where it answers, if the policy says so.
    pub url: Option<String>,
}

#[derive(Clone, Debug)]
enum Member {
    Witness(Party),
    Group { needed: usize, names: Vec<String> },
}

/// Why a policy is not one, or does not accept a checkpoint.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// A line of the policy is wrong. Lines are counted from 1; 0 is the file as a whole.
    #[error("line {line} of the policy: {what}")]
    Line {
        /// The line.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// None of the policy's logs signed the checkpoint.
    #[error("the checkpoint is signed by none of the policy's logs")]
    Log(#[source] CheckpointError),
    /// Too few witnesses cosigned it.
    #[error("the checkpoint is cosigned by {found} of the policy's witnesses; they are no quorum")]
    Quorum {
        /// How many cosigned it.
        found: usize,
    },
}

impl TrustPolicy {
    /// Reads a policy file.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let mut reader = Reader::default();
        for (number, line) in (1..).zip(text.lines()) {
            reader
                .line(line)
                .map_err(|what| PolicyError::Line { line: number, what })?;
        }
        reader.finish()
    }

    /// The logs it trusts.
    pub fn logs(&self) -> impl Iterator<Item = &Party> {
        self.logs.iter()
    }

    /// The witnesses it trusts, by name.
    pub fn witnesses(&self) -> impl Iterator<Item = (&str, &Party)> {
        self.members
            .iter()
            .filter_map(|(name, member)| match member {
                Member::Witness(party) => Some((name.as_str(), party)),
                Member::Group { .. } => None,
            })
    }

    /// Accepts a signed checkpoint only when one of the logs signed it and a quorum of witnesses
    /// cosigned it.
    pub fn accept(&self, text: &str) -> Result<Checkpoint, PolicyError> {
        let checkpoint = self.signed(text).map_err(PolicyError::Log)?;
        let note = Note::read(text).map_err(|_| PolicyError::Log(CheckpointError::Format))?;
        let seen: BTreeSet<&str> = self
            .witnesses()
            .filter(|(_, party)| cosigned_at(&note, &party.key).is_some())
            .map(|(name, _)| name)
            .collect();
        let quorum = self.quorum.as_deref();
        if quorum.is_none_or(|name| self.witnessed(name, &seen)) {
            Ok(checkpoint)
        } else {
            Err(PolicyError::Quorum { found: seen.len() })
        }
    }

    fn signed(&self, text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut refused = CheckpointError::Signature;
        for log in &self.logs {
            match Checkpoint::parse_and_verify(text, log.key.key()) {
                Ok(checkpoint) if checkpoint.origin() == log.key.name() => return Ok(checkpoint),
                Ok(_) => {}
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    /// Groups name earlier members only, so this ends.
    fn witnessed(&self, name: &str, seen: &BTreeSet<&str>) -> bool {
        match self.members.get(name) {
            Some(Member::Witness(_)) => seen.contains(name),
            Some(Member::Group { needed, names }) => {
                let holds = names.iter().filter(|name| self.witnessed(name, seen));
                holds.count() >= *needed
            }
            None => false,
        }
    }
}

/// Who must agree.
enum Quorum {
    Nobody,
    Member(String),
}

#[derive(Default)]
struct Reader {
    logs: Vec<Party>,
    members: BTreeMap<String, Member>,
    grouped: BTreeSet<String>,
    keys: Vec<Vec<u8>>,
    quorum: Option<Quorum>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        if line
            .bytes()
            .any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7f)
        {
            return Err("it holds a control character");
        }
        let words: Vec<&str> = line
            .split([' ', '\t'])
            .filter(|word| !word.is_empty())
            .collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, needed, members @ ..] => self.group(name, needed, members),
            ["quorum", name] => self.quorum(name),
            _ => Err("it is not a line of a policy"),
        }
    }

    fn log(&mut self, key: &str, url: Option<&&str>) -> Result<(), &'static str> {
        let party = self.party(key, KeyKind::Note, url)?;
        self.logs.push(party);
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&&str>) -> Result<(), &'static str> {
        let party = self.party(key, KeyKind::Cosignature, url)?;
        self.member(name, Member::Witness(party))
    }

    fn party(
        &mut self,
        key: &str,
        kind: KeyKind,
        url: Option<&&str>,
    ) -> Result<Party, &'static str> {
        let key: VerifierKey = key.parse().map_err(|_| "its key is not a verifier key")?;
        if key.kind() != kind {
            return Err("its key is of the wrong kind");
        }
        let raw = key.key().as_bytes().to_vec();
        if self.keys.contains(&raw) || self.keys.len() >= PARTIES_MAX {
            return Err("its key stands in the policy already, or there are too many");
        }
        self.keys.push(raw);
        let url = url.map(|url| (*url).to_owned());
        Ok(Party { key, url })
    }

    fn group(&mut self, name: &str, needed: &str, names: &[&str]) -> Result<(), &'static str> {
        let needed = match needed {
            "any" => 1,
            "all" => names.len(),
            number => number
                .parse()
                .map_err(|_| "it needs `any`, `all` or a number")?,
        };
        if needed < 1 || needed > names.len() {
            return Err("it asks for more members than it has, or for none");
        }
        for member in names {
            if !self.members.contains_key(*member) {
                return Err("it names a member that is not defined before it");
            }
            if !self.grouped.insert((*member).to_owned()) {
                return Err("it names a member of another group");
            }
        }
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.member(name, Member::Group { needed, names })
    }

    fn member(&mut self, name: &str, member: Member) -> Result<(), &'static str> {
        if name == "none" || self.members.insert(name.to_owned(), member).is_some() {
            return Err("its name is taken");
        }
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), &'static str> {
        if self.quorum.is_some() {
            return Err("there is a quorum already");
        }
        if name != "none" && !self.members.contains_key(name) {
            return Err("it names a member that is not defined before it");
        }
        self.quorum = Some(match name {
            "none" => Quorum::Nobody,
            name => Quorum::Member(name.to_owned()),
        });
        Ok(())
    }

    fn finish(self) -> Result<TrustPolicy, PolicyError> {
        let quorum = self.quorum.ok_or(PolicyError::Line {
            line: 0,
            what: "there is no quorum line",
        })?;
        Ok(TrustPolicy {
            logs: self.logs,
            members: self.members,
            quorum: match quorum {
                Quorum::Nobody => None,
                Quorum::Member(name) => Some(name),
            },
        })
    }
}

impl Explain for PolicyError {
    fn code(&self) -> Code {
        match self {
            Self::Line { .. } => codes::POLICY,
            Self::Log(error) => error.code(),
            Self::Quorum { .. } => codes::QUORUM,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Line { .. } => {
                "lines are `log KEY`, `witness NAME KEY`, `group NAME any|all|N MEMBERS` and one \
                 `quorum NAME`"
            }
            Self::Log(_) => "check that the policy names the log's key",
            Self::Quorum { .. } => {
                "get further cosignatures with `cloister audit witness add`, or ask why a witness \
                 does not cosign"
            }
        }
        .to_owned()
    }
}

/// Logs and witnesses together.
const PARTIES_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use seal::{Argon2Cost, Cosigner, DataKey, Keyring, Passphrase, SeededEntropy};

    use super::*;
    use crate::{Tree, cosign, cosigner_key};

    #[test]
    fn a_quorum_of_two_of_three_needs_two() {
        let passphrase = Passphrase::new("correct horse battery staple");
        let entropy = &mut SeededEntropy::new(1);
        let (keyring, _) = Keyring::create(&passphrase, Argon2Cost::light(), entropy).unwrap();
        let data = DataKey::generate(entropy);
        let log = VerifierKey::new("log", KeyKind::Note, keyring.checkpoint_key()).unwrap();
        let mut policy = format!("log {log}\n");
        let names = ["w1", "w2", "w3"];
        for name in names {
            let key = cosigner_key(&Cosigner::of(&data, name), name).unwrap();
            policy += &[
                "witness ",
                name,
                " ",
                &key.to_string(),
                " http://localhost/\n",
            ]
            .concat();
        }
        policy.push_str("group g 2 w1 w2 w3\nquorum g\n");
        let policy = TrustPolicy::parse(&policy).unwrap();
        let mut text = Checkpoint::of("log", &Tree::new()).unwrap().sign(&keyring);
        for (name, accepted) in names.into_iter().zip([false, true, true]) {
            let body = Note::read(&text).unwrap().body().to_owned();
            let time = domain::Timestamp::from_millis(1000);
            text.push_str(&cosign(&Cosigner::of(&data, name), name, &body, time).unwrap());
            assert_eq!(policy.accept(&text).is_ok(), accepted, "{name}");
        }
        let changed = text.replacen("\n0\n", "\n1\n", 1);
        assert!(matches!(policy.accept(&changed), Err(PolicyError::Log(_))));
    }

    #[test]
    fn lines_that_are_no_policy_are_named() {
        for (text, line) in [
            ("quorum none\nquorum none\n", 2),
            ("group g 1 x\nquorum g\n", 1),
            ("log x\n", 1),
            ("# fine\n\nnonsense\n", 3),
            ("", 0),
        ] {
            let error = TrustPolicy::parse(text).unwrap_err();
            assert!(
                matches!(error, PolicyError::Line { line: found, .. } if found == line),
                "{text}: {error}"
            );
        }
    }
}
