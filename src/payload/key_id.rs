//! Access key ids by their shape, in any text.
//!
//! Invariant: one pass; each byte is looked at a constant number of times.

use memchr::memmem;

use crate::yaml::source::Pos;

/// Of a long-lived key and of a temporary one.
const PREFIXES: [&[u8]; 2] = [b"AKIA", b"ASIA"];
const PREFIX_LEN: usize = 4;
const LEN: usize = 20;

/// The first access key id in a text.
#[must_use]
pub fn key_id_in(text: &str) -> Option<Pos> {
    all(text).next()
}

/// Every access key id in a text, in order. AWS deals out `A-Z2-7`; its own examples have other digits, too.
pub fn all(text: &str) -> impl Iterator<Item = Pos> {
    let bytes = text.as_bytes();
    // Both prefixes end alike.
    memmem::find_iter(bytes, b"IA")
        .filter_map(|tail| tail.checked_sub(PREFIX_LEN - 2))
        .filter(|at| is_id_at(bytes, *at))
        .map(Pos::new)
}

fn is_id_at(bytes: &[u8], at: usize) -> bool {
    let is_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let Some(id) = bytes.get(at..at + LEN) else {
        return false;
    };
    let (prefix, rest) = id.split_at(PREFIX_LEN);
    PREFIXES.contains(&prefix)
        && rest.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && !is_word(at + LEN)
        && !at.checked_sub(1).is_some_and(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(text: &str) -> Vec<usize> {
        all(text).map(Pos::offset).collect()
    }

    #[test]
    fn ids_stand_alone() {
        assert_eq!(offsets("AKIAIOSFODNN7EXAMPLE"), [0]);
        assert_eq!(offsets("id: 'ASIAI44QH8DHBEXAMPLE'"), [5]);
        assert_eq!(offsets("AKIAIOSFODNN7EXAMPLE:AKIAIOSFODNN7EXAMPLE@x"), [0, 21]);
        assert_eq!(offsets("s3://AKIAIOSFODNN7EXAMPLE:x@b é_AKIAIOSFODNN7EXAMPLE"), [5, 33]);
        assert_eq!(key_id_in("\nAKIAIAIAIAIAIAIAIAIA"), Some(Pos::new(1)));
    }

    #[test]
    fn what_is_too_long_too_short_or_part_of_a_word_is_no_id() {
        for text in [
            "",
            "IA",
            "AKIA",
            "AKIAIOSFODNN7EXAMPL",
            "AKIAIOSFODNN7EXAMPLE1",
            "AKIAIOSFODNN7EXAMPLEa",
            "xAKIAIOSFODNN7EXAMPLE",
            "AKIAIOSFODNN7EXAMPLe",
            "AKIAIOSFODNN7-XAMPLE",
            "AKIBIOSFODNN7EXAMPLE",
            "AROAIOSFODNN7EXAMPLE",
            "AKIAIOSFODNN7EXAMPé",
        ] {
            assert_eq!(key_id_in(text), None, "{text}");
        }
    }
}
