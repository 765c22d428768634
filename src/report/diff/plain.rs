//! A document without Secrets, line by line, but for what looks like a credential.

use crate::payload::sighting;
use crate::yaml::extent;
use crate::yaml::tree::{Document, Node};

use super::page::{Line, Page};

/// Parts of the names of variables and options whose values are secret.
const TELLING: [&str; 8] = [
    "secret",
    "password",
    "passwd",
    "token",
    "credential",
    "accesskey",
    "privatekey",
    "apikey",
];

/// The lines of a document.
pub(super) fn lines(page: &Page<'_>, document: &Document<'_>) -> Vec<Line> {
    let text = document.text();
    let mut hidden = hidden(document);
    hidden.sort_unstable();
    let line = |(start, end): (usize, usize)| {
        let number = page.number(start);
        let whole = text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let first = hidden.partition_point(|(_, behind)| *behind <= start);
        match hidden.get(first) {
            Some((begin, _)) if *begin < end && *begin > start => {
                Line::masked(number, text.get(start..*begin).unwrap_or_default(), whole)
            }
            Some((begin, _)) if *begin < end => Line::masked(number, indent(whole), whole),
            _ if !sighting::values(whole).is_empty() => Line::masked(number, indent(whole), whole),
            _ => Line::open(number, whole),
        }
    };
    page.spans().filter(|(start, end)| start < end).map(line).collect()
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// The bytes of the scalars that look secret.
fn hidden(document: &Document<'_>) -> Vec<(usize, usize)> {
    let mut hidden = Vec::new();
    let mut open: Vec<Node<'_>> = document.root().into_iter().collect();
    while let Some(node) = open.pop() {
        if node.is_alias() {
            continue;
        }
        if let (Some(name), Some(value)) = (node.text_of("name"), node.get("value"))
            && is_telling(name)
        {
            hidden.push(span(value));
        }
        let is_secret_word = |item: &Node<'_>| item.text().is_some_and(is_telling);
        hidden.extend(node.items().filter(is_secret_word).map(span));
        if node.text().is_some_and(holds_key) {
            hidden.push(span(node));
        }
        open.extend(node.items().chain(node.entries().flat_map(|(key, value)| [key, value])));
    }
    hidden
}

fn span(node: Node<'_>) -> (usize, usize) {
    let end = extent::end(node).unwrap_or(node.document().text().len());
    (node.pos().offset(), end)
}

fn holds_key(text: &str) -> bool {
    let found = if text.contains('\n') {
        sighting::settings(text)
    } else {
        sighting::values(text)
    };
    !found.is_empty()
}

fn is_telling(name: &str) -> bool {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | '.'));
    let bare: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    TELLING.iter().any(|part| bare.contains(part))
}
