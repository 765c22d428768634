//! What the readers of Kubernetes see otherwise than our tree.
//!
//! Kubernetes, Helm and kustomize read with Go's ports of libyaml, which speak YAML 1.1 and differ among themselves. Where
//! one of them sees something else than our tree does, no edit can be proved for them.
//!
//! Invariant: a document that passes means the same to all of them, but for the types of plain scalars.

use yaml_rust2::scanner::TScalarStyle;

use super::refusal::{Reason, Refusal};
use super::source::Pos;
use super::spell::is_key_as_written;
use super::tree::{Collection, Document, Node};

/// Line breaks to YAML 1.1, characters like others to YAML 1.2.
const OLD_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Refuses a document that other readers see otherwise.
pub(super) fn agreed(document: &Document<'_>) -> Result<(), Refusal> {
    if let Some(at) = document.text().find(OLD_BREAKS) {
        return Err(Reason::OldLineBreak.at(Pos::new(at)));
    }
    // What follows is no simple YAML.
    if document.is_simple() {
        return Ok(());
    }
    let mut open: Vec<Node<'_>> = document.root().into_iter().collect();
    while let Some(node) = open.pop() {
        // What an alias means is looked at where it stands.
        if node.is_alias() {
            continue;
        }
        alike(node)?;
        open.extend(node.entries().flat_map(|(key, value)| [key, value]));
        open.extend(node.items());
    }
    Ok(())
}

/// Refuses to take out or replace an entry whose key other readers may call otherwise.
pub(super) fn named(key: Node<'_>) -> Result<(), Refusal> {
    let is_named = match key.text() {
        None => false,
        Some(text) => !key.is_plain() || is_key_as_written(text),
    };
    if is_named {
        Ok(())
    } else {
        Err(Reason::KeyNotText.at(key.pos()))
    }
}

/// Refuses a text block that is to begin with a tab: Go's readers take it for a part of the indentation, and refuse it.
pub(super) fn begun(scalar: Node<'_>, text: &str) -> Result<(), Refusal> {
    let is_block = matches!(scalar.style(), Some(TScalarStyle::Literal | TScalarStyle::Folded));
    if is_block && text.trim_start_matches(['\n', ' ']).starts_with('\t') {
        return Err(Reason::OpaqueValue.at(scalar.pos()));
    }
    Ok(())
}

/// Refuses to take out an entry that `<<` would bring back.
pub(super) fn unmerged(mapping: Node<'_>, key: Node<'_>) -> Result<(), Refusal> {
    match mapping.own("<<") {
        Some((_, merge, value)) if key.text().is_some_and(|text| brings(value, text)) => {
            Err(Reason::MergeKey.at(merge.pos()))
        }
        _ => Ok(()),
    }
}

/// Whether what is merged in has such a key.
fn brings(merged: Node<'_>, key: &str) -> bool {
    std::iter::once(merged)
        .chain(merged.items())
        .any(|source| source.get(key).is_some())
}

/// Refuses a node that other readers see otherwise, whatever stands in it.
fn alike(node: Node<'_>) -> Result<(), Refusal> {
    if node.tag().is_some_and(|tag| tag == "tag:yaml.org,2002:binary") {
        return Err(Reason::Tagged.at(node.pos()));
    }
    if node.is_mapping() {
        merged_first(node)?;
    }
    match node.collection() {
        Some(Collection::Flow { .. } | Collection::Pair) => node.entries().try_for_each(|(key, _)| spaced(key)),
        _ => Ok(()),
    }
}

/// Refuses `<<` behind a key that it has, too: `sigs.k8s.io/yaml` lets the later of the two win, others the mapping's own.
fn merged_first(mapping: Node<'_>) -> Result<(), Refusal> {
    let merges = |key: Node<'_>| key.text() == Some("<<");
    let Some((key, value)) = mapping.entries().filter(|(key, _)| merges(*key)).last() else {
        return Ok(());
    };
    // With a tag it is a key like others to some.
    if key.tag().is_some_and(|tag| tag != "tag:yaml.org,2002:merge") {
        return Err(Reason::Tagged.at(key.pos()));
    }
    let before = mapping
        .entries()
        .map(|(key, _)| key)
        .take_while(|before| before.id() != key.id());
    let hidden = |before: Node<'_>| merges(before) || before.text().is_some_and(|text| brings(value, text));
    if before.into_iter().any(hidden) {
        return Err(Reason::MergeOrder.at(key.pos()));
    }
    Ok(())
}

/// Refuses `{a:,}` and `{?a: b}`: to YAML 1.1 the colon is a part of the key, and the question mark is none.
fn spaced(key: Node<'_>) -> Result<(), Refusal> {
    let text = key.document().text();
    let rest = text.get(key.pos().offset()..).unwrap_or_default();
    let behind = rest.get(key.text().unwrap_or_default().len()..);
    let next = behind.and_then(|behind| behind.strip_prefix(':')?.chars().next());
    let is_crowded = rest.starts_with('?') || next.is_some_and(|next| !next.is_whitespace());
    if is_crowded && key.is_plain() && !key.is_alias() {
        return Err(Reason::CrowdedColon.at(key.pos()));
    }
    Ok(())
}
