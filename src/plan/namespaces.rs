//! Which object a name means, when charts leave `metadata.namespace` out on some objects and not on others.
//!
//! An object without a namespace is in the release namespace: the one given, else the one that the workloads name. Where
//! that is not known, a name joins such an object only if it is unique in the stream.

use std::collections::{BTreeSet, HashMap};

use crate::manifest::object::Object;
use crate::policy::catalogue::Id;

use super::ledger::Ledger;

/// The release namespace, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release<'d> {
    namespace: Option<&'d str>,
}

impl<'d> Release<'d> {
    /// The namespace given, else the only one named.
    #[must_use]
    pub fn of(given: Option<&'d str>, named: impl Iterator<Item = &'d str>) -> Self {
        let named: BTreeSet<&str> = named.collect();
        let only = if named.len() == 1 { named.first().copied() } else { None };
        Self {
            namespace: given.or(only),
        }
    }

    /// Its name, if it is known.
    #[must_use]
    pub fn namespace(&self) -> Option<&'d str> {
        self.namespace
    }

    /// The namespace an object is in, as far as it is known.
    #[must_use]
    pub fn resolve(&self, object: &Object<'d>) -> Option<&'d str> {
        object.namespace().or(self.namespace)
    }
}

/// Objects of one kind, by name.
#[derive(Debug)]
pub struct Directory<'d> {
    by_place: HashMap<(&'d str, Option<&'d str>), usize>,
    by_name: HashMap<&'d str, Namesakes<'d>>,
}

/// What there is to know of all objects of one name.
#[derive(Debug)]
struct Namesakes<'d> {
    first: (usize, Option<&'d str>),
    are_several: bool,
    /// Whether it is not known of one of them where it is.
    is_one_unplaced: bool,
}

impl<'d> Directory<'d> {
    /// The directory of these objects; their indices are what it answers with.
    #[must_use]
    pub fn of(objects: &[Object<'d>], release: &Release<'d>) -> Self {
        let mut directory = Self {
            by_place: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (index, object) in objects.iter().enumerate() {
            let (name, namespace) = (object.name(), release.resolve(object));
            directory.by_place.insert((name, namespace), index);
            directory
                .by_name
                .entry(name)
                .and_modify(|known| {
                    known.are_several = true;
                    known.is_one_unplaced |= namespace.is_none();
                })
                .or_insert(Namesakes {
                    first: (index, namespace),
                    are_several: false,
                    is_one_unplaced: namespace.is_none(),
                });
        }
        directory
    }

    /// The object of this name, as seen from a namespace. Of objects that are in the stream twice, the last counts.
    #[must_use]
    pub fn join(&self, namespace: Option<&str>, name: &str) -> Join {
        let Some(namesakes) = self.by_name.get(name) else {
            return Join::Absent;
        };
        if let Some(index) = self.by_place.get(&(name, namespace)) {
            return Join::Found(*index);
        }
        let (index, own) = namesakes.first;
        match (namesakes.are_several, own.is_none() || namespace.is_none()) {
            (false, true) => Join::Found(index),
            (true, _) if namesakes.is_one_unplaced || namespace.is_none() => Join::Ambiguous,
            (false, false) | (true, _) => Join::Absent,
        }
    }
}

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Join {
    /// The object with this index.
    Found(usize),
    /// Nothing in the stream.
    Absent,
    /// One of several; the release namespace would tell.
    Ambiguous,
}

/// The namespace as a flag of kubectl's, with the blank before it; nothing where it is not known.
#[must_use]
pub fn kubectl_flag(namespace: Option<&str>) -> String {
    namespace.map_or_else(String::new, |namespace| format!(" -n {namespace}"))
}

/// Says that a name an object mentions could mean several.
pub fn ambiguous(object: &Object<'_>, kind: &str, name: &str, ledger: &mut Ledger<'_>) {
    let message = format!(
        "the {kind} `{name}` it names is in several namespaces of the stream, and the release namespace is not known"
    );
    ledger.find(
        object,
        object.node,
        Id::NamespaceAmbiguous,
        message,
        "say which with `--namespace`",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::envelope::objects;
    use crate::manifest::stream::{Input, Stream};

    #[track_caller]
    fn check(namespaces: &[&str], given: Option<&str>, from: Option<&str>, expected: Join) {
        let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: NS}\n";
        let text: Vec<String> = namespaces
            .iter()
            .map(|namespace| secret.replace("NS", namespace))
            .collect();
        let text = text.concat();
        let inputs = [Input::new("in", text.into()).expect("text")];
        let stream = Stream::read(&inputs).expect("a stream");
        let directory = Directory::of(&objects(&stream), &Release::of(given, std::iter::empty()));
        assert_eq!(directory.join(from, "s"), expected);
    }

    #[test]
    fn a_name_means_the_object_of_the_same_namespace() {
        check(&["a", "b"], None, Some("b"), Join::Found(1));
        check(&["a", "b"], None, Some("c"), Join::Absent);
        check(&["a", "\"\""], None, Some("a"), Join::Found(0));
        check(&["a", "\"\""], None, None, Join::Found(1));
    }

    #[test]
    fn without_a_release_namespace_a_unique_name_is_enough() {
        check(&["\"\""], None, Some("a"), Join::Found(0));
        check(&["a"], None, None, Join::Found(0));
        check(&["a", "b"], None, None, Join::Ambiguous);
        check(&["a", "\"\""], None, Some("b"), Join::Ambiguous);
    }

    #[test]
    fn the_release_namespace_decides() {
        check(&["a", "\"\""], Some("b"), Some("b"), Join::Found(1));
        check(&["\"\""], Some("b"), Some("c"), Join::Absent);
    }

    #[test]
    fn the_release_namespace_is_the_only_one_named() {
        assert_eq!(Release::of(None, ["a", "a"].into_iter()).namespace, Some("a"));
        assert_eq!(Release::of(None, ["a", "b"].into_iter()).namespace, None);
        assert_eq!(Release::of(Some("c"), ["a"].into_iter()).namespace, Some("c"));
    }
}
