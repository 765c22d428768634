//! Inputs as documents.
//!
//! One input is what standard input gives, or one file; the inputs of one call are one stream, so that a name in one file
//! means an object in another.
//!
//! Invariant: the documents' spans touch and cover the whole text of their input.

use std::fmt;
use std::sync::Arc;

use crate::yaml::source::{Place, Pos, Source, Span};
use crate::yaml::split::{Glued, documents};
use crate::yaml::tree::{Document, Node};

/// One input, as text, and what it is called in places.
#[derive(Debug)]
pub struct Input {
    name: Arc<str>,
    source: Source,
}

impl Input {
    /// Takes the bytes of an input.
    ///
    /// # Errors
    /// Bytes that are no text.
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self, NotAStream> {
        let name: Arc<str> = name.into();
        match Source::new(bytes) {
            Ok(source) => Ok(Self { name, source }),
            Err(error) => Err(NotAStream {
                location: Location {
                    name,
                    place: error.place,
                },
                reason: error.reason.to_string(),
                remedy: error.reason.remedy(),
            }),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    fn location(&self, pos: Pos) -> Location {
        Location {
            name: Arc::clone(&self.name),
            place: self.source.place(pos),
        }
    }
}

/// A place in one of the inputs: `stdin:3:1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    /// What the input is called.
    pub name: Arc<str>,
    /// The line and the column.
    pub place: Place,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.place)
    }
}

/// All inputs of a run, read.
#[derive(Debug)]
pub struct Stream<'s> {
    inputs: &'s [Input],
    sheets: Vec<Sheet<'s>>,
}

/// One document of a stream, and where it stands.
#[derive(Debug)]
pub struct Sheet<'s> {
    /// The index of its input.
    pub input: usize,
    /// Its bytes in the text of its input.
    pub span: Span,
    /// Its nodes.
    pub document: Document<'s>,
}

impl<'s> Stream<'s> {
    /// Reads every document of every input.
    ///
    /// # Errors
    /// The first document that is not YAML, or is something else than an object.
    pub fn read(inputs: &'s [Input]) -> Result<Self, NotAStream> {
        let mut sheets = Vec::new();
        for (index, input) in inputs.iter().enumerate() {
            let spans = documents(input.source.text()).map_err(|Glued(pos)| {
                let reason = "text stands right behind `---`, where YAML reads no marker and kubectl does";
                input.malformed(pos, reason.to_owned(), "put a line break or a blank between")
            })?;
            for span in spans {
                sheets.push(input.sheet(index, span)?);
            }
        }
        Ok(Self { inputs, sheets })
    }

    /// The inputs, in order.
    #[must_use]
    pub fn inputs(&self) -> &'s [Input] {
        self.inputs
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

    /// The input that a document is of.
    #[must_use]
    pub fn input_of(&self, sheet: &Sheet<'_>) -> &'s Input {
        &self.inputs[sheet.input]
    }

    /// The place of a byte of one document.
    ///
    /// # Panics
    /// When the stream has no such document.
    #[must_use]
    pub fn location(&self, sheet: usize, pos: Pos) -> Location {
        let sheet = &self.sheets[sheet];
        self.input_of(sheet).location(sheet.span.start().plus(pos.offset()))
    }

    /// The place of a node of one document.
    ///
    /// # Panics
    /// When the stream has no such document.
    #[must_use]
    pub fn location_of(&self, sheet: usize, node: Node<'_>) -> Location {
        self.location(sheet, node.pos())
    }
}

impl Input {
    fn sheet(&self, index: usize, span: Span) -> Result<Sheet<'_>, NotAStream> {
        let document = Document::parse(span.slice(self.source.text())).map_err(|error| {
            let reason = format!("this is not YAML that can be read: {}", error.reason);
            let remedy = "correct it here, or in what rendered it";
            self.malformed(span.start().plus(error.pos.offset()), reason, remedy)
        })?;
        if let Some(root) = document.root().filter(|root| !root.is_mapping() && !root.is_null()) {
            let found = if root.is_sequence() { "a list" } else { "plain text" };
            let reason = format!("a Kubernetes object was expected, and this is {found}");
            let pos = span.start().plus(root.pos().offset());
            return Err(self.malformed(pos, reason, "pipe rendered manifests in"));
        }
        Ok(Sheet {
            input: index,
            span,
            document,
        })
    }

    fn malformed(&self, pos: Pos, reason: String, remedy: &'static str) -> NotAStream {
        NotAStream {
            location: self.location(pos),
            reason,
            remedy,
        }
    }
}

/// An input that cannot be read as a stream of objects, and where. Holds no text of the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAStream {
    /// Where reading stopped.
    pub location: Location,
    /// What is wrong there.
    pub reason: String,
    /// What to do.
    pub remedy: &'static str,
}

impl fmt::Display for NotAStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.location, self.reason, self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) -> String {
        let inputs = [Input::new("in", text.into()).expect("text")];
        Stream::read(&inputs).expect_err("refused").to_string()
    }

    #[test]
    fn what_is_no_object_is_named_with_its_place() {
        assert!(
            refused("a: b\n---\n- c\n").starts_with("in:3:1: a Kubernetes object was expected, and this is a list")
        );
        assert!(refused("Error\n").starts_with("in:1:1: a Kubernetes object was expected, and this is plain text"));
        assert!(refused("a: b\n---\nc: d: e\n").starts_with("in:3:"));
        assert!(refused("a: b\n---\n\ta: b\n").starts_with("in:3:"));
        assert!(refused("a: b\n---c: d\n").starts_with("in:2:1: text stands right behind `---`"));
    }

    #[test]
    fn documents_of_comments_are_no_error() {
        let inputs = [Input::new("in", "# a\n---\n# b\n---\na: b\n".into()).expect("text")];
        assert_eq!(Stream::read(&inputs).expect("a stream").sheets().len(), 2);
    }
}
