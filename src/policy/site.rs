//! Where in the policy's text something stands, so that an error can say so.
//!
//! Invariant: a [`Fault`] never holds what a variable stands for: messages quote what was written.

use std::collections::HashMap;

use crate::policy::rules::Scalar;
use crate::policy::vars::Vars;
use crate::policy::wire;
use crate::yaml::source::Place;
use crate::yaml::tree::Node;

/// What is wrong, and where; the file is added at the top.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) place: Option<Place>,
    pub(super) message: String,
}

/// A value of the policy, walked beside what serde made of it.
#[derive(Clone, Copy)]
pub(super) struct Site<'d> {
    /// The value; none where the policy has none.
    value: Option<Node<'d>>,
    /// What an error points at.
    shown: Node<'d>,
    vars: &'d Vars,
}

impl<'d> Site<'d> {
    /// The policy's topmost mapping.
    pub(super) fn root(node: Node<'d>, vars: &'d Vars) -> Self {
        Self {
            value: Some(node),
            shown: node,
            vars,
        }
    }

    /// The value of a key; errors point at the key if the value is null, and here if there is no such key.
    pub(super) fn field(self, key: &str) -> Self {
        let value = self.value.and_then(|node| node.get(key));
        let seen = value.filter(|node| !node.is_null());
        let shown = seen.unwrap_or(self.key(key).shown);
        Self { value, shown, ..self }
    }

    /// The key itself.
    pub(super) fn key(self, key: &str) -> Self {
        let own = self.value.and_then(|node| node.resolved().key(key));
        Self {
            value: None,
            shown: own.unwrap_or(self.shown),
            ..self
        }
    }

    /// What stands under each key of a mapping: as [`Self::key`] and [`Self::field`], for very many of them.
    pub(super) fn entries(self) -> HashMap<&'d str, (Self, Self)> {
        let entries = self.value.into_iter().flat_map(Node::entries);
        let entry = |(key, value): (Node<'d>, Node<'d>)| {
            let field = Self {
                value: Some(value),
                shown: if value.is_null() { key } else { value },
                ..self
            };
            let of_key = Self {
                value: None,
                shown: key,
                ..self
            };
            Some((key.text()?, (of_key, field)))
        };
        entries.filter_map(entry).collect()
    }

    /// The items of a list, or the one word that stands for a list of one.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        let list = self.value.filter(|node| node.is_sequence());
        let one = if list.is_some() { None } else { Some(self) };
        let items = list.into_iter().flat_map(Node::items);
        items
            .map(move |item| Self {
                value: Some(item),
                shown: item,
                ..self
            })
            .chain(one)
    }

    /// Where it stands.
    pub(super) fn place(self) -> Place {
        self.shown.place()
    }

    /// What is wrong with it.
    pub(super) fn fault(self, message: impl Into<String>) -> Fault {
        Fault {
            place: Some(self.place()),
            message: message.into(),
        }
    }

    /// The same as an error.
    pub(super) fn refuse<T>(self, message: impl Into<String>) -> Result<T, Fault> {
        Err(self.fault(message))
    }

    /// The text with its variables put in.
    pub(super) fn expand(self, written: &str) -> Result<String, Fault> {
        self.vars.expand(written).map_err(|error| self.fault(error.to_string()))
    }

    /// The scalar with its variables put in; a number or a boolean is taken as it was written.
    pub(super) fn scalar(self, written: &wire::Scalar) -> Result<Scalar, Fault> {
        match written {
            wire::Scalar::Text(text) => self.expand(text).map(Scalar::Text),
            wire::Scalar::Bare => Ok(Scalar::Plain(self.written().to_owned())),
        }
    }

    /// The scalar as text, whatever its type.
    pub(super) fn text(self, written: &wire::Scalar) -> Result<String, Fault> {
        self.scalar(written).map(|scalar| match scalar {
            Scalar::Text(text) | Scalar::Plain(text) => text,
        })
    }

    /// The scalar as it was written, before its variables were put in.
    pub(super) fn written(self) -> &'d str {
        self.value.and_then(Node::text).unwrap_or_default()
    }
}
