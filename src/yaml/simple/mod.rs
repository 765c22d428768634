//! Simple YAML, read at speed: the part of the language that charts and programs write.
//!
//! Block style by spaces, flow style without surprises, the five scalar styles, comments. Whatever is beside that, or only
//! looks odd, makes this reader give up, and yaml-rust2 reads the document instead: anchors, aliases, tags, directives,
//! explicit keys, indentation indicators, tabs and carriage returns outside of scalars, escapes by number, and all that
//! is malformed. So this reader never refuses a document; it knows it or leaves it.
//!
//! Invariant: what is read here, yaml-rust2 reads as the same nodes at the same places. Every edited document is read back
//! by yaml-rust2 and held against these nodes, and the tests hold every input against both.
//! Invariant: every word of a scalar, without blanks, quotes and backslashes, stands in the document's text as it is: no
//! escape that is let in stands for a letter, a digit, or one of `-._/@:`, and where lines are joined there is a blank or a
//! line break between.

mod block;
mod flow;
mod scalar;
mod top;

use yaml_rust2::scanner::TScalarStyle;

use self::block::Reader;
use self::scalar::{Spelling, decoded};
use self::top::TopSink;
use super::nodes::{Layout, Nodes, Shape, short};
use super::tree::Top;

/// The nodes of a simple document; none of any other.
pub(super) fn nodes(text: &str) -> Option<Nodes> {
    // Two nodes on a line are usual.
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let sink = Builder {
        text,
        nodes: Nodes::with_capacity(2 * lines + 2),
    };
    Reader::new(text, sink)?.read().map(|sink| sink.nodes.finished())
}

/// What a simple document that is a mapping says at its top; none of any other.
pub(super) fn top(text: &str) -> Option<Top<'_>> {
    Reader::new(text, TopSink::new(text))?.read()?.top()
}

/// Takes what the reader finds, in order.
trait Sink {
    /// A scalar, whose first byte is at `start`.
    fn scalar(&mut self, start: usize, scalar: &Scalar);
    /// A mapping begins.
    fn mapping(&mut self, start: usize);
    /// A sequence begins.
    fn sequence(&mut self, start: usize);
    /// The innermost collection ends; where its bracket stands, if it has one.
    fn close(&mut self, bracket: Option<usize>);
}

/// A scalar as it is written.
struct Scalar {
    style: TScalarStyle,
    /// Where what is inside of it begins: behind a quote, or the first line of a block scalar.
    inside: usize,
    /// Where that ends: before a quote, or behind the last line of a block scalar.
    end: usize,
    spelling: Spelling,
}

/// Makes nodes.
struct Builder<'s> {
    text: &'s str,
    nodes: Nodes,
}

impl Sink for Builder<'_> {
    fn scalar(&mut self, start: usize, scalar: &Scalar) {
        let inside = self.text.get(scalar.inside..scalar.end).unwrap_or_default();
        match scalar.spelling {
            Spelling::Verbatim => self.nodes.verbatim(start, scalar.style, inside.len()),
            spelling => self.nodes.decoded(start, scalar.style, decoded(inside, spelling)),
        };
    }

    fn mapping(&mut self, start: usize) {
        self.nodes.open(start, Shape::Mapping);
    }

    fn sequence(&mut self, start: usize) {
        self.nodes.open(start, Shape::Sequence);
    }

    fn close(&mut self, bracket: Option<usize>) {
        if let (Some(id), Some(at)) = (self.nodes.close(), bracket) {
            self.nodes.lay(id, Layout::Flow(short(at)));
        }
    }
}

#[cfg(test)]
mod tests;
