//! Duties, and what proves them.
//!
//! The [`Catalogue`] is three tables compiled into the program: 307 requirements, 42 more that
//! HIPAA or its neighbours ask for besides, and the 149 citations behind them. A [`Control`] says
//! what the product does about a requirement, which evidence shows it, which test tries the
//! forbidden act, and what is not covered. [`standing`] computes the state from the evidence at
//! hand; a state is never typed in, and without evidence nothing holds.
//!
//! This is evidence, not a certificate: whether an organisation keeps the law is for people to say.
//!
//! Not here yet: signed attestations have a place in [`EvidenceIndex`] but nothing collects them;
//! retention schedules, the breach clock, agreements, training records and incidents.

mod catalogue;
mod citation;
pub mod codes;
mod control;
mod controls;
mod evidence;
mod requirement;
mod standing;
mod summary;

pub use catalogue::{Catalogue, CatalogueError, catalogue};
pub use citation::{Citation, Duty};
pub use codes::CODES;
pub use control::{Control, Coverage, control, controls, referenced_tests};
pub use evidence::{Attested, Entry, EvidenceIndex, EvidenceKind};
pub use requirement::{Mode, Origin, Requirement};
pub use standing::{Standing, State, standing};
pub use summary::{Summary, summary};
