//! The nodes of one document, as its readers find them.
//!
//! Invariant: nodes stand in the order in which they begin, each followed by all that is in it, so that a node's children
//! need no list of their own.
//! Invariant: a scalar whose text stands in the document as it is has no copy of it.

use std::collections::BTreeMap;

use yaml_rust2::scanner::TScalarStyle;

use super::tree::NodeId;
use super::veil::Veiled;

/// Every node of one document.
#[derive(Default, Debug)]
pub(super) struct Nodes {
    data: Vec<Datum>,
    /// Of the collections that have any.
    brackets: Vec<Brackets>,
    /// Texts that do not stand in the document as they are.
    texts: Vec<Veiled<String>>,
    /// Of the few nodes that have any.
    properties: BTreeMap<NodeId, Properties>,
    /// The collections that are not closed yet, outermost first.
    open: Vec<NodeId>,
}

/// One node. A document holds less than 4 GiB, so four bytes are enough for a place in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Datum {
    pub(super) start: u32,
    pub(super) parent: Option<NodeId>,
    pub(super) kind: Kind,
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A scalar whose text stands in the document: so many bytes from its first one, behind its quote if it has one.
    Verbatim(TScalarStyle, u32),
    /// A scalar whose text is a copy, by its index.
    Decoded(TScalarStyle, u32),
    /// A collection by indentation, and the node behind all that is in it.
    Block(Shape, NodeId),
    /// A collection in brackets, by its index among those.
    Flow(Shape, u32),
    /// `[a: b]`: a mapping of one entry without braces, and the node behind it.
    Pair(NodeId),
    /// An alias, and the node it means.
    Alias(Option<NodeId>),
}

/// What a collection holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// Keys and values.
    Mapping,
    /// Items.
    Sequence,
}

impl Kind {
    /// What a collection holds; none of scalars and aliases.
    pub(super) fn shape(self) -> Option<Shape> {
        match self {
            Self::Block(shape, _) | Self::Flow(shape, _) => Some(shape),
            Self::Pair(_) => Some(Shape::Mapping),
            Self::Verbatim(..) | Self::Decoded(..) | Self::Alias(_) => None,
        }
    }

    /// How a scalar is written; none of others.
    pub(super) fn style(self) -> Option<TScalarStyle> {
        match self {
            Self::Verbatim(style, _) | Self::Decoded(style, _) => Some(style),
            _ => None,
        }
    }
}

/// How a collection is written, as its reader says when it ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// By indentation.
    Block,
    /// In brackets; where the closing one stands.
    Flow(u32),
    /// `[a: b]`.
    Pair,
}

/// The ends of a collection in brackets.
#[derive(Clone, Copy, Debug)]
struct Brackets {
    /// The node behind all that is in it.
    next: NodeId,
    /// Where the closing one stands.
    close: u32,
}

/// What is written before a node, or means it.
#[derive(Clone, Default, Debug)]
pub(super) struct Properties {
    pub(super) tag: Option<Veiled<String>>,
    pub(super) anchored: bool,
    /// An alias elsewhere means this very node.
    pub(super) shared: bool,
}

impl Nodes {
    /// No node yet, and room for so many.
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self {
            data: Vec::with_capacity(nodes),
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.data.len()
    }

    pub(super) fn get(&self, id: NodeId) -> &Datum {
        &self.data[id.index()]
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> &mut Datum {
        &mut self.data[id.index()]
    }

    pub(super) fn properties(&self, id: NodeId) -> Option<&Properties> {
        self.properties.get(&id)
    }

    pub(super) fn properties_mut(&mut self, id: NodeId) -> &mut Properties {
        self.properties.entry(id).or_default()
    }

    /// Whether an alias means some node here.
    pub(super) fn has_shared(&self) -> bool {
        self.properties.values().any(|properties| properties.shared)
    }

    /// A scalar's text.
    pub(super) fn text<'n>(&'n self, id: NodeId, source: &'n str) -> Option<&'n str> {
        let datum = self.get(id);
        match datum.kind {
            Kind::Decoded(_, index) => self.texts.get(index as usize).map(|text| text.as_str()),
            Kind::Verbatim(style, len) => {
                let quote = usize::from(matches!(style, TScalarStyle::SingleQuoted | TScalarStyle::DoubleQuoted));
                let start = datum.start as usize + quote;
                source.get(start..start + len as usize)
            }
            _ => None,
        }
    }

    /// The node behind this one and all that is in it.
    pub(super) fn next(&self, id: NodeId) -> NodeId {
        match self.get(id).kind {
            Kind::Block(_, next) | Kind::Pair(next) => next,
            Kind::Flow(_, index) => self.brackets[index as usize].next,
            Kind::Verbatim(..) | Kind::Decoded(..) | Kind::Alias(_) => id.following(),
        }
    }

    /// How a collection is written; none of scalars and aliases.
    pub(super) fn layout(&self, id: NodeId) -> Option<Layout> {
        match self.get(id).kind {
            Kind::Block(..) => Some(Layout::Block),
            Kind::Flow(_, index) => Some(Layout::Flow(self.brackets[index as usize].close)),
            Kind::Pair(_) => Some(Layout::Pair),
            Kind::Verbatim(..) | Kind::Decoded(..) | Kind::Alias(_) => None,
        }
    }

    /// The children of a collection, keys and values alike; none of a scalar.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.next(id);
        let mut at = id.following();
        std::iter::from_fn(move || {
            let child = (at < end).then_some(at)?;
            at = self.next(child);
            Some(child)
        })
    }

    /// The entry of a mapping with this key: its index, key and value; the last of duplicates.
    pub(super) fn entry(&self, mapping: NodeId, key: &str, source: &str) -> Option<(usize, NodeId, NodeId)> {
        if self.get(mapping).kind.shape() != Some(Shape::Mapping) {
            return None;
        }
        let (end, mut at) = (self.next(mapping), mapping.following());
        let (mut found, mut index) = (None, 0);
        while at < end {
            let value = self.next(at);
            if self.says(at, key, source) {
                found = Some((index, at, value));
            }
            at = self.next(value);
            index += 1;
        }
        found
    }

    /// Whether a scalar, or the one an alias means, has this text.
    fn says(&self, id: NodeId, text: &str, source: &str) -> bool {
        match self.get(id).kind {
            // Most keys differ in length already.
            Kind::Verbatim(_, len) if len as usize != text.len() => false,
            Kind::Alias(Some(target)) => self.text(target, source) == Some(text),
            _ => self.text(id, source) == Some(text),
        }
    }

    /// How many collections are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The innermost collection that is open.
    pub(super) fn innermost(&self) -> Option<NodeId> {
        self.open.last().copied()
    }

    /// Adds a scalar whose text stands in the document, and has so many bytes.
    pub(super) fn verbatim(&mut self, start: usize, style: TScalarStyle, len: usize) -> NodeId {
        self.add(start, Kind::Verbatim(style, short(len)))
    }

    /// Adds a scalar whose text does not stand in the document as it is.
    pub(super) fn decoded(&mut self, start: usize, style: TScalarStyle, text: String) -> NodeId {
        self.texts.push(Veiled(text));
        self.add(start, Kind::Decoded(style, short(self.texts.len() - 1)))
    }

    /// Adds an alias of a node, if it is known.
    pub(super) fn alias(&mut self, start: usize, target: Option<NodeId>) -> NodeId {
        self.add(start, Kind::Alias(target))
    }

    /// Adds a collection, to which all that is added belongs until it is closed.
    pub(super) fn open(&mut self, start: usize, shape: Shape) -> NodeId {
        let next = NodeId::of_index(self.data.len() + 1);
        let id = self.add(start, Kind::Block(shape, next));
        self.open.push(id);
        id
    }

    /// Ends the innermost collection: what is added from here on is no part of it.
    pub(super) fn close(&mut self) -> Option<NodeId> {
        let id = self.open.pop()?;
        let end = NodeId::of_index(self.data.len());
        if let Kind::Block(_, next) = &mut self.data[id.index()].kind {
            *next = end;
        }
        Some(id)
    }

    /// Says how a collection that is closed is written.
    pub(super) fn lay(&mut self, id: NodeId, layout: Layout) {
        let Kind::Block(shape, next) = self.get(id).kind else {
            return;
        };
        self.data[id.index()].kind = match layout {
            Layout::Block => return,
            Layout::Pair => Kind::Pair(next),
            Layout::Flow(close) => {
                self.brackets.push(Brackets { next, close });
                Kind::Flow(shape, short(self.brackets.len() - 1))
            }
        };
    }

    fn add(&mut self, start: usize, kind: Kind) -> NodeId {
        let id = NodeId::of_index(self.data.len());
        self.data.push(Datum {
            start: short(start),
            parent: self.innermost(),
            kind,
        });
        id
    }

    /// Gives unused room back; everything is added.
    pub(super) fn finished(mut self) -> Self {
        self.data.shrink_to_fit();
        self.open = Vec::new();
        self
    }
}

/// A place or an index; documents that have more are not read.
pub(super) fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_sixteen_bytes() {
        assert_eq!(size_of::<Datum>(), 16);
    }
}
