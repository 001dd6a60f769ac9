//! Duties, deadlines and what proves them.
