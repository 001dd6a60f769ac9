//! The classes a word may belong to, as a set.

use std::ops::BitOr;

/// A set of word classes; a word such as `Rose` belongs to several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class(u64);

impl Class {
    /// No class: an unknown word.
    pub(crate) const NONE: Self = Self(0);

    /// Whether the word is in any of these classes.
    #[inline]
    pub(crate) const fn has(self, classes: Self) -> bool {
        self.0 & classes.0 != 0
    }

    /// The set as a number.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The classes of either, in a constant.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The classes of both.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Without these classes.
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for Class {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        impl Class {
            $($(#[$doc])* pub(crate) const $name: Self = Self(1 << $bit);)*
        }
    };
}

classes! {
    /// A given name.
    GIVEN = 0;
    /// A surname.
    SURNAME = 1;
    /// A frequent given name or surname.
    FREQUENT = 2;
    /// An everyday or clinical word.
    COMMON = 3;
    /// Any other English word.
    RARE = 4;
    /// A drug, test, abbreviation or heading: never a name by itself.
    MEDICAL = 5;
    /// A name that stands in medical terms.
    EPONYM = 6;
    /// A word that follows an eponym: disease, sign, catheter.
    HEAD = 7;
    /// A town or city.
    CITY = 8;
    /// One of the largest cities.
    BIG = 9;
    /// The first word of a phrase in the table.
    PHRASE_START = 10;
    /// A county.
    COUNTY = 11;
    /// A country.
    COUNTRY = 12;
    /// A state, in full.
    STATE = 13;
    /// A state's two letters.
    STATE_CODE = 14;
    /// A month.
    MONTH = 15;
    /// A day of the week.
    WEEKDAY = 16;
    /// A kind of street.
    STREET = 17;
    /// North, NW.
    DIRECTION = 18;
    /// Hospital, university: a name before it is a facility's.
    FACILITY = 19;
    /// Inc, Ltd: a name before it is a company's.
    COMPANY = 20;
    /// A word that does not make a facility's name: emergency, primary.
    GENERIC = 21;
    /// Dr, Mrs.
    TITLE = 22;
    /// MD, RN.
    CREDENTIAL = 23;
    /// Jr, III.
    SUFFIX = 24;
    /// van, de la.
    PARTICLE = 25;
    /// wife, uncle.
    RELATION = 26;
    /// patient, nurse.
    PERSON = 27;
    /// A label before a name: name, attending, informant.
    NAME_LABEL = 28;
    /// Dear, Hello.
    GREETING = 29;
    /// signed, dictated, cc.
    SIGNER = 30;
    /// reports, denies: what people do.
    PERSON_VERB = 31;
    /// A function word, never in a name.
    STOP = 32;
    /// mg, mL.
    UNIT = 33;
    /// room, suite.
    ROOM = 34;
    /// lives, born: a place follows.
    LIVES = 35;
    /// works, employed: an employer follows.
    WORKS = 36;
    /// A medical record number follows.
    CUE_RECORD = 37;
    /// An account number follows.
    CUE_ACCOUNT = 38;
    /// A health plan number follows.
    CUE_PLAN = 39;
    /// A licence number follows.
    CUE_LICENSE = 40;
    /// A device identifier follows.
    CUE_DEVICE = 41;
    /// A vehicle identifier follows.
    CUE_VEHICLE = 42;
    /// A social security number follows.
    CUE_SSN = 43;
    /// A phone number follows.
    CUE_PHONE = 44;
    /// A fax number follows.
    CUE_FAX = 45;
    /// Some other number follows.
    CUE_ID = 46;
    /// A biometric identifier follows.
    CUE_BIOMETRIC = 47;
    /// A code of a terminology follows: never an identifier.
    CODE = 48;
    /// number, no, id: stands between a cue and its value.
    NUMBER_WORD = 49;
    /// aged, age.
    AGE_WORD = 50;
    /// on, since: a date may follow.
    DATE_CUE = 51;
    /// American, Hispanic.
    DEMONYM = 52;
    /// A postal code follows.
    CUE_ZIP = 53;
    /// An everyday word that is more often a name when capitalised.
    NAME_FIRST = 54;
    /// BP, strength: a score or measurement follows.
    MEASURE = 55;
    /// A feast day.
    HOLIDAY = 56;
    /// A web domain's ending.
    DOMAIN = 57;
    /// A word for seeing or calling a person: with, by, per, saw.
    CONTACT = 58;
    /// Dialysis, Practice: closes a facility's name if what stands before is a place or surname.
    CARE = 59;
    /// Presbyterian, Methodist: opens or closes a hospital's name.
    DENOMINATION = 60;
    /// A word of medicine that general prose does not use: shows what kind of text this is.
    CLINICAL = 61;
    /// A word of streets abroad: rue, ulica, utca.
    ROAD = 62;
    /// Park, bridge, airport: a name before it is a landmark's.
    LANDMARK = 63;
}
