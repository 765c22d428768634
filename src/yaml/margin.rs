//! Lines inside brackets and quotes that stand further left than yaml-rust2 takes them.
//!
//! YAML wants such lines indented deeper than their parent; libyaml and Go's readers take them at any column, and charts
//! are full of `]` under its key. Blanks before such a line mean nothing, so the parser is given more of them.
//!
//! Invariant: only a line that begins inside brackets or quotes is widened; the parser's own complaint says where one
//! does, and [`Margins::is_wide`] lets the tree check that nothing in block style stands on one.

use std::collections::BTreeSet;

use yaml_rust2::scanner::ScanError;

use super::source::break_len;
use super::veil::Veiled;

/// How many bytes a document may cost in being tried again, each time with more lines widened.
const MAX_WORK: usize = 256 << 20;

/// The lines that are given more blanks.
#[derive(Debug)]
pub(super) struct Margins<'s> {
    text: Veiled<&'s str>,
    lines: &'s [usize],
    wide: BTreeSet<usize>,
    blanks: usize,
    /// Tabs behind a colon, by their bytes; Go's readers take them for blanks.
    tabs: BTreeSet<usize>,
    tries: usize,
}

impl<'s> Margins<'s> {
    /// No line yet.
    pub(super) fn new(text: &'s str, lines: &'s [usize]) -> Self {
        Self {
            text: Veiled(text),
            lines,
            wide: BTreeSet::new(),
            blanks: 0,
            tabs: BTreeSet::new(),
            tries: 0,
        }
    }

    /// Widens the lines that the parser complains about; says whether that gives another text to try.
    pub(super) fn widen(&mut self, error: &ScanError) -> bool {
        let line = error.marker().line().saturating_sub(1);
        let column = self.column(line, error.marker().col());
        let before = self.wide.len() + self.tabs.len();
        match error.info() {
            "':' must be followed by a valid YAML whitespace" => self.read_tabs(line, column),
            "invalid indentation" | "invalid indentation in flow construct" => self.widen_flow(line),
            "invalid indentation in quoted scalar" => self.widen_quoted(line, column),
            _ => return false,
        }
        self.tries += 1;
        if self.blanks == 0 {
            self.blanks = self.deepest() + 1;
        }
        self.wide.len() + self.tabs.len() > before && self.tries.saturating_mul(self.text.len()) <= MAX_WORK
    }

    /// Whether no line is widened.
    pub(super) fn is_empty(&self) -> bool {
        self.wide.is_empty() && self.tabs.is_empty()
    }

    /// Whether the line that holds this byte is widened.
    pub(super) fn is_wide(&self, at: usize) -> bool {
        let line = self.lines.partition_point(|start| *start <= at).saturating_sub(1);
        self.wide.contains(&line)
    }

    /// The text with its wide margins.
    pub(super) fn chars(&self) -> impl Iterator<Item = char> {
        let ends = self.lines.iter().copied().skip(1).chain([self.text.len()]);
        self.lines
            .iter()
            .copied()
            .zip(ends)
            .enumerate()
            .flat_map(move |(line, (start, end))| {
                let blanks = if self.wide.contains(&line) { self.blanks } else { 0 };
                let text = self.text.get(start..end).unwrap_or_default();
                let read = move |(at, c)| {
                    if c == '\t' && self.tabs.contains(&(start + at)) {
                        ' '
                    } else {
                        c
                    }
                };
                std::iter::repeat_n(' ', blanks).chain(text.char_indices().map(read))
            })
    }

    /// The column in the text itself, of a column that the parser reports.
    pub(super) fn column(&self, line: usize, column: usize) -> usize {
        if self.wide.contains(&line) {
            column.saturating_sub(self.blanks)
        } else {
            column
        }
    }

    /// The deepest column at which block style begins something: behind a run of blanks and indicators.
    fn deepest(&self) -> usize {
        let leading = |start: &usize| {
            let rest = self.text.get(*start..).unwrap_or_default();
            rest.len() - rest.trim_start_matches([' ', '-', '?', ':']).len()
        };
        self.lines.iter().map(leading).max().unwrap_or(0)
    }

    /// The tabs before a value.
    fn read_tabs(&mut self, line: usize, column: usize) {
        let Some(start) = self.lines.get(line) else { return };
        let rest = self.text.get(*start..).unwrap_or_default();
        let Some((value, _)) = rest.char_indices().nth(column) else {
            return;
        };
        let tabs = rest.bytes().take(value).collect::<Vec<_>>();
        let len = tabs.iter().rev().take_while(|byte| **byte == b'\t').count();
        self.tabs.extend(start + value - len..start + value);
    }

    /// From a line that begins inside brackets up to where the innermost of them may close.
    fn widen_flow(&mut self, line: usize) {
        let bytes = self.text.as_bytes();
        let Some(mut at) = self.lines.get(line).copied() else {
            return;
        };
        let (mut line, mut depth, mut in_plain) = (line, 0_usize, false);
        self.wide.insert(line);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\n' | b'\r' => {
                    at += break_len(bytes, at);
                    line += 1;
                    self.wide.insert(line);
                    continue;
                }
                b'"' | b'\'' if !in_plain => {
                    let end = quoted_end(bytes, at);
                    line += self.widen_between(at, end);
                    at = end;
                    continue;
                }
                b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                    at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at);
                    in_plain = false;
                    continue;
                }
                b'[' | b'{' => (depth, in_plain) = (depth + 1, false),
                b']' | b'}' => {
                    let Some(outer) = depth.checked_sub(1) else { return };
                    (depth, in_plain) = (outer, false);
                }
                b',' => in_plain = false,
                b':' if bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => in_plain = false,
                b' ' | b'\t' => {}
                _ => in_plain = true,
            }
            at += 1;
        }
    }

    /// Every line that continues the quoted scalar which begins here.
    fn widen_quoted(&mut self, line: usize, column: usize) {
        let Some(start) = self.lines.get(line) else { return };
        let rest = self.text.get(*start..).unwrap_or_default();
        let Some((within, _)) = rest.char_indices().nth(column) else {
            return;
        };
        let at = start + within;
        self.widen_between(at, quoted_end(self.text.as_bytes(), at));
    }

    /// Widens the lines that begin between two bytes; gives their number.
    fn widen_between(&mut self, start: usize, end: usize) -> usize {
        let first = self.lines.partition_point(|line| *line <= start);
        let last = self.lines.partition_point(|line| *line < end);
        self.wide.extend(first..last);
        last - first
    }
}

/// Behind the closing quote of the scalar that begins at `start`.
fn quoted_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            byte if *byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use crate::yaml::tree::{Document, Node};

    /// Reads a text as Go does, here through `serde_yaml`, whose libyaml takes such lines, too.
    #[track_caller]
    fn check(text: &str) {
        let document = Document::parse(text).expect("YAML");
        let root = document.root().expect("a root");
        let expected: serde_yaml::Value = serde_yaml::from_str(text).expect("libyaml takes it");
        assert_eq!(value(root), expected);
        assert!(positions_are_true(root), "{text}");
    }

    fn value(node: Node<'_>) -> serde_yaml::Value {
        if node.is_mapping() {
            let entries = node
                .entries()
                .map(|(key, value)| (self::value(key), self::value(value)));
            return serde_yaml::Value::Mapping(entries.collect());
        }
        if node.is_sequence() {
            return serde_yaml::Value::Sequence(node.items().map(value).collect());
        }
        match node.text() {
            Some(text) if node.is_plain() => serde_yaml::from_str(text).expect("plain"),
            text => serde_yaml::Value::String(text.unwrap_or_default().into()),
        }
    }

    fn positions_are_true(node: Node<'_>) -> bool {
        let rest = &node.document().text()[node.pos().offset()..];
        let begins = match node.text() {
            Some(text) => rest.trim_start_matches(['"', '\'']).starts_with(
                text.lines()
                    .next()
                    .unwrap_or_default()
                    .split(' ')
                    .next()
                    .unwrap_or_default(),
            ),
            None => true,
        };
        begins
            && node.items().all(positions_are_true)
            && node
                .entries()
                .all(|(key, value)| positions_are_true(key) && positions_are_true(value))
    }

    #[test]
    fn brackets_may_close_at_their_keys_column() {
        check("a:\n  b: [\n    \"x\"\n  ]\n  c: d\n");
        check("a:\n  b: [\n    \"x\", # it's [\n    'y'\n  ]\nc: [\n]\n");
        check("a:\n- b: [\n  x,\n  y\n  ]\n  c: d\n");
        check("a:\n    b: {\n  \"x\": {\n  \"y\": [1,\n2]\n  }\n  }\n    c: d\n");
        check("a: {\n\"é\": it's,\n\"c\": 'one ''s\n[here'\n}\nb: {\nx: y\n}\n");
    }

    #[test]
    fn quoted_lines_may_stand_anywhere() {
        check("a:\n  b: \"x\n y\n\n z\"\n  c: d\n");
        check("a:\n    b: 'x\n  it''s\n  y'\n    c: d\n");
        check("a: \"x\ny\"\nb: 'x\n\ny'\n");
    }

    #[test]
    fn tabs_may_stand_behind_a_colon() {
        check("a:\tb\nc:\t\td\ne: 'f:\tg'\nh:\ti # j:\tk\n");
    }

    #[test]
    fn block_style_keeps_its_columns() {
        assert!(Document::parse("a:\n    b: c\n  d: e\n").is_err());
        assert!(Document::parse("a: [\n  x\nb: c\n").is_err());
    }
}
