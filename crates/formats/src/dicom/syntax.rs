use std::borrow::Cow;

/// A transfer syntax: how the data set of a file is written (PS3.5 section 10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syntax {
    uid: Cow<'static, str>,
}

impl Syntax {
    /// Implicit VR little endian.
    pub const IMPLICIT_LITTLE: Self = Self::fixed("1.2.840.10008.1.2");
    /// Explicit VR little endian.
    pub const EXPLICIT_LITTLE: Self = Self::fixed("1.2.840.10008.1.2.1");
    /// Explicit VR big endian, retired.
    pub const EXPLICIT_BIG: Self = Self::fixed("1.2.840.10008.1.2.2");

    const fn fixed(uid: &'static str) -> Self {
        Self {
            uid: Cow::Borrowed(uid),
        }
    }

    /// The transfer syntax of a UID; any that is not known here is taken for an encapsulated one,
    /// whose data set is explicit VR little endian.
    pub fn of(uid: &str) -> Self {
        Self {
            uid: Cow::Owned(uid.to_owned()),
        }
    }

    /// The UID.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// Whether value representations are written.
    pub fn is_explicit(&self) -> bool {
        self.uid != Self::IMPLICIT_LITTLE.uid
    }

    /// Whether numbers begin with their highest byte.
    pub fn is_big_endian(&self) -> bool {
        self.uid == Self::EXPLICIT_BIG.uid
    }

    /// Whether pixel data is compressed or otherwise wrapped in fragments.
    pub fn is_encapsulated(&self) -> bool {
        self.is_explicit() && !self.is_big_endian() && self.uid != Self::EXPLICIT_LITTLE.uid
    }

    /// Whether the data set itself is compressed: it is not read here.
    pub(super) fn is_deflated(&self) -> bool {
        DEFLATED.contains(&self.uid.as_ref())
    }
}

const DEFLATED: [&str; 3] = [
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.4.95",
    "1.2.840.10008.1.2.4.205",
];
