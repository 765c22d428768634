//! A map of one document: nodes, and the byte at which each begins.
//!
//! Invariant: a node's position is its first byte, after its tag and anchor; that of an empty scalar is not to be used.
//! Invariant: children are in source order, and no node is deeper than [`MAX_DEPTH`].
//!
//! Deliberately absent: ends. yaml-rust2 reports none that can be trusted; [`super::extent`] proves them where needed.

use std::iter::successors;

use yaml_rust2::scanner::TScalarStyle;

use super::builder::nodes;
use super::source::{Place, Pos, first_line_break, line_starts, place};

/// How deep a document may nest. Kubernetes objects, `CustomResourceDefinitions` among them, stay far below.
pub const MAX_DEPTH: usize = 500;

/// How many aliases and merge keys one look-up may follow before it gives up: a bound against alias bombs.
const MAX_HOPS: usize = 64;

/// One YAML document, borrowed from its text.
pub struct Document<'s> {
    text: &'s str,
    lines: Vec<usize>,
    nodes: Vec<Datum>,
}

/// The text may be secret, so only sizes are shown.
impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "document of {} bytes, {} nodes", self.text.len(), self.nodes.len())
    }
}

impl<'s> Document<'s> {
    /// Reads one document.
    ///
    /// # Errors
    /// Text that is not YAML, that nests too deeply, or that holds a second document.
    pub fn parse(text: &'s str) -> Result<Self, Malformed> {
        let lines = line_starts(text);
        let nodes = nodes(text, &lines)?;
        Ok(Self { text, lines, nodes })
    }

    /// The text the document was read from.
    #[must_use]
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The topmost node; none, or a null, in a document of comments only.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.nodes.is_empty()).then(|| self.node(NodeId(0)))
    }

    /// The node with this id.
    ///
    /// # Panics
    /// When the id comes from another document.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        assert!(id.index() < self.nodes.len(), "{id:?} is of another document");
        Node { doc: self, id }
    }

    /// The byte at which the line of `at` begins.
    #[must_use]
    pub fn line_start(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|start| *start <= at);
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0)
    }

    /// The byte after the line of `at` and its break.
    #[must_use]
    pub fn line_end(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|start| *start <= at);
        self.lines.get(line).copied().unwrap_or(self.text.len())
    }

    /// The line break the document uses: its first one; a line feed where it has none.
    #[must_use]
    pub fn newline(&self) -> &str {
        first_line_break(self.text).unwrap_or("\n")
    }

    fn datum(&self, id: NodeId) -> &Datum {
        &self.nodes[id.index()]
    }
}

/// Names a node within its document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(u32);

impl NodeId {
    /// The node that is added as this many-th.
    pub(super) fn of_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why a text is not one YAML document, and where. Holds no text of the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// Where reading stopped.
    pub pos: Pos,
    /// What is wrong there.
    pub reason: String,
}

#[derive(Debug)]
pub(super) struct Datum {
    pub(super) start: usize,
    pub(super) parent: Option<NodeId>,
    /// Whether a tag or an anchor is written before it.
    pub(super) properties: Properties,
    pub(super) kind: Kind,
}

#[derive(Default, Debug)]
pub(super) struct Properties {
    pub(super) tag: Option<String>,
    pub(super) anchored: bool,
    /// An alias elsewhere means this very node.
    pub(super) shared: bool,
}

pub(super) enum Kind {
    Scalar {
        text: String,
        style: TScalarStyle,
    },
    Mapping {
        entries: Vec<(NodeId, NodeId)>,
        layout: Collection,
    },
    Sequence {
        items: Vec<NodeId>,
        layout: Collection,
    },
    Alias(Option<NodeId>),
}

/// Scalars may be secret, so only their kind is shown.
impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Scalar { style, .. } => write!(f, "{style:?} scalar"),
            Self::Mapping { entries, .. } => write!(f, "mapping of {}", entries.len()),
            Self::Sequence { items, .. } => write!(f, "sequence of {}", items.len()),
            Self::Alias(_) => f.write_str("alias"),
        }
    }
}

/// How a mapping or sequence is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Collection {
    /// By indentation.
    Block,
    /// In braces or brackets; the byte of the closing one.
    Flow {
        /// Where the closing brace or bracket stands.
        close: usize,
    },
    /// `[a: b]`: a mapping of one entry without braces.
    Pair,
}

/// A node of a document, to walk from.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    doc: &'d Document<'d>,
    id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}", self.doc.datum(self.id).kind, self.place())
    }
}

impl<'d> Node<'d> {
    /// Its name within the document.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Its first byte.
    #[must_use]
    pub fn pos(self) -> Pos {
        Pos::new(self.datum().start)
    }

    /// Its line and column in the document's text.
    #[must_use]
    pub fn place(self) -> Place {
        place(self.doc.text, self.pos())
    }

    /// The value of `key`: the last of duplicates, seen through aliases and `<<`, as Go's YAML reads it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.look_up(key, &mut MAX_HOPS.clone())
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entry `key` that the mapping itself has, not one merged in: its index, key and value; the last of duplicates.
    #[must_use]
    pub fn own(self, key: &str) -> Option<(usize, Self, Self)> {
        let found = self.raw_entries().iter().rposition(|(own, _)| self.is_key(*own, key))?;
        let (key, value) = self.raw_entries()[found];
        Some((found, self.sibling(key), self.sibling(value)))
    }

    /// The node of the key `key` itself.
    #[must_use]
    pub fn key(self, key: &str) -> Option<Self> {
        self.own(key).map(|(_, key, _)| key)
    }

    /// The mapping's own entries, in source order; none if it is no mapping.
    #[must_use]
    pub fn entries(self) -> impl DoubleEndedIterator<Item = (Self, Self)> + ExactSizeIterator {
        let entries = self.resolved().raw_entries();
        entries
            .iter()
            .map(move |(key, value)| (self.sibling(*key), self.sibling(*value)))
    }

    /// The sequence's items, in source order; none if it is no sequence.
    #[must_use]
    pub fn items(self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        let items: &[NodeId] = match &self.resolved().datum().kind {
            Kind::Sequence { items, .. } => items,
            _ => &[],
        };
        items.iter().map(move |item| self.sibling(*item))
    }

    /// The decoded text of a scalar, whatever type it would have.
    #[must_use]
    pub fn text(self) -> Option<&'d str> {
        match &self.resolved().datum().kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of the value of `key`, if it has any.
    #[must_use]
    pub fn text_of(self, key: &str) -> Option<&'d str> {
        self.get(key)?.text().filter(|text| !text.is_empty())
    }

    /// How a scalar is written.
    #[must_use]
    pub fn style(self) -> Option<TScalarStyle> {
        match &self.datum().kind {
            Kind::Scalar { style, .. } => Some(*style),
            _ => None,
        }
    }

    /// Whether it is a scalar without quotes, whose type its text decides.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self.resolved().style() == Some(TScalarStyle::Plain)
    }

    /// Whether it is nothing, `~` or `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.is_plain() && matches!(self.text(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is a plain scalar with no text at all, as after `key:`.
    #[must_use]
    pub fn is_empty_scalar(self) -> bool {
        self.style() == Some(TScalarStyle::Plain) && self.text() == Some("")
    }

    /// Whether it is, or an alias of it is, a mapping.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        matches!(self.resolved().datum().kind, Kind::Mapping { .. })
    }

    /// Whether it is, or an alias of it is, a sequence.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        matches!(self.resolved().datum().kind, Kind::Sequence { .. })
    }

    /// Whether it is `*name`.
    #[must_use]
    pub fn is_alias(self) -> bool {
        matches!(self.datum().kind, Kind::Alias(_))
    }

    /// How the mapping or sequence itself is written; none for scalars and aliases.
    #[must_use]
    pub fn collection(self) -> Option<Collection> {
        match self.datum().kind {
            Kind::Mapping { layout, .. } | Kind::Sequence { layout, .. } => Some(layout),
            Kind::Scalar { .. } | Kind::Alias(_) => None,
        }
    }

    /// The tag written before it.
    #[must_use]
    pub fn tag(self) -> Option<&'d str> {
        self.datum().properties.tag.as_deref()
    }

    /// Whether an anchor is written before it.
    #[must_use]
    pub fn is_anchored(self) -> bool {
        self.datum().properties.anchored
    }

    /// Whether it, or a node it is part of, is what an alias elsewhere means.
    #[must_use]
    pub fn is_shared(self) -> bool {
        successors(Some(self), |node| node.parent()).any(|node| node.datum().properties.shared)
    }

    /// The mapping or sequence it stands in.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.datum().parent.map(|parent| self.sibling(parent))
    }

    /// The node an alias means; itself for all others.
    #[must_use]
    pub fn resolved(self) -> Self {
        match self.datum().kind {
            Kind::Alias(Some(target)) => self.sibling(target),
            _ => self,
        }
    }

    /// The document it is a node of.
    #[must_use]
    pub fn document(self) -> &'d Document<'d> {
        self.doc
    }

    fn look_up(self, key: &str, hops: &mut usize) -> Option<Self> {
        let mapping = self.resolved();
        if let Some((_, _, value)) = mapping.own(key) {
            return Some(value);
        }
        let merged = mapping.own("<<").filter(|(_, own, _)| own.is_plain())?.2;
        let mut sources = std::iter::once(merged).chain(merged.items());
        sources.find_map(|source| {
            *hops = hops.checked_sub(1)?;
            source.resolved().look_up(key, hops)
        })
    }

    fn raw_entries(self) -> &'d [(NodeId, NodeId)] {
        match &self.datum().kind {
            Kind::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    fn is_key(self, id: NodeId, key: &str) -> bool {
        self.sibling(id).text() == Some(key)
    }

    fn sibling(self, id: NodeId) -> Self {
        Self { doc: self.doc, id }
    }

    fn datum(self) -> &'d Datum {
        self.doc.datum(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_root<T>(text: &str, look: impl FnOnce(Node<'_>) -> T) -> T {
        let document = Document::parse(text).expect("YAML");
        look(document.root().expect("a root"))
    }

    #[test]
    fn a_value_is_found_by_its_path() {
        with_root("a:\n  b:\n  - c: d\n", |root| {
            let item = root.at(&["a", "b"]).expect("b").items().next().expect("item");
            assert_eq!(item.get("c").and_then(Node::text), Some("d"));
            assert_eq!(item.pos(), Pos::new(12));
        });
    }

    #[test]
    fn the_last_duplicate_counts() {
        with_root("a: 1\na: 2\n", |root| {
            assert_eq!(root.get("a").and_then(Node::text), Some("2"));
        });
    }

    #[test]
    fn aliases_and_merge_keys_are_seen_through() {
        with_root("x: &x {a: 1}\ny: *x\nz:\n  <<: [*x, {b: 2}]\n  c: 3\n", |root| {
            assert_eq!(root.at(&["y", "a"]).and_then(Node::text), Some("1"));
            assert_eq!(root.at(&["z", "a"]).and_then(Node::text), Some("1"));
            assert_eq!(root.at(&["z", "b"]).and_then(Node::text), Some("2"));
            assert!(root.get("x").expect("x").is_shared());
            assert!(!root.get("z").expect("z").is_shared());
        });
    }

    #[test]
    fn positions_are_bytes_on_lines_with_wide_characters() {
        with_root("é: [ü, \"ö\", x]\nñ: y\n", |root| {
            let text = root.document().text();
            for (node, needle) in [
                (root.at(&["ñ"]), "y"),
                (root.get("é").and_then(|e| e.items().last()), "x"),
            ] {
                assert_eq!(node.expect("node").pos(), Pos::new(text.rfind(needle).expect("needle")));
            }
        });
    }

    #[test]
    fn block_flow_and_pair_are_told_apart() {
        let layout = |text: &str| with_root(text, |root| root.get("a").expect("a").collection());
        assert_eq!(layout("a: {b: c}"), Some(Collection::Flow { close: 8 }));
        assert_eq!(layout("a:\n  b: c"), Some(Collection::Block));
        assert_eq!(layout("a:\n  {b: c}: d"), Some(Collection::Block));
        with_root("[a: b]", |root| {
            assert_eq!(root.items().next().and_then(Node::collection), Some(Collection::Pair));
        });
    }

    #[test]
    fn deep_nesting_is_refused_where_it_begins() {
        let error = Document::parse(&"- ".repeat(100_000)).expect_err("too deep");
        assert_eq!(
            (error.pos, error.reason.as_str()),
            (Pos::new(2 * MAX_DEPTH), "nested more than 500 levels deep")
        );
        assert!(Document::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn an_alias_bomb_is_no_work() {
        let mut text = "a0: &a0 {k: v}\n".to_owned();
        for level in 1..60 {
            let below = level - 1;
            let line = "aN: &aN {<<: [*aM, *aM, *aM]}\n";
            text += &line.replace('N', &level.to_string()).replace('M', &below.to_string());
        }
        with_root(&text, |root| assert!(root.at(&["a59", "missing"]).is_none()));
    }

    #[test]
    fn a_document_of_comments_holds_nothing() {
        assert!(Document::parse("# nothing\n").expect("YAML").root().is_none());
        with_root("---\n# nothing\n", |root| assert!(root.is_null()));
    }

    #[test]
    fn debug_shows_no_scalar() {
        let document = Document::parse("a: wJalr").expect("YAML");
        assert!(!format!("{:?} {:?}", document.nodes, document.root()).contains("wJalr"));
    }
}
