//! Fit, evaluate, compare, watch.
