//! Two readers, one meaning: what the reader of simple YAML takes, yaml-rust2 reads as the same nodes at the same places.

use iam_roles::yaml::split::documents;
use iam_roles::yaml::tree::{Collection, Document, Node};

use crate::fuzz::{Random, damaged, number};
use crate::given::given;

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

/// Whether the document is simple; then both readers must agree.
#[track_caller]
fn agrees(text: &str) -> bool {
    let Ok(document) = Document::parse(text) else {
        return false;
    };
    if !document.is_simple() {
        assert!(Document::skim(text).is_none(), "skimmed, and not simple: {text:?}");
        return false;
    }
    let full = Document::parse_by_events(text);
    let full = full.unwrap_or_else(|error| panic!("yaml-rust2 refuses at {:?}, {}: {text:?}", error.pos, error.reason));
    assert_eq!(nodes(&document), nodes(&full), "{text:?}");
    if let Some((skimmed, top)) = Document::skim(text) {
        let root = full.root().expect("a root");
        let said = |path: &[&str]| root.at(path).and_then(Node::text);
        assert_eq!(top.api_version, said(&["apiVersion"]), "{text:?}");
        assert_eq!(top.kind, said(&["kind"]), "{text:?}");
        assert_eq!(top.name, said(&["metadata", "name"]), "{text:?}");
        assert_eq!(top.generate_name, said(&["metadata", "generateName"]), "{text:?}");
        assert_eq!(top.namespace, said(&["metadata", "namespace"]), "{text:?}");
        assert_eq!(nodes(&skimmed), nodes(&full), "{text:?}");
    }
    true
}

#[test]
fn both_readers_agree_on_every_document() {
    let (mut simple, mut all) = (0, 0);
    for given in given() {
        for span in documents(&given.input).unwrap_or_default() {
            all += 1;
            simple += usize::from(agrees(span.slice(&given.input)));
        }
    }
    assert!(all / 2 <= simple, "only {simple} of {all} documents are simple");
}

#[test]
fn both_readers_agree_on_damaged_documents() {
    let mut random = Random(number("IAM_ROLES_FUZZ_SEED").unwrap_or(7) | 1);
    let inputs = given();
    let texts: Vec<&str> = inputs
        .iter()
        .flat_map(|given| {
            documents(&given.input)
                .unwrap_or_default()
                .into_iter()
                .map(|span| span.slice(&given.input))
        })
        .filter(|text| text.len() < 4_000)
        .collect();
    let (mut simple, all) = (0, number("IAM_ROLES_CASES").unwrap_or(3_000));
    for _ in 0..all {
        let text = texts[random.below(texts.len())];
        let other = texts[random.below(texts.len())];
        simple += u64::from(agrees(&damaged(text, other, &mut random)));
    }
    assert!(all / 20 <= simple, "only {simple} of {all} documents are simple");
}
