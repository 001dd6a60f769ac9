//! Published rules that tell an identifier from any other number.
//!
//! Each is a small pure function over ASCII text without separators, unless it says otherwise.

mod checksum;
mod pattern;

pub use checksum::{dea, iban, luhn, npi, vin};
pub use pattern::{ipv4, ipv6, mbi, nanp_phone, ssn};
