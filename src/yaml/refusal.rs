//! Why a place cannot be edited without the risk of changing what it means.
//!
//! Deliberately absent: a catch-all. Each reason is one a person can act on.

use std::fmt;

use super::source::Pos;

/// A place that is left alone, and why. Holds no text of the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The node in question, in its document's text.
    pub pos: Pos,
    /// What stands in the way.
    pub reason: Reason,
}

/// What stands in the way of an edit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The value is `*name`: its text stands elsewhere.
    Aliased,
    /// An alias elsewhere means this node, and would change along.
    Anchored,
    /// The node has a tag, which decides its type, or an anchor where its text should begin.
    Tagged,
    /// The entry comes from another mapping by `<<`.
    MergeKey,
    /// The key is written as `? key`.
    ExplicitKey,
    /// What should hold entries is neither a mapping nor nothing.
    NotAMapping,
    /// The text of the value does not decode to the value by the rules known here.
    OpaqueValue,
    /// A comment inside braces would be lost.
    CommentInFlow,
    /// Something unexpected stands beside the entry on its line.
    CrowdedLine,
    /// A character that is a line break to YAML 1.1 and none to YAML 1.2.
    OldLineBreak,
    /// `<<` stands behind a key that it brings in, too, or there are several.
    MergeOrder,
    /// A colon in braces or brackets that YAML 1.1 takes for a part of the key.
    CrowdedColon,
    /// The key is a number, a boolean or nothing to some readers, and then another word.
    KeyNotText,
    /// Two changes want the same bytes.
    Overlap,
    /// The edited text does not read back as planned.
    NotProved,
}

impl Reason {
    /// This reason, at a place.
    #[must_use]
    pub fn at(self, pos: Pos) -> Refusal {
        Refusal { pos, reason: self }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aliased => "the value is an alias; write it out",
            Self::Anchored => "an alias elsewhere means this node and would change along; write both out",
            Self::Tagged => "the value has a tag or an anchor; write it without",
            Self::MergeKey => "the entry is merged in by `<<`; write it out",
            Self::ExplicitKey => "the key is written as `? key`; write it as `key:`",
            Self::NotAMapping => "a mapping was expected here",
            Self::OpaqueValue => "the value is spelled in a way that cannot be edited safely; write it as a plain block or in double quotes",
            Self::CommentInFlow => "a comment inside the braces would be lost; move it out",
            Self::CrowdedLine => "the entry shares its line with something else; give it a line of its own",
            Self::OldLineBreak => "this character is a line break to Kubernetes' YAML; write it as an escape in double quotes",
            Self::MergeOrder => "`<<` stands behind a key that it has, too, and readers differ in which one counts; put `<<` first, once",
            Self::CrowdedColon => "readers differ in whether this colon is a part of the key; put a blank behind it",
            Self::KeyNotText => "the key is not text to every reader; write it in quotes",
            Self::Overlap => "two changes meet here; write the mapping in block style",
            Self::NotProved => "the edited document does not read back as planned; please report this with the shape of the document",
        })
    }
}
