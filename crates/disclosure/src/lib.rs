//! How much a release reveals: statistical disclosure control.
