//! Scalars: plain, quoted, literal and folded.

use memchr::{memchr2, memchr3};
use yaml_rust2::scanner::TScalarStyle;

use super::Scalar;
use super::block::{line_end, spaces};

/// How what stands in the document becomes the scalar's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spelling {
    /// As it is.
    Verbatim,
    /// A quoted one, with `''` or escapes in it.
    Escaped(Quote),
    /// Lines of a plain or quoted one, joined by blanks.
    Lines(Option<Quote>),
    /// Lines of a literal or folded one, so many columns in.
    Block {
        indent: usize,
        style: BlockStyle,
        chomping: Chomping,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quote {
    Single,
    Double,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BlockStyle {
    Literal,
    Folded,
}

impl From<BlockStyle> for TScalarStyle {
    fn from(style: BlockStyle) -> Self {
        match style {
            BlockStyle::Literal => Self::Literal,
            BlockStyle::Folded => Self::Folded,
        }
    }
}

/// What becomes of the last line breaks of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Chomping {
    Clip,
    Strip,
    Keep,
}

/// Where the first line of a scalar stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    /// At a colon that makes it a key.
    AsKey,
    /// With its line: a plain or quoted one may go on in the next.
    WithLine,
    /// Before the line does: at a quote, or before a comment.
    Before,
}

/// The first line of a plain or quoted scalar.
pub(super) fn on_line(bytes: &[u8], start: usize) -> Option<(Scalar, Ended)> {
    match bytes[start] {
        b'"' => quoted(bytes, start, Quote::Double),
        b'\'' => quoted(bytes, start, Quote::Single),
        _ => plain(bytes, start),
    }
}

/// Whether a plain scalar may begin with this byte; some that may, with care, are left to yaml-rust2.
pub(super) fn begins_plain(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'-' => !matches!(
            bytes.get(at + 1),
            None | Some(b' ' | b'\t' | b'\n' | b',' | b'[' | b']' | b'{' | b'}')
        ),
        b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
        | b'%' | b'@' | b'`' => false,
        byte => byte > b' ',
    }
}

fn plain(bytes: &[u8], start: usize) -> Option<(Scalar, Ended)> {
    if !begins_plain(bytes, start) {
        return None;
    }
    let (end, ended) = plain_line(bytes, start)?;
    let scalar = Scalar {
        style: TScalarStyle::Plain,
        inside: start,
        end: trimmed(bytes, start, end),
        spelling: Spelling::Verbatim,
    };
    // `key : value` has a blank that is no part of the key.
    (ended != Ended::AsKey || scalar.end == end).then_some((scalar, ended))
}

/// Where a line of plain text stops, and why.
fn plain_line(bytes: &[u8], start: usize) -> Option<(usize, Ended)> {
    let mut at = start;
    let stop = loop {
        let found = memchr3(b'\n', b':', b'#', &bytes[at..]).map_or(bytes.len(), |found| at + found);
        match bytes.get(found) {
            Some(b':') => match bytes.get(found + 1) {
                None | Some(b' ' | b'\n') => break (found, Ended::AsKey),
                _ => at = found + 1,
            },
            Some(b'#') if found > start && bytes[found - 1] == b' ' => break (found, Ended::Before),
            Some(b'#') => at = found + 1,
            _ => break (found, Ended::WithLine),
        }
    };
    has_no_tab(bytes, start, stop.0).then_some(stop)
}

fn has_no_tab(bytes: &[u8], start: usize, end: usize) -> bool {
    memchr::memchr(b'\t', &bytes[start..end]).is_none()
}

/// The end without blanks before it.
fn trimmed(bytes: &[u8], start: usize, end: usize) -> usize {
    let blanks = bytes[start..end].iter().rev().take_while(|byte| **byte == b' ').count();
    end - blanks
}

/// The first line of a quoted scalar, or all of it.
fn quoted(bytes: &[u8], start: usize, quote: Quote) -> Option<(Scalar, Ended)> {
    let inside = start + 1;
    let (end, is_escaped) = quoted_line(bytes, inside, quote)?;
    let style = match quote {
        Quote::Single => TScalarStyle::SingleQuoted,
        Quote::Double => TScalarStyle::DoubleQuoted,
    };
    let is_open = bytes[end] == b'\n';
    let spelling = match (is_open, is_escaped) {
        (true, _) => Spelling::Lines(Some(quote)),
        (false, true) => Spelling::Escaped(quote),
        (false, false) => Spelling::Verbatim,
    };
    let scalar = Scalar {
        style,
        inside,
        end,
        spelling,
    };
    let ended = match (is_open, bytes.get(end + 1), bytes.get(end + 2)) {
        (true, ..) => Ended::WithLine,
        (false, Some(b':'), None | Some(b' ' | b'\n')) => Ended::AsKey,
        _ => Ended::Before,
    };
    Some((scalar, ended))
}

/// Where a line of a quoted scalar stops: at the closing quote or the line feed; and whether something is escaped in it.
fn quoted_line(bytes: &[u8], start: usize, quote: Quote) -> Option<(usize, bool)> {
    let mut at = start;
    let mut is_escaped = false;
    loop {
        let rest = bytes.get(at..)?;
        let found = at
            + match quote {
                Quote::Single => memchr2(b'\'', b'\n', rest)?,
                Quote::Double => memchr3(b'"', b'\\', b'\n', rest)?,
            };
        match (bytes[found], bytes.get(found + 1)) {
            (b'\'', Some(b'\'')) => at = found + 2,
            (b'\\', Some(next)) if unescaped(*next).is_some() => at = found + 2,
            (b'\\', _) => return None,
            _ => return Some((found, is_escaped)),
        }
        is_escaped = true;
    }
}

/// What an escape stands for, of those that are let in: none that could be a letter, a digit or a mark in a name.
fn unescaped(byte: u8) -> Option<char> {
    match byte {
        b'"' => Some('"'),
        b'\\' => Some('\\'),
        b'n' => Some('\n'),
        b'r' => Some('\r'),
        b't' => Some('\t'),
        _ => None,
    }
}

/// A whole scalar in flow style, which must end on its line; and whether it ended at a colon.
pub(super) fn in_flow(bytes: &[u8], start: usize) -> Option<(Scalar, bool)> {
    if matches!(bytes[start], b'"' | b'\'') {
        let (scalar, ended) = on_line(bytes, start)?;
        let is_key = bytes.get(scalar.end + 1) == Some(&b':');
        return (ended != Ended::WithLine).then_some((scalar, is_key));
    }
    if !begins_plain(bytes, start) {
        return None;
    }
    let mut at = start;
    let is_key = loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b':', Some(b' ' | b'\n')) => break true,
            // A dash that begins such a word is refused by yaml-rust2; a colon makes a key of nothing.
            (b':', None) | (b':' | b'-', Some(b',' | b'[' | b']' | b'{' | b'}')) | (b'[' | b'{' | b'\t', _) => {
                return None;
            }
            (b'#', _) if bytes[at - 1] == b' ' => return None,
            (b',' | b']' | b'}' | b'\n', _) => break false,
            _ => at += 1,
        }
    };
    let scalar = Scalar {
        style: TScalarStyle::Plain,
        inside: start,
        end: trimmed(bytes, start, at),
        spelling: Spelling::Verbatim,
    };
    (!is_key || scalar.end == at).then_some((scalar, is_key))
}

/// A plain or quoted scalar that goes on in further lines, deeper than `indent`, or ends with its first.
pub(super) fn further_lines(bytes: &[u8], first: Scalar, indent: usize) -> Option<Scalar> {
    match first.spelling {
        Spelling::Lines(Some(quote)) => further_quoted(bytes, first, quote, indent),
        _ => further_plain(bytes, first, indent),
    }
}

fn further_plain(bytes: &[u8], first: Scalar, indent: usize) -> Option<Scalar> {
    let mut scalar = first;
    loop {
        let Some((line, column)) = next_content(bytes, line_end(bytes, scalar.end)) else {
            return Some(scalar);
        };
        match bytes[line] {
            b'\t' => return None,
            b'#' => return Some(scalar),
            _ if column <= indent => return Some(scalar),
            _ => {}
        }
        let (end, ended) = plain_line(bytes, line)?;
        scalar.end = trimmed(bytes, line, end);
        scalar.spelling = Spelling::Lines(None);
        match ended {
            Ended::AsKey => return None,
            Ended::Before => return Some(scalar),
            Ended::WithLine => {}
        }
    }
}

fn further_quoted(bytes: &[u8], first: Scalar, quote: Quote, indent: usize) -> Option<Scalar> {
    let mut scalar = first;
    let mut line = scalar.inside;
    while bytes[scalar.end] == b'\n' {
        // Where lines are joined, yaml-rust2 has its own mind about tabs.
        has_no_tab(bytes, line, scalar.end).then_some(())?;
        let (next, column) = next_content(bytes, scalar.end)?;
        (column > indent).then_some(())?;
        (scalar.end, _) = quoted_line(bytes, next, quote)?;
        line = next;
    }
    has_no_tab(bytes, line, scalar.end).then_some(scalar)
}

/// The first byte that is no blank in the lines behind this one's end, and its column.
fn next_content(bytes: &[u8], line_end: usize) -> Option<(usize, usize)> {
    let mut at = line_end;
    while bytes.get(at) == Some(&b'\n') {
        let column = spaces(bytes, at + 1);
        at += 1 + column;
        if !matches!(bytes.get(at), None | Some(b'\n')) {
            return Some((at, column));
        }
    }
    None
}

/// A literal or folded scalar, from its indicator on, and where its node begins: at its first content.
pub(super) fn block(bytes: &[u8], start: usize, parent: usize) -> Option<(usize, Scalar)> {
    let style = match bytes[start] {
        b'|' => BlockStyle::Literal,
        _ => BlockStyle::Folded,
    };
    let (chomping, behind) = match bytes.get(start + 1) {
        Some(b'-') => (Chomping::Strip, start + 2),
        Some(b'+') => (Chomping::Keep, start + 2),
        _ => (Chomping::Clip, start + 1),
    };
    let first_line = header_end(bytes, behind)? + 1;
    let (content, indent, longest_blank) = first_content(bytes, first_line)?;
    if bytes[content] == b'\t' {
        return None;
    }
    if indent <= parent {
        return nothing(style, chomping, content, indent);
    }
    (longest_blank <= indent).then_some(())?;
    let end = block_end(bytes, content, indent, style)?;
    // What yaml-rust2 makes of a last line that has no break is its own affair.
    (bytes[end - 1] == b'\n').then_some(())?;
    let spelling = Spelling::Block {
        indent,
        style,
        chomping,
    };
    let scalar = Scalar {
        style: style.into(),
        inside: first_line,
        end,
        spelling,
    };
    Some((content, scalar))
}

/// A block scalar without a line of its own; to yaml-rust2 it begins where the next content does. Charts render many.
fn nothing(style: BlockStyle, chomping: Chomping, next: usize, column: usize) -> Option<(usize, Scalar)> {
    let line = next - column;
    let scalar = Scalar {
        style: style.into(),
        inside: line,
        end: line,
        spelling: Spelling::Verbatim,
    };
    (chomping != Chomping::Keep).then_some((next, scalar))
}

/// The line feed behind a block scalar's header, which holds nothing more but a comment.
fn header_end(bytes: &[u8], at: usize) -> Option<usize> {
    let behind = at + spaces(bytes, at);
    match bytes.get(behind)? {
        b'\n' => Some(behind),
        b'#' if behind > at => memchr::memchr(b'\n', &bytes[behind..]).map(|found| behind + found),
        _ => None,
    }
}

/// The first content behind a block scalar's header, its column, and that of the longest blank line before it.
fn first_content(bytes: &[u8], first_line: usize) -> Option<(usize, usize, usize)> {
    let (mut at, mut longest) = (first_line, 0);
    loop {
        let column = spaces(bytes, at);
        match bytes.get(at + column)? {
            b'\n' => {
                longest = longest.max(column);
                at += column + 1;
            }
            _ => return Some((at + column, column, longest)),
        }
    }
}

/// Behind the last line of a block scalar and its break, blank lines after it included.
fn block_end(bytes: &[u8], content: usize, indent: usize, style: BlockStyle) -> Option<usize> {
    let mut line = content - indent;
    while line < bytes.len() {
        let column = bytes[line..]
            .iter()
            .take(indent)
            .take_while(|byte| **byte == b' ')
            .count();
        match bytes.get(line + column) {
            None => return None,
            Some(b'\n') => {
                line += column + 1;
                continue;
            }
            Some(b'\t') if column < indent => return None,
            _ if column < indent => return Some(line),
            // Lines that stand deeper are not folded.
            Some(b' ' | b'\t') if style == BlockStyle::Folded => return None,
            _ => {}
        }
        line = line_end(bytes, line + column) + 1;
    }
    (line == bytes.len()).then_some(line)
}

/// A scalar's text.
pub(super) fn decoded(inside: &str, spelling: Spelling) -> String {
    match spelling {
        Spelling::Verbatim => inside.to_owned(),
        Spelling::Escaped(quote) => unquoted(inside, quote),
        Spelling::Lines(quote) => joined(inside, quote),
        Spelling::Block {
            indent,
            style,
            chomping,
        } => block_text(inside, indent, style, chomping),
    }
}

fn unquoted(inside: &str, quote: Quote) -> String {
    if quote == Quote::Single {
        return inside.replace("''", "'");
    }
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escaped = rest.as_bytes().get(at + 1).copied();
        text.extend(escaped.and_then(unescaped));
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    text + rest
}

/// Lines joined by blanks; blank lines between them are line breaks.
fn joined(inside: &str, quote: Option<Quote>) -> String {
    let mut text = String::with_capacity(inside.len());
    let push = |text: &mut String, line: &str| match quote {
        Some(quote) => text.push_str(&unquoted(line, quote)),
        None => text.push_str(line),
    };
    let mut lines = inside.split('\n').peekable();
    push(&mut text, lines.next().unwrap_or_default().trim_end_matches(' '));
    let mut breaks = 0;
    while let Some(line) = lines.next() {
        breaks += 1;
        let is_last = lines.peek().is_none();
        let line = line.trim_start_matches(' ');
        // Before the closing quote, blanks count.
        let line = if is_last { line } else { line.trim_end_matches(' ') };
        if line.is_empty() && !is_last {
            continue;
        }
        match breaks {
            1 => text.push(' '),
            _ => text.push_str(&"\n".repeat(breaks - 1)),
        }
        push(&mut text, line);
        breaks = 0;
    }
    text
}

fn block_text(inside: &str, indent: usize, style: BlockStyle, chomping: Chomping) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut breaks = 0;
    for line in inside.strip_suffix('\n').unwrap_or(inside).split('\n') {
        let line = line.get(indent..).unwrap_or_default();
        if !line.is_empty() {
            match (style, breaks) {
                (BlockStyle::Folded, 1) if !text.is_empty() => text.push(' '),
                (BlockStyle::Folded, 2..) if !text.is_empty() => text.push_str(&"\n".repeat(breaks - 1)),
                _ => text.push_str(&"\n".repeat(breaks)),
            }
            text.push_str(line);
            breaks = 0;
        }
        breaks += 1;
    }
    match chomping {
        Chomping::Strip => {}
        Chomping::Clip => text.push('\n'),
        Chomping::Keep => text.push_str(&"\n".repeat(breaks)),
    }
    text
}
