//! One document, and its lines as they may be shown.

use std::rc::Rc;

use crate::manifest::envelope::objects;
use crate::manifest::object::Object;
use crate::manifest::stream::Stream;
use crate::report::text::visible;
use crate::yaml::source::{Pos, line_starts};
use crate::yaml::tree::{Document, Node};

use super::{plain, secret};

/// A line of a document.
#[derive(Clone)]
pub(super) struct Line {
    /// Where it stands in its input, from 1.
    pub(super) number: usize,
    /// What it says in full, for comparing only.
    pub(super) says: String,
    /// What may be shown of it.
    shown: String,
    /// Whether a value is left out.
    is_masked: bool,
    /// The value of a Secret whose settings it is one of.
    pub(super) inside: Option<Rc<str>>,
}

impl Line {
    /// A line that may be shown as it is.
    pub(super) fn open(number: usize, text: &str) -> Self {
        Self {
            number,
            says: text.to_owned(),
            shown: text.to_owned(),
            is_masked: false,
            inside: None,
        }
    }

    /// A line of which only `head` may be shown.
    pub(super) fn masked(number: usize, head: &str, value: &str) -> Self {
        Self {
            number,
            says: format!("{head}\0{value}"),
            shown: head.trim_end().to_owned(),
            is_masked: true,
            inside: None,
        }
    }

    /// The same as one of the settings in a value.
    pub(super) fn inside(self, value: &Rc<str>) -> Self {
        Self {
            inside: Some(Rc::clone(value)),
            ..self
        }
    }

    /// The line, with a word in the place of its value.
    pub(super) fn shown_as(&self, word: &str) -> String {
        let shown = visible(&self.shown);
        match (self.is_masked, shown.trim().is_empty()) {
            (false, _) => shown,
            (true, true) => shown + word,
            (true, false) => shown + " " + word,
        }
    }
}

/// A document of a stream, and where it stands.
pub(super) struct Page<'d> {
    /// The index of its input.
    pub(super) input: usize,
    /// The line its text begins on, from 1.
    first: usize,
    /// Its nodes; none of a document that is not there.
    pub(super) document: Option<&'d Document<'d>>,
    /// Where its lines begin.
    starts: Vec<usize>,
    /// Its objects, in order.
    objects: Vec<Object<'d>>,
}

/// The documents of a stream.
pub(super) fn pages<'d>(stream: &'d Stream<'d>) -> Vec<Page<'d>> {
    let mut pages: Vec<Page<'d>> = Vec::with_capacity(stream.sheets().len());
    for (index, sheet) in stream.sheets().iter().enumerate() {
        pages.push(Page {
            input: sheet.input,
            first: stream.location(index, Pos::START).place.line,
            document: Some(&sheet.document),
            starts: line_starts(sheet.document.text()),
            objects: Vec::new(),
        });
    }
    for object in objects(stream) {
        pages[object.slot.sheet()].objects.push(object);
    }
    pages
}

impl<'d> Page<'d> {
    /// The place before this document, without a line.
    pub(super) fn empty(&self) -> Self {
        Self {
            input: self.input,
            first: self.first,
            document: None,
            starts: Vec::new(),
            objects: Vec::new(),
        }
    }

    /// The lines, as far as they may be shown, where `other` is the same document before or after.
    pub(super) fn lines(&self, other: &Page<'_>) -> Vec<Line> {
        let Some(document) = self.document else {
            return Vec::new();
        };
        if self.secrets().next().is_some() {
            secret::lines(self, document, other)
        } else {
            plain::lines(self, document)
        }
    }

    /// The Secrets in it, of whatever group: what calls itself one is treated as one.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Object<'d>> {
        self.objects.iter().filter(|object| object.kind == "Secret")
    }

    /// The number in its input of the line that a byte of it stands on.
    pub(super) fn number(&self, at: usize) -> usize {
        self.first + self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Where its lines begin and end.
    pub(super) fn spans(&self) -> impl Iterator<Item = (usize, usize)> {
        let len = self.document.map_or(0, |document| document.text().len());
        let ends = self.starts.iter().skip(1).copied().chain([len]);
        self.starts.iter().copied().zip(ends)
    }

    /// The line before its first.
    pub(super) fn line_before(&self) -> usize {
        self.first - 1
    }

    /// The object that stands on a line: the last that begins before it ends.
    pub(super) fn object_at(&self, number: usize) -> Option<String> {
        let behind = self
            .objects
            .partition_point(|object| self.number(start(object.node)) <= number);
        let object = self.objects.get(behind.saturating_sub(1));
        object.map(|object| object.reference().to_string())
    }
}

fn start(node: Node<'_>) -> usize {
    node.pos().offset()
}
