use serde::Serialize;

/// A paragraph of the HIPAA rules, with its text in our own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The paragraph within 45 CFR, such as `164.312(b)`.
    pub paragraph: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Whether it must be implemented.
    pub duty: Duty,
    /// What it says.
    pub text: &'static str,
}

/// Whether a paragraph must be implemented, 45 CFR 164.306(d).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Duty {
    /// Required.
    Required,
    /// Addressable: implement it, or document why not and what does the same. Not optional.
    Addressable,
    /// A definition or a scope: nothing to implement.
    Neither,
}

impl Duty {
    /// `R`, `A` or `-`, as in Appendix A to Subpart C of part 164.
    pub const fn letter(self) -> char {
        match self {
            Self::Required => 'R',
            Self::Addressable => 'A',
            Self::Neither => '-',
        }
    }

    pub(crate) fn parse(letter: &str) -> Option<Self> {
        match letter {
            "R" => Some(Self::Required),
            "A" => Some(Self::Addressable),
            "-" => Some(Self::Neither),
            _ => None,
        }
    }
}

impl Citation {
    /// Whether a reference as written in a requirement means this paragraph: the paragraph itself,
    /// one below it, one above it, or one within a range such as `164.308(a)(4)(ii)(B)-(C)`.
    ///
    /// A range is taken by its two ends; that its ends are in the table is tested.
    pub fn is_meant_by(&self, reference: &str) -> bool {
        let own = ends(self.paragraph);
        ends(reference).iter().any(|end| {
            own.iter()
                .any(|paragraph| is_within(end, paragraph) || is_within(paragraph, end))
        })
    }
}

/// The paragraphs that a reference names: itself, or the two ends of a range.
fn ends(reference: &str) -> Vec<String> {
    let reference = reference.split(' ').next().unwrap_or_default();
    let Some((first, last)) = reference.split_once('-') else {
        return vec![reference.to_owned()];
    };
    let last = if last.starts_with('(') {
        let stem = first.rfind('(').and_then(|at| first.get(..at));
        format!("{}{last}", stem.unwrap_or_default())
    } else {
        last.to_owned()
    };
    vec![first.to_owned(), last]
}

/// `164.312(a)(1)` is within `164.312(a)`, and within itself; `164.3` contains neither.
fn is_within(paragraph: &str, above: &str) -> bool {
    paragraph
        .strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(paragraph: &'static str) -> Citation {
        Citation {
            paragraph,
            title: "",
            duty: Duty::Required,
            text: "",
        }
    }

    #[test]
    fn a_reference_means_its_paragraph_those_below_and_those_above() {
        let access = paragraph("164.312(a)(1)");
        assert!(access.is_meant_by("164.312(a)(1)"));
        assert!(access.is_meant_by("164.312"));
        assert!(access.is_meant_by("164.312(a)(1)(ii)"));
        assert!(!access.is_meant_by("164.312(b)"));
        assert!(!access.is_meant_by("164.31"));
    }

    #[test]
    fn a_range_means_both_of_its_ends() {
        assert!(paragraph("164.308(a)(4)(ii)(C)").is_meant_by("164.308(a)(4)(ii)(B)-(C)"));
        assert!(paragraph("164.408").is_meant_by("164.404-164.408"));
        assert!(!paragraph("164.410").is_meant_by("164.404-164.408"));
        assert!(paragraph("164.404(a)-(b)").is_meant_by("164.404(b)"));
    }
}
