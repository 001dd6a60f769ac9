//! A person's day, against the built program: the journeys live in `tests/it`, one module a person
//! or a theme; this crate ships nothing.
