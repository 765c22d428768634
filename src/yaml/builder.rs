//! The parser's events → nodes.
//!
//! Invariant: the only code that understands a `Marker`; what leaves here counts bytes.
//! Invariant: no recursion, so depth costs memory and nothing else, and [`MAX_DEPTH`] bounds that.

use std::collections::HashMap;

use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::{Marker, ScanError};

use super::margin::Margins;
use super::nodes::{Layout, Nodes, Shape, short};
use super::source::Pos;
use super::tree::{MAX_DEPTH, Malformed, NodeId};
use super::veil::Veiled;

/// The nodes of a document; tried again with wider margins where lines stand further left than the parser takes them.
pub(super) fn nodes(text: &str, lines: &[usize]) -> Result<Nodes, Malformed> {
    let mut margins = Margins::new(text, lines);
    loop {
        let builder = Builder::new(text, lines, &margins);
        let result = if margins.is_empty() {
            builder.build(Parser::new(text.chars()))
        } else {
            builder.build(Parser::new(margins.chars()))
        };
        match result {
            Ok(nodes) => return Ok(nodes),
            Err(Stop::Malformed(malformed)) => return Err(malformed),
            Err(Stop::Parser(error)) => {
                let pos = Cursor::new(text, lines, &margins).pos(error.marker());
                // The parser complains about a tab once it is behind it.
                let before = text.get(..pos.offset()).unwrap_or_default();
                let pos = if error.info().contains("tab") {
                    Pos::new(before.trim_end_matches('\t').len())
                } else {
                    pos
                };
                if !margins.widen(&error) {
                    let reason = match error.info() {
                        "recursion limit exceeded" => "nested more than 255 brackets deep",
                        other => other,
                    };
                    let reason = reason.to_owned();
                    return Err(Malformed { pos, reason });
                }
            }
        }
    }
}

/// Why building nodes ends early.
enum Stop {
    Parser(ScanError),
    Malformed(Malformed),
}

impl From<Malformed> for Stop {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

/// Turns the parser's events into nodes, without recursion.
struct Builder<'s> {
    text: &'s str,
    margins: &'s Margins<'s>,
    cursor: Cursor<'s>,
    nodes: Nodes,
    anchors: HashMap<usize, NodeId>,
}

impl<'s> Builder<'s> {
    fn new(text: &'s str, lines: &'s [usize], margins: &'s Margins<'s>) -> Self {
        Self {
            text,
            margins,
            cursor: Cursor::new(text, lines, margins),
            nodes: Nodes::default(),
            anchors: HashMap::new(),
        }
    }

    fn build(mut self, mut parser: Parser<impl Iterator<Item = char>>) -> Result<Nodes, Stop> {
        loop {
            let (event, mark) = parser.next_token().map_err(Stop::Parser)?;
            match event {
                Event::StreamEnd => return Ok(self.nodes.finished()),
                Event::DocumentStart if self.nodes.len() > 0 => {
                    return Err(self
                        .malformed(&mark, "a second document without `---` before it")
                        .into());
                }
                Event::MappingEnd | Event::SequenceEnd => self.close(&mark)?,
                Event::Scalar(text, style, anchor, tag) => {
                    let at = self.cursor.pos(&mark).offset();
                    let id = self.nodes.decoded(at, style, text);
                    self.describe(id, anchor, tag);
                }
                Event::Alias(anchor) => self.add_alias(&mark, anchor),
                Event::MappingStart(anchor, tag) => {
                    self.enter(&mark, Shape::Mapping, anchor, tag)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.enter(&mark, Shape::Sequence, anchor, tag)?;
                }
                _ => {}
            }
        }
    }

    fn enter(&mut self, mark: &Marker, shape: Shape, anchor: usize, tag: Option<Tag>) -> Result<(), Malformed> {
        if self.nodes.depth() == MAX_DEPTH {
            return Err(self.malformed(mark, &format!("nested more than {MAX_DEPTH} levels deep")));
        }
        let at = self.cursor.pos(mark).offset();
        let id = self.nodes.open(at, shape);
        self.describe(id, anchor, tag);
        Ok(())
    }

    fn close(&mut self, mark: &Marker) -> Result<(), Malformed> {
        let at = closing(self.text, self.cursor.pos(mark).offset());
        let Some(id) = self.nodes.close() else { return Ok(()) };
        let bytes = self.text.as_bytes();
        let start = self.nodes.get(id).start;
        let first = self.nodes.children(id).next();
        // A block mapping may begin with a flow collection as its first key; then both begin at the same byte.
        let is_own_bracket = first.is_none_or(|first| self.nodes.get(first).start != start);
        let shape = self.nodes.get(id).kind.shape();
        let layout = match (shape, bytes.get(start as usize), bytes.get(at)) {
            (Some(Shape::Mapping), Some(b'{'), Some(b'}')) | (Some(Shape::Sequence), Some(b'['), Some(b']'))
                if is_own_bracket =>
            {
                Layout::Flow(short(at))
            }
            (Some(Shape::Mapping), _, _) if self.is_in_flow() => Layout::Pair,
            _ => Layout::Block,
        };
        // The parser reports a block mapping at its first colon, not at its first key.
        if let (Layout::Block | Layout::Pair, Some(first)) = (layout, first) {
            self.nodes.get_mut(id).start = start.min(self.nodes.get(first).start);
        }
        self.nodes.lay(id, layout);
        match first {
            Some(first) if layout == Layout::Block => {
                self.outside_margins(id)?;
                self.indented_by_spaces(first)
            }
            _ => Ok(()),
        }
    }

    /// Refuses block style on a line whose margin was widened: the line was not inside brackets or quotes after all.
    fn outside_margins(&self, id: NodeId) -> Result<(), Malformed> {
        if self.margins.is_empty() {
            return Ok(());
        }
        // Of a mapping, the keys alone begin something in block style.
        let step = match self.nodes.get(id).kind.shape() {
            Some(Shape::Mapping) => 2,
            _ => 1,
        };
        let firsts = self.nodes.children(id).step_by(step);
        let mut starts = firsts.map(|first| self.nodes.get(first).start as usize);
        match starts.find(|start| self.margins.is_wide(*start)) {
            Some(start) => Err(Malformed {
                pos: Pos::new(start),
                reason: "the indentation of brackets or quotes is not clear here".to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Refuses a tab as indentation: YAML forbids it and Go's readers stop there, yaml-rust2 lets some pass.
    fn indented_by_spaces(&self, first: NodeId) -> Result<(), Malformed> {
        let start = self.nodes.get(first).start as usize;
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        if line.contains('\t') && line.trim().is_empty() {
            return Err(Malformed {
                pos: Pos::new(before.len() - line.len()),
                reason: "a tab is used for indentation; use spaces".to_owned(),
            });
        }
        Ok(())
    }

    /// Whether the node just closed stands directly in a flow sequence: its parent begins with a bracket of its own.
    fn is_in_flow(&self) -> bool {
        self.nodes.innermost().is_some_and(|parent| {
            let parent = self.nodes.get(parent);
            parent.kind.shape() == Some(Shape::Sequence)
                && self.text.as_bytes().get(parent.start as usize) == Some(&b'[')
        })
    }

    fn add_alias(&mut self, mark: &Marker, anchor: usize) {
        let target = self.anchors.get(&anchor).copied();
        if let Some(target) = target {
            self.nodes.properties_mut(target).shared = true;
        }
        let at = self.cursor.pos(mark).offset();
        self.nodes.alias(at, target);
    }

    fn describe(&mut self, id: NodeId, anchor: usize, tag: Option<Tag>) {
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        if anchor > 0 || tag.is_some() {
            let properties = self.nodes.properties_mut(id);
            properties.tag = tag.map(|tag| Veiled(tag.handle + &tag.suffix));
            properties.anchored = anchor > 0;
        }
    }

    fn malformed(&mut self, mark: &Marker, reason: &str) -> Malformed {
        Malformed {
            pos: self.cursor.pos(mark),
            reason: reason.to_owned(),
        }
    }
}

/// The closing bracket: behind a last comma and what follows it, where the parser reports the comma.
fn closing(text: &str, at: usize) -> usize {
    let Some(mut rest) = text.get(at..).and_then(|rest| rest.strip_prefix(',')) else {
        return at;
    };
    while let Some(comment) = rest.trim_start().strip_prefix('#') {
        let end = comment.find(['\n', '\r']).unwrap_or(comment.len());
        rest = comment.get(end..).unwrap_or_default();
    }
    let rest = rest.trim_start();
    if rest.starts_with([']', '}']) {
        text.len() - rest.len()
    } else {
        at
    }
}

/// Turns the parser's lines and columns into byte offsets; linear over a document, however long its lines.
struct Cursor<'s> {
    text: &'s str,
    lines: &'s [usize],
    margins: &'s Margins<'s>,
    ascii: bool,
    /// The last answer on a line with wide characters: line, column, byte.
    last: (usize, usize, usize),
}

impl<'s> Cursor<'s> {
    fn new(text: &'s str, lines: &'s [usize], margins: &'s Margins<'s>) -> Self {
        Self {
            text,
            lines,
            margins,
            ascii: text.is_ascii(),
            last: (usize::MAX, 0, 0),
        }
    }

    fn pos(&mut self, mark: &Marker) -> Pos {
        let line = mark.line().saturating_sub(1);
        let column = self.margins.column(line, mark.col());
        let start = self.lines.get(line).copied().unwrap_or(self.text.len());
        if self.ascii {
            return Pos::new((start + column).min(self.text.len()));
        }
        let (last_line, last_column, byte) = self.last;
        let (from, skip) = if last_line == line && last_column <= column {
            (byte, column - last_column)
        } else {
            (start, column)
        };
        let rest = self.text.get(from..).unwrap_or_default();
        let at = from + rest.char_indices().nth(skip).map_or(rest.len(), |(at, _)| at);
        self.last = (line, column, at);
        Pos::new(at)
    }
}
