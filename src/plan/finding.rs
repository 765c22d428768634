//! What is worth saying about a stream, and what was changed in it.
//!
//! Invariant: neither holds a secret value; key names, places and roles are what they are made of.

use crate::manifest::object::Reference;
use crate::manifest::stream::{Location, NotAStream};
use crate::policy::catalogue::{Id, Severity};

/// One thing to know, with its place and its remedy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What kind of thing.
    pub id: Id,
    /// How grave it is here: the id's own severity, or a note where the policy accepts it.
    pub severity: Severity,
    /// The object it is about.
    pub object: Option<Reference>,
    /// Where in the inputs.
    pub location: Option<Location>,
    /// The component of the policy it is about, where there is no object to name.
    pub component: Option<String>,
    /// One sentence: what is so.
    pub message: String,
    /// One phrase: what to do.
    pub remedy: String,
}

impl Finding {
    /// A finding about the stream as a whole.
    pub fn new(id: Id, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            id,
            severity: id.severity(),
            object: None,
            location: None,
            component: None,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// The same, about an object at a place.
    #[must_use]
    pub fn about(self, object: Reference, location: Location) -> Self {
        Self {
            object: Some(object),
            location: Some(location),
            ..self
        }
    }
}

impl From<NotAStream> for Finding {
    /// What there is to say where there was nothing to plan.
    fn from(error: NotAStream) -> Self {
        Self {
            location: Some(error.location),
            ..Self::new(Id::UnreadableInput, error.reason, error.remedy)
        }
    }
}

/// One thing that was changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// In which object.
    pub object: Reference,
    /// Where in the inputs.
    pub location: Location,
    /// What was done, in a few words.
    pub what: String,
}
