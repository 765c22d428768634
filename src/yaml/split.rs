//! Where one document ends and the next begins.
//!
//! YAML forbids `---` and `...` at the start of a line inside any scalar (1.2, production 206), so lines alone decide.
//!
//! Invariant: the spans touch and cover the whole text.

use memchr::memchr2;

use super::source::{Pos, Span, break_len};

/// The documents of a stream, each with the marker, directives and comments that lead it.
///
/// JSON objects that follow one another without `---`, as `jq` and kubectl write and read them, are documents, too.
///
/// # Errors
/// A line that begins with `---` and goes on without a blank: kubectl and Helm split there, YAML does not.
pub fn documents(text: &str) -> Result<Vec<Span>, Glued> {
    let mut found = Vec::new();
    let (mut start, mut seen) = (0, 0);
    let mut state = State::Prefix;
    for line in markers(text) {
        let (begin, end) = (line.start().offset(), line.end().offset());
        if state == State::Prefix && has_content(text, seen, begin) {
            state = State::Content;
        }
        match marker(line.slice(text)) {
            Marker::Glued => return Err(Glued(line.start())),
            Marker::Start if state == State::Content => {
                push(&mut found, text, start, begin);
                start = begin;
            }
            Marker::Start | Marker::Content => state = State::Content,
            Marker::End => {
                push(&mut found, text, start, end);
                start = end;
                state = State::Prefix;
            }
            Marker::Prefix => {}
        }
        seen = end;
    }
    push(&mut found, text, start, text.len());
    Ok(found)
}

/// The lines that begin as markers do.
fn markers(text: &str) -> Box<dyn Iterator<Item = Span> + '_> {
    let bytes = text.as_bytes();
    let is_marker = |at: usize| matches!(bytes.get(at..), Some([b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..]));
    if memchr::memchr(b'\r', bytes).is_some() {
        return Box::new(Lines::of(text).filter(move |line| is_marker(line.start().offset())));
    }
    let begins = std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1));
    let spans = begins.filter(move |at| is_marker(*at)).map(move |at| {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found + 1);
        Span::of(at, end)
    });
    Box::new(spans)
}

/// Whether something else than comments, blanks and directives stands between two bytes.
fn has_content(text: &str, from: usize, to: usize) -> bool {
    let part = text.get(from..to).unwrap_or_default();
    Lines::of(part).any(|line| matches!(marker(line.slice(part)), Marker::Content))
}

/// A line that begins with `---` followed by text without a blank between.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Glued(pub Pos);

#[derive(PartialEq, Eq)]
enum State {
    /// Only comments, blanks and directives so far: a `---` still belongs to this document.
    Prefix,
    Content,
}

enum Marker {
    Start,
    End,
    Glued,
    Prefix,
    Content,
}

fn marker(line: &str) -> Marker {
    let bytes = line.as_bytes();
    let ends_at = |at: usize| matches!(bytes.get(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
    match bytes.first() {
        Some(b'-') if bytes.starts_with(b"---") && ends_at(3) => Marker::Start,
        Some(b'-') if bytes.starts_with(b"---") => Marker::Glued,
        Some(b'.') if bytes.starts_with(b"...") && ends_at(3) => Marker::End,
        Some(b'#' | b'%') => Marker::Prefix,
        _ => match line.trim_start().bytes().next() {
            None | Some(b'#') => Marker::Prefix,
            Some(_) => Marker::Content,
        },
    }
}

fn push(found: &mut Vec<Span>, text: &str, start: usize, end: usize) {
    if start == end {
        return;
    }
    let mut start = start;
    while let Some(next) = next_json_object(text.get(start..end).unwrap_or_default()) {
        found.push(Span::of(start, start + next));
        start += next;
    }
    found.push(Span::of(start, end));
}

/// Where, in a text that begins with a JSON object, a second object begins.
fn next_json_object(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if bytes[first] != b'{' {
        return None;
    }
    let end = first + json_object_len(&bytes[first..])?;
    let next = end + bytes[end..].iter().position(|byte| !byte.is_ascii_whitespace())?;
    (bytes[next] == b'{').then_some(next)
}

fn json_object_len(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The lines of a text, each with its break.
struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        self.at = match memchr2(b'\n', b'\r', rest) {
            Some(found) => start + found + break_len(self.bytes, start + found),
            None => self.bytes.len(),
        };
        Some(Span::of(start, self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let spans = documents(text).expect("no glued marker");
        let parts: Vec<&str> = spans.iter().map(|span| span.slice(text)).collect();
        assert_eq!(parts, expected);
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn nothing_has_no_document() {
        check("", &[]);
    }

    #[test]
    fn a_marker_begins_a_document_and_stays_with_it() {
        check("---\na: b\n---\nc: d\n", &["---\na: b\n", "---\nc: d\n"]);
        check("a: b\r\n---\r\nc: d", &["a: b\r\n", "---\r\nc: d"]);
        check("a: b\r---  # comment\rc: d", &["a: b\r", "---  # comment\rc: d"]);
    }

    #[test]
    fn comments_and_directives_before_a_marker_are_part_of_its_document() {
        check(
            "# head\n%YAML 1.2\n---\na: b\n...\n# tail\n---\nc: d\n",
            &["# head\n%YAML 1.2\n---\na: b\n...\n", "# tail\n---\nc: d\n"],
        );
    }

    #[test]
    fn an_empty_document_between_markers_stays() {
        check(
            "---\n---\n# only a comment\n---\na: b\n",
            &["---\n", "---\n# only a comment\n", "---\na: b\n"],
        );
    }

    #[test]
    fn an_indented_marker_is_text() {
        check("a: |\n  ---\n  ...\nb: c\n", &["a: |\n  ---\n  ...\nb: c\n"]);
    }

    #[test]
    fn json_objects_in_a_row_are_documents() {
        check(
            "{\"a\":\"}{\\\"\"}\n{\"b\":{}}\n",
            &["{\"a\":\"}{\\\"\"}\n", "{\"b\":{}}\n"],
        );
        check("{a: '}', b: '{'}\n", &["{a: '}', b: '{'}\n"]);
    }

    #[test]
    fn text_glued_to_a_marker_is_refused() {
        assert_eq!(documents("a: b\n---c: d\n"), Err(Glued(Pos::new(5))));
        assert_eq!(documents("-----BEGIN\n"), Err(Glued(Pos::new(0))));
    }
}
