//! Inputs as documents.
//!
//! One input is what standard input gives, or one file; the inputs of one call are one stream, so that a name in one file
//! means an object in another.
//!
//! Invariant: the documents' spans touch and cover the whole text of their input.

use std::fmt;
use std::sync::Arc;

use crate::threads;
use crate::yaml::source::{Place, Pos, Source, Span};
use crate::yaml::split::{Glued, documents};
use crate::yaml::tree::{Document, Malformed, Node, Top};

use super::triage::{Reading, reading};

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
    /// What it says at its top, where that is known without its nodes.
    pub top: Option<Box<Top<'s>>>,
}

impl<'s> Stream<'s> {
    /// Reads every document of every input.
    ///
    /// # Errors
    /// The first document that is not YAML, or is something else than an object.
    pub fn read(inputs: &'s [Input]) -> Result<Self, NotAStream> {
        Self::read_by(inputs, Sheet::read)
    }

    /// The same, with every document read by yaml-rust2, and all of its nodes: slow, and what tests hold [`Stream::read`]
    /// against.
    ///
    /// # Errors
    /// As [`Stream::read`].
    pub fn read_in_full(inputs: &'s [Input]) -> Result<Self, NotAStream> {
        Self::read_by(inputs, Sheet::read_in_full)
    }

    fn read_by(inputs: &'s [Input], read: ReadSheet<'s>) -> Result<Self, NotAStream> {
        let mut pieces = Vec::new();
        let mut glued = None;
        for (index, input) in inputs.iter().enumerate() {
            match documents(input.source.text()) {
                Ok(spans) => pieces.extend(spans.into_iter().map(|span| (index, span))),
                Err(Glued(pos)) => {
                    let reason = "text stands right behind `---`, where YAML reads no marker and kubectl does";
                    glued = Some(input.malformed(pos, reason.to_owned(), "put a line break or a blank between"));
                    break;
                }
            }
        }
        let texts: Vec<&'s str> = inputs.iter().map(|input| input.source.text()).collect();
        let read = |(input, span): &(usize, Span)| read(*input, *span, texts[*input]);
        let bytes = texts.iter().map(|text| text.len()).sum();
        let read: Vec<Result<Sheet<'s>, Flaw>> = threads::map(&pieces, bytes, read);
        let mut sheets = Vec::with_capacity(read.len());
        for (sheet, (index, span)) in read.into_iter().zip(pieces) {
            sheets.push(sheet.map_err(|flaw| {
                let pos = span.start().plus(flaw.pos.offset());
                inputs[index].malformed(pos, flaw.reason, flaw.remedy)
            })?);
        }
        match glued {
            Some(error) => Err(error),
            None => Ok(Self { inputs, sheets }),
        }
    }

    /// The inputs, in order.
    #[must_use]
    pub fn inputs(&self) -> &'s [Input] {
        self.inputs
    }

    /// How many bytes all inputs have.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.inputs.iter().map(|input| input.source.text().len()).sum()
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

/// Why a document cannot be read, and where in it.
struct Flaw {
    pos: Pos,
    reason: String,
    remedy: &'static str,
}

/// Reads the document that stands here in the text of the input with this index.
type ReadSheet<'s> = fn(usize, Span, &'s str) -> Result<Sheet<'s>, Flaw>;

impl<'s> Sheet<'s> {
    fn read(input: usize, span: Span, whole: &'s str) -> Result<Self, Flaw> {
        let text = span.slice(whole);
        if reading(text) == Reading::Top
            && let Some((document, top)) = Document::skim(text)
        {
            return Ok(Self {
                input,
                span,
                document,
                top: Some(Box::new(top)),
            });
        }
        Self::of(input, span, Document::parse(text))
    }

    fn read_in_full(input: usize, span: Span, whole: &'s str) -> Result<Self, Flaw> {
        Self::of(input, span, Document::parse_by_events(span.slice(whole)))
    }

    fn of(input: usize, span: Span, document: Result<Document<'s>, Malformed>) -> Result<Self, Flaw> {
        let document = document.map_err(|error| Flaw {
            pos: error.pos,
            reason: format!("this is not YAML that can be read: {}", error.reason),
            remedy: "correct it here, or in what rendered it",
        })?;
        if let Some(root) = document.root().filter(|root| !root.is_mapping() && !root.is_null()) {
            let found = if root.is_sequence() { "a list" } else { "plain text" };
            return Err(Flaw {
                pos: root.pos(),
                reason: format!("a Kubernetes object was expected, and this is {found}"),
                remedy: "pipe rendered manifests in",
            });
        }
        Ok(Self {
            input,
            span,
            document,
            top: None,
        })
    }

    /// Whether nothing is in it but comments, or a null.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.top.is_none() && self.document.root().is_none_or(Node::is_null)
    }
}

impl Input {
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
