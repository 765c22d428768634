//! What was written → rules that cannot be wrong; presets are data, not code.
//!
//! The text is walked twice, side by side: [`serde_yaml`] reads its fields, and the yaml floor knows where each stands.
//!
//! Invariant: a [`rules::Policy`] that was read contradicts itself nowhere.
//! Invariant: an error has a place, and never holds what a variable stands for.
//!
//! Deliberately absent: files and the environment; whoever calls brings the text and the variables.

use std::fmt;

use crate::policy::rules::Policy;
use crate::policy::site::{Fault, Site};
use crate::policy::vars::Vars;
use crate::yaml::source::{Place, Pos, place};
use crate::yaml::tree::Document;

pub mod annotation;
pub mod catalogue;
pub mod clients;
pub mod glob;
pub mod image;
pub mod preset;
pub mod reference;
pub mod role;
pub mod rules;
pub mod schema;
pub mod suggest;
pub mod vars;
pub mod words;

mod component;
mod decode;
mod meaning;
mod secret;
pub mod selector;
mod site;
mod vocabulary;
mod wire;

/// Reads a policy.
///
/// Places are those of `text`: a policy that stands inside another file is read at its place by blanking what is around it.
///
/// # Errors
/// Anything that is not a policy, or contradicts itself.
pub fn read(text: &str, file: &str, vars: &Vars) -> Result<Policy, PolicyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // YAML's readers find what is missing at the end on a line behind the last.
    let end = place(text, Pos::new(text.len()));
    understand(text, vars).map_err(|fault| PolicyError {
        file: file.to_owned(),
        place: fault.place.map(|place| place.min(end)),
        message: on_one_line(&fault.message),
    })
}

/// Words of the policy stand in messages, and a word can hold any character.
fn on_one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len());
    for c in message.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Why a text is no policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyError {
    /// The file, as the caller named it.
    pub file: String,
    /// Where in it.
    pub place: Option<Place>,
    /// What was found, what was expected, and the nearest valid word.
    pub message: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{}:{place}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for PolicyError {}

fn understand(text: &str, vars: &Vars) -> Result<Policy, Fault> {
    decode::one_document(text)?;
    let document = Document::parse(text).map_err(|malformed| Fault {
        place: Some(place(text, malformed.pos)),
        message: malformed.reason,
    })?;
    let Some(root) = document.root().filter(|root| !root.is_null()) else {
        return Err(Fault {
            place: None,
            message:
                "the policy is empty; expected `apiVersion: iam-roles/v1alpha1`, `kind: RolePolicy` and `components`"
                    .to_owned(),
        });
    };
    let site = Site::root(root, vars);
    if !root.is_mapping() {
        let found = if root.is_sequence() { "a list" } else { "a single value" };
        return site.refuse(format!(
            "the policy is {found}; expected a mapping with `apiVersion` and `kind`"
        ));
    }
    decode::unique_keys(root)?;
    decode::header(site)?;
    meaning::policy(&decode::fields(text)?, site)
}

#[cfg(test)]
mod tests;
