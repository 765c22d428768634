//! Which bytes a change names in block style.
//!
//! Invariant: what is inserted is whole lines in the document's own line breaks, and what is deleted is an entry with its
//! trailing comment; a line that no change names stays, and so does every comment that stands on a line of its own.
//! Invariant: a document without a final line break has none afterwards.

use super::change::{EntryChange, MappingChange, SequenceChange};
use super::edit::{Edit, Edits};
use super::extent::{colon, end};
use super::refusal::{Reason, Refusal};
use super::scalar::Written;
use super::source::Span;
use super::spell::{Lines, Value, block_entries, block_entry, block_item};
use super::tree::{Collection, Document, Node};

/// The edits for a mapping.
///
/// # Errors
/// An entry that does not stand on lines of its own.
pub fn mapping(node: Node<'_>, change: &MappingChange) -> Result<Vec<Edit>, Refusal> {
    if node.collection() != Some(Collection::Block) {
        return Err(Reason::CrowdedLine.at(node.pos()));
    }
    let document = node.document();
    let entries: Vec<(Node<'_>, Node<'_>)> = node.entries().collect();
    let lines = lines_at(document, node.pos().offset());
    let mut edits = Vec::new();
    let mut removed = Vec::new();
    let is_emptied = change.first.is_empty()
        && change.last.is_empty()
        && entries.len() == change.entries.len()
        && change
            .entries
            .values()
            .all(|change| matches!(change, EntryChange::Removed));
    for (index, entry_change) in &change.entries {
        let entry = Entry::of(entries[*index])?;
        let is_last = index + 1 == entries.len();
        match entry_change {
            EntryChange::Replaced(key, value) => {
                let text = block_entry(key, value, lines);
                edits.push(Edit::replace(Span::of(entry.start, entry.comment_end), text));
            }
            EntryChange::Removed if is_last && !change.last.is_empty() => {
                let text = block_entries(&change.last, lines);
                edits.push(Edit::replace(Span::of(entry.start, entry.comment_end), text));
            }
            EntryChange::Removed if is_emptied && *index == 0 && header(node).is_none() => {
                edits.push(Edit::replace(Span::of(entry.start, entry.comment_end), "{}"));
            }
            EntryChange::Removed if entry.begins_line(document) => removed.push(entry.whole_lines(document)),
            EntryChange::Removed => {
                let next = (index + 1..entries.len()).find(|next| !change.entries.contains_key(next));
                removed.push(slide(document, entry, next.map(|next| entries[next].0)));
            }
        }
    }
    edits.extend(deletions(document, removed));
    if is_emptied && let Some(key) = header(node) {
        edits.push(Edit::insert(behind_header(node, key)?, " {}"));
    }
    if !change.first.is_empty() {
        edits.push(insert_first(
            node,
            entries[0].0,
            &block_entries(&change.first, lines),
            lines,
        )?);
    }
    let last_goes = matches!(change.entries.get(&(entries.len() - 1)), Some(EntryChange::Removed));
    if !change.last.is_empty() && !last_goes {
        let entry = Entry::of(entries[entries.len() - 1])?;
        edits.push(insert_after(
            document,
            entry.line_end,
            &block_entries(&change.last, lines),
            lines,
        ));
    }
    Ok(edits)
}

/// The edits for a sequence.
///
/// # Errors
/// An item that does not stand on lines of its own.
pub fn sequence(node: Node<'_>, change: &SequenceChange) -> Result<Vec<Edit>, Refusal> {
    let document = node.document();
    let items: Vec<Node<'_>> = node.items().collect();
    let mut edits = Vec::new();
    let mut removed = Vec::new();
    for index in &change.removed {
        let item = Entry::of_item(items[*index])?;
        if !item.begins_line(document) {
            return Err(Reason::CrowdedLine.at(items[*index].pos()));
        }
        removed.push(item.whole_lines(document));
    }
    edits.extend(deletions(document, removed));
    if change.removed.len() == items.len() && change.inserted.is_empty() {
        let key = header(node).ok_or(Reason::CrowdedLine.at(node.pos()))?;
        edits.push(Edit::insert(behind_header(node, key)?, " []"));
    }
    for (before, values) in change.insertions(items.len()) {
        let lines = lines_at(document, dash(items[0])?);
        let next = format!("{}{}", lines.newline, " ".repeat(lines.indent));
        let text: Vec<String> = values.iter().map(|value| block_item(value, lines)).collect();
        let text = text.join(&next);
        edits.push(match items.get(before) {
            Some(item) => Edit::insert(dash(*item)?, text + &next),
            None => insert_after(document, Entry::of_item(items[items.len() - 1])?.line_end, &text, lines),
        });
    }
    Ok(edits)
}

/// The edits that give a scalar another value.
///
/// # Errors
/// A value whose bytes are not certain.
pub fn value(node: Node<'_>, value: &Value) -> Result<Vec<Edit>, Refusal> {
    let in_flow = std::iter::successors(node.parent(), |node| node.parent())
        .any(|node| !matches!(node.collection(), Some(Collection::Block)));
    let text = if in_flow { value.flow() } else { value.inline() };
    match (value, header(node)) {
        (Value::Map(entries), Some(key)) if !entries.is_empty() && node.is_null() && !in_flow => {
            fill(node, key, entries)
        }
        (_, Some(key)) if node.is_empty_scalar() => Ok(vec![Edit::insert(colon(key)? + 1, format!(" {text}"))]),
        (_, Some(key)) if !in_flow && is_block_scalar(node) => {
            let header = scalar_header(node.document(), colon(key)? + 1);
            let (start, comment) = header.ok_or(Reason::OpaqueValue.at(node.pos()))?;
            let end = end(node)?;
            // A block scalar that keeps its final line breaks ends behind the last of them.
            let ends_line = end == node.document().line_start(end);
            let newline = if ends_line { node.document().newline() } else { "" };
            Ok(vec![Edit::replace(
                Span::of(start, end),
                format!("{text}{comment}{newline}"),
            )])
        }
        _ => {
            let written = Written::of(node).ok_or(Reason::OpaqueValue.at(node.pos()))?;
            Ok(vec![Edit::replace(written.span(), text)])
        }
    }
}

/// The edits that change a part of a scalar's text.
///
/// # Errors
/// A text whose bytes are not certain.
pub fn text(node: Node<'_>, edits: &Edits) -> Result<Vec<Edit>, Refusal> {
    Written::of(node)
        .and_then(|written| written.place(edits))
        .ok_or(Reason::OpaqueValue.at(node.pos()))
}

/// The key whose value a node is.
fn header(node: Node<'_>) -> Option<Node<'_>> {
    let mut entries = node.parent()?.entries();
    entries.find(|(_, value)| value.id() == node.id()).map(|(key, _)| key)
}

/// Where what takes the place of a collection can stand, behind the colon of its key.
fn behind_header(node: Node<'_>, key: Node<'_>) -> Result<usize, Refusal> {
    if node.is_anchored() || node.tag().is_some() {
        return Err(Reason::Tagged.at(key.pos()));
    }
    Ok(colon(key)? + 1)
}

fn is_block_scalar(node: Node<'_>) -> bool {
    use yaml_rust2::scanner::TScalarStyle;
    matches!(node.style(), Some(TScalarStyle::Literal | TScalarStyle::Folded))
}

/// Where the header of a block scalar behind `at` begins, and the comment behind it with the blanks before.
fn scalar_header<'d>(document: &'d Document<'_>, at: usize) -> Option<(usize, &'d str)> {
    let mut start = at;
    loop {
        let line = document.text().get(start..document.line_end(start))?;
        let mut header = line.trim_start_matches([' ', '\t']);
        while header.starts_with(['&', '!']) {
            header = header.get(header.find([' ', '\t'])?..)?.trim_start_matches([' ', '\t']);
        }
        if header.starts_with(['|', '>']) {
            let start = start + line.len() - header.len();
            let header = header.trim_end_matches(['\n', '\r']);
            let comment = header.find([' ', '\t']).and_then(|at| header.get(at..));
            let comment = comment.filter(|comment| !comment.trim().is_empty());
            return Some((start, comment.unwrap_or_default()));
        }
        if line.is_empty() {
            return None;
        }
        start += line.len();
    }
}

/// Entries below a key that has none: the null goes, if it was written, and the entries stand on the lines after.
fn fill(null: Node<'_>, key: Node<'_>, entries: &[(String, Value)]) -> Result<Vec<Edit>, Refusal> {
    let document = null.document();
    let outer = lines_at(document, key.pos().offset());
    let lines = Lines {
        indent: outer.indent + 2,
        ..outer
    };
    if null.is_anchored() || null.tag().is_some() {
        return Err(Reason::Tagged.at(key.pos()));
    }
    let colon = colon(key)?;
    let mut edits = Vec::new();
    let mut after = colon + 1;
    if !null.is_empty_scalar() {
        after = end(null)?;
        edits.push(Edit::delete(colon + 1, after));
    }
    let line = Rest::of(document, after);
    if !line.is_blank_or_comment {
        return Err(Reason::CrowdedLine.at(null.pos()));
    }
    edits.push(insert_after(document, line.end, &block_entries(entries, lines), lines));
    Ok(edits)
}

/// New entries before all others: on the line after the key they belong to, so that a comment above the first entry
/// stays with it; where there is no such line, right before the first entry.
fn insert_first(node: Node<'_>, first: Node<'_>, text: &str, lines: Lines<'_>) -> Result<Edit, Refusal> {
    let document = node.document();
    let start = first.pos().offset();
    if let Some(key) = header(node) {
        let line = Rest::of(document, colon(key)? + 1);
        if line.is_blank_or_comment && line.end <= document.line_start(start) {
            return Ok(insert_after(document, line.end, text, lines));
        }
    }
    if first.is_anchored() || first.tag().is_some() {
        return Err(Reason::Tagged.at(first.pos()));
    }
    Ok(Edit::insert(
        start,
        format!("{text}{}{}", lines.newline, " ".repeat(lines.indent)),
    ))
}

/// New lines behind the line that ends at `at`.
fn insert_after(document: &Document<'_>, at: usize, text: &str, lines: Lines<'_>) -> Edit {
    let indent = " ".repeat(lines.indent);
    let has_break = document
        .text()
        .get(..at)
        .is_some_and(|text| text.ends_with(['\n', '\r']));
    if has_break {
        Edit::insert(at, format!("{indent}{text}{}", lines.newline))
    } else {
        Edit::insert(at, format!("{}{indent}{text}", lines.newline))
    }
}

/// Takes an entry away whose line begins with something else, as the first behind `- ` does: the next one moves up, or,
/// with a comment between them, the dash stands alone.
fn slide(document: &Document<'_>, entry: Entry, next: Option<Node<'_>>) -> Span {
    let next = next.map(|next| next.pos().offset());
    match next.filter(|next| {
        document
            .text()
            .get(entry.line_end..*next)
            .is_some_and(|gap| gap.trim().is_empty())
    }) {
        Some(next) => Span::of(entry.start, next),
        None => Span::of(entry.start, entry.comment_end),
    }
}

/// Deletes spans; those that touch become one, and at the end of a document without a final line break the break before
/// goes instead.
fn deletions(document: &Document<'_>, mut spans: Vec<Span>) -> Vec<Edit> {
    let text = document.text();
    spans.sort();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.end() >= span.start() => *last = Span::new(last.start(), last.end().max(span.end())),
            _ => joined.push(span),
        }
    }
    let ends_bare = !text.ends_with(['\n', '\r']);
    joined
        .into_iter()
        .map(|span| {
            let (start, end) = (span.start().offset(), span.end().offset());
            let before = text.get(..start).unwrap_or_default();
            let kept = before
                .strip_suffix("\r\n")
                .or_else(|| before.strip_suffix(['\n', '\r']))
                .unwrap_or(before);
            let start = if ends_bare && end == text.len() {
                kept.len()
            } else {
                start
            };
            Edit::delete(start, end)
        })
        .collect()
}

/// The bytes of one entry or item.
#[derive(Clone, Copy)]
struct Entry {
    /// Its first byte: of the key, or of the dash.
    start: usize,
    /// Behind its trailing comment, or its last byte; before the line break.
    comment_end: usize,
    /// Behind the line break of its last line.
    line_end: usize,
}

impl Entry {
    fn of((key, value): (Node<'_>, Node<'_>)) -> Result<Self, Refusal> {
        if key.is_anchored() || key.tag().is_some() {
            return Err(Reason::Tagged.at(key.pos()));
        }
        let colon = colon(key)?;
        let end = if value.is_empty_scalar() {
            colon + 1
        } else {
            end(value)?
        };
        Self::ending(key, key.pos().offset(), end)
    }

    fn of_item(item: Node<'_>) -> Result<Self, Refusal> {
        Self::ending(item, dash(item)?, end(item)?)
    }

    fn ending(node: Node<'_>, start: usize, end: usize) -> Result<Self, Refusal> {
        let document = node.document();
        if end == document.line_start(end) {
            // A block scalar that keeps its final line breaks ends behind the last of them.
            return Ok(Self {
                start,
                comment_end: end,
                line_end: end,
            });
        }
        let line = Rest::of(document, end);
        if !line.is_blank_or_comment {
            return Err(Reason::CrowdedLine.at(node.pos()));
        }
        Ok(Self {
            start,
            comment_end: line.break_at,
            line_end: line.end,
        })
    }

    fn begins_line(self, document: &Document<'_>) -> bool {
        let before = document.text().get(document.line_start(self.start)..self.start);
        before.is_some_and(|before| before.bytes().all(|byte| byte == b' '))
    }

    fn whole_lines(self, document: &Document<'_>) -> Span {
        Span::of(document.line_start(self.start), self.line_end)
    }
}

/// What stands behind a byte on its line.
struct Rest {
    is_blank_or_comment: bool,
    break_at: usize,
    end: usize,
}

impl Rest {
    fn of(document: &Document<'_>, at: usize) -> Self {
        let end = document.line_end(at);
        let rest = document.text().get(at..end).unwrap_or_default();
        let content = rest.trim_end_matches(['\n', '\r']);
        let comment = content.trim_start_matches([' ', '\t']);
        let is_comment = comment.starts_with('#') && comment.len() < content.len();
        Self {
            is_blank_or_comment: comment.is_empty() || is_comment,
            break_at: at + content.len(),
            end,
        }
    }
}

/// Where the dash of an item stands.
fn dash(item: Node<'_>) -> Result<usize, Refusal> {
    let text = item.document().text();
    let before = text.get(..item.pos().offset()).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t', '\n', '\r']);
    match before.strip_suffix('-') {
        Some(before) if !item.is_empty_scalar() => Ok(before.len()),
        _ => Err(Reason::CrowdedLine.at(item.pos())),
    }
}

/// The column of a byte as indentation, and the document's line break.
fn lines_at<'d>(document: &'d Document<'_>, at: usize) -> Lines<'d> {
    let before = document.text().get(document.line_start(at)..at).unwrap_or_default();
    Lines {
        indent: before.chars().count(),
        newline: document.newline(),
    }
}
