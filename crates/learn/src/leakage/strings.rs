//! Texts inside a file of weights, so that they can be searched for identifiers.

/// The texts of a file: runs of at least `shortest` printable characters of UTF-8, cut where JSON
/// and vocabularies part their words (quotes, brackets, controls).
///
/// Works on any bytes: safetensors, ONNX, pickles (which are never loaded), vocabularies, logs. What
/// is compressed, encrypted or stored as numbers is not seen.
///
/// ```
/// let file = b"\x00\x01{\"age\":[\"Anna Berg\"]}\xff\xfe1234567";
/// let texts = cloister_learn::leakage::texts(file, 6);
/// assert_eq!(texts, ["Anna Berg", "1234567"]);
/// ```
pub fn texts(bytes: &[u8], shortest: usize) -> Vec<&str> {
    let mut found = Vec::new();
    for chunk in bytes.utf8_chunks() {
        let parts = chunk.valid().split(is_border);
        found.extend(
            parts
                .map(str::trim)
                .filter(|part| part.chars().count() >= shortest.max(1)),
        );
    }
    found
}

fn is_border(letter: char) -> bool {
    letter.is_control() || matches!(letter, '"' | '{' | '}' | '[' | ']' | '<' | '>' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_between_weights_are_found_and_weights_are_not_text() {
        let mut file = vec![0x3f, 0x80, 0, 0, 0xc1, 0xff, 0x7f];
        file.extend("vocab: müller, 555-0142".as_bytes());
        file.extend([0, 0xfe, 0xff]);
        assert_eq!(texts(&file, 8), ["vocab: müller, 555-0142"]);
        assert!(texts(&[0xff; 64], 4).is_empty());
    }
}
