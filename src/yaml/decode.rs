//! The five scalar styles, decoded (YAML 1.2, chapters 7.3 and 8.1).
//!
//! Invariant: a walk's bounds rise in both numbers; between two that are as far apart in the text as in the source, the
//! bytes are the same.
//!
//! Deliberately absent: trust in these rules. Whoever walks compares the text with the parser's.

use yaml_rust2::scanner::TScalarStyle;

use super::source::break_len;

/// What decoding came to.
pub(super) struct Walk {
    /// The text.
    pub(super) text: String,
    /// Where the scalar begins in the source.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Spaces before each of a block scalar's lines.
    pub(super) indent: Option<usize>,
    /// Pairs of an offset in the text and its byte in the source, both rising.
    pub(super) bounds: Vec<(usize, usize)>,
}

impl Walk {
    fn from(start: usize, first: usize) -> Self {
        Self {
            text: String::new(),
            start,
            end: first,
            indent: None,
            bounds: vec![(0, first)],
        }
    }

    fn bound(&mut self, source: usize) {
        let pair = (self.text.len(), source);
        if self.bounds.last() != Some(&pair) {
            self.bounds.push(pair);
        }
    }

    /// Takes the bytes from `at` to `end` as they are.
    fn copy(&mut self, source: &str, at: usize, end: usize) -> Option<()> {
        self.bound(at);
        self.text.push_str(source.get(at..end)?);
        self.bound(end);
        Some(())
    }

    /// Takes what stands at `at` for `decoded`.
    fn decode(&mut self, at: usize, len: usize, decoded: &str) {
        self.bound(at);
        self.text.push_str(decoded);
        self.bound(at + len);
    }

    /// Joins two lines as plain and quoted scalars do; gives the first byte of the next content.
    fn fold(&mut self, source: &str, at: usize) -> Option<usize> {
        let bytes = source.as_bytes();
        let kept = self.text.trim_end_matches([' ', '\t']).len();
        // Blanks before a break are not content; an escaped one is, and then this does not decode, which is safe.
        let dropped = self.text.len() - kept;
        self.text.truncate(kept);
        self.bounds.retain(|(text, _)| *text <= kept);
        self.bound(at - dropped);
        let (mut next, mut breaks) = (at, 0);
        loop {
            match break_len(bytes, next) {
                0 if matches!(bytes.get(next), Some(b' ' | b'\t')) => next += 1,
                0 => break,
                len => (next, breaks) = (next + len, breaks + 1),
            }
        }
        match breaks {
            0 => return None,
            1 => self.text.push(' '),
            _ => self.text.push_str(&"\n".repeat(breaks - 1)),
        }
        self.bound(next);
        Some(next)
    }
}

pub(super) fn plain(source: &str, start: usize, expected: &str) -> Option<Walk> {
    let mut walk = Walk::from(start, start);
    let mut at = start;
    while walk.text.len() < expected.len() {
        let wanted = at + expected.len() - walk.text.len();
        // The line may be very long, so only what can be of the scalar is looked at.
        let window = source.get(at..wanted.min(source.len()))?;
        let end = at + window.find(['\n', '\r']).unwrap_or(window.len());
        walk.copy(source, at, end)?;
        at = end;
        if walk.text.len() < expected.len() || !expected.starts_with(walk.text.as_str()) {
            at = walk.fold(source, end)?;
        }
        if !expected.starts_with(walk.text.as_str()) {
            return None;
        }
    }
    walk.end = at;
    Some(walk)
}

pub(super) fn single_quoted(source: &str, start: usize) -> Option<Walk> {
    let bytes = source.as_bytes();
    (bytes.get(start) == Some(&b'\'')).then_some(())?;
    let mut walk = Walk::from(start, start + 1);
    let mut at = start + 1;
    loop {
        let next = at + source.get(at..)?.find(['\'', '\n', '\r'])?;
        walk.copy(source, at, next)?;
        at = match (bytes[next], bytes.get(next + 1)) {
            (b'\'', Some(b'\'')) => {
                walk.decode(next, 2, "'");
                next + 2
            }
            (b'\'', _) => {
                walk.bound(next);
                walk.end = next + 1;
                return Some(walk);
            }
            _ => walk.fold(source, next)?,
        };
    }
}

pub(super) fn double_quoted(source: &str, start: usize) -> Option<Walk> {
    let bytes = source.as_bytes();
    (bytes.get(start) == Some(&b'"')).then_some(())?;
    let mut walk = Walk::from(start, start + 1);
    let mut at = start + 1;
    loop {
        let next = at + source.get(at..)?.find(['"', '\\', '\n', '\r'])?;
        walk.copy(source, at, next)?;
        at = match bytes[next] {
            b'"' => {
                walk.bound(next);
                walk.end = next + 1;
                return Some(walk);
            }
            b'\\' if break_len(bytes, next + 1) > 0 => {
                let line = next + 1 + break_len(bytes, next + 1);
                let rest = source.get(line..)?;
                let content = source.len() - rest.trim_start_matches([' ', '\t']).len();
                walk.bound(content);
                content
            }
            b'\\' => {
                let (decoded, len) = escape(source.get(next + 1..)?)?;
                walk.decode(next, len + 1, decoded.encode_utf8(&mut [0; 4]));
                next + 1 + len
            }
            _ => walk.fold(source, next)?,
        };
    }
}

/// The character an escape stands for, and its bytes after the backslash (YAML 1.2, 5.7).
fn escape(rest: &str) -> Option<(char, usize)> {
    let hex = |digits: usize| {
        let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
        Some((char::from_u32(code)?, digits + 1))
    };
    let simple = match rest.chars().next()? {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' => ' ',
        '"' => '"',
        '/' => '/',
        '\\' => '\\',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hex(2),
        'u' => return hex(4),
        'U' => return hex(8),
        _ => return None,
    };
    Some((simple, 1))
}

/// A block scalar, whose node begins at its first content that is not blank.
pub(super) fn block(source: &str, line: usize, start: usize, expected: &str, style: TScalarStyle) -> Option<Walk> {
    let indent = start - line;
    if indent == 0 || !source.get(line..start)?.bytes().all(|byte| byte == b' ') {
        return None;
    }
    let leading = expected.len() - expected.trim_start_matches('\n').len();
    let first = lines_back(source, line, leading)?;
    let lines = content_lines(source, first, indent);
    let last = lines.iter().rposition(|content| content.start < content.end)?;
    let folds = |at: usize| style == TScalarStyle::Folded && !is_more_indented(source, lines[at]);
    let mut walk = Walk::from(first, lines[0].start);
    let mut at = 0;
    while at <= last {
        let content = lines[at];
        walk.copy(source, content.start, content.end)?;
        let next = (at + 1..=last).find(|next| lines[*next].start < lines[*next].end || style == TScalarStyle::Literal);
        let Some(next) = next else { break };
        let is_first_text = content.start == content.end;
        let breaks = next - at - usize::from(folds(at) && folds(next) && !is_first_text);
        match breaks {
            0 => walk.text.push(' '),
            _ => walk.text.push_str(&"\n".repeat(breaks)),
        }
        walk.bound(lines[next].start);
        at = next;
    }
    let final_breaks = expected.len().checked_sub(walk.text.len())?;
    walk.end = lines[last].end;
    for line in lines.iter().skip(last).take(final_breaks) {
        walk.text.push('\n');
        walk.bound(line.next);
    }
    // The parser gives a text that ends with the document a final break of its own.
    walk.text
        .push_str(&"\n".repeat((last + final_breaks).saturating_sub(lines.len())));
    if final_breaks > 1 {
        walk.end = walk.bounds.last().map_or(walk.end, |(_, source)| *source);
    }
    walk.indent = Some(indent);
    Some(walk)
}

/// One line of a block scalar: its content without indentation, and where the next line begins.
#[derive(Clone, Copy)]
struct Content {
    start: usize,
    end: usize,
    next: usize,
}

fn content_lines(source: &str, first: usize, indent: usize) -> Vec<Content> {
    let bytes = source.as_bytes();
    let mut lines = Vec::new();
    let mut at = first;
    while at < bytes.len() {
        let end = at + memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at);
        let spaces = bytes[at..end].iter().take_while(|byte| **byte == b' ').count();
        if spaces < indent && at + spaces < end {
            break;
        }
        let next = end + break_len(bytes, end);
        let start = (at + indent).min(end);
        lines.push(Content { start, end, next });
        at = next;
    }
    lines
}

fn is_more_indented(source: &str, line: Content) -> bool {
    matches!(source.as_bytes().get(line.start), Some(b' ' | b'\t')) && line.start < line.end
}

/// The start of the line `count` lines above the one at `line`, if those between are blank.
fn lines_back(source: &str, line: usize, count: usize) -> Option<usize> {
    let mut at = line;
    for _ in 0..count {
        let above = source.get(..at)?;
        let above = above
            .strip_suffix("\r\n")
            .or_else(|| above.strip_suffix(['\n', '\r']))?;
        let start = above.rfind(['\n', '\r']).map_or(0, |found| found + 1);
        above.get(start..)?.bytes().all(|byte| byte == b' ').then_some(())?;
        at = start;
    }
    Some(at)
}
