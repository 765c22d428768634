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
    /// The node behind this one and all that is in it.
    pub(super) next: NodeId,
    pub(super) kind: Kind,
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A scalar.
    Scalar(TScalarStyle, Text),
    /// A mapping of so many keys and values, counted together.
    Mapping(u32, Layout),
    /// A sequence of so many items.
    Sequence(u32, Layout),
    /// An alias, and the node it means.
    Alias(Option<NodeId>),
}

/// Where a scalar's text is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    /// In the document: so many bytes from the scalar's first one, behind its quote if it has one.
    Verbatim(u32),
    /// In a copy, by its index.
    Decoded(u32),
}

/// How a collection is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// By indentation.
    Block,
    /// In brackets; where the closing one stands.
    Flow(u32),
    /// `[a: b]`: a mapping of one entry without braces.
    Pair,
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
        let Kind::Scalar(style, text) = datum.kind else {
            return None;
        };
        match text {
            Text::Decoded(index) => self.texts.get(index as usize).map(|text| text.as_str()),
            Text::Verbatim(len) => {
                let quote = usize::from(matches!(style, TScalarStyle::SingleQuoted | TScalarStyle::DoubleQuoted));
                let start = datum.start as usize + quote;
                source.get(start..start + len as usize)
            }
        }
    }

    /// The children of a collection, keys and values alike; none of a scalar.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let datum = self.get(id);
        let count = match datum.kind {
            Kind::Mapping(count, _) | Kind::Sequence(count, _) => count,
            Kind::Scalar(..) | Kind::Alias(_) => 0,
        };
        let mut at = id.following();
        (0..count).map(move |_| {
            let child = at;
            at = self.get(child).next;
            child
        })
    }

    /// The entry of a mapping with this key: its index, key and value; the last of duplicates.
    pub(super) fn entry(&self, mapping: NodeId, key: &str, source: &str) -> Option<(usize, NodeId, NodeId)> {
        let Kind::Mapping(count, _) = self.get(mapping).kind else {
            return None;
        };
        let mut found = None;
        let mut at = mapping.following();
        for index in 0..count as usize / 2 {
            let value = self.get(at).next;
            if self.says(at, key, source) {
                found = Some((index, at, value));
            }
            at = self.get(value).next;
        }
        found
    }

    /// Whether a scalar, or the one an alias means, has this text.
    fn says(&self, id: NodeId, text: &str, source: &str) -> bool {
        match self.get(id).kind {
            // Most keys differ in length already.
            Kind::Scalar(_, Text::Verbatim(len)) if len as usize != text.len() => false,
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

    /// Keeps a text that does not stand in the document as it is.
    pub(super) fn keep(&mut self, text: String) -> Text {
        self.texts.push(Veiled(text));
        Text::Decoded(short(self.texts.len() - 1))
    }

    /// Adds a node to the innermost open collection.
    pub(super) fn add(&mut self, start: usize, kind: Kind) -> NodeId {
        let id = NodeId::of_index(self.data.len());
        let parent = self.innermost();
        if let Some(parent) = parent
            && let Kind::Mapping(count, _) | Kind::Sequence(count, _) = &mut self.data[parent.index()].kind
        {
            *count += 1;
        }
        self.data.push(Datum {
            start: short(start),
            parent,
            next: id.following(),
            kind,
        });
        id
    }

    /// Adds a collection, to which all that is added belongs until it is closed.
    pub(super) fn open(&mut self, start: usize, kind: Kind) -> NodeId {
        let id = self.add(start, kind);
        self.open.push(id);
        id
    }

    /// Closes the innermost collection.
    pub(super) fn close(&mut self) -> Option<NodeId> {
        let id = self.open.pop()?;
        self.data[id.index()].next = NodeId::of_index(self.data.len());
        Some(id)
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
