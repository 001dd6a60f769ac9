//! Delimiter and spacing of a CSV file, from its first lines.

/// How fields are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// `,` `;` tab or `|`.
    pub(crate) delimiter: u8,
    /// Every delimiter of the header is followed by a space; it belongs to no field.
    pub(crate) spaced: bool,
}

/// The evidence that the lines of `head` are rows of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) dialect: Dialect,
    /// Fields of the first line.
    pub(crate) fields: usize,
    /// Complete lines with as many fields, the first one included.
    pub(crate) lines: usize,
    /// Whether all complete lines looked at have as many fields.
    pub(crate) even: bool,
}

impl Dialect {
    /// The dialect of a file that begins with `head`; comma where nothing speaks for another.
    pub(crate) fn sniff(head: &[u8]) -> Self {
        Shape::of(head).dialect
    }
}

impl Shape {
    /// The most convincing shape: even lines before uneven, then the one with more fields.
    pub(crate) fn of(head: &[u8]) -> Self {
        let mut best = Self::by(head, b',');
        for delimiter in DELIMITERS {
            let shape = Self::by(head, delimiter);
            if shape.fields > 1
                && (best.fields < 2 || (shape.even, shape.fields) > (best.even, best.fields))
            {
                best = shape;
            }
        }
        best
    }

    fn by(head: &[u8], delimiter: u8) -> Self {
        let counts = field_counts(head, delimiter);
        let fields = counts.first().copied().unwrap_or(1);
        let lines = counts.iter().filter(|count| **count == fields).count();
        Self {
            dialect: Dialect {
                delimiter,
                spaced: is_spaced(head, delimiter),
            },
            fields,
            lines,
            even: lines == counts.len(),
        }
    }
}

/// Fields per line outside quotes, of up to `LINES` lines; the last line only if it is the first.
fn field_counts(head: &[u8], delimiter: u8) -> Vec<usize> {
    let (mut counts, mut fields, mut quoted, mut blank) = (Vec::new(), 1_usize, false, true);
    for byte in head {
        match *byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                if !blank {
                    counts.push(fields);
                }
                (fields, blank) = (1, true);
                if counts.len() == LINES {
                    return counts;
                }
                continue;
            }
            byte if byte == delimiter && !quoted => fields += 1,
            _ => {}
        }
        blank = blank && *byte == b'\r';
    }
    if counts.is_empty() && !blank {
        counts.push(fields);
    }
    counts
}

/// Whether each delimiter of the first line is followed by a space and no field is only spaces.
fn is_spaced(head: &[u8], delimiter: u8) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut fields = line.split(|byte| *byte == delimiter);
    let first = fields.next();
    let mut rest = fields.peekable();
    delimiter != b'\t'
        && rest.peek().is_some()
        && first.is_some_and(|field| !field.starts_with(b" "))
        && rest.all(|field| field.starts_with(b" ") && field.trim_ascii() != b"")
}

const DELIMITERS: [u8; 3] = *b";\t|";
const LINES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delimiter_is_found_and_a_quoted_one_is_not_counted() {
        for delimiter in *b",;\t|" {
            let text = "a,b,c\n\"1,2;3|4\t5\",2,3\n".replace("c\n", "c\n1,2,3\n");
            let text: Vec<u8> = text
                .bytes()
                .map(|byte| if byte == b',' { delimiter } else { byte })
                .collect();
            assert_eq!(Dialect::sniff(&text).delimiter, delimiter);
        }
    }

    #[test]
    fn decimal_commas_do_not_win_over_semicolons() {
        assert_eq!(
            Dialect::sniff(b"id;x;y\n1;2,5;3\n2;1,5;3,25\n").delimiter,
            b';'
        );
    }

    #[test]
    fn a_space_after_each_delimiter_is_part_of_it() {
        assert!(Dialect::sniff(b"age, workclass\n39, State-gov\n").spaced);
        assert!(!Dialect::sniff(b"age,workclass\n39, State-gov\n").spaced);
    }
}
