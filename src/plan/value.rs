//! One value of a Secret: its text, and how a new text is written back.
//!
//! Invariant: a text is written back in the encoding it came in: `data` as base64 in the line lengths it had,
//! `stringData` in the scalar style it had.
//! Invariant: a value is never shown; `Debug` gives its key, its place and its size.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::manifest::object::Object;
use crate::yaml::draft::Draft;
use crate::yaml::edit::{Edit, Edits};
use crate::yaml::refusal::Refusal;
use crate::yaml::source::Span;
use crate::yaml::spell::Value;
use crate::yaml::tree::Node;

/// A value of a Secret.
#[derive(Clone, Copy, Debug)]
pub struct SecretValue<'d> {
    /// The data key.
    pub key: &'d str,
    /// The scalar.
    pub node: Node<'d>,
    /// Where it stands in its field: the mapping, and the entry's index.
    pub entry: (Node<'d>, usize),
    /// Which field holds it.
    pub field: Field,
}

/// The two fields that hold a Secret's values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Field {
    /// Base64.
    Data,
    /// Plain text; the API server lets it win over `data`.
    StringData,
}

impl Field {
    /// The field's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::StringData => "stringData",
        }
    }
}

/// Why a value has no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoText {
    /// It is not a scalar.
    NotAScalar,
    /// It is not base64, which the API server refuses.
    NotBase64,
    /// It is not base64 because something else is to fill it in.
    Template,
    /// It is base64 of something that is not UTF-8.
    Binary,
}

/// Every value of a Secret.
#[must_use]
pub fn values<'d>(secret: &Object<'d>) -> Vec<SecretValue<'d>> {
    let mut found = Vec::new();
    for field in [Field::Data, Field::StringData] {
        let Some(mapping) = secret.node.get(field.as_str()) else {
            continue;
        };
        for (index, (key, node)) in mapping.entries().enumerate() {
            let Some(key) = key.text() else { continue };
            let entry = (mapping, index);
            found.push(SecretValue {
                key,
                node,
                entry,
                field,
            });
        }
    }
    found
}

impl<'d> SecretValue<'d> {
    /// The text it holds.
    ///
    /// # Errors
    /// A value that holds none.
    pub fn text(&self) -> Result<Cow<'d, str>, NoText> {
        let written = self.node.text().ok_or(NoText::NotAScalar)?;
        if self.field == Field::StringData || self.node.is_null() {
            return Ok(Cow::Borrowed(if self.node.is_null() { "" } else { written }));
        }
        // Go's decoder passes over line breaks and nothing else.
        let decoded = if memchr::memchr2(b'\n', b'\r', written.as_bytes()).is_none() {
            STANDARD.decode(written)
        } else {
            STANDARD.decode(written.replace(['\n', '\r'], ""))
        };
        match decoded {
            Ok(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| NoText::Binary),
            Err(_) if is_template(written) => Err(NoText::Template),
            Err(_) => Err(NoText::NotBase64),
        }
    }

    /// Drafts edits of its text.
    ///
    /// # Errors
    /// A scalar that cannot be edited.
    pub fn edit(&self, draft: &mut Draft<'d>, text: &str, edits: &Edits) -> Result<(), Refusal> {
        let edited = edits.apply(text);
        if edited.is_empty() {
            return draft.set_scalar(self.node, Value::quoted(edited)).map(drop);
        }
        match self.field {
            Field::StringData => draft.edit_text(self.node, edits.clone()),
            Field::Data => {
                let old = self.node.text().unwrap_or_default();
                let packed = old.trim_end_matches(['\n', '\r']);
                let whole = Edit::replace(Span::of(0, packed.len()), encoded(&edited, packed));
                draft.edit_text(self.node, Edits::new(vec![whole]).unwrap_or_default())
            }
        }
    }
}

/// Base64 in lines as long as the first of `like`.
fn encoded(text: &str, like: &str) -> String {
    let packed = STANDARD.encode(text);
    let width = like.find('\n').unwrap_or(usize::MAX).max(1);
    let lines: Vec<&str> = packed
        .as_bytes()
        .chunks(width.min(packed.len().max(1)))
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    lines.join("\n")
}

/// What tools that run after this one put in the place of a value: Helm-like templates, `envsubst`, argocd-vault-plugin,
/// sops.
fn is_template(text: &str) -> bool {
    ["{{", "${", "<%", "<", "ENC[", "$("]
        .iter()
        .any(|mark| text.contains(mark))
}
