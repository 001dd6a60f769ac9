//! Keys, ciphers, signatures, password hashes: the one room that names a crypto library.
