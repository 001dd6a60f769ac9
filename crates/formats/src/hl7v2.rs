//! HL7 version 2 messages: framed, taken apart without a copy, and their texts unescaped.
//!
//! A file holds one message or many, with or without batch headers (`FHS`, `BHS`, `BTS`, `FTS`)
//! and with or without the start and end bytes of MLLP. [`messages`] finds where each begins and
//! ends; [`Message::segments`] and [`Split`] take one apart by its own delimiters; [`Unescaped`]
//! reads a text through the escapes and remembers where each character stood.
//!
//! Lines end in `\r`, `\n` or `\r\n`. A line that does not begin like a segment belongs to the
//! last field of the segment before it: line breaks inside a text are against the standard and
//! common.
//!
//! Source: HL7 version 2.1 to 2.9, chapter 2 (2.5.4 delimiters, 2.7 escapes, 2.10.3 batches);
//! HL7 transport specification MLLP release 1.

mod charset;
mod delimiters;
mod escape;
mod frame;
mod message;
mod split;

pub use self::{
    delimiters::Delimiters,
    escape::Unescaped,
    frame::{Messages, messages},
    message::{Message, Segment, Segments},
    split::Split,
};

/// Whether a head begins like HL7 v2: a header and its delimiter, after a byte order mark and the
/// start byte of MLLP.
pub(crate) fn is_head(head: &[u8]) -> bool {
    let body = frame::after_glue(head);
    let named = HEADERS.iter().take(3).any(|id| body.starts_with(id));
    named
        && body
            .get(3)
            .is_some_and(|byte| delimiters::may_delimit(*byte))
}

/// The segments at which something new begins: file, batch, message, and the two trailers.
const HEADERS: [&[u8]; 5] = [b"MSH", b"FHS", b"BHS", b"BTS", b"FTS"];

#[cfg(test)]
mod tests;
