//! What is to change in one document.
//!
//! A draft is made in terms of nodes. [`Draft::finish`] lays the changes out as edits, applies them, and proves the
//! result; nothing that is not proved leaves this module.
//!
//! Invariant: a recorded change is never one that changes nothing.
//! Invariant: no change is recorded in a node that an alias elsewhere means.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{Edit, Edits};
use super::refusal::{Reason, Refusal};
use super::spell::{Value, is_string_when_plain};
use super::tree::{Collection, Document, Node, NodeId};
use super::{block, flow, proof};

/// Changes to one document, not yet made.
#[derive(Debug)]
pub struct Draft<'d> {
    document: &'d Document<'d>,
    changes: BTreeMap<NodeId, Change>,
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

impl<'d> Draft<'d> {
    /// No change yet.
    #[must_use]
    pub fn new(document: &'d Document<'d>) -> Self {
        Self {
            document,
            changes: BTreeMap::new(),
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
        let Some((_, _, found)) = base.own(key) else {
            if base.get(key).is_some() {
                return Err(Reason::MergeKey.at(base.pos()));
            }
            merge(&mut self.mapping(base).first, path, value);
            return Ok(true);
        };
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
        self.mapping(mapping).entries.insert(index, EntryChange::Removed);
        Ok(())
    }

    /// Puts another key and value where the entry with this index is.
    ///
    /// # Errors
    /// A mapping that cannot be edited.
    pub fn replace_entry(&mut self, mapping: Node<'d>, index: usize, key: &str, value: Value) -> Result<(), Refusal> {
        editable(mapping)?;
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
            self.changes.insert(scalar.id(), Change::Text(edits));
        }
        Ok(())
    }

    /// The edits of the document's text that make exactly these changes.
    ///
    /// # Errors
    /// A change that has no safe place, or a result that does not read back as planned.
    pub fn finish(&self) -> Result<Edits, Refusal> {
        let mut edits: Vec<Edit> = Vec::new();
        for (id, change) in &self.changes {
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
        if edits.is_empty() || proof::reads_back(self, &edits) {
            Ok(edits)
        } else {
            Err(Reason::NotProved.at(first))
        }
    }

    /// The document this is a draft for.
    #[must_use]
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// What is to change in a node.
    #[must_use]
    pub fn change(&self, node: Node<'_>) -> Option<&Change> {
        self.changes.get(&node.id())
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

/// Whether a node can be changed without changing another along.
fn editable(node: Node<'_>) -> Result<(), Refusal> {
    let reason = if node.is_alias() {
        Reason::Aliased
    } else if node.is_shared() {
        Reason::Anchored
    } else if node
        .tag()
        .is_some_and(|tag| !tag.starts_with("tag:yaml.org,2002:") || tag.ends_with(":binary"))
    {
        Reason::Tagged
    } else {
        return Ok(());
    };
    Err(reason.at(node.pos()))
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
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str, change: impl for<'d> Fn(&mut Draft<'d>, Node<'d>) -> Result<(), Refusal>) {
        for (source, expected) in [
            (source.to_owned(), expected.to_owned()),
            (source.replace('\n', "\r\n"), expected.replace('\n', "\r\n")),
            (source.replace('\n', "\r"), expected.replace('\n', "\r")),
        ] {
            assert_eq!(drafted(&source, &change), Ok(expected));
        }
    }

    fn drafted(
        source: &str,
        change: impl for<'d> Fn(&mut Draft<'d>, Node<'d>) -> Result<(), Refusal>,
    ) -> Result<String, Reason> {
        let document = Document::parse(source).expect("YAML");
        let mut draft = Draft::new(&document);
        change(&mut draft, document.root().expect("root"))
            .and_then(|()| draft.finish())
            .map(|edits| edits.apply(source))
            .map_err(|refusal| refusal.reason)
    }

    fn quoted(text: &str) -> Value {
        Value::Quoted(text.into())
    }

    #[track_caller]
    fn sets(source: &str, expected: &str) {
        check(source, expected, |draft, root| {
            draft.set(root, &["m", "a", "k"], quoted("v")).map(drop)
        });
        check(expected, expected, |draft, root| {
            assert_eq!(draft.set(root, &["m", "a", "k"], quoted("v")), Ok(false));
            Ok(())
        });
    }

    #[test]
    fn an_entry_is_put_behind_its_header() {
        sets("m:\n  a:\n    x: y\n", "m:\n  a:\n    k: \"v\"\n    x: y\n");
        sets(
            "m:\n  a: # c\n    # x\n    x: y",
            "m:\n  a: # c\n    k: \"v\"\n    # x\n    x: y",
        );
        sets(
            "m:\n  a:\n\n      x: y\nz: 1\n",
            "m:\n  a:\n      k: \"v\"\n\n      x: y\nz: 1\n",
        );
    }

    #[test]
    fn what_is_missing_on_the_way_is_made() {
        sets("m:\n  x: y\n", "m:\n  a:\n    k: \"v\"\n  x: y\n");
        sets("x: y\n", "m:\n  a:\n    k: \"v\"\nx: y\n");
        sets("m:\nz: 1\n", "m:\n  a:\n    k: \"v\"\nz: 1\n");
        sets("m:\n  a:\n    \nz: 1\n", "m:\n  a:\n    k: \"v\"\n    \nz: 1\n");
        sets("m:\n  a:", "m:\n  a:\n    k: \"v\"");
        sets("m:\n  a: null # c\n  x: y\n", "m:\n  a: # c\n    k: \"v\"\n  x: y\n");
        sets("m:\n  a: ~\n", "m:\n  a:\n    k: \"v\"\n");
    }

    #[test]
    fn flow_style_stays_flow() {
        sets("m:\n  a: {}\n", "m:\n  a: {\"k\": \"v\"}\n");
        sets("m:\n  a:\n    \n    {}\n", "m:\n  a:\n    \n    {\"k\": \"v\"}\n");
        sets("m: {a: {x: y}}\n", "m: {a: {\"k\": \"v\", x: y}}\n");
        sets("m: {a: null, x: y}\n", "m: {a: {\"k\": \"v\"}, x: y}\n");
        sets("m: { x: y }\n", "m: { \"a\": {\"k\": \"v\"}, x: y }\n");
        sets(
            "{\n  \"m\": {\n    \"a\": {\n      \"x\": \"y\"\n    }\n  }\n}",
            "{\n  \"m\": {\n    \"a\": {\n      \"k\": \"v\",\n      \"x\": \"y\"\n    }\n  }\n}",
        );
        sets("{\"m\":{\"x\":1}}", "{\"m\":{\"a\": {\"k\": \"v\"}, \"x\":1}}");
    }

    #[test]
    fn a_value_that_is_there_is_replaced_in_place() {
        for old in ["w", "'w'", "\"w\"", "12", "|-\n      w", "w\n      x", ""] {
            let source = format!("m:\n  a:\n    k: {old}\n    x: y\n").replace("k: \n", "k:\n");
            sets(&source, "m:\n  a:\n    k: \"v\"\n    x: y\n");
        }
        sets("m:\n  a:\n    k: w  # c\n", "m:\n  a:\n    k: \"v\"  # c\n");
        sets("m:\n  a:\n    k: u\n    k: w\n", "m:\n  a:\n    k: u\n    k: \"v\"\n");
    }

    #[test]
    fn the_same_string_in_another_spelling_is_no_change() {
        for same in ["v", "'v'", "|-\n    v"] {
            let source = format!("m: \n  a: \n   k: {same}\n");
            assert_eq!(
                drafted(&source, |draft, root| draft
                    .set(root, &["m", "a", "k"], quoted("v"))
                    .map(drop)),
                Ok(source.clone())
            );
        }
    }

    #[test]
    fn what_an_alias_means_is_not_changed() {
        let set = |source| {
            drafted(source, |draft, root| {
                draft.set(root, &["m", "a", "k"], quoted("v")).map(drop)
            })
        };
        assert_eq!(set("x: &x {}\nm:\n  a: *x\n"), Err(Reason::Aliased));
        assert_eq!(set("m:\n  a: &x {}\nz: *x\n"), Err(Reason::Anchored));
        assert_eq!(set("x: &x {a: {}}\nm:\n  <<: *x\n"), Err(Reason::MergeKey));
        assert_eq!(set("m:\n  a: !x {}\n"), Err(Reason::Tagged));
        assert_eq!(set("m:\n  a: 12\n"), Err(Reason::NotAMapping));
        assert_eq!(set("m:\n  a: &x {}\n"), Ok("m:\n  a: &x {\"k\": \"v\"}\n".into()));
        assert_eq!(
            set("m:\n  a:\n    k: !!str w\n"),
            Ok("m:\n  a:\n    k: !!str \"v\"\n".into())
        );
    }

    #[track_caller]
    fn removes(source: &str, keys: &[&str], expected: &str) {
        check(source, expected, |draft, root| {
            let mapping = root.get("m").unwrap_or(root);
            keys.iter()
                .try_for_each(|key| draft.remove_entry(mapping, mapping.own(key).expect("key").0))
        });
    }

    #[test]
    fn an_entry_goes_with_its_lines_and_trailing_comment() {
        removes(
            "m:\n  # a\n  a: 1 # x\n  # b\n  b: 2\n",
            &["a"],
            "m:\n  # a\n  # b\n  b: 2\n",
        );
        removes(
            "m:\n  a: 1\n  b: |\n    x\n    y\n\n  c: 3\n",
            &["b"],
            "m:\n  a: 1\n\n  c: 3\n",
        );
        removes("m:\n  a:\n    - x\n    - y: z\n  c: 3\n", &["a"], "m:\n  c: 3\n");
        removes("m:\n  a: 1\n  b:\nz: 3\n", &["b"], "m:\n  a: 1\nz: 3\n");
        removes("a: 1\nb: 2\nc: 3", &["b", "c"], "a: 1");
        removes("a: 1\nb: 2\nc: 3", &["a", "c"], "b: 2");
    }

    #[test]
    fn what_loses_its_last_entry_is_empty() {
        removes("m:\n  a: 1\nz: 2\n", &["a"], "m: {}\nz: 2\n");
        removes("m:\n  # c\n  a: 1\n  b: 2\nz: 2\n", &["a", "b"], "m: {}\n  # c\nz: 2\n");
        removes("a: 1\nb: 2\n", &["a", "b"], "{}\n");
        removes("m: {a: 1}\n", &["a"], "m: {}\n");
        removes("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["a", "b"], "{\n  }\n");
    }

    #[test]
    fn in_flow_style_one_comma_goes_along() {
        removes("m: {a: 1, b: 2, c: 3}\n", &["a"], "m: {b: 2, c: 3}\n");
        removes("m: {a: 1, b: 2, c: 3}\n", &["b"], "m: {a: 1, c: 3}\n");
        removes("m: {a: 1, b: 2, c: 3}\n", &["c"], "m: {a: 1, b: 2}\n");
        removes("m: {a: 1, b: 2, c: 3}\n", &["a", "c"], "m: {b: 2}\n");
        removes("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["b"], "{\n  \"a\": 1\n}\n");
    }

    #[test]
    fn the_first_entry_of_an_item_leaves_its_dash() {
        let first = |source: &str, expected: &str| {
            check(source, expected, |draft, root| {
                let item = root.get("m").and_then(|m| m.items().next()).expect("item");
                draft.remove_entry(item, 0)
            });
        };
        first("m:\n- a: 1\n  b: 2\n", "m:\n- b: 2\n");
        first("m:\n- a: 1 # x\n  # y\n  b: 2\n", "m:\n- \n  # y\n  b: 2\n");
        first("m:\n- a: 1\n- c: 3\n", "m:\n- {}\n- c: 3\n");
    }

    #[test]
    fn a_replaced_entry_takes_its_trailing_comment_along() {
        check("m:\n  a: 1 # x\n  b: 2\n", "m:\n  c: true\n  b: 2\n", |draft, root| {
            draft.replace_entry(root.get("m").expect("m"), 0, "c", Value::Plain("true".into()))
        });
    }

    #[test]
    fn an_entry_is_appended_behind_the_last() {
        let append = |source: &str, expected: &str| {
            check(source, expected, |draft, root| {
                draft.append_entry(root, "c", Value::Plain("true".into()))
            });
        };
        append("a: 1\nb: 2 # x\n# y\n", "a: 1\nb: 2 # x\nc: true\n# y\n");
        append("a: 1\nb: 2", "a: 1\nb: 2\nc: true");
        append("{a: 1}\n", "{a: 1, \"c\": true}\n");
        check("a: 1\nb: 2", "a: 1\nc: true", |draft, root| {
            draft.append_entry(root, "c", Value::Plain("true".into()))?;
            draft.remove_entry(root, 1)
        });
    }

    #[test]
    fn items_go_and_come() {
        let remove = |source: &str, index: usize, expected: &str| {
            check(source, expected, |draft, root| {
                draft.remove_item(root.get("m").expect("m"), index)
            });
        };
        remove("m:\n- a: 1\n  b: 2\n# x\n- c\n", 0, "m:\n# x\n- c\n");
        remove("m:\n  - a\n  - b", 1, "m:\n  - a");
        remove("m:\n  - a\nz: 1\n", 0, "m: []\nz: 1\n");
        remove("m: [a, b]\n", 1, "m: [a]\n");
        let insert = |source: &str, index: usize, expected: &str| {
            check(source, expected, |draft, root| {
                draft.insert_item(
                    root.get("m").expect("m"),
                    index,
                    Value::map([("k", quoted("v")), ("l", Value::word("w"))]),
                )
            });
        };
        insert("m:\n- a: 1\n- b: 2\n", 1, "m:\n- a: 1\n- k: \"v\"\n  l: w\n- b: 2\n");
        insert("m:\n  - a: 1", 9, "m:\n  - a: 1\n  - k: \"v\"\n    l: w");
        insert(
            "m: [{\"a\": 1}]\n",
            0,
            "m: [{\"k\": \"v\", \"l\": \"w\"}, {\"a\": 1}]\n",
        );
    }

    #[test]
    fn several_changes_are_one_result() {
        check(
            "m:\n  x: 1\nn:\n  - p: q\n",
            "m:\n  k: \"v\"\n  l: \"w\"\n  x: 1\nn:\n  - p: \"r\"\n",
            |draft, root| {
                draft.set(root, &["m", "k"], quoted("v"))?;
                draft.set(root, &["m", "l"], quoted("w"))?;
                let item = root.get("n").and_then(|n| n.items().next()).expect("item");
                draft.set(item, &["p"], quoted("r")).map(drop)
            },
        );
    }
}
