//! What is to change in one document.
//!
//! A draft is made in terms of nodes. [`Draft::finish`] lays the changes out as edits, applies them, and proves the
//! result; nothing that is not proved leaves this module.
//!
//! Invariant: a recorded change is never one that changes nothing.
//! Invariant: no change is recorded in a node that an alias elsewhere means.

use super::change::{Change, Changes, EntryChange, MappingChange, SequenceChange};
use super::edit::{Edit, Edits};
use super::refusal::{Reason, Refusal};
use super::spell::{Value, is_string_when_plain};
use super::tree::{Collection, Document, Node};
use super::{block, dialect, flow, proof};

/// Changes to one document, not yet made.
#[derive(Debug)]
pub struct Draft<'d> {
    document: &'d Document<'d>,
    changes: Changes,
}

impl<'d> Draft<'d> {
    /// No change yet.
    #[must_use]
    pub fn new(document: &'d Document<'d>) -> Self {
        Self {
            document,
            changes: Changes::default(),
        }
    }

    /// Whether nothing is to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Gives the value at `path` below the mapping `base`, making the mappings on the way where they are missing or null.
    /// Says whether that is a change.
    ///
    /// # Errors
    /// A place on the way that cannot be edited.
    pub fn set(&mut self, base: Node<'d>, path: &[&str], value: Value) -> Result<bool, Refusal> {
        let Some((key, rest)) = path.split_first() else {
            return self.set_scalar(base, value);
        };
        editable(base)?;
        if !base.is_mapping() {
            return Err(Reason::NotAMapping.at(base.pos()));
        }
        let Some((_, own, found)) = base.own(key) else {
            if base.get(key).is_some() {
                return Err(Reason::MergeKey.at(base.pos()));
            }
            merge(&mut self.mapping(base).first, path, value);
            return Ok(true);
        };
        dialect::named(own)?;
        if found.is_alias() {
            return Err(Reason::Aliased.at(found.pos()));
        }
        if rest.is_empty() {
            return self.set_scalar(found, value);
        }
        if !found.is_null() {
            return self.set(found, rest, value);
        }
        self.fill(found, rest, value)
    }

    /// Takes the entry with this index out of a mapping.
    ///
    /// # Errors
    /// A mapping that cannot be edited.
    pub fn remove_entry(&mut self, mapping: Node<'d>, index: usize) -> Result<(), Refusal> {
        editable(mapping)?;
        own_entry(mapping, index)?;
        self.mapping(mapping).entries.insert(index, EntryChange::Removed);
        Ok(())
    }

    /// Puts another key and value where the entry with this index is.
    ///
    /// # Errors
    /// A mapping that cannot be edited.
    pub fn replace_entry(&mut self, mapping: Node<'d>, index: usize, key: &str, value: Value) -> Result<(), Refusal> {
        editable(mapping)?;
        own_entry(mapping, index)?;
        let change = EntryChange::Replaced(key.to_owned(), value);
        self.mapping(mapping).entries.insert(index, change);
        Ok(())
    }

    /// Puts a new entry behind all others.
    ///
    /// # Errors
    /// A mapping that cannot be edited.
    pub fn append_entry(&mut self, mapping: Node<'d>, key: &str, value: Value) -> Result<(), Refusal> {
        editable(mapping)?;
        self.mapping(mapping).last.push((key.to_owned(), value));
        Ok(())
    }

    /// Takes the item with this index out of a sequence.
    ///
    /// # Errors
    /// A sequence that cannot be edited.
    pub fn remove_item(&mut self, sequence: Node<'d>, index: usize) -> Result<(), Refusal> {
        editable(sequence)?;
        self.sequence(sequence).removed.insert(index);
        Ok(())
    }

    /// Puts a new item before the one with this index; behind all others for an index that none has.
    ///
    /// # Errors
    /// A sequence that cannot be edited.
    pub fn insert_item(&mut self, sequence: Node<'d>, before: usize, value: Value) -> Result<(), Refusal> {
        editable(sequence)?;
        self.sequence(sequence).inserted.push((before, value));
        Ok(())
    }

    /// Gives a scalar another value. Says whether that is a change.
    ///
    /// # Errors
    /// A node that cannot be edited or is no scalar.
    pub fn set_scalar(&mut self, scalar: Node<'d>, value: Value) -> Result<bool, Refusal> {
        if is_already(scalar, &value) {
            return Ok(false);
        }
        editable(scalar)?;
        if scalar.text().is_none() {
            return Err(Reason::OpaqueValue.at(scalar.pos()));
        }
        self.changes.insert(scalar.id(), Change::Value(value));
        Ok(true)
    }

    /// Edits a part of a scalar's text, in the style it is written in.
    ///
    /// # Errors
    /// A node that cannot be edited.
    pub fn edit_text(&mut self, scalar: Node<'d>, edits: Edits) -> Result<(), Refusal> {
        editable(scalar)?;
        if !edits.is_empty() {
            dialect::begun(scalar, &edits.apply(scalar.text().unwrap_or_default()))?;
            self.changes.insert(scalar.id(), Change::Text(edits));
        }
        Ok(())
    }

    /// The edits of the document's text that make exactly these changes.
    ///
    /// # Errors
    /// A change that has no safe place, or a result that does not read back as planned.
    pub fn finish(&self) -> Result<Edits, Refusal> {
        if !self.is_empty() {
            dialect::agreed(self.document)?;
        }
        let mut edits: Vec<Edit> = Vec::new();
        for (id, change) in self.changes.iter() {
            let node = self.document.node(*id);
            match (change, node.collection()) {
                (Change::Mapping(change), Some(Collection::Flow { close })) => {
                    edits.extend(flow::mapping(node, close, change)?);
                }
                (Change::Sequence(change), Some(Collection::Flow { close })) => {
                    edits.extend(flow::sequence(node, close, change)?);
                }
                (Change::Mapping(change), _) => edits.extend(block::mapping(node, change)?),
                (Change::Sequence(change), _) => edits.extend(block::sequence(node, change)?),
                (Change::Value(value), _) => edits.extend(block::value(node, value)?),
                (Change::Text(inner), _) => edits.extend(block::text(node, inner)?),
            }
        }
        let first = self.document.root().map_or(super::source::Pos::START, Node::pos);
        let edits = Edits::new(edits).map_err(|conflict| Reason::Overlap.at(conflict.1.start()))?;
        if edits.is_empty() || proof::reads_back(self.document, &self.changes, &edits) {
            Ok(edits)
        } else {
            Err(self.unsayable().unwrap_or(Reason::NotProved.at(first)))
        }
    }

    /// A scalar whose edited text does not read back even where it changes alone: its style cannot say it in place.
    fn unsayable(&self) -> Option<Refusal> {
        self.changes.iter().find_map(|(id, change)| {
            let Change::Text(inner) = change else { return None };
            let node = self.document.node(*id);
            let edits = Edits::new(block::text(node, inner).ok()?).ok()?;
            let mut alone = Changes::default();
            alone.insert(*id, Change::Text(inner.clone()));
            let reads_back = proof::reads_back(self.document, &alone, &edits);
            (!reads_back).then(|| Reason::OpaqueValue.at(node.pos()))
        })
    }

    fn fill(&mut self, null: Node<'d>, path: &[&str], value: Value) -> Result<bool, Refusal> {
        editable(null)?;
        let change = self
            .changes
            .entry(null.id())
            .or_insert_with(|| Change::Value(Value::Map(Vec::new())));
        if let Change::Value(Value::Map(entries)) = change {
            merge(entries, path, value);
        }
        Ok(true)
    }

    fn mapping(&mut self, node: Node<'d>) -> &mut MappingChange {
        let empty = || Change::Mapping(MappingChange::default());
        let change = self.changes.entry(node.id()).or_insert_with(empty);
        if !matches!(change, Change::Mapping(_)) {
            *change = empty();
        }
        match change {
            Change::Mapping(change) => change,
            _ => unreachable!("made a mapping change above"),
        }
    }

    fn sequence(&mut self, node: Node<'d>) -> &mut SequenceChange {
        let empty = || Change::Sequence(SequenceChange::default());
        let change = self.changes.entry(node.id()).or_insert_with(empty);
        if !matches!(change, Change::Sequence(_)) {
            *change = empty();
        }
        match change {
            Change::Sequence(change) => change,
            _ => unreachable!("made a sequence change above"),
        }
    }
}

/// The tags that go with whatever is written behind them.
const OPEN_TAGS: [&str; 3] = [
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
];

/// Whether a node can be changed without changing another along.
fn editable(node: Node<'_>) -> Result<(), Refusal> {
    let reason = if node.is_alias() {
        Reason::Aliased
    } else if node.is_shared() {
        Reason::Anchored
    } else if node.tag().is_some_and(|tag| !OPEN_TAGS.contains(&tag)) {
        Reason::Tagged
    } else {
        return Ok(());
    };
    Err(reason.at(node.pos()))
}

/// Refuses an entry whose name is not certain, or that `<<` would bring back.
fn own_entry(mapping: Node<'_>, index: usize) -> Result<(), Refusal> {
    let Some((key, _)) = mapping.entries().nth(index) else {
        return Ok(());
    };
    dialect::named(key)?;
    dialect::unmerged(mapping, key)
}

fn is_already(scalar: Node<'_>, value: &Value) -> bool {
    match value {
        Value::Quoted(text) | Value::Word(text) => {
            scalar.text() == Some(text) && (!scalar.is_plain() || is_string_when_plain(text))
        }
        Value::Plain(text) => scalar.text() == Some(text) && scalar.is_plain(),
        Value::Map(_) | Value::Seq(_) => false,
    }
}

/// Adds the value at `path` to new entries, joining those that begin alike.
fn merge(entries: &mut Vec<(String, Value)>, path: &[&str], value: Value) {
    let Some((key, rest)) = path.split_first() else { return };
    let found = entries.iter().position(|(own, _)| own == key);
    if rest.is_empty() {
        match found {
            Some(at) => entries[at].1 = value,
            None => entries.push(((*key).to_owned(), value)),
        }
        return;
    }
    let at = found.unwrap_or_else(|| {
        entries.push(((*key).to_owned(), Value::Map(Vec::new())));
        entries.len() - 1
    });
    if let Value::Map(inner) = &mut entries[at].1 {
        merge(inner, rest, value);
    }
}

#[cfg(test)]
mod tests;
