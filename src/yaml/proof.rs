//! Reads an edited document back and holds it against what was planned.
//!
//! Invariant: a result that passes differs in meaning from the original by exactly the planned changes: every other
//! scalar has the same text, type and tag, and entries and items have the same order.
//!
//! Invariant: the result is read by yaml-rust2, whichever reader read the original; so what the reader of simple YAML took
//! for granted is held against it, too.
//!
//! Deliberately absent: any use of how the edits were laid out. Only the changes and the two documents are looked at.

use super::change::{Change, Changes, EntryChange, MappingChange, SequenceChange};
use super::edit::Edits;
use super::extent;
use super::spell::{Value, is_string_when_plain};
use super::tree::{Document, Node};

/// Whether the edits make of the document exactly what the changes say.
#[must_use]
pub fn reads_back(document: &Document<'_>, changes: &Changes, edits: &Edits) -> bool {
    let text = edits.apply(document.text());
    let Ok(after) = Document::parse_by_events(&text) else {
        return false;
    };
    match (document.root(), after.root()) {
        (Some(before), Some(after)) => is_planned(changes, before, after),
        (None, None) => true,
        _ => false,
    }
}

fn is_planned(changes: &Changes, before: Node<'_>, after: Node<'_>) -> bool {
    match changes.of(before) {
        None => is_same(changes, before, after),
        Some(Change::Value(value)) => is_value(value, after),
        Some(Change::Text(edits)) => {
            let text = edits.apply(before.text().unwrap_or_default());
            after.text() == Some(text.as_str()) && before.is_plain() == after.is_plain()
        }
        Some(Change::Mapping(change)) => is_planned_mapping(changes, change, before, after),
        Some(Change::Sequence(change)) => is_planned_sequence(changes, change, before, after),
    }
}

fn is_same(changes: &Changes, before: Node<'_>, after: Node<'_>) -> bool {
    if before.tag() != after.tag()
        || before.is_alias() != after.is_alias()
        || before.is_anchored() != after.is_anchored()
    {
        return false;
    }
    if before.is_alias() {
        return name(before) == name(after);
    }
    if before.text().is_some() {
        return before.text() == after.text() && before.is_plain() == after.is_plain();
    }
    let pairs = || before.entries().zip(after.entries());
    before.is_mapping() == after.is_mapping()
        && before.is_sequence() == after.is_sequence()
        && before.entries().count() == after.entries().count()
        && before.items().count() == after.items().count()
        && pairs().all(|(old, new)| is_planned(changes, old.0, new.0) && is_planned(changes, old.1, new.1))
        && before
            .items()
            .zip(after.items())
            .all(|(old, new)| is_planned(changes, old, new))
}

fn is_planned_mapping(changes: &Changes, change: &MappingChange, before: Node<'_>, after: Node<'_>) -> bool {
    let mut found = after.entries();
    let mut next_is =
        |wanted: &dyn Fn(Node<'_>, Node<'_>) -> bool| found.next().is_some_and(|(key, value)| wanted(key, value));
    let is_new = |key: &str, value: &Value, (found_key, found): (Node<'_>, Node<'_>)| {
        found_key.text() == Some(key) && is_value(value, found)
    };
    if !after.is_mapping() || before.tag() != after.tag() {
        return false;
    }
    for (key, value) in &change.first {
        if !next_is(&|found_key, found| is_new(key, value, (found_key, found))) {
            return false;
        }
    }
    for (index, (key, value)) in before.entries().enumerate() {
        let as_planned = match change.entries.get(&index) {
            Some(EntryChange::Removed) => true,
            Some(EntryChange::Replaced(new_key, new)) => {
                next_is(&|found_key, found| is_new(new_key, new, (found_key, found)))
            }
            None => {
                next_is(&|found_key, found| is_planned(changes, key, found_key) && is_planned(changes, value, found))
            }
        };
        if !as_planned {
            return false;
        }
    }
    for (key, value) in &change.last {
        if !next_is(&|found_key, found| is_new(key, value, (found_key, found))) {
            return false;
        }
    }
    found.next().is_none()
}

fn is_planned_sequence(changes: &Changes, change: &SequenceChange, before: Node<'_>, after: Node<'_>) -> bool {
    let mut found = after.items();
    let inserted = change.insertions(before.items().count());
    if !after.is_sequence() || before.tag() != after.tag() {
        return false;
    }
    for (index, item) in before.items().map(Some).chain([None]).enumerate() {
        for value in inserted.get(&index).into_iter().flatten() {
            if !found.next().is_some_and(|found| is_value(value, found)) {
                return false;
            }
        }
        let Some(item) = item else { break };
        let stays = !change.removed.contains(&index);
        if stays && !found.next().is_some_and(|found| is_planned(changes, item, found)) {
            return false;
        }
    }
    found.next().is_none()
}

/// Whether a node says exactly this.
#[must_use]
pub fn is_value(value: &Value, found: Node<'_>) -> bool {
    if found.is_alias() {
        return false;
    }
    match value {
        Value::Quoted(text) => found.text() == Some(text) && !found.is_plain(),
        Value::Word(text) => found.text() == Some(text) && (!found.is_plain() || is_string_when_plain(text)),
        Value::Plain(text) => found.text() == Some(text) && found.is_plain(),
        Value::Map(entries) => {
            found.is_mapping()
                && found.entries().count() == entries.len()
                && entries
                    .iter()
                    .zip(found.entries())
                    .all(|((key, value), (found_key, found))| found_key.text() == Some(key) && is_value(value, found))
        }
        Value::Seq(items) => {
            found.is_sequence()
                && found.items().count() == items.len()
                && items
                    .iter()
                    .zip(found.items())
                    .all(|(value, found)| is_value(value, found))
        }
    }
}

fn name(alias: Node<'_>) -> Option<&str> {
    let end = extent::end(alias).ok()?;
    alias.document().text().get(alias.pos().offset()..end)
}

#[cfg(test)]
mod tests;
