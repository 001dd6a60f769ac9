//! Is it DICOM?

use super::{Tag, Vr, dictionary};

/// Whether bytes begin a DICOM file, or a data set that can be nothing else.
///
/// Without the mark `DICM` at byte 128 the first elements must be of group 0002 or 0008, known to
/// the dictionary, in ascending order, with their own value representation or a likely length.
pub(crate) fn is_dicom(head: &[u8]) -> bool {
    head.get(128..132) == Some(b"DICM")
        || is_chain(
            head,
            Form::Explicit {
                is_big_endian: false,
            },
        )
        || is_chain(
            head,
            Form::Explicit {
                is_big_endian: true,
            },
        )
        || is_chain(head, Form::Implicit)
}

#[derive(Clone, Copy)]
enum Form {
    Explicit { is_big_endian: bool },
    Implicit,
}

fn is_chain(head: &[u8], form: Form) -> bool {
    let mut rest = head;
    let mut last = Tag(0, 0);
    for _ in 0..ELEMENTS {
        match element(rest, form) {
            Some((tag, after)) if tag > last => (last, rest) = (tag, after),
            _ => return false,
        }
    }
    true
}

/// The tag of the first element, and what follows it.
fn element(bytes: &[u8], form: Form) -> Option<(Tag, &[u8])> {
    let (header, rest) = bytes.split_first_chunk::<8>()?;
    let &[g0, g1, e0, e1, v0, v1, l0, l1] = header;
    let is_big_endian = matches!(
        form,
        Form::Explicit {
            is_big_endian: true
        }
    );
    let pair = |low, high| {
        if is_big_endian {
            u16::from_be_bytes([low, high])
        } else {
            u16::from_le_bytes([low, high])
        }
    };
    let tag = Tag(pair(g0, g1), pair(e0, e1));
    let is_start = tag.0 == 0x0008 || tag.0 == 0x0002 && !is_big_endian;
    let vr = if tag.1 == 0 {
        Some(Vr::Ul)
    } else {
        dictionary::vr_of(tag)
    };
    let vr = vr.filter(|_| is_start)?;
    let length = match form {
        Form::Implicit => u32::from_le_bytes([v0, v1, l0, l1]),
        Form::Explicit { .. } if Vr::read([v0, v1]) != Some(vr) => return None,
        // Long forms do not stand among the first elements, but for the meta version.
        Form::Explicit { .. } if vr == Vr::Ob => return Some((tag, rest.get(6..)?)),
        Form::Explicit { .. } => u32::from(pair(l0, l1)),
    };
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= LENGTH_MAX)?;
    Some((tag, rest.get(length..)?))
}

const ELEMENTS: usize = 3;
const LENGTH_MAX: usize = 256;
