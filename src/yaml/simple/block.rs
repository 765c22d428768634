//! Block style: lines, told by their columns.

use memchr::memchr;
use yaml_rust2::scanner::TScalarStyle;

use super::scalar::{self, Ended, Spelling};
use super::{Scalar, Sink, flow};

/// How deep this reader goes; deeper documents are left to yaml-rust2, and to its limit.
const MAX_DEPTH: usize = 200;

/// How many bytes a key may have: yaml-rust2 takes 1,024 characters up to the colon.
const MAX_KEY: usize = 1000;

/// Reads one document, line by line.
pub(super) struct Reader<'s, S> {
    bytes: &'s [u8],
    /// The byte that is read next.
    at: usize,
    /// The block collections that are open, outermost first.
    open: Vec<Frame>,
    sink: S,
}

/// A block collection that is not at its end.
#[derive(Clone, Copy)]
struct Frame {
    /// The column of its keys or dashes.
    column: usize,
    collection: Collection,
    /// Whether a key or a dash waits for what it is about.
    waits: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collection {
    Mapping,
    Sequence,
}

/// What comes behind blank lines and comments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A line whose content begins at this column.
    Line(usize),
    /// The end of the document.
    End,
}

/// What a line is, as its column says.
#[derive(PartialEq, Eq)]
enum Line {
    /// The next entry or item of the innermost collection.
    Next,
    /// What the innermost collection waits for, or the topmost node.
    Value,
}

impl<'s, S: Sink> Reader<'s, S> {
    /// A reader of this text, unless a byte in it already says that it is not simple.
    pub(super) fn new(text: &'s str, sink: S) -> Option<Self> {
        let bytes = text.as_bytes();
        // A carriage return is a line break of its own; at a NUL, yaml-rust2 stops.
        let is_simple = memchr::memchr2(b'\r', 0, bytes).is_none() && u32::try_from(bytes.len()).is_ok();
        is_simple.then_some(Self {
            bytes,
            at: 0,
            open: Vec::new(),
            sink,
        })
    }

    /// Reads the document and gives back what listened to it; nothing if it is not simple or has no content.
    pub(super) fn read(mut self) -> Option<S> {
        let mut column = self.first_line()?;
        let is_flow = matches!(self.bytes[self.at], b'{' | b'[');
        if is_flow {
            self.at = flow::collection(self.bytes, self.at, None, &mut self.sink)?;
            self.end_line()?;
            return (self.next_line()? == Next::End).then_some(self.sink);
        }
        let mut is_first = true;
        loop {
            let is_dash = self.is_dash(self.at);
            let line = if is_first {
                Line::Value
            } else {
                self.settle(column, is_dash)?
            };
            is_first = false;
            match (line, is_dash) {
                (Line::Value, true) => self.sequence(column)?,
                (Line::Value, false) => self.node(column)?,
                (Line::Next, true) => self.item(column)?,
                (Line::Next, false) => self.entry()?,
            }
            match self.next_line()? {
                Next::Line(next) => column = next,
                Next::End => break,
            }
        }
        while let Some(frame) = self.open.pop() {
            self.leave(frame);
        }
        Some(self.sink)
    }

    /// Goes to the first content, behind comments and a marker, and gives its column.
    fn first_line(&mut self) -> Option<usize> {
        let mut next = self.skip_blank_lines()?;
        if next == Next::Line(0) && self.bytes[self.at..].starts_with(b"---") {
            self.at += 3;
            self.end_line()?;
            next = self.skip_blank_lines()?;
        }
        match next {
            Next::Line(column) if column > 0 || self.is_content() => Some(column),
            _ => None,
        }
    }

    /// Goes to the next line with content.
    fn next_line(&mut self) -> Option<Next> {
        let next = self.skip_blank_lines()?;
        (next != Next::Line(0) || self.is_content()).then_some(next)
    }

    /// Whether the line is no marker and no directive; asked for lines at column 0.
    fn is_content(&self) -> bool {
        let rest = &self.bytes[self.at..];
        !(rest.starts_with(b"---") || rest.starts_with(b"...") || rest.starts_with(b"%"))
    }

    /// Goes behind blank lines and comments.
    fn skip_blank_lines(&mut self) -> Option<Next> {
        while self.at < self.bytes.len() {
            let column = spaces(self.bytes, self.at);
            self.at += column;
            match self.bytes.get(self.at) {
                None => break,
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.at = line_end(self.bytes, self.at) + 1,
                Some(b'\t') => return None,
                Some(_) => return Some(Next::Line(column)),
            }
        }
        Some(Next::End)
    }

    /// Closes what a line at this column is no part of, and says what the line is.
    fn settle(&mut self, column: usize, is_dash: bool) -> Option<Line> {
        loop {
            let frame = self.open.last_mut()?;
            let is_deeper = column > frame.column;
            let is_beside = column == frame.column;
            // The items of a sequence may stand at the column of its key.
            let is_item_of_key = is_beside && is_dash && frame.collection == Collection::Mapping;
            if frame.waits && (is_deeper || is_item_of_key) {
                return Some(Line::Value);
            }
            if frame.waits {
                frame.waits = false;
                self.nothing();
                continue;
            }
            let is_its = is_dash == (frame.collection == Collection::Sequence);
            match (is_deeper, is_beside && is_its) {
                (true, _) => return None,
                (_, true) => return Some(Line::Next),
                _ if is_beside && frame.collection == Collection::Mapping => return None,
                _ => {
                    self.open.pop();
                    self.sink.close(None);
                }
            }
        }
    }

    /// A sequence begins at the dash that is read next.
    fn sequence(&mut self, column: usize) -> Option<()> {
        let is_beside = self.open.last().is_some_and(|key| key.column == column);
        self.fill();
        let start = if is_beside { self.behind_dash() } else { self.at };
        self.sink.sequence(start);
        self.enter(column, Collection::Sequence)?;
        self.item(column)
    }

    /// Where yaml-rust2 sees a sequence begin that stands at the column of its key: behind its first dash, and the blanks and
    /// the comment there.
    fn behind_dash(&self) -> usize {
        let dash = self.at + 1;
        let at = dash + spaces(self.bytes, dash);
        match self.bytes.get(at) {
            Some(b'#') if at > dash => line_end(self.bytes, at),
            _ => at,
        }
    }

    /// An item of the innermost sequence, from its dash on.
    fn item(&mut self, column: usize) -> Option<()> {
        let dash = self.at;
        self.at += 1;
        if !self.is_on_line()? {
            self.wait();
            return Some(());
        }
        let inner = column + self.at - dash;
        if self.is_dash(self.at) {
            return self.sequence(inner);
        }
        self.node(inner)
    }

    /// A scalar, a flow collection, or a mapping whose first key stands here, at `column`.
    fn node(&mut self, column: usize) -> Option<()> {
        if matches!(self.bytes[self.at], b'[' | b'{' | b'|' | b'>') {
            return self.value();
        }
        let start = self.at;
        let (scalar, ended) = scalar::on_line(self.bytes, start)?;
        if ended != Ended::AsKey {
            // The topmost node is a collection, or yaml-rust2 reads it.
            return self.scalar(start, scalar, ended);
        }
        self.fill();
        self.sink.mapping(start);
        self.enter(column, Collection::Mapping)?;
        self.key(start, &scalar)
    }

    /// An entry of the innermost mapping, from its key on.
    fn entry(&mut self) -> Option<()> {
        let start = self.at;
        let (scalar, ended) = scalar::on_line(self.bytes, start)?;
        (ended == Ended::AsKey).then_some(())?;
        self.key(start, &scalar)
    }

    /// A key that was read, and what stands behind its colon.
    fn key(&mut self, start: usize, key: &Scalar) -> Option<()> {
        // `<<` may hide what it merges.
        if key.end - start > MAX_KEY || self.bytes[start] == b'<' {
            return None;
        }
        self.sink.scalar(start, key);
        let quote = usize::from(key.style != TScalarStyle::Plain);
        self.at = key.end + quote + 1;
        self.wait();
        if !self.is_on_line()? {
            return Some(());
        }
        if self.is_dash(self.at) {
            return None;
        }
        self.value()
    }

    /// A value that begins here: a scalar or a flow collection.
    fn value(&mut self) -> Option<()> {
        let start = self.at;
        match self.bytes[start] {
            b'[' | b'{' => {
                let indent = self.open.last()?.column;
                self.fill();
                self.at = flow::collection(self.bytes, start, Some(indent), &mut self.sink)?;
                self.end_line()
            }
            b'|' | b'>' => {
                let indent = self.open.last()?.column;
                let (start, scalar) = scalar::block(self.bytes, start, indent)?;
                self.fill();
                self.sink.scalar(start, &scalar);
                self.at = scalar.end;
                Some(())
            }
            _ => {
                let (scalar, ended) = scalar::on_line(self.bytes, start)?;
                self.scalar(start, scalar, ended)
            }
        }
    }

    /// A scalar whose first line was read, and which is no key.
    fn scalar(&mut self, start: usize, first: Scalar, ended: Ended) -> Option<()> {
        let indent = self.open.last()?.column;
        let scalar = match ended {
            Ended::AsKey => return None,
            Ended::WithLine => scalar::further_lines(self.bytes, first, indent)?,
            Ended::Before => first,
        };
        self.fill();
        self.sink.scalar(start, &scalar);
        let quote = usize::from(scalar.style != TScalarStyle::Plain);
        self.at = scalar.end + quote;
        self.end_line()
    }

    /// Goes behind blanks; says whether something stands there that is no comment.
    fn is_on_line(&mut self) -> Option<bool> {
        let blanks = spaces(self.bytes, self.at);
        self.at += blanks;
        match self.bytes.get(self.at) {
            Some(b'\n') | None => Some(false),
            Some(b'#') if blanks > 0 => {
                self.at = line_end(self.bytes, self.at);
                Some(false)
            }
            Some(b'\t') => None,
            Some(_) => Some(true),
        }
    }

    /// Goes to the end of the line, which holds nothing more but a comment.
    fn end_line(&mut self) -> Option<()> {
        (!self.is_on_line()?).then_some(())
    }

    /// Whether a dash stands here that begins an item.
    fn is_dash(&self, at: usize) -> bool {
        self.bytes[at] == b'-' && matches!(self.bytes.get(at + 1), Some(b' ' | b'\n') | None)
    }

    fn enter(&mut self, column: usize, collection: Collection) -> Option<()> {
        self.open.push(Frame {
            column,
            collection,
            waits: false,
        });
        (self.open.len() <= MAX_DEPTH).then_some(())
    }

    fn leave(&mut self, frame: Frame) {
        if frame.waits {
            self.nothing();
        }
        self.sink.close(None);
    }

    /// The innermost collection has begun something.
    fn wait(&mut self) {
        if let Some(frame) = self.open.last_mut() {
            frame.waits = true;
        }
    }

    /// The innermost collection has what it waited for.
    fn fill(&mut self) {
        if let Some(frame) = self.open.last_mut() {
            frame.waits = false;
        }
    }

    /// A key or a dash without a value.
    fn nothing(&mut self) {
        let at = self.at.min(self.bytes.len());
        let nothing = Scalar {
            style: TScalarStyle::Plain,
            inside: at,
            end: at,
            spelling: Spelling::Verbatim,
        };
        self.sink.scalar(at, &nothing);
    }
}

/// How many spaces stand here.
pub(super) fn spaces(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|byte| **byte == b' ').count()
}

/// Where the line ends: at its line feed, or with the text.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}
