//! A document with Secrets, by its names: nothing is shown of a Secret but what names and types it.

use std::collections::HashMap;
use std::rc::Rc;

use crate::manifest::object::Object;
use crate::payload::outline::outline;
use crate::payload::sighting;
use crate::plan::value::{Field, SecretValue, values};
use crate::yaml::extent;
use crate::yaml::tree::{Document, Node, NodeId};

use super::page::{Line, Page};

/// What of a Secret may be shown as it is, beside names.
const OF_SECRETS: [&str; 4] = ["apiVersion", "kind", "type", "immutable"];

/// What of its metadata may be.
const OF_METADATA: [&str; 4] = ["name", "generateName", "namespace", "labels"];

/// The lines of a document, where `other` is the same document before or after.
pub(super) fn lines(page: &Page<'_>, document: &Document<'_>, other: &Page<'_>) -> Vec<Line> {
    let pairs = page
        .secrets()
        .zip(other.secrets().map(Some).chain(std::iter::repeat(None)));
    let secrets: Vec<Pair<'_, '_>> = pairs
        .map(|(secret, other)| Pair::of(secret, other.map(values).unwrap_or_default()))
        .collect();
    let indices = secrets.iter().enumerate().map(|(index, pair)| (pair.node, index));
    let mut walk = Walk {
        page,
        indices: indices.collect(),
        secrets,
        lines: Vec::new(),
    };
    if let Some(root) = document.root() {
        walk.node(Lead::default(), root, Veil::Open);
    }
    walk.lines
}

/// What may be shown of a node.
#[derive(Clone, Copy)]
enum Veil {
    /// All of it.
    Open,
    /// What a Secret may show, by its index.
    Secret(usize),
    /// What the metadata of one may.
    Metadata,
    /// The names of its values, and those in them that change.
    Values(usize, Field),
    /// Names.
    Closed,
}

impl Veil {
    fn over(self, key: &str) -> Self {
        match self {
            Self::Secret(index) => match key {
                "metadata" => Self::Metadata,
                "data" => Self::Values(index, Field::Data),
                "stringData" => Self::Values(index, Field::StringData),
                _ if OF_SECRETS.contains(&key) => Self::Open,
                _ => Self::Closed,
            },
            Self::Metadata if OF_METADATA.contains(&key) => Self::Open,
            Self::Metadata => Self::Closed,
            Self::Open | Self::Values(..) | Self::Closed => self,
        }
    }
}

/// What stands on the line before a node, and how deep the lines behind it begin.
#[derive(Default, Clone)]
struct Lead {
    text: String,
    indent: usize,
}

/// A Secret, and the same before or after.
struct Pair<'d, 'o> {
    node: NodeId,
    /// Its values, by their nodes.
    own: HashMap<NodeId, SecretValue<'d>>,
    /// Those of the other; of two of one name the last counts.
    other: HashMap<(Field, &'o str), SecretValue<'o>>,
}

impl<'d, 'o> Pair<'d, 'o> {
    fn of(secret: &Object<'d>, others: Vec<SecretValue<'o>>) -> Self {
        let own = values(secret).into_iter().rev();
        let others = others.into_iter();
        Self {
            node: secret.node.id(),
            own: own.map(|value| (value.node.id(), value)).collect(),
            other: others.map(|value| ((value.field, value.key), value)).collect(),
        }
    }
}

struct Walk<'w, 'd, 'o> {
    page: &'w Page<'d>,
    secrets: Vec<Pair<'d, 'o>>,
    /// The places in `secrets` of what are Secrets.
    indices: HashMap<NodeId, usize>,
    lines: Vec<Line>,
}

impl<'d> Walk<'_, 'd, '_> {
    fn node(&mut self, lead: Lead, node: Node<'d>, veil: Veil) {
        let its = self.indices.get(&node.id());
        let veil = its.map_or(veil, |index| Veil::Secret(*index));
        if node.is_alias() || node.entries().count() + node.items().count() == 0 {
            return self.leaf(&lead.text, node, veil);
        }
        let mut text = lead.text;
        let margin = " ".repeat(lead.indent);
        for (key, value) in node.entries() {
            let name = key.text().unwrap_or("?");
            let head = std::mem::replace(&mut text, margin.clone()) + name + ":";
            self.entry(head, lead.indent, name, value, veil.over(name));
        }
        for item in node.items() {
            let lead = Lead {
                text: std::mem::replace(&mut text, margin.clone()) + "- ",
                indent: lead.indent + 2,
            };
            self.node(lead, item, veil);
        }
    }

    fn entry(&mut self, head: String, indent: usize, name: &str, value: Node<'d>, veil: Veil) {
        if value.is_alias() || value.entries().count() + value.items().count() == 0 {
            if !self.decoded(&head, indent, name, value, veil) {
                self.leaf(&(head + " "), value, veil);
            }
            return;
        }
        self.lines.push(Line::open(self.number(value), &head));
        let indent = indent + if value.is_sequence() { 0 } else { 2 };
        let text = " ".repeat(indent);
        self.node(Lead { text, indent }, value, veil);
    }

    fn leaf(&mut self, head: &str, node: Node<'d>, veil: Veil) {
        let written = node.document().text();
        let end = extent::end(node).ok();
        let spelled = end.and_then(|end| written.get(node.pos().offset()..end));
        let may_be_shown = |text: &&str| !text.contains(['\n', '\r']) && sighting::values(text).is_empty();
        let shown = spelled.filter(may_be_shown).filter(|_| matches!(veil, Veil::Open));
        let number = self.number(node);
        self.lines.push(match shown {
            Some(text) => Line::open(number, (head.to_owned() + text).trim_end()),
            None => Line::masked(number, head, spelled.or(node.text()).unwrap_or_default()),
        });
    }

    /// Shows a value that changes by the settings in it, if it is one.
    fn decoded(&mut self, head: &str, indent: usize, name: &str, node: Node<'d>, veil: Veil) -> bool {
        let Veil::Values(index, field) = veil else { return false };
        let pair = &self.secrets[index];
        let Some(own) = pair.own.get(&node.id()) else {
            return false;
        };
        let other = pair.other.get(&(field, name));
        let (Ok(text), Some(Ok(other))) = (own.text(), other.map(SecretValue::text)) else {
            return false;
        };
        if text == other {
            return false;
        }
        let number = self.number(node);
        let how = match field {
            Field::Data => " (decoded)",
            Field::StringData => "",
        };
        self.lines.push(Line::open(number, &(head.to_owned() + how)));
        let inside: Rc<str> = name.into();
        for line in outline(&text) {
            let head = " ".repeat(indent + 2 + 2 * line.depth) + &line.head;
            let line = match &line.value {
                Some(value) => Line::masked(number, &head, value),
                None => Line::open(number, &head),
            };
            self.lines.push(line.inside(&inside));
        }
        true
    }

    fn number(&self, node: Node<'_>) -> usize {
        self.page.number(node.pos().offset())
    }
}
