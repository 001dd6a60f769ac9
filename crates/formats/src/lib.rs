//! Untrusted bytes in, record batches or documents out, and back.
