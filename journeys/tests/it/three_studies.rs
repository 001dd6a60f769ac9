//! three_studies
