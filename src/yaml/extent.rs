//! Where a node ends, proven.
//!
//! Invariant: an end is the byte after the node's last own byte, before any trailing blank or comment.

use super::refusal::{Reason, Refusal};
use super::scalar::Written;
use super::tree::{Collection, Node};

/// The byte after a node's last byte.
///
/// # Errors
/// A value whose bytes do not decode to what the parser reported.
pub fn end(node: Node<'_>) -> Result<usize, Refusal> {
    if node.is_alias() {
        return Ok(alias_end(node));
    }
    match node.collection() {
        Some(Collection::Flow { close }) => Ok(close + 1),
        Some(Collection::Block | Collection::Pair) => match last_child(node) {
            Some((Some(key), value)) if value.is_empty_scalar() && !value.is_anchored() => Ok(colon(key)? + 1),
            Some((_, value)) if !value.is_empty_scalar() => end(value),
            _ => Err(Reason::OpaqueValue.at(node.pos())),
        },
        None => Written::of(node)
            .map(|written| written.span().end().offset())
            .ok_or(Reason::OpaqueValue.at(node.pos())),
    }
}

/// Where the colon behind a key stands.
///
/// # Errors
/// A key that is written as `? key`, or is more than one line.
pub fn colon(key: Node<'_>) -> Result<usize, Refusal> {
    let text = key.document().text();
    let end = end(key)?;
    let rest = text.get(end..).unwrap_or_default();
    let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    match rest.as_bytes().get(gap) {
        Some(b':') => Ok(end + gap),
        _ => Err(Reason::ExplicitKey.at(key.pos())),
    }
}

fn last_child(node: Node<'_>) -> Option<(Option<Node<'_>>, Node<'_>)> {
    let entry = node.entries().last().map(|(key, value)| (Some(key), value));
    entry.or_else(|| node.items().last().map(|item| (None, item)))
}

/// An alias ends at a blank or, in flow style, at a bracket or comma (YAML 1.2, production 102).
fn alias_end(node: Node<'_>) -> usize {
    let start = node.pos().offset();
    let rest = node.document().text().get(start..).unwrap_or_default();
    let len = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    start + len.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::tree::Document;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let document = Document::parse(source).expect("YAML");
        let node = document.root().and_then(|root| root.get("a")).expect("a");
        let start = node.pos().offset();
        assert_eq!(&source[start..end(node).expect("an end")], expected);
    }

    #[test]
    fn ends_leave_blanks_and_comments_out() {
        check("a:\n  b: c  # d\n\n# e\nf: g\n", "b: c");
        check("a: {b: [c, d]}  # e\n", "{b: [c, d]}");
        check(
            "a:\n  - b\n  - c:\n      d: |\n        e\n\nf: g\n",
            "- b\n  - c:\n      d: |\n        e",
        );
        check("a:\n  b:\n\n  # c\nd: e\n", "b:");
        check("x: &x y\na: [*x]\n", "[*x]");
        check("x: &x y\na:\n  - *x\nb: c\n", "- *x");
    }
}
