//! An input as documents.
//!
//! Invariant: the documents' spans touch and cover the whole text.

use std::fmt;

use crate::yaml::source::{Place, Pos, Source, Span};
use crate::yaml::split::{Glued, documents};
use crate::yaml::tree::{Document, Node};

/// A whole input, read.
#[derive(Debug)]
pub struct Stream<'s> {
    source: &'s Source,
    sheets: Vec<Sheet<'s>>,
}

/// One document of a stream, and where it stands.
#[derive(Debug)]
pub struct Sheet<'s> {
    /// Its bytes in the stream's text.
    pub span: Span,
    /// Its nodes.
    pub document: Document<'s>,
}

impl<'s> Stream<'s> {
    /// Reads every document.
    ///
    /// # Errors
    /// The first document that is not YAML, or is something else than an object.
    pub fn read(source: &'s Source) -> Result<Self, NotAStream> {
        let text = source.text();
        let malformed = |pos: Pos, reason: String| NotAStream {
            place: source.place(pos),
            reason,
        };
        let spans = documents(text).map_err(|Glued(pos)| {
            let reason = "text stands right behind `---`, where YAML reads no marker and kubectl does; put a line break or a blank between";
            malformed(pos, reason.to_owned())
        })?;
        let mut sheets = Vec::with_capacity(spans.len());
        for span in spans {
            let document = Document::parse(span.slice(text)).map_err(|error| {
                let at = span.start().plus(error.pos.offset());
                malformed(
                    at,
                    format!(
                        "this is not YAML that can be read: {}; correct it here, or in what rendered it",
                        error.reason
                    ),
                )
            })?;
            if let Some(root) = document.root().filter(|root| !root.is_mapping() && !root.is_null()) {
                let found = if root.is_sequence() { "a list" } else { "plain text" };
                let at = span.start().plus(root.pos().offset());
                return Err(malformed(
                    at,
                    format!("a Kubernetes object was expected, and this is {found}; pipe rendered manifests in"),
                ));
            }
            sheets.push(Sheet { span, document });
        }
        Ok(Self { source, sheets })
    }

    /// The text all documents are part of.
    #[must_use]
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// The documents, in order.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet<'s>] {
        &self.sheets
    }

    /// The index of the document that a node is of.
    #[must_use]
    pub fn sheet_of(&self, node: Node<'_>) -> Option<usize> {
        let text = node.document().text();
        self.sheets
            .iter()
            .position(|sheet| std::ptr::eq(sheet.document.text(), text))
    }

    /// The line and column of a byte of one document.
    #[must_use]
    pub fn place(&self, sheet: usize, pos: Pos) -> Place {
        let start = self.sheets.get(sheet).map_or(Pos::START, |sheet| sheet.span.start());
        self.source.place(start.plus(pos.offset()))
    }

    /// The line and column of a node of one document.
    #[must_use]
    pub fn place_of(&self, sheet: usize, node: Node<'_>) -> Place {
        self.place(sheet, node.pos())
    }
}

/// An input that cannot be read as a stream of objects, and where. Holds no text of the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAStream {
    /// Where reading stopped.
    pub place: Place,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for NotAStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) -> String {
        let source = Source::new(text.into()).expect("text");
        Stream::read(&source).expect_err("refused").to_string()
    }

    #[test]
    fn what_is_no_object_is_named_with_its_place() {
        assert!(refused("a: b\n---\n- c\n").starts_with("3:1: a Kubernetes object was expected, and this is a list"));
        assert!(refused("Error\n").starts_with("1:1: a Kubernetes object was expected, and this is plain text"));
        assert!(refused("a: b\n---\nc: d: e\n").starts_with("3:"));
        assert!(refused("a: b\n---\n\ta: b\n").starts_with("3:"));
        assert!(refused("a: b\n---c: d\n").starts_with("2:1: text stands right behind `---`"));
    }

    #[test]
    fn documents_of_comments_are_no_error() {
        let source = Source::new("# a\n---\n# b\n---\na: b\n".into()).expect("text");
        assert_eq!(Stream::read(&source).expect("a stream").sheets().len(), 2);
    }
}
