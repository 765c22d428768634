//! A map of one document: nodes, and the byte at which each begins.
//!
//! Invariant: a node's position is its first byte, after its tag and anchor; that of an empty scalar is not to be used.
//! Invariant: children are in source order, and no node is deeper than [`MAX_DEPTH`].
//!
//! Deliberately absent: ends. yaml-rust2 reports none that can be trusted; [`super::extent`] proves them where needed.

use std::iter::successors;
use std::num::NonZeroU32;
use std::sync::OnceLock;

use yaml_rust2::scanner::TScalarStyle;

use super::builder;
use super::nodes::{Datum, Kind, Layout, Nodes, Shape, short};
use super::simple;
use super::source::{Place, Pos, line_starts};

/// How deep a document may nest. Kubernetes objects, `CustomResourceDefinitions` among them, stay far below.
pub const MAX_DEPTH: usize = 500;

/// How many aliases and merge keys one look-up may follow before it gives up: a bound against alias bombs.
const MAX_HOPS: usize = 64;

/// One YAML document, borrowed from its text.
pub struct Document<'s> {
    text: &'s str,
    content: OnceLock<Box<Content>>,
}

/// What is made of a document's text once it is looked into.
struct Content {
    nodes: Nodes,
    lines: OnceLock<Vec<usize>>,
    is_simple: bool,
}

/// The text may be secret, so only sizes are shown.
impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "document of {} bytes", self.text.len())
    }
}

impl<'s> Document<'s> {
    /// Reads one document.
    ///
    /// # Errors
    /// Text that is not YAML, that nests too deeply, or that holds a second document.
    pub fn parse(text: &'s str) -> Result<Self, Malformed> {
        match simple::nodes(text) {
            Some(nodes) => Ok(Self::of(text, nodes, true)),
            None => Self::parse_by_events(text),
        }
    }

    /// Reads one document by yaml-rust2 alone, as whoever proves something wants it.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_by_events(text: &'s str) -> Result<Self, Malformed> {
        let nodes = builder::nodes(text, &line_starts(text))?;
        Ok(Self::of(text, nodes, false))
    }

    /// Reads what a document of simple YAML says at its top, and leaves its nodes for whoever asks for them; none for a
    /// document that is not simple.
    #[must_use]
    pub fn skim(text: &'s str) -> Option<(Self, Top<'s>)> {
        let top = simple::top(text)?;
        let content = OnceLock::new();
        Some((Self { text, content }, top))
    }

    fn of(text: &'s str, nodes: Nodes, is_simple: bool) -> Self {
        let content = Content {
            nodes,
            lines: OnceLock::new(),
            is_simple,
        };
        Self {
            text,
            content: OnceLock::from(Box::new(content)),
        }
    }

    /// The text the document was read from.
    #[must_use]
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// Whether every word of every scalar stands in the document's text as it is, so that what the text does not hold no
    /// scalar holds; see [`super::simple`].
    #[must_use]
    pub fn is_simple(&self) -> bool {
        self.content.get().is_none_or(|content| content.is_simple)
    }

    /// The topmost node; none, or a null, in a document of comments only.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        let is_skimmed = self.content.get().is_none();
        (is_skimmed || self.nodes().len() > 0).then(|| Node {
            doc: self,
            id: NodeId::of_index(0),
        })
    }

    /// The node with this id.
    ///
    /// # Panics
    /// When the id comes from another document.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        assert!(id.index() < self.nodes().len(), "{id:?} is of another document");
        Node { doc: self, id }
    }

    /// The byte at which the line of `at` begins.
    #[must_use]
    pub fn line_start(&self, at: usize) -> usize {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= at);
        lines.get(line.saturating_sub(1)).copied().unwrap_or(0)
    }

    /// The byte after the line of `at` and its break.
    #[must_use]
    pub fn line_end(&self, at: usize) -> usize {
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= at);
        lines.get(line).copied().unwrap_or(self.text.len())
    }

    fn place(&self, at: usize) -> Place {
        let start = self.line_start(at);
        Place {
            line: self.lines().partition_point(|start| *start <= at),
            column: 1 + self.text.get(start..at).unwrap_or_default().chars().count(),
        }
    }

    /// The line break the document uses: its first one; a line feed where it has none.
    #[must_use]
    pub fn newline(&self) -> &str {
        // Every edit asks, and the text may be one very long line.
        let first = self.lines().get(1).and_then(|next| self.text.get(..*next));
        first.map_or("\n", |line| {
            line.get(line.trim_end_matches(['\r', '\n']).len()..).unwrap_or("\n")
        })
    }

    fn lines(&self) -> &[usize] {
        self.content().lines.get_or_init(|| line_starts(self.text))
    }

    fn nodes(&self) -> &Nodes {
        &self.content().nodes
    }

    /// What the text holds; of a document that was only skimmed, now.
    fn content(&self) -> &Content {
        self.content.get_or_init(|| {
            // What could be skimmed can be read: both are one reader.
            Box::new(Content {
                nodes: simple::nodes(self.text).unwrap_or_default(),
                lines: OnceLock::new(),
                is_simple: true,
            })
        })
    }

    fn datum(&self, id: NodeId) -> &Datum {
        self.nodes().get(id)
    }
}

/// What a document says at its top: of an object, what it is and what it is called. The last of duplicates counts.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Top<'s> {
    /// The text of `apiVersion`.
    pub api_version: Option<&'s str>,
    /// The text of `kind`.
    pub kind: Option<&'s str>,
    /// The text of `metadata.name`.
    pub name: Option<&'s str>,
    /// The text of `metadata.generateName`.
    pub generate_name: Option<&'s str>,
    /// The text of `metadata.namespace`.
    pub namespace: Option<&'s str>,
}

/// Names a node within its document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The node that is added as this many-th.
    pub(super) fn of_index(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(short(index)))
    }

    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// The node that begins next: of a collection that has any, its first child.
    pub(super) fn following(self) -> Self {
        Self(self.0.saturating_add(1))
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
        write!(f, "{:?} at {}", self.datum().kind, self.place())
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
        Pos::new(self.datum().start as usize)
    }

    /// Its line and column in the document's text.
    #[must_use]
    pub fn place(self) -> Place {
        self.doc.place(self.datum().start as usize)
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
        let (index, key, value) = self.doc.nodes().entry(self.id, key, self.doc.text)?;
        Some((index, self.sibling(key), self.sibling(value)))
    }

    /// The node of the key `key` itself.
    #[must_use]
    pub fn key(self, key: &str) -> Option<Self> {
        self.own(key).map(|(_, key, _)| key)
    }

    /// The mapping's own entries, in source order; none if it is no mapping.
    #[must_use]
    pub fn entries(self) -> Entries<'d> {
        Entries(self.children_of(Shape::Mapping))
    }

    /// The sequence's items, in source order; none if it is no sequence.
    #[must_use]
    pub fn items(self) -> Items<'d> {
        Items(self.children_of(Shape::Sequence))
    }

    /// The decoded text of a scalar, whatever type it would have.
    #[must_use]
    pub fn text(self) -> Option<&'d str> {
        let node = self.resolved();
        self.doc.nodes().text(node.id, self.doc.text)
    }

    /// The text of the value of `key`, if it has any.
    #[must_use]
    pub fn text_of(self, key: &str) -> Option<&'d str> {
        self.get(key)?.text().filter(|text| !text.is_empty())
    }

    /// How a scalar is written.
    #[must_use]
    pub fn style(self) -> Option<TScalarStyle> {
        self.datum().kind.style()
    }

    /// Whether it is a scalar without quotes, whose type its text decides.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self.resolved().style() == Some(TScalarStyle::Plain)
    }

    /// Whether it is nothing, `~` or `null`, and no tag makes a string of it.
    #[must_use]
    pub fn is_null(self) -> bool {
        let is_word = || self.is_plain() && matches!(self.text(), Some("" | "~" | "null" | "Null" | "NULL"));
        match self.resolved().tag() {
            None => is_word(),
            Some(tag) => tag == "tag:yaml.org,2002:null",
        }
    }

    /// Whether it is a plain scalar with no text at all, as after `key:`.
    #[must_use]
    pub fn is_empty_scalar(self) -> bool {
        self.style() == Some(TScalarStyle::Plain) && self.text() == Some("")
    }

    /// Whether it is, or an alias of it is, a mapping.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        self.resolved().datum().kind.shape() == Some(Shape::Mapping)
    }

    /// Whether it is, or an alias of it is, a sequence.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        self.resolved().datum().kind.shape() == Some(Shape::Sequence)
    }

    /// Whether it is `*name`.
    #[must_use]
    pub fn is_alias(self) -> bool {
        matches!(self.datum().kind, Kind::Alias(_))
    }

    /// How the mapping or sequence itself is written; none for scalars and aliases.
    #[must_use]
    pub fn collection(self) -> Option<Collection> {
        Some(match self.doc.nodes().layout(self.id)? {
            Layout::Block => Collection::Block,
            Layout::Flow(close) => Collection::Flow { close: close as usize },
            Layout::Pair => Collection::Pair,
        })
    }

    /// The tag written before it.
    #[must_use]
    pub fn tag(self) -> Option<&'d str> {
        let properties = self.doc.nodes().properties(self.id)?;
        properties.tag.as_ref().map(|tag| tag.as_str())
    }

    /// Whether an anchor is written before it.
    #[must_use]
    pub fn is_anchored(self) -> bool {
        let properties = self.doc.nodes().properties(self.id);
        properties.is_some_and(|properties| properties.anchored)
    }

    /// Whether it, or a node it is part of, is what an alias elsewhere means.
    #[must_use]
    pub fn is_shared(self) -> bool {
        let nodes = self.doc.nodes();
        let is_meant = |node: Self| nodes.properties(node.id).is_some_and(|properties| properties.shared);
        nodes.has_shared() && successors(Some(self), |node| node.parent()).any(is_meant)
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
        // Simple YAML has no merge keys.
        if self.doc.is_simple() {
            return None;
        }
        let merged = mapping.own("<<").filter(|(_, own, _)| own.is_plain())?.2;
        let mut sources = std::iter::once(merged).chain(merged.items());
        sources.find_map(|source| {
            *hops = hops.checked_sub(1)?;
            source.resolved().look_up(key, hops)
        })
    }

    /// The children of a collection of this shape, through an alias; none of anything else.
    fn children_of(self, shape: Shape) -> Children<'d> {
        let node = self.resolved();
        let first = node.id.following();
        let is_such = node.datum().kind.shape() == Some(shape);
        Children {
            doc: node.doc,
            next: first,
            end: if is_such { node.doc.nodes().next(node.id) } else { first },
        }
    }

    fn sibling(self, id: NodeId) -> Self {
        Self { doc: self.doc, id }
    }

    fn datum(self) -> &'d Datum {
        self.doc.datum(self.id)
    }
}

/// The children of a node, keys and values alike.
#[derive(Clone, Debug)]
struct Children<'d> {
    doc: &'d Document<'d>,
    next: NodeId,
    end: NodeId,
}

impl<'d> Iterator for Children<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        let id = (self.next < self.end).then_some(self.next)?;
        self.next = self.doc.nodes().next(id);
        Some(Node { doc: self.doc, id })
    }
}

/// The entries of a mapping: each key with its value.
#[derive(Clone, Debug)]
pub struct Entries<'d>(Children<'d>);

impl<'d> Iterator for Entries<'d> {
    type Item = (Node<'d>, Node<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }
}

/// The items of a sequence.
#[derive(Clone, Debug)]
pub struct Items<'d>(Children<'d>);

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        self.0.next()
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
    fn a_tag_decides_what_is_null() {
        with_root("a: !!str\nb: !!str null\nc: !!null x\nd: !x ~\ne: ~\n", |root| {
            let null: Vec<bool> = root.entries().map(|(_, value)| value.is_null()).collect();
            assert_eq!(null, [false, false, true, false, true]);
        });
    }

    #[test]
    fn debug_shows_no_scalar() {
        let document = Document::parse("a: wJalr").expect("YAML");
        assert!(!format!("{document:?} {:?} {:?}", document.nodes(), document.root()).contains("wJalr"));
    }
}
