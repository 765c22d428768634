//! What of a container uses its environment variables by name.
//!
//! Invariant: a container is read once, however many variables are asked for.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::yaml::tree::{Node, NodeId};

/// The uses in containers that were asked about, by their documents.
#[derive(Default)]
pub struct Users {
    of_container: RefCell<HashMap<(usize, NodeId), Uses>>,
}

/// Every `$` in the commands, arguments and variables of one container, in order.
struct Uses {
    /// The text it is in, and the byte behind it.
    all: Vec<(NodeId, usize)>,
    /// The first of each word.
    of_word: HashMap<String, NodeId>,
}

impl Users {
    /// The command, argument or variable of the container that uses `$(NAME)`, or `$NAME` as a shell does.
    pub(super) fn of<'d>(&self, sheet: usize, container: Node<'d>, name: &str) -> Option<Node<'d>> {
        let mut known = self.of_container.borrow_mut();
        let uses = known
            .entry((sheet, container.id()))
            .or_insert_with(|| Uses::of(container));
        let first = uses.first(container, name)?;
        Some(container.document().node(first))
    }
}

impl Uses {
    fn of(container: Node<'_>) -> Self {
        let lists = ["command", "args"]
            .into_iter()
            .filter_map(|key| container.get(key))
            .flat_map(Node::items);
        let env = container.get("env").into_iter().flat_map(Node::items);
        let values = env.filter_map(|entry| entry.get("value"));
        let mut uses = Self {
            all: Vec::new(),
            of_word: HashMap::new(),
        };
        for node in lists.chain(values) {
            let text = node.text().unwrap_or_default();
            for at in memchr::memchr_iter(b'$', text.as_bytes()) {
                let rest = name_at(text, at + 1);
                let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                uses.all.push((node.id(), at + 1));
                if !uses.of_word.contains_key(&rest[..end]) {
                    uses.of_word.insert(rest[..end].to_owned(), node.id());
                }
            }
        }
        uses
    }

    fn first(&self, container: Node<'_>, name: &str) -> Option<NodeId> {
        if !name.is_empty() && name.chars().all(is_part) {
            return self.of_word.get(name).copied();
        }
        // Names with dots and dashes are names, too, and words end in them.
        let uses = |(node, at): &&(NodeId, usize)| {
            let text = container.document().node(*node).text().unwrap_or_default();
            let rest = name_at(text, *at).strip_prefix(name);
            rest.is_some_and(|rest| !rest.starts_with(is_part))
        };
        self.all.iter().find(uses).map(|(node, _)| *node)
    }
}

/// What stands behind a `$`, without a bracket.
fn name_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.strip_prefix(['(', '{']).unwrap_or(rest)
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
