//! Replacements over one text, applied once.
//!
//! Invariant: edits are sorted and disjoint, in the coordinates of the original text; only [`Edits::new`] makes them.
//!
//! Deliberately absent: offsets that shift. Nothing is computed about the new text but its length.

use super::source::{Pos, Span};
use super::veil::Veiled;

/// One replacement. Inserting is replacing an empty span; deleting is replacing by nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// Which bytes of the original go.
    pub span: Span,
    /// What stands in their place.
    pub text: Veiled<String>,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: Span, text: impl Into<Veiled<String>>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }

    /// Puts `text` in front of the byte at `at`.
    pub fn insert(at: usize, text: impl Into<Veiled<String>>) -> Self {
        Self::replace(Span::at(Pos::new(at)), text)
    }

    /// Takes the bytes from `start` to `end` away.
    #[must_use]
    pub fn delete(start: usize, end: usize) -> Self {
        Self::replace(Span::of(start, end), "")
    }
}

/// What to write over a text, and where.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Edits {
    /// Invariant: sorted by span and pairwise disjoint; no two begin at the same byte unless the first is an insertion.
    sorted: Vec<Edit>,
}

impl Edits {
    /// Sorts the edits.
    ///
    /// # Errors
    /// Two edits that want the same bytes, or two insertions at one place, which would have no order.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, Conflict> {
        edits.sort_by_key(|edit| edit.span);
        match edits.windows(2).find(|pair| collide(&pair[0], &pair[1])) {
            Some(pair) => Err(Conflict(pair[0].span, pair[1].span)),
            None => Ok(Self { sorted: edits }),
        }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The edits, first to last.
    #[expect(clippy::iter_without_into_iter, reason = "nothing loops over edits but by chains")]
    pub fn iter(&self) -> std::slice::Iter<'_, Edit> {
        self.sorted.iter()
    }

    /// The text with every edit made: one pass, copying forward.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let grown: usize = self.sorted.iter().map(|edit| edit.text.len()).sum();
        let mut out = String::with_capacity(text.len() + grown);
        out.extend(self.pieces(text));
        out
    }

    /// The same, in pieces: what stays, and what stands in the place of what goes.
    pub fn pieces<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let ends = std::iter::once(Pos::START).chain(self.sorted.iter().map(|edit| edit.span.end()));
        let starts = self.sorted.iter().map(|edit| edit.span.start());
        let starts = starts.chain([Pos::new(text.len())]);
        let new = self.sorted.iter().map(|edit| edit.text.as_str()).chain([""]);
        let kept = ends.zip(starts).map(move |(from, to)| Span::new(from, to).slice(text));
        kept.zip(new).flat_map(|(kept, new)| [kept, new])
    }
}

/// Two edits want the same bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conflict(pub Span, pub Span);

fn collide(first: &Edit, second: &Edit) -> bool {
    second.span.start() < first.span.end() || first.span == second.span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(of: &[(usize, usize, &str)]) -> Result<Edits, Conflict> {
        Edits::new(
            of.iter()
                .map(|(start, end, text)| Edit::replace(Span::of(*start, *end), *text))
                .collect(),
        )
    }

    #[test]
    fn edits_are_applied_in_order_of_place() {
        let edits = edits(&[(4, 7, "baz"), (0, 0, ">"), (3, 4, "")]).expect("disjoint");
        assert_eq!(edits.apply("foo bar"), ">foobaz");
    }

    #[test]
    fn an_insertion_stands_before_a_replacement_at_the_same_place() {
        assert_eq!(edits(&[(0, 3, "x"), (0, 0, "y")]).expect("disjoint").apply("foo"), "yx");
    }

    #[test]
    fn overlapping_edits_are_a_conflict() {
        assert!(edits(&[(0, 3, ""), (2, 4, "")]).is_err());
        assert!(edits(&[(1, 1, "a"), (1, 1, "b")]).is_err());
        assert!(edits(&[(0, 4, ""), (1, 2, "")]).is_err());
        assert_eq!(
            edits(&[(1, 2, ""), (0, 1, "x")]).expect("they touch").apply("foo"),
            "xo"
        );
    }

    #[test]
    fn no_edit_changes_nothing() {
        assert_eq!(Edits::default().apply("foo"), "foo");
    }

    #[test]
    fn debug_shows_no_text() {
        assert!(!format!("{:?}", edits(&[(0, 0, "wJalr")])).contains("wJalr"));
    }
}
