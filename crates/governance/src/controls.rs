//! What the product does about each requirement, one file per group of areas.
//!
//! A requirement without an entry is not covered. `Full` is claimed only when both the text and the
//! `software` column of the requirement are met through every door there is today.

mod access;
mod audit;
mod deidentify;
mod encrypt;
mod minimise;
mod privacy;
mod registry;

use crate::Control;

pub(crate) const ALL: [&[Control]; 7] = [
    minimise::CONTROLS,
    deidentify::CONTROLS,
    privacy::CONTROLS,
    encrypt::CONTROLS,
    access::CONTROLS,
    audit::CONTROLS,
    registry::CONTROLS,
];
