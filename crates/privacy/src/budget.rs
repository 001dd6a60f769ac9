//! What a dataset has spent and whether it can bear more: events, entries and the filter.

mod account;
mod event;
mod spending;

pub use account::{Account, BudgetExceeded, Entry, EntryState, Remaining, Spent};
pub(crate) use event::MOST_ATOMS;
pub use event::MechanismEvent;
pub use spending::Spending;
