//! The life of data, one module per stage.
