//! Texts that are one YAML mapping.
//!
//! Invariant: what an alias or `<<` brings in is seen when keys are looked for, and never edited.

use super::guard;
use super::verdict::{Halt, KeptReason, Outcome, Step, Unreadable, note};
use crate::yaml::draft::Draft;
use crate::yaml::refusal::Reason;
use crate::yaml::source::Pos;
use crate::yaml::split;
use crate::yaml::tree::{Document, Node};

/// An entry of a mapping, its key being a scalar.
#[derive(Clone, Copy)]
pub(super) struct Entry<'d> {
    pub(super) index: usize,
    pub(super) name: &'d str,
    pub(super) key: Node<'d>,
    pub(super) value: Node<'d>,
}

impl<'d> Entry<'d> {
    /// The value's text; empty for a null, none for what is no scalar.
    pub(super) fn text(&self) -> Option<&'d str> {
        if self.value.is_null() {
            return Some("");
        }
        self.value.text()
    }

    pub(super) fn halt(&self, reason: KeptReason) -> Halt {
        reason.at(self.key.pos(), self.name)
    }
}

/// Reads a text as one YAML document.
pub(super) fn read(text: &str) -> Step<Document<'_>> {
    Document::parse(text).map_err(|malformed| {
        if let Some(second) = second_document(text) {
            KeptReason::SecondDocument.at(second, "")
        } else if let Some(pos) = guard::template(text) {
            KeptReason::Template.at(pos, "")
        } else {
            Unreadable::NotYaml { pos: malformed.pos }.into()
        }
    })
}

/// The mapping at the top; none in a text without content.
pub(super) fn top<'d>(document: &'d Document<'_>) -> Step<Option<Node<'d>>> {
    match document.root() {
        None => Ok(None),
        Some(root) if root.is_null() => Ok(None),
        Some(root) if root.is_mapping() => Ok(Some(root)),
        Some(root) => match guard::template(document.text()) {
            Some(pos) => Err(KeptReason::Template.at(pos, "")),
            None => Err(Unreadable::NotTheFormat { pos: root.pos() }.into()),
        },
    }
}

/// The mapping's own entries whose key has such a name.
pub(super) fn entries<'d>(mapping: Node<'d>, is_such: impl Fn(&str) -> bool) -> Vec<Entry<'d>> {
    let named = |(index, (key, value)): (usize, (Node<'d>, Node<'d>))| {
        let name = key.text().filter(|name| is_such(name))?;
        Some(Entry {
            index,
            name,
            key,
            value,
        })
    };
    mapping.entries().enumerate().filter_map(named).collect()
}

/// Whether the mapping has one of these keys, by whatever way.
pub(super) fn has_any(mapping: Node<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| mapping.get(name).is_some())
}

/// Refuses values that are not the keys themselves.
pub(super) fn vet(entries: &[Entry<'_>]) -> Step<()> {
    for entry in entries {
        let Some(text) = entry.text() else {
            return Err(entry.halt(KeptReason::Uneditable(Reason::OpaqueValue)));
        };
        if let Some(reason) = guard::placeholder(text) {
            return Err(entry.halt(reason));
        }
    }
    Ok(())
}

/// Refuses a document that has to be seen as more than its own lines: a template's, or one with aliases.
pub(super) fn vet_whole(document: &Document<'_>) -> Step<()> {
    if let Some(pos) = guard::control(document.text()) {
        return Err(KeptReason::Template.at(pos, ""));
    }
    let mut open: Vec<Node<'_>> = document.root().into_iter().collect();
    while let Some(node) = open.pop() {
        if node.is_alias() {
            return Err(Reason::Aliased.at(node.pos()).into());
        }
        open.extend(node.entries().flat_map(|(key, value)| [key, value]));
        open.extend(node.items());
    }
    Ok(())
}

/// Refuses keys that `<<` brings in: they are not the mapping's own.
pub(super) fn vet_merged(mapping: Node<'_>, names: &[&str]) -> Step<()> {
    let merged = |name: &&str| mapping.own(name).is_none() && mapping.get(name).is_some();
    match names.iter().copied().find(|name| merged(name)) {
        Some(name) => Err(KeptReason::Uneditable(Reason::MergeKey).at(mapping.pos(), name)),
        None => Ok(()),
    }
}

/// Takes entries out of a mapping.
pub(super) fn remove<'d>(draft: &mut Draft<'d>, mapping: Node<'d>, entries: &[Entry<'d>]) -> Step<Vec<String>> {
    let mut removed = Vec::new();
    for entry in entries {
        draft.remove_entry(mapping, entry.index)?;
        note(&mut removed, entry.name);
    }
    Ok(removed)
}

/// What a draft comes to.
pub(super) fn finished(draft: &Draft<'_>, removed: Vec<String>, added: Vec<String>) -> Step<Outcome> {
    Ok(Outcome {
        edits: draft.finish()?,
        removed,
        added,
    })
}

fn second_document(text: &str) -> Option<Pos> {
    split::documents(text).ok()?.get(1).map(|second| second.start())
}
