//! A synthetic hospital whose truth is known exactly.
