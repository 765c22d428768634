//! What becomes of a text: nothing, edits, or a reason to leave it alone.
//!
//! Invariant: no type here holds a value of the text; key names, positions and reasons only.

use std::fmt;

use crate::yaml::edit::{Conflict, Edit, Edits};
use crate::yaml::refusal::{Reason, Refusal};
use crate::yaml::source::Pos;

/// How the role reaches the program that reads the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// By web identity (irsa): an endpoint in the text would be asked for the role, too.
    WebIdentity,
    /// By the metadata service (kube2iam, kiam, the node) or an agent on the node: endpoints do not matter.
    Metadata,
}

/// What becomes of a text.
#[derive(PartialEq, Eq, Debug)]
pub enum Verdict {
    /// No static key is in it, and nothing is missing for the role to be used.
    Clean,
    /// The keys go.
    Stripped {
        /// In the coordinates of the text.
        edits: Edits,
        /// The keys that go, as written, each once.
        removed: Vec<String>,
        /// The keys that come or get another value.
        added: Vec<String>,
    },
    /// The text stays as it is.
    Kept(Kept),
}

/// Why a text stays as it is, and where that is seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Why.
    pub reason: KeptReason,
    /// Where in the text.
    pub pos: Pos,
    /// The key in question; empty where it is not about one key.
    pub key: String,
}

/// Why a text stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeptReason {
    /// The endpoint is another store that speaks S3.
    EndpointNotAws,
    /// The provider or driver is not AWS's.
    ProviderNotAws,
    /// Something else fills the value in before it is read.
    Template,
    /// The value only stands for a key.
    Sentinel,
    /// The text is encrypted.
    Sealed,
    /// The endpoint is AWS's, but under web identity it would be asked for the role; said without keys, too.
    EndpointWithIrsa,
    /// A comment that would stay holds an access key id.
    KeyInComment,
    /// A second YAML document follows.
    SecondDocument,
    /// The place cannot be edited safely.
    Uneditable(Reason),
}

impl KeptReason {
    pub(super) fn at(self, pos: Pos, key: &str) -> Halt {
        Halt::Kept(Kept {
            reason: self,
            pos,
            key: key.to_owned(),
        })
    }
}

impl fmt::Display for KeptReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EndpointNotAws => "the endpoint is not AWS; its keys are not AWS keys",
            Self::ProviderNotAws => "the provider is not AWS; its keys are not AWS keys",
            Self::Template => "a template fills it in later; edit the template",
            Self::Sentinel => "a placeholder stands for the key; edit what fills it in",
            Self::Sealed => "the content is encrypted; edit it where it is sealed",
            Self::EndpointWithIrsa => "web identity would be asked at this endpoint; remove it",
            Self::KeyInComment => "a comment holds an access key id; remove it",
            Self::SecondDocument => "a second document follows; write one document only",
            Self::Uneditable(reason) => return reason.fmt(f),
        })
    }
}

/// A text that should be of a format and is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// Not YAML.
    NotYaml {
        /// Where reading stopped.
        pos: Pos,
    },
    /// Readable, but of another shape.
    NotTheFormat {
        /// The first offending place.
        pos: Pos,
    },
}

/// What is to change in a text; no edits mean nothing.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) edits: Edits,
    pub(super) removed: Vec<String>,
    pub(super) added: Vec<String>,
}

impl Outcome {
    /// The edits in a text that has `mark` more bytes in front.
    pub(super) fn edits_behind(&self, mark: usize) -> Edits {
        let behind = |edit: &Edit| Edit::replace(edit.span.shifted(Pos::new(mark)), edit.text.clone());
        Edits::new(self.edits.iter().map(behind).collect()).expect("shifting keeps edits apart")
    }
}

/// Adds a name unless it is there.
pub(super) fn note(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Why work on a text ends early.
pub(super) enum Halt {
    Kept(Kept),
    Unreadable(Unreadable),
}

pub(super) type Step<T> = Result<T, Halt>;

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        KeptReason::Uneditable(refusal.reason).at(refusal.pos, "")
    }
}

impl From<Unreadable> for Halt {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<Conflict> for Halt {
    fn from(conflict: Conflict) -> Self {
        Reason::Overlap.at(conflict.1.start()).into()
    }
}
