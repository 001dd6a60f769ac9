//! One segment of a stream, sealed and opened.

use aws_lc_rs::{
    aead::{Aad, LessSafeKey, Nonce, RandomizedNonceKey},
    error::Unspecified,
};
use zeroize::Zeroizing;

use super::layout::{Header, NONCE, PREFIX, StreamForm, TAG};
use crate::{
    DataKey,
    derivation::derive,
    key::{approved, cipher},
};

/// The key of one stream, at work on its segments.
///
/// The place of a segment is prefix ‖ number (4, big-endian) ‖ 1 if last, else 0. In Tink's form it
/// is the nonce, in the other it is the associated data.
pub(super) struct Segments {
    form: StreamForm,
    prefix: [u8; PREFIX],
    counted: LessSafeKey,
    /// Draws nonces inside the module; there in the form of that name.
    drawn: Option<RandomizedNonceKey>,
}

/// Which segment.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) index: u32,
    pub(super) last: bool,
}

impl Segments {
    /// The key that follows from data key, salt and context.
    pub(super) fn new(header: &Header, key: &DataKey, context: &[u8]) -> Self {
        let mut derived = Zeroizing::new([0; 32]);
        derive(key.bytes(), &header.salt, context, derived.as_mut_slice());
        Self {
            form: header.form,
            prefix: header.prefix,
            counted: cipher(&derived),
            drawn: match header.form {
                StreamForm::Tink => None,
                StreamForm::Drawn => Some(approved(&derived)),
            },
        }
    }

    pub(super) const fn form(&self) -> StreamForm {
        self.form
    }

    /// Opens a sealed segment into `plain`, which has exactly its length.
    pub(super) fn open(&self, at: At, sealed: &[u8], plain: &mut [u8]) -> Result<(), Unspecified> {
        let (lead, rest) = sealed
            .split_at_checked(self.form.lead())
            .ok_or(Unspecified)?;
        let (text, tag) = rest
            .len()
            .checked_sub(TAG)
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(Unspecified)?;
        let place = self.place(at);
        match self.form {
            StreamForm::Tink => {
                let nonce = Nonce::assume_unique_for_key(place);
                self.counted
                    .open_separate_gather(nonce, Aad::empty(), text, tag, plain)
            }
            StreamForm::Drawn => {
                let nonce = Nonce::try_assume_unique_for_key(lead)?;
                self.counted
                    .open_separate_gather(nonce, Aad::from(place), text, tag, plain)
            }
        }
    }

    /// Seals `segment`, whose plain text stands behind the lead and before the room for the tag.
    pub(super) fn seal_in_place(&self, at: At, segment: &mut [u8]) -> Result<(), Unspecified> {
        let place = self.place(at);
        let (lead, rest) = segment
            .split_at_mut_checked(self.form.lead())
            .ok_or(Unspecified)?;
        let length = rest.len().checked_sub(TAG).ok_or(Unspecified)?;
        let (text, room) = rest.split_at_mut_checked(length).ok_or(Unspecified)?;
        let tag = match &self.drawn {
            None => {
                let nonce = Nonce::assume_unique_for_key(place);
                self.counted
                    .seal_in_place_separate_tag(nonce, Aad::empty(), text)?
            }
            Some(drawn) => {
                let (nonce, tag) = drawn.seal_in_place_separate_tag(Aad::from(place), text)?;
                lead.copy_from_slice(nonce.as_ref());
                tag
            }
        };
        room.copy_from_slice(tag.as_ref());
        Ok(())
    }

    /// Seals `plain` into `segment`; in Tink's form without a copy.
    pub(super) fn seal(&self, at: At, plain: &[u8], segment: &mut [u8]) -> Result<(), Unspecified> {
        if self.drawn.is_none() {
            let nonce = Nonce::assume_unique_for_key(self.place(at));
            return self.counted.seal_in_place_scatter(
                nonce,
                Aad::empty(),
                &mut [],
                plain,
                segment,
            );
        }
        let lead = self.form.lead();
        segment
            .get_mut(lead..lead + plain.len())
            .ok_or(Unspecified)?
            .copy_from_slice(plain);
        self.seal_in_place(at, segment)
    }

    fn place(&self, At { index, last }: At) -> [u8; NONCE] {
        let [p0, p1, p2, p3, p4, p5, p6] = self.prefix;
        let [i0, i1, i2, i3] = index.to_be_bytes();
        [p0, p1, p2, p3, p4, p5, p6, i0, i1, i2, i3, u8::from(last)]
    }
}
