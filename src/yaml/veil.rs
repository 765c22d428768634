//! Text that is worked with and never shown.
//!
//! Invariant: `Debug` of a [`Veiled`] gives a size. A type that keeps text of the input in one may derive `Debug`, and no
//! message can be made of it without a `*` that a reader sees.
//!
//! Deliberately absent: `Display`, and a wiped memory. What is veiled here stands in the input beside it.

use std::fmt;
use std::ops::Deref;

/// Text that may be a secret or hold one.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Veiled<T>(pub T);

impl<T: AsRef<str>> fmt::Debug for Veiled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.as_ref().len())
    }
}

impl<T> Deref for Veiled<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Veiled<T> {
    fn from(text: T) -> Self {
        Self(text)
    }
}

impl From<&str> for Veiled<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_debug_shows_a_size() {
        #[derive(Debug)]
        #[expect(dead_code, reason = "read by Debug only")]
        struct Holder<'t>(
            Veiled<String>,
            Vec<Veiled<&'t str>>,
            Option<Veiled<std::borrow::Cow<'t, str>>>,
        );

        let holder = Holder("hunter2".into(), vec![Veiled("hunter")], Some(Veiled("hunt".into())));
        assert_eq!(format!("{holder:?}"), "Holder(7 bytes, [6 bytes], Some(4 bytes))");
        assert!(!format!("{holder:#?}").contains("hunt"));
    }
}
