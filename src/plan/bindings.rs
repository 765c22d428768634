//! Which `RoleBinding` grants rights to a `ServiceAccount`.
//!
//! Invariant: of several that do, the first in the stream is meant.

use std::collections::HashMap;

use crate::manifest::object::Object;
use crate::yaml::tree::Node;

/// The bindings of a stream, by the accounts they name.
#[derive(Debug)]
pub struct Bindings<'d> {
    /// By the account's name.
    by_name: HashMap<&'d str, usize>,
    /// By its name and its namespace, as far as that is known.
    by_place: HashMap<(&'d str, Option<&'d str>), usize>,
}

impl<'d> Bindings<'d> {
    /// The accounts that these bindings name; `namespace_of` tells where a binding is.
    #[must_use]
    pub fn of(bindings: &[Object<'d>], namespace_of: impl Fn(&Object<'d>) -> Option<&'d str>) -> Self {
        let mut found = Self {
            by_name: HashMap::new(),
            by_place: HashMap::new(),
        };
        for (index, binding) in bindings.iter().enumerate() {
            let subjects = binding.node.get("subjects");
            for subject in subjects.into_iter().flat_map(Node::items) {
                let text = |key: &str| subject.get(key).and_then(Node::text);
                if let (Some("ServiceAccount"), Some(name)) = (text("kind"), text("name")) {
                    let namespace = text("namespace").or_else(|| namespace_of(binding));
                    found.by_name.entry(name).or_insert(index);
                    found.by_place.entry((name, namespace)).or_insert(index);
                }
            }
        }
        found
    }

    /// The binding, by index, that grants rights to an account; where a namespace is not known, it is the same as any.
    #[must_use]
    pub fn to(&self, name: &str, namespace: Option<&str>) -> Option<usize> {
        if namespace.is_none() {
            return self.by_name.get(name).copied();
        }
        let places = [(name, namespace), (name, None)];
        places
            .iter()
            .filter_map(|place| self.by_place.get(place).copied())
            .min()
    }
}
