//! A text as its settings, a line each: which are there, by depth and name.
//!
//! Invariant: what a line shows is a name and never a value; what has no name that can be told is shown without one.

use crate::yaml::tree::{Document, Node};
use crate::yaml::veil::Veiled;

use super::assignment::{Assignment, Dialect, assignment, section_name};
use super::guard::lines;
use super::key_id;

/// How long a name may be; what is longer may be anything.
const LONGEST: usize = 64;

/// What stands in the place of a name that is not shown.
const UNNAMED: &str = "…";

/// One setting of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// How deep it stands, from 0.
    pub depth: usize,
    /// Its name as its format writes it: `accesskey:`, `access_key =`, `[default]`, `-`.
    pub head: String,
    /// Its value, to compare and never to show; none for what only holds other settings.
    pub value: Option<Veiled<String>>,
}

/// The settings of a text: of YAML and JSON where it is a mapping or a list, else of INI.
#[must_use]
pub fn outline(text: &str) -> Vec<Line> {
    let read = Document::parse(text);
    let root = read.as_ref().ok().and_then(Document::root);
    match root.filter(|root| is_structure(*root) && has_names(*root)) {
        Some(root) => structured(root),
        None => lines(text).filter_map(|(_, line)| assigned(line)).collect(),
    }
}

fn is_structure(node: Node<'_>) -> bool {
    !node.is_alias()
        && (node.is_mapping() || node.is_sequence())
        && (node.entries().next().is_some() || node.items().next().is_some())
}

/// Whether the keys of a mapping look like names: `A=b: c` in an env file is no setting `A=b`.
fn has_names(root: Node<'_>) -> bool {
    root.entries().all(|(key, _)| key.text().is_some_and(is_name))
}

fn structured(root: Node<'_>) -> Vec<Line> {
    let mut found = Vec::new();
    let mut open = children(root, 0);
    while let Some((depth, head, node)) = open.pop() {
        let holds = is_structure(node);
        found.push(Line {
            depth,
            head,
            value: (!holds).then(|| node.text().unwrap_or_default().into()),
        });
        if holds {
            open.extend(children(node, depth + 1));
        }
    }
    found
}

/// What stands in a node, the last first.
fn children(node: Node<'_>, depth: usize) -> Vec<(usize, String, Node<'_>)> {
    let entries = node
        .entries()
        .map(|(key, value)| (depth, format!("{}:", shown(key.text().unwrap_or_default())), value));
    let items = node.items().map(|item| (depth, "-".to_owned(), item));
    let mut children: Vec<_> = entries.chain(items).collect();
    children.reverse();
    children
}

fn assigned(line: &str) -> Option<Line> {
    let line = line.trim_end_matches(['\n', '\r']);
    if line.trim().is_empty() || line.trim_start().starts_with(['#', ';']) {
        return None;
    }
    let head = match (section_name(line), assignment(line, Dialect::Any)) {
        (Some(section), _) => {
            return Some(Line {
                depth: 0,
                head: format!("[{}]", shown(section)),
                value: None,
            });
        }
        (None, Some(found)) if is_told_apart(&found) => format!("{} =", shown(found.key)),
        (None, _) => UNNAMED.to_owned(),
    };
    Some(Line {
        depth: 0,
        head,
        value: Some(line.into()),
    })
}

/// Whether what stands before the sign is a name for sure: not `user:password`, no line a value goes on in, no end of
/// base64.
fn is_told_apart(found: &Assignment<'_>) -> bool {
    let is_padding = found.value.is_empty() || found.value.starts_with('=');
    found.between.trim() == "=" && !found.before.starts_with([' ', '\t']) && !is_padding
}

fn shown(name: &str) -> &str {
    if is_name(name) { name } else { UNNAMED }
}

fn is_name(text: &str) -> bool {
    let is_of_names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ' ');
    !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_of_names) && key_id::all(text).next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let spelled = |line: &Line| {
            let value = if line.value.is_some() { " (value)" } else { "" };
            "  ".repeat(line.depth) + &line.head + value
        };
        let found: Vec<String> = outline(text).iter().map(spelled).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn settings_are_seen_by_name() {
        let nested = ["s3:", "  bucket: (value)", "  accesskey: (value)"];
        check("s3:\n  bucket: b # c\n  accesskey: x\n", &nested);
        check("{\"s3\": {\"bucket\": \"b\", \"accesskey\": \"x\"}}", &nested);
        check("- a: 1\n- b\n- []\n", &["-", "  a: (value)", "- (value)", "- (value)"]);
        check("a: |\n  b: c\n  d\n", &["a: (value)"]);
        check("a: &x {b: c}\nd: *x\n", &["a:", "  b: (value)", "d: (value)"]);
        check(
            "# c\n[default]\naccess_key = x\nsecret_key=y\n",
            &["[default]", "access_key = (value)", "secret_key = (value)"],
        );
    }

    #[test]
    fn what_may_be_a_value_is_no_name() {
        check("A=b: c\n", &["A = (value)"]);
        check("AKIAIOSFODNN7EXAMPLE: x\n", &["… (value)"]);
        check("AKIAIOSFODNN7EXAMPLE=x\n", &["… = (value)"]);
        check("user:password\n", &["… (value)"]);
        check("a = b\n  c=d\nc2VjcmV0=\n", &["a = (value)", "… (value)", "… (value)"]);
        check("wJalrXUtnFEMI\n", &["… (value)"]);
        check("", &[]);
    }
}
