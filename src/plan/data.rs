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
    /// Nothing of those whose values are merged in by `<<`: their look-ups are the yaml floor's.
    of_map: RefCell<HashMap<usize, Option<HashMap<String, NodeId>>>>,
}

impl Data {
    /// The value of a key of the `ConfigMap` with this index.
    pub fn value<'d>(&self, index: usize, map: &Object<'d>, key: &str) -> Option<Node<'d>> {
        let data = map.node.get("data")?;
        if data.entries().count() <= FEW {
            return data.get(key);
        }
        let mut known = self.of_map.borrow_mut();
        match known.entry(index).or_insert_with(|| ids(data)) {
            Some(ids) => ids.get(key).map(|id| map.node.document().node(*id)),
            None => data.get(key),
        }
    }
}

fn ids(data: Node<'_>) -> Option<HashMap<String, NodeId>> {
    let id = |(key, value): (Node<'_>, Node<'_>)| Some((key.text()?.to_owned(), value.id()));
    let is_whole = data.resolved().own("<<").is_none();
    is_whole.then(|| data.entries().filter_map(id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::envelope::objects;
    use crate::manifest::stream::{Input, Stream};

    #[track_caller]
    fn check(data: &str, key: &str, expected: Option<&str>) {
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n{data}");
        let inputs = [Input::new("in", text.into()).expect("text")];
        let stream = Stream::read(&inputs).expect("a stream");
        let map = objects(&stream)[0];
        let known = Data::default();
        for _ in 0..2 {
            assert_eq!(known.value(0, &map, key).and_then(Node::text), expected, "{key}");
        }
    }

    #[test]
    fn a_value_is_the_one_of_a_look_up_however_many_there_are() {
        let many: Vec<String> = (0..3 * FEW).map(|index| format!("  k{index}: v{index}\n")).collect();
        let many = many.concat();
        check(&many, "k40", Some("v40"));
        check(&many, "k", None);
        check(&(many.clone() + "  k40: again\n"), "k40", Some("again"));
        check(&(many + "  <<: {k: merged}\n"), "k", Some("merged"));
        check("  k: v\n", "k", Some("v"));
    }
}
