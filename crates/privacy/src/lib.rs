//! Differential privacy accounting, mechanisms and measurements of leakage.
