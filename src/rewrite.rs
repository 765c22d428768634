//! A stream and its ledger → its inputs rewritten, or the reasons why not.
//!
//! Invariant: a document without a change leaves byte for byte as it came, and is not even copied.
//! Invariant: what is given out reads back as the same documents in the same order, plus exactly those that were added.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::manifest::stream::{Input, Sheet, Stream};
use crate::plan::ledger::{Ledger, NewDocument};
use crate::threads;
use crate::yaml::edit::{Edit, Edits};
use crate::yaml::proof::is_value;
use crate::yaml::refusal::{Reason, Refusal};
use crate::yaml::source::{Pos, Span, first_line_break};
use crate::yaml::spell::{Lines, Value, block_entries};
use crate::yaml::split::documents;
use crate::yaml::tree::{Collection, Document, Node};

/// The rewritten inputs, in order.
///
/// # Errors
/// The documents, by index, that cannot be edited, and why.
pub fn rewrite<'s>(stream: &Stream<'s>, ledger: &Ledger<'_>) -> Result<Vec<Rewritten<'s>>, Vec<(usize, Refusal)>> {
    let edits = edits(ledger, stream.bytes())?;
    let mut added: BTreeMap<usize, Vec<&NewDocument>> = BTreeMap::new();
    for document in ledger.documents() {
        added.entry(document.before).or_default().push(document);
    }
    let mut in_row: BTreeMap<usize, bool> = BTreeMap::new();
    let mut pages: Vec<Vec<Page<'_>>> = stream.inputs().iter().map(|_| Vec::new()).collect();
    for (index, sheet) in stream.sheets().iter().enumerate() {
        let whole = stream.input_of(sheet).source().text();
        let pages = &mut pages[sheet.input];
        if let Some(new) = added.get(&index) {
            let parted = Parted {
                is_first: pages.is_empty(),
                in_row: *in_row.entry(sheet.input).or_insert_with(|| {
                    let mut others = stream.sheets().iter().filter(|other| other.input == sheet.input);
                    others.nth(1).is_some() && !has_markers(whole)
                }),
            };
            pages.extend(new.iter().map(|document| Page::added(document, sheet, whole, parted)));
        }
        pages.push(Page {
            span: sheet.span,
            content: match edits.get(&index) {
                Some(edits) => Content::Edited(edits),
                None => Content::Kept,
            },
        });
    }
    let inputs = stream.inputs().iter().zip(&pages);
    let rewritten = inputs.enumerate().map(|(index, (input, pages))| {
        Rewritten::of(input, pages).ok_or_else(|| {
            let first = stream.sheets().iter().position(|sheet| sheet.input == index);
            vec![(first.unwrap_or(0), Reason::NotProved.at(Pos::START))]
        })
    });
    rewritten.collect()
}

/// The edits of every document that changes, laid out and proved.
fn edits(ledger: &Ledger<'_>, bytes: usize) -> Result<BTreeMap<usize, Edits>, Vec<(usize, Refusal)>> {
    let drafts: Vec<_> = ledger.drafts().iter().filter(|(_, draft)| !draft.is_empty()).collect();
    let finished: Vec<(usize, Result<Edits, Refusal>)> =
        threads::map(&drafts, bytes, |(index, draft)| (**index, draft.finish()));
    let (mut edits, mut refusals) = (BTreeMap::new(), Vec::new());
    for (index, result) in finished {
        match result {
            Ok(result) => drop(edits.insert(index, result)),
            Err(refusal) => refusals.push((index, refusal)),
        }
    }
    if refusals.is_empty() { Ok(edits) } else { Err(refusals) }
}

/// One input, and what changes in it. What stays is never copied.
#[derive(Debug)]
pub struct Rewritten<'s> {
    input: &'s Input,
    edits: Edits,
}

impl<'s> Rewritten<'s> {
    /// None where the result would not read back as these pages.
    fn of(input: &'s Input, pages: &[Page<'_>]) -> Option<Self> {
        let whole = input.source().text();
        let mut edits: Vec<Edit> = Vec::new();
        for page in pages {
            match &page.content {
                Content::Kept => {}
                Content::Added(_, text) => match edits.last_mut() {
                    // Several documents at one place stand in their order.
                    Some(last) if last.span == page.span => last.text.0 += text,
                    _ => edits.push(Edit::replace(page.span, text.as_str())),
                },
                Content::Edited(own) => {
                    for edit in own.iter() {
                        let span = edit.span.shifted(page.span.start());
                        match edits.last_mut() {
                            Some(last) if last.span == span => last.text.0 += &edit.text,
                            _ => edits.push(Edit::replace(span, edit.text.as_str())),
                        }
                    }
                }
            }
        }
        let edits = Edits::new(edits).ok()?;
        reads_back(whole, pages).then_some(Self { input, edits })
    }

    /// The input.
    #[must_use]
    pub fn input(&self) -> &'s Input {
        self.input
    }

    /// Whether some byte changes.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let text = self.input.source().text();
        self.edits.iter().any(|edit| edit.span.slice(text) != *edit.text)
    }

    /// The new text, with its byte order mark.
    #[must_use]
    pub fn text(&self) -> String {
        let source = self.input.source();
        source.mark().to_owned() + &self.edits.apply(source.text())
    }

    /// Writes the new text, with its byte order mark, piece by piece.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let source = self.input.source();
        out.write_all(source.mark().as_bytes())?;
        self.edits
            .pieces(source.text())
            .try_for_each(|piece| out.write_all(piece.as_bytes()))
    }
}

/// A document of the result.
struct Page<'r> {
    /// Where it stands in the text of its input; nowhere but before something, for a new one.
    span: Span,
    content: Content<'r>,
}

/// What becomes of a document.
enum Content<'r> {
    /// It stays.
    Kept,
    /// It is edited.
    Edited(&'r Edits),
    /// It is new: the object, and its text with the markers that it needs.
    Added(&'r Value, String),
}

/// How the documents of an input are told apart where a new one comes in.
#[derive(Clone, Copy)]
struct Parted {
    /// Nothing stands before it.
    is_first: bool,
    /// JSON objects follow one another, without markers between.
    in_row: bool,
}

impl<'r> Page<'r> {
    fn added(new: &'r NewDocument, before: &Sheet<'_>, whole: &str, parted: Parted) -> Self {
        let next = before.span.slice(whole);
        // A document of one line takes its line break from those around it.
        let newline = first_line_break(next)
            .or_else(|| first_line_break(whole))
            .unwrap_or("\n");
        let is_json = matches!(
            before.document.root().and_then(Node::collection),
            Some(Collection::Flow { .. })
        );
        let text = match &new.object {
            Value::Map(entries) => {
                let block = block_entries(entries, Lines { indent: 0, newline });
                let head = next.get(..marker(next)).unwrap_or_default();
                let has_marker = next.get(head.len()..).is_some_and(|rest| rest.starts_with("---"));
                if has_marker && head.split(['\n', '\r']).any(|line| line.starts_with('%')) {
                    // A directive belongs to a document of its own, so the one before it must end explicitly.
                    format!("---{newline}{block}{newline}...{newline}")
                } else if has_marker {
                    format!("---{newline}{block}{newline}")
                } else if is_json && next.trim_start().starts_with('{') && parted.in_row {
                    new.object.flow() + newline
                } else if parted.is_first {
                    format!("{block}{newline}---{newline}")
                } else {
                    format!("---{newline}{block}{newline}---{newline}")
                }
            }
            _ => String::new(),
        };
        Self {
            span: Span::at(before.span.start()),
            content: Content::Added(&new.object, text),
        }
    }

    fn is_kept(&self) -> bool {
        matches!(self.content, Content::Kept)
    }

    fn text(&self, whole: &str) -> String {
        match &self.content {
            Content::Kept => self.span.slice(whole).to_owned(),
            Content::Edited(edits) => edits.apply(self.span.slice(whole)),
            Content::Added(_, text) => text.clone(),
        }
    }
}

/// Whether the result holds the documents as planned: whatever changes, read back together with the documents beside it.
/// Where two documents stay, what parts them stays, too.
fn reads_back(whole: &str, pages: &[Page<'_>]) -> bool {
    let mut from = 0;
    while let Some(changed) = pages[from..].iter().position(|page| !page.is_kept()) {
        let first = (from + changed).saturating_sub(1).max(from);
        let mut last = from + changed;
        // Two that stay in a row part what must be read together.
        while last + 1 < pages.len() && !(pages[last].is_kept() && pages[last + 1].is_kept()) {
            last += 1;
        }
        if !window_reads_back(whole, &pages[first..=last]) {
            return false;
        }
        from = last + 1;
    }
    true
}

/// Comments before a document's marker end up behind the new document that was put before them.
fn window_reads_back(whole: &str, pages: &[Page<'_>]) -> bool {
    let texts: Vec<String> = pages.iter().map(|page| page.text(whole)).collect();
    let body = texts.concat();
    let Ok(spans) = documents(&body) else { return false };
    let mut found = spans.iter().map(|span| span.slice(&body));
    let as_planned = pages.iter().zip(&texts).all(|(page, text)| match &page.content {
        Content::Added(object, _) => found.next().is_some_and(|found| says(found, object)),
        Content::Kept | Content::Edited(_) => found.next().is_some_and(|found| found.ends_with(&text[marker(text)..])),
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

/// Whether documents are told apart by `---`, so that JSON objects do not follow one another without.
fn has_markers(text: &str) -> bool {
    text.split(['\n', '\r']).any(|line| line.starts_with("---"))
}

fn says(text: &str, object: &Value) -> bool {
    Document::parse_by_events(text).is_ok_and(|document| document.root().is_some_and(|root| is_value(object, root)))
}
