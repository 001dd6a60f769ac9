//! Values that are valid and say nothing.

use formats::dicom::{Charset, Element, Value, Vr};

use crate::kind::Kind;

/// Whether a code or the year may stand in for the value: not for what is only known to be text.
pub(super) const fn may_say_something(kind: Kind, vr: Vr) -> bool {
    let is_known = !matches!(
        kind,
        Kind::Text | Kind::Undecided | Kind::Quasi | Kind::Clinical | Kind::State
    );
    match vr {
        Vr::Da | Vr::Dt => matches!(kind, Kind::Date | Kind::BirthDate),
        Vr::Lo | Vr::Sh | Vr::Uc | Vr::Pn | Vr::Ut | Vr::St | Vr::Lt => is_known,
        _ => false,
    }
}

/// Whether a text is short enough for its representation (PS3.5 table 6.2-1).
pub(super) fn fits(text: &str, vr: Vr) -> bool {
    text.chars().count() <= characters_max(vr)
}

/// Appends a rewritten text; codes in it give way where there is no room for them.
///
/// `[NAME-7K3Q9DXM]` becomes `[NAME]`; a text that is too long even so is left out.
pub(super) fn push_fitting(text: &str, vr: Vr, output: &mut String) {
    if fits(text, vr) {
        return output.push_str(text);
    }
    let short = without_codes(text);
    if fits(&short, vr) {
        output.push_str(&short);
    }
}

fn without_codes(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tagged)) = rest.split_once('[') {
        short.push_str(before);
        short.push('[');
        rest = tagged;
        if let Some((tag, after)) = tagged.split_once(']')
            && let Some((word, _)) = tag.split_once('-')
            && word.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            short.push_str(if word == "PLAN" { "HEALTH_PLAN" } else { word });
            short.push(']');
            rest = after;
        }
    }
    short.push_str(rest);
    short
}

/// Puts a constant in place of the value.
pub(super) fn put(element: &mut Element<'_>) {
    let text = match element.vr {
        Vr::Da => "19000101",
        Vr::Dt => "1900",
        Vr::Tm => "000000",
        Vr::Pn => "ANONYMOUS",
        Vr::Ae | Vr::Cs | Vr::Sh => "ANON",
        Vr::As => "000Y",
        Vr::Ds | Vr::Is => "0",
        Vr::Ur => "https://deidentified.invalid/",
        Vr::Lo | Vr::Lt | Vr::St | Vr::Uc | Vr::Ut => "ANONYMIZED",
        _ => return put_zeros(element),
    };
    element.set_text(text, Charset::default());
}

/// Numbers become zeros of the same count; a document or certificate becomes two zero bytes.
fn put_zeros(element: &mut Element<'_>) {
    let length = match (&element.value, element.vr) {
        (Value::Bytes(bytes), Vr::At | Vr::Fd | Vr::Fl | Vr::Sl | Vr::Ss | Vr::Ul | Vr::Us) => {
            bytes.len()
        }
        (Value::Bytes(bytes), Vr::Sv | Vr::Uv | Vr::Od | Vr::Ov) => bytes.len().min(8),
        (Value::Bytes(_), Vr::Of | Vr::Ol) => 4,
        (Value::Bytes(_), _) => 2,
        _ => 0,
    };
    element.value = Value::Bytes(vec![0; length].into());
}

const fn characters_max(vr: Vr) -> usize {
    match vr {
        Vr::Ae | Vr::Cs | Vr::Sh => 16,
        Vr::Lo | Vr::Pn | Vr::Ui => 64,
        Vr::St => 1_024,
        Vr::Lt => 10_240,
        _ => usize::MAX,
    }
}
