//! A scalar as written, proven to decode to what the parser reported.
//!
//! Invariant: a [`Written`] exists only if decoding its bytes by the rules here gives exactly the parser's text, so its
//! end is a fact and an offset in the text has a byte in the source.
//!
//! Deliberately absent: chomping and indentation indicators. What a block scalar's header says is seen in the result.

use yaml_rust2::scanner::TScalarStyle;

use super::decode::{block, double_quoted, plain, single_quoted};
use super::edit::{Edit, Edits};
use super::source::Span;
use super::spell::escaped;
use super::tree::{Document, Node};
use super::veil::Veiled;

/// A scalar's bytes, and where each part of its text stands in them.
#[derive(Debug)]
pub struct Written<'d> {
    document: &'d Document<'d>,
    text: Veiled<&'d str>,
    style: TScalarStyle,
    /// From the opening quote, the first character, or a block scalar's first content line; to behind the last byte.
    span: Span,
    /// Spaces before each line that continues it.
    indent: usize,
    /// Pairs of an offset in the text and its byte in the source, both rising.
    bounds: Vec<(usize, usize)>,
}

impl<'d> Written<'d> {
    /// The bytes of a scalar node; none if it is no scalar or is written in a way the rules here do not decode.
    #[must_use]
    pub fn of(node: Node<'d>) -> Option<Self> {
        let style = node.style()?;
        let text = node.text()?;
        let source = node.document().text();
        let start = node.pos().offset();
        let line = node.document().line_start(start);
        let walk = match style {
            TScalarStyle::Plain => plain(source, start, text),
            TScalarStyle::SingleQuoted => single_quoted(source, start),
            TScalarStyle::DoubleQuoted => double_quoted(source, start),
            TScalarStyle::Literal | TScalarStyle::Folded => block(source, line, start, text, style),
        }?;
        (walk.text == text).then_some(Self {
            document: node.document(),
            text: Veiled(text),
            style,
            span: Span::of(walk.start, walk.end),
            indent: walk.indent.unwrap_or(start - line),
            bounds: walk.bounds,
        })
    }

    /// Its bytes.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Edits of the text as edits of the source; none if one of them does not fall on bytes of its own.
    #[must_use]
    pub fn place(&self, edits: &Edits) -> Option<Vec<Edit>> {
        edits.iter().map(|edit| self.place_one(edit)).collect()
    }

    fn place_one(&self, edit: &Edit) -> Option<Edit> {
        let (start, end, new) = self.before_final_break(edit);
        let (from, to) = (self.source_of(start)?, self.source_of(end)?);
        let is_block = matches!(self.style, TScalarStyle::Literal | TScalarStyle::Folded);
        let is_whole_lines =
            self.begins_line(start) && self.begins_line(end) && (new.is_empty() || new.ends_with('\n'));
        if is_block && is_whole_lines {
            // Whole lines of the source, since the next one may be blank and without indentation.
            let line_start = |at| self.document.line_start(at);
            let lines: String = new
                .lines()
                .map(|line| self.indentation() + line + &self.spelled("\n", ""))
                .collect();
            return Some(Edit::replace(Span::of(line_start(from), line_start(to)), lines));
        }
        Some(Edit::replace(
            Span::of(from, to),
            self.spelled(&new, &self.indentation()),
        ))
    }

    fn begins_line(&self, offset: usize) -> bool {
        offset == 0 || self.text.as_bytes().get(offset - 1) == Some(&b'\n')
    }

    fn indentation(&self) -> String {
        " ".repeat(self.indent)
    }

    /// An edit that ends behind the text's final line break, moved in front of it: the same text, and in a block scalar
    /// the indentation of the following line stays out of it.
    fn before_final_break(&self, edit: &Edit) -> (usize, usize, String) {
        let (start, end) = (edit.span.start().offset(), edit.span.end().offset());
        let whole_lines = edit.text.is_empty() || edit.text.ends_with('\n');
        let is_last = end == self.text.len() && self.text.ends_with('\n');
        if is_last && whole_lines && start > 0 && self.begins_line(start) {
            let lines = edit
                .text
                .strip_suffix('\n')
                .map_or_else(String::new, |lines| format!("\n{lines}"));
            (start - 1, end - 1, lines)
        } else {
            (start, end, edit.text.to_string())
        }
    }

    fn source_of(&self, offset: usize) -> Option<usize> {
        let next = self.bounds.partition_point(|(text, _)| *text <= offset);
        let (text, source) = *self.bounds.get(next.checked_sub(1)?)?;
        match self.bounds.get(next) {
            _ if text == offset => Some(source),
            Some((next_text, next_source)) if next_text - text == next_source - source => Some(source + offset - text),
            _ => None,
        }
    }

    /// A text as this style spells it, with `indent` before each further line.
    fn spelled(&self, text: &str, indent: &str) -> String {
        let next_line = format!("{}{indent}", self.document.newline());
        match self.style {
            TScalarStyle::DoubleQuoted => escaped(text),
            TScalarStyle::Literal => text.replace('\n', &next_line),
            TScalarStyle::Folded | TScalarStyle::Plain => {
                text.replace('\n', &(self.document.newline().to_owned() + &next_line))
            }
            TScalarStyle::SingleQuoted => {
                let text = text.replace('\'', "''");
                text.replace('\n', &(self.document.newline().to_owned() + &next_line))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edits the text of the value of `a` in `source`.
    #[track_caller]
    fn check(source: &str, old: &str, new: &str, expected: &str) {
        let document = Document::parse(source).expect("YAML");
        let node = document.root().and_then(|root| root.get("a")).expect("a");
        let text = node.text().expect("scalar");
        let written = Written::of(node).expect("decodes");
        let at = text.find(old).expect("old");
        let edits = Edits::new(vec![Edit::replace(Span::of(at, at + old.len()), new)]).expect("one");
        let placed = Edits::new(written.place(&edits).expect("placed")).expect("disjoint");
        let result = placed.apply(source);
        assert_eq!(result, expected);
        let read: serde_yaml::Value = serde_yaml::from_str(&result).expect("YAML");
        assert_eq!(read["a"].as_str(), Some(text.replacen(old, new, 1).as_str()));
    }

    #[track_caller]
    fn ends(source: &str, expected: &str) {
        let document = Document::parse(source).expect("YAML");
        let node = document.root().and_then(|root| root.get("a")).expect("a");
        assert_eq!(Written::of(node).expect("decodes").span().slice(source), expected);
    }

    #[test]
    fn a_literal_loses_and_gains_whole_lines() {
        let source = "a: |\n  # c\n  x: 1\n  y: 2\n  z: 3\nb: c\n";
        check(source, "y: 2\n", "", "a: |\n  # c\n  x: 1\n  z: 3\nb: c\n");
        check(source, "z: 3\n", "", "a: |\n  # c\n  x: 1\n  y: 2\nb: c\n");
        check(source, "y: 2", "w: 4", "a: |\n  # c\n  x: 1\n  w: 4\n  z: 3\nb: c\n");
        check(
            source,
            "z: 3\n",
            "z: 3\nw: 4\n",
            "a: |\n  # c\n  x: 1\n  y: 2\n  z: 3\n  w: 4\nb: c\n",
        );
        check(source, "# c\n", "", "a: |\n  x: 1\n  y: 2\n  z: 3\nb: c\n");
    }

    #[test]
    fn a_literal_keeps_its_chomping_and_indentation() {
        check("a: |-\n   x\n   y\nb: c\n", "\ny", "", "a: |-\n   x\nb: c\n");
        check("a: |+\n  x\n  y\n\n\nb: c\n", "x\n", "", "a: |+\n  y\n\n\nb: c\n");
        check("a: |2\n    x\n  y\n  z\nb: c\n", "y\n", "", "a: |2\n    x\n  z\nb: c\n");
        check("a: |\n\n  x\n\n  y\n", "x\n", "", "a: |\n\n\n  y\n");
        check("a: |\n  x\n  y\n\n  z\n", "y\n", "", "a: |\n  x\n\n  z\n");
        check(
            "a: |\n  x\n  y\n\n  z\n",
            "y\n",
            "v\nw\n",
            "a: |\n  x\n  v\n  w\n\n  z\n",
        );
        check(
            "a: |+\r\n  x\r\n  y\r\n\r\n\r\nb: c\r\n",
            "y\n",
            "",
            "a: |+\r\n  x\r\n\r\n\r\nb: c\r\n",
        );
        check(
            "a: |\r\n  x\r\n  y\r\n  z\r\nb: c\r\n",
            "y\n",
            "",
            "a: |\r\n  x\r\n  z\r\nb: c\r\n",
        );
    }

    /// yaml-rust2 gives such a text a final line break that libyaml and Go do not; the bytes are the same either way.
    #[test]
    fn a_literal_that_ends_without_a_line_break_is_edited_by_lines_alike() {
        let source = "a: |\n  x\n  y\n  z";
        let document = Document::parse(source).expect("YAML");
        let node = document.root().and_then(|root| root.get("a")).expect("a");
        let written = Written::of(node).expect("decodes");
        let without = |start, end| {
            let edits = Edits::new(vec![Edit::delete(start, end)]).expect("one");
            Edits::new(written.place(&edits).expect("placed"))
                .expect("disjoint")
                .apply(source)
        };
        assert_eq!(without(2, 4), "a: |\n  x\n  z");
        assert_eq!(without(4, node.text().map_or(0, str::len)), "a: |\n  x\n  y");
    }

    #[test]
    fn a_folded_scalar_loses_what_one_line_of_its_text_was() {
        let source = "a: >\n  x: 1\n\n  y: 2\n\n  z: 3\nb: c\n";
        check(source, "y: 2\n", "", "a: >\n  x: 1\n\n  z: 3\nb: c\n");
        check(source, "z: 3\n", "", "a: >\n  x: 1\n\n  y: 2\nb: c\n");
        check(
            source,
            "z: 3\n",
            "z: 3\nw: 4\n",
            "a: >\n  x: 1\n\n  y: 2\n\n  z: 3\n\n  w: 4\nb: c\n",
        );
        check("a: >-\n  x\n  y\n  z\n", "y ", "", "a: >-\n  x\n  z\n");
        check(
            "a: >\n  s3:\n    x: 1\n    y: 2\n    z: 3\n",
            "  y: 2\n",
            "",
            "a: >\n  s3:\n    x: 1\n    z: 3\n",
        );
    }

    #[test]
    fn quoted_scalars_are_edited_between_their_quotes() {
        check(
            r#"a: "x: 1\ny: 2\nz: \u00e9\n""#,
            "y: 2\n",
            "",
            r#"a: "x: 1\nz: \u00e9\n""#,
        );
        check(
            r#"a: "x: 1\ny: 2\n""#,
            "y: 2\n",
            "w: \"4\"\n",
            r#"a: "x: 1\nw: \"4\"\n""#,
        );
        check("a: 'x: ''1'''", "'1'", "2", "a: 'x: 2'");
        check("a: \"x\n  y\n\n  z\"", "y\n", "", "a: \"x\n  z\"");
        check("a: \"x \\\n  y\"", "y", "z", "a: \"x \\\n  z\"");
        check("a: 'x\n\n  y\n\n  z\n\n  '", "y\n", "", "a: 'x\n\n  z\n\n  '");
    }

    #[test]
    fn plain_scalars_are_edited_over_several_lines() {
        check("a: x\n  y\n\n  z\nb: c", "y\n", "", "a: x\n  z\nb: c");
        check("a: é x # c", "x", "y", "a: é y # c");
    }

    #[test]
    fn the_end_of_a_scalar_is_behind_its_last_byte() {
        ends("a: x y  # c\nb: d\n", "x y");
        ends("a: 'x'  # c\nb: d\n", "'x'");
        ends("a: |\n  x\n  y\n\n# c\nb: d\n", "  x\n  y");
        ends("a: |+\n  x\n\n\nb: d\n", "  x\n\n\n");
    }

    #[test]
    fn every_escape_is_decoded_as_the_parser_decodes_it() {
        let simple = [
            "a", "b", "t", "\t", "n", "v", "f", "r", "e", " ", "\"", "/", "\\", "N", "_", "L", "P",
        ];
        for escape in simple.into_iter().chain(["x41", "u00e9", "U0001f600"]) {
            let scalar = format!("\"x\\{escape}y\"");
            ends(&format!("a: {scalar}  # c\n"), &scalar);
        }
    }
}
