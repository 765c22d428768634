//! What can change in a document, node by node.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry, Iter};

use super::edit::Edits;
use super::spell::Value;
use super::tree::{Node, NodeId};

/// The changes of one document, by node.
#[derive(Default, Debug)]
pub struct Changes(BTreeMap<NodeId, Change>);

impl Changes {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every change, in the nodes' order.
    #[expect(clippy::iter_without_into_iter, reason = "one loop over all of them needs no trait")]
    pub fn iter(&self) -> Iter<'_, NodeId, Change> {
        self.0.iter()
    }

    /// What is to change in a node.
    #[must_use]
    pub fn of(&self, node: Node<'_>) -> Option<&Change> {
        self.0.get(&node.id())
    }

    /// The place of a node's change.
    pub fn entry(&mut self, id: NodeId) -> Entry<'_, NodeId, Change> {
        self.0.entry(id)
    }

    /// Writes a node's change down, in the place of an earlier one.
    pub fn insert(&mut self, id: NodeId, change: Change) {
        self.0.insert(id, change);
    }
}

/// What is to change in one node.
#[derive(Debug)]
pub enum Change {
    /// Entries of a mapping.
    Mapping(MappingChange),
    /// Items of a sequence.
    Sequence(SequenceChange),
    /// A scalar, or a null, has another value.
    Value(Value),
    /// A part of a scalar's text: the edits in the coordinates of its text.
    Text(Edits),
}

/// What is to change among a mapping's entries.
#[derive(Default, Debug)]
pub struct MappingChange {
    /// New entries, before all others.
    pub first: Vec<(String, Value)>,
    /// New entries, behind all others.
    pub last: Vec<(String, Value)>,
    /// Entries that go or are replaced, by index.
    pub entries: BTreeMap<usize, EntryChange>,
}

/// What becomes of an entry.
#[derive(Debug)]
pub enum EntryChange {
    /// It goes, with its trailing comment.
    Removed,
    /// Another key and value stand in its place; its trailing comment goes.
    Replaced(String, Value),
}

/// What is to change among a sequence's items.
#[derive(Default, Debug)]
pub struct SequenceChange {
    /// New items, each with the index of the item it stands before; the number of items for the end.
    pub inserted: Vec<(usize, Value)>,
    /// Items that go.
    pub removed: BTreeSet<usize>,
}

impl SequenceChange {
    /// The new items by the item they stand before, which is at most `len`.
    #[must_use]
    pub fn insertions(&self, len: usize) -> BTreeMap<usize, Vec<&Value>> {
        let mut found: BTreeMap<usize, Vec<&Value>> = BTreeMap::new();
        for (before, value) in &self.inserted {
            found.entry((*before).min(len)).or_default().push(value);
        }
        found
    }
}
