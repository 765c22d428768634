//! What of a container uses its environment variables by name.
//!
//! Invariant: a container is read once, however many variables are asked for.

use std::collections::HashMap;

use crate::yaml::tree::{Node, NodeId};

/// The uses in containers that were asked about, by their documents.
#[derive(Default)]
pub(super) struct Users<'d> {
    of_container: HashMap<(usize, NodeId), Uses<'d>>,
}

/// Every `$` in the commands, arguments and variables of one container, in order.
struct Uses<'d> {
    /// The text behind a `$`, and where it stands.
    all: Vec<(&'d str, Node<'d>)>,
    /// The first of each word.
    of_word: HashMap<&'d str, Node<'d>>,
}

impl<'d> Users<'d> {
    /// The command, argument or variable of the container that uses `$(NAME)`, or `$NAME` as a shell does.
    pub(super) fn of(&mut self, sheet: usize, container: Node<'d>, name: &str) -> Option<Node<'d>> {
        let place = (sheet, container.id());
        self.of_container
            .entry(place)
            .or_insert_with(|| Uses::of(container))
            .first(name)
    }
}

impl<'d> Uses<'d> {
    fn of(container: Node<'d>) -> Self {
        let lists = ["command", "args"]
            .into_iter()
            .filter_map(|key| container.get(key))
            .flat_map(Node::items);
        let env = container.get("env").into_iter().flat_map(Node::items);
        let values = env.filter_map(|entry| entry.get("value"));
        let texts = lists.chain(values).filter_map(|node| Some((node, node.text()?)));
        let all: Vec<(&str, Node<'d>)> = texts
            .flat_map(|(node, text)| behind(text).map(move |rest| (rest, node)))
            .collect();
        let mut of_word = HashMap::new();
        for (rest, node) in &all {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            of_word.entry(&rest[..end]).or_insert(*node);
        }
        Self { all, of_word }
    }

    fn first(&self, name: &str) -> Option<Node<'d>> {
        if !name.is_empty() && name.chars().all(is_part) {
            return self.of_word.get(name).copied();
        }
        // Names with dots and dashes are names, too, and words end in them.
        let uses = |rest: &str| rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_part));
        self.all.iter().find(|(rest, _)| uses(rest)).map(|(_, node)| *node)
    }
}

/// What stands behind each `$` of a text, without a bracket.
fn behind(text: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'$', text.as_bytes()).map(|at| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.strip_prefix(['(', '{']).unwrap_or(rest)
    })
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
