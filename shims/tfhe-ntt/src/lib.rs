//! Nothing (decision 9).
//!
//! `fhe-math` lists `tfhe-ntt` among its dependencies and uses it only under a feature that is off
//! here. Its licence reserves commercial use to holders of a patent licence, so it is not built.
