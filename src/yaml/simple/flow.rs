//! Flow style: brackets and braces, on one line or several.

use super::Sink;
use super::block::spaces;
use super::scalar::in_flow;

/// How deep brackets may nest here; yaml-rust2 takes 255.
const MAX_DEPTH: usize = 100;

/// How many bytes a key may have: yaml-rust2 takes 1,024 characters up to the colon.
const MAX_KEY: usize = 1000;

/// Reads the collection whose bracket stands at `start` and gives the byte behind its closing one; lines that continue it
/// stand deeper than `indent`.
pub(super) fn collection(bytes: &[u8], start: usize, indent: Option<usize>, sink: &mut impl Sink) -> Option<usize> {
    let mut open = Vec::new();
    let mut at = start;
    loop {
        // A node begins here.
        at = match bytes[at] {
            bracket @ (b'[' | b'{') => {
                begin(bracket, at, sink);
                open.push(bracket);
                if open.len() > MAX_DEPTH {
                    return None;
                }
                let inside = blanks(bytes, at + 1, indent)?;
                if bytes[inside] == closing(bracket) {
                    inside
                } else {
                    at = node(bytes, inside, bracket, indent, sink)?;
                    continue;
                }
            }
            _ => value(bytes, at, sink)?,
        };
        // A node ended; what holds it goes on or ends, too.
        loop {
            at = blanks(bytes, at, indent)?;
            let bracket = *open.last()?;
            if bytes[at] == closing(bracket) {
                sink.close(Some(at));
                open.pop();
                at += 1;
                if open.is_empty() {
                    return Some(at);
                }
                continue;
            }
            if bytes[at] != b',' {
                return None;
            }
            at = blanks(bytes, at + 1, indent)?;
            at = node(bytes, at, bracket, indent, sink)?;
            break;
        }
    }
}

fn begin(bracket: u8, at: usize, sink: &mut impl Sink) {
    if bracket == b'{' {
        sink.mapping(at);
    } else {
        sink.sequence(at);
    }
}

fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

/// Where the next node begins in a collection of this bracket: in braces, behind its key.
fn node(bytes: &[u8], at: usize, bracket: u8, indent: Option<usize>, sink: &mut impl Sink) -> Option<usize> {
    if bracket == b'[' {
        return Some(at);
    }
    let (key, is_key) = in_flow(bytes, at)?;
    // `<<` may hide what it merges.
    if !is_key || key.end - at > MAX_KEY || bytes[at] == b'<' {
        return None;
    }
    sink.scalar(at, &key);
    let behind = key.end + (key.inside - at);
    blanks(bytes, behind + 1, indent)
}

/// A scalar that is no key; gives the byte behind it.
fn value(bytes: &[u8], at: usize, sink: &mut impl Sink) -> Option<usize> {
    let (scalar, is_key) = in_flow(bytes, at)?;
    if is_key {
        return None;
    }
    sink.scalar(at, &scalar);
    Some(scalar.end + (scalar.inside - at))
}

/// Behind blanks and line breaks; a line that goes on stands deeper than `indent`, and nothing is at its end.
fn blanks(bytes: &[u8], at: usize, indent: Option<usize>) -> Option<usize> {
    let mut at = at + spaces(bytes, at);
    while bytes.get(at)? == &b'\n' {
        let column = spaces(bytes, at + 1);
        at += 1 + column;
        let is_deep = indent.is_none_or(|indent| column > indent);
        if !is_deep && bytes.get(at)? != &b'\n' {
            return None;
        }
        // At the first column yaml-rust2 sees the markers of documents.
        if column == 0 && matches!(bytes[at..], [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..]) {
            return None;
        }
    }
    Some(at)
}
