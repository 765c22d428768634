//! Which bytes a change names in flow style, JSON among it.
//!
//! Invariant: what was JSON stays JSON, and a removed entry takes exactly one comma along.

use super::change::{EntryChange, MappingChange, SequenceChange};
use super::edit::Edit;
use super::extent::{colon, end};
use super::refusal::{Reason, Refusal};
use super::source::Span;
use super::spell::{Value, flow_entry};
use super::tree::Node;

/// The edits for a mapping in braces; `close` is where the closing one stands.
///
/// # Errors
/// A comment that would be lost.
pub fn mapping(node: Node<'_>, close: usize, change: &MappingChange) -> Result<Vec<Edit>, Refusal> {
    let parts: Vec<Part> = node.entries().map(Part::of_entry).collect::<Result<_, _>>()?;
    let mut edits = Vec::new();
    let removed = |index: usize| matches!(change.entries.get(&index), Some(EntryChange::Removed));
    for (index, change) in &change.entries {
        if let EntryChange::Replaced(key, value) = change {
            let part = parts[*index];
            edits.push(Edit::replace(Span::of(part.start, part.end), flow_entry(key, value)));
        }
    }
    edits.extend(deletions(node, close, &parts, removed)?);
    let spelled = |entries: &[(String, Value)]| -> Vec<String> {
        entries.iter().map(|(key, value)| flow_entry(key, value)).collect()
    };
    let kept = (0..parts.len()).filter(|index| !removed(*index)).count();
    edits.extend(insert_first(node, &parts, kept, &spelled(&change.first)));
    edits.extend(insert_last(node, &parts, removed, &spelled(&change.last)));
    Ok(edits)
}

/// The edits for a sequence in brackets; `close` is where the closing one stands.
///
/// # Errors
/// A comment that would be lost.
pub fn sequence(node: Node<'_>, close: usize, change: &SequenceChange) -> Result<Vec<Edit>, Refusal> {
    let parts: Vec<Part> = node.items().map(Part::of_item).collect::<Result<_, _>>()?;
    let removed = |index: usize| change.removed.contains(&index);
    let mut edits = deletions(node, close, &parts, removed)?;
    for (before, values) in change.insertions(parts.len()) {
        let new: Vec<String> = values.into_iter().map(Value::flow).collect();
        match parts.get(before) {
            Some(part) => edits.push(Edit::insert(part.start, new.join(", ") + ", ")),
            None => edits.extend(insert_last(node, &parts, removed, &new)),
        }
    }
    Ok(edits)
}

/// The bytes of one entry or item, without commas.
#[derive(Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
}

impl Part {
    fn of_entry((key, value): (Node<'_>, Node<'_>)) -> Result<Self, Refusal> {
        if key.is_anchored() || key.tag().is_some() {
            return Err(Reason::Tagged.at(key.pos()));
        }
        let end = if value.is_empty_scalar() {
            colon(key)? + 1
        } else {
            end(value)?
        };
        Ok(Self {
            start: key.pos().offset(),
            end,
        })
    }

    fn of_item(item: Node<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            start: item.pos().offset(),
            end: end(item)?,
        })
    }
}

fn deletions(
    node: Node<'_>,
    close: usize,
    parts: &[Part],
    removed: impl Fn(usize) -> bool,
) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    let mut index = 0;
    while index < parts.len() {
        if !removed(index) {
            index += 1;
            continue;
        }
        let first = index;
        while index < parts.len() && removed(index) {
            index += 1;
        }
        let (start, end) = match (first.checked_sub(1), parts.get(index)) {
            (_, Some(next)) => (parts[first].start, next.start),
            (Some(before), None) => (parts[before].end, parts[index - 1].end),
            (None, None) => (parts[0].start, close),
        };
        for pair in parts[first..index].windows(2) {
            only_a_comma(node, pair[0].end, pair[1].start)?;
        }
        if let Some(next) = parts.get(index) {
            only_a_comma(node, parts[index - 1].end, next.start)?;
        } else if let Some(before) = first.checked_sub(1) {
            only_a_comma(node, parts[before].end, parts[first].start)?;
        } else {
            only_a_comma(node, parts[index - 1].end, close)?;
        }
        edits.push(Edit::delete(start, end));
    }
    Ok(edits)
}

/// Refuses where something beside a comma stands between two parts.
fn only_a_comma(node: Node<'_>, start: usize, end: usize) -> Result<(), Refusal> {
    let gap = node.document().text().get(start..end).unwrap_or_default();
    if gap.trim().trim_start_matches(',').is_empty() {
        Ok(())
    } else {
        Err(Reason::CommentInFlow.at(node.pos()))
    }
}

/// New entries behind the opening bracket, spaced as what followed it.
fn insert_first(node: Node<'_>, parts: &[Part], kept: usize, new: &[String]) -> Option<Edit> {
    let open = node.pos().offset() + 1;
    let first = parts.first().map_or(open, |part| part.start);
    let gap = node.document().text().get(open..first).unwrap_or_default();
    let has_lines = gap.contains(['\n', '\r']) && gap.trim().is_empty();
    let space = if gap.trim().is_empty() { gap } else { "" };
    let between = if has_lines {
        format!(",{space}")
    } else {
        ", ".to_owned()
    };
    let text = new.join(&between);
    if new.is_empty() {
        None
    } else if kept == 0 {
        Some(Edit::insert(first, text))
    } else if has_lines {
        Some(Edit::insert(open, format!("{space}{text},")))
    } else {
        Some(Edit::insert(first, format!("{text}, ")))
    }
}

/// New parts behind the last that stays.
fn insert_last(node: Node<'_>, parts: &[Part], removed: impl Fn(usize) -> bool, new: &[String]) -> Option<Edit> {
    let text = new.join(", ");
    let last = parts.iter().enumerate().rev().find(|(index, _)| !removed(*index));
    match last {
        _ if new.is_empty() => None,
        Some((_, part)) => Some(Edit::insert(part.end, format!(", {text}"))),
        None => Some(Edit::insert(
            parts.first().map_or(node.pos().offset() + 1, |part| part.start),
            text,
        )),
    }
}
