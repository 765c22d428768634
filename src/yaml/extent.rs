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

    #[test]
    fn an_alias_ends_at_a_blank_a_bracket_or_a_comma() {
        for rest in ["", "\n", "\r\n", "  # c\n", "\t\n"] {
            let source = format!("x: &x y\nb: *x{rest}");
            let document = Document::parse(&source).expect("YAML");
            let (_, _, alias) = document.root().and_then(|root| root.own("b")).expect("b");
            assert_eq!(&source[alias.pos().offset()..end(alias).expect("an end")], "*x");
        }
        for flow in ["[*x, b]", "[*x,b]", "[*x]", "{b: *x}", "{b: *x, c: d}", "[ *x ]"] {
            let source = format!("x: &x y\na: {flow}\n");
            check(&source, flow);
            let document = Document::parse(&source).expect("YAML");
            let node = document.root().and_then(|root| root.get("a")).expect("a");
            let child = node
                .items()
                .next()
                .or_else(|| node.entries().next().map(|(_, value)| value));
            let child = child.expect("an alias");
            assert_eq!(&source[child.pos().offset()..end(child).expect("an end")], "*x");
        }
    }

    #[test]
    fn an_end_that_no_byte_shows_is_refused() {
        for source in ["a:\n  b: &x\nc: d\n", "a:\n  - b\n  -\nc: d\n"] {
            let document = Document::parse(source).expect("YAML");
            let node = document.root().and_then(|root| root.get("a")).expect("a");
            assert_eq!(end(node).map_err(|refusal| refusal.reason), Err(Reason::OpaqueValue));
        }
    }

    #[test]
    fn a_colon_stands_behind_its_key_and_blanks_or_is_refused() {
        let colon_of = |source: &str| {
            let document = Document::parse(source).expect("YAML");
            let (key, _) = document.root().and_then(|root| root.entries().next()).expect("a key");
            colon(key).map_err(|refusal| refusal.reason)
        };
        assert_eq!(colon_of("a: b\n"), Ok(1));
        assert_eq!(colon_of("a  : b\n"), Ok(3));
        assert_eq!(colon_of("'a' : b\n"), Ok(4));
        assert_eq!(colon_of("? a\n: b\n"), Err(Reason::ExplicitKey));
    }
}
