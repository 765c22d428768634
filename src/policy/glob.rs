//! Patterns over names and paths: `*` crosses `/`, and a backslash is a letter like any other.
//!
//! Invariant: a [`Glob`] that exists can be matched; what it was written as is kept for messages.
//!
//! Most patterns of a run are plain words, and many of a preset's are never tried, so that a matcher is made where one is
//! needed and when it first is.

use std::fmt;
use std::sync::OnceLock;

use globset::{GlobBuilder, GlobMatcher};

/// A pattern over a name or a path.
#[derive(Clone, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Glob {
    written: String,
    pattern: Option<Box<Pattern>>,
}

/// What stands for more than itself.
#[derive(Clone)]
struct Pattern {
    read: globset::Glob,
    matcher: OnceLock<GlobMatcher>,
}

impl Glob {
    /// Reads a pattern: `*` any text, `?` one character, `[a-z]` a class, `{a,b}` either.
    ///
    /// # Errors
    /// An empty pattern, or brackets and braces that do not close.
    pub fn new(written: &str) -> Result<Self, BadGlob> {
        if written.is_empty() {
            return Err(BadGlob("it is empty".to_owned()));
        }
        let pattern = written.contains(SPECIAL).then(|| Pattern::read(written)).transpose()?;
        Ok(Self {
            written: written.to_owned(),
            pattern: pattern.map(Box::new),
        })
    }

    /// Whether the whole of `text` fits the pattern.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.pattern
            .as_ref()
            .map_or(self.written == text, |pattern| pattern.matcher().is_match(text))
    }

    /// The only text that fits, where the pattern leaves no choice.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        (!self.written.contains(['*', '?', '[', '{'])).then_some(self.written.as_str())
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

/// What is not a letter like any other.
const SPECIAL: [char; 6] = ['*', '?', '[', ']', '{', '}'];

impl Pattern {
    fn read(written: &str) -> Result<Self, BadGlob> {
        let read = GlobBuilder::new(written)
            .literal_separator(false)
            .backslash_escape(false)
            .build()
            .map_err(|error| BadGlob(error.kind().to_string()))?;
        Ok(Self {
            read,
            matcher: OnceLock::new(),
        })
    }

    fn matcher(&self) -> &GlobMatcher {
        self.matcher.get_or_init(|| self.read.compile_matcher())
    }
}

impl TryFrom<String> for Glob {
    type Error = BadGlob;

    fn try_from(written: String) -> Result<Self, BadGlob> {
        Self::new(&written)
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Glob {}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Glob({:?})", self.written)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Why a text is no pattern; never holds the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadGlob(String);

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        let glob = Glob::new(pattern).expect("a pattern");
        assert_eq!(glob.matches(text), expected, "{pattern} on {text}");
    }

    #[test]
    fn a_star_crosses_slashes() {
        check(
            "*/charts/registry/templates/*",
            "a/b/charts/registry/templates/x/y.yaml",
            true,
        );
        check("*-registry", "gitlab-registry", true);
        check("*-registry", "gitlab-registry-2", false);
        check("*", "", true);
    }

    #[test]
    fn the_whole_text_must_fit() {
        check("registry", "registry", true);
        check("registry", "my-registry", false);
        check("a\\b, c!.d", "a\\b, c!.d", true);
        check("a\\*", "a\\b", true);
        check("web?", "web1", true);
        check("web[0-9]", "webx", false);
        check("{a,b}-store", "b-store", true);
    }

    #[test]
    fn a_pattern_without_a_choice_is_a_text() {
        let literal = |pattern: &str| Glob::new(pattern).expect("a pattern").literal().map(str::to_owned);
        for text in ["registry", "a.b/c", "a\\b", "a]b", "a,b!"] {
            assert_eq!(literal(text).as_deref(), Some(text));
            check(text, text, true);
        }
        for pattern in ["*", "a?", "[ab]", "{a,b}"] {
            assert_eq!(literal(pattern), None);
        }
    }

    #[test]
    fn a_dot_is_a_letter_like_any_other() {
        check("*/.s3cfg", "objectstorage/.s3cfg", true);
        check("*.yml", ".yml", true);
    }

    #[test]
    fn bad_patterns_say_why() {
        let why = |pattern: &str| Glob::new(pattern).expect_err("bad").to_string();
        assert_eq!(why(""), "it is empty");
        assert!(why("a[b").contains("unclosed"), "{}", why("a[b"));
        assert!(why("{a").contains("unclosed"), "{}", why("{a"));
    }
}
