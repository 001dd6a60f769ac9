use std::fmt;

/// A value that may identify a person, wrapped so that it cannot be printed by accident.
///
/// There is no `Display`; `Debug` shows `[PHI]`; the one way out is the greppable
/// [`Phi::expose`].
///
/// ```
/// use cloister_domain::Phi;
/// let name = Phi::new("Ada Example".to_owned());
/// assert_eq!(format!("{name:?}"), "[PHI]");
/// assert_eq!(name.expose(), "Ada Example");
/// ```
///
/// ```compile_fail
/// use cloister_domain::Phi;
/// println!("{}", Phi::new("Ada Example"));
/// ```
///
/// Source: 45 CFR 164.312(a)(1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: every call is a place to review.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value up.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[PHI]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_value() {
        assert_eq!(format!("{:?}", Phi::new("555-12-3456")), "[PHI]");
        assert_eq!(format!("{:?}", Some(Phi::new(42))), "Some([PHI])");
    }
}
