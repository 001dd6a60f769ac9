//! Where things stand in a sealed stream.

use crate::OpenError;

/// How the segments of a stream get their nonces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamForm {
    /// Tink's `AES256_GCM_HKDF_1MB`: nonces are counted and not stored. Programs that know Tink
    /// read it; the validated module does not count sealing it as an approved service.
    Tink,
    /// Every segment begins with a nonce that the crypto module drew itself, which is an approved
    /// service (NIST SP 800-38D, 8.2.2); 12 bytes a MiB longer, and ours alone.
    Drawn,
}

impl StreamForm {
    /// The form that this build writes: [`StreamForm::Drawn`] with the feature `fips`, else
    /// [`StreamForm::Tink`]. Every build reads both.
    pub const fn of_this_build() -> Self {
        if cfg!(feature = "fips") {
            Self::Drawn
        } else {
            Self::Tink
        }
    }

    /// The length of the sealed form of `plain` bytes: 40 bytes of header, and for each segment 16
    /// or 28.
    ///
    /// ```
    /// use cloister_seal::StreamForm;
    /// assert_eq!(StreamForm::Tink.sealed_length(0), 56);
    /// assert_eq!(StreamForm::Tink.sealed_length(1_048_520), 1_048_576);
    /// assert_eq!(StreamForm::Tink.sealed_length(1_048_521), 1_048_593);
    /// assert_eq!(StreamForm::Drawn.sealed_length(0), 68);
    /// ```
    pub const fn sealed_length(self, plain: u64) -> u64 {
        let full = (SEGMENT - self.overhead()) as u64;
        let segments = match (plain.saturating_add(HEADER as u64)).div_ceil(full) {
            0 => 1,
            segments => segments,
        };
        plain
            .saturating_add(HEADER as u64)
            .saturating_add(segments.saturating_mul(self.overhead() as u64))
    }

    /// Bytes of a segment that stand before its ciphertext.
    pub(super) const fn lead(self) -> usize {
        match self {
            Self::Tink => 0,
            Self::Drawn => NONCE,
        }
    }

    /// Bytes of a segment that are not ciphertext.
    pub(super) const fn overhead(self) -> usize {
        self.lead() + TAG
    }

    pub(super) const fn header_byte(self) -> u8 {
        match self {
            Self::Tink => 40,
            Self::Drawn => 41,
        }
    }
}

/// The first bytes of a stream.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) form: StreamForm,
    pub(super) salt: [u8; SALT],
    pub(super) prefix: [u8; PREFIX],
}

impl Header {
    pub(super) fn parse(header: &[u8]) -> Result<Self, OpenError> {
        let short = OpenError::Header {
            length: header.len() as u64,
        };
        let (&first, rest) = header.split_first().ok_or_else(|| short.clone())?;
        let form = [StreamForm::Tink, StreamForm::Drawn]
            .into_iter()
            .find(|form| form.header_byte() == first)
            .ok_or(OpenError::Format)?;
        let (salt, rest) = rest.split_first_chunk().ok_or_else(|| short.clone())?;
        let prefix = rest.first_chunk().ok_or(short)?;
        Ok(Self {
            form,
            salt: *salt,
            prefix: *prefix,
        })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let first = [self.form.header_byte()];
        [first.as_slice(), &self.salt, &self.prefix].concat()
    }
}

/// The length of segment `index`, sealed, when it is full.
pub(super) const fn segment_length(index: u64) -> usize {
    if index == 0 {
        SEGMENT - HEADER
    } else {
        SEGMENT
    }
}

/// Where segment `index` starts in the sealed object.
pub(super) const fn segment_offset(index: u64) -> u64 {
    if index == 0 {
        HEADER as u64
    } else {
        index.saturating_mul(SEGMENT as u64)
    }
}

pub(super) const SEGMENT: usize = 1 << 20;
pub(super) const SALT: usize = 32;
pub(super) const PREFIX: usize = 7;
pub(super) const HEADER: usize = 1 + SALT + PREFIX;
pub(super) const NONCE: usize = 12;
pub(super) const TAG: usize = 16;
