//! The values of `ConfigMap`s by their keys: a container may name very many of one that has very many.
//!
//! Invariant: a value is the one that a look-up in the mapping itself finds.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::manifest::object::Object;
use crate::yaml::tree::{Node, NodeId};

/// How many keys are looked through as fast as looked up.
const FEW: usize = 16;

/// What was looked up in, by the index of the map.
#[derive(Default, Debug)]
pub struct Data {
    of_map: RefCell<HashMap<usize, HashMap<String, NodeId>>>,
}

impl Data {
    /// The value of a key of the `ConfigMap` with this index.
    pub fn value<'d>(&self, index: usize, map: &Object<'d>, key: &str) -> Option<Node<'d>> {
        let data = map.node.get("data")?;
        if data.entries().len() <= FEW || data.resolved().own("<<").is_some() {
            return data.get(key);
        }
        let mut known = self.of_map.borrow_mut();
        let ids = known.entry(index).or_insert_with(|| ids(data));
        ids.get(key).map(|id| map.node.document().node(*id))
    }
}

fn ids(data: Node<'_>) -> HashMap<String, NodeId> {
    let entries = data.entries();
    let id = |(key, value): (Node<'_>, Node<'_>)| Some((key.text()?.to_owned(), value.id()));
    entries.filter_map(id).collect()
}
