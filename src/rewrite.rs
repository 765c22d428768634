//! A stream and its ledger → its inputs rewritten, or the reasons why not.
//!
//! Invariant: a document without a change leaves byte for byte as it came.
//! Invariant: what is given out reads back as the same documents in the same order, plus exactly those that were added.

use crate::manifest::stream::Stream;
use crate::plan::ledger::{Ledger, NewDocument};
use crate::yaml::proof::is_value;
use crate::yaml::refusal::{Reason, Refusal};
use crate::yaml::source::{Pos, first_line_break};
use crate::yaml::spell::{Lines, Value, block_entries};
use crate::yaml::split::documents;
use crate::yaml::tree::{Collection, Document, Node};

/// The texts of the rewritten inputs, each with its byte order mark.
///
/// # Errors
/// The documents, by index, that cannot be edited, and why.
pub fn rewrite(stream: &Stream<'_>, ledger: &Ledger<'_>) -> Result<Vec<String>, Vec<(usize, Refusal)>> {
    let mut refusals = Vec::new();
    let mut pieces: Vec<Vec<Piece<'_>>> = stream.inputs().iter().map(|_| Vec::new()).collect();
    for (index, sheet) in stream.sheets().iter().enumerate() {
        let whole = stream.input_of(sheet).source().text();
        let text = sheet.span.slice(whole);
        let pieces = &mut pieces[sheet.input];
        let added = ledger.documents().iter().filter(|document| document.before == index);
        let is_first = pieces.is_empty();
        pieces.extend(added.map(|document| Piece::added(document, is_first, text, whole, &sheet.document)));
        let edits = ledger
            .drafts()
            .get(&index)
            .map_or_else(|| Ok(None), |draft| draft.finish().map(Some));
        match edits {
            Ok(Some(edits)) => pieces.push(Piece::Sheet(edits.apply(text).into())),
            Ok(None) => pieces.push(Piece::Sheet(text.into())),
            Err(refusal) => refusals.push((index, refusal)),
        }
    }
    let mut texts = Vec::with_capacity(pieces.len());
    for (index, (pieces, input)) in pieces.iter().zip(stream.inputs()).enumerate() {
        let body: String = pieces.iter().map(Piece::text).collect();
        if refusals.is_empty() && !reads_back(&body, pieces) {
            let first = stream.sheets().iter().position(|sheet| sheet.input == index);
            refusals.push((first.unwrap_or(0), Reason::NotProved.at(Pos::START)));
        }
        texts.push(input.source().mark().to_owned() + &body);
    }
    if refusals.is_empty() { Ok(texts) } else { Err(refusals) }
}

/// A document of the result.
enum Piece<'s> {
    /// One that was there.
    Sheet(std::borrow::Cow<'s, str>),
    /// A new one, and its text with the markers it needs.
    Added(&'s Value, String),
}

impl<'s> Piece<'s> {
    fn added(new: &'s NewDocument, is_first: bool, next: &str, whole: &str, document: &Document<'_>) -> Self {
        // A document of one line takes its line break from those around it.
        let newline = first_line_break(next)
            .or_else(|| first_line_break(whole))
            .unwrap_or("\n");
        let Value::Map(entries) = &new.object else {
            return Self::Added(&new.object, String::new());
        };
        let lines = Lines { indent: 0, newline };
        let block = block_entries(entries, lines);
        let is_json = matches!(
            document.root().and_then(Node::collection),
            Some(Collection::Flow { .. })
        );
        let head = next.get(..marker(next)).unwrap_or_default();
        let has_marker = next.get(head.len()..).is_some_and(|rest| rest.starts_with("---"));
        let text = if has_marker && head.lines().any(|line| line.starts_with('%')) {
            // A directive belongs to a document of its own, so the one before it must end explicitly.
            format!("---{newline}{block}{newline}...{newline}")
        } else if has_marker {
            format!("---{newline}{block}{newline}")
        } else if is_json && next.trim_start().starts_with('{') {
            new.object.flow() + newline
        } else if is_first {
            format!("{block}{newline}---{newline}")
        } else {
            format!("---{newline}{block}{newline}---{newline}")
        };
        Self::Added(&new.object, text)
    }

    fn text(&self) -> &str {
        match self {
            Self::Sheet(text) => text,
            Self::Added(_, text) => text,
        }
    }
}

/// Whether the text holds the documents as planned. Comments before a document's marker end up behind the new document
/// that was put before them.
fn reads_back(body: &str, pieces: &[Piece<'_>]) -> bool {
    let Ok(spans) = documents(body) else { return false };
    let mut found = spans.iter().map(|span| span.slice(body));
    let as_planned = pieces.iter().all(|piece| match piece {
        Piece::Sheet(text) => found.next().is_some_and(|found| found.ends_with(&text[marker(text)..])),
        Piece::Added(object, _) => found.next().is_some_and(|found| says(found, object)),
    });
    as_planned && found.next().is_none()
}

/// Where the line of a document's `---` begins, behind comments and directives; 0 where it has none.
fn marker(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        match line {
            _ if line.starts_with("---") => return at,
            _ if line.trim().is_empty() || line.trim_start().starts_with(['#', '%']) => at += line.len(),
            _ => return 0,
        }
    }
    0
}

fn says(text: &str, object: &Value) -> bool {
    Document::parse(text).is_ok_and(|document| document.root().is_some_and(|root| is_value(object, root)))
}
