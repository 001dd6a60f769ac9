use std::fmt;

use domain::{Code, Digest, Explain};
use thiserror::Error;

use crate::{Request, codes};

/// The answer no, with the rules behind it.
///
/// The message names role, act, kind and state of the resource and the rules; never the
/// resource's name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct Refusal {
    request: Box<Request>,
    reason: Reason,
    decision: Digest,
}

/// Why the answer is no.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No rule permits the act.
    NoRulePermits,
    /// These rules forbid it (`@id` of each, in alphabetical order), with their paragraphs.
    Forbidden {
        /// The rules.
        rules: Vec<String>,
        /// The paragraphs they answer, without repetition.
        citations: Vec<String>,
    },
    /// The act is not defined for this kind of resource, or the kind cannot be in this state.
    Malformed,
    /// A rule could not be evaluated; what cannot be decided is refused.
    Undecided,
}

impl Refusal {
    pub(crate) fn new(request: Request, reason: Reason, decision: Digest) -> Self {
        Self {
            request: Box::new(request),
            reason,
            decision,
        }
    }

    /// What was asked.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// Why the answer is no.
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The rules that forbade the act; empty when none permitted it.
    pub fn rules(&self) -> &[String] {
        match &self.reason {
            Reason::Forbidden { rules, .. } => rules,
            _ => &[],
        }
    }

    /// Digest of the policies, the request and the answer.
    pub const fn decision(&self) -> Digest {
        self.decision
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request {
            operator,
            action,
            resource,
            ..
        } = &*self.request;
        write!(
            f,
            "the role `{}` may not `{action}` ({}, {}): ",
            operator.role, resource.kind, resource.state
        )?;
        match &self.reason {
            Reason::NoRulePermits => f.write_str("no rule permits it"),
            Reason::Forbidden { rules, citations } => write!(
                f,
                "forbidden by `{}` ({})",
                rules.join("`, `"),
                citations.join(", ")
            ),
            Reason::Malformed => f.write_str("the act is not defined for it"),
            Reason::Undecided => f.write_str("the rules could not be applied"),
        }
    }
}

impl Explain for Refusal {
    fn code(&self) -> Code {
        match self.reason {
            Reason::NoRulePermits => codes::NOT_PERMITTED,
            Reason::Forbidden { .. } => codes::FORBIDDEN,
            Reason::Malformed | Reason::Undecided => codes::UNDECIDED,
        }
    }

    fn help(&self) -> String {
        match &self.reason {
            Reason::Forbidden { rules, .. } if rules.iter().any(|rule| rule == DECLARE) => {
                "declare `purpose` and `legal-basis` in the study".to_owned()
            }
            Reason::NoRulePermits | Reason::Forbidden { .. } => {
                "see `cloister access matrix` for the roles that may, and under which conditions"
                    .to_owned()
            }
            Reason::Malformed | Reason::Undecided => {
                "this is refused to be safe; report it with the log entry of the refusal".to_owned()
            }
        }
    }
}

const DECLARE: &str = "purpose-and-basis-are-declared";
