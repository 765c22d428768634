//! One document: `DOCUMENT`. Two readers, one meaning: what the reader of simple YAML takes, yaml-rust2 reads as the same
//! nodes at the same places.

use iam_roles::yaml::tree::{Collection, Document, Node};

use super::{Fate, Held, same};

/// The law, on one document.
pub(crate) fn hold(text: &str) -> Held {
    let Ok(document) = Document::parse(text) else {
        return Ok(Fate::Refused);
    };
    let skimmed = Document::skim(text);
    if !document.is_simple() {
        same("not simple, and skimmed", &false, &skimmed.is_some())?;
        return Ok(Fate::Same);
    }
    let full = Document::parse_by_events(text).map_err(|error| format!("yaml-rust2 refuses it: {error:?}"))?;
    same("the nodes are", &nodes(&full), &nodes(&document))?;
    if let Some((skimmed, top)) = skimmed {
        let root = full.root().ok_or("no root, and skimmed")?;
        let said = |path: &[&str]| root.at(path).and_then(Node::text);
        same("apiVersion", &said(&["apiVersion"]), &top.api_version)?;
        same("kind", &said(&["kind"]), &top.kind)?;
        same("name", &said(&["metadata", "name"]), &top.name)?;
        same("generateName", &said(&["metadata", "generateName"]), &top.generate_name)?;
        same("namespace", &said(&["metadata", "namespace"]), &top.namespace)?;
        same("the nodes that were skimmed are", &nodes(&full), &nodes(&skimmed))?;
    }
    Ok(Fate::Changed)
}

/// What a document is for whoever looks at its nodes.
fn described(node: Node<'_>, lines: &mut Vec<String>) {
    let at = node.pos().offset();
    lines.push(match (node.collection(), node.text()) {
        (_, Some("")) if node.is_plain() => "nothing".to_owned(),
        (Some(Collection::Block), _) => format!("block at {at}"),
        (collection, text) => format!("{collection:?} {:?} {text:?} at {at}", node.style()),
    });
    for (key, value) in node.entries() {
        described(key, lines);
        described(value, lines);
    }
    for item in node.items() {
        described(item, lines);
    }
    lines.push("end".to_owned());
}

fn nodes(document: &Document<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(root) = document.root() {
        described(root, &mut lines);
    }
    lines
}
