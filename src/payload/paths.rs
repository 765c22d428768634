//! What a policy names in YAML: dotted paths of mapping keys and list indices.
//!
//! A key that holds dots itself is found, too. Every duplicate of a key goes. A list's item is passed through by its index
//! but never removed, since the next one would have its index in a second run. A new value replaces the one that is there;
//! it is added where the mapping it belongs to is there, or where something was removed now.

use super::structured;
use super::verdict::{Outcome, Step, Unreadable, note};
use crate::yaml::draft::Draft;
use crate::yaml::refusal::Reason;
use crate::yaml::spell::Value;
use crate::yaml::tree::Node;

pub(super) fn edit(text: &str, remove: &[String], set: &[(String, Value)]) -> Step<Outcome> {
    let document = structured::read(text)?;
    let Some(root) = document.root().filter(|root| !root.is_null()) else {
        return Ok(Outcome::default());
    };
    if root.text().is_some() {
        return Err(Unreadable::NotTheFormat { pos: root.pos() }.into());
    }
    let mut draft = Draft::new(&document);
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for path in remove.iter().filter(|path| !set.iter().any(|(name, _)| name == *path)) {
        let mut found = Vec::new();
        find(root, &segments(path), &mut found)?;
        for (mapping, index) in found {
            draft.remove_entry(mapping, index)?;
            note(&mut removed, path);
        }
    }
    for (path, value) in set {
        let place = Place::of(root, &segments(path))?;
        let is_there = place.missing.len() <= 1;
        if !is_there && removed.is_empty() {
            continue;
        }
        let missing: Vec<&str> = place.missing.iter().map(String::as_str).collect();
        if draft.set(place.base, &missing, value.clone())? {
            note(&mut added, path);
        }
    }
    if !draft.is_empty() {
        structured::vet_whole(&document)?;
    }
    structured::finished(&draft, removed, added)
}

fn segments(path: &str) -> Vec<&str> {
    path.split('.').collect()
}

/// Every entry at a path: its mapping and index.
fn find<'d>(node: Node<'d>, path: &[&str], found: &mut Vec<(Node<'d>, usize)>) -> Step<()> {
    if node.is_alias() {
        return Err(Reason::Aliased.at(node.pos()).into());
    }
    if node.is_sequence() {
        return match (item(node, path.first()), path.get(1..)) {
            (Some(_), Some([])) => Err(Reason::NotAMapping.at(node.pos()).into()),
            (Some(item), Some(rest)) => find(item, rest, found),
            _ => Ok(()),
        };
    }
    for taken in 1..=path.len() {
        let key = path[..taken].join(".");
        if node.own(&key).is_none() && node.get(&key).is_some() {
            return Err(Reason::MergeKey.at(node.pos()).into());
        }
        for entry in structured::entries(node, |name| name == key) {
            if taken == path.len() {
                found.push((node, entry.index));
            } else {
                find(entry.value, &path[taken..], found)?;
            }
        }
    }
    Ok(())
}

fn item<'d>(sequence: Node<'d>, index: Option<&&str>) -> Option<Node<'d>> {
    sequence.items().nth(index?.parse().ok()?)
}

/// How far a path leads.
struct Place<'d> {
    /// The last mapping on the way, or the list item at its end.
    base: Node<'d>,
    /// What follows from there: the key of a value that is there, or keys that are not.
    missing: Vec<String>,
}

impl<'d> Place<'d> {
    fn of(root: Node<'d>, path: &[&str]) -> Step<Self> {
        let (mut node, mut rest) = (root, path);
        loop {
            if node.is_sequence() {
                let inner = item(node, rest.first()).ok_or(Reason::NotAMapping.at(node.pos()))?;
                (node, rest) = (inner, &rest[1..]);
                continue;
            }
            let child = (1..=rest.len()).find_map(|taken| {
                let key = rest[..taken].join(".");
                let (_, _, value) = node.own(&key)?;
                Some((key, value, taken))
            });
            match child {
                Some((_, value, taken)) if taken < rest.len() && (value.is_mapping() || value.is_sequence()) => {
                    (node, rest) = (value, &rest[taken..]);
                }
                Some((key, _, taken)) => {
                    let missing = std::iter::once(key).chain(rest[taken..].iter().map(ToString::to_string));
                    return Ok(Self {
                        base: node,
                        missing: missing.collect(),
                    });
                }
                None => {
                    return Ok(Self {
                        base: node,
                        missing: rest.iter().map(ToString::to_string).collect(),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::format::Format;
    use crate::payload::samples::{edit_kept, edits};
    use crate::payload::verdict::KeptReason;

    const THANOS: &str = "type: S3\nconfig:\n  bucket: x\n  access_key: a # old\n  secret_key: b\n  # c\n";

    fn yes() -> Value {
        Value::plain("true")
    }

    #[test]
    fn named_paths_go() {
        edits(
            Format::Yaml,
            THANOS,
            &["config.access_key", "config.secret_key", "config.absent", "absent.too"],
            &[],
            "type: S3\nconfig:\n  bucket: x\n  # c\n",
        );
        edits(
            Format::Yaml,
            "{\"a\": {\"b\": 1, \"c\": 2}}",
            &["a.b"],
            &[],
            "{\"a\": {\"c\": 2}}",
        );
        edits(Format::Yaml, "a:\n  b: 1\n", &["a.b"], &[], "a: {}\n");
        edits(
            Format::Yaml,
            "a.b:\n  c.d: 1\n  e: 2\n",
            &["a.b.c.d"],
            &[],
            "a.b:\n  e: 2\n",
        );
        edits(
            Format::Yaml,
            "a:\n- b: 1\n  c: 2\n- b: 3\n  c: 4\n",
            &["a.1.b"],
            &[],
            "a:\n- b: 1\n  c: 2\n- c: 4\n",
        );
        edits(
            Format::Yaml,
            "a: {b: 1}\na: {b: 2, c: 3}\n",
            &["a.b"],
            &[],
            "a: {}\na: {c: 3}\n",
        );
        edits(Format::Fog, "a: 1\nprovider: x\n", &["a"], &[], "provider: x\n");
        for text in ["", "# none\n", "a: 1\n", "config: x\n", "config:\n", "[1, 2]\n"] {
            edits(Format::Yaml, text, &["config.access_key", "7.x"], &[], text);
        }
    }

    #[test]
    fn new_values_replace_or_join() {
        let set = [("config.aws_sdk_auth", yes())];
        let remove = ["config.access_key", "config.secret_key"];
        edits(
            Format::Yaml,
            THANOS,
            &remove,
            &set,
            "type: S3\nconfig:\n  aws_sdk_auth: true\n  bucket: x\n  # c\n",
        );
        edits(
            Format::Yaml,
            "config:\n  aws_sdk_auth: false # c\n",
            &remove,
            &set,
            "config:\n  aws_sdk_auth: true # c\n",
        );
        edits(
            Format::Yaml,
            "a:\n- b: 1\n",
            &[],
            &[("a.0.c", yes())],
            "a:\n- c: true\n  b: 1\n",
        );
        edits(Format::Yaml, "a:\n- b\n", &[], &[("a.0", yes())], "a:\n- true\n");
        edits(Format::Yaml, "a: 1\n", &["a"], &[("a", yes())], "a: true\n");
        edits(
            Format::Yaml,
            "a: 1\n",
            &[],
            &[("b", Value::quoted("c"))],
            "b: \"c\"\na: 1\n",
        );
    }

    #[test]
    fn what_is_missing_on_the_way_is_made_only_beside_a_removal() {
        let set = [("x.z", yes())];
        edits(Format::Yaml, "a: 1\n", &["b"], &set, "a: 1\n");
        edits(Format::Yaml, "b: 1\na: 1\n", &["b"], &set, "x:\n  z: true\na: 1\n");
        edits(Format::Yaml, "", &["b"], &set, "");
    }

    #[test]
    fn places_that_are_not_edited() {
        let kept = |text: &str, path: &str| edit_kept(Format::Yaml, text, &[path], &[]);
        let uneditable = KeptReason::Uneditable;
        assert_eq!(kept("a: &a {b: 1}\nc: *a\n", "c.b"), uneditable(Reason::Aliased));
        assert_eq!(kept("a: &a {b: 1}\nc: *a\n", "a.b"), uneditable(Reason::Anchored));
        assert_eq!(kept("a: 1\nb: &b x\nc: *b\n", "a"), uneditable(Reason::Aliased));
        assert_eq!(kept("c:\n  <<: {b: 1}\n", "c.b"), uneditable(Reason::MergeKey));
        assert_eq!(kept("a: [1, 2]\n", "a.0"), uneditable(Reason::NotAMapping));
        assert_eq!(kept("a: 1\n---\nb: 1\n", "a"), KeptReason::SecondDocument);
        assert_eq!(kept("a: 1\n{{- end }}\n", "a"), KeptReason::Template);
        assert_eq!(
            kept("a: 1\nb: 2 # AKIAIOSFODNN7EXAMPLE\n", "a"),
            KeptReason::KeyInComment
        );
    }
}
