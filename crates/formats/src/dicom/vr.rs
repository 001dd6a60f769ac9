/// A value representation: how a value is written (PS3.5 section 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the two letters of the standard say it all")]
pub enum Vr {
    Ae,
    As,
    At,
    Cs,
    Da,
    Ds,
    Dt,
    Fd,
    Fl,
    Is,
    Lo,
    Lt,
    Ob,
    Od,
    Of,
    Ol,
    Ov,
    Ow,
    Pn,
    Sh,
    Sl,
    Sq,
    Ss,
    St,
    Sv,
    Tm,
    Uc,
    Ui,
    Ul,
    Un,
    Ur,
    Us,
    Ut,
    Uv,
}

impl Vr {
    /// The value representation behind the two letters.
    pub fn read(letters: [u8; 2]) -> Option<Self> {
        LETTERS
            .iter()
            .find(|(known, _)| **known == letters)
            .map(|(_, vr)| *vr)
    }

    /// The two letters.
    pub fn letters(self) -> [u8; 2] {
        LETTERS
            .iter()
            .find(|(_, vr)| *vr == self)
            .map_or(*b"UN", |(letters, _)| **letters)
    }

    /// Whether values are text in the character set of the data set.
    pub const fn has_charset(self) -> bool {
        matches!(
            self,
            Self::Lo | Self::Lt | Self::Pn | Self::Sh | Self::St | Self::Uc | Self::Ut
        )
    }

    /// Whether a backslash separates several values.
    pub const fn has_many_values(self) -> bool {
        matches!(
            self,
            Self::Ae
                | Self::As
                | Self::Cs
                | Self::Da
                | Self::Ds
                | Self::Dt
                | Self::Is
                | Self::Lo
                | Self::Pn
                | Self::Sh
                | Self::Tm
                | Self::Uc
                | Self::Ui
        )
    }

    /// Whether the value is written with characters.
    pub const fn is_text(self) -> bool {
        self.has_many_values() || matches!(self, Self::Lt | Self::St | Self::Ut | Self::Ur)
    }

    /// Whether the length takes four bytes, after two that are reserved (PS3.5 section 7.1.2).
    pub(super) const fn is_long(self) -> bool {
        matches!(
            self,
            Self::Ob
                | Self::Od
                | Self::Of
                | Self::Ol
                | Self::Ov
                | Self::Ow
                | Self::Sq
                | Self::Sv
                | Self::Uc
                | Self::Un
                | Self::Ur
                | Self::Ut
                | Self::Uv
        )
    }

    /// What fills a value up to an even length.
    pub(super) const fn padding(self) -> u8 {
        if self.is_text() && !matches!(self, Self::Ui) {
            b' '
        } else {
            0
        }
    }
}

const LETTERS: &[(&[u8; 2], Vr)] = &[
    (b"AE", Vr::Ae),
    (b"AS", Vr::As),
    (b"AT", Vr::At),
    (b"CS", Vr::Cs),
    (b"DA", Vr::Da),
    (b"DS", Vr::Ds),
    (b"DT", Vr::Dt),
    (b"FD", Vr::Fd),
    (b"FL", Vr::Fl),
    (b"IS", Vr::Is),
    (b"LO", Vr::Lo),
    (b"LT", Vr::Lt),
    (b"OB", Vr::Ob),
    (b"OD", Vr::Od),
    (b"OF", Vr::Of),
    (b"OL", Vr::Ol),
    (b"OV", Vr::Ov),
    (b"OW", Vr::Ow),
    (b"PN", Vr::Pn),
    (b"SH", Vr::Sh),
    (b"SL", Vr::Sl),
    (b"SQ", Vr::Sq),
    (b"SS", Vr::Ss),
    (b"ST", Vr::St),
    (b"SV", Vr::Sv),
    (b"TM", Vr::Tm),
    (b"UC", Vr::Uc),
    (b"UI", Vr::Ui),
    (b"UL", Vr::Ul),
    (b"UN", Vr::Un),
    (b"UR", Vr::Ur),
    (b"US", Vr::Us),
    (b"UT", Vr::Ut),
    (b"UV", Vr::Uv),
];
