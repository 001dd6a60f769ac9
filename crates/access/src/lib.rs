//! Who you are, what you may do.
//!
//! One question, one answer: [`authorize`] takes a [`Request`] and gives a [`Permit`] or a
//! [`Refusal`]. Every function of `flow` that touches the instance takes the permit, and only
//! [`authorize`] makes one. The rules are the readable files in `policies/`, decided by Cedar.
//!
//! At this depth there is one local operator with one role: no log-in, no factors, no grants per
//! dataset and no grants that expire.

pub mod codes;
mod matrix;
mod operator;
mod permit;
mod policies;
mod question;
mod refusal;
mod request;
mod resource;

pub use codes::CODES;
pub use matrix::matrix;
pub use operator::Operator;
pub use permit::{Permit, authorize};
pub use policies::{Policies, PolicyError};
pub use refusal::{Reason, Refusal};
pub use request::Request;
pub use resource::{DataState, Resource, ResourceKind};
