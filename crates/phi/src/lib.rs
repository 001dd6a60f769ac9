//! Find identifiers and take them out.
